"""The signer (签名进程): checkpoints are signed as the log grows, by a process of its own.

It is the only one that can read the key: who records, serves pages or seals cannot.
"""

from collections.abc import Callable
from typing import Final

from application.clock import Clock
from application.place import LedgerPlace
from application.seal import RETRY, Stop
from application.sign import keys, sign
from ledger.language import Text
from ledger.store import DatabaseUnavailable, LockTimeout, ReadOnly, Store

PAUSE: Final = 0.5
"""Seconds between two looks at the log: a receipt waits for no longer than that."""


def follow(
    target: str, clock: Clock, place: LedgerPlace, stop: Stop, away: Callable[[Text], None]
) -> int:
    """Sign the log whenever it has grown, as long as a server runs; returns how many checkpoints.

    The process that does this is the only one that can read the key. A server that is away is
    waited for; what contradicts what was signed before, or a key that cannot be read, ends it.

    Args:
        target: the ledger.
        clock: when.
        place: whose key signs.
        stop: says when to stop.
        away: called once each time that the server does not answer, with the reason.

    Raises:
        ProofError: the log was cut off, restored from a backup or rewritten.
        Invalid: no key, or no state of the signer.
        StoreError: any but those of a server that may come back.
    """
    keys(place)  # a missing key is reported before anything is waited for
    count, was_well = 0, True
    while not stop.is_set():
        try:
            with Store.open(target) as store:
                while not stop.is_set():
                    last = store.last_checkpoint()
                    if store.size() > (last.size if last else 0):
                        sign(store, clock, place)
                        count += 1
                    was_well = True
                    stop.wait(PAUSE)
        except ReadOnly:
            raise
        except (LockTimeout, DatabaseUnavailable) as error:
            if was_well:
                away(error.text)
            was_well = False
            stop.wait(RETRY)
    return count
