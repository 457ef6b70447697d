"""Pages of lists: one after another they are the whole list, of whoever has a part in it."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from application.lists import ListedCase, list_cases
from application.look import accounts
from application.look_as import look_as
from application.page_of_list import cases_of, work_of
from ledger.account_registry import Account
from ledger.followed_reading import FollowedReading, KeptStreams
from ledger.sight import parts_in
from ledger.store import Store
from projections.case_summary import case_summary
from projections.portfolio import folded_tables
from projections.work_list import tasks
from tests.application.test_lists import hindered, points
from tests.support.portfolio_tables import filled

pytestmark = pytest.mark.slow

SEEDS = st.lists(st.integers(0, 5000), min_size=1, max_size=4, unique=True)
DAYS = st.dates(date(2023, 3, 1), date(2024, 9, 1))
SLOW = settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def everybody(store: Store) -> Iterator[Account]:
    yield from accounts(store).accounts.values()


def reading(store: Store) -> FollowedReading:
    return FollowedReading(store, KeptStreams())


def paged_cases(store: Store, day: date, account: Account) -> list[ListedCase]:
    """All pages, two cases on each."""
    seen, found = reading(store), list[ListedCase]()
    while page := cases_of(
        store, seen, day, account, after=found[-1].case if found else "", limit=2
    ):
        found += page
    return found


@SLOW
@given(seeds=SEEDS, day=DAYS)
def test_pages_of_cases_are_what_each_account_sees(
    store: Store, seeds: list[int], day: date
) -> None:
    filled(store, seeds)
    followed, every = reading(store), list(points(store))
    for account in everybody(store):
        seen = []
        for point in every:
            if parts_in(account, point.case):
                own = look_as(followed, account, point.case.id)
                summary = asdict(case_summary(own.case))
                seen.append(ListedCase(**summary, waiting=tuple(tasks(own, day))))
        assert paged_cases(store, day, account) == seen
        with hindered():
            assert paged_cases(store, day, account) == seen


@SLOW
@given(seeds=SEEDS, day=DAYS)
def test_pages_of_work_are_what_waits_for_each_account(
    store: Store, seeds: list[int], day: date
) -> None:
    filled(store, seeds)
    listed = {case.case: case.waiting for case in list_cases(store, day)}
    every = list(points(store))
    for account in everybody(store):
        parts = {point.case.id: parts_in(account, point.case) for point in every}
        expected = [
            task for case, waiting in listed.items() for task in waiting if task.turn in parts[case]
        ]
        found, mark = [], None
        while page := work_of(store, day, account, after=mark, limit=2):
            found += [one.task for one in page]
            mark = page[-1].mark
        if "auditor" in account.roles:
            assert found == []
            continue
        assert sorted(found, key=repr) == sorted(expected, key=repr)
        order = [(task.due or date.max, task.since) for task in found]
        assert order == sorted(order)
        late = [one.task for one in work_of(store, day, account, within=-1)]
        assert late == [task for task in found if task.left is not None and task.left < 0][:50]
        with hindered():
            folded = [one.task for one in work_of(store, day, account)]
        assert sorted(folded, key=repr) == sorted(found[:50], key=repr) or len(found) > 50


def test_a_page_is_searched_in_either_case_of_letters_and_takes_signs_as_they_are(
    store: Store,
) -> None:
    filled(store, [1, 2, 3])
    (clerk,) = (account for account in everybody(store) if account.id == "clerk")
    every = cases_of(store, reading(store), date(2024, 1, 1), clerk)
    for words, count in (("WALK-2", 1), ("walk", 3), ("%", 0), ("w_lk", 0), ("\\", 0)):
        found = cases_of(store, reading(store), date(2024, 1, 1), clerk, words=words)
        assert len(found) == count
        assert all(case in every for case in found)
        with hindered():
            assert cases_of(store, reading(store), date(2024, 1, 1), clerk, words=words) == found
    assert cases_of(store, reading(store), date(2024, 1, 1), clerk, year=1999) == []


def test_a_page_reads_no_case_once_the_tables_are_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, [1, 2, 3])
    (clerk,) = (account for account in everybody(store) if account.id == "clerk")
    day = date(2024, 1, 1)
    cases_of(store, reading(store), day, clerk)
    monkeypatch.setattr(folded_tables, "tables_of_log", None)
    assert cases_of(store, reading(store), day, clerk)
    work_of(store, day, clerk)
