"""`python -m bench [--rounds N]`: interleaved rounds, medians, ratios; prints a table.

Each work is done by hand-tuned `sqlite3` (raw, the limit), by the stock recorder of `eventsourcing`
and by us, one after the other in every round, so that a noisy machine is noisy for all three. Only
ratios within one run mean anything.
"""

import sqlite3
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import redirect_stdout
from hashlib import sha256
from io import StringIO
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final, NamedTuple

import msgspec
from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from cli.demo import CASE
from cli.main import run
from ledger.case import fold
from ledger.codec import place
from ledger.ledger import Ledger
from ledger.log.growth import Growth
from ledger.store import NewEntry, Store
from ledger.verify import Verification, verify
from projections.points import at
from projections.score_sheet import score_sheet

EVENTS: Final = 300
JSON: Final = msgspec.json.Decoder()
BARE: Final = "import click; click.command()(lambda: 0)(['--help'], standalone_mode=False)"


class Work(NamedTuple):
    """One line of the table: what is done, by whom, and the bar that we set ourselves."""

    name: str
    bar: float
    raw: Callable[[], object]
    ours: Callable[[], object]
    stock: Callable[[], object] | None = None


class Raw:
    """The limit: one table, one statement, durable."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE events (id INTEGER PRIMARY KEY, case_id TEXT, version INTEGER,"
            " type TEXT, entry BLOB, UNIQUE (case_id, version));"
        )

    def append(self, rows: list[NewEntry]) -> None:
        """Insert rows in one durable transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(
            "INSERT INTO events (case_id, version, type, entry) VALUES (?, ?, ?, ?)", rows
        )
        self.connection.execute("COMMIT")

    def read(self, case_id: str) -> list[bytes]:
        """The entries of a case in order."""
        found = self.connection.execute(
            "SELECT entry FROM events WHERE case_id = ? ORDER BY version", (case_id,)
        )
        return [entry for (entry,) in found]

    def scores(self, case_id: str) -> dict[str, str]:
        """The last score of each indicator: read, JSON to dictionaries, no more than needed."""
        scores = {}
        for event in map(JSON.decode, self.read(case_id)):
            data = event["data"]
            if score := data.get("award") or data.get("score"):
                scores[data["indicator"]] = score
        return scores


def works(folder: Path, store: Store) -> list[Work]:
    """The table's lines, over the entries of the reference case."""
    ledger = Ledger(store)
    entries = [(one.type, one.entry) for one in ledger.history(CASE)][:EVENTS]
    raw = Raw(folder / "raw.db")
    ours = Store.create(folder / "ours.db")
    stock = SQLiteApplicationRecorder(
        SQLiteDatastore(str(folder / "stock.db"), originator_id_type="text")
    )
    stock.create_table()
    names = (f"case-{number}" for number in count())

    def rows(case_id: str, size: int) -> list[NewEntry]:
        return [
            NewEntry(case_id, version, kind, entry)
            for version, (kind, entry) in enumerate(entries[:size], 1)
        ]

    def stored(case_id: str, size: int) -> list[StoredEvent]:
        return [
            StoredEvent(
                originator_id=row.case_id,
                originator_version=row.version,
                topic=row.type,
                state=row.entry,
            )
            for row in rows(case_id, size)
        ]

    raw.append(rows("whole", EVENTS))
    ours.append(rows("whole", EVENTS))
    stock.insert_events(stored("whole", EVENTS))
    editions = ledger.editions("zhanjiang-departments-2023")
    return [
        Work(
            "append, one durable event",
            2.0,
            lambda: raw.append(rows(next(names), 1)),
            lambda: ours.append(rows(next(names), 1)),
            lambda: stock.insert_events(stored(next(names), 1)),
        ),
        Work(
            f"bulk, one case of {EVENTS}, hashed and sealed",
            3.0,
            lambda: raw.append(rows(next(names), EVENTS)),
            lambda: ours.append(rows(next(names), EVENTS)),
            lambda: stock.insert_events(stored(next(names), EVENTS)),
        ),
        Work(
            f"read one case of {EVENTS}",
            3.5,
            lambda: raw.read("whole"),
            lambda: ours.read("whole"),
            lambda: stock.select_events("whole"),
        ),
        Work(
            "verify the log, not its facts (rows and SHA-256 = 1)",
            2.0,
            lambda: [sha256(entry).digest() for entry in raw.read("whole")],
            lambda: verify(Verification(), ours.audit("whole"), Growth(), read=place),
        ),
        Work(
            f"replay one case of {EVENTS} (read, JSON and a dictionary = 1)",
            3.5,
            lambda: raw.scores("whole"),
            lambda: fold(ledger.history(CASE, EVENTS)),
        ),
        Work(
            "the same with its score sheet, rules worked out",
            3.5,
            lambda: raw.scores("whole"),
            lambda: score_sheet(at(ledger.history(CASE, EVENTS), editions)),
        ),
        Work(
            "command line: --help (a bare click program = 1)",
            1.3,
            lambda: _python("-c", BARE),
            lambda: _python("-c", "from cli.main import run; run(['--help'])"),
        ),
    ]


def _python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True)  # noqa: S603 - this interpreter


def measure(work: Work, rounds: int) -> tuple[float, float | None, float]:
    """Medians in seconds of raw, stock and ours, interleaved."""
    spent: dict[str, list[float]] = {"raw": [], "stock": [], "ours": []}
    for _ in range(rounds):
        for name, times in spent.items():
            task = getattr(work, name)
            if task:
                start = perf_counter()
                task()
                times.append(perf_counter() - start)
    stock = median(spent["stock"]) if spent["stock"] else None
    return median(spent["raw"]), stock, median(spent["ours"])


def main() -> None:
    """Measure everything and print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="at least 7 for figures to believe")
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as name:
        folder = Path(name)
        with redirect_stdout(StringIO()):
            run(["--ledger", str(folder / "demo.db"), "demo"])
        with Store.open(folder / "demo.db") as store:
            print(f"{'work':60} {'raw':>10} {'stock':>7} {'ours':>7} {'bar':>5}")
            for work in works(folder, store):
                raw, stock, ours = measure(work, rounds)
                shown = f"{stock / raw:7.1f}" if stock else f"{'-':>7}"
                print(
                    f"{work.name:60} {raw * 1e6:8.0f}us {shown} {ours / raw:7.1f} {work.bar:5.1f}"
                )


if __name__ == "__main__":
    main()
