"""How a history becomes a step function: from when to when which row holds.

There are three axes. `dated`: what was true by a business date, which may leave out events in the
middle. `recorded`: what the archive knew at an instant. `stage`: as of the last event of a stage.
On each of them a row holds from `since` up to but not including `until`.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, Table

from ledger.case import Case, History, fold
from ledger.case_totals import awarded_totals, claimed_totals
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.last_days import Notices
from ledger.moves import Change, Changes, IndicatorState, apply
from ledger.rubric import Rubric, Totals
from ledger.values import AccountId, IndicatorId, Stage
from projections.as_of import STAGE_EVENTS, CaseAsOf, PointInTime
from projections.portfolio.tables import OPEN, Columns, case_key, count, key, table, words
from projections.searched_texts import TextKind, compared, texts_of

AXES: Final = ("dated", "recorded", "stage")

ViewRow = tuple[Any, ...]
"""What a row has in the columns of its table but the first, which is the key of its case."""
Rows = Mapping[tuple[Hashable, ...], ViewRow]
"""The rows of a view at a point: by what distinguishes them within the case."""


class CaseScores(Struct, frozen=True, kw_only=True):
    """The state of a case at a point of its history, as far as scores go.

    Attributes:
        claim: the unit's scores added up; `award` the review's.
        rows: by indicator: weight, claim, award, and 1 where the row does not apply.
    """

    stage: Stage
    rubric: Rubric
    claim: Totals
    award: Totals
    rows: dict[tuple[Hashable, ...], ViewRow]


class ScoreInterval(NamedTuple):
    """A tally that holds from a place of an axis on.

    Attributes:
        since: the place: a day, an instant or a stage.
        version: of the last event that counts.
    """

    since: str
    version: int
    tally: CaseScores


class AwardMade(NamedTuple):
    """An award of a row, current or not.

    Attributes:
        score: `None` where the event says that the row does not apply.
        countersigned: who signed it, if anybody.
        withdrawn: the event that took it back, if any.
    """

    recorded: RecordedEvent
    score: Decimal | None
    clause: str
    countersigned: AccountId | None = None
    withdrawn: RecordedEvent | None = None


class EventText(NamedTuple):
    """A text of an event.

    Attributes:
        at: where the event is in the history, from 0.
        nth: which text of the event, from 0.
        compared: the text as it is compared.
    """

    at: int
    nth: int
    kind: TextKind
    text: str
    compared: str


class FoldedCase:
    """The whole state of a case, from which the views are made.

    Attributes:
        history: where it is a `History`, its end alone can be had for less.
    """

    def __init__(
        self, history: Sequence[RecordedEvent], editions: Editions, notices: Notices = ()
    ) -> None:
        self.id = history[0].case
        self.history = history
        self.editions = editions
        self.notices = notices

    @property
    def case(self) -> Case:
        """The state of the case at the end."""
        return self.history.case if isinstance(self.history, History) else self._walk[0]

    @cached_property
    def point(self) -> CaseAsOf:
        """The last point of the history."""
        history = History.of(self.history)
        history.case = self.case  # which it would fold once more
        return CaseAsOf("final", history, self.editions, notices=self.notices)

    @cached_property
    def texts(self) -> Sequence[EventText]:
        """What its events say in words, in their order."""
        same = cache(compared)  # a case has many texts more than once
        return [
            EventText(at, nth, kind, written, same(written))
            for at, recorded in enumerate(self.history)
            for nth, (kind, written) in enumerate(texts_of(recorded.event))
        ]

    @property
    def rubric(self) -> Rubric | None:
        """The rubric that is pinned at the end; `None` where the ledger lacks it."""
        return self._rubric(self.case)

    @property
    def is_complete(self) -> bool:
        """Whether the ledger has the edition that the case has pinned, so that it has scores."""
        return self.case.opened is not None and self.rubric is not None

    @property
    def has_time_limits(self) -> bool:
        """Whether its time limits are known: of a rubric that the ledger has, or none is pinned."""
        return self.case.opened is not None and (
            self.case.pinned is None or self.rubric is not None
        )

    @cached_property
    def states(self) -> Mapping[str, Sequence[ScoreInterval]]:
        """By axis: the tallies at the places at which something came in, the earliest first."""
        return {
            axis: list(self._stages() if axis == "stage" else self._along(axis)) for axis in AXES
        }

    def _along(self, axis: str) -> Iterator[ScoreInterval]:
        counted = list[RecordedEvent]()
        last, before = 0, None
        on_axis = _PLACE[axis]
        for since, group in groupby(sorted(self.history, key=on_axis), key=on_axis):
            counted += group
            last = max(last, counted[-1].version)
            if len(counted) == last:
                tally = self._walk[1][last]
            else:  # something recorded earlier is dated later: the history has gaps here
                counted.sort(key=lambda award: award.version)
                tally = self._scores(fold(counted), None, None)
            if tally is not None and tally is not before:
                yield ScoreInterval(str(since), last, tally)
            before = tally

    def _stages(self) -> Iterator[ScoreInterval]:
        last = {
            recorded.version: label
            for label, event in STAGE_EVENTS.items()
            for recorded in [found for found in self.history if isinstance(found.event, event)][-1:]
        }
        for version, label in sorted(last.items()):
            tally = self._walk[1].get(version)
            if tally is not None:
                yield ScoreInterval(label, version, tally)

    @cached_property
    def awards(self) -> dict[IndicatorId, dict[int, AwardMade]]:
        """Every award of each row by its version, including those that are no longer current."""
        return self._walk[2]

    @cached_property
    def _walk(
        self,
    ) -> tuple[Case, dict[int, CaseScores | None], dict[IndicatorId, dict[int, AwardMade]]]:
        """The case at the end, the scores after every version, and every award, in one walk.

        On every axis a history that is in order has no other scores than these.
        """
        case, scores = Case(id=self.id), None
        by_version: dict[int, CaseScores | None] = {}
        awards: dict[IndicatorId, dict[int, AwardMade]] = {}
        for recorded in self.history:
            changes = apply(case, recorded)
            limited = scores is not None and bool(scores.rubric.adding.ceilings)
            if changes.moves_any or changes.items or changes.case or limited:
                scores = self._scores(case, scores, changes)
            for row in changes.indicators:
                _follow_awards(awards.setdefault(row, {}), recorded, changes.indicators[row])
            by_version[recorded.version] = scores
        return case, by_version, awards

    def _scores(
        self, case: Case, before: CaseScores | None, changes: Changes | None
    ) -> CaseScores | None:
        """The state of a case; only what the changes reach is worked out again."""
        rubric = self._rubric(case)
        if case.opened is None or rubric is None:
            return None
        moved: Iterable[IndicatorId]
        if before is None or changes is None or before.rubric is not rubric:
            claim, award = claimed_totals(case, rubric), awarded_totals(case, rubric)
            moved, rows = rubric.by_id, dict[tuple[Hashable, ...], ViewRow]()
        else:
            claim, award = before.claim, before.award
            # Any figure may reach a sum that a number limits.
            limited = bool(rubric.adding.ceilings)
            claims, awards = (limited or reached for reached in _reached(changes))
            if claims:
                claim = claimed_totals(case, rubric)
            # A claim reaches the award by the unit's own grade, once there is one to compare.
            if awards or (claims and not award.pending):
                award = awarded_totals(case, rubric)
            moved = [row for row in changes.indicators if changes.moves(row)]
            rows = dict(before.rows) if moved else before.rows
        for row in moved:
            if scored := _row(case, rubric, row):
                rows[row,] = scored
            else:
                rows.pop((row,), None)
        return CaseScores(stage=case.stage, rubric=rubric, claim=claim, award=award, rows=rows)

    def _rubric(self, case: Case) -> Rubric | None:
        if case.pinned is None or case.pinned.edition not in self.editions.published:
            return None
        return self.editions.rubric(case.pinned.edition)


def _reached(changes: Changes) -> tuple[bool, bool]:
    """Whether changes reach the sums of the claims and of the awards."""
    rows, items = changes.indicators.values(), changes.items.values()
    # What does not apply is in no sum.
    claims = any(
        before.claim != after.claim or bool(before.excluded) != bool(after.excluded)
        for before, after in rows
    ) or any(before.claimed != after.claimed for before, after in items)
    # A bonus item that is claimed waits for a decision, which the awards count.
    awards = bool(items) or any(before.source[1] != after.source[1] for before, after in rows)
    # The grade that the unit prints is compared with the award's.
    printed = changes.case and changes.case.before.submitted != changes.case.after.submitted
    return claims, awards or bool(printed)


def _follow_awards(
    made: dict[int, AwardMade], recorded: RecordedEvent, change: Change[IndicatorState]
) -> None:
    """Note the award that an event makes, amends, signs or withdraws."""
    before, after = change.before.in_force, change.after.in_force
    if after is not None and after.version == recorded.version:
        score = None if change.after.excluded else after.score
        made[recorded.version] = AwardMade(recorded, score, after.clause)
    elif after is not None and before is not None and after != before:
        made[after.version] = made[after.version]._replace(
            clause=after.clause, countersigned=after.countersigned
        )
    elif after is None and before is not None:
        made[before.version] = made[before.version]._replace(withdrawn=recorded)


def _row(case: Case, rubric: Rubric, row: IndicatorId) -> ViewRow | None:
    claim, award = case.claims.get(row), case.awards.get(row)
    if row not in rubric.by_id or not (claim is not None or award or row in case.excluded):
        return None
    return (
        str(rubric.in_scale(rubric.by_id[row].weight)),
        None if claim is None else str(claim),
        str(award.score) if award else None,
        int(row in case.excluded),
    )


# Days and instants come in the order of their texts, which are only made where they are kept.
_PLACE: Final = {"dated": attrgetter("dated"), "recorded": attrgetter("at")}


def place(recorded: RecordedEvent, axis: str) -> str:
    """The position of an event on an axis."""
    return str(_PLACE[axis](recorded))


def spans(folded: FoldedCase, view: Callable[[CaseScores], Rows]) -> Iterator[ViewRow]:
    """The rows of a table on every axis, from the rows of a view at each tally.

    Returns:
        what distinguishes the row, axis, since, until, version, its own values.
    """
    for axis in AXES:
        holding: dict[tuple[Hashable, ...], tuple[str, int, ViewRow]] = {}
        before = None
        for since, version, tally in folded.states[axis]:
            rows = view(tally)
            if axis == "stage":  # a stage holds for itself alone
                for name, row in rows.items():
                    yield (*name, axis, since, since + OPEN, version, *row)
                continue
            if rows is before:
                continue
            before = rows
            for name in [name for name, held in holding.items() if rows.get(name) != held[2]]:
                began, first, row = holding.pop(name)
                yield (*name, axis, began, since, first, *row)
            for name, row in rows.items():
                if name not in holding:
                    holding[name] = (since, version, row)
        for name, (began, first, row) in holding.items():
            yield (*name, axis, began, OPEN, first, *row)


def span_table(name: str, distinguished_by: Columns, *values: Columns) -> Table:
    """The table of a step function."""
    of_span = (key("axis", "since"), words("until"), count("version"))
    return table(name, case_key(), distinguished_by, *of_span, *values)


def holds(spans: Table, moment: PointInTime, *, of_few: bool = False) -> ColumnElement[bool]:
    """Whether a row of a step function holds at a moment.

    Args:
        spans: of the step function.
        moment: that is asked about.
        of_few: whether the rows of a few cases are wanted, in the order of the cases. The index by
            moments, which has those of all cases in another order, is of no use then; SQLite leaves
            it aside for a column that is not asked as it is.
    """
    columns = spans.c
    axis = columns.axis.concat("") if of_few else columns.axis
    return (axis == moment.axis) & (columns.since <= moment.value) & (columns.until > moment.value)
