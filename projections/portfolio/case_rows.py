"""The rows of a view over all cases, for lists: from the tables, or folded for this reader alone.

The tables are brought up to the log first. Where that cannot be done, since nobody may write them
here or somebody else is at it, every case is folded: the same rows, only slower.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, select

from ledger.store import DatabaseUnavailable, LockTimeout, Store
from projections.portfolio.case_reader import at_point, lives, names
from projections.portfolio.cases import CASES
from projections.portfolio.catch_up import Watch, catch_up, is_of_this_log, nobody, position
from projections.portfolio.steps import FoldedCase
from projections.portfolio.tables import fetch_rows


class CaseRows:
    """Every case of a ledger, to be asked for rows of views."""

    def __init__(self, connection: Connection, size: int, *, folded: bool) -> None:
        """Read the tables or fold the record.

        Args:
            connection: over both, in a transaction.
            size: how many events of the log count.
            folded: whether the cases are folded and the tables left alone.
        """
        self._connection = connection
        self._size = size
        self._folded = self.lives(sorted(names(connection))) if folded else None

    def of(self, view: ModuleType, **values: object) -> list[dict[str, Any]]:
        """The rows of a view by column, each with its `case_id`.

        Args:
            view: with its table and its fold.
            values: of columns; all rows where there are none.
        """
        table = view.TABLE
        if self._folded is None:
            wanted = select(
                CASES.c.case_id, *[column for column in table.c if column.name != "case_id"]
            )
            if table is not CASES:
                wanted = wanted.join_from(CASES, table, CASES.c.life == table.c.life)
            where = [table.c[name] == value for name, value in values.items()]
            return fetch_rows(self._connection, wanted.where(*where))
        rows = rows_of(view, self._folded)
        return [row for row in rows if all(row[name] == value for name, value in values.items())]

    def at(self, cases: Sequence[str], label: str) -> list[FoldedCase]:
        """Some cases folded up to an earlier point; those that had not come so far are left out."""
        return list(at_point(self.lives(cases), label))

    def lives(self, cases: Sequence[str]) -> list[FoldedCase]:
        """Some cases, folded from the record."""
        return list(lives(self._connection, cases, self._size, {}))


def rows_of(view: ModuleType, folded: Iterable[FoldedCase]) -> Iterator[dict[str, Any]]:
    """The rows that a view makes of folded cases, by column, each with its `case_id`."""
    for life in folded:
        for row in view.rows(life):
            yield {"case_id": life.id, **dict(zip(view.TABLE.columns.keys(), row, strict=True))}


@contextmanager
def every_case(store: Store, watch: Watch = nobody) -> Iterator[CaseRows]:
    """All cases as the log has them, or newer.

    Args:
        store: of the ledger; nothing else of it may be used meanwhile.
        watch: told how far the tables have come.
    """
    size = store.size()
    with suppress(LockTimeout, DatabaseUnavailable):
        if not _follow(store, size):
            catch_up(store, size, watch)
    with store.projection_transaction(writing=False) as beside:
        connection = beside.connection
        behind = not _are_at(connection, size)
        yield CaseRows(connection, size, folded=behind)


def _follow(store: Store, size: int) -> bool:
    with store.projection_transaction(writing=False) as beside:
        return _are_at(beside.connection, size)


def _are_at(connection: Connection, size: int) -> bool:
    place = position(connection)
    return place is not None and place.taken >= size and is_of_this_log(connection)
