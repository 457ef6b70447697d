"""Many events in one transaction, taken as they come: no more than a batch of them is in memory."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from ledger.log.tree import Frontier, leaf_hash
from ledger.store.database import Leaf, LogState, Transaction
from ledger.store.entries import NewEntry, StoredCheckpoint
from ledger.store.errors import NotEmpty
from ledger.store.seal import check
from ledger.store.tiles import keep_tiles

BATCH: Final = 1_000
"""Events written by one statement."""

UNREACHED: Final = 2**63 - 1
"""A transaction that no server will come to."""

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
    state, _ = transaction.unsealed(thorough=False)  # from here on nobody else seals
    if transaction.execute(_ANYTHING).fetchone():
        raise NotEmpty(place)
    frontier = Frontier()

    def entries() -> Iterator[NewEntry]:
        for one in log:
            if isinstance(one, StoredCheckpoint):
                transaction.execute(_KEEP, one)
            else:
                yield one

    for batch in batches(entries()):
        _write(transaction, batch, frontier, state)


def _write(
    transaction: Transaction, batch: list[NewEntry], frontier: Frontier, state: LogState
) -> None:
    since = frontier.size
    leaves = []
    for key, new in zip(transaction.append(batch), batch, strict=True):
        leaf = leaf_hash(new.entry)
        leaves.append(Leaf(frontier.size, key, leaf))
        frontier.append(leaf)
    # A file counts its horizon in ids. A server counts in transactions, and this one is not over:
    # a horizon that it will never reach lets the next seal look at all events once.
    horizon = leaves[-1].event_id if state.cluster is None else UNREACHED
    transaction.place(leaves, LogState(frontier.size, bytes(frontier), horizon, state.cluster))
    keep_tiles(transaction, since, frontier.size)
