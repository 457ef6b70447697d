"""Readers go on while whole cases come in and are sealed: each sees one state, and nobody skips."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from typing import Final

import pytest
from sqlalchemy import func, select

from ledger.commands import AdjustScore, CommandEnvelope
from ledger.ledger import Ledger
from ledger.store import LockTimeout, Store
from projections.portfolio.cases import CASES
from projections.portfolio.catch_up import position, rebuild
from tests.support.crowd import AT, SECONDS, assert_sound, founded, what_is_read
from tests.support.figures import share, tell
from tests.support.postgres import is_postgres
from tests.support.small_case import SUBMITTED
from tests.support.terminal import scoretrail
from tests.support.writer import DAY, Unsealed

pytestmark = pytest.mark.load

ADJUSTED: Final = 40
"""Adjustments of each case that comes in, with all before them in one transaction."""


def story(case: str) -> list[CommandEnvelope]:
    """A whole case."""
    filed = [
        CommandEnvelope(case=case, by=account, dated=dated, id=f"step-{number}", command=command)
        for number, (account, command, dated) in enumerate(SUBMITTED)
    ]
    return filed + [
        CommandEnvelope(
            case=case,
            by="reviewer",
            dated=DAY,
            id=f"adjust-{number}",
            command=AdjustScore(
                indicator="service", award=Decimal(number % 30), justification="有投诉", clause="一"
            ),
        )
        for number in range(1, ADJUSTED + 1)
    ]


WHOLE: Final = len(SUBMITTED) + ADJUSTED


class Scene:
    """A ledger that cases come into, and those who read it.

    Attributes:
        reads: seconds that reading a case took.
        cases: how many came in.
        log: how many entries were read in the order of the log.
        rebuilds: how often the tables over all cases were made anew.
        overviews: how often they were read meanwhile.
        verified: how often the whole ledger was verified.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        self._over = threading.Event()
        with Store.open(target) as store:
            self._before = store.size()
        self.reads: list[float] = []
        self.rebuilds = 0
        self.overviews = 0
        self.verified = 0
        self.cases = 0
        self.log = 0

    def import_cases(self) -> None:
        """Bring in case after case, every other one sealed by a separate step."""
        until = time.monotonic() + SECONDS
        try:
            with Store.open(self._target, patience=60) as store:
                while time.monotonic() < until:
                    self.cases += 1
                    archive = store if self.cases % 2 else Unsealed(store)
                    Ledger(archive).handle(story(f"new-{self.cases}"), AT)
                    store.seal()
        finally:
            self._over.set()

    def read_a_case(self) -> None:
        """Read the score, the log and the bridge of a case that does not change."""
        with Store.open(self._target, patience=60) as store:
            expected = what_is_read(Ledger(store), "load-0")
            while not self._over.is_set():
                begun = time.monotonic()
                found = what_is_read(Ledger(store), "load-0")
                self.reads.append(time.monotonic() - begun)
                assert found == expected

    def read_new_cases(self) -> None:
        """Read the newest case: all of it is there, or nothing."""
        with Store.open(self._target, patience=60) as store:
            while not self._over.is_set():
                history = Ledger(store).history(f"new-{self.cases}")
                assert len(history) in {0, WHOLE}
                places = {one.position is None for one in history}
                assert len(places) <= 1, "a transaction was sealed by half"

    def rebuild_the_portfolio(self) -> None:
        """Make the tables over all cases anew, again and again."""
        with Store.open(self._target, patience=60) as store:
            while not self._over.is_set():
                with suppress(LockTimeout):
                    rebuild(store)
                    self.rebuilds += 1

    def read_the_portfolio(self) -> None:
        """Read the tables: they are as one position of the log has them."""
        with Store.open(self._target, patience=60) as store:
            while not self._over.is_set():
                with store.projection_transaction(writing=False) as beside:
                    place = position(beside.connection)
                    if place is None or not place.taken:
                        continue
                    cases = beside.connection.execute(
                        select(func.count()).select_from(CASES)
                    ).scalar_one()
                came_in, half = divmod(place.taken - self._before, WHOLE)
                assert (cases, half) == (1 + came_in, 0)
                self.overviews += 1

    def verify_everything(self) -> None:
        """Verify what is there: acts on their way to their place are no damage."""
        while not self._over.is_set():
            assert scoretrail(self._target, "verify", "--json").json["breaks"] == []
            self.verified += 1

    def follow_the_log(self) -> None:
        """Read on in the order of the log, from where one was."""
        with Store.open(self._target, patience=60) as store:
            while True:
                is_over = self._over.is_set()
                for entry in store.read_log(self.log):
                    assert entry.position == self.log
                    self.log += 1
                if is_over:
                    assert self.log == store.size()
                    return


def test_of_cases_while_others_come_in_see_one_state_each(store_target: str) -> None:
    founded(store_target, 1)
    scene = Scene(store_target)
    parts: list[Callable[[], None]] = [
        scene.import_cases,
        scene.read_a_case,
        scene.read_new_cases,
        scene.follow_the_log,
        scene.rebuild_the_portfolio,
        scene.read_the_portfolio,
        scene.verify_everything,
    ]
    with ThreadPoolExecutor(len(parts)) as threads:
        for part in [threads.submit(part) for part in parts]:
            part.result()
    assert scene.cases > 0
    assert len(scene.reads) > 1
    assert scene.rebuilds > 0
    assert scene.overviews > 0
    assert scene.verified > 0
    assert_sound(store_target)
    database = "PostgreSQL" if is_postgres(store_target) else "SQLite"
    tell(
        f"readers beside an import, {database}",
        seconds=f"{SECONDS:g}",
        cases_that_came_in=scene.cases,
        events_that_came_in=scene.cases * WHOLE,
        entries_read_in_the_order_of_the_log=scene.log,
        reads_of_a_case=len(scene.reads),
        rebuilds_of_the_portfolio=scene.rebuilds,
        reads_of_the_portfolio=scene.overviews,
        verified=scene.verified,
        read_p50_ms=share(scene.reads, 0.5),
        read_p99_ms=share(scene.reads, 0.99),
    )
