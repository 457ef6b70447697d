"""Programs beside the pages: a whole case is carried between processes that are killed meanwhile.

Nothing is lost on the way, and nothing is counted twice.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any, Final
from urllib.request import urlopen

import pytest

from application.place import LedgerPlace
from client import Client, FedEvent, Refused, Unreachable
from tests.support.places import Place
from tests.support.receiving import handled
from tests.support.terminal import CASE, RESULT, REVIEW, done, record, scoretrail
from web.desk import Office
from web.hooks import register
from web.identity import Identities
from web.store import WebStore
from web.tokens import Tokens

pytestmark = [
    pytest.mark.slow,
    pytest.mark.sqlite_only("about processes and their ends; tests/load has both databases"),
]

ROOT: Final = Path(__file__).parents[2]
TOOL: Final = ROOT / "examples" / "agency-tool" / "hand_in.py"
TABLE: Final = (
    "indicator,award,justification,ground,clause\noutput-goals,15.00,按五项平均,报告缺三项,\n"
)
Start = Callable[..., subprocess.Popen[str]]


def now() -> datetime:
    return datetime.now(UTC).astimezone()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def until(holds: Callable[[], object], seconds: float = 150) -> None:
    """Wait for something."""
    end = monotonic() + seconds
    while not holds():
        assert monotonic() < end, "it does not come"
        sleep(0.1)


class Programs:
    """A ledger, its login data, and the processes over it."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place, self.logins = place, folder / "logins"
        self.kept = WebStore(str(self.logins))
        self.running: list[subprocess.Popen[str]] = []

    def token(self, account: str, scope: str = "act") -> str:
        Identities(self.kept, now).give_password(account, "only-for-tests", initial=False)
        return Tokens(self.kept, now).make(account, "程序", scope, (), 1)

    def start(self, *words: str) -> subprocess.Popen[str]:
        begun = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        self.running.append(begun)
        return begun

    def serve(self, port: int) -> subprocess.Popen[str]:
        ledger = (self.place.target, "--logins", str(self.logins))
        begun = self.start("web", *ledger, "--port", str(port))
        until(lambda: answers(port))
        return begun

    def deliver(self) -> subprocess.Popen[str]:
        ledger = (self.place.target, "--logins", str(self.logins))
        return self.start("web", *ledger, "--deliver", "--hook-network", "127.0.0.0/8")

    def end(self) -> None:
        for one in self.running:
            if one.poll() is None:
                one.kill()
            one.communicate()
        self.kept.close()


def answers(port: int) -> bool:
    with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as said:
        return bool(said.status == 200)
    return False


@pytest.fixture
def programs(submitted: Place, tmp_path: Path) -> Iterator[Programs]:
    made = Programs(submitted, tmp_path)
    yield made
    made.end()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(10)


def of_case(place: Place) -> list[Any]:
    return [row for row in record(place) if row[1] == CASE]


def test_a_whole_case_goes_between_programs_that_are_killed(
    programs: Programs, submitted: Place, tmp_path: Path
) -> None:
    port, at, file = free_port(), free_port(), tmp_path / "received"
    token = programs.token("agency-reviewer")
    reader = programs.token("bureau-officer", "read")
    office = Office(LedgerPlace(submitted.target, submitted.evidence), programs.kept, now)
    address = f"http://127.0.0.1:{at}/events"
    hook = register(office, "bureau-officer", address, (), from_beginning=True)
    receives = ("tests.support.receiving", str(at), str(file), hook.secret)
    server, receiver, deliverer = (
        programs.serve(port),
        programs.start(*receives),
        programs.deliver(),
    )

    followed: list[FedEvent] = []
    finished = Event()

    def follow() -> None:
        """A budget system that follows the feed, however often the service goes away."""
        tool = Client(f"http://127.0.0.1:{port}", reader)
        while not finished.wait(0.2):
            with suppress(Unreachable, Refused):
                for one in tool.feed(followed[-1].cursor if followed else ""):
                    followed.append(one)  # noqa: PERF402 - what is remembered is all that came

    follower = Thread(target=follow, daemon=True)
    follower.start()

    until(lambda: len(handled(file)) > 40)
    kill(deliverer)
    deliverer = programs.deliver()

    table = tmp_path / "adjustments.csv"
    table.write_text(TABLE, "utf-8")
    tool = subprocess.Popen(  # noqa: S603 - our own example
        [sys.executable, str(TOOL), f"http://127.0.0.1:{port}", CASE, str(table), "2024-12-30"],
        env={**os.environ, "SCORETRAIL_TOKEN": token, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    sleep(0.3)
    kill(server)
    server = programs.serve(port)
    said, wrong = tool.communicate(timeout=120)
    assert (tool.returncode, wrong) == (0, ""), said
    adjusted = [row for row in of_case(submitted) if row[3] == "ScoreAdjusted"]
    assert len(adjusted) == 1

    kill(receiver)
    done(scoretrail(submitted, "apply", str(REVIEW)))
    sleep(3)  # it is tried in vain meanwhile
    receiver = programs.start(*receives)
    kill(server)
    done(scoretrail(submitted, "apply", str(RESULT)))
    server = programs.serve(port)

    whole = len(of_case(submitted))
    until(lambda: len(handled(file)) >= whole and len(followed) >= whole, 300)
    finished.set()
    follower.join(60)
    took = handled(file)
    assert [version for _, version in took] == [*range(1, whole + 1)]
    assert len({id_ for id_, _ in took}) == whole
    assert [one.event.version for one in followed] == [*range(1, whole + 1)]
    assert [one.id for one in followed] == [id_ for id_, _ in took]
    until(lambda: not programs.kept.hooks.waiting(), 90)
    office.close()
    done(scoretrail(submitted, "verify"))


def test_an_old_server_is_stopped_beside_a_new_one_under_load(
    programs: Programs, submitted: Place
) -> None:
    """An upgrade: both serve for a minute, and nothing that was acknowledged is lost."""
    before = len(of_case(submitted))
    ports = [free_port(), free_port()]
    old, _ = programs.serve(ports[0]), programs.serve(ports[1])
    token = programs.token("unit-filer")
    acknowledged: list[str] = []
    failed: list[str] = []

    def work(name: str) -> None:
        tools = [
            Client(f"http://127.0.0.1:{port}", token, pause=lambda _: sleep(0.05)) for port in ports
        ]
        for number in range(12):
            key = f"{name}-{number}"
            said = {"do": "make-statement", "item": key, "kind": "goal", "statement": "x"}
            for tool in tools:
                try:
                    tool.record(CASE, [said], key=key)
                except Unreachable:  # as a proxy does it: the same again, at the other one
                    continue
                except Refused as refused:
                    failed.append(f"{key}: {refused}")
                    break
                acknowledged.append(key)
                break

    threads = [Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: len(acknowledged) > 10)
    old.send_signal(signal.SIGTERM)
    assert old.wait(60) in {0, -signal.SIGTERM}
    for thread in threads:
        thread.join(200)
    assert failed == []
    assert len(acknowledged) == 48
    rows = of_case(submitted)[before:]
    recorded = [json.loads(row[4])["command"]["id"] for row in rows]
    assert sorted(recorded) == sorted(acknowledged)
    done(scoretrail(submitted, "verify"))
