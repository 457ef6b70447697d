"""Reading once (只读一次): a question and the act that follows from it stand on the same record."""

from collections.abc import Sequence

from ledger.envelope import Identity
from ledger.ledger import EventStore, identity_of
from ledger.store import Basis, Entry, NewEntry, VersionConflict


class ReadOnce:
    """A store whose streams are each read once: what is looked at is what is decided on.

    Whoever appends on what was read is refused where others were faster. What was appended to is
    read anew when it is asked for again.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._read: dict[str, list[tuple[int | None, bytes]]] = {}

    @property
    def identity(self) -> Identity:
        """Who acts, as the store knows it."""
        return identity_of(self._store)

    def streams(self) -> list[tuple[str, int]]:
        """Every stream with its last version."""
        return self._store.streams()

    def stream(self, case_id: str, upto: int | None = None) -> list[tuple[int | None, bytes]]:
        """Position and bytes of the entries of a stream, in version order."""
        if case_id not in self._read:
            self._read[case_id] = self._store.stream(case_id)
        return self._read[case_id][:upto]

    def of_type(self, case_id: str, type_: str) -> list[tuple[int | None, bytes]]:
        """The same of those entries that are stored under the name of an event."""
        return self._store.of_type(case_id, type_)

    def entry_at(self, position: int) -> Entry | None:
        """The entry at a place of the log; `None` where there is none."""
        return self._store.entry_at(position)

    def names(self) -> set[str]:
        """The streams that were read."""
        return {*self._read}

    def append(
        self, entries: Sequence[NewEntry], basis: Basis | None = None
    ) -> Sequence[int | None]:
        """Write all or nothing; the positions they got.

        Raises:
            VersionConflict: others were faster.
        """
        try:
            positions = self._store.append(entries, basis)
        except VersionConflict as conflict:
            self._read.pop(conflict.case_id, None)
            raise
        for entry in entries:
            self._read.pop(entry.case_id, None)
        return positions
