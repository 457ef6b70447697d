"""The rows of views over all cases, for lists: from the tables, or folded for this reader alone.

The tables are brought up to the log first. Where that cannot be done, since nobody may write them
here or somebody else is at it, every case is folded: the same rows, only slower. Tables that are
up to the log are asked as the driver takes it: importing SQLAlchemy takes longer than a list does.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple, TypeVar

from ledger.store import Ask, DatabaseUnavailable, LockTimeout, Store
from migrations import PROJECTIONS
from projections.portfolio import Watch, nobody, table_name

Row = tuple[Any, ...]
T = TypeVar("T")

_STATE: Final = (
    f"SELECT position, leaf FROM {PROJECTIONS}.{table_name('state')}"  # noqa: S608 - names of our tables
    f" WHERE NOT EXISTS (SELECT 1 FROM {PROJECTIONS}.{table_name('stale')})"
)
_LEAF: Final = "SELECT hash FROM main.leaves WHERE position = ?"


class ViewColumns(NamedTuple):
    """What a list wants of a view.

    Attributes:
        view: the table, without its family and shape.
        columns: next to the id of the case, which comes first in each row.
        order: columns by which the rows of a case are ordered.
        only: values of columns; all rows where there are none.
    """

    view: str
    columns: tuple[str, ...]
    order: tuple[str, ...] = ()
    only: tuple[tuple[str, object], ...] = ()


def rows_of_all(
    store: Store, *wanted: ViewColumns, watch: Watch = nobody
) -> Sequence[Sequence[Row]]:
    """The rows of views over all cases as the log has them, or newer, all at one moment.

    Args:
        store: of the ledger.
        wanted: of which views; the rows of each are in the order of the ids of their cases.
        watch: called with the position that the tables have reached.
    """

    def rows(ask: Ask) -> list[list[Row]]:
        return [ask(_query(each), [value for _, value in each.only]) for each in wanted]

    return asked(store, rows, [each.view for each in wanted], watch=watch)


def rows_at(store: Store, wanted: ViewColumns, cases: Collection[str], label: str) -> Sequence[Row]:
    """The rows of a view as some cases were at a point; those that had not come so far have none.

    Args:
        store: of the ledger.
        wanted: of which view; not of single values of columns.
        cases: their ids.
        label: the point.
    """
    return folded(store, lambda ask: ask(_query(wanted), ()), [wanted.view], cases, label)


def asked(
    store: Store,
    read: Callable[[Ask], T],
    views: Sequence[str],
    cases: Collection[str] | None = None,
    watch: Watch = nobody,
) -> T:
    """What the tables have, brought up to the log or folded for this reader.

    Args:
        store: of the ledger.
        read: asks them.
        views: which tables it asks.
        cases: of which it asks; all where it is `None`.
        watch: called with the position that the tables have reached.
    """
    found = brought_up(store, read, watch)
    return folded(store, read, views, cases) if found is None else found


def brought_up(store: Store, read: Callable[[Ask], T], watch: Watch = nobody) -> T | None:
    """The same of the tables next to the ledger; `None` where they cannot be brought up to it."""
    size = store.size()
    found = _at(store, size, read)
    if found is None:
        from projections.portfolio.catch_up import catch_up  # noqa: PLC0415 - needs SQLAlchemy

        with suppress(LockTimeout, DatabaseUnavailable):
            catch_up(store, size, watch)
        found = _at(store, size, read)
    return found


def folded(
    store: Store,
    read: Callable[[Ask], T],
    views: Sequence[str],
    cases: Collection[str] | None = None,
    label: str | None = None,
) -> T:
    """The same of tables that are folded for this reader alone, now or as of a point."""
    from projections.portfolio import folded_tables  # noqa: PLC0415 - needs SQLAlchemy

    with folded_tables.tables_of_log(store, cases, label, *views) as ask:
        return read(ask)


def _at(store: Store, size: int, read: Callable[[Ask], T]) -> T | None:
    """What the tables have; `None` where there are none, or they are not up to the log."""
    with suppress(LockTimeout, DatabaseUnavailable), store.projection_reading() as ask:
        if _are_at(ask, size):
            return read(ask)
    return None


def _are_at(ask: Ask, size: int) -> bool:
    """Whether the tables have taken up so much, of this log."""
    for taken, leaf in ask(_STATE, ()):
        last = b"".join(bytes(found) for (found,) in ask(_LEAF, (taken - 1,)))
        return bool(taken >= size and leaf == last.hex())
    return False  # cases are stale, or somebody has taken the row away


def _query(wanted: ViewColumns) -> str:
    """The rows of a view, each with the id of its case."""
    cases, table = (f"{PROJECTIONS}.{table_name(name)}" for name in ("cases", wanted.view))
    whose = "" if table == cases else f" JOIN {cases} AS cases USING (case_key)"
    of = "rows" if table == cases else "cases"
    columns = ", ".join([f"{of}.case_id", *(f"rows.{name}" for name in wanted.columns)])
    where = " AND ".join(f"rows.{name} = ?" for name, _ in wanted.only)
    order = ", ".join([f"{of}.case_id", *(f"rows.{name}" for name in wanted.order)])
    return (
        f"SELECT {columns} FROM {table} AS rows{whose}"  # noqa: S608 - names of our tables and columns
        f"{where and ' WHERE '}{where} ORDER BY {order}"
    )
