"""Sixteen people act at once at two workers, while all that serves is killed again and again."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx2 as httpx
import pytest

from ledger.commands import CommandEnvelope, OpenAccount
from ledger.ledger import Ledger
from ledger.store import Store
from tests.support.crowd import AT, SECONDS, assert_sound, founded, seed
from tests.support.desks import OURS, PASSWORD
from tests.support.figures import share, tell
from tests.support.postgres import Server
from tests.support.sealer import Sealer, durable_server
from tests.support.terminal import ROOT
from web.identity import Identities
from web.store import WebStore

pytestmark = [pytest.mark.load, pytest.mark.sqlite_only("it starts a server of its own")]

PEOPLE: Final = tuple(f"reviewer-{number}" for number in range(16))
CASES: Final = 8
ROWS: Final = ("spending", "plan", "service")
NO_CHANGE: Final = 422
PATIENCE: Final = 90
"""Seconds after the last kill in which everything that was sent must be answered."""


class Worker:
    """One process that serves, which may be killed and is started again at the same port.

    Attributes:
        killed: how often it was.
    """

    def __init__(self, target: str, logins: Path, port: int) -> None:
        self._words = [target, "--logins", str(logins), "--port", str(port), "--lang", "en"]
        self._port = port
        self.address = f"http://127.0.0.1:{port}"
        self.killed = 0
        self._process = self._start()

    def _start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "web", *self._words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def serves(self) -> bool:
        """Whether somebody who knocks is let in."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 0.2):
            return True
        return False

    def kill(self) -> None:
        """Kill it, and start another."""
        self._process.kill()
        said = self._process.communicate()
        assert self._process.returncode == -signal.SIGKILL, f"it had ended by itself: {said}"
        self.killed += 1
        self._process = self._start()

    def revive(self) -> None:
        """Start it again where it ended because the ledger's server was away when it began."""
        if self._process.poll() is not None:
            self._process.communicate()
            self._process = self._start()

    def end(self) -> None:
        """Kill it for good."""
        self._process.kill()
        self._process.communicate()


