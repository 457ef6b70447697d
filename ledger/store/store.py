"""Our own face of the store."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, Self

from ledger.store.database import PATIENCE, Database
from ledger.store.entries import Entry, NewEntry, StoredRow
from ledger.store.errors import Conflict, NoLedger
from ledger.store.seal import append_and_seal, check, seal, taken
from ledger.store.sqlite import SqliteDatabase

BATCH: Final = 1_000
"""Entries read at once from the log, so that memory does not grow with its length."""

# These run for every act, so they are plain SQL that goes to the driver as it is.
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
    " WHERE events.id > ? AND (CAST(? AS TEXT) IS NULL OR case_id = ?) ORDER BY events.id LIMIT ?"
)
_STREAMS = "SELECT case_id, max(version) FROM events GROUP BY case_id ORDER BY case_id"
_SIZE = "SELECT size FROM log_state"
_LAST_VERSION: Final = 2**63 - 1


def connect(target: str, *, make: bool, patience: float = PATIENCE) -> Database:
    """A database, and the ledger in it made where `make` says so.

    Raises:
        StoreError: for what is found there.
    """
    scheme, is_url, _ = target.partition("://")
    if not is_url:
        return SqliteDatabase(target, make=make, patience=patience)
    if scheme not in {"postgresql", "postgres"}:  # the rest may hold a password
        raise NoLedger(
            f"{scheme}://…",
            "只支持 SQLite 文件和 postgresql:// 地址",
            "only SQLite files and postgresql:// URLs are served",
        )
    try:
        from ledger.store.postgresql import (  # noqa: PLC0415 - a ledger in a file needs no driver for servers
            PostgresqlDatabase,
        )
    except ImportError as error:
        raise NoLedger(
            f"{scheme}://…",
            "没有安装 PostgreSQL 驱动，请安装 scoretrail[postgres]",
            "the driver for PostgreSQL is not installed; install scoretrail[postgres]",
        ) from error
    return PostgresqlDatabase(target, make=make, patience=patience)


def admit(target: str, role: str, password: str) -> str:
    """Let a role of a PostgreSQL server append to a ledger and read it, and nothing else.

    Args:
        target: the URL of the ledger's owner, who may make roles.
        role: is made where there is none.
        password: for a new role; one that exists keeps its own.

    Returns:
        The URL for whoever acts as the role; without a password where the role existed.
    """
    from ledger.store.postgresql import (  # noqa: PLC0415 - a ledger in a file needs no driver for servers
        PostgresqlDatabase,
    )

    database = PostgresqlDatabase(target, make=False, patience=PATIENCE)
    try:
        with database.speaking():
            return database.admit(role, password)
    finally:
        database.close()


class Store:
    """The events of a ledger, in the order of the log and in the order of each case.

    Threads may share a store. It closes at the end of a `with` block, or by `close`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def create(cls, target: str | Path, *, patience: float = PATIENCE) -> Self:
        """Make a new, empty ledger.

        Args:
            target: the path of a file that does not exist or is empty; or `MEMORY`; or the
                `postgresql://` URL of an empty database, as its owner.
            patience: seconds to wait for another writer.

        Raises:
            Exists: there is a ledger or another database already.
            NoLedger: there is a file that is not a database.
            Unreachable: no such folder or server, or no right to write there.
        """
        return cls(connect(str(target), make=True, patience=patience))

    @classmethod
    def open(cls, target: str | Path, *, patience: float = PATIENCE) -> Self:
        """Open a ledger that exists.

        Args:
            target: the path of its file, or its `postgresql://` URL.
            patience: seconds to wait for another writer.

        Raises:
            NoLedger: no such file, or something else is in it.
            SchemaMismatch: it is older or newer than this program.
            Unreachable: no such server, or no right to read or write there.
        """
        return cls(connect(str(target), make=False, patience=patience))

    def append(self, entries: Sequence[NewEntry]) -> list[int]:
        """Append and seal events in one transaction: all of them are durable, or none.

        Returns:
            The position of each, in the order given.

        Raises:
            Conflict: a version is taken, or comes twice.
            Busy: someone else kept the database locked.
            TooLarge: an entry has more than 65,535 bytes.
        """
        with self._telling_conflicts(entries), self._database.writing() as transaction:
            return append_and_seal(transaction, entries)

    def append_unsealed(self, entries: Sequence[NewEntry]) -> None:
        """Append events without waiting for their places, which a sealer beside will give them.

        For servers with many writers: all of them are durable, or none.

        Raises:
            Conflict: a version is taken, or comes twice.
            Busy: someone else kept the database locked.
            TooLarge: an entry has more than 65,535 bytes.
        """
        check(entries)
        if entries:
            with self._telling_conflicts(entries), self._database.appending() as transaction:
                transaction.append(entries)

    def seal(self, *, thorough: bool = False) -> range:
        """Give places at the end of the log to events that have none: those of other writers.

        Args:
            thorough: look at all events, which takes time in proportion to the log. Otherwise only
                where new ones are to be expected, as `append` does.

        Returns:
            The positions that were given.
        """
        with self._database.speaking(), self._database.writing() as transaction:
            return seal(transaction, thorough=thorough).positions

    def read(self, case_id: str, upto: int | None = None) -> list[Entry]:
        """The events of one case in the order of their versions, none if there is no such case.

        Args:
            case_id: whose events.
            upto: the last version to read; all where it is `None`.
        """
        with self._database.speaking(), self._database.reading() as transaction:
            key = (case_id, _LAST_VERSION if upto is None else upto)
            return [Entry._make(row) for row in transaction.execute(_CASE, key).fetchall()]

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
        with self._database.speaking(), self._database.steady() as ask:
            while True:
                rows = ask(_AUDIT, (last, case_id, case_id, BATCH))
                yield from (StoredRow._make(row[:-1]) for row in rows)
                if len(rows) < BATCH:
                    return
                last = rows[-1][-1]

    def streams(self) -> list[tuple[str, int]]:
        """Every case with its last version, in the order of their ids."""
        with self._database.speaking(), self._database.reading() as transaction:
            return transaction.execute(_STREAMS).fetchall()

    def size(self) -> int:
        """How many events are sealed: the position that the next one gets."""
        with self._database.speaking(), self._database.reading() as transaction:
            size: int
            (size,) = transaction.execute(_SIZE).fetchone()
            return size

    def close(self) -> None:
        """Let go of the database. Closing twice is fine."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _telling_conflicts(self, entries: Sequence[NewEntry]) -> Iterator[None]:
        """Raise our own errors, and `Conflict` where a version is taken."""
        with self._database.speaking():
            try:
                yield
            except self._database.taken as error:
                with self._database.reading() as transaction:
                    conflicting = taken(transaction, entries)
                if conflicting is None:
                    raise
                raise Conflict(conflicting.case_id, conflicting.version) from error

    def _from(self, start: int) -> Iterator[Entry]:
        while True:
            with self._database.speaking(), self._database.reading() as transaction:
                batch = transaction.execute(_LOG, (start, BATCH)).fetchall()
            yield from map(Entry._make, batch)
            if len(batch) < BATCH:
                return
            start = batch[-1][0] + 1
