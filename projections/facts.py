"""What an event says (记录内容): each of its fields, with what it replaces, in words for people.

Log, explanation, bridge, replay and documents ask here. The fields of an event are data: a new one
is shown as soon as it exists, under the name that `terms.FIELDS` has for it. What people are not
shown, though programs are, is listed with its reason.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, Final, NamedTuple, get_args

import msgspec
from msgspec import UNSET, Struct

from ledger import events as e
from ledger import terms
from ledger.language import Language, Text, in_language, speaker
from ledger.moves import Changes, ItemState
from ledger.rubric import Rubric
from ledger.subjects import SubjectKind
from ledger.values import Figure, Sense
from projections import formatting
from projections.as_of import CaseAsOf

REMARKS: Final = frozenset({"evidence", "cites", "transcriber_note", "undocumented"})
"""Fields that every view has in a place of its own: files, citations and the transcriber's word."""

NOT_FOR_PEOPLE: Final[Mapping[str, str]] = {
    "figure.kind": "how the value is written says it",
    "figure.indicator": "the indicator is the row that the entry is about",
    "indicator": "the indicator is the row that the entry is about",
    "evidence.sha256": "a digest is compared by a program; `evidence list` and JSON have it",
    "evidence.media_type": "the title says what the file is; `evidence list` and JSON have it",
    "evidence.size": "a size is compared by a program; `evidence list` and JSON have it",
    "enclosures.sha256": "a digest is compared by a program; `dossier verify` does, JSON has it",
    "streams.leaf": "a hash is compared by a program; `dossier verify` does, JSON has it",
    "sha256": "a digest is compared by a program; JSON has it",
    "leaf": "a hash is compared by a program; JSON has it",
    "public": "a key is compared by a program; `account key list` and JSON have it",
    "source": "the text of a rubric is a file; `rubric show` and JSON have it",
    "part": "a rubric is one text to people, however it is stored; JSON has it",
    "parts": "a rubric is one text to people, however it is stored; JSON has it",
    "previous_sha256": "a digest is compared by a program; JSON has it",
}
"""Fields that views for people leave out, and why. Programs are given every field."""


class Quantity(Struct, frozen=True, gc=False):
    """A value with its unit.

    Attributes:
        value: `None` where it is missing.
        unit: of measure; empty where it has none.
        sense: for a target, which side of it is better.
    """

    value: formatting.Value | None
    unit: str = ""
    sense: Sense | None = None


FactValue = str | int | Decimal | date | bool | Quantity | tuple[Any, ...]


class Fact(Struct, frozen=True, kw_only=True, gc=False):
    """One thing that an event says.

    Attributes:
        field: where the archive holds it, such as `award` or `figure.value`.
        before: what it replaces; `None` where it replaces nothing or the same.
        value: what is so from now on; `None` where nothing takes its place.
    """

    field: str
    before: FactValue | None = None
    value: FactValue | None = None


Facts = tuple[Fact, ...]


# From an event to its facts ----------------------------------------------------------------------

_BEFORE: Final = {"award": "before", "edition": "previous_edition", "sha256": "previous_sha256"}
"""Fields with another one next to them that states what they replace."""


class _Field(NamedTuple):
    """A field of an event.

    Attributes:
        path: where the archive holds it.
        inside: the fields of what it holds, where that is a part of the entry or several.
        before: the field next to it that states what it replaces.
    """

    name: str
    path: str
    inside: "tuple[_Field, ...]"
    before: str | None


@cache
def _fields(kind: type[Struct], above: str = "") -> tuple[_Field, ...]:
    """The fields of an event or of a part of one, in the order in which they are defined."""
    found = msgspec.structs.fields(kind)
    names = {field.name for field in found}
    beside = {own: other for own, other in _BEFORE.items() if {own, other} <= names}
    return tuple(
        _Field(
            field.name,
            above + field.name,
            _fields(part, f"{field.name}.") if part else (),
            beside.get(field.name),
        )
        for field in found
        for part in (part_of(field.type),)
        if field.name not in beside.values()
    )


