"""Two languages in place: nothing said in one only, and each with its own punctuation."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.support.source import nodes

ROOT: Final = Path(__file__).parents[1]
CODE: Final = ("ledger", "projections", "documents", "intake", "application", "cli", "migrations")
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
WORD: Final = re.compile(r"[A-Za-z]{2}|[\u4e00-\u9fff]")
VALUE: Final = "\ufffc"
"""Stands in a text for what an f-string puts there."""

# Half-width signs that touch Chinese: a bracket with a blank before it belongs to English.
MISFITS: Final = re.compile(
    r"[\u4e00-\u9fff」》）][,;:?!(]|[,;?!)][\u4e00-\u9fff「《]|[^\s(\[{/4]\((?=[\u4e00-\u9fff“])"
    r"|[^\d]\)[，。；：、]|[，。；：、]\("
)
QUOTED: Final = re.compile(r"`[^`]*`|\]\([^)]*\)")
"""What a document quotes to be typed or links to."""
NOT_OURS: Final = {"SHA-256", "JSON", "--dry-run", "--letter"}
"""Names that are the same in both languages."""
OWN: Final = {"rubric_words.py", "formatting.py"}
"""Build their Chinese and their English in parts, too."""
PATTERNS: Final = {"compile", "sub", "match", "split"}
PATTERN: Final = re.compile(r"\(\?[:=!<P]|\|[^|]*\|")
"""What a part of a pattern has that is compiled with others, and no words for people have."""
SHOWN: Final = {
    "echo",
    "secho",
    "TableColumn",
    "PageColumn",
    "SheetColumn",
    "ClickException",
    "UsageError",
    "BadParameter",
    "Option",
}
EDGES: Final = {"projections", "documents", "intake", "application", "cli"}
SHOWN_AS: Final = {"help", "epilog", "short_help", "title"}


class Said(NamedTuple):
    """A text of the code: where it stands and what it says."""

    place: str
    text: str


def files() -> Iterator[tuple[Path, tuple[ast.AST, ...]]]:
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), nodes(path)


def text_of(node: ast.expr) -> str | None:
    """What a literal says; `None` where it is something else."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(text_of(part) or VALUE for part in parts)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            ends = (text_of(left), text_of(right))
            return None if ends == (None, None) else "".join(end or VALUE for end in ends)
    return None


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


@cache
def takers() -> dict[str, int]:
    """What takes a Chinese and an English wording, and which of its arguments is the Chinese."""
    found = {"say": 0}
    inherits: list[tuple[str, str]] = []
    for _, parts in files():
        for node in parts:
            for name, names in _signatures(node):
                if "zh" in names and names[names.index("zh") + 1 :][:1] == ["en"]:
                    found[name] = names.index("zh")
            if isinstance(node, ast.ClassDef) and not any(
                isinstance(one, ast.FunctionDef) and one.name == "__init__" for one in node.body
            ):
                inherits += [(node.name, getattr(base, "id", "")) for base in node.bases]
    while new := {name: found[base] for name, base in inherits if base in found} | found:
        if new == found:
            return found
        found = new
    return found


def _signatures(node: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """What a function or class is called by, and its arguments by position."""
    match node:
        case ast.FunctionDef(name=name, args=args):
            yield name, [one.arg for one in args.args if one.arg not in {"self", "cls"}]
        case ast.ClassDef(name=name, body=body):
            fields = [one.target for one in body if isinstance(one, ast.AnnAssign)]
            yield name, [one.id for one in fields if isinstance(one, ast.Name)]
            for one in body:
                if isinstance(one, ast.FunctionDef) and one.name == "__init__":
                    yield name, [each.arg for each in one.args.args[1:]]


@cache
def pairs() -> tuple[tuple[Said, Said], ...]:
    """Every Chinese wording with the English beside it."""
    return (*_pairs(),)


def _pairs() -> Iterator[tuple[Said, Said]]:
    known = takers()
    for path, parts in files():
        for node in parts:
            if isinstance(node, ast.Call) and (name := name_of(node)) in known:
                said = [text_of(one) for one in node.args[known[name] :][:2]]
                if len(said) > 1 and said[0] is not None and said[1] is not None:
                    place = f"{path}:{node.lineno}"
                    yield Said(place, said[0]), Said(place, said[1])


@cache
def texts() -> tuple[Said, ...]:
    """Every text of the code that holds Chinese and is no pattern; comments are for readers."""
    return (*_texts(),)


def _texts() -> Iterator[Said]:
    for path, parts in files():
        inside = {
            id(part)
            for node in parts
            if isinstance(node, ast.JoinedStr | ast.BinOp)
            or (isinstance(node, ast.Call) and name_of(node) in PATTERNS)
            for part in ast.walk(node)
            if part is not node
        }
        for node in parts:
            if isinstance(node, ast.expr) and id(node) not in inside:
                text = text_of(node)
                if text and HAN.search(text) and not _english(text) and not PATTERN.search(text):
                    yield Said(f"{path}:{node.lineno}", text)


def _english(text: str) -> bool:
    """Whether it is English that names Chinese things, as docstrings do."""
    return len(re.findall(r"[A-Za-z]+", text)) > len(HAN.findall(text))


def lines() -> Iterator[Said]:
    """What the documents say."""
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]):
        for number, line in enumerate(path.read_text().split("\n"), 1):
            yield Said(f"{path.relative_to(ROOT)}:{number}", QUOTED.sub(VALUE, line))


