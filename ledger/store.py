"""The event store: the only module of the ledger that knows a database and `eventsourcing`.

It has two faces over the same tables. `Store` is what our own ledger uses. `Factory` and its
recorders are a persistence module of the `eventsourcing` library, for any application built on it:
`PERSISTENCE_MODULE=ledger.store` and `SCORETRAIL_DATABASE=` a target as `Store` takes it.

Two steps write: *append* makes an event durable, *seal* gives it its place in the log. On SQLite
both are one transaction, begun with BEGIN IMMEDIATE: SQLAlchemy's own transactions take the lock
only at the first write, and writers that read before that fork the order without an error.

A store keeps one connection behind one lock, so threads may share it and take turns. Processes open
a store each.

What can go wrong::

    StoreError
    ├── Conflict         the version is taken: someone else was faster
    ├── Busy             someone else has been writing for too long
    ├── TooLarge         the entry is longer than the log's formats can carry
    ├── Exists           there is something where the ledger was to be made
    ├── NoLedger         there is no ledger where one was to be opened
    ├── SchemaMismatch   the ledger is older or newer than this program
    ├── Unreachable      the database cannot be opened, read or written
    ├── Damaged          the database says itself that its file is broken
    └── Closed           the store has been closed
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, Self, TypeVar, cast
from uuid import UUID

from eventsourcing import persistence
from eventsourcing.persistence import Notification, StoredEvent, Tracking
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool
from sqlalchemy import (
    Connection,
    Row,
    Select,
    StaticPool,
    column,
    create_engine,
    inspect,
    select,
    table,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

import migrations
from ledger.log.tree import leaf_hash
from ledger.values import Text

ENTRY_MAX: Final = 65_535
"""Bytes in one entry: C2SP tlog-tiles gives the length in 16 bits."""

BATCH: Final = 1_000
"""Entries read at once from the log, so that memory does not grow with its length."""

PATIENCE: Final = 10.0
"""Seconds to wait for another writer before giving up."""

MEMORY: Final = ":memory:"
"""The target of a ledger that lives in memory and ends with its store."""


class NewEntry(NamedTuple):
    """One event to be appended.

    Attributes:
        case_id: whose stream it belongs to.
        version: its number in that stream.
        type: the stable name of the event.
        entry: the canonical bytes of the whole envelope, stored and hashed as they are.
    """

    case_id: str
    version: int
    type: str
    entry: bytes


class Entry(NamedTuple):
    """One event as it is stored.

    Attributes:
        position: its place in the log, from 0 without a gap; `None` until it is sealed.
        case_id: whose stream it belongs to.
        version: its number in that stream.
        type: the stable name of the event.
        entry: the bytes that were appended, to the bit.
    """

    position: int | None
    case_id: str
    version: int
    type: str
    entry: bytes


class StoredRow(NamedTuple):
    """One event as a verifier reads it: everything that the tables say of it.

    Attributes:
        position: its place in the log; `None` where it has no leaf.
        hash: what its leaf says; `None` where it has none.
        case_id: the columns beside the entry, which the entry must bear out.
    """

    position: int | None
    hash: bytes | None
    case_id: str
    version: int
    type: str
    entry: bytes


# --- What can go wrong ---------------------------------------------------------------------------


class StoreError(Exception):
    """Something about the store went wrong. `text` says where, what, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)
        super().__init__(str(self.text))


class Conflict(StoreError):
    """The version is taken: someone else was faster. Nothing of the batch was written."""

    def __init__(self, case_id: str, version: int) -> None:
        self.case_id = case_id
        self.version = version
        super().__init__(
            f"{case_id} 的第 {version} 版已被他人抢先写入，本次什么都没有写入；请重新读取后再试",
            f"version {version} of {case_id} was written by someone else first and nothing was"
            " written now; read it again and retry",
        )


