"""The tables are written in steps, each a transaction; readers see whole positions only.

A case is folded into a life, and its rows have the number of the life. Readers see the lives that
the table of cases names. So new rows can be written step by step, and become what is read all at
once, when the names are changed:

1. *Begin*: the cases that are to be folded again are due, all of them up to the same position.
2. *Fold* some of them at a time. Their lives are drafts.
3. *Publish*: when none is due any more, the drafts take the place of what was read.
4. *Sweep*: the rows of lives that are spent are removed, some at a time.

Finished work is kept through any interruption; the next process goes on from there. A handful of
cases is replaced in one transaction, even while a long draft of an earlier position is being made:
that leaves out the lives that are younger than itself when it is published.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Final, NamedTuple

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from ledger.store import ProjectionTransaction
from projections.portfolio import (
    adjustments,
    appeals_view,
    cases,
    evidence_view,
    indicators,
    pieces_view,
    rectification_view,
    scores_view,
    texts_view,
    work_view,
)
from projections.portfolio.case_reader import AT_ONCE, Rubrics, lives
from projections.portfolio.cases import CASES, DRAFTS
from projections.portfolio.steps import ViewRow
from projections.portfolio.tables import STATE, key, life_number, table

VIEWS: Final = (
    scores_view,
    indicators,
    adjustments,
    rectification_view,
    work_view,
    appeals_view,
    evidence_view,
    texts_view,
    pieces_view,
)
"""Those that hang on the table of cases."""

DUE: Final = table("due", key("case_id"))
"""The cases of the draft that are still to be folded."""

SPENT: Final = table("spent", life_number())
"""Lives that nobody reads any more, until their rows are removed."""

_LEAF: Final = text("SELECT hash FROM leaves WHERE position = :position")


class StagedUpdate(NamedTuple):
    """A draft that is under way.

    Attributes:
        until: how many events of the log it takes up.
        leaf: the hash of the last one's leaf.
        anew: whether it is of all cases, and leaves none of those that were there.
        began: the last life that was folded before it.
    """

    until: int
    leaf: str
    anew: bool
    began: int


class Folding:
    """How the cases of a draft are folded: by this process, when they are to be written.

    Attributes:
        ahead: how many batches are looked at, of which the first is written.
    """

    ahead = 1

    def __init__(self) -> None:
        self._rubrics: dict[StagedUpdate, Rubrics] = {}

    def wait(self) -> None:
        """Wait, before others are kept from writing, until something can be written."""

    def rows(
        self, beside: ProjectionTransaction, batches: Sequence[Sequence[str]], draft: StagedUpdate
    ) -> Iterable[Sequence[ViewRow]]:
        """The rows of the first batch of cases, as `rows_of` gives them."""
        first = numbers(beside.connection, len(batches[0]))
        rubrics = self._rubrics.setdefault(draft, {})
        return rows_of(beside.connection, batches[0], draft.until, first, rubrics)


def numbers(connection: Connection, many: int) -> int:
    """The first of so many numbers of lives, which are given to nobody else."""
    last = int(connection.execute(select(STATE.c.lives)).scalar_one())
    connection.execute(STATE.update().values(lives=last + many))
    return last + 1


def rows_of(
    connection: Connection, some: Sequence[str], until: int, first: int, rubrics: Rubrics
) -> Iterator[Sequence[ViewRow]]:
    """The rows of some cases: those that name their lives, then those of each view.

    Args:
        connection: over the record.
        some: their ids.
        until: how many events of the log count.
        first: the number of the first life.
        rubrics: editions that were read before.

    Raises:
        UnreadableEntry: an entry of the log.
    """
    folded = lives(connection, some, until, rubrics, count(first))
    named = [(life, row) for life in folded for row in cases.rows(life)]
    yield [row for _, row in named]
    for view in VIEWS:
        yield [row for life, _ in named for row in view.rows(life)]


def coming(connection: Connection) -> StagedUpdate | None:
    """The draft that is under way, if any. One of another history is given up."""
    columns = STATE.c
    until, leaf, anew, began = connection.execute(
        select(columns.coming, columns.coming_leaf, columns.anew, columns.began)
    ).one()
    if until is None:
        return None
    if leaf != leaf_at(connection, until):
        abandon_staging(connection)
        return None
    return StagedUpdate(until, leaf, bool(anew), began)


def leaf_at(connection: Connection, size: int) -> str:
    """The hash of the last of so many leaves; empty where there are not so many, or none."""
    found = connection.execute(_LEAF, {"position": size - 1}).scalar()
    return "" if found is None else bytes(found).hex()


def begin_staging(
    beside: ProjectionTransaction, until: int, due: Sequence[str], *, anew: bool
) -> None:
    """Begin a draft of the cases that are due, up to a position of the log.

    Args:
        beside: the transaction.
        until: how many events of the log count.
        due: the ids of the cases.
        anew: whether these are all that there are to be.
    """
    beside.insert(DUE, [(name,) for name in due])
    leaf = leaf_at(beside.connection, until)
    beside.connection.execute(
        STATE.update().values(coming=until, coming_leaf=leaf, anew=int(anew), began=STATE.c.lives)
    )


def abandon_staging(connection: Connection) -> None:
    """Let go of the draft that is under way."""
    connection.execute(insert(SPENT).from_select(["life"], select(DRAFTS.c.life)))
    _end(connection)


def resume_staging(
    beside: ProjectionTransaction, draft: StagedUpdate, folding: Folding
) -> tuple[int, int]:
    """Write some of the cases that are due; where those were the last, publish the draft.

    Returns:
        How many were written, and how many are still due.

    Raises:
        UnreadableEntry: an entry of the log.
    """
    connection = beside.connection
    seen = select(DUE).order_by(DUE.c.case_id).limit(folding.ahead * AT_ONCE)
    due = list(connection.execute(seen).scalars())
    batches = [due[start : start + AT_ONCE] for start in range(0, len(due) or 1, AT_ONCE)]
    _write(beside, DRAFTS, folding.rows(beside, batches, draft))
    connection.execute(delete(DUE).where(DUE.c.case_id.in_(batches[0])))
    left = int(connection.execute(select(func.count()).select_from(DUE)).scalar_one())
    if not left:
        _publish(connection, draft)
    return len(batches[0]), left


def replace(beside: ProjectionTransaction, some: Sequence[str], until: int) -> None:
    """Fold a handful of cases, and publish them with the position at once.

    Args:
        beside: the transaction.
        some: their ids.
        until: how many events of the log count; not fewer than for a draft that is under way.

    Raises:
        UnreadableEntry: an entry of the log.
    """
    connection = beside.connection
    theirs = CASES.c.case_id.in_(some)
    connection.execute(insert(SPENT).from_select(["life"], select(CASES.c.life).where(theirs)))
    connection.execute(delete(CASES).where(theirs))
    first = numbers(connection, len(some))
    _write(beside, CASES, rows_of(connection, some, until, first, {}))
    _advance(connection, until, leaf_at(connection, until))


def delete_stale(connection: Connection) -> int:
    """Remove the rows of some spent lives.

    Returns:
        How many lives are still to be removed.
    """
    some = list(connection.execute(select(SPENT).order_by(SPENT.c.life).limit(AT_ONCE)).scalars())
    if not some:
        return 0
    for each in (*(view.TABLE for view in VIEWS), SPENT):
        connection.execute(delete(each).where(each.c.life.in_(some)))
    return int(connection.execute(select(func.count()).select_from(SPENT)).scalar_one())


def _write(beside: ProjectionTransaction, into: Table, folded: Iterable[Sequence[ViewRow]]) -> None:
    """Write the rows that name lives into a table, and those of the views into theirs."""
    for each, rows in zip((into, *(view.TABLE for view in VIEWS)), folded, strict=True):
        beside.insert(each, rows)


def _publish(connection: Connection, draft: StagedUpdate) -> None:
    """Put the drafts in place of what is read, but for cases that were folded further meanwhile."""
    younger = CASES.c.life > draft.began
    kept = select(CASES.c.case_id).where(younger)
    late = select(DRAFTS.c.life).where(DRAFTS.c.case_id.in_(kept))
    connection.execute(insert(SPENT).from_select(["life"], late))
    connection.execute(delete(DRAFTS).where(DRAFTS.c.case_id.in_(kept)))

    old = ~younger if draft.anew else CASES.c.case_id.in_(select(DRAFTS.c.case_id))
    connection.execute(insert(SPENT).from_select(["life"], select(CASES.c.life).where(old)))
    connection.execute(delete(CASES).where(old))
    connection.execute(insert(CASES).from_select(CASES.columns.keys(), select(DRAFTS)))
    _end(connection)
    taken, leaf = connection.execute(select(STATE.c.position, STATE.c.leaf)).one()
    if draft.until >= taken or leaf != leaf_at(connection, taken):
        _advance(connection, draft.until, draft.leaf)


def _end(connection: Connection) -> None:
    connection.execute(delete(DUE))
    connection.execute(delete(DRAFTS))
    connection.execute(STATE.update().values(coming=None, coming_leaf="", anew=0))


def _advance(connection: Connection, taken: int, leaf: str) -> None:
    connection.execute(STATE.update().values(position=taken, leaf=leaf))
