"""Given a log, when only some of its rows are wanted, then those come, as they are in the whole."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.commands import FileEvidence
from ledger.ledger import Ledger
from ledger.values import Evidence
from projections.as_of import at
from projections.change_log import ChangeLogRow, change_log
from projections.log_filter import LogFilter
from tests.support.random_walk import Walk
from tests.support.small_case import CASE, REVIEWED, SUBMITTED, on
from tests.support.specification import editions, history

FILED = FileEvidence(evidence=Evidence(sha256="e" * 64, title="迟到的材料"))
STORY = REVIEWED + on("2026-11-21", ("filer", FILED))
LOG = change_log(at(history(STORY), editions()))
"""Recorded in the order told, a minute each, on 21 November 2026; the last row on its own day."""


def versions(wanted: LogFilter) -> list[int]:
    return [row.version for row in wanted.of(LOG)]


def test_nothing_asked_for_is_the_whole_log() -> None:
    assert LogFilter().of(LOG) == LOG


def test_who_acted_and_in_which_role() -> None:
    lead = LogFilter(accounts=["reviewer"]).of(LOG)
    agency = LogFilter(roles=["reviewer", "lead-reviewer"]).of(LOG)

    assert {row.by.account for row in lead} == {"reviewer"}
    assert {row.by.role for row in agency} <= {"reviewer", "lead-reviewer"}
    assert LogFilter(accounts=["reviewer"], roles=["unit"]).of(LOG) == []


def test_of_which_kind() -> None:
    kinds = {row.type for row in LogFilter(types=["ScoreAdjusted", "ScoreClaimed"]).of(LOG)}

    assert kinds == {"ScoreAdjusted", "ScoreClaimed"}


def test_days_and_instants_count_with_both_their_ends() -> None:
    day = LOG[4].dated
    first, last = LOG[2].at, LOG[5].at

    assert {row.dated for row in LogFilter(dated_from=day, dated_to=day).of(LOG)} == {day}
    assert versions(LogFilter(recorded_from=first, recorded_to=last)) == [
        row.version for row in LOG[2:6]
    ]


def test_late_is_what_was_recorded_on_a_later_day_than_it_is_dated() -> None:
    late = LogFilter(late=True).of(LOG)

    assert len(LOG) - len(late) == 1
    assert LOG[-1].recorded_late_days == 0
    assert LOG[0].recorded_late_days == (date(2026, 11, 21) - LOG[0].dated).days


@pytest.mark.parametrize(
    ("minute", "days"),
    [("T15:59:59.999999Z", 0), ("T16:00:00.000000Z", 1)],
)
def test_the_day_of_recording_is_that_of_beijing(minute: str, days: int) -> None:
    from msgspec.structs import replace  # noqa: PLC0415 - for this test alone

    (first, *_) = history(SUBMITTED)
    recorded = replace(first, at=f"{first.dated}{minute}")
    (row, *_) = change_log(at([recorded], editions()))

    assert row.recorded_late_days == days


def test_since_leaves_out_what_a_reader_has_seen() -> None:
    assert versions(LogFilter(after_version=20)) == [row.version for row in LOG if row.version > 20]
    seen = LOG[7].position
    assert seen is not None
    assert [row.position for row in LogFilter(after_position=seen).of(LOG)] == [
        row.position for row in LOG[8:]
    ]


@cache
def log_of(seed: int) -> list[ChangeLogRow]:
    ledger = Ledger(Walk(seed).archive)
    return change_log(at(ledger.history(CASE), ledger.editions("small")))


@given(st.integers(0, 10**9), st.data())
def test_rows_stay_what_they_are_and_none_is_lost(seed: int, data: st.DataObject) -> None:
    rows = log_of(seed)
    chosen = data.draw(st.sampled_from(rows))
    day = chosen.dated - timedelta(1)
    for some, rest in (
        (LogFilter(dated_from=chosen.dated), LogFilter(dated_to=day)),
        (
            LogFilter(accounts=[chosen.by.account]),
            LogFilter(accounts={row.by.account for row in rows} - {chosen.by.account} or {"-"}),
        ),
        (
            LogFilter(types=[chosen.type]),
            LogFilter(types={row.type for row in rows} - {chosen.type} or {"-"}),
        ),
    ):
        found, left = some.of(rows), rest.of(rows)
        assert chosen in found
        assert sorted([*found, *left], key=rows.index) == sorted(rows, key=rows.index)
        assert found == [row for row in rows if row in found]
