"""One state of the record, walked through from its first event to its last."""

from collections.abc import Iterator
from typing import Final

from ledger.log.tree import CompactRange, TreeHead
from ledger.store.database import Ask, Database
from ledger.store.entries import (
    AUDIT_KINDS,
    PLACED_KINDS,
    STATE_KINDS,
    AuditTuple,
    only,
    sound,
)
from ledger.store.streams import SEALED

BATCH: Final = 1_000
"""Events read at once, so that memory does not grow with their number."""

# One statement, so that on SQLite all of it is of one moment as well; ids only grow there.
_STATE = "SELECT size, frontier, (SELECT max(id) FROM main.events) FROM main.log_state"
# Of events that get their positions later, these are of a later moment as well.
_ROWS = (
    "SELECT position, hash, case_id, version, type, entry, events.id FROM main.events"
    " LEFT JOIN main.leaves ON event_id = events.id AND position < ?"
)
_ALL = f"{_ROWS} WHERE events.id > ? AND events.id <= ? ORDER BY events.id LIMIT ?"
# The plus keeps SQLite from walking through all events in search of one case's.
_OF_CASE = (
    f"{_ROWS} WHERE +events.id > ? AND +events.id <= ? AND case_id = ? ORDER BY +events.id LIMIT ?"
)
_STRAYS = (
    "SELECT position FROM main.leaves LEFT JOIN main.events ON events.id = event_id"
    " WHERE events.id IS NULL OR position >= (SELECT size FROM main.log_state) ORDER BY position"
)
_BEFORE: Final = -(2**63)  # below every id that a column holds


class Audit:
    """The record at one moment, unaffected by later appends.

    Attributes:
        size: how many events the log says it has.
    """

    def __init__(self, database: Database, ask: Ask) -> None:
        self._database = database
        self._ask = ask
        with database.translated_errors():
            self.size, self._frontier, self._last = only(ask(_STATE, ()), STATE_KINDS)

    def head(self) -> TreeHead:
        """The size and the root that the log says it has; nothing is computed again.

        Raises:
            DatabaseDamaged: the state of the log does not fit together.
        """
        with self._database.translated_errors():
            return CompactRange.parse(self.size, self._frontier).head()

    def rows(self, case_id: str | None = None) -> Iterator[AuditTuple]:
        """Every event with its leaf, sealed or not, in the order of writing, read in batches.

        Args:
            case_id: of one stream only.
        """
        statement, which = (_ALL, ()) if case_id is None else (_OF_CASE, (case_id,))
        after = _BEFORE
        while self._last is not None:
            with self._database.translated_errors():
                key = (self.size, after, self._last, *which, BATCH)
                found = sound(self._ask(statement, key), AUDIT_KINDS)
            yield from [row[:-1] for row in found]
            if len(found) < BATCH:
                return
            after = found[-1][-1]

    def strays(self) -> list[int]:
        """Positions that are given to no event, or that lie beyond the end of the log."""
        with self._database.translated_errors():
            return [position for (position,) in self._ask(_STRAYS, ())]

    def entries(self) -> Iterator[tuple[int, bytes]]:
        """Every sealed entry with its position, in their order, read in batches.

        A hole of a whole batch is the end, however many there are said to be.
        """
        for start in range(0, self.size, BATCH):
            with self._database.translated_errors():
                end = min(start + BATCH, self.size)
                found = sound(self._ask(SEALED, (start, end)), PLACED_KINDS)
            if not found:
                return
            yield from found
