"""A ledger in a SQLite file: one connection behind one lock; the writer is the only one.

Threads share the connection and take turns. Processes open a store each.
"""

import logging
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import migrations
from ledger import system_error
from ledger.language import Text
from ledger.log.tree import CompactRange, leaf_hash
from ledger.store.database import (
    CATCH_UP_TIMEOUT,
    EVENTS,
    LEAVES,
    SEQUENCE_BATCH,
    Ask,
    Database,
    Opening,
    QueryResult,
    SqlTable,
)
from ledger.store.entries import STATE_KINDS, Basis, NewEntry, only
from ledger.store.errors import (
    DatabaseDamaged,
    DatabaseUnavailable,
    LedgerNotFound,
    LockTimeout,
    ProjectionsDamaged,
    ReadOnly,
    StoreError,
    VersionConflict,
    must_follow,
    not_stored,
)
from ledger.store.streams import ENTRY_AT, GROWN
from ledger.store.structure import parts
from ledger.store.tile_store import keep_tiles
from migrations import PROJECTIONS

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from sqlalchemy import Connection
    from sqlalchemy import Table as CoreTable

LOGGER: Final = logging.getLogger(__name__)

MEMORY: Final = ":memory:"
"""The target of a ledger that lives in memory and ends with its store."""

MAY_LACK: Final = Text(
    "记录库所在位置不可写入，且同一位置没有 -wal 文件：如在使用中复制，最后写入的几条可能不在其中",
    "the ledger is in a read-only place without its -wal file: if it was copied while in use, the"
    " last entries may be missing",
)
"""What has to be stated about such a file."""

_STATE = "SELECT size, frontier, horizon FROM main.log_state"
_HAS_TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
_UNSEALED = (
    "SELECT id, entry FROM main.events WHERE id > ?"
    " AND NOT EXISTS (SELECT 1 FROM main.leaves WHERE event_id = events.id)"
    " ORDER BY id LIMIT ?"
)
_PARTS = "SELECT type, name, tbl_name, sql FROM main.sqlite_master"
_WALKED = (
    "SELECT case_id, count(*), max(version) FROM main.events NOT INDEXED"
    " WHERE case_id IN ({}) GROUP BY case_id"
)
_AHEAD = (
    "WITH last(id) AS (SELECT coalesce(max(id), 0) FROM main.events)"
    " SELECT 'log_state.horizon: ' || horizon || ' > ' || id FROM main.log_state, last"
    " WHERE horizon > id UNION ALL"
    " SELECT 'sqlite_sequence.seq: ' || seq || ' > ' || id FROM main.sqlite_sequence, last"
    " WHERE name = 'events' AND seq > id"
)
_ADVANCE = "UPDATE main.log_state SET size = ?, frontier = ?, horizon = ?"


def _insertion(table: SqlTable) -> str:
    marks = ", ".join("?" for _ in table.columns)
    return f"INSERT INTO main.{table.name} ({', '.join(table.columns)}) VALUES ({marks})"  # noqa: S608 - put together from constants


_INSERT_EVENT = _insertion(EVENTS)
_INSERT_LEAF = _insertion(LEAVES)


_PASSWORD: Final = re.compile(r"(?<=:)[^@]+(?=@)|(?<=password=)\S+", re.IGNORECASE)
_shown = partial(str, encoding="utf-8", errors="backslashreplace")
"""A text of a table; bytes that are none in UTF-8 are shown, so that they can be named."""
_UNWRITABLE: Final = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


def _uri(path: str, **options: str) -> str:
    return f"{Path(path).absolute().as_uri()}?{urlencode(options)}"


def _named(target: str) -> str:
    """What to call a file in messages: an address that was mistyped may hold a password."""
    return _PASSWORD.sub("***", target)


