"""What one process of several does for `verify` (核对): a share of the streams, batches of them."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from application.processes import own
from application.verify_replay import Basis, Replay
from ledger.entry_verification import VerificationFailure
from ledger.log_verification import Spans, Verification, verify, verify_reads
from ledger.store import Moment, Share
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


def walk(moment: Moment, share: Share) -> Part:
    """Verify the entries and streams of a share."""
    found, leaves = Verification(), _Leaves()
    with own().store.auditing(moment) as audit:
        spans = verify(found, audit.rows(share), leaves)
    reads = Verification(streams=found.streams, out_of_order=found.out_of_order)
    verify_reads(reads, own().store.read, own().store.streams(), moment.size)
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
    return list(differences(own().store, cases))


def replay(cases: Sequence[str], basis: Basis) -> Verification:
    """Verify what the entries of some cases lead to."""
    mine, result = own(), Verification()
    if "replay" not in mine.kept:  # what it finds of the register and of rubrics, the parent finds
        folder = mine.place.evidence_there()
        mine.kept["replay"] = Replay(Verification(), mine.store, folder, basis)
    for name in cases:
        mine.kept["replay"].case(result, name)
    return result