@cache
def _said_by(kind: type[Struct]) -> tuple[_Field, ...]:
    """The fields of an event but `REMARKS`."""
    return tuple(field for field in _fields(kind) if field.inside or field.name not in REMARKS)


def part_of(annotation: object) -> type[Struct] | None:
    """The part of an entry that a field holds, or holds several of; `None` for a plain value."""
    kinds = (annotation, *get_args(annotation))
    return next(
        (part for part in kinds if isinstance(part, type) and issubclass(part, Struct)), None
    )


def facts_of(event: e.Event, changes: Changes | None = None, row: str | None = None) -> Facts:
    """What an event says, apart from `REMARKS`.

    Args:
        event: of any stream.
        changes: what it changed, which knows the state before.
        row: the indicator that is asked about: what an event says of others is left out.
    """
    found: list[Fact] = []
    replaced = _replaced(event, changes) if changes else {}
    for field in _said_by(type(event)):
        name = field.name
        value = getattr(event, name)
        if not value and _empty(value):
            continue
        if isinstance(value, Figure):
            found += _figure(field, value, figure_before(event, changes))
        elif not field.inside:
            before = getattr(event, field.before) if field.before else replaced.get(name)
            found.append(_fact(name, before, value))
        else:
            parts = value if isinstance(value, tuple) else (value,)
            for part in parts:
                if row is None or getattr(part, "indicator", row) == row:
                    found += _inside(field, part)
    return tuple(found)


def _inside(field: _Field, part: Struct) -> Iterator[Fact]:
    """The facts in a part of an entry."""
    for inner in field.inside:
        value = getattr(part, inner.name)
        if value or not _empty(value):
            before = getattr(part, inner.before) if inner.before else None
            yield _fact(inner.path, before, value)


def _fact(name: str, before: Any, value: Any) -> Fact:  # noqa: ANN401 - what a field holds
    return Fact(field=name, before=None if before == value else before, value=value)


def _empty(value: object) -> bool:
    return not value and (value is None or value is UNSET or value is False or value in ("", ()))


def figure_before(event: e.Event, changes: Changes | None) -> Figure | None:
    """The figure that was in force before an event that states one; else `None`."""
    figure = getattr(event, "figure", None)
    if changes is None or not isinstance(figure, Figure):
        return None
    change = changes.figures.get(figure.id)
    if change is None:  # stated again as it was
        return figure
    submitted, restated = change.before
    return (restated if isinstance(event, e.FigureRestated) else None) or submitted


def _figure(field: _Field, figure: Figure, before: Figure | None) -> Iterator[Fact]:
    """The facts about a figure; its value and its target are written with its unit."""
    for inner in field.inside:
        name = inner.name
        if name == "value":
            was = Quantity(formatting.figure_value(before), before.unit) if before else None
            yield _fact(inner.path, was, Quantity(formatting.figure_value(figure), figure.unit))
        elif name == "target":
            goal, old = _target(figure), _target(before)
            if goal or old:
                yield _fact(inner.path, old, goal)
        elif name != "unit" and ((value := getattr(figure, name)) or not _empty(value)):
            old_value = getattr(before, name, None)
            yield _fact(inner.path, None if _empty(old_value) else old_value, value)


def _target(figure: Figure | None) -> Quantity | None:
    if figure is None or figure.target is None:
        return None
    number = figure.target.number
    return Quantity(
        figure.target.value if number is None else number,
        "" if number is None else figure.unit,
        figure.target.sense,
    )


def _replaced(event: e.Event, changes: Changes) -> dict[str, FactValue | None]:
    """By field, the previous value where the event itself does not state it."""
    if row := changes.indicators.get(getattr(event, "indicator", "")):
        claim, restated = row.before.claim, row.before.restated
        printed = isinstance(event, e.ClaimRestated) and restated is not None
        return {"score": restated if printed else claim, "award": row.before.score}
    if item := changes.items.get(getattr(event, "item", "")):
        return {"points": points_of(item.before, event)}
    if request := changes.requests.get(getattr(event, "request", "")):
        return {"due": request.before.due if request.before else None}
    return {}


