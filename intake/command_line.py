"""A command of a batch in a line, for people who look over what they hand in."""

from typing import Any, Final, NamedTuple

from msgspec import to_builtins

from intake.written_command import LocatedCommand
from ledger.language import Text

SUBJECTS: Final = (
    *("indicator", "item", "finding", "recommendation", "objection", "appeal", "request"),
    *("account", "document", "rubric"),
)
SCORES: Final = ("score", "award", "points", "printed_total", "requested")
WORDS: Final = ("justification", "reason", "statement", "demand", "ground", "note", "title")


class CommandLine(NamedTuple):
    """A command in a line.

    Attributes:
        place: where it was written.
        do: which command it is.
        subject: id of what it is about; may be empty.
        value: the score or the value that it states; may be empty.
        words: the reason that it gives; may be empty.
    """

    place: Text
    do: str
    subject: str
    value: str
    words: str

    @property
    def place_in_form(self) -> Text:
        """The sheet and the row of a form, without the file."""
        zh, en = self.place
        return Text(zh.rpartition("工作表")[2].strip(), en.partition(",")[2].strip())


def line_of(command: LocatedCommand) -> CommandLine:
    """A command in a line."""
    fields: dict[str, Any] = to_builtins(command.envelope.command)
    return CommandLine(
        command.place,
        str(fields["do"]),
        _subject(fields),
        _first(fields, SCORES) or _value(fields),
        _first(fields, WORDS),
    )


def _first(fields: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(fields[key]) for key in keys if fields.get(key)), "")


def _subject(fields: dict[str, Any]) -> str:
    figure, evidence = fields.get("figure"), fields.get("evidence")
    if isinstance(figure, dict):
        return str(figure["id"])
    if isinstance(evidence, dict):
        return str(evidence["title"])
    return _first(fields, SUBJECTS) or (str(figure) if figure else "")


def _value(fields: dict[str, Any]) -> str:
    figure = fields.get("figure")
    if not isinstance(figure, dict):
        return ""
    value, unit = figure.get("value"), figure.get("unit") or ""
    return "" if value is None else f"{value}{unit}"
