"""The rows of cases are written: those of a case are replaced in all tables, by one transaction.

What is written is what the case is at the position of the tables. So a case can be replaced at any
time, and readers find either its rows from before or the new ones, of the same position.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Final

from sqlalchemy import Connection, Table, delete, func, select

from ledger.store import ProjectionTransaction
from projections.portfolio.case_reader import AT_ONCE, Rubrics, folded_cases
from projections.portfolio.cases import CASES
from projections.portfolio.steps import ViewRow
from projections.portfolio.tables import STALE
from projections.portfolio.views import VIEWS

TABLES: Final[tuple[Table, ...]] = tuple(view.table for view in VIEWS.values())
"""What is read."""

CaseRows = Sequence[tuple[str, Sequence[ViewRow]]]
"""The rows of cases in a view, by the ids of the cases."""


class Folding:
    """How cases are folded: by this process, when they are to be written.

    Attributes:
        ahead: how many batches are looked at, of which the first is written.
    """

    ahead = 1

    def __init__(self) -> None:
        self._rubrics: tuple[int, Rubrics] = (0, {})

    def wait(self) -> None:
        """Wait, before others are kept from writing, until something can be written."""

    def rows(
        self, beside: ProjectionTransaction, batches: Sequence[Sequence[str]], until: int
    ) -> Iterable[CaseRows]:
        """The rows of the first batch of cases, as `rows_of` gives them."""
        if self._rubrics[0] != until:
            self._rubrics = until, {}
        return rows_of(beside.connection, batches[0], until, self._rubrics[1])


def rows_of(
    connection: Connection, some: Sequence[str], until: int, rubrics: Rubrics
) -> Iterator[CaseRows]:
    """The rows of some cases, view by view.

    Args:
        connection: over the record.
        some: their ids.
        until: how many events of the log count.
        rubrics: editions that were read before.

    Raises:
        UnreadableEntry: an entry of the log.
    """
    every = [
        folded
        for folded in folded_cases(connection, some, until, rubrics)
        if folded.case.opened is not None
    ]
    for view in VIEWS.values():
        yield [(folded.id, list(view.rows(folded))) for folded in every]


def replace(
    beside: ProjectionTransaction, cases: Sequence[str], until: int, folding: Folding
) -> int:
    """Replace the rows of the first batch of cases; those without an event have none.

    Args:
        beside: the transaction.
        cases: their ids, and those that are to be replaced next.
        until: the position of the tables.
        folding: how cases are folded.

    Returns:
        How many cases were replaced.

    Raises:
        UnreadableEntry: an entry of the log.
    """
    connection = beside.connection
    seen = min(len(cases), folding.ahead * AT_ONCE)
    batches = [cases[start : start + AT_ONCE] for start in range(0, seen, AT_ONCE)]
    keys = _keys(connection, batches[0])
    former = ", ".join(map(str, keys.values()))
    for table in TABLES:
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE case_key IN ({former})")  # noqa: S608 - names and numbers of ours
    for table, of_cases in zip(TABLES, folding.rows(beside, batches, until), strict=True):
        beside.insert(table, [(keys[case], *row) for case, rows in of_cases for row in rows])
    connection.execute(delete(STALE).where(STALE.c.case_id.in_(batches[0])))
    return len(batches[0])


def _keys(connection: Connection, cases: Sequence[str]) -> dict[str, int]:
    """The keys of cases, new ones for those that have none."""
    known = select(CASES.c.case_id, CASES.c.case_key).where(CASES.c.case_id.in_(cases))
    keys = {case: int(key) for case, key in connection.execute(known)}
    last = connection.execute(select(func.max(CASES.c.case_key))).scalar()
    new = count((last or 0) + 1)
    return {case: keys[case] if case in keys else next(new) for case in cases}
