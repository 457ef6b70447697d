"""Which documents there are of a case, each imported only when it is asked for."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Final

from ledger.events import AppealDecided, CaseEvent, RectificationRequested, ResultIssued
from ledger.language import Language
from ledger.values import ItemId

if TYPE_CHECKING:
    # A list of names must not import what makes them.
    from documents.page import Document
    from documents.source import Source

KINDS: Final = {
    "score-table": "documents.score_table:score_table",
    "composite": "documents.composite:composite",
    "project-form": "documents.project_form:project_form",
    "register": "documents.annual_register:register",
    "result-letter": "documents.result_letter:result_letter",
    "rectification": "documents.rectification_notice:rectification",
    "appeal-answer": "documents.appeal_answer:appeal_answer",
}
_SENT: Final = (
    ("issue-result", ResultIssued, "result-letter"),
    ("request-rectification", RectificationRequested, "rectification"),
    ("decide-appeal", AppealDecided, "appeal-answer"),
)
"""Which command records which event, and the letter that goes out with it."""
LETTERS: Final = {command: letter for command, _, letter in _SENT}
"""Which letter goes out with a command."""
_OF_EVENTS: Final[dict[type[CaseEvent], str]] = {event: letter for _, event, letter in _SENT}
OF_LAST_YEAR: Final = frozenset({"score-table", "result-letter"})
"""Documents that state the year before next to the year, where the unit had a case then."""
ABOUT_ONE: Final = {"rectification": "request", "appeal-answer": "appeal"}
"""Letters about one request, or one appeal, each with the field of its command that names it."""


def letters_due(events: Iterable[CaseEvent]) -> Iterator[tuple[str, ItemId | None]]:
    """The letters that events of a case call for, each once, with the appeal that it answers."""
    due: dict[tuple[str, ItemId | None], None] = {}
    for event in events:
        if kind := _OF_EVENTS.get(type(event)):
            due[kind, event.appeal if isinstance(event, AppealDecided) else None] = None
    yield from due


def document_of(
    kind: str, source: "Source", language: Language, about: ItemId | None = None
) -> "Document":
    """A document of a case.

    Args:
        kind: one of `KINDS`.
        source: the point that it is made from.
        language: of its words.
        about: which appeal is answered, or which request is made, where there are several.
    """
    from documents.practice import marked  # noqa: PLC0415 - a list of names must not import it

    module, function = KINDS[kind].split(":")
    make = getattr(import_module(module), function)
    asked = (about,) if kind in ABOUT_ONE else ()
    document: Document = make(source, language, *asked)
    return marked(document, practice=source.point.practice)
