"""The tables follow the log: they catch up, are rebuilt, and are compared with a fresh replay.

A batch is the log from the tables' position up to another one. The cases that it touches are folded
again, up to there and no further, and their rows replaced; rows and position are one transaction.
So a reader always finds the tables as one position has them, whatever goes on meanwhile, and a
crash leaves them at the position before.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, bindparam, delete, select, text

from ledger.codec import read
from ledger.editions import Editions, fold_editions
from ledger.events import RubricPinned, RubricRepinned
from ledger.recorded import Recorded, rubric_stream
from ledger.store import Beside, Store
from ledger.values import Invalid
from projections.points import at
from projections.portfolio import adjustments, cases, indicators, rectification, scores, work
from projections.portfolio.cases import CASES, Chosen
from projections.portfolio.steps import Life, Row
from projections.portfolio.tables import STATE, are_there, make

VIEWS: Final = (cases, scores, indicators, adjustments, rectification, work)
TABLES: Final[tuple[Table, ...]] = tuple(view.TABLE for view in VIEWS)

AT_ONCE: Final = 32
"""Cases folded together, so that memory does not grow with their number."""

_SIZE: Final = text("SELECT size FROM log_state")
_LEAF: Final = text("SELECT hash FROM leaves WHERE position = :position")
_STREAMS: Final = text("SELECT DISTINCT case_id FROM events ORDER BY case_id")
_TOUCHED: Final = text(
    "SELECT DISTINCT case_id FROM leaves JOIN events ON events.id = event_id"
    " WHERE position >= :since AND position < :until ORDER BY case_id"
)
_HISTORIES: Final = text(
    "SELECT case_id, entry, position FROM events JOIN leaves ON event_id = events.id"
    " WHERE case_id IN :streams AND position < :until ORDER BY case_id, version"
).bindparams(bindparam("streams", expanding=True))

Watch = Callable[[int, int], None]
"""Told how many cases of how many have been folded."""


class Position(NamedTuple):
    """How far the tables have come, and the log."""

    taken: int
    size: int


def _nobody(done: int, total: int) -> None:
    """Watch nothing."""


def position(connection: Connection) -> Position | None:
    """Where the tables stand; `None` where there are none that this program understands."""
    if not are_there(connection):
        return None
    (taken,) = connection.execute(select(STATE.c.position)).one()
    return Position(taken, _size(connection))


def is_current(connection: Connection) -> bool:
    """Whether the tables have taken up the whole log, so that nothing is to be written."""
    place = position(connection)
    return place is not None and place.taken == place.size and is_of_this_log(connection)


def catch_up(store: Store, upto: int | None = None, watch: Watch = _nobody) -> Position:
    """Bring the tables up to the log, or to a position of it; they are made where there are none.

    Tables of another history, such as those left beside a restored backup, are made anew.

    Args:
        store: of the ledger.
        upto: how many events of the log to take up at most; all where it is `None`.
        watch: told how far it has come.

    Raises:
        Busy: someone else is at it.
        ReadOnly: this user may not write the tables.
        Unreadable: an entry of the log.
    """
    with store.beside(writing=True) as beside:
        make(beside.connection)
        if not is_of_this_log(beside.connection):
            _clear(beside.connection)
        return _take_up(beside, upto, watch)


def rebuild(store: Store, watch: Watch = _nobody) -> Position:
    """Make the tables anew; until it is done readers find them as they were.

    Raises:
        Busy, ReadOnly, Unreadable: see `catch_up`.
    """
    with store.beside(writing=True) as beside:
        make(beside.connection)
        _clear(beside.connection)
        return _take_up(beside, None, watch)


def _clear(connection: Connection) -> None:
    for each in TABLES:
        connection.execute(delete(each))
    connection.execute(STATE.update().values(position=0, leaf=""))


def is_of_this_log(connection: Connection) -> bool:
    """Whether the tables follow this log: not one of before a restore, nor of another ledger."""
    taken, leaf = connection.execute(select(STATE.c.position, STATE.c.leaf)).one()
    return bool(leaf == _leaf(connection, taken))


def _leaf(connection: Connection, size: int) -> str:
    found = connection.execute(_LEAF, {"position": size - 1}).scalar()
    return "" if found is None else bytes(found).hex()


def _size(connection: Connection) -> int:
    return int(connection.execute(_SIZE).scalar_one())


def _take_up(beside: Beside, upto: int | None, watch: Watch) -> Position:
    connection = beside.connection
    since = int(connection.execute(select(STATE.c.position)).scalar_one())
    size = _size(connection)
    until = size if upto is None else max(since, min(upto, size))
    if since < until:
        touched = _touched(connection, since, until)
        rubrics: dict[str, Editions] = {}
        for start in range(0, len(touched), AT_ONCE):
            batch = touched[start : start + AT_ONCE]
            _replace(beside, batch, until, rubrics, fresh=since == 0)
            watch(start + len(batch), len(touched))
        leaf = _leaf(connection, until)
        connection.execute(STATE.update().values(position=until, leaf=leaf))
    return Position(until, size)


def _touched(connection: Connection, since: int, until: int) -> list[str]:
    """The cases that must be folded again: those with new events, or with a rubric at last."""
    if since == 0:
        streams = list(connection.execute(_STREAMS).scalars())
    else:
        found = connection.execute(_TOUCHED, {"since": since, "until": until})
        streams = list(found.scalars())
    touched = {name for name in streams if ":" not in name}
    waiting = select(CASES.c.case_id, CASES.c.rubric).where(CASES.c.scored == 0)
    news = set(streams)
    touched |= {
        case
        for case, rubric in connection.execute(waiting)
        if rubric and rubric_stream(rubric) in news
    }
    return sorted(touched)


def _replace(
    beside: Beside, batch: Sequence[str], until: int, rubrics: dict[str, Editions], *, fresh: bool
) -> None:
    """Put the rows of some cases in place of those that are there."""
    lives = list(_lives(beside.connection, batch, until, rubrics))
    for view in VIEWS:
        if not fresh:
            columns = view.TABLE.c
            beside.connection.execute(delete(view.TABLE).where(columns.case_id.in_(batch)))
        beside.insert(view.TABLE, [row for life in lives for row in view.rows(life)])


def _lives(
    connection: Connection, batch: Sequence[str], until: int, rubrics: dict[str, Editions]
) -> Iterator[Life]:
    """Some cases as they were when the log had so many events, each with its editions.

    Args:
        connection: over the tables and the record.
        batch: their ids.
        until: events of the log that count.
        rubrics: editions that were read before, which does not change what they say.
    """
    for _, history in _histories(connection, batch, until):
        pinned = {
            one.event.rubric
            for one in history
            if isinstance(one.event, RubricPinned | RubricRepinned)
        }
        for rubric in pinned - rubrics.keys():
            stream = rubric_stream(rubric)
            for _, published in _histories(connection, [stream], until):
                rubrics[rubric] = fold_editions(published)
        # A case stays with one rubric; only the edition changes.
        rubric = next(iter(pinned), "")
        yield Life(history, rubrics.get(rubric, Editions()))


def _histories(
    connection: Connection, streams: Sequence[str], until: int
) -> Iterator[tuple[str, list[Recorded]]]:
    found = connection.execute(_HISTORIES, {"streams": list(streams), "until": until}).all()
    for stream, group in groupby(found, lambda row: str(row[0])):
        yield stream, [read(bytes(entry), place) for _, entry, place in group]


def lives_at(connection: Connection, label: str, chosen: Chosen) -> Iterator[Life]:
    """The chosen cases folded up to an earlier point, for what no table holds for every point.

    Args:
        connection: over the tables and the record, in a transaction.
        label: as `points.at` takes it. Cases that had not come so far are left out.
        chosen: which cases; their stage and rubric at that point are for the caller to ask.
    """
    taken = int(connection.execute(select(STATE.c.position)).scalar_one())
    by_name = Chosen(cases=chosen.cases, years=chosen.years, units=chosen.units)
    wanted = select(CASES.c.case_id).where(*by_name.conditions()).order_by(CASES.c.case_id)
    names = list(connection.execute(wanted).scalars())
    rubrics: dict[str, Editions] = {}
    for start in range(0, len(names), AT_ONCE):
        batch = names[start : start + AT_ONCE]
        for life in _lives(connection, batch, taken, rubrics):
            with suppress(Invalid):  # a stage that it did not reach
                if history := at(life.history, life.editions, label).history:
                    yield Life(list(history), life.editions)


class Difference(NamedTuple):
    """A row of the tables that is not what a fresh replay gives.

    Attributes:
        case: whose.
        table: the view.
        row: what tells it apart within the case.
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