class Busy(StoreError):
    """Someone else has been writing for too long. Nothing was written."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} 一直被他人占用，本次什么都没有写入；请稍后再试",
            f"{place} is kept busy by someone else and nothing was written; try again later",
        )


class TooLarge(StoreError):
    """The entry is longer than the log's formats can carry. Nothing was written."""

    def __init__(self, case_id: str, version: int, size: int) -> None:
        super().__init__(
            f"{case_id} 的第 {version} 版有 {size} 字节，超过上限 {ENTRY_MAX}；请拆成几次提交，"
            "长文件作为佐证材料提交",
            f"version {version} of {case_id} has {size} bytes, more than {ENTRY_MAX}; split it,"
            " and file long documents as evidence",
        )


class Exists(StoreError):
    """There is something where the ledger was to be made. It was left as it is."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} 已经存在，未作改动；请换一个位置，或直接使用已有的账本",
            f"{place} exists already and was left as it is; choose another place, or use the ledger"
            " that is there",
        )


class NoLedger(StoreError):
    """There is no ledger where one was to be opened."""

    def __init__(self, place: str, zh: str, en: str) -> None:
        super().__init__(
            f"{place}：{zh}；请检查路径，或先用 scoretrail init 建立账本",
            f"{place}: {en}; check the path, or make a ledger with scoretrail init",
        )


class SchemaMismatch(StoreError):
    """The ledger is older or newer than this program.

    Attributes:
        found: the revision of the ledger.
    """

    def __init__(self, place: str, found: str) -> None:
        self.found = found
        if found < migrations.HEAD:
            zh, en = (
                "比本程序旧；请先备份，再迁移账本",
                "older than this program; back it up and migrate it",
            )
        else:
            zh, en = "比本程序新；请升级本程序", "newer than this program; upgrade the program"
        super().__init__(
            f"{place} 的结构是 {found} 版，{zh}（{migrations.HEAD}）",
            f"{place} has revision {found}, {en} ({migrations.HEAD})",
        )


class Unreachable(StoreError):
    """The database cannot be opened, read or written."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"无法读写 {place}（{reason}）；请检查路径、权限、磁盘空间和数据库服务",
            f"{place} cannot be read or written ({reason}); check the path, the rights, the space"
            " on the disk and the database server",
        )


class Damaged(StoreError):
    """The database says itself that its file is broken."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place} 的文件已损坏（{reason}）；请停止写入，保留原件，从备份恢复后核验",
            f"the file {place} is broken ({reason}); stop writing, keep it as it is, restore a"
            " backup and verify that",
        )


class Closed(StoreError):
    """The store has been closed."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} 已关闭；请重新打开", f"{place} has been closed; open it again")


_DATABASE_ERRORS = (OSError, sqlite3.Error, SQLAlchemyError)


