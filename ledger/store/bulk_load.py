"""Many events in one transaction, taken as they come: no more than a batch of them is in memory."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Final

from ledger.store.database import CHECKPOINTS, STAMPS, Transaction
from ledger.store.entries import NewEntry, StoredCheckpoint
from ledger.store.errors import LedgerNotEmpty, check

if TYPE_CHECKING:
    # It uses a library that imports slowly, which writing events does not need.
    from ledger.log.stamp import TimeStamp

BATCH: Final = 1_000
"""Events written by one statement."""

_ANYTHING = "SELECT 1 FROM main.events UNION ALL SELECT 1 FROM main.checkpoints LIMIT 1"


def batches(entries: Iterable[NewEntry]) -> Iterator[list[NewEntry]]:
    """The entries, a number at once.

    Raises:
        EntryTooLarge: an entry has more than 65,535 bytes.
    """
    rest = iter(entries)
    while batch := list(islice(rest, BATCH)):
        check(batch)
        yield batch


def keep_stamp(transaction: Transaction, stamp: "TimeStamp") -> None:
    """Keep a time stamp. Keeping it again changes nothing."""
    digest = sha256(stamp.reply).digest()
    transaction.keep(STAMPS, (digest, stamp.note, stamp.reply))


def bulk_load(
    transaction: Transaction,
    place: str,
    log: "Iterable[NewEntry | StoredCheckpoint | TimeStamp]",
) -> None:
    """Write a whole log into an empty ledger, inside the transaction that the caller began.

    Each event gets its position at once: a seal at the end would look through all of them again for
    every few thousand.

    Args:
        transaction: of the empty ledger.
        place: what to call the ledger.
        log: its entries in order, its checkpoints and time stamps.

    Raises:
        LedgerNotEmpty: something is in the ledger.
        EntryTooLarge: an entry has more than 65,535 bytes.
    """
    transaction.seal()  # from here on nobody else does
    if transaction.execute(_ANYTHING).fetchone():
        raise LedgerNotEmpty(place)

    beside: list[StoredCheckpoint | TimeStamp] = []

    def entries() -> Iterator[NewEntry]:
        for one in log:
            if isinstance(one, NewEntry):
                yield one
            else:
                beside.append(one)

    for batch in batches(entries()):
        transaction.append(batch)
        _keep(transaction, beside)  # after the entries that they are about
    _keep(transaction, beside)


def _keep(transaction: Transaction, beside: "list[StoredCheckpoint | TimeStamp]") -> None:
    """Keep checkpoints and time stamps; the list is empty then."""
    while beside:
        one = beside.pop(0)
        if isinstance(one, StoredCheckpoint):
            transaction.keep(CHECKPOINTS, one)
        else:
            keep_stamp(transaction, one)
