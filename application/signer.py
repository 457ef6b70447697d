"""The signer (签名进程): checkpoints are signed as the log grows, by a process of its own.

It is the only one that can read the key: who records, serves pages or seals cannot.
"""

from collections.abc import Callable
from typing import Final

from application import following
from application.clock import Clock
from application.following import Stop
from application.place import LedgerPlace
from application.sign import keys, sign
from application.sm3_statements import Sm3Output, state
from ledger.language import Text
from ledger.store import Store

PAUSE: Final = 0.5
"""Seconds between two looks at the log: a receipt waits for no longer than that."""


def follow(  # noqa: PLR0913 - what is signed, by what, until when, and who hears of it
    target: str,
    clock: Clock,
    place: LedgerPlace,
    stop: Stop,
    away: Callable[[Text], None],
    *,
    output: Sm3Output | None = None,
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
        output: where a statement of the SM3 root goes with each checkpoint, if anywhere.

    Raises:
        ProofError: the log was cut off, restored from a backup or rewritten.
        Invalid: no key, or no state of the signer.
        StoreError: any but those of a server that may come back.
    """
    keys(place)  # a missing key is reported before anything is waited for

    stated = -1

    def turn(store: Store) -> int:
        nonlocal stated
        last, size = store.last_checkpoint(), store.size()
        if size <= (last.size if last else 0) and (output is None or size <= stated):
            return 0
        signed = sign(store, clock, place)
        if output:
            state(store, place, signed.checkpoint, output)
            stated = signed.checkpoint.head.size
        return 1

    return following.follow(target, stop, away, turn, PAUSE)
