"""Which documents there are of a case, each imported only when it is asked for."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from ledger.language import Language
from ledger.values import ItemId

if TYPE_CHECKING:
    # A list of names must not import what makes them.
    from documents.page import Document
    from documents.source import Source

KINDS: Final = {
    "score-table": "documents.score_table:score_table",
    "composite": "documents.composite:composite",
    "appeal-answer": "documents.appeal_answer:appeal_answer",
    "rectification": "documents.rectification_notice:rectification",
    "register": "documents.annual_register:register",
}


def document_of(
    kind: str, source: "Source", language: Language, appeal: ItemId | None = None
) -> "Document":
    """A document of a case.

    Args:
        kind: one of `KINDS`.
        source: the point that it is made from.
        language: of its words.
        appeal: which one is answered, where there are several.
    """
    module, function = KINDS[kind].split(":")
    make = getattr(import_module(module), function)
    asked = (appeal,) if kind == "appeal-answer" else ()
    document: Document = make(source, language, *asked)
    return document
