"""The archive of a ledger (记录库归档): a frozen ledger as objects that need no database.

What lies there (docs/formats/archive.md): the tiles and entry bundles of the log as C2SP tlog-tiles
names them, bundles compressed; which positions each stream has; the checkpoints and time stamps;
the evidence files; and at last the final checkpoint, without which there is no archive.

A stream is read from the bundles that hold it. For questions about everything, such as `verify` and
the portfolio, the whole log is laid out in a database that lasts as long as the question.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, islice, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final, NamedTuple, NoReturn, TypeVar

import msgspec
from msgspec import Meta, Struct

from ledger import dump
from ledger.codec import canonical
from ledger.envelope import UNPROVEN, Identity
from ledger.evidence import EvidenceFolder
from ledger.gzipped import compressed, uncompressed
from ledger.language import Text
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.stamp import TimeStamp
from ledger.log.tiles import (
    ENTRY_MAX,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    parse_bundle,
    subtree_root,
    tiles,
    write_bundle,
)
from ledger.log.tree import HASH_SIZE, ProofError, TreeHead, leaf_hash
from ledger.objects import ARCHIVE, Objects, keep
from ledger.store import (
    LOCK_TIMEOUT,
    AuditTuple,
    Behind,
    DatabaseDamaged,
    Entry,
    FrozenLedger,
    LedgerNotFound,
    NewEntry,
    Store,
    StoredCheckpoint,
)
from ledger.store.database import Database, Opening
from ledger.store.sqlite import SqliteDatabase
from ledger.values import Count, Sha256

T = TypeVar("T")

CHECKPOINT: Final = "checkpoint"
KEPT: Final = "kept.json.gz"
STREAMS: Final = "streams.json.gz"

_FEW: Final = 64
"""Bundles that are kept unpacked, and tiles."""
_BUNDLE_MAX: Final = TILE_WIDTH * (2 + ENTRY_MAX)
_UNPACKED_MAX: Final = 2**30
"""Bytes that a bundle, and anything else, may have once it is unpacked. A thousandth of that may
claim to have more."""


class _Kept(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is kept next to the entries, as an export writes it.

    Attributes:
        evidence: how many files; `None` where there was no folder of them.
    """

    checkpoints: Annotated[tuple[dump.CheckpointLine, ...], Meta(min_length=1)]
    evidence: Count | None
    stamps: tuple[dump.StampLine, ...]


_Gaps = Annotated[list[Count], Meta(min_length=1)]
"""See `_gaps`."""


class _Envelope(Struct):
    """What the tables of a database say of an entry next to its bytes."""

    case: str
    version: Count
    type: str


class Archived(NamedTuple):
    """What an archive holds, and how many bytes its objects have without those of the evidence."""

    origin: str
    size: int
    evidence: int | None
    bytes: int


def _evidence_name(digest: Sha256) -> str:
    return f"evidence/{digest[:2]}/{digest}"


# --- Out -----------------------------------------------------------------------------------------


def write_archive(
    store: Store, final: SignedCheckpoint, evidence: EvidenceFolder | None, objects: Objects
) -> Archived:
    """Write a frozen ledger into objects. Doing it again, or after a break, changes nothing.

    Args:
        store: the ledger.
        final: its final checkpoint, verified by the caller.
        evidence: where its evidence files are; what is not there is left out.
        objects: where to.

    Raises:
        Invalid: something else lies there.
        DatabaseUnavailable: it cannot be written.
    """
    origin, (size, _), _ = final.checkpoint
    written = 0
    positions: dict[str, list[int]] = {}
    for tile in tiles(size):
        if tile.level == 0:
            first = tile.number * TILE_WIDTH
            entries = store.entries(first, first + tile.width)
            for position, entry in enumerate(entries, first):
                positions.setdefault(_envelope(entry).case, []).append(position)
            written += keep(objects, f"{tile.bundle_path}.gz", compressed(write_bundle(entries)))
        written += keep(objects, tile.path, store.tile(tile))
    gaps = {stream: [*_gaps(positions[stream])] for stream in sorted(positions)}
    written += keep(objects, STREAMS, compressed(msgspec.json.encode(gaps)))
    checkpoints = [one for one in store.checkpoints() if one.size <= size]
    kept = _Kept(
        checkpoints=tuple(map(dump.CheckpointLine.of, checkpoints)),
        evidence=_write_evidence(store, evidence, objects) if evidence else None,
        stamps=tuple(map(dump.StampLine.of, store.stamps())),
    )
    written += keep(objects, KEPT, compressed(canonical(kept)))
    written += keep(objects, CHECKPOINT, checkpoints[-1].note)
    return Archived(origin, size, kept.evidence, written)


