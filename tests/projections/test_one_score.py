"""Given any history and any point of it, when it is looked at, then every view tells one score.

The points are versions, business dates in any order, recorded instants, and both times together.
The walks have numbers that make them again; `--hypothesis-profile explore` takes many more.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from documents.annual_register import register
from documents.page import PageTable
from documents.source import source
from ledger.envelope import RecordedEvent
from ledger.ledger import Ledger
from ledger.values import IndicatorId
from projections.as_of import CaseAsOf, as_known, at, moment_of
from projections.bridge import bridge
from projections.change_log import ChangeLogRow, change_log
from projections.explanation import explain
from projections.portfolio.steps import FoldedCase
from projections.replay import replay
from projections.score_sheet import score_sheet, standing
from tests.support.naive_case import ROWS
from tests.support.random_walk import Walk
from tests.support.small_case import CASE

pytestmark = pytest.mark.slow

Scores = dict[IndicatorId, Decimal]
WALKS = st.integers(0, 10**9)


@cache
def whole(seed: int) -> CaseAsOf:
    ledger = Ledger(Walk(seed).archive)
    return at(list(ledger.history(CASE)), ledger.editions("small"))


def label_of(recorded: RecordedEvent, axis: str) -> str:
    match axis:
        case "version":
            return f"v{recorded.version}"
        case "dated":
            return recorded.dated.isoformat()
        case _:
            return f"recorded:{recorded.at}"


@st.composite
def points(draw: st.DrawFn, count: int = 1) -> tuple[CaseAsOf, ...]:
    """Points of one history at which a rubric is pinned."""
    end = whole(draw(WALKS))
    drawn = []
    for _ in range(count):
        recorded = draw(st.sampled_from(end.history))
        axis = draw(st.sampled_from(["version", "dated", "dated", "recorded"]))
        known = draw(st.none() | st.sampled_from(end.history)) if axis == "dated" else None
        label = as_known(label_of(recorded, axis), known.at if known else None)
        point = at(end.history, end.editions, label)
        drawn.append(point if score_sheet(point) else end)
    return tuple(drawn)


POINT = points().map(lambda drawn: drawn[0])


def last_moves(entries: Iterable[ChangeLogRow]) -> Scores:
    """The score of each row after its last move."""
    scores: dict[IndicatorId, Decimal | None] = {}
    for entry in entries:
        if entry.indicator and (entry.before, entry.after) != (None, None):
            scores[entry.indicator] = entry.after
    return {row: score for row, score in scores.items() if score is not None}


@given(WALKS, st.data())
def test_a_day_as_known_at_an_instant_is_that_day_in_the_record_as_it_was_then(
    seed: int, data: st.DataObject
) -> None:
    end = whole(seed)
    day = label_of(data.draw(st.sampled_from(end.history)), "dated")
    known = data.draw(st.sampled_from(end.history)).at
    then = [recorded for recorded in end.history if recorded.at <= known]
    now, before = (
        at(end.history, end.editions, as_known(day, known)),
        at(then, end.editions, day),
    )

    assert now.history == before.history
    if now.rubric:
        assert standing(now).totals == standing(before).totals


@given(POINT)
def test_the_log_ends_with_the_scores_of_the_sheet(point: CaseAsOf) -> None:
    assert last_moves(change_log(point)) == standing(point).scores


@given(POINT)
def test_each_move_of_the_log_starts_where_the_one_before_it_ended(point: CaseAsOf) -> None:
    for row in ROWS:
        moved = [
            (entry.before, entry.after)
            for entry in change_log(point, row)
            if (entry.before, entry.after) != (None, None)
        ]
        ends = [None, *(after for _, after in moved)]
        assert [before for before, _ in moved] == ends[: len(moved)]


@given(POINT)
def test_the_explanation_says_the_award_of_the_sheet_and_how_it_came_about(
    point: CaseAsOf,
) -> None:
    sheet = score_sheet(point)
    assert sheet
    for row in sheet.indicators:
        explanation = explain(point, row.id)
        assert (explanation.claim, explanation.award) == (row.claim, row.award)
        assert last_moves(explanation.moves).get(row.id) == standing(point).scores.get(row.id)


@given(points(2))
def test_the_bridge_ends_at_the_sheet_and_names_the_events_of_every_step(
    both: tuple[CaseAsOf, ...],
) -> None:
    start, end = both
    found = bridge(start, end)
    counted = {recorded.version for point in both for recorded in point.history}

    assert (found.start.total, found.end.total) == (
        standing(start).totals.total,
        standing(end).totals.total,
    )
    assert found.residual == 0
    for step in found.steps:
        assert step.events
        assert {recorded.version for recorded in step.events} <= counted
        if step.indicator:
            assert step.after == standing(end).scores.get(step.indicator, Decimal(0))


@given(POINT)
def test_the_replay_ends_at_the_total_of_the_sheet(point: CaseAsOf) -> None:
    *_, last = replay(point)

    assert last.total_after == standing(point).totals.total
    assert last.shown[1] == standing(point).totals.shown("total")


@given(POINT)
def test_the_register_prints_the_scores_of_the_sheet(point: CaseAsOf) -> None:
    page = register(source(point, date(2024, 12, 31)), "en")
    (log,) = [block for block in page.blocks if isinstance(block, PageTable)]
    printed: dict[str, str] = {}
    for row in log.rows:
        name, before, after = (str(cell) for cell in row.cells[4:7])
        if before or after:
            printed[name.partition(" (")[2].rstrip(")")] = after
    scores = {row: str(score) for row, score in standing(point).scores.items()}

    assert {row: text for row, text in printed.items() if text} == scores


@given(WALKS, st.sampled_from(["dated", "recorded"]), st.data())
def test_the_portfolio_holds_the_scores_of_the_sheet(
    seed: int, axis: str, data: st.DataObject
) -> None:
    end = whole(seed)
    folded = FoldedCase(list(end.history), end.editions)
    chosen = data.draw(st.sampled_from(end.history))
    point = at(end.history, end.editions, label_of(chosen, axis))
    sheet = score_sheet(point)
    place = moment_of(point.label).value
    held = [interval.tally for interval in folded.states[axis] if interval.since <= place]

    assert bool(held) == (sheet is not None)
    if sheet is None:
        return
    scored = {
        row.id: (row.claim, row.award, row.excluded)
        for row in sheet.indicators
        if row.claim is not None or row.award is not None or row.excluded
    }
    assert {
        name[0]: (
            None if claim is None else Decimal(claim),
            None if award is None else Decimal(award),
            bool(excluded),
        )
        for name, (_, claim, award, excluded) in held[-1].rows.items()
    } == scored
    assert asdict(held[-1].claim).items() <= asdict(sheet.claim).items()
    assert asdict(held[-1].award).items() <= asdict(sheet.award).items()


@given(WALKS, st.sampled_from(["dated", "recorded"]), st.data())
def test_the_portfolio_says_which_awards_stand(seed: int, axis: str, data: st.DataObject) -> None:
    end = whole(seed)
    folded = FoldedCase(list(end.history), end.editions)
    chosen = data.draw(st.sampled_from(end.history))
    point = at(end.history, end.editions, label_of(chosen, axis))
    counted = {recorded.version for recorded in point.history}
    standing_by_row = {}
    for row, made in folded.awards.items():
        for version, award in made.items():
            later = [number for number in made if number > version and number in counted]
            taken_back = award.withdrawn and award.withdrawn.version in counted
            if version in counted and not later and not taken_back:
                standing_by_row[row] = version

    assert standing_by_row == {row: award.version for row, award in point.case.in_force.items()}