def _code(error: Exception) -> int:
    """What has happened, without the details that SQLite adds in the upper bits."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


_REASONS: Final = {
    sqlite3.SQLITE_FULL: Text("磁盘空间不足", "no space left on the disk"),
    sqlite3.SQLITE_IOERR: Text("磁盘读写错误", "disk error"),
    sqlite3.SQLITE_CANTOPEN: Text("无法打开", "it cannot be opened"),
    sqlite3.SQLITE_READONLY: Text("只读", "it is read-only"),
    sqlite3.SQLITE_CORRUPT: Text("内部结构有误", "its structure is wrong"),
    sqlite3.SQLITE_NOTADB: Text("不是数据库", "it is not a database"),
}


def _reason(error: BaseException) -> Text:
    """What SQLite found, in our words; its number where we have none."""
    if isinstance(error, OSError):
        return system_error.reason(error)
    code = getattr(error, "sqlite_errorcode", 0)
    if code == 0 and isinstance(error, UnicodeDecodeError):
        return _REASONS[sqlite3.SQLITE_CORRUPT]
    return _REASONS.get(code & 0xFF) or Text(f"SQLite 错误 {code}", f"SQLite error {code}")


class _Transaction:
    """The one connection, as the store speaks to it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, parameters: Sequence[object] = (), /) -> QueryResult:
        return self._connection.execute(statement, parameters)

    def insert(self, table: SqlTable, rows: Sequence[Sequence[object]]) -> None:
        self._write(_insertion(table), rows)

    def keep(self, table: SqlTable, row: Sequence[object]) -> None:
        self._connection.execute(f"{_insertion(table)} ON CONFLICT DO NOTHING", row)

    def append(self, entries: Sequence[NewEntry], basis: Basis | None = None) -> list[int]:
        if not entries:
            return []
        self.append_unsealed(entries)
        while len(sealed := self.seal()) == SEQUENCE_BATCH:
            pass  # there may be more where these were
        # Ids grow and nobody else writes meanwhile, so these are the last.
        positions = range(sealed.stop - len(entries), sealed.stop)
        if basis is not None:
            self._check(entries, basis, positions.start)
        return list(positions)

    def _check(self, entries: Sequence[NewEntry], basis: Basis, start: int) -> None:
        """Check that the basis of entries is unchanged, and that time does not run backwards."""
        if self._connection.execute(GROWN, basis).fetchone():
            raise VersionConflict(basis.case_id, (basis.version or 0) + 1)
        before = self._connection.execute(ENTRY_AT, (start - 1,)).fetchone()
        must_follow(before[0] if before else b"", start - 1, entries)

    def append_unsealed(self, entries: Sequence[NewEntry]) -> None:
        self._write(_INSERT_EVENT, entries)

    def _write(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        before = self._connection.total_changes
        written = self._connection.executemany(statement, rows).rowcount
        # Somebody's trigger may swallow a row, or change another one, which is only in the total.
        if not written == self._connection.total_changes - before == len(rows):
            raise not_stored()

    def seal(self, *, thorough: bool = False) -> range:
        # Ids grow and BEGIN IMMEDIATE has the lock: what has no position is above the last sealed.
        since, edge, horizon = only(self._connection.execute(_STATE).fetchall(), STATE_KINDS)
        beyond = 0 if thorough else horizon
        unsealed = self._connection.execute(_UNSEALED, (beyond, SEQUENCE_BATCH)).fetchall()
        if not unsealed:
            return range(since, since)
        frontier = CompactRange.parse(since, edge)
        leaves = []
        for position, (event_id, entry) in enumerate(unsealed, since):
            leaf = leaf_hash(entry)
            leaves.append((position, event_id, leaf))
            frontier.append(leaf)
        self._write(_INSERT_LEAF, leaves)
        horizon = max(horizon, unsealed[-1][0])
        self._write(_ADVANCE, [(frontier.size, bytes(frontier), horizon)])
        keep_tiles(self, since, frontier.size)
        return range(since, frontier.size)


class _Beside:
    """The one connection, while the file of the projections is attached to it."""

    def __init__(self, connection: "Connection", driver: sqlite3.Connection) -> None:
        self.connection = connection
        self._driver = driver

    def insert(self, table: "CoreTable", rows: Sequence[Sequence[object]]) -> None:
        marks = ", ".join("?" for _ in table.columns)
        self._driver.executemany(f"INSERT INTO {table.fullname} VALUES ({marks})", rows)  # noqa: S608 - the name is a constant


class SqliteDatabase(Database):
    """A file, or a database in memory."""

    dialect = "sqlite"
    BEGIN = "BEGIN IMMEDIATE"  # takes the write lock before anything is read
    taken = sqlite3.IntegrityError

    def __init__(self, target: str, opening: Opening, *, patience: float) -> None:
        """Connect, and make or migrate the ledger where `opening` says so.

        Raises:
            StoreError: any but Conflict and TooLarge, for what is found there.
        """
        super().__init__(_named(target))
        self._lock = Lock()
        self._patience = patience
        self._read_only = False
        self._copied: TemporaryDirectory[str] | None = None
        with self.translated_errors():
            make = opening is Opening.MAKE
            if not make and target != MEMORY and not Path(target).is_file():
                raise LedgerNotFound(self.place, "没有这个文件", "there is no such file")
            path = MEMORY if target == MEMORY else _uri(target, mode="rwc" if make else "rw")
            try:
                self._start(path, opening)
            except sqlite3.OperationalError as error:
                if opening is not Opening.OPEN or _code(error) not in _UNWRITABLE:
                    raise
                self._start_read_only(target)

    def _start(self, path: str, opening: Opening) -> None:
        self._driver = self._connect(path, self._patience)
        self._transaction = _Transaction(self._driver)
        try:
            if opening is not Opening.OPEN:
                core = self._core
                with self.writing():
                    self._prepare(core, opening)
            self.check_current()
            if not self._read_only:
                # Readers and the writer do not wait for each other. Set last: it stays in the
                # file, and a file that is not ours must not be changed.
                self._driver.execute("PRAGMA journal_mode = WAL")
        except BaseException:
            self._let_go()
            raise

    def _start_read_only(self, target: str) -> None:
        """Read a file where nothing can be written, such as a disc or a share.

        SQLite would make a file next to it, for readers and a writer to find each other; without
        one it takes the file for one that nobody writes. What is still in a write-ahead log next to
        it is taken up in a private copy.
        """
        self._read_only = True
        log = Path(f"{target}-wal")
        if log.is_file() and log.stat().st_size:
            from shutil import copyfile  # noqa: PLC0415 - slow to import, and seldom needed
            from tempfile import TemporaryDirectory  # noqa: PLC0415 - the same

            self._copied = TemporaryDirectory()
            copied = copyfile(target, str(Path(self._copied.name) / "ledger.db"))
            copyfile(log, f"{copied}-wal")
            with closing(sqlite3.connect(copied)) as taking_up:
                taking_up.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            target = copied
        else:
            self.may_lack = MAY_LACK
        self._start(_uri(target, mode="rw", immutable="1"), Opening.OPEN)

    @staticmethod
    def _connect(path: str, patience: float) -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
        )
        connection.text_factory = _shown
        connection.execute("PRAGMA synchronous = FULL")  # durable when COMMIT returns
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    @cached_property
    def _core(self) -> "Connection":
        """SQLAlchemy's side, made when it is first asked for, outside of any transaction."""
        from sqlalchemy import StaticPool, create_engine  # noqa: PLC0415 - slow to import, and reading does without

        return create_engine(
            "sqlite://",
            creator=lambda: self._driver,
            poolclass=StaticPool,
            isolation_level="AUTOCOMMIT",
        ).connect()

    @property
    def errors(self) -> tuple[type[Exception], ...]:  # type: ignore[override]  # SQLAlchemy's only once it is there
        """What is raised by the driver, and by SQLAlchemy where that was asked for.

        A message that quotes a broken file may be none in UTF-8.
        """
        if "_core" not in vars(self):
            return (OSError, sqlite3.Error, UnicodeDecodeError)
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - it is there already

        return (OSError, sqlite3.Error, SQLAlchemyError, UnicodeDecodeError)

    def _revision(self) -> str | None:
        with self.reading() as transaction:
            named = (migrations.TABLE,)
            if not transaction.execute(_HAS_TABLE, named).fetchone():
                return None
            found = transaction.execute(f"SELECT version_num FROM {migrations.TABLE}").fetchone()  # noqa: S608 - a constant
            return str(found[0]) if found else None

    @contextmanager
    def reading(self) -> Iterator[_Transaction]:
        """For statements that see one state of the database each."""
        with self._lock:
            self.check_open()
            yield self._transaction

    @contextmanager
    def writing(self) -> Iterator[_Transaction]:
        """A transaction of its own: all is durable at the end, or nothing."""
        with self.reading() as transaction:
            LOGGER.debug("asking for the turn to write")
            self._driver.execute(self.BEGIN)
            LOGGER.debug("has the turn to write")
            try:
                yield transaction
                self._driver.execute("COMMIT")
            except BaseException:
                self._driver.rollback()
                raise

    appending = bulk_loading = writing

    def wait_for_disk(self) -> None:
        """Nothing is read before it is there."""

    @contextmanager
    def read_snapshot(self, snapshot: str | None = None) -> Iterator[Ask]:  # noqa: ARG002 - for servers
        """For many queries of a walk: each sees the state of its moment, and ids only grow."""

        def ask(statement: str, values: Sequence[object]) -> list[Any]:
            with self.reading() as transaction:
                return transaction.execute(statement, values).fetchall()

        yield ask

    def structure(self) -> dict[str, str]:
        """Every part of the ledger's tables by its kind and name, with what it is."""
        with self.reading() as transaction:
            found = transaction.execute(_PARTS).fetchall()
        return parts(
            (f"{kind} {name}", f"{table}: {sql or ''}")
            for kind, name, table, sql in found
            if {name, table} & {*migrations.RIGHTS, "sqlite_sequence"}
        )

    def integrity(self) -> list[str]:
        """What SQLite finds broken: pages, rows, and what its indexes lack or have too many.

        Numbers of events that run ahead of the events are also named: nobody could append or seal.
        """
        with self.reading() as transaction:
            found = transaction.execute("PRAGMA main.integrity_check").fetchall()
            found += transaction.execute(_AHEAD).fetchall()
        return [said for (said,) in found if said != "ok"]

    def walked(self, case_ids: Sequence[str]) -> list[tuple[str, int, int]]:
        """Streams with how many events each has and its last version, read past every index."""
        marks = ", ".join("?" for _ in case_ids)
        with self.reading() as transaction:
            return transaction.execute(_WALKED.format(marks), case_ids).fetchall()

    @contextmanager
    def core(self) -> "Iterator[Connection]":
        """SQLAlchemy's side of the connection."""
        with self.reading():
            yield self._core

    @contextmanager
    def projection_transaction(self, *, writing: bool) -> Iterator[_Beside]:
        """A transaction over the file of the projections, which is next to that of the ledger.

        It is a file of its own so that rebuilding it keeps nobody from recording. It is attached
        for the time of the block only: BEGIN IMMEDIATE locks all files that are.
        """
        with self.reading():
            core = self._core  # made before the transaction begins
            with self._attached(writing=writing):
                yield _Beside(core, self._driver)

    @contextmanager
    def projection_reading(self) -> Iterator[Ask]:
        """The same tables, for queries without SQLAlchemy."""
        with self.reading(), self._attached(writing=False):
            yield lambda query, values: self._driver.execute(query, values).fetchall()

    @contextmanager
    def _attached(self, *, writing: bool) -> Iterator[None]:
        try:
            self._attach(self.place + f".{PROJECTIONS}", make=writing)
            self._driver.execute("BEGIN")
            if writing:
                self._take_turn()
            yield
            self._driver.execute("COMMIT")
        finally:
            self._driver.rollback()
            if not self._tables_in_memory and self._has_attached():
                self._driver.execute(f"DETACH {PROJECTIONS}")

    def _attach(self, path: str, *, make: bool) -> None:
        if self._tables_in_memory:  # what is attached to it would be gone with the block
            if not self._has_attached():
                self._driver.execute(f"ATTACH ? AS {PROJECTIONS}", (MEMORY,))
            return
        uri = f"{Path(path).absolute().as_uri()}?mode={'rwc' if make else 'rw'}"
        is_there = make or Path(path).is_file()
        try:
            self._driver.execute(f"ATTACH ? AS {PROJECTIONS}", (uri if is_there else MEMORY,))
            if make:
                self._driver.execute(f"PRAGMA {PROJECTIONS}.journal_mode = WAL")
            # It can be made again.
            self._driver.execute(f"PRAGMA {PROJECTIONS}.synchronous = NORMAL")
            self._driver.execute(f"SELECT count(*) FROM {PROJECTIONS}.sqlite_master")  # noqa: S608 - a constant
        except sqlite3.DatabaseError as error:
            # Said of this file alone: a reader who hears that it is not a ledger may throw it away.
            if _code(error) in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
                raise ProjectionsDamaged(path, _reason(error)) from error
            raise

    @property
    def _tables_in_memory(self) -> bool:
        return self.place == MEMORY or self._read_only

    def _has_attached(self) -> bool:
        attached = self._driver.execute("PRAGMA database_list").fetchall()
        return PROJECTIONS in {name for _, name, _ in attached}

    def _take_turn(self) -> None:
        """Take the write lock of the attached file, and of no other, before anything is read."""
        self._driver.execute(f"PRAGMA busy_timeout = {CATCH_UP_TIMEOUT * 1000:.0f}")
        try:
            LOGGER.debug("asking for the turn to write the projections")
            self._driver.execute(f"PRAGMA {PROJECTIONS}.user_version = 1")
            LOGGER.debug("has the turn to write the projections")
        finally:
            self._driver.execute(f"PRAGMA busy_timeout = {self._patience * 1000:.0f}")

    def explained(self, error: Exception) -> StoreError:
        """The error of ours that corresponds to an error of SQLite."""
        cause = getattr(error, "orig", None) or error  # what SQLAlchemy has wrapped
        if isinstance(cause, UnicodeDecodeError):  # not even SQLite's own message can be read
            return DatabaseDamaged(self.place, _reason(cause))
        match _code(cause):
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return LockTimeout(self.place)
            case sqlite3.SQLITE_READONLY:
                return ReadOnly(self.place, _reason(cause))
            case sqlite3.SQLITE_NOTADB:
                return LedgerNotFound(self.place, "不是数据库文件", "it is not a database")
            case sqlite3.SQLITE_CORRUPT:
                return DatabaseDamaged(self.place, _reason(cause))
            case _:
                return DatabaseUnavailable(self.place, _reason(cause))

    def close(self) -> None:
        """Let go of the file. Closing twice is fine."""
        with self._lock:
            self._closed = True
            self._let_go()

    def _let_go(self) -> None:
        if "_core" in vars(self):
            self._core.close()
            self._core.engine.dispose()
        self._driver.close()
        if self._copied:
            self._copied.cleanup()
