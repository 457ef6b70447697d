"""What one process of several does for `verify` (核验): a share of the streams, batches of them."""

from collections.abc import Sequence
from typing import NamedTuple

from application.processes import own
from application.verify_replay import Basis, Replay
from ledger.aligned_parts import AlignedPart, Placed, Placing, aligned_part
from ledger.entry_verification import VerificationFailure
from ledger.log_verification import Spans, Verification, verify, verify_reads
from ledger.store import Moment, Share
from projections.portfolio.catch_up import ProjectionMismatch, differences


class Part(NamedTuple):
    """What was found of a share of the streams.

    Attributes:
        found: in their bytes.
        names: of the streams.
        reads: by readers of the streams.
        spans: where which edition of the rules was used.
        placed: its entries that have a position.
    """

    found: Verification
    names: tuple[str, ...]
    reads: list[VerificationFailure]
    spans: Spans
    placed: Placed


def walk(moment: Moment, share: Share) -> Part:
    """Verify the entries and streams of a share."""
    found, placing = Verification(), Placing()
    with own().store.auditing(moment) as audit:
        spans = verify(found, audit.rows(share), placing)
    reads = Verification(streams=found.streams, out_of_order=found.out_of_order)
    verify_reads(reads, own().store.read, own().store.streams(), moment.size)
    names, found.streams = tuple(found.streams), {}
    return Part(found, names, reads.breaks, spans, placing.placed())


def hashed(moment: Moment, part: range, sizes: Sequence[int]) -> AlignedPart:
    """Hash a part of the log.

    Args:
        moment: of the record.
        part: the positions.
        sizes: of the log, within the part, at which its head is wanted.
    """
    with own().store.auditing(moment) as audit:
        return aligned_part(part.start, audit.entries(part), sizes)


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
