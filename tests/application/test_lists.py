"""Lists of all cases: what the tables say is what each case says, whoever cannot use the tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application import lists
from application.lists import holders, list_appeals, list_cases, list_requests
from ledger.ledger import Ledger
from ledger.store import LockTimeout, Store
from ledger.values import Invalid
from projections.as_of import CaseAsOf, at
from projections.portfolio import catch_up as following
from projections.portfolio import folded_tables
from projections.portfolio.catch_up import catch_up
from projections.rectification_status import rectification
from projections.work_list import appeals, tasks
from tests.support.portfolio_tables import filled

pytestmark = pytest.mark.slow

SEEDS = st.lists(st.integers(0, 5000), min_size=1, max_size=4, unique=True)
DAYS = st.dates(date(2023, 3, 1), date(2024, 9, 1))
SLOW = settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def points(store: Store, label: str = "final") -> Iterator[CaseAsOf]:
    """A point of every case that has come so far, replayed from the ledger."""
    ledger = Ledger(store)
    for name in ledger.streams():
        if ":" not in name:
            try:
                point = at(ledger.history(name), ledger.editions("small"), label)
            except Invalid:
                continue
            if point.history:
                yield point


@contextmanager
def hindered() -> Iterator[None]:
    """Somebody else is bringing the tables up to date, and does not come to an end."""

    def busy(*_: object) -> None:
        raise LockTimeout("busy")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(following, "catch_up", busy)
        yield


@SLOW
@given(seeds=SEEDS, day=DAYS, label=st.sampled_from(["final", "issued", "2024-01-15"]))
def test_what_is_listed_is_what_each_case_says(
    store: Store, seeds: list[int], day: date, label: str
) -> None:
    filled(store, seeds)
    listed = list_cases(store, day)
    assert [(one.case, one.version, one.stage, len(one.waiting)) for one in listed] == [
        (point.case.id, point.case.version, point.case.stage, len(tasks(point, day)))
        for point in points(store)
    ]
    assert [task for one in listed for task in one.waiting] == [
        task for point in points(store) for task in tasks(point, day)
    ]
    assert list_requests(store, day, label) == [
        (point.history[0].case, one)
        for point in points(store, label)
        for one in rectification(point, day)
    ]
    lodged = [one for point in points(store) for one in appeals(point)]
    assert list_appeals(store) == lodged
    assert list_appeals(store, only_open=True) == [one for one in lodged if one.open]


@SLOW
@given(seeds=SEEDS, day=DAYS)
def test_whoever_cannot_wait_for_the_tables_reads_the_same(
    store: Store, seeds: list[int], day: date
) -> None:
    filled(store, seeds)
    with hindered():
        folded = (list_cases(store, day), list_requests(store, day), list_appeals(store))
    assert folded == (list_cases(store, day), list_requests(store, day), list_appeals(store))


@SLOW
@given(seeds=SEEDS)
def test_a_file_is_held_by_the_cases_that_filed_it_and_did_not_erase_it(
    store: Store, seeds: list[int]
) -> None:
    filled(store, seeds)
    cases = [point.case for point in points(store)]
    for file in {sha256 for case in cases for sha256 in case.evidence}:
        holding = sorted(
            case.id for case in cases if file in case.evidence and file not in case.erased
        )
        assert holders(store, file) == holding
        with hindered():
            assert holders(store, file) == holding
    assert holders(store, "0" * 64) == []


def test_tables_that_are_behind_are_not_believed(store: Store) -> None:
    filled(store, [1, 2])
    catch_up(store, upto=30)
    with hindered():
        behind = list_cases(store, date(2024, 1, 1))
    assert behind == list_cases(store, date(2024, 1, 1))


def test_a_list_reads_no_case_once_the_tables_are_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, [1, 2, 3])
    day = date(2024, 1, 1)
    list_cases(store, day)
    monkeypatch.setattr(folded_tables, "tables_of_log", None)
    monkeypatch.setattr(following, "catch_up", None)
    assert lists.list_cases(store, day)
    list_requests(store, day)
    list_appeals(store)
    holders(store, "0" * 64)
