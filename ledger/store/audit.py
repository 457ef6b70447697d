"""One state of the record, walked through from its first event to its last."""

from collections.abc import Iterator
from typing import Final, NamedTuple

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
# Joined to nothing, a name is found by no index: what none leads to is in some share as well.
_SHARE = (
    f"{_ROWS} WHERE events.id > ? AND events.id <= ? AND case_id || '' >= ? AND case_id || '' < ?"
    " ORDER BY events.id LIMIT ?"
)
_COUNT = "SELECT count(*) FROM main.events WHERE id <= ?"
_STRAYS = (
    "SELECT position FROM main.leaves LEFT JOIN main.events ON events.id = event_id"
    " WHERE events.id IS NULL OR position >= (SELECT size FROM main.log_state) ORDER BY position"
)
_BEFORE: Final = -(2**63)  # below every id that a column holds


class Moment(NamedTuple):
    """A moment of the record, which other processes can walk through as well.

    Attributes:
        size: how many events the log says it has.
        frontier: the state of its tree.
        last: the id of the last event; `None` where there is none.
        snapshot: by which a server knows the moment, as long as the one who took it walks.
    """

    size: int
    frontier: bytes
    last: int | None
    snapshot: str | None = None


class Share(NamedTuple):
    """Streams by their names: from `first` up to but not including `end`."""

    first: str
    end: str


class Audit:
    """The record at one moment, unaffected by later appends.

    Attributes:
        size: how many events the log says it has.
    """

    def __init__(self, database: Database, ask: Ask, moment: Moment | None = None) -> None:
        self._database = database
        self._ask = ask
        with database.translated_errors():
            self._moment = moment or Moment(*only(ask(_STATE, ()), STATE_KINDS))
        self.size, self._frontier, self._last, _ = self._moment

    def moment(self) -> Moment:
        """The moment, for other processes."""
        with self._database.translated_errors():
            return self._moment._replace(snapshot=self._database.share_snapshot(self._ask))

    def count(self) -> int:
        """How many events there are, sealed or not."""
        with self._database.translated_errors():
            ((number,),) = self._ask(_COUNT, (_BEFORE if self._last is None else self._last,))
        return int(number)

    def head(self) -> TreeHead:
        """The size and the root that the log says it has; nothing is computed again.

        Raises:
            DatabaseDamaged: the state of the log does not fit together.
        """
        with self._database.translated_errors():
            return CompactRange.parse(self.size, self._frontier).head()

    def rows(self, of: str | Share | None = None) -> Iterator[AuditTuple]:
        """Every event with its leaf, sealed or not, in the order of writing, read in batches.

        Args:
            of: one stream only, or a share of them.
        """
        statement: str = _ALL
        which: tuple[str, ...] = ()
        if of is not None:
            statement, which = (_OF_CASE, (of,)) if isinstance(of, str) else (_SHARE, of)
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

    def entries(self, part: range | None = None) -> Iterator[tuple[int, bytes]]:
        """Every sealed entry with its position, in their order, read in batches.

        A hole of a whole batch is the end, however many there are said to be.

        Args:
            part: of the positions only.
        """
        first, last = (part.start, part.stop) if part else (0, self.size)
        for start in range(first, last, BATCH):
            with self._database.translated_errors():
                end = min(start + BATCH, last)
                found = sound(self._ask(SEALED, (start, end)), PLACED_KINDS)
            if not found:
                return
            yield from found
