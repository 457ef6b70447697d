"""Our own face of the store."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from ledger.envelope import REGISTER, Identity, Sign, Through
from ledger.events import EntrySetAside
from ledger.extras import ExtraMissing
from ledger.language import Text
from ledger.log.tiles import Tile, hash_reader
from ledger.log.tree import CompactRange, HashReader, ProofError, TreeHead
from ledger.store import streams
from ledger.store.audit import Audit, Moment
from ledger.store.bulk_load import batches, bulk_load, keep_stamp
from ledger.store.database import (
    CHECKPOINTS,
    COSIGNATURES,
    LOCK_TIMEOUT,
    SEQUENCE_BATCH,
    Ask,
    Database,
    Opening,
    ProjectionTransaction,
)
from ledger.store.entries import (
    CHECKPOINT_KINDS,
    STATE_KINDS,
    STREAM_KINDS,
    AuditRow,
    AuditTuple,
    Basis,
    Behind,
    Entry,
    NewEntry,
    StoredCheckpoint,
    WrittenEntry,
    only,
    sound,
)
from ledger.store.errors import LedgerNotFound, SchemaMismatch, VersionConflict, check
from ledger.store.sqlite import SqliteDatabase
from ledger.store.structure import StructureFault, compare
from ledger.store.tile_store import read_tile
from ledger.stream_reading import entries_set_aside, refuse_behind_a_gap
from ledger.values import AccountId, Instant

if TYPE_CHECKING:
    # They use a library that imports slowly, which reading and writing events do not need.
    from ledger.log.checkpoint import SignedCheckpoint
    from ledger.log.note import Signature
    from ledger.log.stamp import TimeStamp

LOGGER: Final = logging.getLogger(__name__)

BATCH: Final = 1_000
"""Entries read at once from the log, so that memory does not grow with its length."""

_STREAMS = "SELECT case_id, max(version) FROM main.events GROUP BY case_id ORDER BY case_id"
_FRONTIER = "SELECT size, frontier FROM main.log_state"
_CHECKPOINTS = (
    "SELECT size, root, note, signed_at FROM main.checkpoints WHERE size >= ? ORDER BY size"
)
_LAST_CHECKPOINT = (
    "SELECT size, root, note, signed_at FROM main.checkpoints ORDER BY size DESC LIMIT 1"
)
_COSIGNATURES = "SELECT size, line FROM main.cosignatures ORDER BY size, line"
# What nothing leads to: a tile there would be in the way of the log's own.
_BESIDE_THE_LOG = (
    "SELECT 'tiles: ' || level || '/' || number FROM main.tiles, main.log_state"
    " WHERE CASE WHEN level BETWEEN 0 AND 6"
    " THEN number >= (size >> CAST(8 * (level + 1) AS integer)) ELSE 1 = 1 END"
    " UNION ALL SELECT 'cosignatures: ' || size FROM main.cosignatures"
    " WHERE size NOT IN (SELECT size FROM main.checkpoints)"
)
_STAMPS = "SELECT note, reply FROM main.stamps ORDER BY digest"


def connect(target: str, opening: Opening, *, patience: float = LOCK_TIMEOUT) -> Database:
    """A database, and the ledger in it made or migrated where `opening` says so.

    Raises:
        StoreError: for what is found there.
    """
    scheme, is_url, _ = target.partition("://")
    if not is_url:
        return SqliteDatabase(target, opening, patience=patience)
    if scheme not in {"postgresql", "postgres"}:  # the rest may hold a password
        raise LedgerNotFound(
            f"{scheme}://…",
            "只支持 SQLite 文件和 postgresql:// 地址",
            "only SQLite files and postgresql:// URLs are served",
        )
    try:
        from ledger.store.postgresql import (  # noqa: PLC0415 - a ledger in a file needs no driver for servers
            PostgresqlDatabase,
        )
    except ImportError as error:
        raise ExtraMissing("postgres", error.name or "psycopg") from error
    return PostgresqlDatabase(target, opening, patience=patience)


def migrate(target: str) -> str | None:
    """Bring an older ledger to this program's revision; all of it, or nothing is changed.

    Args:
        target: of the ledger; on a server, the URL of its owner.

    Returns:
        The revision that it had, or `None` where there was nothing to do.

    Raises:
        StoreError: there is no ledger, it is newer than this program, or may not be migrated.
    """
    try:
        connect(target, Opening.OPEN).close()
    except SchemaMismatch as older:
        connect(target, Opening.MIGRATE).close()
        return older.found
    return None


def admit(
    target: str,
    role: str,
    password: str,
    account: AccountId | None = None,
    through: Through | None = None,
) -> str:
    """Let a role of a PostgreSQL server append to a ledger and read it, and nothing else.

    Args:
        target: the URL of the ledger's owner, who may make roles.
        role: is made where there is none.
        password: for a new role; one that exists keeps its own.
        account: whom it is to act as; anybody where it is not given.
        through: how that is proven; unproven where it is not given.

    Returns:
        The URL for connecting as the role; without a password where the role existed.

    Raises:
        Invalid: the role is registered for something else.
        StoreError: there is no ledger, or this user may not.
    """
    from ledger.store.postgresql import (  # noqa: PLC0415 - a ledger in a file needs no driver for servers
        PostgresqlDatabase,
    )

    database = PostgresqlDatabase(target, Opening.OPEN, patience=LOCK_TIMEOUT)
    try:
        with database.translated_errors():
            return database.admit(role, password, account, through)
    finally:
        database.close()


class Store:
    """The events of a ledger, in the order of the log and in the order of each case.

    Threads may share a store. It closes at the end of a `with` block, or by `close`.

    Attributes:
        sign: how the person who has opened it signs what they record; `None` where they do not.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.sign: Sign | None = None
        LOGGER.info("opened %s", self.place)

    @classmethod
    def create(cls, target: str | Path, *, patience: float = LOCK_TIMEOUT) -> Self:
        """Make a new, empty ledger.

        Args:
            target: the path of a file that does not exist or is empty; or `MEMORY`; or the
                `postgresql://` URL of an empty database, as its owner.
            patience: seconds to wait for another writer.

        Raises:
            LedgerExists: there is a ledger or another database already.
            LedgerNotFound: there is a file that is not a database.
            DatabaseUnavailable: no such folder or server, or no right to write there.
        """
        return cls(connect(str(target), Opening.MAKE, patience=patience))

    @classmethod
    def open(cls, target: str | Path, *, patience: float = LOCK_TIMEOUT) -> Self:
        """Open a ledger that exists.

        Args:
            target: the path of its file, or its `postgresql://` URL.
            patience: seconds to wait for another writer.

        Raises:
            LedgerNotFound: no such file, or something else is in it.
            SchemaMismatch: it is older or newer than this program.
            DatabaseUnavailable: no such server, or no right to read or write there.
        """
        return cls(connect(str(target), Opening.OPEN, patience=patience))

    @property
    def is_file(self) -> bool:
        """Whether the ledger is in a file, not on a server."""
        return self._database.dialect == "sqlite"

    @property
    def place(self) -> str:
        """What to call the ledger in a message; there is no password in it."""
        return self._database.place

    @property
    def may_lack(self) -> Text | None:
        """What may be missing from what is read, and why; `None` where nothing is known of."""
        return self._database.may_lack

    @property
    def identity(self) -> Identity:
        """What the database knows by itself of who is connected to it, and how they sign."""
        with self._database.translated_errors():
            return self._database.identity._replace(sign=self.sign)

    def append(self, entries: Sequence[NewEntry], basis: Basis | None = None) -> list[int]:
        """Append and seal events in one transaction: all of them are durable, or none.

        Args:
            entries: in their order.
            basis: what they were decided on next to their own streams, if anything. Then they are
                also recorded no earlier than the last entry of the log.

        Returns:
            The position of each, in the order given.

        Raises:
            VersionConflict: a version is taken, or comes twice, or the basis has grown.
            RecordedBefore: the last entry says that it was recorded later.
            LockTimeout: someone else kept the database locked.
            EntryTooLarge: an entry has more than 65,535 bytes.
        """
        with self._telling_conflicts(entries), self._database.appending() as transaction:
            positions = streams.append(transaction, entries, basis)
        if positions:
            LOGGER.info(
                "appended %d events at positions %d to %d",
                len(positions),
                positions[0],
                positions[-1],
            )
        return positions

    def append_unsealed(self, entries: Sequence[NewEntry]) -> None:
        """Append events without waiting for their positions, which are assigned later.

        For servers with many writers: all of them are durable, or none. Neither the register nor
        the moment is looked at here; no command of the program goes this way.

        Raises:
            VersionConflict: a version is taken, or comes twice.
            LockTimeout: someone else kept the database locked.
            EntryTooLarge: an entry has more than 65,535 bytes.
        """
        check(entries)
        if entries:
            with self._telling_conflicts(entries), self._database.appending() as transaction:
                transaction.append_unsealed(entries)
            LOGGER.info("appended %d events that wait for their places", len(entries))

    def append_all(self, entries: Iterable[NewEntry]) -> int:
        """Append and seal events as they come, in one transaction: all are durable, or none.

        Args:
            entries: any number; a batch of them is in memory at a time. What is raised while they
                are being made undoes all. They must not ask this store for anything.

        Returns:
            How many.

        Raises:
            VersionConflict: a version is taken, or comes twice.
            LockTimeout: someone else kept the database locked.
            EntryTooLarge: an entry has more than 65,535 bytes.
        """
        count = 0
        current: list[NewEntry] = []
        with self._telling_conflicts(current), self._database.bulk_loading() as transaction:
            for current[:] in batches(entries):
                transaction.append_unsealed(current)
                count += len(current)
            while len(transaction.seal()) == SEQUENCE_BATCH:
                pass  # there may be more where these were
        LOGGER.info("appended %d events in one transaction", count)
        return count

    def fill(self, log: "Iterable[NewEntry | StoredCheckpoint | TimeStamp]") -> None:
        """Write a whole log into this ledger, which is empty, in one transaction: all or nothing.

        Args:
            log: its entries in the order of their positions, with its checkpoints and time stamps
                among them; a batch of them is in memory at a time. What is raised while they are
                being made undoes all.

        Raises:
            LedgerNotEmpty: something is in the ledger.
            LockTimeout: someone else kept the database locked.
            EntryTooLarge: an entry has more than 65,535 bytes.
        """
        with self._database.translated_errors(), self._database.bulk_loading() as transaction:
            bulk_load(transaction, self.place, log)
        LOGGER.info("filled %s with a whole log", self.place)

    def seal(self, *, thorough: bool = False) -> range:
        """Assign positions at the end of the log to events that have none: those of other writers.

        Args:
            thorough: look at all events, which takes time in proportion to the log. Otherwise only
                where new ones are to be expected, as `append` does.

        Returns:
            The positions that were given; where there were very many, those that others gave
            meanwhile lie between them.
        """
        start = None
        while True:  # a transaction each, so that those who append need not wait for all
            with self._database.translated_errors(), self._database.appending() as transaction:
                sealed = transaction.seal(thorough=thorough)
            start = sealed.start if start is None else start
            if sealed:
                LOGGER.info("sealed positions %d to %d", sealed.start, sealed.stop - 1)
            if len(sealed) < SEQUENCE_BATCH:
                return range(start, sealed.stop)

    def read(self, case_id: str, upto: int | None = None) -> list[Entry]:
        """The events of one case in the order of their versions, none if there is no such case.

        Args:
            case_id: whose events.
            upto: the last version to read; all where it is `None`.
        """
        with self._database.translated_errors(), self._database.reading() as transaction:
            return streams.read_stream(transaction, case_id, after=None, upto=upto)

    def stream(
        self, case_id: str, upto: int | None = None, *, strict: bool = True
    ) -> list[tuple[int | None, bytes]]:
        """Position and bytes of the same, one for each version from 1 up to a gap.

        What lies after a gap came there past the program, or what was before it is missing.

        Args:
            case_id: whose events.
            upto: the last version to read; all where it is `None`.
            strict: whether an entry that claims to be there is refused; else it is left out.

        Raises:
            UnreadableEntry: there is such an entry, and nobody has set it aside.
        """
        with self._database.translated_errors(), self._database.reading() as transaction:
            # In a file a second question is cheaper than a column; a server is asked once.
            entries = streams.read_entries(transaction, case_id, upto) if self.is_file else None
            if entries is not None:
                return entries
            found = streams.read_numbered(transaction, case_id, upto)
        whole = len(found)
        if found and found[-1][2] != whole:
            whole = next(at for at, (_, _, version) in enumerate(found) if version != at + 1)
            if strict:
                aside = entries_set_aside(self.of_type(REGISTER, EntrySetAside.__name__))
                refuse_behind_a_gap(case_id, found[whole:], aside)
        return [(position, entry) for position, entry, _ in found[:whole]]

    def of_type(
        self, case_id: str, type_: str, upto: int | None = None
    ) -> list[tuple[int | None, bytes]]:
        """Position and bytes of those events of one case that are stored under a name.

        Args:
            case_id: whose events.
            type_: the name.
            upto: the last version; all where it is `None`.
        """
        with self._database.translated_errors(), self._database.reading() as transaction:
            return streams.read_of_type(transaction, case_id, type_, upto)

    def of_types(self, case_ids: Sequence[str], types: Sequence[str]) -> list[Entry]:
        """The events of some streams that are stored under some names, unverified."""
        with self._database.translated_errors(), self._database.reading() as transaction:
            return streams.read_of_types(transaction, case_ids, types)

    def entry_of(self, case_id: str, version: int) -> Entry | None:
        """The event of one case with that version; `None` where there is none."""
        with self._database.translated_errors(), self._database.reading() as transaction:
            found = streams.read_stream(transaction, case_id, after=version - 1, upto=version)
        return found[0] if found else None

    def entry_at(self, position: int) -> Entry | None:
        """The event at a log position; `None` where there is none."""
        if position >= streams.LAST_VERSION:  # no database counts further
            return None
        with self._database.translated_errors(), self._database.reading() as transaction:
            found = streams.read_log(transaction, position, 1, stop=position + 1)
        return found[0] if found else None

    def audited(self, case_id: str, upto: int | None = None, *, after: int = 0) -> list[AuditTuple]:
        """The events of one case with everything that the tables say of them, unverified.

        Args:
            case_id: whose events.
            upto: the last version to read; all where it is `None`.
            after: the version before the first to read.
        """
        with self._database.translated_errors(), self._database.reading() as transaction:
            return streams.read_audited(transaction, case_id, upto, after)

    def ends(self, case_ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """Version and bytes of the last entry of each of some streams that there are."""
        with self._database.translated_errors(), self._database.reading() as transaction:
            found = streams.read_ends(transaction, case_ids)
        return {case_id: (version, entry) for case_id, version, entry in found}

    def behind(self, position: int, limit: int) -> Behind:
        """What there is of the log after a position, among the next `limit` ones."""
        with self._database.translated_errors(), self._database.reading() as transaction:
            return streams.read_behind(transaction, position, limit)

    def followers(self, position: int, limit: int, case_id: str, leaf: bytes) -> list[Entry]:
        """Events among the next `limit` that name a leaf of a case and lie under another name."""
        with self._database.translated_errors(), self._database.reading() as transaction:
            return streams.read_followers(transaction, position, limit, case_id, leaf)

    def read_log(self, start: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """The sealed events in the order of the log, read in batches as they are asked for.

        Args:
            start: the first position.
            limit: how many at most; all where it is `None`.
        """
        return islice(self._from(start), limit)

    def audit(self, case_id: str | None = None) -> Iterator[AuditRow]:
        """Every event with its leaf, sealed or not, in the order of writing, read in batches.

        Args:
            case_id: of one stream only.
        """
        with self.auditing() as audit:
            yield from map(AuditRow._make, audit.rows(case_id))

    @contextmanager
    def auditing(self, moment: Moment | None = None) -> Iterator[Audit]:
        """The record as it is now, to be walked through while others append.

        Args:
            moment: that another process walks through; now, where it is `None`.
        """
        snapshot = moment.snapshot if moment else None
        with self._database.translated_errors(), self._database.read_snapshot(snapshot) as ask:
            yield Audit(self._database, ask, moment)

    def structure_faults(self) -> list[StructureFault]:
        """Parts of the tables that are missing, foreign or changed, such as a trigger."""
        with self._database.translated_errors():
            return [*compare(self._database.structure(), self._database.dialect)]

    def integrity_faults(self) -> list[str]:
        """What the database finds broken in itself, in its own words.

        It reads everything, in a time in proportion to its size.
        """
        with self._database.translated_errors(), self._database.reading() as transaction:
            beside = [said for (said,) in transaction.execute(_BESIDE_THE_LOG).fetchall()]
        with self._database.translated_errors():
            return [*self._database.integrity(), *beside]

    def walked(self, case_ids: Sequence[str]) -> list[tuple[str, int, int]]:
        """Streams with how many events each has and its last version, read past every index.

        It goes through all events of all streams. Streams that have none are left out.
        """
        with self._database.translated_errors():
            return self._database.walked(case_ids)

    def written(self, case_id: str | None = None) -> Iterator[WrittenEntry]:
        """Entries to be compared with what the database knows by itself of who appended them.

        Those that claim nothing and were appended where nothing is proven are left out.

        Args:
            case_id: of one stream only.
        """
        with self._database.translated_errors():
            yield from self._database.written(case_id)

    def streams(self) -> list[tuple[str, int]]:
        """Every case with its last version, in the order of their ids."""
        with self._database.translated_errors(), self._database.reading() as transaction:
            return [*sound(transaction.execute(_STREAMS).fetchall(), STREAM_KINDS)]

    def size(self) -> int:
        """How many events are sealed: the position that the next one gets."""
        with self._database.translated_errors(), self._database.reading() as transaction:
            return streams.log_size(transaction)

    def pending(self) -> int:
        """How many events came after the last one that is sealed."""
        with self._database.translated_errors(), self._database.reading() as transaction:
            return streams.pending(transaction)

    def head(self) -> TreeHead:
        """The size and the root of the log, as the seal left them: nothing is computed again.

        Raises:
            DatabaseDamaged: the state of the log does not fit together.
        """
        with self._database.translated_errors(), self._database.reading() as transaction:
            size, frontier = only(transaction.execute(_FRONTIER).fetchall(), STATE_KINDS)
            return CompactRange.parse(size, frontier).head()

    def wait_for_disk(self) -> None:
        """Return once all that was read is on the disk.

        On a server entries can be read some milliseconds before, and a power cut would take them
        back. So this comes before what outlasts the server: a signature, or events for a program.
        """
        with self._database.translated_errors():
            self._database.wait_for_disk()

    def tile(self, tile: Tile) -> bytes:
        """The hashes of a tile of the log, 32 bytes each.

        Raises:
            DatabaseDamaged: a leaf or a tile of it is missing.
        """
        with self._database.translated_errors(), self._database.reading() as transaction:
            return read_tile(transaction, tile)

    def hashes(self, size: int) -> HashReader:
        """Look up what proofs about the first `size` entries are made of, each tile once."""
        return hash_reader(self.tile, size)

    def entries(self, start: int, end: int) -> list[bytes]:
        """The entries from position `start` up to but not including `end`, those that there are."""
        with self._database.translated_errors(), self._database.reading() as transaction:
            found = transaction.execute(streams.SEALED, (start, end)).fetchall()
            return [entry for _, entry in found]

    def keep_checkpoint(self, signed: "SignedCheckpoint", at: Instant) -> None:
        """Keep a checkpoint that the log has signed. Keeping it again changes nothing.

        Args:
            signed: as it came from the signer.
            at: when.

        Raises:
            ProofError: there is one of the same size with another root.
        """
        size, root = signed.checkpoint.head
        with self._database.translated_errors(), self._database.writing() as transaction:
            transaction.keep(CHECKPOINTS, (size, root, bytes(signed.note), at))
            kept = StoredCheckpoint(*transaction.execute(_CHECKPOINTS, (size,)).fetchone())
        if kept.root != root:
            raise ProofError(
                f"已有 {size} 条的检查点，根与此不同", f"a checkpoint of {size} has another root"
            )

    def checkpoints(self) -> list[StoredCheckpoint]:
        """The checkpoints that the log has signed, the smallest first, cosignatures below them."""
        with self._database.translated_errors(), self._database.reading() as transaction:
            found = sound(
                transaction.execute(_CHECKPOINTS, (-(2**63),)).fetchall(), CHECKPOINT_KINDS
            )
            below: dict[int, bytes] = {}
            for size, line in transaction.execute(_COSIGNATURES).fetchall():
                below[size] = below.get(size, b"") + f"{line}\n".encode()
        return [
            StoredCheckpoint(size, root, note + below.get(size, b""), at)
            for size, root, note, at in found
        ]

    def last_checkpoint(self) -> StoredCheckpoint | None:
        """The largest checkpoint as the log has signed it, if any, without cosignatures."""
        with self._database.translated_errors(), self._database.reading() as transaction:
            found = transaction.execute(_LAST_CHECKPOINT).fetchone()
            return StoredCheckpoint(*found) if found else None

    def keep_cosignatures(self, size: int, cosignatures: "Iterable[Signature]") -> None:
        """Keep what witnesses have put below a checkpoint. Keeping it again changes nothing.

        Args:
            size: of the checkpoint, which is kept.
            cosignatures: verified by the caller.
        """
        with self._database.translated_errors(), self._database.writing() as transaction:
            for cosignature in cosignatures:
                transaction.keep(COSIGNATURES, (size, str(cosignature)))

    def keep_stamp(self, stamp: "TimeStamp") -> None:
        """Keep a time stamp, verified by the caller. Keeping it again changes nothing."""
        with self._database.translated_errors(), self._database.writing() as transaction:
            keep_stamp(transaction, stamp)

    def stamps(self) -> "list[TimeStamp]":
        """The time stamps that were kept; nobody has verified them."""
        from ledger.log.stamp import TimeStamp  # noqa: PLC0415 - for the reason given above

        with self._database.translated_errors(), self._database.reading() as transaction:
            return [TimeStamp(*row) for row in transaction.execute(_STAMPS).fetchall()]

    @contextmanager
    def projection_transaction(self, *, writing: bool) -> Iterator[ProjectionTransaction]:
        """A transaction over the tables of projections, which can always be made again.

        It sees one state of them. Nothing else of this store may be used meanwhile.

        Args:
            writing: one at a time may; all is kept at the end of the block, or nothing.

        Raises:
            LockTimeout: someone else kept writing them for longer than `TURN` seconds.
            ReadOnly: this user may not write them.
        """
        with (
            self._database.translated_errors(),
            self._database.projection_transaction(writing=writing) as beside,
        ):
            yield beside

    @contextmanager
    def projection_reading(self) -> Iterator[Ask]:
        """The tables of projections in one state, for queries as the driver takes them.

        Nothing else of this store may be used meanwhile. Importing SQLAlchemy takes longer than
        reading a list does.
        """
        with self._database.translated_errors(), self._database.projection_reading() as ask:
            yield ask

    def close(self) -> None:
        """Let go of the database. Closing twice is fine."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _telling_conflicts(self, entries: Sequence[NewEntry]) -> Iterator[None]:
        """Raise our own errors, and `VersionConflict` where a version is taken."""
        with self._database.translated_errors():
            try:
                yield
            except self._database.taken as error:
                with self._database.reading() as transaction:
                    conflicting = streams.taken(transaction, entries)
                if conflicting is None:
                    raise
                LOGGER.info(
                    "version %d of %s is taken: somebody else was faster",
                    conflicting.version,
                    conflicting.case_id,
                )
                raise VersionConflict(conflicting.case_id, conflicting.version) from error

    def _from(self, start: int) -> Iterator[Entry]:
        while True:
            with self._database.translated_errors(), self._database.reading() as transaction:
                batch = streams.read_log(transaction, start, BATCH)
            yield from batch
            if len(batch) < BATCH:
                return
            start = (batch[-1].position or 0) + 1
