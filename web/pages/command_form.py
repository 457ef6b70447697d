"""The form of a command (填写页): its fields as a page has them, and what was filled in.

Which fields a command asks for is read from the command itself (`intake/command_fields.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from starlette.datastructures import FormData

from intake.command_fields import PAIRS, CommandField, asked, title_of, without_number, words
from ledger.case import Case
from ledger.commands import NewAward
from ledger.language import Text
from ledger.terms import BUSINESS_DATE, CASE_ID
from projections.as_of import CaseAsOf
from web.desk import Desk
from web.pages import choices
from web.pages.choices import Choices

LONG: Final = {
    "justification",
    "ground",
    "reason",
    "statement",
    "demand",
    "note",
    "difference",
    "transcriber_note",
    "answer",
}
"""What takes a sentence or more."""

BESIDE: Final = ("cites", "transcriber_note", "undocumented")
"""Where a command is printed, and what a transcriber adds: asked last, and folded away."""

SEVERAL: Final = {"several", "ticks"}
"""The shapes of what may be several."""


class Field(NamedTuple):
    """A field of the page.

    Attributes:
        shape: how it is filled in: `text`, `long`, `number`, `date`, `yes`, `file`, `choice`,
            `several` (one line each), `ticks` (any of the choices), `pairs` (a value of each).
        value: its content; a list where there may be several.
        choices: value and words of each.
        problem: what is wrong with it.
    """

    name: str
    title: Text
    words: Text
    shape: str
    required: bool
    value: str | list[str]
    choices: Choices
    problem: Text | None


def fields_of(
    desk: Desk, do: str, point: CaseAsOf | None, given: FormData, wrong: Mapping[str, Text]
) -> list[Field]:
    """The fields of a command, filled in as far as somebody has, with what is wrong at each."""
    made = [_field(desk, do, each, point, given, wrong) for each in asked_of_people(do)]
    if do == "open-case":
        made.insert(0, _own("case", CASE_ID, "text", given, wrong))
    dated = given if given.get("dated") else FormData({"dated": desk.today.isoformat()})
    return [*made, _own("dated", BUSINESS_DATE, "date", dated, wrong)]


def asked_of_people(do: str) -> Iterator[CommandField]:
    """What a command asks for, without what the program makes itself."""
    return (field for field in asked(do) if (do, field.name) != ("issue-dossier", "enclosures"))


def _own(name: str, title: Text, shape: str, given: FormData, wrong: Mapping[str, Text]) -> Field:
    """A field that accompanies every command."""
    value = str(given.get(name) or "")
    return Field(name, title, title, shape, name == "case", value, [], wrong.get(name))


def _field(  # noqa: PLR0913, PLR0917 - what a field is made of
    desk: Desk,
    do: str,
    field: CommandField,
    point: CaseAsOf | None,
    given: FormData,
    wrong: Mapping[str, Text],
) -> Field:
    shape, listed = _shape(desk, do, field, point)
    case = point.case if point else Case()
    value: str | list[str] = str(given.get(field.name) or "")
    if shape == "pairs":
        value = [str(given.get(f"{field.name}:{row}") or "") for row, _ in listed]
    elif shape in SEVERAL:
        value = [line for each in given.getlist(field.name) for line in str(each).splitlines()]
    elif field.name not in given:
        value = choices.proposed(do, field.name, case, desk.account)
    if shape == "choice" and value and value not in dict(listed):
        listed = [*listed, (str(value), Text(str(value), str(value)))]
    return Field(
        field.name,
        title_of(do, field.name),
        Text("", "") if listed else without_number(words(do, field.name)),
        shape,
        field.required,
        value,
        listed,
        wrong.get(field.name),
    )


def _shape(desk: Desk, do: str, field: CommandField, point: CaseAsOf | None) -> tuple[str, Choices]:
    listed: Choices | None = None
    if field.choices:
        listed = choices.closed(do, field)
    elif field.kind is not Path:
        if point:
            listed = choices.in_the_case(do, field.name, point.case, point.rubric)
        if listed is None:
            listed = choices.outside_cases(do, field.name, desk)
    if listed and field.kind is NewAward:
        return "pairs", listed
    if listed is not None and field.kind not in PAIRS:
        return ("ticks" if field.many else "choice"), listed
    if field.many:
        return "several", []
    if field.name in LONG:
        return "long", []
    shapes = {Path: "file", bool: "yes", date: "date", Decimal: "number", int: "number"}
    return shapes.get(field.kind, "text"), []


def filled(do: str, given: FormData) -> Iterator[tuple[str, Any]]:
    """What was filled in, by the field; neither files nor what was left empty."""
    for field in asked_of_people(do):
        values = [value for value in given.getlist(field.name) if isinstance(value, str)]
        text = (values[-1] if values else "").replace("\r\n", "\n").strip()
        if field.many:
            if several := [*_several(values), *_pairs(field.name, given)]:
                yield field.name, several
        elif text:
            whole = field.kind is int and text.isascii() and text.isdigit()
            yield field.name, True if field.kind is bool else int(text[:20]) if whole else text


def missing(do: str, given: FormData) -> Iterator[str]:
    """The fields that a command cannot do without and that were left empty."""
    there = {name for name, _ in filled(do, given)}
    for field in asked_of_people(do):
        uploaded = getattr(given.get(field.name), "filename", "")
        if field.required and field.name not in there and not uploaded:
            yield field.name
    if do == "open-case" and not given.get("case"):
        yield "case"


def _pairs(name: str, given: FormData) -> Iterator[str]:
    """What was filled in for single rows, as it is written in a line."""
    for key, value in given.multi_items():
        of, _, row = key.partition(":")
        if of == name and row and isinstance(value, str) and value.strip():
            yield f"{row}={value.strip()}"


def _several(values: Sequence[object]) -> Iterator[str]:
    for value in values:
        yield from (line.strip() for line in str(value).splitlines() if line.strip())
