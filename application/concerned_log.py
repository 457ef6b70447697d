"""The log, and which of its entries may concern an account (相关条目): no case is read for that."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

from ledger.account_registry import Account
from ledger.case import fold
from ledger.envelope import StreamId, is_case
from ledger.sight import PARTIES, parts_in
from ledger.store import Entry, Store
from ledger.stream_reading import events_of_type

TOGETHER: Final = 500
"""Entries that are read at once."""

_NAMES: Final = tuple(kind.__name__ for kind in PARTIES)


class ConcernedLog:
    """The log as one account looks through it, for one request."""

    def __init__(
        self, store: Store, account: Account, cases: Collection[StreamId] | None = None
    ) -> None:
        """Begin to look.

        Args:
            store: of the ledger.
            account: who looks.
            cases: which alone are wanted; all where it is `None`.
        """
        self._store, self._account, self._cases = store, account, cases
        self._known: dict[StreamId, bool] = {}

    def concerns(self, case: StreamId) -> bool:
        """Whether a case that was named in an entry may have to do with the account."""
        return self._known.get(case, False)

    def entries(self, start: int, stop: int | None = None) -> Iterator[tuple[Entry, int]]:
        """The entries from one place up to but not including another, with their places."""
        log = self._store.read_log(start, None if stop is None else stop - start)
        while batch := [*islice(log, TOGETHER)]:
            for entry in batch:
                if entry.type in _NAMES:  # what was known of it may be old
                    self._known.pop(entry.case_id, None)
            self._learn({entry.case_id for entry in batch} - self._known.keys())
            yield from ((entry, entry.position) for entry in batch if entry.position is not None)

    def _learn(self, unknown: Collection[StreamId]) -> None:
        """Find out which cases concern the account, by the few entries that name the parties.

        They are believed here, and only to leave out.
        """
        self._known.update(dict.fromkeys(unknown, False))
        named: dict[StreamId, list[tuple[int | None, bytes]]] = {
            case: []
            for case in unknown
            if is_case(case) and (self._cases is None or case in self._cases)
        }
        for entry in self._store.of_types([*named], _NAMES) if named else ():
            named[entry.case_id].append((entry.position, entry.entry))
        for case, entries in named.items():
            parties = fold(
                recorded for kind in PARTIES for recorded in events_of_type(entries, kind)
            )
            self._known[case] = bool(parts_in(self._account, parties))