def _explained(error: Exception, place: str) -> StoreError:
    """The error of ours that says what an error of the database means."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    match getattr(cause, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Busy(place)
        case sqlite3.SQLITE_NOTADB:
            return NoLedger(place, "不是数据库文件", "it is not a database")
        case sqlite3.SQLITE_CORRUPT:
            return Damaged(place, str(cause))
        case _:
            return Unreachable(place, str(cause))


# --- The database --------------------------------------------------------------------------------


class _Database:
    """One connection to one database behind one lock, seen from two sides.

    `reading` and `writing` give the driver's connection: what runs for every act goes straight to
    it, because SQLAlchemy would take longer around a statement than SQLite inside. `core` is
    SQLAlchemy's side of the same connection, for migrations and for queries put together from
    parts; it never begins a transaction.

    Everything about SQLite that another database does differently is in this class.
    """

    BEGIN = "BEGIN IMMEDIATE"  # takes the write lock before anything is read

    def __init__(self, target: str, *, make: bool, patience: float) -> None:
        """Connect, and make the ledger where `make` says so.

        Raises:
            StoreError: any but Conflict and TooLarge, for what is found there.
        """
        self.place = target
        self._lock = Lock()
        self._closed = False
        with self.speaking():
            self._check(target, make=make)
            self.core = self._connect(target, make=make, patience=patience)
            self._driver = cast("sqlite3.Connection", self.core.connection.driver_connection)
            try:
                self._prepare(make=make)
            except BaseException:
                self.close()
                raise

    @staticmethod
    def _check(target: str, *, make: bool) -> None:
        scheme, url, _ = target.partition("://")
        if url:  # the rest may hold a password
            raise NoLedger(
                scheme, "本版只支持 SQLite 文件", "this version serves SQLite files only"
            )
        if not make and target != MEMORY and not Path(target).is_file():
            raise NoLedger(target, "没有这个文件", "there is no such file")

    @staticmethod
    def _connect(target: str, *, make: bool, patience: float) -> Connection:
        mode = "rwc" if make else "rw"
        path = MEMORY if target == MEMORY else f"{Path(target).absolute().as_uri()}?mode={mode}"

        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(
                path, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA synchronous = FULL")  # durable when COMMIT returns
            connection.execute("PRAGMA foreign_keys = ON")
            return connection

        return create_engine(
            "sqlite://", creator=connect, poolclass=StaticPool, isolation_level="AUTOCOMMIT"
        ).connect()

    def _prepare(self, *, make: bool) -> None:
        if make:
            with self.writing():
                if inspect(self.core).get_table_names():
                    raise Exists(self.place)
                migrations.upgrade(self.core)
        found = migrations.revision(self.core)
        if found is None:
            raise NoLedger(self.place, "不是 scoretrail 账本", "it is not a scoretrail ledger")
        if found != migrations.HEAD:
            raise SchemaMismatch(self.place, found)
        # Readers and the writer do not wait for each other. Set last: it stays in the file, and a
        # file that is not ours must not be changed.
        self._driver.execute("PRAGMA journal_mode = WAL")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection for one statement, which sees one state of the database."""
        with self._lock:
            if self._closed:
                raise Closed(self.place)
            yield self._driver

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection inside a transaction of its own: all is durable at the end, or nothing."""
        with self.reading() as connection:
            connection.execute(self.BEGIN)
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Raise our own errors for those of the database."""
        try:
            yield
        except _DATABASE_ERRORS as error:
            raise _explained(error, self.place) from error

    def close(self) -> None:
        """Let go of the database. Closing twice is fine."""
        with self._lock:
            self._closed = True
            self.core.close()
            self.core.engine.dispose()


# These run for every act, so they are plain SQL that goes to the driver as it is.
_INSERT = "INSERT INTO events (case_id, version, type, entry) VALUES (?, ?, ?, ?)"
_TAKEN = "SELECT 1 FROM events WHERE case_id = ? AND version = ?"
_STATE = "SELECT size, horizon FROM log_state"
_UNSEALED = (
    "SELECT id, entry FROM events WHERE id > ?"
    " AND NOT EXISTS (SELECT 1 FROM leaves WHERE event_id = events.id) ORDER BY id"
)
_PLACE = "INSERT INTO leaves (position, event_id, hash) VALUES (?, ?, ?)"
_ADVANCE = "UPDATE log_state SET size = ?, horizon = ?"
_CASE = (
    "SELECT position, case_id, version, type, entry FROM events"
    " LEFT JOIN leaves ON event_id = events.id WHERE case_id = ? AND version <= ? ORDER BY version"
)
_LOG = (
    "SELECT position, case_id, version, type, entry FROM leaves"
    " JOIN events ON events.id = event_id WHERE position >= ? ORDER BY position LIMIT ?"
)
_AUDIT = (
    "SELECT position, hash, case_id, version, type, entry, events.id FROM events"
    " LEFT JOIN leaves ON event_id = events.id"
    " WHERE events.id > ? AND (? IS NULL OR case_id = ?) ORDER BY events.id LIMIT ?"
)
_STREAMS = "SELECT case_id, max(version) FROM events GROUP BY case_id ORDER BY case_id"
_LAST_VERSION: Final = 2**63 - 1


def _append(connection: sqlite3.Connection, entries: Sequence[NewEntry]) -> list[int]:
    """Append and seal inside the transaction that the caller began; the positions in order."""
    for new in entries:
        if len(new.entry) > ENTRY_MAX:
            raise TooLarge(new.case_id, new.version, len(new.entry))
    connection.executemany(_INSERT, entries)
    # Ids grow and nobody else writes meanwhile, so ours are the last ones sealed.
    return list(_seal(connection)[-len(entries) :]) if entries else []