def shown_in_one_language() -> Iterator[Said]:
    """Words that reach a person outside any pair of wordings."""
    known = takers()
    for path, parts in files():
        for node in parts if path.parts[0] in EDGES else ():
            if isinstance(node, ast.Call):
                given = [one.value for one in node.keywords if one.arg in SHOWN_AS]
                given += node.args if name_of(node) in SHOWN else []
                for part in given:
                    for text in _outside(part, known):
                        yield Said(f"{path}:{part.lineno}", text)


def _outside(node: ast.AST, known: dict[str, int]) -> Iterator[str]:
    """The words of an argument that are in no call: a call has its own say about its words."""
    if isinstance(node, ast.Call | ast.Subscript | ast.Compare):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORD.search(node.value):
        yield from {node.value} - NOT_OURS
    for inside in ast.iter_child_nodes(node):
        yield from _outside(inside, known)


def test_the_reader_of_the_code_finds_what_is_said() -> None:
    """A reader that finds nothing would let everything pass."""
    assert len(pairs()) > 1000
    assert {"t", "Text", "Invalid", "CommandRefused", "Lazy", "say"} <= takers().keys()
    assert len(texts()) > 1000


def test_every_chinese_wording_is_chinese_and_every_english_one_is_english() -> None:
    for zh, en in pairs():
        words = WORD.search(en.text.replace(VALUE, "")) and en.text not in NOT_OURS
        assert HAN.search(zh.text) or "”" in zh.text or not words, (
            f"{zh.place}: no Chinese in {zh.text!r}"
        )
        assert not HAN.search(en.text), f"{en.place}: Chinese in {en.text!r}"


def test_english_quotes_what_was_typed_or_read_with_one_sign() -> None:
    for _, en in pairs():
        assert not {*en.text} & {*"“”"}, f"{en.place}: write 'x' in {en.text!r}"


def test_nothing_is_shown_in_one_language_only() -> None:
    assert not list(shown_in_one_language())


@pytest.mark.parametrize("read", [texts, lines], ids=["code", "documents"])
def test_chinese_has_its_own_punctuation(read: Callable[[], Iterable[Said]]) -> None:
    found = [one for one in read() if MISFITS.search(one.text)]
    assert not found, "\n".join(f"{one.place}: {one.text.strip()[:120]}" for one in found)


def test_documents_and_commands_write_no_chinese_sign_for_both_languages() -> None:
    """`f"{text}（{remark}）"` is Chinese also where it holds no Chinese."""
    known = takers()
    for path, parts in files():
        chinese = {
            id(inside)
            for node in parts
            if isinstance(node, ast.Call) and name_of(node) in known
            for first in node.args[known[name_of(node)] :][:1]
            for inside in ast.walk(first)
        }
        # The ledger builds its Chinese and its English in parts, each in lines of their own.
        for node in parts if path.parts[0] != "ledger" else ():
            if isinstance(node, ast.JoinedStr) and id(node) not in chinese and path.name not in OWN:
                text = text_of(node) or ""
                signs = re.search(r"[，。；：？！（）、]", text)
                assert HAN.search(text) or not signs, f"{path}:{node.lineno}: {text!r}"


def test_english_has_its_own_punctuation() -> None:
    for _, en in pairs():
        assert not re.search(r"[，。；：？！（）]", en.text), f"{en.place}: {en.text!r}"
