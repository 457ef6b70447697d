"""The tables are written in steps, each a transaction; readers see whole positions only.

A case is folded as a whole, and each time its rows have the number of a new generation. Readers
see the generations that the table of cases names. So new rows can be written step by step, and
become what is read all at once, when the names are changed:

1. *Begin*: the cases that are to be folded are due, all of them up to the same position.
2. *Stage* some of them at a time: their rows are written, and named by the staging table alone.
3. *Publish*: when none is due any more, the two tables change the names of these cases.
4. *Sweep*: what the staging table names now is stale; its rows are removed, some at a time.

Finished work is kept through any interruption; the next process goes on from there. A handful of
cases is replaced in one transaction, even while a long staging of an earlier position is under way:
that leaves out the cases with a generation younger than itself when it is published.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from ledger.store import ProjectionTransaction
from projections.portfolio.case_reader import AT_ONCE, Rubrics, folded_cases
from projections.portfolio.cases import CASES, STAGED
from projections.portfolio.steps import ViewRow
from projections.portfolio.tables import STATE, key, large_count, table, yes_no
from projections.portfolio.views import VIEWS

STAGING: Final = table(
    "staging", large_count("position"), key("leaf"), yes_no("whole"), large_count("before")
)
"""One row while a staging is under way; none otherwise."""
DUE: Final = table("due", key("case_id"))
"""The cases that are still to be staged."""

_LEAF: Final = text("SELECT hash FROM leaves WHERE position = :position")
_TABLES: Final = [view.table for view in VIEWS.values() if view.table is not CASES]
"""Those whose rows the table of cases names."""


class Staging(NamedTuple):
    """A staging that is under way.

    Attributes:
        position: how many events of the log it takes up.
        leaf: the hash of the last one's leaf.
        whole: whether it is of all cases, and leaves none of those that were there.
        before: the last generation before it.
    """

    position: int
    leaf: str
    whole: int
    before: int


class Folding:
    """How the cases of a staging are folded: by this process, when they are to be written.

    Attributes:
        ahead: how many batches are looked at, of which the first is written.
    """

    ahead = 1

    def __init__(self) -> None:
        self._rubrics: dict[Staging, Rubrics] = {}

    def wait(self) -> None:
        """Wait, before others are kept from writing, until something can be written."""

    def rows(
        self, beside: ProjectionTransaction, batches: Sequence[Sequence[str]], staging: Staging
    ) -> Iterable[Sequence[ViewRow]]:
        """The rows of the first batch of cases, as `rows_of` gives them."""
        first = new_generations(beside.connection, len(batches[0]))
        rubrics = self._rubrics.setdefault(staging, {})
        return rows_of(beside.connection, batches[0], staging.position, first, rubrics)


def new_generations(connection: Connection, count: int) -> int:
    """The number of the first of so many generations, which are given to nobody else."""
    last = _last_generation(connection)
    connection.execute(STATE.update().values(generation=last + count))
    return last + 1


def _last_generation(connection: Connection) -> int:
    return int(connection.execute(select(STATE.c.generation)).scalar_one())


def rows_of(
    connection: Connection, some: Sequence[str], until: int, first: int, rubrics: Rubrics
) -> Iterator[Sequence[ViewRow]]:
    """The rows of some cases, view by view.

    Args:
        connection: over the record.
        some: their ids.
        until: how many events of the log count.
        first: the number of the first generation.
        rubrics: editions that were read before.

    Raises:
        UnreadableEntry: an entry of the log.
    """
    every = [
        folded
        for folded in folded_cases(connection, some, until, rubrics, first)
        if folded.case.opened is not None
    ]
    for view in VIEWS.values():
        yield [row for folded in every for row in view.rows(folded)]


def staging_under_way(connection: Connection) -> Staging | None:
    """The staging that is under way, if any. One of another history is abandoned."""
    found = connection.execute(select(STAGING)).one_or_none()
    if found is None:
        return None
    staging = Staging(*found)
    if staging.leaf != leaf_at(connection, staging.position):
        abandon(connection)
        return None
    return staging


def leaf_at(connection: Connection, size: int) -> str:
    """The hash of the last of so many leaves; empty where there are not so many, or none."""
    found = connection.execute(_LEAF, {"position": size - 1}).scalar()
    return "" if found is None else bytes(found).hex()


def begin(beside: ProjectionTransaction, position: int, due: Sequence[str], *, whole: bool) -> None:
    """Begin a staging of the cases that are due, up to a position of the log.

    Args:
        beside: the transaction.
        position: how many events of the log count.
        due: the ids of the cases.
        whole: whether these are all that there are to be.
    """
    beside.insert(DUE, [(name,) for name in due])
    leaf, last = leaf_at(beside.connection, position), _last_generation(beside.connection)
    beside.insert(STAGING, [(position, leaf, int(whole), last)])


def abandon(connection: Connection) -> None:
    """Let go of the staging that is under way: what it has staged is stale."""
    for each in (DUE, STAGING):
        connection.execute(delete(each))


def stage(beside: ProjectionTransaction, staging: Staging, folding: Folding) -> tuple[int, int]:
    """Stage some of the cases that are due; where those were the last, publish them all.

    Returns:
        How many were staged, and how many are still due.

    Raises:
        UnreadableEntry: an entry of the log.
    """
    connection = beside.connection
    seen = select(DUE).order_by(DUE.c.case_id).limit(folding.ahead * AT_ONCE)
    due = list(connection.execute(seen).scalars())
    batches = [due[start : start + AT_ONCE] for start in range(0, len(due) or 1, AT_ONCE)]
    _write(beside, STAGED, folding.rows(beside, batches, staging))
    connection.execute(delete(DUE).where(DUE.c.case_id.in_(batches[0])))
    left = int(connection.execute(select(func.count()).select_from(DUE)).scalar_one())
    if not left:
        _publish(connection, staging)
    return len(batches[0]), left


def replace(beside: ProjectionTransaction, some: Sequence[str], until: int) -> None:
    """Fold a handful of cases, and publish them with the position at once.

    Args:
        beside: the transaction.
        some: their ids.
        until: how many events of the log count; not fewer than for a staging that is under way.

    Raises:
        UnreadableEntry: an entry of the log.
    """
    connection = beside.connection
    former = select(CASES.c.generation).where(CASES.c.case_id.in_(some))
    _remove(connection, CASES, connection.execute(former).scalars().all())
    first = new_generations(connection, len(some))
    _write(beside, CASES, rows_of(connection, some, until, first, {}))
    _advance(connection, until, leaf_at(connection, until))


def sweep(connection: Connection) -> bool:
    """Remove the rows of some stale generations, while no staging is under way.

    Returns:
        Whether there were any.
    """
    stale = connection.execute(select(STAGED.c.generation).limit(AT_ONCE)).scalars().all()
    _remove(connection, STAGED, stale)
    return bool(stale)


def _remove(connection: Connection, named_by: Table, generations: Sequence[int]) -> None:
    for each in (named_by, *_TABLES) if generations else ():
        connection.execute(delete(each).where(each.c.generation.in_(generations)))


def _write(beside: ProjectionTransaction, into: Table, rows: Iterable[Sequence[ViewRow]]) -> None:
    """Write the rows that name generations into a table, and those of the views into theirs."""
    for each, some in zip((into, *_TABLES), rows, strict=True):
        beside.insert(each, some)


def _publish(connection: Connection, staging: Staging) -> None:
    """Read what is staged, but for cases that were replaced meanwhile; what was read is stale."""
    replaced = select(CASES.c.case_id).where(CASES.c.generation > staging.before)
    ready = (STAGED.c.generation > staging.before) & STAGED.c.case_id.not_in(replaced)
    former = CASES.c.generation <= staging.before
    if not staging.whole:
        former &= CASES.c.case_id.in_(select(STAGED.c.case_id).where(ready))
    names = CASES.columns.keys()
    connection.execute(insert(STAGED).from_select(names, select(CASES).where(former)))
    connection.execute(delete(CASES).where(CASES.c.generation.in_(select(STAGED.c.generation))))
    connection.execute(insert(CASES).from_select(names, select(STAGED).where(ready)))
    connection.execute(delete(STAGED).where(STAGED.c.generation.in_(select(CASES.c.generation))))
    abandon(connection)
    position, leaf = connection.execute(select(STATE.c.position, STATE.c.leaf)).one()
    if staging.position >= position or leaf != leaf_at(connection, position):
        _advance(connection, staging.position, staging.leaf)


def _advance(connection: Connection, position: int, leaf: str) -> None:
    connection.execute(STATE.update().values(position=position, leaf=leaf))