def _seal(connection: sqlite3.Connection, *, thorough: bool = False) -> range:
    """Give a place at the end of the log to every event without one; the places given.

    The hash is of the bytes as the database holds them, not as somebody meant to write them.

    Args:
        connection: inside a transaction that holds the write lock.
        thorough: look at all events, not only above the horizon.
    """
    size, horizon = connection.execute(_STATE).fetchone()
    unsealed = connection.execute(_UNSEALED, (0 if thorough else horizon,)).fetchall()
    if not unsealed:
        return range(size, size)
    places = range(size, size + len(unsealed))
    leaves = [
        (at, key, leaf_hash(entry)) for at, (key, entry) in zip(places, unsealed, strict=True)
    ]
    connection.executemany(_PLACE, leaves)
    connection.execute(_ADVANCE, (places.stop, max(horizon, unsealed[-1][0])))
    return places


def _size(connection: sqlite3.Connection) -> int:
    size: int
    size, _ = connection.execute(_STATE).fetchone()
    return size


def _taken(connection: sqlite3.Connection, entries: Sequence[NewEntry]) -> NewEntry | None:
    """The first of the entries whose version is stored already, or comes twice among them."""
    seen = set()
    for new in entries:
        key = (new.case_id, new.version)
        if key in seen or connection.execute(_TAKEN, key).fetchone():
            return new
        seen.add(key)
    return None


# --- Our own face --------------------------------------------------------------------------------


