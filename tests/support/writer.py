"""One writer of a crowd: it adjusts scores of cases that all others adjust, too, while it lives.

What it wishes and what it was told stand in a journal of its own: the wish before it is asked for,
the answer, on the disk, after it was given. Its successor goes on where the journal ends, under the
same keys.

Run as a program it is where writers come from: to start Python and import everything takes far
longer than to fork, so a warm process does that for each. It reads orders, a line each.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, NamedTuple

from application.recording import record
from cli.main import run
from ledger.commands import AdjustScore, CommandEnvelope
from ledger.ledger import EnvelopeRefused, EventStore, Ledger
from ledger.store import Basis, DatabaseUnavailable, LockTimeout, NewEntry, Store, VersionConflict

DAY: Final = date(2024, 10, 12)
ROWS: Final = {"spending": 4000, "plan": 3000, "service": 3000}
"""The rows of the small case, each with its weight in hundredths."""

TOO_MUCH: Final = 50
"""Hundredths above the weight that are wished for, too, to be refused."""

SETTLED_WITHIN: Final = 90
"""Seconds in which a wish must find its answer, whatever is killed meanwhile."""

Way = Literal["sealed", "unsealed", "command"]


class Task(NamedTuple):
    """What a writer is to do.

    Attributes:
        target: the ledger.
        journal: its own file, which its successor inherits.
        way: whether it waits for the seal, leaves that to the sealer, or uses the command line.
        stop: a file; once it is there, the wish at hand is settled and no other made.
    """

    target: str
    journal: str
    way: Way
    cases: tuple[str, ...]
    seed: int
    stop: str


@dataclass
class Wish:
    """Some acts of one case, all or nothing, and what became of them.

    Attributes:
        done: version and SHA-256 of each event; empty where it was refused, or from a command line.
        conflicts: how often somebody else was faster.
        busy: how often it had to wait for too long.
        cut: how often no answer came: it may have been written, or not.
        found: whether it turned out that it had been written before.
    """

    case: str
    keys: list[str]
    moves: list[tuple[str, str]]
    settled: bool = False
    refused: bool = False
    done: list[tuple[int, str]] = field(default_factory=list)
    conflicts: int = 0
    busy: int = 0
    cut: int = 0
    found: bool = False

    def acts(self) -> list[CommandEnvelope]:
        """What is asked for."""
        return [
            CommandEnvelope(
                case=self.case,
                by="reviewer",
                dated=DAY,
                id=key,
                command=AdjustScore(
                    indicator=row, award=Decimal(award), justification=key, clause="附件1"
                ),
            )
            for key, (row, award) in zip(self.keys, self.moves, strict=True)
        ]


class Journal:
    """A file of wishes: each as it was made, and again as it was settled."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.wishes = list(read(path))

    def write(self, wish: Wish) -> None:
        """Add a wish, which a kill cannot undo then, or its end, which is on the disk then."""
        os.write(self._file, json.dumps(vars(wish)).encode() + b"\n")
        if wish.settled:
            os.fsync(self._file)


def read(path: Path) -> Iterator[Wish]:
    """The wishes of a journal as they were left."""
    wishes: dict[str, Wish] = {}
    for line in path.read_text().splitlines():
        wish = Wish(**json.loads(line))
        wishes[wish.keys[0]] = wish
    return iter(wishes.values())


