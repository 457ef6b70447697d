"""Wording (措辞): templates whose sentences are chosen as they are compiled, once a language.

A template says each sentence in both languages, `t('中文', 'English')`, and calls nothing when it
is shown: it holds the words of the language that it was compiled for.
"""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

from ledger import terms
from ledger.language import Language

FOLDER: Final = Path(__file__).parent / "templates"


class _Chosen(NodeTransformer):
    """Takes the wording of one language out of each place that has both."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - as the library names it
        """Leave `t` and `say` out, and name the terms."""
        self.generic_visit(node)
        match node:
            case nodes.Call(node=nodes.Name(name="t"), args=[zh, en]):
                return zh if self._language == "zh" else en
            case nodes.Call(node=nodes.Name(name="say"), args=[said]):
                return self._word(said) or nodes.Getattr(said, self._language, "load")
        return node

    def _word(self, said: nodes.Expr) -> nodes.Node | None:
        match said:
            case nodes.Getattr(node=nodes.Name(name="terms"), attr=name):
                return nodes.Const(getattr(getattr(terms, name), self._language))
        return None


class _Wording(CodeGenerator):
    """Compiles a template for the language of its environment."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - the same
        """Compile what is left of it when the language is chosen."""
        assert isinstance(self.environment, Templates)  # noqa: S101 - its own environment
        chosen = _Chosen(self.environment.language)
        super().visit_Template(chosen.visit(node), frame)


class Templates(Environment):
    """The templates of the pages in one language."""

    code_generator_class = _Wording
    language: Language


def templates_in(language: Language) -> Templates:
    """The templates of the pages in one language; strict, and what they are given is escaped."""
    made = Templates(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.language = language
    return made