class Person(threading.Thread):
    """Somebody who records one act after another, and sends it again until it is answered.

    Attributes:
        acknowledged: the keys that were answered with a record.
        told: how often each answer came.
        waited: seconds from the first sending to the answer.
    """

    def __init__(self, account: str, workers: list[Worker], until: float, given: int) -> None:
        super().__init__()
        self.account = account
        self._workers = workers
        self._until = until
        self._chance = Random(f"{given} {account}")  # noqa: S311 - which row to act on, no secret
        self._cookie = ""
        self.acknowledged: list[str] = []
        self.told: Counter[str] = Counter()
        self.waited: list[float] = []
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Act until the time is over."""
        try:
            with httpx.Client(headers=OURS, timeout=20) as client:
                number = 0
                while time.monotonic() < self._until:
                    number += 1
                    self._act(client, f"{self.account}-{number}")
        except BaseException as error:  # noqa: BLE001 - the test asks for it
            self.failure = error

    def _act(self, client: httpx.Client, key: str) -> None:
        case, row = f"load-{self._chance.randrange(CASES)}", self._chance.choice(ROWS)
        cents = self._chance.randrange(2500)
        command = {
            "do": "adjust-score",
            "indicator": row,
            "award": f"{cents // 100}.{cents % 100:02d}",
            "justification": key,
            "clause": "附件1",
            "ground": "酌情",
        }
        body = json.dumps({"dated": "2024-10-12", "command": command})
        begun = time.monotonic()
        while True:
            worker = self._chance.choice(self._workers)
            answer = self._send(client, worker, case, key, body)
            if answer in {200, 201}:
                self.acknowledged.append(key)
                self.waited.append(time.monotonic() - begun)
                return
            if answer == NO_CHANGE:  # by chance it is the score that the row has
                return
            if time.monotonic() > self._until + PATIENCE:
                raise AssertionError(f"{key} is not answered: {self.told}")
            time.sleep(self._chance.uniform(0.02, 0.2))

    def _send(
        self, client: httpx.Client, worker: Worker, case: str, key: str, body: str
    ) -> int | None:
        """One attempt; who has no session any more logs in again."""
        try:
            address = f"{worker.address}/api/v1/cases/{case}/commands"
            headers = {
                "idempotency-key": key,
                "content-type": "application/json",
                "cookie": self._cookie,  # a Secure one, which no client sends here by itself
            }
            answer = client.post(address, content=body.encode(), headers=headers)
            if answer.status_code == 401:
                given = {"account": self.account, "password": PASSWORD}
                logged_in = client.post(f"{worker.address}/login", data=given)
                self._cookie = logged_in.headers.get("set-cookie", "").partition(";")[0]
        except httpx.HTTPError as error:
            self.told[type(error).__name__] += 1
            return None
        self.told[str(answer.status_code)] += 1
        if answer.status_code == NO_CHANGE:
            assert answer.json()["rule"] == "no-change", answer.text[:300]
        else:
            known = {200, 201, 401, 429, 503}
            assert answer.status_code in known, f"{answer.status_code} {answer.text[:300]}"
        return int(answer.status_code)


@contextmanager
def people_of(owner: str, target: str, logins: Path) -> Iterator[None]:
    """Cases that wait for their review, and sixteen reviewers who can log in."""
    founded(target, CASES)
    with Store.open(owner) as store:
        opening = [
            CommandEnvelope(
                case=None,
                by="admin",
                dated=date(2024, 1, 1),
                id=account,
                command=OpenAccount(
                    account=account, organisation="review-agency", roles=("reviewer",)
                ),
            )
            for account in PEOPLE
        ]
        Ledger(store).handle(opening, AT)
    kept = WebStore(str(logins))
    identities = Identities(kept, lambda: datetime.now(UTC))
    for account in PEOPLE:
        identities.give_password(account, PASSWORD, initial=False)
    kept.close()
    yield


def test_that_is_killed_again_and_again_loses_no_act_and_doubles_none(tmp_path: Path) -> None:
    given = seed()
    chance = Random(given)  # noqa: S311 - moments to try, no secret
    logins = tmp_path / "logins"
    with ExitStack() as stack:
        server, target = stack.enter_context(durable_server())
        stack.enter_context(people_of(server.url, target, logins))
        workers = [Worker(target, logins, port) for port in _free_ports(2)]
        for worker in workers:
            stack.callback(worker.end)
        sealer = stack.enter_context(Sealer(target))
        while not all(worker.serves() for worker in workers):
            time.sleep(0.05)
        until = time.monotonic() + max(SECONDS, 6)
        people = [Person(account, workers, until, given) for account in PEOPLE]
        for person in people:
            person.start()
        restarts = _kill(workers, sealer, server, chance, until)
        while any(person.is_alive() for person in people):
            for worker in workers:
                worker.revive()
            time.sleep(0.1)
        for person in people:
            if person.failure:
                raise person.failure
        _wait_for_the_seal(target)
        recorded = _keys(target)
        acknowledged = [key for person in people for key in person.acknowledged]
        assert [key for key in acknowledged if recorded[key] != 1] == []
        assert {key: times for key, times in recorded.items() if times != 1} == {}
        assert_sound(target)
    told: Counter[str] = sum((person.told for person in people), Counter())
    waited = [seconds for person in people for seconds in person.waited]
    assert len({key.rpartition("-")[0] for key in acknowledged}) == len(PEOPLE)
    assert all(worker.killed for worker in workers)
    assert sealer.killed
    assert restarts
    tell(
        "16 logins at two workers, PostgreSQL",
        seconds=f"{max(SECONDS, 6):g}",
        acts=len(acknowledged),
        acts_per_second=f"{len(acknowledged) / max(SECONDS, 6):,.0f}",
        wait_p50_ms=share(waited, 0.5),
        wait_p99_ms=share(waited, 0.99),
        kills_of_workers=sum(worker.killed for worker in workers),
        kills_of_the_sealer=sealer.killed,
        kills_of_the_server=restarts,
        answered_503=told["503"],
        connections_lost=sum(times for name, times in told.items() if not name.isdigit()),
        sent_again_and_recorded_before=told["200"],
    )


def _kill(
    workers: list[Worker], sealer: Sealer, server: Server, chance: Random, until: float
) -> int:
    """Kill whoever takes part until the time is over; how often the server was."""
    span = max(SECONDS, 6)
    every = {"worker": span / 6, "sealer": span / 4, "server": span / 3}
    due = {victim: time.monotonic() + mean for victim, mean in every.items()}
    restarts = 0
    while time.monotonic() < until or not (
        restarts and sealer.killed and all(worker.killed for worker in workers)
    ):
        time.sleep(0.02)
        for worker in workers:
            worker.revive()
        for victim in [name for name, moment in due.items() if moment < time.monotonic()]:
            match victim:
                case "worker":
                    # One that serves, while the other does: a proxy leads everybody there.
                    if all(worker.serves() for worker in workers):
                        min(workers, key=lambda worker: worker.killed).kill()
                case "sealer":
                    sealer.kill()
                case _:
                    server.kill()
                    server.start()
                    restarts += 1
            due[victim] = time.monotonic() + chance.uniform(0.5, 1.5) * every[victim]
    return restarts


def _wait_for_the_seal(target: str) -> None:
    """Wait until every act has its place in the log, which nobody but the sealer gives."""
    deadline = time.monotonic() + PATIENCE
    with Store.open(target) as store:
        cases = [f"load-{number}" for number in range(CASES)]
        while any(store.read(case)[-1].position is None for case in cases):
            assert time.monotonic() < deadline, "nobody seals"
            time.sleep(0.05)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in taken:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in taken]


def _keys(target: str) -> Counter[str]:
    """How often each key of the sixteen stands in the cases."""
    keys: Counter[str] = Counter()
    with Store.open(target) as store:
        for number in range(CASES):
            for row in store.read(f"load-{number}"):
                entry: dict[str, Any] = json.loads(row.entry)
                if entry["by"]["account"] in PEOPLE:
                    keys[entry["command"]["id"]] += 1
    return keys
