"""What the store asks of any database.

Statements that both understand are written once, with `?` for a value. What they do not share is
behind `Transaction` and `Database`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import migrations
from ledger.envelope import UNPROVEN, Identity
from ledger.language import Text
from ledger.log.tree import ProofError
from ledger.store.entries import Basis, NewEntry, WrittenEntry
from ledger.store.errors import (
    FROZEN,
    DatabaseDamaged,
    FrozenLedger,
    LedgerExists,
    LedgerNotFound,
    SchemaMismatch,
    StoreClosed,
    StoreError,
)

if TYPE_CHECKING:
    # Reading a ledger in a file takes less time than importing SQLAlchemy, which it does without.
    from sqlalchemy import Connection
    from sqlalchemy import Table as CoreTable


class Opening(Enum):
    """What to do with the ledger that a database is opened for."""

    OPEN = auto()
    MAKE = auto()
    MIGRATE = auto()


LOCK_TIMEOUT: Final = 10.0
"""Seconds to wait for another writer before giving up."""


class SqlTable(NamedTuple):
    """A table that rows are added to, many at a time.

    Attributes:
        columns: each with its type on PostgreSQL.
    """

    name: str
    columns: dict[str, str]


EVENTS: Final = SqlTable(
    "events", {"case_id": "text", "version": "bigint", "type": "text", "entry": "bytea"}
)
SNAPSHOTS: Final = EVENTS._replace(name="snapshots")
LEAVES: Final = SqlTable("leaves", {"position": "bigint", "event_id": "bigint", "hash": "bytea"})
TILES: Final = SqlTable(
    "tiles", {"level": "bigint", "number": "bigint", "root": "bytea", "data": "bytea"}
)

CHECKPOINTS: Final = SqlTable(
    "checkpoints", {"size": "bigint", "root": "bytea", "note": "bytea", "signed_at": "text"}
)
COSIGNATURES: Final = SqlTable("cosignatures", {"size": "bigint", "line": "text"})
STAMPS: Final = SqlTable("stamps", {"digest": "bytea", "note": "bytea", "reply": "bytea"})


class QueryResult(Protocol):
    """What a statement found."""

    def fetchone(self) -> Any:  # noqa: ANN401 - a tuple of what was asked for, or None
        """The next row."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""


class Transaction(Protocol):
    """Statements that run together, or one that runs alone."""

    def execute(self, statement: str, parameters: Sequence[object] = (), /) -> QueryResult:
        """Run a statement that both databases understand."""

    def insert(self, table: SqlTable, rows: Sequence[Sequence[object]]) -> None:
        """Add rows, in the order given."""

    def keep(self, table: SqlTable, row: Sequence[object]) -> None:
        """Add a row to `CHECKPOINTS`, `COSIGNATURES` or `STAMPS`, unless its key is there."""

    def append(self, entries: Sequence[NewEntry], basis: Basis | None = None) -> list[int]:
        """Append and seal events in the order given; their positions.

        Pending events get their positions before them.

        Raises:
            VersionConflict: the stream that they were decided on has grown; nothing is kept.
            RecordedBefore: they say they were recorded before the last one; nothing is kept.
        """

    def append_unsealed(self, entries: Sequence[NewEntry]) -> None:
        """Append events in the order given, at least one."""

    def seal(self, *, thorough: bool = False) -> range:
        """Wait until nobody else seals, and give a place to events without one.

        The hash is of the bytes as the database holds them, not as somebody meant to write them.

        Args:
            thorough: look at all events, not only beyond the horizon.

        Returns:
            The positions given: `SEQUENCE_BATCH` at most, and fewer where none is left without.
        """


class ProjectionTransaction(Protocol):
    """A transaction over tables that are next to the record: those of projections.

    They are in the schema `migrations.PROJECTIONS`. The record can be read in it as well.

    Attributes:
        connection: SQLAlchemy's side of it.
    """

    connection: "Connection"

    def insert(self, table: "CoreTable", rows: Sequence[Sequence[object]]) -> None:
        """Add many rows, their values in the order of the table's columns."""


CATCH_UP_TIMEOUT: Final = 2.0
"""Seconds to wait for another one who brings the projections up to date."""

SEQUENCE_BATCH: Final = 10_000
"""Events given a place in one step, so that memory does not grow with what has piled up."""


Ask = Callable[[str, Sequence[object]], list[Any]]
"""All rows that a query finds, given its values."""


