"""Appending and sealing: the same for both databases, but for how they find what is unsealed."""

from collections.abc import Sequence
from typing import NamedTuple

from ledger.log.tree import Frontier, leaf_hash
from ledger.store.database import SEALED_AT_ONCE, Leaf, LogState, Transaction
from ledger.store.entries import ENTRY_MAX, NewEntry
from ledger.store.errors import TooLarge
from ledger.store.tiles import keep_tiles

_TAKEN = "SELECT 1 FROM events WHERE case_id = ? AND version = ?"


class Sealed(NamedTuple):
    """The events that were given a place, by their ids, and their positions in the same order."""

    ids: list[int]
    positions: range


def append_and_seal(transaction: Transaction, entries: Sequence[NewEntry]) -> list[int]:
    """Append and seal inside the transaction that the caller began; the positions in order.

    Raises:
        TooLarge: an entry has more than 65,535 bytes.
    """
    if not entries:
        return []
    check(entries)
    ids = transaction.append(entries)
    sealed = seal(transaction)
    place = dict(zip(sealed.ids, sealed.positions, strict=True))
    return [place[key] for key in ids]


def seal(transaction: Transaction, *, thorough: bool = False) -> Sealed:
    """Give a place at the end of the log to every event without one.

    The hash is of the bytes as the database holds them, not as somebody meant to write them.

    Args:
        transaction: which the caller began and ends.
        thorough: look at all events, not only beyond the horizon.
    """
    sealed: list[int] = []
    while True:
        state, unsealed = transaction.unsealed(thorough=thorough)
        if unsealed:
            sealed += _place(transaction, state, unsealed)
        if len(unsealed) < SEALED_AT_ONCE:
            end = state.size + len(unsealed)
            return Sealed(sealed, range(end - len(sealed), end))


def _place(
    transaction: Transaction, state: LogState, unsealed: list[tuple[int, bytes]]
) -> list[int]:
    """Write the leaves and tiles of some events, and how far the log has come; their ids.

    Raises:
        Unproven: the state does not fit together.
    """
    frontier = Frontier.parse(state.size, state.frontier)
    leaves = []
    for key, entry in unsealed:
        leaf = leaf_hash(entry)
        leaves.append(Leaf(frontier.size, key, leaf))
        frontier.append(leaf)
    transaction.place(leaves, state._replace(size=frontier.size, frontier=bytes(frontier)))
    keep_tiles(transaction, state.size, frontier.size)
    return [key for key, _ in unsealed]


def check(entries: Sequence[NewEntry]) -> None:
    """See that the log's formats can carry the entries.

    Raises:
        TooLarge: one has more than 65,535 bytes.
    """
    for new in entries:
        if len(new.entry) > ENTRY_MAX:
            raise TooLarge(new.case_id, new.version, len(new.entry))


def taken(transaction: Transaction, entries: Sequence[NewEntry]) -> NewEntry | None:
    """The first of the entries whose version is stored already, or comes twice among them."""
    seen = set()
    for new in entries:
        key = (new.case_id, new.version)
        if key in seen or transaction.execute(_TAKEN, key).fetchone():
            return new
        seen.add(key)
    return None
