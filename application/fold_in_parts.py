"""Fold the cases of the portfolio (评价总览) in several processes; the one that asks them writes.

They look ahead of what is written, and a batch counts when its rows are in the tables: what one of
them could not fold, or has folded up to a position that the tables have left, is folded again.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from typing import Final

from application.place import LedgerPlace
from application.processes import Processes, answer, own, worth_their_start
from ledger.language import Text
from ledger.store import ProjectionTransaction, Store
from projections.portfolio import Watch, catch_up, nobody
from projections.portfolio.case_writer import CaseRows, Folding, rows_of
from projections.portfolio.catch_up import ProjectionPosition

REBUILDING: Final = Text("正在重建", "rebuilding")
FEW: Final = 4
"""Batches that are folded before a process would have started."""


class FoldingProcesses(Folding):
    """By several, which are asked for the batches after the one that is written."""

    def __init__(self, place: LedgerPlace, count: int) -> None:
        super().__init__()
        self.ahead = 1 + 2 * count
        self._processes = Processes(place, count)
        self._asked: dict[tuple[tuple[str, ...], int], Future[Sequence[CaseRows]]] = {}

    def close(self) -> None:
        """End them."""
        self._processes.close()

    def wait(self) -> None:
        """Wait for the batch that is to be written."""
        wait([*self._asked.values()][:1])

    def rows(
        self, beside: ProjectionTransaction, batches: Sequence[Sequence[str]], until: int
    ) -> Iterable[CaseRows]:
        """The rows of the first batch; folded here where no process was asked, or none could."""
        first, *later = [(tuple(batch), until) for batch in batches]
        before, asks = self._asked, bool(self._asked) or len(later) >= FEW
        self._asked = {each: before[each] for each in later if each in before}
        for each in later if asks else ():
            if each not in before:
                self._asked[each] = self._processes.ask(fold, *each)
        folded = answer(before[first]) if first in before else None
        return super().rows(beside, batches, until) if folded is None else folded


@contextmanager
def folding(store: Store, place: LedgerPlace, most: int) -> Iterator[Folding]:
    """By as many processes as the ledger is worth, and so many at most."""
    count = worth_their_start(store, most)
    if count == 1:
        yield Folding()
        return
    several = FoldingProcesses(place, count)
    try:
        yield several
    finally:
        several.close()


def rebuild(
    store: Store, place: LedgerPlace, most: int, watch: Watch = nobody
) -> ProjectionPosition:
    """Rebuild the tables, which can be read meanwhile.

    Args:
        store: of the ledger.
        place: where it is, for other processes.
        most: how many of them at most.
        watch: called with the progress, in the midst of each step.

    Raises:
        LockTimeout, ReadOnly, UnreadableEntry: see `catch_up`.
    """
    with folding(store, place, most) as by:
        return catch_up.rebuild(store, watch, by)


def fold(some: Sequence[str], until: int) -> Sequence[CaseRows]:
    """The rows of some cases, in a process that was asked for them."""
    mine = own()
    if mine.kept.get("until") != until:
        mine.kept.update(until=until, rubrics={})
    with mine.store.projection_transaction(writing=False) as beside:
        return list(rows_of(beside.connection, some, until, mine.kept["rubrics"]))
