"""What the tables of a ledger hold, read or not, and ways to stop whoever writes them."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Select, Table, func, select

from ledger.store import ProjectionTransaction, Store
from projections.portfolio import case_writer, catch_up, tables
from projections.portfolio.case_writer import TABLES
from projections.portfolio.cases import CASES, with_cases
from tests.support.many_cases import ledger_of, shuffled

STANDING = select(tables.STATE.c.position, tables.STATE.c.leaf)


class Stopped(Exception):
    """Whoever was at work has gone away."""


def stop(*_: int) -> None:
    """Go away in the middle of a step."""
    raise Stopped


def stop_in(step: int) -> Callable[[int, int], None]:
    """Go away in the middle of a step, the first being 1."""
    steps = count(1)

    def watch(done: int, total: int) -> None:
        del done, total
        if next(steps) == step:
            raise Stopped

    return watch


class Steps:
    """Counts the steps of those whom it watches."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, *_: int) -> None:
        self.count += 1


@contextmanager
def steps_of(cases: int) -> Iterator[None]:
    """What is folded in one step while the block runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_writer, "AT_ONCE", cases)
        patch.setattr(catch_up, "AT_ONCE", cases)
        yield


def kept(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All that the tables have of cases, whatever the order of the rows."""
    with store.projection_transaction(writing=False) as beside:
        return {
            each.name: sorted(map(tuple, beside.connection.execute(shown)), key=str)
            for each, shown in (*map(read_of, TABLES), (tables.STATE, STANDING))
        }


def read_of(table: Table) -> tuple[Table, Select[Any]]:
    """A table with what is read of it: the rows of the cases that there are."""
    columns = [one for one in table.columns if one.name not in {"case_id", "case_key"}]
    shown = select(CASES.c.case_id, *columns)
    if table is CASES:
        return table, shown
    return table, shown.select_from(with_cases(table))


def left(store: Store) -> dict[str, int]:
    """How many cases are stale, and how many rows are of no case."""
    with store.projection_transaction(writing=False) as beside:

        def rows(wanted: Select[Any]) -> int:
            counted = select(func.count()).select_from(wanted.subquery())
            return int(beside.connection.execute(counted).scalar_one())

        stale = {tables.STALE.name: rows(select(tables.STALE))}
        over = {each.name: rows(select(each)) - rows(shown) for each, shown in map(read_of, TABLES)}
        return {name: count for name, count in (stale | over).items() if count}


def emptied(store: Store) -> Store:
    """The same ledger with no tables beside it."""
    with store.projection_transaction(writing=True) as beside:
        tables.METADATA.drop_all(beside.connection)
    return store


def filled(store: Store, seeds: list[int], order: int = 0) -> Store:
    """A ledger with these walks in it, appended in some order."""
    start, cases = ledger_of(seeds)
    have = dict(store.streams())
    store.append([one for one in start if one.case_id not in have])
    for batch in shuffled(
        {case: found for case, found in cases.items() if case not in have}, order
    ):
        store.append(batch)
    return store


def killed(target: str, moment: int, work: Callable[[Store], object]) -> bool:
    """Do a work in a process that is killed before or after the end of one of its steps.

    Args:
        target: the ledger; nobody here may have it open.
        moment: which end: 1 is just before that of the first step, 2 just after it.
        work: what to do.

    Returns:
        Whether it came so far.
    """
    child = os.fork()
    if not child:
        moments = count(1)
        beside = Store.projection_transaction

        def pass_moment() -> None:
            if next(moments) == moment:
                os.kill(os.getpid(), signal.SIGKILL)

        @contextmanager
        def counted(store: Store, *, writing: bool) -> Iterator[ProjectionTransaction]:
            with beside(store, writing=writing) as given:
                yield given
                pass_moment()
            pass_moment()

        Store.projection_transaction = counted  # type: ignore[method-assign, assignment]  # in this process only
        try:
            with Store.open(target) as store:
                work(store)
        finally:
            os._exit(0)  # never back into the tests
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
