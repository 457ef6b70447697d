"""Seal (编入日志): events get their places in the log, once or for as long as a server runs."""

import logging
from collections.abc import Callable
from typing import Final, Protocol

from ledger.language import Text
from ledger.store import DatabaseUnavailable, LockTimeout, ReadOnly, Store

LOGGER: Final = logging.getLogger(__name__)

PAUSE: Final = 0.02
"""Seconds between two seals: long enough for many events to share one, short enough to wait for."""

RETRY: Final = 1.0
"""Seconds until the next attempt where the server does not answer."""


class Stop(Protocol):
    """When to stop, as `threading.Event` says it."""

    def is_set(self) -> bool:
        """Whether somebody has said so."""

    def wait(self, patience: float, /) -> bool:
        """Let so many seconds pass, or fewer where somebody says so."""


def seal(store: Store, *, thorough: bool = False) -> int:
    """Give places to all events that have none; how many there were.

    Args:
        store: the ledger.
        thorough: look at all events, not only at new ones.
    """
    return len(store.seal(thorough=thorough))


def follow(target: str, stop: Stop, away: Callable[[Text], None], *, thorough: bool) -> int:
    """Seal until somebody says stop; how many.

    A server that is away is waited for, also from the beginning: it may be started after the
    sealer. Where a right is missing, waiting is of no use.

    Args:
        target: the ledger.
        stop: says when.
        away: called once each time that the server does not answer, with the reason.
        thorough: look at all events at first.

    Raises:
        StoreError: any but those of a server that may come back.
    """
    count = 0
    was_well = True
    while not stop.is_set():
        try:
            with Store.open(target) as store:
                while not stop.is_set():
                    count += seal(store, thorough=thorough)
                    thorough = False
                    was_well = True
                    stop.wait(PAUSE)
        except ReadOnly:
            raise
        except (LockTimeout, DatabaseUnavailable) as error:
            if was_well:
                away(error.text)
            was_well = False
            LOGGER.warning("%s: again in %.0f s", type(error).__name__, RETRY)
            stop.wait(RETRY)
    return count