def _write_evidence(store: Store, evidence: EvidenceFolder, objects: Objects) -> int:
    held = {
        cited.sha256
        for _, cited in dump.evidence(store)
        if evidence.examine([cited], ())[0].state == "held"
    }
    for digest in sorted(held):
        keep(objects, _evidence_name(digest), evidence.read(digest))
    return len(held)


def _gaps(positions: Sequence[int]) -> Iterator[int]:
    """The first position, and from each one to the next: small numbers, of which many are 1."""
    yield positions[0]
    yield from (after - before for before, after in pairwise(positions))


# --- In ------------------------------------------------------------------------------------------


class _LaidOut(SqliteDatabase):
    """A file with the whole log of an archive, in which nothing is kept that is not in the log."""

    def __init__(self, path: Path, place: str) -> None:
        super().__init__(str(path), Opening.OPEN, patience=LOCK_TIMEOUT)
        self._archive = place

    def writing(self) -> NoReturn:
        """Refuse.

        Raises:
            FrozenLedger: always.
        """
        raise FrozenLedger(self._archive)


class ArchivedStore(Store):
    """The ledger in an archive, to be read as any other; nothing is recorded in it."""

    def __init__(self, objects: Objects) -> None:
        """Find it.

        Raises:
            LedgerNotFound: there is none.
            DatabaseDamaged: its final checkpoint is none.
        """
        self._objects = objects
        self.sign = None
        note = objects.get(CHECKPOINT)
        if note is None:
            raise LedgerNotFound(self.place, "这里没有记录库归档", "no ledger is archived there")
        try:
            self._head = SignedCheckpoint.parse(note).checkpoint.head
        except ProofError as error:
            raise DatabaseDamaged(self.place, error.text) from None
        self._bundle = lru_cache(_FEW)(self._read_bundle)
        self._hashes = lru_cache(_FEW)(self._read_tile)

    @property
    def is_file(self) -> bool:
        """It is laid out in a file where that is needed."""
        return True

    @property
    def place(self) -> str:
        """What to call it in a message."""
        return f"{ARCHIVE}{self._objects.place}"

    @property
    def may_lack(self) -> Text | None:
        """Nothing."""
        return None

    @property
    def identity(self) -> Identity:
        """Nobody acts."""
        return UNPROVEN

    # A stream, and the log, out of the bundles that hold them.

    def read(self, case_id: str, upto: int | None = None) -> list[Entry]:
        """See `Store`."""
        return [*map(self._entry, self._positions.get(case_id, ())[:upto])]

    def stream(
        self,
        case_id: str,
        upto: int | None = None,
        *,
        strict: bool = True,  # noqa: ARG002 - nothing is left out
    ) -> list[tuple[int | None, bytes]]:
        """See `Store`.

        Raises:
            DatabaseDamaged: there are others where those of the stream are said to be.
        """
        found = self.read(case_id, upto)
        for version, entry in enumerate(found, 1):
            if entry[1:3] != (case_id, version):
                raise self._damaged(STREAMS)
        return [(entry.position, entry.entry) for entry in found]

    def of_type(
        self, case_id: str, type_: str, upto: int | None = None
    ) -> list[tuple[int | None, bytes]]:
        """See `Store`."""
        found = self.read(case_id, upto)
        return [(entry.position, entry.entry) for entry in found if entry.type == type_]

    def entry_of(self, case_id: str, version: int) -> Entry | None:
        """See `Store`."""
        return next((one for one in self.read(case_id, version) if one.version == version), None)

    def entry_at(self, position: int) -> Entry | None:
        """See `Store`."""
        return self._entry(position) if 0 <= position < self._head.size else None

    def audited(self, case_id: str, upto: int | None = None, *, after: int = 0) -> list[AuditTuple]:
        """See `Store`."""
        return [
            (one.position, self._leaf(one.position or 0), *one[1:])
            for one in self.read(case_id, upto)
            if one.version > after
        ]

    def ends(self, case_ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """See `Store`."""
        last = (self._entry(self._positions[one][-1]) for one in case_ids if one in self._positions)
        return {entry.case_id: (entry.version, entry.entry) for entry in last}

    def behind(self, position: int, limit: int) -> Behind:
        """See `Store`."""
        size = self._head.size
        return Behind(size, size - 1, max(0, min(position + limit, size - 1) - position))

    def followers(self, position: int, limit: int, case_id: str, leaf: bytes) -> list[Entry]:
        """See `Store`."""
        named = f'"prev":"{leaf.hex()}"'.encode()
        near = islice(self._from(position + 1), limit)
        return [one for one in near if one.case_id != case_id and named in one.entry]

    def streams(self) -> list[tuple[str, int]]:
        """See `Store`."""
        return [(stream, len(found)) for stream, found in self._positions.items()]

    def size(self) -> int:
        """See `Store`."""
        return self._head.size

    def head(self) -> TreeHead:
        """See `Store`."""
        return self._head

    def tile(self, tile: Tile) -> bytes:
        """See `Store`; also of the tree as it was, which has the beginning of a tile."""
        return self._hashes(tile.level, tile.number)[: tile.width * HASH_SIZE]

    def entries(self, start: int, end: int) -> list[bytes]:
        """See `Store`."""
        return [self._entry(at).entry for at in range(start, min(end, self._head.size))]

    def checkpoints(self) -> list[StoredCheckpoint]:
        """See `Store`."""
        return [one.stored() for one in self._kept.checkpoints]

    def last_checkpoint(self) -> StoredCheckpoint | None:
        """See `Store`."""
        return self.checkpoints()[-1]

    def stamps(self) -> list[TimeStamp]:
        """See `Store`."""
        return [one.stamp() for one in self._kept.stamps]

    def integrity_faults(self) -> list[str]:
        """See `Store`; and objects that do not say what the entries do."""
        return [*super().integrity_faults(), *self._faults()]

    def seal(self, *, thorough: bool = False) -> range:  # noqa: ARG002 - there is nothing to look at
        """Nothing is without a place."""
        return range(self._head.size, self._head.size)

    def close(self) -> None:
        """Let go of the database in which it was laid out, if it was."""
        if "_database" in vars(self):
            self._database.close()
            self._folder.cleanup()

    @cached_property
    def _database(self) -> Database:  # type: ignore[override] # others are given it, this is made
        """The whole log in a database of its own, which ends with this store."""
        self._folder = TemporaryDirectory(prefix="scoretrail-archive-", ignore_cleanup_errors=True)
        path = Path(self._folder.name) / "ledger.db"
        with Store.create(path) as laid_out:
            laid_out.fill(self._whole())
        return _LaidOut(path, self.place)

    def _whole(self) -> Iterator[NewEntry | StoredCheckpoint | TimeStamp]:
        due = {one.size: one for one in self.checkpoints()}
        for entry in self._from(0):
            yield NewEntry(*entry[1:])
            if kept := due.get((entry.position or 0) + 1):
                yield kept
        yield from self.stamps()

    def _from(self, start: int) -> Iterator[Entry]:
        return map(self._entry, range(start, self._head.size))

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        found = self._read(STREAMS, dict[str, _Gaps])
        return {stream: [*accumulate(gaps)] for stream, gaps in found.items()}

    @cached_property
    def _kept(self) -> _Kept:
        return self._read(KEPT, _Kept)

    def evidence(self) -> "ArchivedEvidence":
        """Its evidence files."""
        return ArchivedEvidence(self._objects, there=self._kept.evidence is not None)

    def _entry(self, position: int) -> Entry:
        if not 0 <= position < self._head.size:
            raise self._damaged(STREAMS)
        number, place = divmod(position, TILE_WIDTH)
        return Entry(position, *self._bundle(number)[place])

    def _read_bundle(self, number: int) -> list[tuple[str, int, str, bytes]]:
        """The entries under a tile of the lowest level, with what they say of themselves."""
        tile = Tile(0, number, min(TILE_WIDTH, self._head.size - number * TILE_WIDTH))
        name = f"{tile.bundle_path}.gz"
        try:
            entries = parse_bundle(tile, uncompressed(self._get(name), _BUNDLE_MAX))
            said = map(_envelope, entries)
            return [
                (one.case, one.version, one.type, raw)
                for one, raw in zip(said, entries, strict=True)
            ]
        except (ProofError, ValueError):
            raise self._damaged(name) from None

    def _read_tile(self, level: int, number: int) -> bytes:
        hashes = self._head.size >> TILE_HEIGHT * level
        width = min(TILE_WIDTH, hashes - number * TILE_WIDTH)
        return self._get(Tile(level, number, width).path)

    def _leaf(self, position: int) -> bytes:
        number, place = divmod(position, TILE_WIDTH)
        return self._hashes(0, number)[place * HASH_SIZE : (place + 1) * HASH_SIZE]

    def _get(self, name: str) -> bytes:
        found = self._objects.get(name)
        if found is None:
            raise self._damaged(name)
        return found

    def _read(self, name: str, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(uncompressed(self._get(name), _UNPACKED_MAX), type=kind)
        except ValueError:  # msgspec's errors among them
            raise self._damaged(name) from None

    def _damaged(self, name: str) -> DatabaseDamaged:
        return DatabaseDamaged(
            self.place,
            Text(f"{name} 缺失或内容不对", f"{name} is missing or not what it should be"),
        )

    def _faults(self) -> Iterator[str]:
        """Objects from which streams and proofs are read and that are not those of the entries."""
        hashes: dict[tuple[int, int], list[bytes]] = {}
        positions: dict[str, list[int]] = {}
        for entry in self._from(0):
            positions.setdefault(entry.case_id, []).append(entry.position or 0)
            hashes.setdefault((0, (entry.position or 0) // TILE_WIDTH), []).append(
                leaf_hash(entry.entry)
            )
        if self._objects.get(CHECKPOINT) != self.checkpoints()[-1].note:
            yield CHECKPOINT
        if self._positions != positions:
            yield STREAMS
        for tile in tiles(self._head.size):
            right = b"".join(hashes.get((tile.level, tile.number), ()))
            if self._objects.get(tile.path) != right:
                yield tile.path
            if tile.full:
                above = hashes.setdefault((tile.level + 1, tile.number // TILE_WIDTH), [])
                above.append(subtree_root(right))


class ArchivedEvidence(EvidenceFolder):
    """The evidence files in an archive, each fetched where it is asked for."""

    def __init__(self, objects: Objects, *, there: bool) -> None:
        """Fetch nothing yet.

        Args:
            objects: where they lie.
            there: whether there was a folder of them at all.
        """
        self._there = there
        self._fetched = TemporaryDirectory(
            prefix="scoretrail-evidence-", ignore_cleanup_errors=True
        )
        super().__init__(Path(self._fetched.name))
        self._objects = objects

    @property
    def is_there(self) -> bool:
        """Whether there was a folder of them."""
        return self._there

    def place(self, digest: Sha256) -> Path:
        """Where a file lies, once it is fetched."""
        place = super().place(digest)
        if not place.exists() and (data := self._objects.get(_evidence_name(digest))) is not None:
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(data)
        return place

    def keep(self, content: bytes) -> Sha256:  # noqa: ARG002 - of any file
        """Refuse.

        Raises:
            FrozenLedger: always.
        """
        raise FrozenLedger(f"{ARCHIVE}{self._objects.place}")

    def erase(self, digest: Sha256) -> int:  # noqa: ARG002 - the same
        """The same."""
        raise FrozenLedger(f"{ARCHIVE}{self._objects.place}")


def _envelope(entry: bytes) -> _Envelope:
    return msgspec.json.decode(entry, type=_Envelope)
