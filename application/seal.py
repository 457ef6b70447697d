"""Seal (编入日志): events get their positions in the log, once or for as long as a server runs."""

from collections.abc import Callable
from typing import Final

from application import following
from application.following import Stop
from ledger.language import Text
from ledger.store import Store

PAUSE: Final = 0.02
"""Seconds between two seals: long enough for many events to share one, short enough to wait for."""


def seal(store: Store, *, thorough: bool = False) -> int:
    """Assign positions to all events that have none; how many there were.

    Args:
        store: the ledger.
        thorough: look at all events, not only at new ones.
    """
    return len(store.seal(thorough=thorough))


def follow(target: str, stop: Stop, away: Callable[[Text], None], *, thorough: bool) -> int:
    """Seal until somebody says stop; how many.

    Args:
        target: the ledger.
        stop: says when.
        away: called once each time that the server does not answer, with the reason.
        thorough: look at all events at first.

    Raises:
        StoreError: any but those of a server that may come back.
    """
    looks_at_all = thorough

    def turn(store: Store) -> int:
        nonlocal looks_at_all
        sealed = seal(store, thorough=looks_at_all)
        looks_at_all = False
        return sealed

    return following.follow(target, stop, away, turn, PAUSE)
