"""Many events in one transaction, taken as they come: no more than a batch of them is in memory."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from ledger.store.database import Transaction
from ledger.store.entries import NewEntry, StoredCheckpoint
from ledger.store.errors import NotEmpty, check

BATCH: Final = 1_000
"""Events written by one statement."""

_ANYTHING = "SELECT 1 FROM events UNION ALL SELECT 1 FROM checkpoints LIMIT 1"
_KEEP = "INSERT INTO checkpoints (size, root, note, signed_at) VALUES (?, ?, ?, ?)"


def batches(entries: Iterable[NewEntry]) -> Iterator[list[NewEntry]]:
    """The entries, a number at once.

    Raises:
        TooLarge: an entry has more than 65,535 bytes.
    """
    rest = iter(entries)
    while batch := list(islice(rest, BATCH)):
        check(batch)
        yield batch


def fill(transaction: Transaction, place: str, log: Iterable[NewEntry | StoredCheckpoint]) -> None:
    """Write a whole log into an empty ledger, inside the transaction that the caller began.

    Each event gets its place at once: a seal at the end would look through all of them again for
    every few thousand.

    Args:
        transaction: of the empty ledger.
        place: what to call the ledger.
        log: its entries in order, and its checkpoints.

    Raises:
        NotEmpty: something is in the ledger.
        TooLarge: an entry has more than 65,535 bytes.
    """
    transaction.seal()  # from here on nobody else does
    if transaction.execute(_ANYTHING).fetchone():
        raise NotEmpty(place)

    def entries() -> Iterator[NewEntry]:
        for one in log:
            if isinstance(one, StoredCheckpoint):
                transaction.execute(_KEEP, one)
            else:
                yield one

    for batch in batches(entries()):
        transaction.append(batch)