def differences(store: Store, case: str | None = None) -> Iterator[Difference]:
    """Compare the tables with a fresh replay up to their own position; nothing is written.

    Args:
        store: of the ledger.
        case: only this one.

    Returns:
        Every difference; none where there are no tables.
    """
    with store.beside(writing=False) as beside:
        connection = beside.connection
        if not are_there(connection):
            return
        taken = int(connection.execute(select(STATE.c.position)).scalar_one())
        if not is_of_this_log(connection):
            yield Difference("", "state", "", "leaf", str(taken), "")
            return
        names = [case] if case else _known(connection)
        rubrics: dict[str, Editions] = {}
        for start in range(0, len(names), AT_ONCE):
            batch = names[start : start + AT_ONCE]
            lives = list(_lives(connection, batch, taken, rubrics))
            for view in VIEWS:
                replayed = [row for life in lives for row in view.rows(life)]
                yield from _compared(connection, view.TABLE, batch, replayed)


def _known(connection: Connection) -> list[str]:
    """Every case of the ledger or of the tables."""
    names = {name for name in connection.execute(_STREAMS).scalars() if ":" not in name}
    for each in TABLES:
        names |= set(connection.execute(select(each.c.case_id).distinct()).scalars())
    return sorted(names)


def _compared(
    connection: Connection, table: Table, batch: Sequence[str], replayed: Sequence[Row]
) -> Iterator[Difference]:
    columns = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    name = table.name.rpartition("_")[2]

    def by_key(rows: Sequence[Sequence[Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        return {tuple(row[key] for key in keys): row for row in named}

    stored = connection.execute(select(table).where(table.c.case_id.in_(batch))).all()
    kept, wanted = by_key(stored), by_key(replayed)
    for key in sorted(kept.keys() | wanted.keys()):
        one, other = kept.get(key, {}), wanted.get(key, {})
        if one != other:
            column = next(
                (name for name in columns if one and other and one[name] != other[name]), ""
            )
            row = " ".join(str(part) for part in key[1:])
            yield Difference(
                key[0], name, row, column, str(one.get(column, "")), str(other.get(column, ""))
            )
