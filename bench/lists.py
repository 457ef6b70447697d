"""Lists of all cases, which ask the tables of the portfolio: whether they take as long as they are.

The limit reads the same rows from the tables by the driver. `python -m bench.lists` prints seconds
of the processor, which others may use meanwhile, of each list and of whole commands with the start
of the program in them: for 100, 1,000 and 10,000 cases, or for as many as `--cases` says.
"""

import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from os import times
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

from sqlalchemy import select

from application.lists import holders, list_appeals, list_cases, list_requests
from bench.measure import Line, Task, compared, race
from bench.places import Settings
from ledger.store import NewEntry, Store
from projections.portfolio.catch_up import catch_up
from projections.portfolio.evidence_view import EVIDENCE
from projections.portfolio.views import VIEWS
from tests.support.later_life import CONTESTED
from tests.support.many_cases import renamed
from tests.support.specification import told

SIZES: Final = (100,)
LARGE: Final = (100, 10_000)
DAY: Final = date(2024, 1, 18)
PROGRAM: Final = str(Path(sys.executable).with_name("scoretrail"))
GROWING: Final = (100, 1_000, 10_000)
COMMANDS: Final = (
    "--version",
    "case list --json",
    "rectify status --json",
    "appeal list --json",
    "portfolio work --json",
    "portfolio rectification --json",
    "portfolio scores --json",
)
TURNS: Final = 3
"""How often each is asked; the shortest counts."""
AT_ONCE: Final = 100
"""Cases appended in one transaction."""

Asked = Callable[[Store], object]
LISTS: Final[tuple[tuple[str, Asked, tuple[str, ...]], ...]] = (
    ("事项一览 / case list", lambda store: list_cases(store, DAY), ("cases", "work")),
    ("整改一览 / rectify status", lambda store: list_requests(store, DAY), ("requests",)),
    ("申诉一览 / appeal list", list_appeals, ("appeals",)),
    ("何处持有一份材料 / who holds a file", lambda store: holders(store, "0" * 64), ()),
)
"""Each list, and the views that it reads whole."""


def lines(settings: Settings) -> Iterator[Line]:
    """Every list on every database, of few cases and of many."""
    for on in settings.places:
        for size in LARGE if settings.large else SIZES:
            with settings.ledger(on) as target, Store.open(target) as store:
                fill(store, size)
                catch_up(store)
                for name, ask, views in LISTS:
                    times = race(
                        settings.rounds,
                        raw=Task(partial(_raw, store, views)),
                        ours=Task(partial(_ours, store, ask)),
                    )
                    yield compared(f"{name}，{size:,}", on, times, 8.0)


def fill(store: Store, number: int) -> None:
    """Write a contested case into an empty ledger, under so many names."""
    story = told(CONTESTED)
    store.append(
        [
            NewEntry(event.case_id, event.version, event.type, event.entry)
            for event in story
            if ":" in event.case_id
        ]
    )
    for start in range(0, number, AT_ONCE):
        end = min(start + AT_ONCE, number)
        store.append([new for n in range(start, end) for new in renamed(story, f"copy-{n:05}")])


def _ours(store: Store, ask: Asked, _: object) -> None:
    ask(store)


def _raw(store: Store, views: tuple[str, ...], _: object) -> None:
    with store.projection_transaction(writing=False) as beside:
        for name in views:
            beside.connection.execute(select(VIEWS[name].table)).all()
        if not views:
            beside.connection.execute(select(EVIDENCE).where(EVIDENCE.c.sha256 == "0" * 64)).all()


def main() -> None:
    """Print the seconds of each list and of each command, a column a size."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=GROWING)
    sizes: list[int] = parser.parse_args().cases
    columns = []
    with TemporaryDirectory() as folder:
        for size in sizes:
            ledger = Path(folder) / f"ledger{size}.db"
            Store.create(ledger).close()
            columns.append(_seconds(ledger, size))
    print(f"{'seconds of the processor':48}" + "".join(f"{size:>9,}" for size in sizes))
    for work in columns[0]:
        print(f"{work:48}" + "".join(f"{column[work]:9.3f}" for column in columns))


def _seconds(ledger: Path, number: int) -> dict[str, float]:
    """How long each list and each command takes on a ledger of so many cases."""
    with Store.open(ledger) as store:
        fill(store, number)
        began = process_time()
        catch_up(store)
        taken = {"first build": process_time() - began}
        for name, ask, _ in LISTS:
            taken[name.rpartition(" / ")[2]] = min(_of(partial(ask, store)) for _ in range(TURNS))
    for command in COMMANDS:
        taken[f"scoretrail {command}"] = min(_whole(ledger, command) for _ in range(TURNS))
    return taken


def _of(ask: Callable[[], object]) -> float:
    began = process_time()
    ask()
    return process_time() - began


def _whole(ledger: Path, command: str) -> float:
    """Seconds of the processor that a command line takes, from its start to its end."""
    began = times()
    line = [PROGRAM, "--ledger", str(ledger), *command.split()]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own program
    ended = times()
    return sum(ended[2:4]) - sum(began[2:4])


if __name__ == "__main__":
    main()