class Store:
    """The events of a ledger, in the order of the log and in the order of each case.

    Threads may share a store. It closes at the end of a `with` block, or by `close`.
    """

    def __init__(self, database: _Database) -> None:
        self._database = database

    @classmethod
    def create(cls, target: str | Path, *, patience: float = PATIENCE) -> Self:
        """Make a new, empty ledger.

        Args:
            target: the path of a file that does not exist or is empty; or `MEMORY`.
            patience: seconds to wait for another writer.

        Raises:
            Exists: there is a ledger or another database already.
            NoLedger: there is a file that is not a database.
            Unreachable: no such folder, or no right to write there.
        """
        return cls(_Database(str(target), make=True, patience=patience))

    @classmethod
    def open(cls, target: str | Path, *, patience: float = PATIENCE) -> Self:
        """Open a ledger that exists.

        Args:
            target: the path of its file.
            patience: seconds to wait for another writer.

        Raises:
            NoLedger: no such file, or something else is in it.
            SchemaMismatch: it is older or newer than this program.
            Unreachable: no right to read or write it.
        """
        return cls(_Database(str(target), make=False, patience=patience))

    def append(self, entries: Sequence[NewEntry]) -> list[int]:
        """Append and seal events in one transaction: all of them are durable, or none.

        Returns:
            The position of each, in the order given.

        Raises:
            Conflict: a version is taken, or comes twice.
            Busy: someone else kept the database locked.
            TooLarge: an entry has more than 65,535 bytes.
        """
        with self._database.speaking():
            try:
                with self._database.writing() as connection:
                    return _append(connection, entries)
            except sqlite3.IntegrityError as error:
                with self._database.reading() as connection:
                    taken = _taken(connection, entries)
                if taken is None:
                    raise
                raise Conflict(taken.case_id, taken.version) from error

    def seal(self, *, thorough: bool = False) -> range:
        """Give places at the end of the log to events that have none, such as those of raw SQL.

        Args:
            thorough: look at all events, which takes time in proportion to the log. Otherwise only
                those with an id above the last sealed one, as `append` does.

        Returns:
            The positions that were given.
        """
        with self._database.speaking(), self._database.writing() as connection:
            return _seal(connection, thorough=thorough)

    def read(self, case_id: str, upto: int | None = None) -> list[Entry]:
        """The events of one case in the order of their versions, none if there is no such case.

        Args:
            case_id: whose events.
            upto: the last version to read; all where it is `None`.
        """
        with self._database.speaking(), self._database.reading() as connection:
            key = (case_id, _LAST_VERSION if upto is None else upto)
            return [Entry._make(row) for row in connection.execute(_CASE, key).fetchall()]

    def read_log(self, start: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """The sealed events in the order of the log, read in batches as they are asked for.

        Args:
            start: the first position.
            limit: how many at most; all where it is `None`.
        """
        return islice(self._from(start), limit)

    def audit(self, case_id: str | None = None) -> Iterator[StoredRow]:
        """Every event with its leaf, sealed or not, in the order of writing, read in batches.

        Args:
            case_id: of one stream only.
        """
        last = -1
        while True:
            with self._database.speaking(), self._database.reading() as connection:
                rows = connection.execute(_AUDIT, (last, case_id, case_id, BATCH)).fetchall()
            yield from (StoredRow._make(row[:-1]) for row in rows)
            if len(rows) < BATCH:
                return
            last = rows[-1][-1]

    def streams(self) -> list[tuple[str, int]]:
        """Every case with its last version, in the order of their ids."""
        with self._database.speaking(), self._database.reading() as connection:
            return connection.execute(_STREAMS).fetchall()

    def size(self) -> int:
        """How many events are sealed: the position that the next one gets."""
        with self._database.speaking(), self._database.reading() as connection:
            return _size(connection)

    def close(self) -> None:
        """Let go of the database. Closing twice is fine."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _from(self, start: int) -> Iterator[Entry]:
        while True:
            with self._database.speaking(), self._database.reading() as connection:
                batch = connection.execute(_LOG, (start, BATCH)).fetchall()
            yield from map(Entry._make, batch)
            if len(batch) < BATCH:
                return
            start = batch[-1][0] + 1


# --- The library's face --------------------------------------------------------------------------

_EVENTS = table("events", column("id"), *map(column, ("case_id", "version", "type", "entry")))
_SNAPSHOTS = table("snapshots", *map(column, ("case_id", "version", "type", "entry")))
_LEAVES = table("leaves", column("position"), column("event_id"))
_TRACKING = table("tracking", column("application_name"), column("notification_id"))

_INSERT_SNAPSHOT = "INSERT INTO snapshots (case_id, version, type, entry) VALUES (?, ?, ?, ?)"
_TRACK = (
    "INSERT INTO tracking (application_name, notification_id) VALUES (?, ?)"
    " ON CONFLICT (application_name) DO UPDATE SET notification_id = excluded.notification_id"
    " WHERE tracking.notification_id < excluded.notification_id RETURNING notification_id"
)


@contextmanager
def _in_their_words() -> Iterator[None]:
    """Raise the library's errors, which bear the names that PEP 249 gives to the driver's."""
    try:
        yield
    except _DATABASE_ERRORS as error:
        kind = getattr(persistence, type(error).__name__, persistence.PersistenceError)
        raise kind(str(error)) from error
    except TooLarge as error:
        raise persistence.DataError(str(error)) from error
    except StoreError as error:
        raise persistence.InterfaceError(str(error)) from error


class _Recorder:
    """What the recorders share: the database, and how an originator's id is spelled in it."""

    def __init__(self, database: _Database, originator_id: Callable[[str], UUID | str]) -> None:
        self._database = database
        self._originator_id = originator_id

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with _in_their_words(), self._database.writing() as connection:
            yield connection

    def _rows(self, wanted: Select[Any]) -> Sequence[Row[Any]]:
        with _in_their_words(), self._database.reading():
            return self._database.core.execute(wanted).all()


_R = TypeVar("_R", bound=_Recorder)
_ORIGINATOR_IDS: Final[dict[str, Callable[[str], UUID | str]]] = {"uuid": UUID, "text": str}


class AggregateRecorder(_Recorder, persistence.AggregateRecorder):
    """Events by their originator. They are sealed like all others, without telling where."""

    source = _EVENTS

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ANN401 - the library's signature
    ) -> Sequence[int] | None:
        """Append and seal the events in one transaction.

        Raises:
            persistence.IntegrityError: a version of an originator is taken.
        """
        with self._writing() as connection:
            self._insert(connection, stored_events, **kwargs)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of an originator between two versions, in their order or against it."""
        key, version, type_, entry = (
            self.source.c[name] for name in ("case_id", "version", "type", "entry")
        )
        wanted = select(key, version, type_, entry).where(key == str(originator_id))
        if gt is not None:
            wanted = wanted.where(version > gt)
        if lte is not None:
            wanted = wanted.where(version <= lte)
        wanted = wanted.order_by(version.desc() if desc else version).limit(limit)
        return [
            StoredEvent(
                originator_id=self._originator_id(row.case_id),
                originator_version=row.version,
                topic=row.type,
                state=row.entry,
            )
            for row in self._rows(wanted)
        ]

    def _insert(
        self,
        connection: sqlite3.Connection,
        stored_events: Sequence[StoredEvent],
        **_: Any,  # noqa: ANN401 - the library's keywords
    ) -> list[int]:
        positions = _append(connection, _new_entries(stored_events))
        return [position + 1 for position in positions]  # the library counts from 1


class SnapshotRecorder(AggregateRecorder):
    """Snapshots by their originator. They are no part of the record, so they are not sealed."""

    source = _SNAPSHOTS

    def _insert(
        self,
        connection: sqlite3.Connection,
        stored_events: Sequence[StoredEvent],
        **_: Any,  # noqa: ANN401 - the library's keywords
    ) -> list[int]:
        connection.executemany(_INSERT_SNAPSHOT, _new_entries(stored_events))
        return []


class ApplicationRecorder(AggregateRecorder, persistence.ApplicationRecorder):
    """Events by their originator and in the order of the log: a notification's id is its place."""

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ANN401 - the library's signature
    ) -> Sequence[int]:
        """Append and seal the events in one transaction; their notification ids.

        Raises:
            persistence.IntegrityError: a version of an originator is taken.
        """
        with self._writing() as connection:
            return self._insert(connection, stored_events, **kwargs)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The events in the order of the log, from notification id `start` to `stop`."""
        place = (_LEAVES.c.position + 1).label("place")
        event = _EVENTS.c
        wanted = select(place, event.case_id, event.version, event.type, event.entry).join_from(
            _LEAVES, _EVENTS, _LEAVES.c.event_id == event.id
        )
        if start is not None:
            first = start if inclusive_of_start else start + 1
            wanted = wanted.where(_LEAVES.c.position >= first - 1)
        if stop is not None:
            wanted = wanted.where(_LEAVES.c.position <= stop - 1)
        if topics:
            wanted = wanted.where(event.type.in_(topics))
        wanted = wanted.order_by(_LEAVES.c.position).limit(limit)
        return [
            Notification(
                id=row.place,
                originator_id=self._originator_id(row.case_id),
                originator_version=row.version,
                topic=row.type,
                state=row.entry,
            )
            for row in self._rows(wanted)
        ]

    def max_notification_id(self) -> int | None:
        """The notification id of the last event, or `None` where there is none."""
        with _in_their_words(), self._database.reading() as connection:
            return _size(connection) or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> persistence.Subscription[persistence.ApplicationRecorder]:
        """Not offered: a file cannot call its readers. They ask for notifications in turns."""
        raise NotImplementedError(f"no subscriptions (gt={gt}, topics={topics})")


class TrackingRecorder(_Recorder, persistence.TrackingRecorder):
    """How far each upstream application has been processed."""

    def insert_tracking(self, tracking: Tracking) -> None:
        """Note that an upstream application has been processed up to a notification.

        Raises:
            persistence.IntegrityError: not beyond what has been noted already.
        """
        with self._writing() as connection:
            self._track(connection, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """The last notification of an upstream application that was processed, if any."""
        wanted = select(_TRACKING.c.notification_id).where(
            _TRACKING.c.application_name == application_name
        )
        return next((row.notification_id for row in self._rows(wanted)), None)

    def _track(self, connection: sqlite3.Connection, tracking: Tracking) -> None:
        row = (tracking.application_name, tracking.notification_id)
        if connection.execute(_TRACK, row).fetchone() is None:
            raise persistence.IntegrityError(f"{tracking} is not beyond what was processed")


class ProcessRecorder(TrackingRecorder, ApplicationRecorder, persistence.ProcessRecorder):
    """Events together with what they were made from, in one transaction."""

    def _insert(
        self,
        connection: sqlite3.Connection,
        stored_events: Sequence[StoredEvent],
        *,
        tracking: Tracking | None = None,
        **_: Any,  # noqa: ANN401 - the library's keywords
    ) -> list[int]:
        if tracking is not None:
            self._track(connection, tracking)
        return super()._insert(connection, stored_events)


def _new_entries(stored_events: Sequence[StoredEvent]) -> list[NewEntry]:
    return [
        NewEntry(str(event.originator_id), event.originator_version, event.topic, event.state)
        for event in stored_events
    ]


class Factory(persistence.InfrastructureFactory[TrackingRecorder]):
    """Makes the recorders for an application of the `eventsourcing` library.

    It reads from the application's environment, never from the machine's by itself:

    - `SCORETRAIL_DATABASE`: a target as `Store` takes it, `:memory:` included.
    - `CREATE_TABLE`: `no` to open ledgers only; otherwise one is made where none is.
    - `ORIGINATOR_ID_TYPE`: `uuid`, which is the library's default, or `text`.
    - `TRACKING_RECORDER_TOPIC`, `APPLICATION_RECORDER_TOPIC`, `PROCESS_RECORDER_TOPIC`: other
      classes of recorders, derived from these.
    """

    DATABASE = "SCORETRAIL_DATABASE"
    CREATE_TABLE = "CREATE_TABLE"
    ORIGINATOR_ID_TYPE = "ORIGINATOR_ID_TYPE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        target = self.env.get(self.DATABASE)
        if not target:
            keys = ", ".join(self.env.create_keys(self.DATABASE))
            raise OSError(f"no database is named in the environment by any of {keys}")
        kind = (self.env.get(self.ORIGINATOR_ID_TYPE) or "uuid").lower()
        if kind not in _ORIGINATOR_IDS:
            raise OSError(f"{self.ORIGINATOR_ID_TYPE} is {kind}, not uuid or text")
        self._originator_id = _ORIGINATOR_IDS[kind]
        self._database = self._open(target)

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """A recorder of events, or of snapshots for that purpose."""
        kind = SnapshotRecorder if purpose == "snapshots" else AggregateRecorder
        return kind(self._database, self._originator_id)

    def application_recorder(self) -> ApplicationRecorder:
        """A recorder of an application's events."""
        return self._made(self.APPLICATION_RECORDER_TOPIC, ApplicationRecorder)

    def tracking_recorder(
        self, tracking_recorder_class: type[TrackingRecorder] | None = None
    ) -> TrackingRecorder:
        """A recorder of how far others were processed, of the class given or named."""
        if tracking_recorder_class is not None:
            return tracking_recorder_class(self._database, self._originator_id)
        return self._made(self.TRACKING_RECORDER_TOPIC, TrackingRecorder)

    def process_recorder(self) -> ProcessRecorder:
        """A recorder of events together with what they were made from."""
        return self._made(self.PROCESS_RECORDER_TOPIC, ProcessRecorder)

    def close(self) -> None:
        """Let go of the database. Closing twice is fine."""
        self._database.close()

    def _made(self, key: str, kind: type[_R]) -> _R:
        topic = self.env.get(key)
        chosen = resolve_topic(topic) if topic else kind
        if not issubclass(chosen, kind):
            raise TypeError(f"{key} names {topic}, which is no {kind.__name__} of this module")
        recorder: _R = chosen(self._database, self._originator_id)
        return recorder

    def _open(self, target: str) -> _Database:
        try:
            if strtobool(self.env.get(self.CREATE_TABLE) or "yes"):
                with suppress(Exists):
                    return _Database(target, make=True, patience=PATIENCE)
            return _Database(target, make=False, patience=PATIENCE)
        except StoreError as error:
            raise persistence.InterfaceError(str(error)) from error
