"""What is due in all cases, whom it waits for, and what has changed: as a naive count finds it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from application.due_list import ChangedTask, DueTask, changed, due_list
from application.portfolio import CaseFilter, portfolio
from application.since import Since, days_within, since
from ledger.commands import (
    CommandEnvelope,
    DeclareConflict,
    RecordYearNotice,
    RecuseAccount,
)
from ledger.ledger import Ledger
from ledger.store import Store
from ledger.time_zone import BEIJING
from ledger.values import Invalid, instant
from projections.as_of import CaseAsOf, at
from projections.listed import Task
from projections.portfolio.catch_up import differences
from projections.work_list import tasks
from tests.support.portfolio_tables import emptied, filled, kept
from tests.support.specification import moment

pytestmark = pytest.mark.slow

SEEDS = st.lists(st.integers(0, 5000), min_size=1, max_size=4, unique=True)
DAYS = st.dates(date(2023, 3, 1), date(2024, 9, 1))
SLOW = settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
NOTICE: Final = RecordYearNotice(
    bureau="finance-bureau",
    year=2023,
    number="财绩〔2023〕1号",
    sha256="a" * 64,
    submission_due="2023-04-30",
    draft_due="60d",
    result_due="2023-12-20",
    receipt_due="5wd",
    rectification_due="15d",
)
LAST: Final = "2026-11-21T12:00:00.000000Z"
"""After all that the walks record."""


def noticed(store: Store, number: int = 1) -> None:
    """The notice of the year, or one more that amends it."""
    before = Ledger(store).notices()
    notice = replace(
        NOTICE,
        number=f"财绩〔2023〕{len(before) + 1}号",
        amends=f"财绩〔2023〕{len(before)}号" if before else None,
        result_due=str(date(2023, 12, 20) + timedelta(number)),
    )
    act(store, "clerk", notice, len(before))


def act(store: Store, account: str, command: object, number: int, case: str | None = None) -> None:
    minute = datetime.fromisoformat(LAST) + timedelta(minutes=number)
    key = f"after-{account}-{number}"
    envelope = CommandEnvelope(
        case=case,
        by=account,
        dated=date(2024, 10, 1),
        id=key,
        command=command,  # type: ignore[arg-type]  # any
        confirmed_dates=(date(2024, 10, 1),),
    )
    Ledger(store).handle([envelope], instant(minute.astimezone(UTC)))


def points(store: Store, label: str = "final") -> Iterator[CaseAsOf]:
    """A point of every case that has come so far and has a rubric, replayed from the ledger."""
    ledger = Ledger(store)
    for name in ledger.streams():
        if ":" not in name:
            editions, notices = ledger.editions("small"), ledger.notices()
            point = at(ledger.history(name), editions, label, notices=notices)
            if point.history and point.rubric:
                yield point


def listed(store: Store, day: date, before: Since | None = None, **wanted: object) -> list[DueTask]:
    with portfolio(store, "final", CaseFilter()) as found:
        now = found.work(day, ())
        told = changed(found, now, before, day) if before else map(ChangedTask, now)
        return due_list(found, list(told), **wanted)  # type: ignore[arg-type]  # as it is asked


def key(task: Task | DueTask) -> tuple[object, ...]:
    return (task.case, task.turn, task.subject or "", str(task.since), str(task.due), task.left)


def same(task: Task | DueTask) -> tuple[object, ...]:
    """What is the same task on another day."""
    signs = bool(task.decided_by)
    return (task.case, task.turn, task.subject or "", str(task.since), task.assigned, signs)


@SLOW
@given(seeds=SEEDS, day=DAYS, within=st.integers(-30, 60))
def test_what_is_due_is_what_a_naive_count_finds(
    store: Store, seeds: list[int], day: date, within: int
) -> None:
    noticed(filled(store, seeds), day.day)

    found = listed(store, day, within=within)

    naive = [task for point in points(store) for task in tasks(point, day)]
    due = [one for one in naive if one.due is not None and (one.due - day).days <= within]
    assert sorted(map(key, found)) == sorted(map(key, due))
    lefts = [task.left for task in found]
    assert lefts == sorted(lefts, key=lambda left: left or 0)  # what is overdue first


@SLOW
@pytest.mark.parametrize("told", ["a notice", "no notice"])
@given(seeds=SEEDS, minute=st.integers(1, 99), before=DAYS, days=st.integers(0, 90))
def test_what_has_changed_is_what_two_naive_lists_differ_by(  # noqa: PLR0913, PLR0917 - what is drawn
    store: Store, told: str, seeds: list[int], minute: int, before: date, days: int
) -> None:
    filled(store, seeds)
    if told == "a notice":  # which reaches every case of the year
        noticed(store)
    day, label = before + timedelta(days), f"recorded:{moment(minute)}"

    found = {same(task): task.change for task in listed(store, day, Since(label, before))}

    now = {same(task): task for point in points(store) for task in tasks(point, day)}
    then = {same(task): task for point in points(store, label) for task in tasks(point, before)}
    late = {name for name, task in now.items() if task.left is not None and task.left < 0}
    was_late = {name for name, task in then.items() if task.left is not None and task.left < 0}
    assert {name for name, change in found.items() if change == "new"} == now.keys() - then.keys()
    assert {name for name, change in found.items() if change == "done"} == then.keys() - now.keys()
    assert {name for name, change in found.items() if change == "overdue"} == (
        (late - was_late) & then.keys()
    )


def test_a_notice_reaches_the_tables_of_every_case_of_its_year(store: Store) -> None:
    filled(store, [1, 2, 3])
    listed(store, date(2023, 4, 1))
    for number in (1, 2):
        noticed(store, number)
        listed(store, date(2023, 4, 1))
        assert list(differences(store)) == []
        caught_up = kept(store)
        listed(emptied(store), date(2023, 4, 1))
        assert kept(store) == caught_up


def test_whom_a_task_waits_for_keeps_out_who_is_recused(store: Store) -> None:
    filled(store, [1])
    day = date(2024, 9, 1)
    waits = listed(store, day)
    turns = {task.turn: set(task.accounts) for task in waits}
    for turn, accounts in turns.items():
        expected = {
            "unit": {"filer"},
            "agency": {"reviewer", "second-reviewer", "lead"},
            "bureau": {"clerk", "second-clerk"},
        }
        assert accounts <= expected[turn], turn
        assert accounts
    turn = waits[0].turn
    account = waits[0].accounts[0]
    interest = DeclareConflict(account=account, unit="market-bureau", reason="亲属")
    act(store, "admin", interest, 0)
    left = [task for task in listed(store, day) if task.turn == turn]
    assert all(account not in task.accounts for task in left)
    assert listed(store, day, persons=[account]) == []
    party = waits[0].party
    assert {task.party for task in listed(store, day, parties=[party])} == {party}


def test_recusal_from_a_case_is_of_that_case_alone(store: Store) -> None:
    filled(store, [1, 2, 3, 4, 5, 6])
    day = date(2024, 9, 1)
    waits = listed(store, day)[0]
    account = waits.accounts[0]
    by = next(name for name in ("clerk", "second-clerk") if name != account)

    act(store, by, RecuseAccount(account=account, reason="亲属"), 0, waits.case)

    left = listed(store, day)
    assert all(account not in task.accounts for task in left if task.case == waits.case)
    others = [task for task in left if task.turn == waits.turn and task.case != waits.case]
    assert all(account in task.accounts for task in others)
    assert others
    assert list(differences(store)) == []


def test_all_that_waits_in_a_case_that_began_later_is_new(store: Store) -> None:
    filled(store, [1, 2])
    day = date(2024, 9, 1)
    before = Since("recorded:2020-01-01T00:00:00.000000Z", day)

    found = listed(store, day, before)

    assert {task.change for task in found} == {"new"}
    assert set(map(key, found)) == set(map(key, listed(store, day)))


# As people name it -------------------------------------------------------------------------------


def test_days_are_a_number_or_a_day() -> None:
    today = date(2024, 8, 1)
    assert days_within("7d", today) == 7
    assert days_within("0d", today) == 0
    assert days_within("2024-08-31", today) == 30
    assert days_within("2024-07-31", today) == -1
    for wrong in ("7", "d", "-7d", "week", "2024-02-30", "７d"):
        with pytest.raises(Invalid):
            days_within(wrong, today)


def test_a_moment_is_a_day_an_instant_or_a_receipt(store: Store, tmp_path: Path) -> None:
    assert since("2024-08-01", store, BEIJING) == Since(
        "recorded:2024-07-31T16:00:00.000000Z", date(2024, 7, 31)
    )
    assert since("2024-08-01T08:30+08:00", store, BEIJING) == Since(
        "recorded:2024-08-01T00:30:00.000000Z", date(2024, 8, 1)
    )
    file = tmp_path / "no-receipt"
    file.write_text("nothing")
    for wrong in ("yesterday", "2024-13-01", "2024-08-01T99:00Z", str(file)):
        with pytest.raises(Invalid):
            since(wrong, store, BEIJING)
