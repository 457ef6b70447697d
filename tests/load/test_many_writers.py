"""Many write to the same cases while writers, the sealer and the server are killed."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Final, Self

import pytest

from ledger.commands import AdjustScore, CommandEnvelope
from ledger.ledger import Ledger
from ledger.store import DatabaseUnavailable, LockTimeout, Store
from ledger.values import instant
from tests.support.crowd import (
    SECONDS,
    Crowd,
    Told,
    assert_kept,
    assert_sound,
    founded,
    seed,
    ways,
)
from tests.support.figures import share, tell
from tests.support.postgres import Server
from tests.support.sealer import Sealer, durable_server
from tests.support.writer import DAY, Unsealed

pytestmark = pytest.mark.load

PROBED: Final = "load-probe"


class Probe:
    """Appends an event now and then and looks when it is sealed: the sealer's lag.

    Attributes:
        calm: seconds from the answer to the place, where nothing was killed since the one before.
        troubled: the others.
    """

    def __init__(self, target: str, case: str) -> None:
        self._target = target
        self._case = case
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on)
        self._troubles = 1  # the sealer is only about to start
        self._overcome = 0
        self.calm: list[float] = []
        self.troubled: list[float] = []

    def _go_on(self) -> None:
        number = 0
        while not self._over.is_set():
            with suppress(DatabaseUnavailable, LockTimeout), Store.open(self._target) as store:
                while not self._over.wait(0.03):
                    number += 1
                    self._measure(store, number)

    def _measure(self, store: Store, number: int) -> None:
        award = Decimal(number % 2500) / 100
        command = AdjustScore(indicator="service", award=award, justification="probe")
        act = CommandEnvelope(
            case=self._case, by="reviewer", dated=DAY, id=f"probe-{number}", command=command
        )
        troubles = self._troubles
        outcome = Ledger(Unsealed(store)).handle([act], instant(datetime.now(UTC)))[0]
        answered = time.monotonic()
        version = outcome.recorded[-1].version
        while store.read(self._case, version)[-1].position is None:
            if self._over.wait(0.001):
                return
        lag = time.monotonic() - answered
        is_calm = self._troubles == troubles == self._overcome
        (self.calm if is_calm else self.troubled).append(lag)
        self._overcome = troubles

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """Something is killed while the block runs."""
        self._troubles += 1
        yield
        self._troubles += 1

    def wait_for_one(self) -> None:
        """Wait until one more event has got its place."""
        before = len(self.calm) + len(self.troubled)
        deadline = time.monotonic() + 60
        while len(self.calm) + len(self.troubled) < before + 2:
            assert time.monotonic() < deadline, "nobody seals"
            time.sleep(0.01)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def test_on_a_server_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """32 of them for a minute; everybody who takes part is killed again and again."""
    given = seed()
    chance = Random(given)  # noqa: S311 - moments to try, no secret
    with durable_server() as (server, target):
        *cases, probed = founded(target, 17)
        crowd = Crowd(
            target, tmp_path, ways(unsealed=16, sealed=12, command=4), tuple(cases), given
        )
        with Sealer(target) as sealer:
            with Probe(target, probed) as probe:
                with crowd:
                    restarts = _kill(crowd, sealer, server, probe, chance)
                    crowd.join()
                probe.wait_for_one()  # which nobody but the sealer gives a place
            sealer.stop()
        told = assert_kept(target, crowd.wishes())
        assert_sound(target)
    assert crowd.killed > 0
    assert sealer.killed > 0
    assert restarts
    assert told.events > 0
    _tell("32 writers, PostgreSQL", crowd, told, sealer=sealer.killed, server=len(restarts))
    tell(
        "    the seal behind them",
        probes=len(probe.calm) + len(probe.troubled),
        lag_p50_ms=share(probe.calm, 0.5),
        lag_p99_ms=share(probe.calm, 0.99),
        longest_lag_after_a_kill_ms=share(probe.troubled, 1),
        longest_restart_of_the_server_ms=share(restarts, 1),
    )


def _kill(
    crowd: Crowd, sealer: Sealer, server: Server, probe: Probe, chance: Random
) -> list[float]:
    """Kill whoever takes part until the time is over, each at least once.

    Returns:
        The seconds that each restart of the server took.
    """
    every = {"client": 0.3, "sealer": SECONDS / 8, "server": SECONDS / 5}
    due = {victim: time.monotonic() + mean for victim, mean in every.items()}
    restarts: list[float] = []
    while time.monotonic() < crowd.until or not (crowd.killed and sealer.killed and restarts):
        time.sleep(0.01)
        for victim in [name for name, moment in due.items() if moment < time.monotonic()]:
            match victim:
                case "client":
                    crowd.kill_one()
                case "sealer":
                    with probe.trouble():
                        sealer.kill()
                case _:
                    with probe.trouble():
                        begun = time.monotonic()
                        server.kill()
                        server.start()
                        restarts.append(time.monotonic() - begun)
            due[victim] = time.monotonic() + chance.uniform(0.5, 1.5) * every[victim]
    return restarts


@pytest.mark.sqlite_only("those of a server are above")
def test_of_a_file_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """Eight of them, which are killed again and again; a file has no server and needs no sealer."""
    given = seed()
    target = str(tmp_path / "ledger.db")
    Store.create(target).close()
    cases = founded(target, 4)
    chance = Random(given)  # noqa: S311 - moments to try, no secret
    crowd = Crowd(target, tmp_path, ways(sealed=4, unsealed=2, command=2), cases, given)
    with crowd:
        while time.monotonic() < crowd.until or not crowd.killed:
            time.sleep(chance.uniform(0.05, 0.3))
            crowd.kill_one()
        crowd.join()
    told = assert_kept(target, crowd.wishes())
    assert_sound(target)
    assert crowd.killed > 0
    assert told.events > 0
    _tell("8 writers, SQLite", crowd, told)


def _tell(situation: str, crowd: Crowd, told: Told, *, sealer: int = 0, server: int = 0) -> None:
    tell(
        situation,
        seconds=f"{SECONDS:g}",
        acts=told.acts,
        events=told.events,
        events_per_second=f"{told.events / SECONDS:,.0f}",
        kills_of_writers=crowd.killed,
        kills_of_the_sealer=sealer,
        kills_of_the_server=server,
        retried_because_others_were_faster=told.conflicts,
        retried_because_of_waiting=told.busy,
        cut_off_and_outcome_unknown=told.cut,
        found_to_have_been_written=told.found,
        refused_by_a_rule=told.refused,
    )