class Database(ABC):
    """A database, to be read and written by threads at the same time.

    `reading` and `writing` reach the driver directly: what runs for every command would take longer
    in SQLAlchemy than in the database. SQLAlchemy's side is for migrations and projections; it
    never begins a transaction by itself.

    Attributes:
        place: what to call it in a message; there is no password in it.
        errors: what its driver raises, and anything between it and us.
        taken: what its driver raises for a version that is taken.
        dialect: `sqlite` or `postgresql`.
        may_lack: what may be missing from what is read, and why; `None` where nothing is known of.
    """

    dialect: str
    may_lack: Text | None = None
    errors: tuple[type[Exception], ...]
    taken: type[Exception]

    def __init__(self, place: str) -> None:
        self.place = place
        self._closed = False

    @property
    def identity(self) -> Identity:
        """What is known by itself of who is connected."""
        return UNPROVEN

    @abstractmethod
    def reading(self) -> AbstractContextManager[Transaction]:
        """For statements that see one state of the database each."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Transaction]:
        """A transaction of its own: all is durable at the end, or nothing."""

    @abstractmethod
    def appending(self) -> AbstractContextManager[Transaction]:
        """For one call of `append`, `append_unsealed` or `seal`, which is a transaction itself."""

    @abstractmethod
    def wait_for_disk(self) -> None:
        """Return once all that can be read is on the disk: at once, where nothing else is read."""

    @abstractmethod
    def bulk_loading(self) -> AbstractContextManager[Transaction]:
        """As `writing`, for very many rows."""

    @abstractmethod
    def read_snapshot(self, snapshot: str | None = None) -> AbstractContextManager[Ask]:
        """For many queries of a walk through the table of events: none is passed over.

        Args:
            snapshot: that another process shares, where a server is to see the same state.
        """

    def share_snapshot(self, ask: Ask) -> str | None:  # noqa: ARG002 - ids of a file only grow
        """By what other processes see what a walk sees; `None` where that is nothing."""
        return None

    @abstractmethod
    def structure(self) -> dict[str, str]:
        """Every part of the ledger's tables by its kind and name, with what it is."""

    @abstractmethod
    def integrity(self) -> list[str]:
        """What the database itself finds broken: pages, rows, and what its indexes lack."""

    @abstractmethod
    def walked(self, case_ids: Sequence[str]) -> list[tuple[str, int, int]]:
        """Streams with how many events each has and its last version, read past every index."""

    def written(self, case_id: str | None) -> Iterator[WrittenEntry]:  # noqa: ARG002 - a file knows nothing of it
        """Entries to be compared with what is known by itself of who appended them.

        Those that claim nothing and were appended where nothing is proven are left out.

        Args:
            case_id: of one stream only.
        """
        return iter(())

    @abstractmethod
    def core(self) -> "AbstractContextManager[Connection]":
        """SQLAlchemy's side of a connection."""

    @abstractmethod
    def projection_transaction(
        self, *, writing: bool
    ) -> AbstractContextManager[ProjectionTransaction]:
        """A transaction over the tables next to the record; their writer is the only one."""

    @abstractmethod
    def projection_reading(self) -> AbstractContextManager[Ask]:
        """The same tables in one state, for queries without SQLAlchemy, which is slow to import."""

    @abstractmethod
    def explained(self, error: Exception) -> StoreError:
        """The error of ours that corresponds to an error of the driver."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the database. Closing twice is fine."""

    @contextmanager
    def translated_errors(self) -> Iterator[None]:
        """Raise our own errors for those of the database."""
        try:
            yield
        except self.errors as error:
            if FROZEN in str(error):
                raise FrozenLedger(self.place) from error
            raise self.explained(error) from error
        except ProofError as error:  # what the tables say of the log does not fit together
            raise DatabaseDamaged(self.place, error.text) from error

    def check_open(self) -> None:
        """Raise what a closed store raises.

        Raises:
            StoreClosed: it has been closed.
        """
        if self._closed:
            raise StoreClosed(self.place)

    def check_current(self) -> None:
        """See that there is a ledger that this program can read and write.

        Raises:
            LedgerNotFound: there is none.
            DatabaseDamaged: there is one that does not say how old it is.
            SchemaMismatch: it is older or newer than this program.
        """
        found = self._revision()
        if found is None:
            if {"table events", "table leaves"} <= self.structure().keys():
                raise DatabaseDamaged(self.place, f"table {migrations.TABLE}")
            raise LedgerNotFound(
                self.place, "不是 scoretrail 记录库", "it is not a scoretrail ledger"
            )
        if found != migrations.HEAD:
            raise SchemaMismatch(self.place, found)

    def _revision(self) -> str | None:
        """The revision that the ledger is at; `None` where there is none."""
        with self.core() as connection:
            return migrations.revision(connection)

    def _prepare(self, connection: "Connection", opening: Opening) -> None:
        """Make or migrate the ledger inside the transaction that the caller began."""
        from sqlalchemy import inspect  # noqa: PLC0415 - slow to import, and seldom needed

        if opening is Opening.MAKE and inspect(connection).get_table_names():
            raise LedgerExists(self.place)
        found = migrations.revision(connection)
        # Where there is none to migrate, or a newer one, looking at it afterwards says so.
        if opening is Opening.MAKE or (found is not None and found < migrations.HEAD):
            migrations.upgrade(connection)
