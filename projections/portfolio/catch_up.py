"""The tables follow the log: they catch up, are rebuilt, and are compared with a fresh replay.

The cases that new events touch are folded again up to one position, and their rows replaced. A few
are one transaction; many are a draft (`draft`), made in one transaction after another and read by
nobody before it is whole. So a reader always finds the tables of one position,
regardless of what runs meanwhile, and an interruption loses one step.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, select, text, union_all

from ledger.envelope import REGISTER, RecordedEvent, is_case, rubric_stream
from ledger.events import YearNoticeRecorded
from ledger.store import ProjectionTransaction, Store
from projections.portfolio import Watch, cases, nobody, staging
from projections.portfolio.case_reader import (
    AT_ONCE,
    Rubrics,
    at_point,
    lives,
    names,
    notices_between,
    recorded_since,
    streams_set_aside,
)
from projections.portfolio.cases import CASES, DRAFTS, CaseFilter
from projections.portfolio.staging import SPENT, VIEWS, leaf_at
from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import STATE, are_left, are_there, fetch_rows, make

LOGGER: Final = logging.getLogger(__name__)

TABLES: Final[tuple[Table, ...]] = (CASES, *(view.TABLE for view in VIEWS))
"""What is read."""

_SIZE: Final = text("SELECT size FROM log_state")
_TOUCHED: Final = text(
    "SELECT DISTINCT case_id FROM leaves JOIN events ON events.id = event_id"
    " WHERE position >= :since AND position < :until"
)


class ProjectionPosition(NamedTuple):
    """How far the tables have come, and the log."""

    taken: int
    size: int


def position(connection: Connection) -> ProjectionPosition | None:
    """The position of the tables; `None` where there are none that this program understands."""
    if not are_there(connection):
        return None
    return _position(connection)


def _position(connection: Connection) -> ProjectionPosition:
    (taken,) = connection.execute(select(STATE.c.position)).one()
    return ProjectionPosition(taken, int(connection.execute(_SIZE).scalar_one()))


def is_current(connection: Connection) -> bool:
    """Whether the tables have taken up the whole log, so that nothing is to be written."""
    place = position(connection)
    return place is not None and place.taken == place.size and is_of_this_log(connection)


def is_of_this_log(connection: Connection) -> bool:
    """Whether the tables follow this log: not one of before a restore, nor of another ledger."""
    taken, leaf = connection.execute(select(STATE.c.position, STATE.c.leaf)).one()
    return bool(leaf == leaf_at(connection, taken))


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
    folding: staging.Folding | None = None,
) -> ProjectionPosition:
    """Bring the tables up to the log, or to a position of it; they are made where there are none.

    Tables of another history, such as those left next to a restored backup, are rebuilt. What
    somebody began and did not finish is gone on with, to where that was to go.

    Args:
        store: of the ledger.
        upto: how many events of the log to take up at most; all where it is `None`.
        watch: called with the progress, in the midst of each step.
        folding: how many cases are folded; one after the other where that is not said.

    Raises:
        LockTimeout: someone else is at it.
        ReadOnly: this user may not write the tables.
        UnreadableEntry: an entry of the log.
    """
    while True:
        with store.projection_transaction(writing=True) as beside:
            make(beside.connection)
            place = _position(beside.connection)
            # What is recorded from here on is for the next time: else there might be no end.
            upto = place.size if upto is None else min(upto, place.size)
            if _is_replaced(beside, upto, watch):
                return _position(beside.connection)
        _go_on(store, watch, folding)


def rebuild(
    store: Store, watch: Watch = nobody, folding: staging.Folding | None = None
) -> ProjectionPosition:
    """Rebuild the tables; until it is done readers find them as they were.

    Raises:
        Busy, ReadOnly, Unreadable: see `catch_up`.
    """
    with store.projection_transaction(writing=True) as beside:
        make(beside.connection)
        staging.abandon_staging(beside.connection)
        _begin_anew(beside, _position(beside.connection).size)
    _go_on(store, watch, folding)
    with store.projection_transaction(writing=False) as beside:
        return _position(beside.connection)


def _is_replaced(beside: ProjectionTransaction, upto: int, watch: Watch) -> bool:
    """Whether nothing more is to be done; what is to be done is done here, if it is little.

    Otherwise a draft is under way at the end.
    """
    connection = beside.connection
    coming = staging.coming(connection)
    if not is_of_this_log(connection):
        if coming is None:
            _begin_anew(beside, upto)
        return False
    since = _position(connection).taken
    if since >= upto:
        return True
    due = _touched(connection, since, upto)
    if len(due) <= AT_ONCE and (coming is None or coming.until <= upto):
        staging.replace(beside, due, upto)
        LOGGER.info("took up positions %d to %d: %d cases", since, upto - 1, len(due))
        staging.delete_stale(connection)
        watch(len(due), len(due))
        return True
    if coming is None:
        staging.begin_staging(beside, upto, due, anew=False)
    return False


def _begin_anew(beside: ProjectionTransaction, until: int) -> None:
    staging.begin_staging(beside, until, sorted(names(beside.connection)), anew=True)


def _go_on(store: Store, watch: Watch, folding: staging.Folding | None) -> None:
    """Make the draft that is under way, if any, and remove what nobody reads any more."""
    total = 0
    folding = folding or staging.Folding()
    while True:
        folding.wait()
        with store.projection_transaction(writing=True) as beside:
            coming = staging.coming(beside.connection)
            if coming is None:
                if not staging.delete_stale(beside.connection):
                    return
                continue
            some, left = staging.resume_staging(beside, coming, folding)
            total = max(total, some + left)
            LOGGER.info(
                "folded %d of %d cases up to position %d", total - left, total, coming.until
            )
            watch(total - left, total)


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


def lives_since(
    connection: Connection, label: str, size: int
) -> tuple[Collection[str], Iterator[FoldedCase]]:
    """What has changed since a point of all cases: their names, and the cases as they were then.

    The tables have the same of all others as they had then.

    Args:
        connection: over the tables and the record, in a transaction.
        label: an instant, as `recorded:INSTANT`; empty where the log had so many events.
        size: how many.
    """
    taken = _position(connection).taken
    if not label:
        touched = _touched(connection, size, taken)
        return touched, lives(connection, touched, size, {}, count(1))
    instant = label.partition(":")[2]
    told = [one for one in notices_between(connection, 0, taken) if one.at > instant]
    touched = sorted(recorded_since(connection, instant) | _of_notices(connection, told))
    return touched, at_point(lives(connection, touched, taken, {}, count(1)), label)


def lives_at(connection: Connection, label: str, chosen: CaseFilter) -> Iterator[FoldedCase]:
    """The chosen cases folded up to an earlier point, for what no table holds for every point.

    Args:
        connection: over the tables and the record, in a transaction.
        label: as `as_of.at` takes it. Cases that had not come so far are left out.
        chosen: which cases; their stage and rubric at that point are for the caller to ask.
    """
    taken = _position(connection).taken
    by_name = CaseFilter(cases=chosen.cases, years=chosen.years, units=chosen.units)
    wanted = select(CASES.c.case_id).where(*by_name.conditions()).order_by(CASES.c.case_id)
    yield from at_point(
        lives(connection, list(connection.execute(wanted).scalars()), taken, {}, count(1)), label
    )


class ProjectionMismatch(NamedTuple):
    """A row of the tables that is not what a fresh replay gives.

    Attributes:
        case: whose; the number of a life, as `#17`, for rows of no case.
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
    """The cases that `differences` compares: of the ledger, and those that the tables know."""
    with store.projection_transaction(writing=False) as beside:
        connection = beside.connection
        return _compared_cases(connection) if are_there(connection) else []


