"""Long lists of all cases are written as they are read: memory does not grow with the cases."""

import tracemalloc
from datetime import date

import pytest
from sqlalchemy import Connection, Table, select

from application.portfolio import CaseFilter, portfolio
from application.portfolio_list import ListFilter, portfolio_list
from documents.lists import csv_parts, json_parts
from ledger.store import Store
from projections.formatting import indented_json
from projections.portfolio.adjustments import ADJUSTMENTS
from projections.portfolio.cases import CASES
from projections.portfolio.catch_up import catch_up
from projections.portfolio.scores_view import SCORES
from tests.support.portfolio_tables import filled

pytestmark = pytest.mark.slow

DAY = date(2024, 8, 1)
AWARDS = 10
"""Copies of every award of a case: more rows than a rubric of tests has."""


def copied(store: Store, cases: range) -> None:
    """Put copies of the first case into the tables, under other names, as if they were folded."""
    with store.projection_transaction(writing=True) as beside:
        copy(beside.connection, CASES, cases)
        copy(beside.connection, SCORES, cases)
        copy(beside.connection, ADJUSTMENTS, cases, AWARDS)


def copy(connection: Connection, table: Table, cases: range, times: int = 1) -> None:
    first = select(CASES.c.case_key).where(CASES.c.case_id == "walk-3").scalar_subquery()
    found = connection.execute(select(table).where(table.c.case_key == first)).mappings().all()
    for number in cases:
        new: dict[str, object] = {"case_key": 1_000 + number}
        if table is CASES:
            new["case_id"] = f"copy-{number:04}"
        rows = [
            {**row, **new, **({"indicator": f"{row['indicator']}-{nth}"} if times > 1 else {})}
            for row in found
            for nth in range(times)
        ]
        connection.execute(table.insert(), rows)


def peak(store: Store, asked: ListFilter) -> tuple[int, int]:
    """The most memory that a list took, as CSV and as JSON; and how many characters it has."""
    tracemalloc.start()
    written = 0
    for form in ("csv", "json"):
        with portfolio(store, "final", CaseFilter()) as tables:
            columns, rows = portfolio_list("adjustments", tables, asked, DAY, "en")
        names = [column.name for column in columns]
        if form == "csv":
            parts = csv_parts(names, ([str(row[name]) for name in names] for row in rows))
        else:
            parts = json_parts(
                '{\n  "rows": []\n}', {"rows": rows}, lambda some: indented_json(some, "en")
            )
        written += sum(map(len, parts))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most, written


@pytest.mark.sqlite_only("memory of this process, whatever the database")
def test_four_times_as_many_awards_take_no_more_memory(store: Store) -> None:
    catch_up(filled(store, [3]))
    listed, grouped = ListFilter(each=True), ListFilter()
    copied(store, range(40))
    peak(store, listed)  # what is imported and compiled once is not of the rows
    few = [peak(store, asked) for asked in (listed, grouped)]
    copied(store, range(40, 160))
    many = [peak(store, asked) for asked in (listed, grouped)]

    assert many[0][1] > 3.5 * few[0][1], "the list is four times as long"
    for (before, _), (after, _) in zip(few, many, strict=True):
        assert after < 1.5 * before
