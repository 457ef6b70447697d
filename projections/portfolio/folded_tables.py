"""Tables of the same shape for one reader, asked by the same queries.

They hold what the tables next to the ledger lack: what waits at an earlier point, a day as it was
known at an instant, and everything where those cannot be brought up to the log.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, NullPool, create_engine, select

from ledger.store import Ask, Store
from migrations import PROJECTIONS
from projections.as_of import FINAL, as_known, known_by, moment_over_cases
from projections.portfolio.case_reader import at_point, folded_cases, names
from projections.portfolio.cases import CASES, CaseFilter
from projections.portfolio.catch_up import changed_since, position_of
from projections.portfolio.tables import METADATA
from projections.portfolio.views import VIEWS

AT_ANY_POINT: Final = frozenset({"scores", "indicators", "adjustments", "texts"})
"""Views whose tables hold every day and every instant, but no day as it was known at an instant."""


@contextmanager
def folded_tables(
    connection: Connection, cases: Collection[str], until: int, label: str, *views: str
) -> Iterator[Connection]:
    """The table of cases and those of views, with the rows of some cases alone.

    Args:
        connection: over the record, in a transaction.
        cases: their ids.
        until: how many events of the log count.
        label: the point, as `as_of.at` takes it; cases that had not come so far are left out.
        views: which tables.
    """
    modules = [VIEWS[name] for name in dict.fromkeys(("cases", *views))]
    folded = folded_cases(connection, sorted(cases), until, {}, by=known_by(label))
    with create_engine("sqlite://", poolclass=NullPool).connect() as made:
        # A database without a name goes to a file of its own where it is large.
        made.exec_driver_sql(f"ATTACH '' AS {PROJECTIONS}")
        METADATA.create_all(made, tables=[view.table for view in modules])
        for key, case in enumerate(folded if label == FINAL else at_point(folded, label)):
            for view in modules:
                if rows := [(key, *row) for row in view.rows(case)]:
                    marks = ", ".join("?" * len(view.table.columns))
                    made.exec_driver_sql(f"INSERT INTO {view.table} VALUES ({marks})", rows)  # noqa: S608 - names of ours
        yield made


@contextmanager
def tables_at(
    connection: Connection, label: str, chosen: CaseFilter, *views: str
) -> Iterator[Connection]:
    """The tables of views where they hold a point; otherwise those of the chosen cases as of it.

    Args:
        connection: over the tables and the record, in a transaction.
        label: the point, as `moment_over_cases` takes it.
        chosen: which cases; their stage and rubric at that point are for the queries to ask.
        views: which tables are asked.
    """
    known = moment_over_cases(label).known
    at_any_point = AT_ANY_POINT.issuperset(views)
    if label == FINAL or (at_any_point and known is None):
        yield connection
        return
    by_name = CaseFilter(cases=chosen.cases, years=chosen.years, units=chosen.units)
    cases = connection.execute(select(CASES.c.case_id).where(*by_name.conditions())).scalars()
    taken = position_of(connection).taken
    folded_at = as_known(FINAL, known) if at_any_point and known else label
    with folded_tables(connection, list(cases), taken, folded_at, *views) as then:
        yield then


@contextmanager
def tables_before(
    connection: Connection, label: str, size: int, *views: str
) -> Iterator[tuple[Collection[str], Connection]]:
    """The cases that have changed since a point, and their tables as they were then.

    The tables have the same of all others as they had then.

    Args:
        connection: over the tables and the record, in a transaction.
        label: an instant, as `recorded:INSTANT`; empty where the log had so many events.
        size: how many.
        views: which tables.
    """
    changed = changed_since(connection, label, size)
    there = [case for case, has_begun in changed.items() if has_begun]
    until = position_of(connection).taken if label else size
    with folded_tables(connection, there, until, label or FINAL, *views) as then:
        yield changed, then


@contextmanager
def tables_of_log(
    store: Store, cases: Collection[str] | None, label: str | None, *views: str
) -> Iterator[Ask]:
    """Tables of the log as it is, for queries without SQLAlchemy.

    Args:
        store: of the ledger; nothing else of it may be used meanwhile.
        cases: of which; all where it is `None`.
        label: the point, the last where it is `None`.
        views: which tables.
    """
    size = store.size()
    with store.projection_transaction(writing=False) as beside:
        every = names(beside.connection) if cases is None else cases
        with folded_tables(beside.connection, every, size, label or FINAL, *views) as tables:
            cursor = tables.connection.cursor()
            yield lambda query, values: cursor.execute(query, values).fetchall()
