"""Verify (核验) in several processes: each takes a share of the streams, then batches of cases.

What one process finds, several find as well, in the same order: the log is hashed in aligned parts,
whose roots the parent joins, and it puts findings together by the names of streams. Where a process
could not go on, an event is in no share, positions of the log have gaps, shares and parts have not
seen the same, or an edition of the rules goes back from one share to another, the parent does it
alone, and so finds what there is to find.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Final

from application import verify_share
from application.cluster import Cluster
from application.place import LedgerPlace
from application.processes import Done, Processes, answer, worth_their_start
from application.progress import VERIFYING, Watch
from application.verify_replay import Basis, Replay
from ledger.aligned_parts import LogTree, Placed, aligned_part
from ledger.entry_verification import VerificationFailure
from ledger.envelope import RecordedEvent
from ledger.log_verification import (
    Verification,
    Walked,
    joined_spans,
    verify,
    verify_reads,
)
from ledger.store import Audit, Share, Store
from projections.portfolio.catch_up import ProjectionMismatch, compared_cases, differences

BATCH: Final = 32
"""Cases that a process is asked for at once: as many as the tables are compared for at once."""
_END: Final = "\U0010ffff"
"""Beyond every name of a stream."""


class OneProcess:
    """The work of `verify`, done by this process alone."""

    def __init__(self, store: Store, watch: Watch) -> None:
        self._store, self._watch = store, watch

    def close(self) -> None:
        """Nothing is held."""

    def walk(
        self,
        result: Verification,
        audit: Audit,
        case_id: str | None,
        growth: LogTree | None,
        merged: Sequence[RecordedEvent],
    ) -> None:
        """Verify every entry and stream by itself, and grow the tree of all."""
        if not self._walk_in_parts(result, audit, growth):
            rows = self._watch(audit.rows(case_id), VERIFYING, None if case_id else audit.size)
            verify(result, rows, growth, merged)

    def _walk_in_parts(self, result: Verification, audit: Audit, growth: LogTree | None) -> bool:
        """The same, where it could be done in parts; otherwise nothing is added to the result."""
        del result, audit, growth
        return False

    def reads(self, result: Verification, size: int) -> None:
        """Verify that readers get the streams that were walked through."""
        verify_reads(result, self._store.read, self._store.streams(), size)

    def differences(self, case_id: str | None) -> Iterator[ProjectionMismatch]:
        """Where the tables of the portfolio differ from a replay."""
        return differences(self._store, None if case_id is None else [case_id])

    def replay(
        self, result: Verification, cases: Sequence[str], own: Replay, basis: Basis
    ) -> Iterator[str]:
        """Verify what the entries of each case lead to; the cases, as they are done."""
        del basis
        for name in cases:
            own.case(result, name)
            yield name


class SeveralProcesses(OneProcess):
    """The same by several; all of it of a whole ledger."""

    def __init__(self, store: Store, watch: Watch, processes: Processes) -> None:
        super().__init__(store, watch)
        self._count = processes.count
        self._reads: list[VerificationFailure] | None = None
        self._processes = processes

    def close(self) -> None:
        """End them."""
        self._processes.close()

    def _walk_in_parts(self, result: Verification, audit: Audit, growth: LogTree | None) -> bool:
        """Processes walk through shares and hash parts of the log, and this one joins these."""
        count = audit.count()
        if growth is None or audit.size > count:  # of one case; or events are missing
            return False
        moment, parted = audit.moment(), shares(self._store.streams(), self._count)
        asked = [self._processes.ask(verify_share.walk, moment, share) for share in parted]
        hashing = [
            (part, sizes, self._processes.ask(verify_share.hashed, moment, part, sizes))
            for part, sizes in growth.parts(audit.size)
        ]
        answers = [answer(future) for future in self._watch(asked, VERIFYING, len(asked))]
        parts = [part for part in answers if part]
        seen = sum(part.found.events for part in parts)
        is_whole = len(parts) == len(asked) and seen == count
        if not is_whole or joined_spans(part.spans for part in parts) is None:
            return False
        hashed = [
            answer(future) or aligned_part(part.start, audit.entries(part), sizes)
            for part, sizes, future in hashing
        ]
        placed = [reduce(or_, (one.placed for one in all_), Placed()) for all_ in (parts, hashed)]
        if placed[0] != placed[1] or not growth.join(hashed):
            return False
        for part in parts:
            part.found.streams = {name: Walked() for name in part.names}
            result.take_in(part.found)
        self._reads = [failure for part in parts for failure in part.reads]
        return True

    def reads(self, result: Verification, size: int) -> None:
        """What was found with the walk, of those who read the streams."""
        if self._reads is None:
            super().reads(result, size)
        else:
            result.breaks += self._reads

    def differences(self, case_id: str | None) -> Iterator[ProjectionMismatch]:
        """Where the tables of the portfolio differ from a replay."""
        del case_id
        for batch, future in self._batches(verify_share.compare, compared_cases(self._store)):
            found = answer(future)
            yield from differences(self._store, batch) if found is None else found
        yield from differences(self._store, ())

    def replay(
        self, result: Verification, cases: Sequence[str], own: Replay, basis: Basis
    ) -> Iterator[str]:
        """Verify what the entries of each case lead to; the cases, as they are done."""
        for batch, future in self._batches(verify_share.replay, cases, basis):
            if part := answer(future):
                result.take_in(part)
                yield from batch
            else:
                yield from super().replay(result, batch, own, basis)

    def _batches(
        self, do: Callable[..., Done], cases: Sequence[str], *rest: object
    ) -> "list[tuple[Sequence[str], Future[Done]]]":
        batches = [cases[start : start + BATCH] for start in range(0, len(cases), BATCH)]
        return [(batch, self._processes.ask(do, batch, *rest)) for batch in batches]


def processes_for(
    store: Store, watch: Watch, place: LedgerPlace, most: int | Cluster
) -> OneProcess:
    """As many processes as are worth their start, or the workers of a cluster.

    Args:
        store: the ledger.
        watch: shows how far they have come.
        place: where the ledger is.
        most: how many at most, or those of a cluster.
    """
    if isinstance(most, Cluster):
        return SeveralProcesses(store, watch, most.at(place))
    count = worth_their_start(store, most)
    several = SeveralProcesses(store, watch, Processes(place, count)) if count > 1 else None
    return several or OneProcess(store, watch)


def shares(streams: Sequence[tuple[str, int]], count: int) -> list[Share]:
    """Shares of about as many events; every name there can be is in one of them.

    Args:
        streams: names in their order, with the last version of each.
        count: how many shares at most.
    """
    whole = sum(last for _, last in streams)
    ends: list[str] = []
    passed = 0
    for name, last in streams:
        if passed * count >= whole * (len(ends) + 1):
            ends.append(name)
        passed += last
    return [Share(*ends) for ends in pairwise(["", *ends, _END])]