def points_of(item: ItemState, event: e.Event) -> Decimal | None:
    """What an item counts, as far as an event states it: claimed, recognised or taken away."""
    if item.penalty is not None or isinstance(event, e.PenaltyRecorded):
        return item.penalty
    recognised = None if isinstance(event, e.BonusClaimed) else item.recognised
    return item.claimed if recognised is None else recognised


# From facts to words -----------------------------------------------------------------------------


class Names(NamedTuple):
    """What the things of a case are called, by their kinds and ids.

    Attributes:
        rubric: that names the indicators; `None` before one is pinned.
        titles: of figures, items, findings, documents and units.
    """

    rubric: Rubric | None
    titles: Mapping[tuple[SubjectKind, str], str]

    def of(self, kind: SubjectKind, name: str, language: Language) -> str:
        """A thing as a reader finds it: its title, and its id because titles repeat."""
        known = self.titles.get((kind, name), "")
        title = self._indicator(name) if kind == "indicator" else known
        return formatting.aside(title, name, language) if title else name

    def _indicator(self, name: str) -> str:
        rubric = self.rubric
        if rubric is None:
            return ""
        if row := rubric.by_id.get(name):
            return row.path[-1]
        extras = (rubric.bonus, rubric.penalty)
        return next((extra.name for extra in extras if extra and extra.id == name), "")


_TITLED: Final[Mapping[type, tuple[SubjectKind, str, str]]] = {
    e.FigureSubmitted: ("figure", "figure.id", "figure.name"),
    e.FigureRestated: ("figure", "figure.id", "figure.name"),
    e.BonusClaimed: ("item", "item", "title"),
    e.PenaltyRecorded: ("item", "item", "title"),
    e.FindingRaised: ("finding", "finding", "title"),
    e.DocumentRegistered: ("document", "document", "title"),
    e.UnitListed: ("unit", "member", "name"),
}
"""Events that give a thing its title: its kind, and the fields of its id and its title."""


def names_of(point: CaseAsOf) -> Names:
    """What the things of a case are called at a point: what was said last counts."""
    titles: dict[tuple[SubjectKind, str], str] = {}
    for recorded in point.history:
        if titled := _TITLED.get(type(recorded.event)):
            kind, name, title = titled
            titles[kind, attrgetter(name)(recorded.event)] = attrgetter(title)(recorded.event)
    return Names(point.rubric, titles)


class Reader(NamedTuple):
    """The reader: in which language, what things are called, and how days are written."""

    language: Language
    names: Names
    day: Callable[[date, Language], str]


def reader_of(
    point: CaseAsOf,
    language: Language,
    write_day: Callable[[date, Language], str] = formatting.day,
) -> Reader:
    """The reader of a point of a case."""
    return Reader(language, point.made(names_of), write_day)


_Writer = Callable[[Any, Reader], str]


def _named(kind: SubjectKind) -> _Writer:
    return lambda value, reader: reader.names.of(kind, value, reader.language)


def _coded(words: Mapping[Any, Text]) -> _Writer:
    return lambda value, reader: in_language(words[value], reader.language)


def _version(value: int, _reader: Reader) -> str:
    return f"v{value}"


VERSIONS: Final = frozenset({"adjustment", "contests", "contests.version", "request"})
"""Fields that can hold versions of earlier events."""

