"""How a history becomes a step function: from when to when which row holds.

There are three axes. `dated`: what was true by a business date, which may leave out events in the
middle. `recorded`: what the archive knew at an instant. `stage`: as of the last event of a stage.
On each of them a row holds from `since` up to but not including `until`.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, ColumnElement, Table

from ledger.case import Case, evolve, fold
from ledger.editions import Editions
from ledger.recorded import Recorded
from ledger.rubric import Rubric
from ledger.values import Invalid
from projections.points import STAGE_EVENTS, Moment, Point, moment_of
from projections.portfolio.tables import OPEN, count, key, words

AXES: Final = ("dated", "recorded", "stage")
LAST_DAY: Final = "9999-12-31"

Row = tuple[Any, ...]
Rows = Mapping[tuple[Hashable, ...], Row]
"""The rows of a view at a point: by what tells them apart within the case."""


class Life:
    """Everything that a case has come to, for the views to be made of."""

    def __init__(self, history: list[Recorded], editions: Editions) -> None:
        self.id = history[0].case
        self.history = history
        self.editions = editions

    @cached_property
    def case(self) -> Case:
        """The case as it stands now."""
        return fold(self.history)

    @cached_property
    def point(self) -> Point:
        """The last point of the history."""
        return Point("final", tuple(self.history), self.editions)

    def rubric(self, case: Case) -> Rubric | None:
        """The rubric that the case has pinned at a point; `None` where the ledger lacks it."""
        if case.pinned is None or case.pinned.edition not in self.editions.published:
            return None
        return self.editions.rubric(case.pinned.edition)

    @property
    def is_complete(self) -> bool:
        """Whether the ledger has every edition that the case has pinned, so that it has scores."""
        return self.case.opened is not None and self.rubric(self.case) is not None


class State(NamedTuple):
    """A case from a moment of an axis on, until the next one.

    Attributes:
        case: as the fold has it; it changes when the next state is asked for.
        events: those that have come in with it.
        version: of the last event that counts.
    """

    since: str
    case: Case
    events: tuple[Recorded, ...]
    version: int


def states(history: list[Recorded], axis: str) -> Iterator[State]:
    """The case at every moment of an axis at which something came in, the earliest first."""
    if axis == "stage":
        yield from _stages(history)
        return
    case, counted, last = Case(), list[Recorded](), 0
    moments = groupby(sorted(history, key=_PLACE[axis]), key=_PLACE[axis])
    for since, group in moments:
        events = tuple(group)
        counted += events
        if events[0].version > last:
            case.id = events[0].case
            for one in events:
                _evolve(case, one)
        else:  # dated before what was recorded earlier: it takes its place in the middle
            counted.sort(key=lambda one: one.version)
            case = fold(counted)
        last = counted[-1].version
        yield State(since, case, events, last)


def _stages(history: list[Recorded]) -> Iterator[State]:
    last = {
        one.version: label
        for label, event in STAGE_EVENTS.items()
        for one in [found for found in history if isinstance(found.event, event)][-1:]
    }
    case = Case()
    for one in history:
        case.id = one.case
        _evolve(case, one)
        if label := last.get(one.version):
            yield State(label, case, (one,), one.version)


def _evolve(case: Case, one: Recorded) -> None:
    evolve(case, one.version, one.by, one.event)  # type: ignore[arg-type]  # a case's stream holds case events only


def _dated(one: Recorded) -> str:
    return one.dated.isoformat()


def _recorded(one: Recorded) -> str:
    return one.at


_PLACE: Final = {"dated": _dated, "recorded": _recorded}


def place(one: Recorded, axis: str) -> str:
    """Where an event stands on an axis."""
    return _PLACE[axis](one)


def spans(case: str, axis: str, found: Iterable[tuple[State, Rows]]) -> Iterator[Row]:
    """The rows of a table, from the rows of a view at the states of an axis.

    Returns:
        case, what tells the row apart, axis, since, until, version, the row's own values.
    """
    holding: dict[tuple[Hashable, ...], tuple[str, int, Row]] = {}
    for state, rows in found:
        if axis == "stage":  # a stage holds for itself alone
            for name, row in rows.items():
                yield (case, *name, axis, state.since, state.since + OPEN, state.version, *row)
            continue
        for name in [name for name, held in holding.items() if rows.get(name) != held[2]]:
            since, version, row = holding.pop(name)
            yield (case, *name, axis, since, state.since, version, *row)
        for name, row in rows.items():
            holding.setdefault(name, (state.since, state.version, row))
    for name, (since, version, row) in holding.items():
        yield (case, *name, axis, since, OPEN, version, *row)


def span_columns(*names: str) -> list[Column[Any]]:
    """The columns of a step function, before those of its values."""
    keys = [key(name) for name in ("case_id", *names, "axis", "since")]
    return [*keys, words("until"), count("version")]


def moment_over_cases(label: str) -> Moment:
    """The moment that a label names for many cases at once: `final` is the end of the last day.

    Raises:
        Invalid: no such form, or a version, which is of one case.
    """
    moment = moment_of(label)
    match moment.axis:
        case "version":
            raise Invalid(
                f"“{label}”是一个评价事项的版本，不能用于多个事项；"
                "可用日期、recorded:时刻、self、draft、issued、final",
                f"“{label}” is a version of one case and means nothing for many;"
                " use a date, recorded:INSTANT, self, draft, issued or final",
            )
        case "final":
            return Moment("dated", LAST_DAY)
        case _:
            return moment


def holds(table: Table, moment: Moment) -> ColumnElement[bool]:
    """Whether a row of a step function holds at a moment."""
    columns = table.c
    return (
        (columns.axis == moment.axis)
        & (columns.since <= moment.value)
        & (columns.until > moment.value)
    )
