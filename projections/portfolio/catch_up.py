"""The tables follow the log: they catch up, are rebuilt, and are compared with a fresh replay.

The tables have a position, and the cases that new events touch are stale until they are folded up
to it and their rows replaced (`case_writer`). A few are one transaction; many are replaced in one
after another, and nothing is read before all of them are. So a reader always finds the tables of
one position, regardless of what runs meanwhile, and an interruption loses one step.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, func, select, text

from ledger.envelope import REGISTER, RecordedEvent, is_case, rubric_stream
from ledger.events import YearNoticeRecorded
from ledger.store import ProjectionTransaction, Store
from projections.portfolio import Watch, nobody
from projections.portfolio.case_reader import (
    AT_ONCE,
    Rubrics,
    folded_cases,
    names,
    notices_between,
    recorded_since,
    streams_set_aside,
)
from projections.portfolio.case_writer import TABLES, Folding, replace
from projections.portfolio.cases import CASES, with_cases
from projections.portfolio.steps import ViewRow
from projections.portfolio.tables import STALE, STATE, are_left, are_there, make
from projections.portfolio.views import VIEWS

LOGGER: Final = logging.getLogger(__name__)

_SIZE: Final = text("SELECT size FROM log_state")
_LEAF: Final = text("SELECT hash FROM leaves WHERE position = :position")
_TOUCHED: Final = text(
    "SELECT DISTINCT case_id FROM leaves JOIN events ON events.id = event_id"
    " WHERE position >= :since AND position < :until"
)


class ProjectionPosition(NamedTuple):
    """How far the tables have come, and the log."""

    taken: int
    size: int


def position(connection: Connection) -> ProjectionPosition | None:
    """The position of the tables; `None` where none can be read of this program and of this log.

    Another log is that before a restore, or of another ledger.
    """
    if not are_there(connection) or not _are_of_this_log(connection) or _stale(connection, 1):
        return None
    return position_of(connection)


def position_of(connection: Connection) -> ProjectionPosition:
    """The same where there are."""
    (taken,) = connection.execute(select(STATE.c.position)).one()
    return ProjectionPosition(taken, int(connection.execute(_SIZE).scalar_one()))


def _are_of_this_log(connection: Connection) -> bool:
    taken, leaf = connection.execute(select(STATE.c.position, STATE.c.leaf)).one()
    return bool(leaf == _leaf_at(connection, taken))


def _leaf_at(connection: Connection, size: int) -> str:
    """The hash of the last of so many leaves; empty where there are not so many, or none."""
    found = connection.execute(_LEAF, {"position": size - 1}).scalar()
    return "" if found is None else bytes(found).hex()


def _stale(connection: Connection, most: int) -> list[str]:
    """The first of the cases that are stale."""
    return [*connection.execute(select(STALE).order_by(STALE.c.case_id).limit(most)).scalars()]


def make_ready(store: Store) -> None:
    """Make the tables, empty, where there are none; on a server only the ledger's owner can.

    Raises:
        TablesNotMade: somebody else tries to.
    """
    with store.projection_transaction(writing=True) as beside:
        make(beside.connection)


def catch_up(
    store: Store,
    upto: int | None = None,
    watch: Watch = nobody,
    folding: Folding | None = None,
) -> ProjectionPosition:
    """Bring the tables up to the log, or to a position of it; they are made where there are none.

    Tables of another history, such as those left next to a restored backup, are rebuilt. What
    somebody began and did not finish is finished.

    Args:
        store: of the ledger.
        upto: how many events of the log to take up at most; all where it is `None`.
        watch: called with the progress, in the midst of each step.
        folding: how cases are folded; one after the other where that is not said.

    Raises:
        LockTimeout: someone else is at it.
        ReadOnly: this user may not write the tables.
        UnreadableEntry: an entry of the log.
    """
    folding, total = folding or Folding(), 0
    while True:
        folding.wait()
        with store.projection_transaction(writing=True) as beside:
            connection = beside.connection
            if not total:
                make(connection)
            if upto is None:  # what is recorded from here on is for the next time
                upto = position_of(connection).size
            _advance(beside, upto)
            place = position_of(connection)
            stale = _stale(connection, folding.ahead * AT_ONCE)
            if not stale:
                return place
            some = replace(beside, stale, place.taken, folding)
            left = connection.execute(select(func.count()).select_from(STALE)).scalar_one()
            total = max(total, some + left)
            LOGGER.info("folded %d of %d cases up to %d", total - left, total, place.taken)
            watch(total - left, total)
        if not left:
            return place


def _advance(beside: ProjectionTransaction, upto: int) -> None:
    """Move the tables to a position, where they are not so far: what that touches is stale."""
    connection = beside.connection
    if not _are_of_this_log(connection):
        for table in (*TABLES, STALE):
            connection.execute(delete(table))
        connection.execute(STATE.update().values(position=0, leaf=""))
    since, size = position_of(connection)
    upto = min(upto, size)
    if since < upto:
        known = set(connection.execute(select(STALE.c.case_id)).scalars())
        touched = _touched(connection, since, upto)
        beside.insert(STALE, [(name,) for name in touched if name not in known])
        connection.execute(STATE.update().values(position=upto, leaf=_leaf_at(connection, upto)))


def rebuild(
    store: Store, watch: Watch = nobody, folding: Folding | None = None
) -> ProjectionPosition:
    """Replace all cases, and bring the tables up to the log.

    Readers find the tables of their position meanwhile: a case is replaced as it is at that one.

    Raises:
        LockTimeout, ReadOnly, UnreadableEntry: see `catch_up`.
    """
    folding, done = folding or Folding(), 0
    every = compared_cases(store)
    while done < len(every):
        folding.wait()
        with store.projection_transaction(writing=True) as beside:
            if not done:
                for table in TABLES:
                    beside.connection.execute(delete(table).where(_is_of_no_case(table)))
            taken = position_of(beside.connection).taken
            done += replace(beside, every[done:], taken, folding)
            watch(done, len(every))
    return catch_up(store, watch=watch, folding=folding)


def _touched(connection: Connection, since: int, until: int) -> list[str]:
    """The cases that must be folded again: those with new events, or with a rubric at last."""
    if since == 0:
        return sorted(names(connection))
    news = set(connection.execute(_TOUCHED, {"since": since, "until": until}).scalars())
    if REGISTER in news:
        news |= streams_set_aside(connection, since, until)
        news |= _of_notices(connection, notices_between(connection, since, until))
    waiting = select(CASES.c.case_id, CASES.c.rubric).where(CASES.c.scored == 0)
    late = {
        case
        for case, rubric in connection.execute(waiting)
        if rubric and rubric_stream(rubric) in news
    }
    return sorted(late | {name for name in news if is_case(name)})


def _of_notices(connection: Connection, notices: Iterable[RecordedEvent]) -> set[str]:
    """The cases whose last days a notice may have changed."""
    events = [recorded.event for recorded in notices]
    kinds = {(one.year, one.bureau) for one in events if isinstance(one, YearNoticeRecorded)}
    columns = CASES.c
    return {
        case
        for year, bureau in kinds
        for case in connection.execute(
            select(columns.case_id).where(columns.year == year, columns.bureau_id == bureau)
        ).scalars()
    }


def changed_since(connection: Connection, label: str, size: int) -> dict[str, bool]:
    """The cases that have changed since a point, and whether they may have begun by then.

    The tables have the same of all others as they had then.

    Args:
        connection: over the tables and the record, in a transaction.
        label: an instant, as `recorded:INSTANT`; empty where the log had so many events.
        size: how many.
    """
    taken = position_of(connection).taken
    if not label:
        return dict.fromkeys(_touched(connection, size, taken), True)
    instant = label.partition(":")[2]
    told = [one for one in notices_between(connection, 0, taken) if one.at > instant]
    of_notices = dict.fromkeys(_of_notices(connection, told), True)
    return of_notices | recorded_since(connection, instant)


class ProjectionMismatch(NamedTuple):
    """A row of the tables that is not what a fresh replay gives.

    Attributes:
        case: whose; a key, as `#17`, for rows of no case.
        table: the view.
        row: what distinguishes it within the case.
        column: the first that differs; empty for a row that is missing or too many.
        kept: what the tables say, empty where the row is missing.
        replayed: what the replay says, empty where the row is too many.
    """

    case: str
    table: str
    row: str
    column: str
    kept: str
    replayed: str


def compared_cases(store: Store) -> list[str]:
    """The cases that `differences` compares: of the ledger, and those that the tables know.

    There are none where the tables are not there, or of another log.
    """
    with store.projection_transaction(writing=False) as beside:
        connection = beside.connection
        if not are_there(connection) or not _are_of_this_log(connection):
            return []
        return _compared_cases(connection)


def _compared_cases(connection: Connection) -> list[str]:
    known = set(connection.execute(select(CASES.c.case_id)).scalars())
    return sorted(known | names(connection))


def differences(store: Store, some: Sequence[str] | None = None) -> Iterator[ProjectionMismatch]:
    """Compare the tables with a fresh replay up to their own position; nothing is written.

    Args:
        store: of the ledger.
        some: only these cases; where there are none, only what is of no case.

    Returns:
        Every difference, but for stale cases, which are replaced before anything is read; none
        where there are no tables, and one of no case where those that there are cannot be compared:
        they are rebuilt when they are next read.
    """
    with store.projection_transaction(writing=False) as beside:
        connection = beside.connection
        if not are_there(connection):
            if are_left(connection):
                yield ProjectionMismatch("", "tables", "", "", "", "")
            return
        taken = position_of(connection).taken
        if not _are_of_this_log(connection):
            yield ProjectionMismatch("", "state", "", "leaf", str(taken), "")
            return
        stale = set(connection.execute(select(STALE.c.case_id)).scalars())
        every = [
            case
            for case in (_compared_cases(connection) if some is None else some)
            if case not in stale
        ]
        rubrics: Rubrics = {}
        for start in range(0, len(every), AT_ONCE):
            yield from _of_cases(connection, every[start : start + AT_ONCE], taken, rubrics)
        if not some:
            yield from _of_no_case(connection)


def _of_cases(
    connection: Connection, batch: Sequence[str], taken: int, rubrics: Rubrics
) -> list[ProjectionMismatch]:
    """Compare all but the keys of the cases, which are others in other tables."""
    found = list[ProjectionMismatch]()
    every = list(folded_cases(connection, batch, taken, rubrics))
    for name, view in VIEWS.items():
        stored = select(CASES.c.case_id, *view.columns).where(CASES.c.case_id.in_(batch))
        if view.table is not CASES:
            stored = stored.select_from(with_cases(view.table))
        kept: set[ViewRow] = set(map(tuple, connection.execute(stored)))
        replayed = {(folded.id, *row) for folded in every for row in view.rows(folded)}
        if kept != replayed:
            found += _mismatches(name, view.columns, kept - replayed, replayed - kept)
    return found


def _mismatches(
    table: str, columns: Sequence[Column[object]], kept: set[ViewRow], replayed: set[ViewRow]
) -> Iterator[ProjectionMismatch]:
    """Rows that only one side has; they begin with the id of the case."""
    keys = [
        at
        for at, column in enumerate(columns, 1)
        if column.primary_key and column is not CASES.c.case_id
    ]
    was, now = (
        {(row[0], *(row[at] for at in keys)): row for row in rows} for rows in (kept, replayed)
    )
    for key in sorted(was.keys() | now.keys()):
        place = (key[0], table, " ".join(map(str, key[1:])))
        if key not in was or key not in now:
            yield ProjectionMismatch(*place, "", "", "")
            continue
        sides = zip(columns, was[key][1:], now[key][1:], strict=True)
        column, old, new = next(each for each in sides if each[1] != each[2])
        yield ProjectionMismatch(*place, column.name, str(old), str(new))


def _of_no_case(connection: Connection) -> Iterator[ProjectionMismatch]:
    """Rows with a key that no case has."""
    for name, view in VIEWS.items():
        key = view.table.c.case_key
        lost = select(key).distinct().where(_is_of_no_case(view.table)).order_by(key)
        for number in connection.execute(lost).scalars():
            yield ProjectionMismatch(f"#{number}", name, "", "", "", "")


def _is_of_no_case(table: Table) -> ColumnElement[bool]:
    return table.c.case_key.not_in(select(CASES.c.case_key))