class Unsealed:
    """An archive that leaves it to a sealer to give places, as a server with many writers does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.streams, self.of_type, self.entry_at = store.streams, store.of_type, store.entry_at

    def stream(
        self,
        case_id: str,
        upto: int | None = None,
        *,
        strict: bool = True,  # noqa: ARG002 - there are no gaps
    ) -> list[tuple[int | None, bytes]]:
        """As the store has them."""
        return self._store.stream(case_id, upto)

    def append(
        self,
        entries: Sequence[NewEntry],
        basis: Basis | None = None,  # noqa: ARG002 - known by the sealer only
    ) -> list[None]:
        """Append without a place."""
        self._store.append_unsealed(entries)
        return [None] * len(entries)


def write(task: Task) -> None:
    """Wish and settle until told to stop; first what the predecessor left."""
    path = Path(task.journal)
    journal = Journal(path)
    chance = Random(f"{task.seed} {path.name} {len(journal.wishes)}")  # noqa: S311 - a story, no secret
    waiting = [wish for wish in journal.wishes if not wish.settled]
    number = len(journal.wishes)
    with _way(task) as ask:
        while waiting or not Path(task.stop).exists():
            if not waiting:
                number += 1
                waiting.append(_wish(task, number, chance))
                journal.write(waiting[0])
            wish = waiting.pop()
            _settle(wish, ask)
            journal.write(wish)


def _wish(task: Task, number: int, chance: Random) -> Wish:
    count = chance.choice((1, 1, 1, 2, 3))
    rows = [chance.choice([*ROWS]) for _ in range(count)]
    return Wish(
        case=chance.choice(task.cases),
        keys=[f"{Path(task.journal).stem}.{number}.{nth}" for nth in range(count)],
        moves=[(row, f"{chance.randint(0, ROWS[row] + TOO_MUCH) / 100:.2f}") for row in rows],
    )


def _settle(wish: Wish, ask: Callable[[Wish], None]) -> None:
    """Ask until there is an answer, always under the same keys."""
    deadline = time.monotonic() + SETTLED_WITHIN
    while not wish.settled:
        try:
            ask(wish)
            wish.settled = True
        except EnvelopeRefused:
            wish.settled = wish.refused = True
        except VersionConflict:
            wish.conflicts += 1
        except LockTimeout:
            wish.busy += 1
        except DatabaseUnavailable:
            wish.cut += 1
            time.sleep(0.05)
        if time.monotonic() > deadline:
            raise TimeoutError(str(wish))


@contextmanager
def _way(task: Task) -> Iterator[Callable[[Wish], None]]:
    if task.way == "command":
        yield lambda wish: _command(task, wish)
        return
    opened: list[Store] = []  # when there is a server to open it on

    def ask(wish: Wish) -> None:
        if not opened:
            opened.append(Store.open(task.target))
        archive: EventStore = Unsealed(opened[0]) if task.way == "unsealed" else opened[0]
        outcomes = record(Ledger(archive), lambda: datetime.now(UTC), wish.acts())
        wish.found = any(outcome.repeated for outcome in outcomes)
        wish.done = [
            (one.version, sha256(one.entry).hexdigest())
            for outcome in outcomes
            for one in outcome.recorded
        ]

    yield ask


def _command(task: Task, wish: Wish) -> None:
    """The same by the command line, its exit code told as the error that it stands for."""
    file = Path(task.journal).with_suffix(".jsonl")
    acts: list[dict[str, Any]] = [
        {
            "do": "adjust-score",
            "case": wish.case,
            "as": "reviewer",
            "dated": str(DAY),
            "id": key,
            "indicator": row,
            "award": award,
            "justification": key,
            "clause": "附件1",
        }
        for key, (row, award) in zip(wish.keys, wish.moves, strict=True)
    ]
    file.write_text("".join(json.dumps(act) + "\n" for act in acts))
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
        code = run(["--lang", "en", "--ledger", task.target, "apply", str(file)])
    match code:
        case 0 if wish.keys[0].endswith("5.0"):  # now and then it is killed while tables catch up
            _look_at_all(task)
        case 0:
            return
        case 1:
            wish.refused = True
        case 4 if "faster" in said.getvalue() or "first" in said.getvalue():
            raise VersionConflict(wish.case, 0)
        case 4:
            raise LockTimeout(task.target)
        case 5:
            raise DatabaseUnavailable(task.target, said.getvalue())
        case _:
            raise AssertionError(f"exit code {code}: {said.getvalue()}")


def _look_at_all(task: Task) -> None:
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
        code = run(["--lang", "en", "--ledger", task.target, "portfolio", "scores"])
    if code not in {0, 4, 5}:
        raise AssertionError(f"exit code {code}: {said.getvalue()}")


def nursery() -> None:
    """Obey orders: to start a task, to kill a writer or to wait for one; answer with numbers."""
    import cli.apply  # noqa: F401, PLC0415 - the same
    import ledger.store.postgresql  # noqa: F401, PLC0415 - to have it before the forks

    for line in sys.stdin:
        order, what = json.loads(line)
        if order == "start":
            answer = os.fork()
            if not answer:
                os._exit(_life(Task(*what)))
        elif what is not None:
            if order == "kill":
                os.kill(what, signal.SIGKILL)  # not waited for yet, so the id is its own
            answer = os.waitstatus_to_exitcode(os.waitpid(what, 0)[1])
        else:
            answer = 0
        print(answer, flush=True)  # noqa: T201 - the answer


def _life(task: Task) -> int:
    try:
        write(task)
    except BaseException:  # noqa: BLE001 - told where the tests are told what went wrong
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    nursery()
