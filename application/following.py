"""Following (随行): something is done again and again, as long as a server runs."""

import logging
from collections.abc import Callable
from typing import Final, Protocol

from ledger.language import Text
from ledger.store import DatabaseUnavailable, LockTimeout, ReadOnly, Store

LOGGER: Final = logging.getLogger(__name__)

RETRY: Final = 1.0
"""Seconds until the next attempt where the server does not answer."""


class Stop(Protocol):
    """When to stop, as `threading.Event` says it."""

    def is_set(self) -> bool:
        """Whether somebody has said so."""

    def wait(self, patience: float, /) -> bool:
        """Let so many seconds pass, or fewer where somebody says so."""


def follow(
    target: str,
    stop: Stop,
    away: Callable[[Text], None],
    turn: Callable[[Store], int],
    patience: float,
) -> int:
    """Do something with a ledger at each turn until somebody says stop; the sum of what it returns.

    A server that is away is waited for, also from the beginning: it may be started later. Where a
    right is missing, waiting is of no use.

    Args:
        target: the ledger.
        stop: says when.
        away: called once each time that the server does not answer, with the reason.
        turn: what is done.
        patience: seconds between two turns.

    Raises:
        StoreError: any but those of a server that may come back.
    """
    count, was_well = 0, True
    while not stop.is_set():
        try:
            with Store.open(target) as store:
                while not stop.is_set():
                    count += turn(store)
                    was_well = True
                    stop.wait(patience)
        except ReadOnly:
            raise
        except (LockTimeout, DatabaseUnavailable) as error:
            if was_well:
                away(error.text)
            was_well = False
            LOGGER.warning("%s: again in %.0f s", type(error).__name__, RETRY)
            stop.wait(RETRY)
    return count