_WRITERS: Final[Mapping[str, _Writer]] = {
    "indicator": _named("indicator"),
    "indicators": _named("indicator"),
    "findings": _named("finding"),
    "MaterialPublished.document": _named("document"),
    "ReportDelivered.document": _named("document"),
    "within": _named("unit"),
    "members": _named("unit"),
    "FigureWithdrawn.figure": _named("figure"),
    "FigureConfirmed.figure": _named("figure"),
    "BonusRecognised.item": _named("item"),
    "BonusRefused.item": _named("item"),
    "ReasonAmended.item": _named("item"),
    "ObjectionAnswered.outcome": _coded(terms.OBJECTION_OUTCOMES),
    "AppealDecided.outcome": _coded(terms.APPEAL_OUTCOMES),
    "StatementMade.kind": _coded(terms.STATEMENT_KINDS),
    "DocumentRegistered.form": _coded(terms.DOCUMENT_FORMS),
    "SubtotalPrinted.column": _coded({"claimed": terms.CLAIMED, "awarded": terms.AWARDED}),
    "role": _coded(terms.ROLES),
    "adjustment": _version,
    "covers": _version,
    "first": _version,
    "version": _version,
    "ObjectionRaised.contests": _version,
    "CaseReopened.request": _version,
    "printed_rate": lambda value, _reader: f"{value:f}%",
    "Figure.period": lambda value, reader: formatting.quantity(
        tuple(map(date.fromisoformat, value.split("/"))),  # type: ignore[arg-type]  # two, as the value promises
        "",
        reader.language,
        reader.day,
    ),
}
"""How fields are written whose values are ids, codes or parts of something; as `terms.FIELDS`."""

_LABELS: Final[Mapping[str, Text]] = {"Figure.name": terms.FIGURE}


class _Place(NamedTuple):
    """What a field is called before its value, and how that is written."""

    label: str
    write: _Writer


@cache
def _place(type_: str, field: str, language: Language) -> _Place:
    kind, name = getattr(e, type_), field
    if "." in field:
        outer, name = field.split(".")
        kind = part_of(
            next(part.type for part in msgspec.structs.fields(kind) if part.name == outer)
        )
    keys = (f"{kind.__name__}.{name}", name)
    words = {**terms.FIELDS, **_LABELS}
    return _Place(
        _before_a_value(next(words[key] for key in keys if key in words), language),
        next((_WRITERS[key] for key in keys if key in _WRITERS), _plain),
    )


def written(type_: str, facts: Iterable[Fact], reader: Reader) -> list[str]:
    """Facts in words, one line each: `实际完成值：90 → 84 公顷`.

    Args:
        type_: of the event that states them.
        facts: those that are shown, of what `facts_of` gives.
        reader: of the words.
    """
    lines = []
    for fact in facts:
        label, write = _place(type_, fact.field, reader.language)
        words = _words(fact.value, write, reader)
        if fact.before is not None:
            words = f"{_words(fact.before, write, reader)} → {words}"
        lines.append(label + words)
    return lines


def labelled(label: Text, words: str, reader: Reader) -> str:
    """Words under what they are: `文号：财绩函〔2023〕21号`."""
    return _before_a_value(label, reader.language) + words


def _before_a_value(label: Text, language: Language) -> str:
    return in_language(label, language) + ("：" if language == "zh" else ": ")


_STOPS: Final = tuple("。！？；.!?;")


def run_on(lines: Iterable[str], language: Language) -> str:
    """Lines as one text, each ended as a sentence or set off from the next."""
    say = speaker(language)
    text = ""
    for line in filter(None, lines):
        if text:
            # Chinese words among English ones are set off as in Chinese.
            stop = "；" if text[-1] >= "\u2e80" else say("；", "; ")
            text += say("", " ") if text.endswith(_STOPS) else stop
        text += line
    return text


def _words(value: FactValue | None, write: _Writer, reader: Reader) -> str:
    """A value in words, those of a list one after the other."""
    if isinstance(value, tuple):
        between = "、" if reader.language == "zh" else ", "
        return between.join(_words(part, write, reader) for part in value)
    if value is None:
        return speaker(reader.language)("无", "none")
    return write(value, reader)


def _plain(value: FactValue, reader: Reader) -> str:
    match value:
        case str():  # a line is one thing that was said, so that no party's word looks like two
            return value.replace("\n", " ")
        case Quantity():
            sign = formatting.SIGNS[value.sense] if value.sense else ""
            said = formatting.quantity(value.value, value.unit, reader.language, reader.day)
            return f"{sign}{said}"
        case date():
            return reader.day(value, reader.language)
        case bool():
            return in_language(terms.ANSWERS["yes" if value else "no"], reader.language)
        case _:
            return str(value)
