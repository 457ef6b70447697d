"""Given any history, when an event is applied, then what it is about changes and nothing else."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.case import Case, fold
from ledger.envelope import RecordedEvent
from ledger.ledger import Ledger
from ledger.moves import (
    CaseState,
    apply,
    case_state,
    figure_state,
    indicator_state,
    item_state,
    moves,
)
from ledger.subjects import subjects_of
from tests.support.random_walk import Walk
from tests.support.small_case import CASE, SMALL

WALKS = st.integers(0, 10**9)
STATES: Mapping[str, Callable[[Case, str], Any]] = {
    "indicator": indicator_state,
    "figure": figure_state,
    "item": item_state,
    "case": lambda case, _: case_state(case),
}


def history(seed: int) -> tuple[RecordedEvent, ...]:
    return tuple(Ledger(Walk(seed).archive).history(CASE))


def gaps(seed: int) -> tuple[RecordedEvent, ...]:
    """A history by business date, which may leave out events in the middle."""
    whole = history(seed)
    day = whole[seed % len(whole)].dated
    return tuple(recorded for recorded in whole if recorded.dated <= day)


def names_in(events: tuple[RecordedEvent, ...]) -> set[tuple[str, str]]:
    """Everything of a case that has a state: its rows, figures and items, and the case itself."""
    rows = {("indicator", row.id) for row in SMALL.indicators}
    names = {(kind, name) for one in events for kind, name in subjects_of(one.event)}  # type: ignore[arg-type]  # a case's events
    return {name for name in rows | names | {("case", "")} if name[0] in STATES}


@pytest.mark.slow
@given(WALKS, st.sampled_from([history, gaps]))
def test_no_other_row_changes_than_those_that_an_event_names(seed: int, told: Any) -> None:  # noqa: ANN401 - one of two functions
    case = Case()
    names = names_in(history(seed))
    for recorded in told(seed):
        before = {(kind, name): STATES[kind](case, name) for kind, name in names}
        changes = apply(case, recorded)
        after = {(kind, name): STATES[kind](case, name) for kind, name in names}
        told_of: dict[tuple[str, str], Any] = {
            **{("indicator", row): change for row, change in changes.indicators.items()},
            **{("figure", name): change for name, change in changes.figures.items()},
            **{("item", name): change for name, change in changes.items.items()},
            **({("case", ""): changes.case} if changes.case else {}),
        }

        assert told_of == {
            name: (before[name], after[name]) for name in names if before[name] != after[name]
        }, recorded.type


@pytest.mark.slow
@given(WALKS)
def test_applying_every_event_makes_the_case_that_folding_makes(seed: int) -> None:
    case = Case()
    for recorded in history(seed):
        apply(case, recorded)

    assert case == fold(history(seed))


@given(WALKS, st.sampled_from([history, gaps]))
def test_what_an_event_answers_counts_and_was_recorded_before_it(seed: int, told: Any) -> None:  # noqa: ANN401 - one of two functions
    counted: set[int] = set()
    for move in moves(told(seed)):
        names_items = any(kind == "item" for kind, _ in subjects_of(move.recorded.event))  # type: ignore[arg-type]  # of a case
        apart = {None} if names_items or not move.rows else set[None]()
        assert move.causes.keys() == {*move.rows, *apart}
        assert all(set(causes) <= counted for causes in move.causes.values())
        assert set(move.changes.indicators) <= set(move.rows)
        counted.add(move.recorded.version)


def test_all_that_a_case_holds_is_compared_or_said_to_move_no_score() -> None:
    """A new part of a case that no state shows would change without anybody being told."""
    rows = {"claims", "claims_restated", "awards", "excluded", "sources", "deciders"}
    parts = {"figures", "restated", "bonus_claims", "bonus", "penalties", "reasons"}
    apart = {"id", "version", "received", "evidence", "erased", "findings", "recommendations"}
    apart |= {"objections", "appeals", "rectifications", "penalty_titles"}
    apart |= {
        "penalty_titles",
        "retention",
        "destruction",
        "confirmed",
        "documents",
        "assigned",
        "recused",
        "units",
        "scopes",
        "statements",
        "subtotals",
        "delivered",
        "untold",
    }

    assert set(Case.__struct_fields__) == rows | parts | apart | set(CaseState._fields)
