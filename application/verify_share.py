"""What one process of several does for `verify` (核对): a share of the streams, batches of cases.

A process that could not go on says so by what it raises, and `verify_in_parts` does its part.
"""

import os
import signal
from collections.abc import Sequence
from multiprocessing import parent_process
from threading import Thread
from typing import Final, NamedTuple

from application.place import LedgerPlace
from application.verify_replay import Basis, Replay
from ledger.entry_verification import VerificationFailure
from ledger.log_verification import Spans, Verification, verify, verify_reads
from ledger.store import Moment, Share, Store
from projections.portfolio.catch_up import ProjectionMismatch, differences

WIDTH: Final = 8
"""Bytes of a position before the hash of its entry."""
MIDDLE: Final = 2**63
"""What makes a position positive: a broken table may say anything."""


class Part(NamedTuple):
    """What was found of a share of the streams.

    Attributes:
        found: in their bytes.
        names: of the streams.
        reads: by readers of the streams.
        spans: where which edition of the rules was used.
        leaves: position and hash of each entry that has a place, in order.
    """

    found: Verification
    names: tuple[str, ...]
    reads: list[VerificationFailure]
    spans: Spans
    leaves: list[bytes]


class _Own:
    """What a process keeps from one batch to the next."""

    place: LedgerPlace
    store: Store
    replay: Replay | None = None


def begin(place: LedgerPlace) -> None:
    """Begin as a process: it ends with its parent, which says what there is to say."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(1))
    Thread(target=_end_with_parent, daemon=True).start()
    connect(place)


def connect(place: LedgerPlace) -> None:
    """Open a connection of its own, for all that follows."""
    _Own.place, _Own.store, _Own.replay = place, place.open(), None


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def walk(moment: Moment, share: Share) -> Part:
    """Verify the entries and streams of a share."""
    found, leaves = Verification(), _Leaves()
    with _Own.store.auditing(moment) as audit:
        spans = verify(found, audit.rows(share), leaves)
    reads = Verification(streams=found.streams, out_of_order=found.out_of_order)
    verify_reads(reads, _Own.store.read, _Own.store.streams(), moment.size)
    names, found.streams = tuple(found.streams), {}
    return Part(found, names, reads.breaks, spans, sorted(leaves))


class _Leaves(list[bytes]):
    """Positions and hashes, to be put together by the parent."""

    def place(self, position: int, leaf: bytes) -> None:
        self.append((position + MIDDLE).to_bytes(WIDTH) + leaf)

    def end(self) -> list[int]:
        """No gap of a share says anything of the whole."""
        return []


def compare(cases: Sequence[str]) -> list[ProjectionMismatch]:
    """Where the tables of the portfolio differ from a replay of some cases."""
    return list(differences(_Own.store, cases))


def replay(cases: Sequence[str], basis: Basis) -> Verification:
    """Verify what the entries of some cases lead to."""
    if _Own.replay is None:  # what it finds of the register and of rubrics, the parent finds
        folder = _Own.place.evidence_there()
        _Own.replay = Replay(Verification(), _Own.store, folder, basis)
    result = Verification()
    for name in cases:
        _Own.replay.case(result, name)
    return result
