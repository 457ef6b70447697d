"""A crowd of writers on one ledger, and what must hold of the ledger after them."""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Final, NamedTuple, Self, get_args

from ledger.commands import CommandEnvelope, OpenAccount, PublishRubric
from ledger.envelope import is_case
from ledger.ledger import Ledger
from ledger.store import MEMORY, NewEntry, Store
from projections import as_of
from projections.bridge import bridge
from projections.change_log import change_log
from projections.score_sheet import score_sheet
from tests.support import writer
from tests.support.naive_case import NaiveCase
from tests.support.small_case import ACCOUNTS, RUBRIC, SUBMITTED
from tests.support.terminal import done, scoretrail
from tests.support.writer import DAY, Task, Way, Wish

SECONDS: Final = float(os.environ.get("LOAD_SECONDS", "4"))
"""How long each situation lasts that lasts as long as one wishes."""

AT: Final = "2026-11-21T10:00:00.000000Z"


def seed() -> int:
    """What chance begins with; printed, and named by LOAD_SEED to have the same chances again."""
    given = int(os.environ.get("LOAD_SEED") or time.time_ns())
    print(f"LOAD_SEED={given}")  # noqa: T201 - pytest shows it where a test fails
    return given


def founded(target: str, cases: int) -> tuple[str, ...]:
    """Accounts, a rubric and some submitted cases in an empty ledger; the names of the cases."""
    names = tuple(f"load-{number}" for number in range(cases))
    with Store.open(target) as store:
        ledger = Ledger(store)
        ledger.initialise("admin", "archive", DAY, AT)
        opening = [
            _act("admin", OpenAccount(account=account, organisation=of, roles=(role,)), account)
            for account, (of, role) in ACCOUNTS.items()
        ]
        ledger.handle(opening, AT)
        ledger.handle([_act("clerk", PublishRubric(source=RUBRIC), "rubric")], AT)
        for name in names:
            ledger.handle(
                [
                    CommandEnvelope(
                        case=name, by=account, dated=dated, id=f"step-{number}", command=command
                    )
                    for number, (account, command, dated) in enumerate(SUBMITTED)
                ],
                AT,
            )
    return names


def _act(account: str, command: OpenAccount | PublishRubric, key: str) -> CommandEnvelope:
    return CommandEnvelope(case=None, by=account, dated=DAY, id=key, command=command)


