"""What every command is asked, and what may accompany any of them.

Its texts show something: what nobody can see justifies nothing. It may be accompanied by where it
is printed, a transcriber's note, or that nothing is printed. The fields are the same for all events
and commands, so `decide` handles them here, once.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ledger import refusals
from ledger.case import Case
from ledger.commands import Command
from ledger.events import Event
from ledger.rule_editions import RuleEdition, holds
from ledger.values import Citation, DocumentId
from ledger.visible import shows_something

C = TypeVar("C", bound=Command)
E = TypeVar("E", bound=Event)

FIELDS: Final = ("cites", "transcriber_note", "undocumented")
SINCE: Final[RuleEdition] = 3
"""The edition of the rules whose programs knew the fields."""


def marks_of(source: Command | Event) -> dict[str, Any]:
    """Those of the fields that have a value, by name."""
    return {name: value for name in FIELDS if (value := getattr(source, name, None))}


def marked(command: Command, events: Iterable[E]) -> list[E]:
    """The events of a command, with what its author says of where it comes from."""
    marks = marks_of(command)
    return [replace(event, **marks) for event in events] if marks else list(events)


def event_of(kind: type[E], command: Command, **found: Any) -> E:  # noqa: ANN401 - any fields
    """The event that a command leads to: what is called the same in both is the same.

    Args:
        kind: which event.
        command: what its author has asked for.
        found: the other fields, and those that are not as they were asked for.
    """
    return kind(**_same(kind.__struct_fields__, command) | found)


def command_of(kind: type[C], event: Event, **found: Any) -> C:  # noqa: ANN401 - the same
    """The command that an event came from, likewise, with what accompanied it."""
    return kind(**_same(kind.__struct_fields__, event) | marks_of(event) | found)


def _same(names: tuple[str, ...], source: Command | Event) -> dict[str, Any]:
    return {name: getattr(source, name) for name in _in_both(names, source.__struct_fields__)}


@cache
def _in_both(names: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """The names that are in both, without those that accompany any command."""
    return [name for name in names if name in others and name not in FIELDS]


def must_be_known(command: Command, rules: RuleEdition) -> None:
    """Refuse the fields under rules whose programs did not know them.

    Raises:
        CommandRefused: an entry that names an older edition has one of them (`not-known-then`).
    """
    if rules < SINCE and (marks := marks_of(command)):
        raise refusals.not_known_then(list(marks), rules, SINCE)


def must_be_printed(command: Command, case: Case) -> None:
    """Allow places in registered documents only.

    Raises:
        CommandRefused: a document that nobody registered (`unknown-document`), or a place that
            begins with none of its parts (`unknown-place`).
    """
    cited: Sequence[Citation] = getattr(command, "cites", ()) or ()
    for citation in cited:
        must_be_registered(citation.document, case)
        parts = case.documents[citation.document].parts
        if not _is_within(citation.place, parts):
            raise refusals.unknown_place(citation.document, citation.place, parts)


def must_be_registered(document: DocumentId | None, case: Case) -> None:
    """Allow a registered document, or none."""
    if document is not None and document not in case.documents:
        raise refusals.unknown_document(document, case.documents)


def _is_within(place: str, parts: Sequence[str]) -> bool:
    """Whether a place begins with a part: 附件1 第 1 行 is in 附件1, and 附件11 is not."""
    return any(
        not (part[-1:].isdigit() and place[len(part) :][:1].isdigit())
        for part in filter(place.startswith, parts)
    )


def must_show(command: Command, rules: RuleEdition) -> None:
    """Allow texts that are empty or show something.

    Args:
        command: with texts at any depth.
        rules: the edition of the rules to decide by.

    Raises:
        CommandRefused: a text consists of characters that show nothing (`nothing-visible`).
    """
    if holds("nothing-visible", rules):
        _each_must_show(command, "")


def _each_must_show(value: object, field: str) -> None:
    """Look at every text of a value, which is in a field of that name."""
    if isinstance(value, str):
        if not shows_something(value) and value.strip():
            raise refusals.nothing_visible(field)
    elif isinstance(value, tuple):
        for each in value:
            _each_must_show(each, field)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            if each := getattr(value, name):  # what is empty or left out has no text
                _each_must_show(each, name)
