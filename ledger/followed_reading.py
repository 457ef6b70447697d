"""Reading for a service that is asked for the same streams again and again (随读).

An entry never changes, so what was verified once is gone on from: it is looked whether the last
entry is still the one that it was, and what has come after it is verified and put there. What
fails verification, is pending or is invalid is not kept: it is read whole every time, by
`ledger.verified_reading`. What somebody changes past the program in the middle of a kept stream is
not seen here, and not shown either; `verify` finds it.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any, Final, Literal, NamedTuple, Protocol

from ledger.codec import UnreadableEntry
from ledger.codec import read as decoded
from ledger.editions import Editions, fold_editions
from ledger.entry_verification import VerificationFailure, verify_entry
from ledger.envelope import RecordedEvent, StreamId, rubric_stream, types_of
from ledger.events import Event
from ledger.language import Text
from ledger.ledger import EventStore, Reading, StreamRead
from ledger.log.tree import leaf_hash
from ledger.store import AuditTuple
from ledger.stream_reading import StoredEntry, events_of_type
from ledger.verified_reading import AuditedStore, VerifiedReading

ENTRIES: Final = 8_000
"""Kept of all streams together: about 60 MB with what is made of them."""


class FollowedStore(AuditedStore, Protocol):
    """What following needs of a store besides."""

    def audited(self, case_id: str, upto: int | None = None, *, after: int = 0) -> list[AuditTuple]:
        """The entries of a stream after a version, with everything that the tables say of them."""

    def ends(self, case_ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """Version and bytes of the last entry of each of some streams that there are."""


class KeptStream(NamedTuple):
    """A stream as far as it was verified.

    Attributes:
        read: its entries and events.
        made: what was made of it, by name; it goes when the stream goes on.
    """

    read: StreamRead
    made: dict[Any, Any]


class KeptStreams:
    """Streams that were read of late, for all threads of a process."""

    def __init__(self, most: int = ENTRIES) -> None:
        """Keep so many entries at most; those of one stream at least."""
        self._most, self._count = most, 0
        self._streams: OrderedDict[StreamId, KeptStream] = OrderedDict()
        self._lock = Lock()

    def get(self, stream: StreamId) -> KeptStream | None:
        """A stream, if it is kept."""
        with self._lock:
            if found := self._streams.get(stream):
                self._streams.move_to_end(stream)
            return found

    def keep(self, stream: StreamId, read: StreamRead) -> KeptStream:
        """Keep a stream, and let go of those that nobody has asked for for the longest time."""
        kept = KeptStream(read, {})
        with self._lock:
            if before := self._streams.pop(stream, None):
                self._count -= len(before.read.entries)
            self._streams[stream] = kept
            self._count += len(read.entries)
            while self._count > self._most and len(self._streams) > 1:
                _, gone = self._streams.popitem(last=False)
                self._count -= len(gone.read.entries)
        return kept


class FollowedReading(Reading):
    """Streams for one request: read from the database as far as they have grown."""

    def __init__(
        self,
        store: FollowedStore,
        streams: KeptStreams,
        expected: Iterable[StreamId] = (),
        archive: EventStore | None = None,
    ) -> None:
        """Begin to read.

        Args:
            store: where the streams are.
            streams: those that are kept.
            expected: streams that will be asked for, which are looked at together.
            archive: what commands go to, which is believed in what is not kept; without it, nothing
                is believed.
        """
        self._verified = VerifiedReading(store)
        super().__init__(archive or self._verified)
        self._store, self._streams = store, streams
        self._believes = archive is not None
        self._sound: set[StreamId] = set()
        self._expected = set(expected)
        self._ends: dict[StreamId, tuple[int, bytes] | None] = {}

    @property
    def level(self) -> Literal["L0"] | None:
        """The level to which all that was read is verified."""
        return self._verified.level

    @property
    def left_out(self) -> tuple[Text, ...]:
        """Of each entry that was passed over because it means nothing, that it was."""
        return tuple(self._verified.left_out)

    def read(self, stream: StreamId, upto: int | None = None, *, strict: bool = True) -> StreamRead:
        """A stream, or its beginning; what is kept of it is gone on from.

        Raises:
            UnreadableEntry: one of its entries may be of a newer program.
            ReadingBroken: it does not hold.
        """
        if strict and (stream, True) not in self._kept:
            self._kept[stream, True] = self._kept_or_read(stream)
        return super().read(stream, upto, strict=strict)

    def is_kept(self, stream: StreamId) -> bool:
        """Whether anything is kept of a stream."""
        return self._streams.get(stream) is not None

    def of_kind(self, stream: StreamId, kind: type[Event]) -> list[RecordedEvent]:
        """The events of a kind in a stream, as they are stored; nothing else of it is read."""
        return events_of_type(self._store.of_type(stream, kind.__name__), kind)

    def kept(self, stream: StreamId) -> KeptStream | None:
        """What is kept of a stream as it was read here; `None` where nothing is, or more by now."""
        read, found = self.read(stream), self._streams.get(stream)
        return found if found and found.read is read else None

    def editions(self, rubric: str) -> Editions:
        """What was published of a rubric."""
        kept = self.kept(rubric_stream(rubric))
        if kept is None:
            return super().editions(rubric)
        if "editions" not in kept.made:
            kept.made["editions"] = fold_editions(kept.read.history)
        editions: Editions = kept.made["editions"]
        return editions

    def note(self, recorded: Iterable[RecordedEvent]) -> None:
        """Put what was appended after what was read of its streams, and keep that."""
        appended = list(recorded)
        super().note(appended)
        for stream in self._sound & {event.case for event in appended}:
            self._keep(stream, self._kept[stream, True])

    def _kept_or_read(self, stream: StreamId) -> StreamRead:
        end, kept = self._end(stream), self._streams.get(stream)
        if kept and end:
            if end == (len(kept.read.entries), kept.read.entries[-1][1]):
                self._sound.add(stream)
                return kept.read
            if grown := self._grown(stream, kept.read):
                return self._keep(stream, grown)
        read = super().read(stream)
        return self._keep(stream, read) if self.level and not self._believes else read

    def _end(self, stream: StreamId) -> tuple[int, bytes] | None:
        if stream not in self._ends:
            asked = [*{stream, *(self._expected - self._ends.keys())}]
            found = self._store.ends(asked)
            self._ends.update({name: found.get(name) for name in asked})
        return self._ends[stream]

    def _grown(self, stream: StreamId, read: StreamRead) -> StreamRead | None:
        """A stream with what has come after it; `None` where not all of that is sound."""
        rows = self._store.audited(stream, after=len(read.entries))
        link = len(read.entries), leaf_hash(read.entries[-1][1])
        breaks: list[VerificationFailure] = []
        entries: list[StoredEntry] = []
        events: list[RecordedEvent] = []
        for row in rows:
            leaf, said = verify_entry(row, link, breaks)
            if breaks or said is None or said.type not in types_of(stream):
                return None
            link = row[3], leaf
            entries.append((row[0], row[5]))
            try:
                events.append(decoded(row[5], row[0]))
            except UnreadableEntry:
                return None
        if not rows:
            return None
        return StreamRead([*read.entries, *entries], read.history.followed_by(events))

    def _keep(self, stream: StreamId, read: StreamRead) -> StreamRead:
        if read.entries and read.entries[-1][0] is not None:  # what is only tried has no position
            self._streams.keep(stream, read)
            self._sound.add(stream)
        return read