class Crowd:
    """Writers, each in a process of its own, who are replaced when they are killed.

    Attributes:
        killed: how many were.
        until: when they have written for long enough, on the clock that never goes back.
    """

    def __init__(
        self, target: str, folder: Path, ways: list[Way], cases: tuple[str, ...], given: int
    ) -> None:
        self._stop = folder / "stop"
        self._journals = [folder / f"writer-{number}.journal" for number in range(len(ways))]
        self._tasks = [
            Task(target, str(journal), way, cases, given, str(self._stop))
            for journal, way in zip(self._journals, ways, strict=True)
        ]
        self._chance = Random(given)  # noqa: S311 - whom to kill, no secret
        self._ids: dict[int, int] = {}
        self.killed = 0
        self.until = 0.0

    def kill_one(self) -> None:
        """Kill one of them at this moment; its successor takes over the journal."""
        number = self._chance.randrange(len(self._tasks))
        if self._told("kill", self._ids[number]) < 0:
            self.killed += 1
        self._start(number)

    def join(self) -> None:
        """Tell them to stop, and wait until all have settled their last wish."""
        self._stop.touch()
        codes = [self._told("wait", self._ids.pop(number)) for number in [*self._ids]]
        assert set(codes) == {0}, "a writer met what it did not expect: see stderr"

    def wishes(self) -> list[Wish]:
        """All that they wished, with what became of it."""
        return [wish for journal in self._journals for wish in writer.read(journal)]

    def _start(self, number: int) -> None:
        self._ids[number] = self._told("start", self._tasks[number])

    def _told(self, order: str, what: object) -> int:
        assert self._nursery.stdin
        assert self._nursery.stdout
        self._nursery.stdin.write(f"{json.dumps([order, what])}\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def __enter__(self) -> Self:
        self._nursery = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, writer.__file__],
            env={**os.environ, "LANG": "en_US.UTF-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._told("ready?", None)
        for number in range(len(self._tasks)):
            self._start(number)
        self.until = time.monotonic() + SECONDS
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._ids.values():
            self._told("kill", one)
        self._nursery.communicate()


def ways(**counts: int) -> list[Way]:
    """So many writers of each way."""
    return [way for way in get_args(Way) for _ in range(counts.get(way, 0))]


class Told(NamedTuple):
    """What the writers were told, in numbers."""

    acts: int
    events: int
    conflicts: int
    busy: int
    cut: int
    found: int
    refused: int


def assert_kept(target: str, wishes: list[Wish]) -> Told:
    """See that every acknowledged event is there exactly once, and nothing that nobody wished."""
    with Store.open(target) as store:
        store.seal()
        assert not store.seal(thorough=True), "the horizon passed over an event"
        stored: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        last: dict[str, int] = {}
        for entry in store.read_log():
            assert entry.version == last.get(entry.case_id, 0) + 1, "order of the case"
            last[entry.case_id] = entry.version
            key = json.loads(entry.entry)["command"]["id"]
            stored[entry.case_id, key].append((entry.version, sha256(entry.entry).hexdigest()))
    wished = {(wish.case, key) for wish in wishes for key in wish.keys}
    for wish in wishes:
        assert wish.settled
        found = [stored.pop((wish.case, key), []) for key in wish.keys]
        expected = 0 if wish.refused else 1
        assert [len(one) for one in found] == [expected] * len(wish.keys), wish
        if wish.done:
            assert [one[0] for one in found] == [tuple(one) for one in wish.done], wish
    invented = [name for name in stored if name[1].startswith("writer-") or name in wished]
    assert invented == []
    return Told(
        acts=len(wishes),
        events=sum(len(wish.keys) for wish in wishes if not wish.refused),
        conflicts=sum(wish.conflicts for wish in wishes),
        busy=sum(wish.busy for wish in wishes),
        cut=sum(wish.cut for wish in wishes),
        found=sum(wish.found for wish in wishes),
        refused=sum(wish.refused for wish in wishes),
    )


def assert_sound(target: str) -> None:
    """See that `verify` is green, and that what is read of the cases is what a replay gives.

    Replayed twice: by the program in a fresh ledger that gets the same bytes in the same order, and
    by a reader that shares no code with it.
    """
    done(scoretrail(target, "portfolio", "scores"))  # brings its tables up to date
    said = done(scoretrail(target, "verify", "--json")).json  # which compares them with a replay
    assert said["breaks"] == []
    with Store.open(target) as store, Store.create(MEMORY) as fresh:
        log = list(store.read_log())
        fresh.append([NewEntry(one.case_id, one.version, one.type, one.entry) for one in log])
        assert fresh.head() == store.head()
        for name, _ in store.streams():
            if is_case(name):
                assert what_is_read(Ledger(store), name) == what_is_read(Ledger(fresh), name)
                naive = NaiveCase([one.entry for one in log if one.case_id == name])
                sheet = score_sheet(_point(Ledger(store), name))
                assert sheet is not None
                assert sheet.award.total == naive.awarded_total()


def what_is_read(ledger: Ledger, case: str) -> object:
    """The score, the log and the bridge of a case."""
    point = _point(ledger, case)
    submitted = as_of.at(point.history, point.editions, "self")
    return (
        score_sheet(point),
        change_log(point),
        bridge(submitted, point),
    )


def _point(ledger: Ledger, case: str) -> as_of.CaseAsOf:
    return as_of.at(ledger.history(case), ledger.editions("small"))