def _compared_cases(connection: Connection) -> list[str]:
    known = set(connection.execute(select(CASES.c.case_id)).scalars())
    return sorted(known | names(connection))


def differences(store: Store, some: Sequence[str] | None = None) -> Iterator[ProjectionMismatch]:
    """Compare the tables with a fresh replay up to their own position; nothing is written.

    Args:
        store: of the ledger.
        some: only these cases; where there are none, only what is of no case.

    Returns:
        Every difference; none where there are no tables, and one of no case where those that there
        are cannot be compared: they are rebuilt when they are next read.
    """
    with store.projection_transaction(writing=False) as beside:
        connection = beside.connection
        if not are_there(connection):
            if are_left(connection):
                yield ProjectionMismatch("", "tables", "", "", "", "")
            return
        taken = _position(connection).taken
        if not is_of_this_log(connection):
            yield ProjectionMismatch("", "state", "", "leaf", str(taken), "")
            return
        every = _compared_cases(connection) if some is None else some
        rubrics: Rubrics = {}
        for start in range(0, len(every), AT_ONCE):
            yield from _of_cases(connection, every[start : start + AT_ONCE], taken, rubrics)
        if not some:
            yield from _of_no_case(connection)


def _of_cases(
    connection: Connection, batch: Sequence[str], taken: int, rubrics: Rubrics
) -> Iterator[ProjectionMismatch]:
    folded = list(lives(connection, batch, taken, rubrics))
    for view in (cases, *VIEWS):
        replayed = [(life.id, row) for life in folded for row in view.rows(life)]
        yield from _compared(connection, view.TABLE, batch, replayed)


def _compared(
    connection: Connection,
    table: Table,
    batch: Sequence[str],
    replayed: Sequence[tuple[str, ViewRow]],
) -> Iterator[ProjectionMismatch]:
    """Compare all but the numbers of the lives, which are others for each fold."""
    columns = [column for column in table.columns if column.name not in _WHOSE]
    keys = ["case_id", *[column.name for column in columns if column.primary_key]]

    def by_key(rows: Iterable[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
        return {tuple(row[key] for key in keys): row for row in rows}

    stored = select(CASES.c.case_id, *columns).where(CASES.c.case_id.in_(batch))
    if table is not CASES:
        stored = stored.join_from(CASES, table, CASES.c.life == table.c.life)
    kept = by_key(fetch_rows(connection, stored))
    wanted = by_key(
        {**dict(zip(table.columns.keys(), row, strict=True)), "case_id": case}
        for case, row in replayed
    )
    for key in sorted(kept.keys() | wanted.keys()):
        written, folded = kept.get(key), wanted.get(key)
        row = " ".join(str(part) for part in key[1:])
        place = (key[0], table.name.rpartition("_")[2], row)
        if written is None or folded is None:
            yield ProjectionMismatch(*place, "", "", "")
            continue
        for column in (
            column.name for column in columns if written[column.name] != folded[column.name]
        ):
            yield ProjectionMismatch(*place, column, str(written[column]), str(folded[column]))
            break


_WHOSE: Final = ("case_id", "life")


def _of_no_case(connection: Connection) -> Iterator[ProjectionMismatch]:
    """Rows of lives that nothing names: no case, no draft, nor what is to be removed."""
    named = union_all(*(select(each.c.life) for each in (CASES, DRAFTS, SPENT)))
    for view in VIEWS:
        lost = select(view.TABLE.c.life).distinct().where(view.TABLE.c.life.not_in(named))
        for life in connection.execute(lost.order_by(view.TABLE.c.life)).scalars():
            yield ProjectionMismatch(f"#{life}", view.TABLE.name.rpartition("_")[2], "", "", "", "")
