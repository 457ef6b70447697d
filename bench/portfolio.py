"""The portfolio: many cases made of the reference case, and what it takes to rebuild and ask.

`python -m bench.portfolio --cases 300` prints how long a rebuild takes beside the limit: reading
the same entries, decoding their JSON and inserting the same rows.
"""

import sqlite3
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, Final

from msgspec.json import Decoder
from sqlalchemy import select

from cli.demo import CASE
from cli.main import run
from ledger.log.tree import leaf_hash
from ledger.store import NewEntry, Store
from ledger.values import instant
from projections.portfolio.cases import Chosen
from projections.portfolio.following import TABLES, catch_up, rebuild
from projections.portfolio.scores import scores
from projections.portfolio.steps import moment_over_cases

BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)
AT_ONCE: Final = 20
"""Cases appended in one transaction."""


def copies(store: Store, cases: int) -> None:
    """Add the reference case to a ledger that has it, under so many other ids.

    Every event of them is recorded a second after the one before, as if each were an act of its
    own: so the step functions have as many steps as they can have.
    """
    entries = store.read(CASE)
    for start in range(0, cases, AT_ONCE):
        store.append(
            [
                new
                for number in range(start, min(start + AT_ONCE, cases))
                for new in _copy(f"copy-{number}", entries)
            ]
        )


def _copy(case: str, entries: Sequence[Any]) -> Iterator[NewEntry]:
    name, other = f'"case":"{CASE}"'.encode(), f'"case":"{case}"'.encode()
    before = after = b""
    for old in entries:
        entry = old.entry.replace(name, other, 1)
        if before:
            entry = entry.replace(before, after, 1)
        at = instant(BEGAN + timedelta(seconds=old.version))
        entry = b'{"at":"' + at.encode() + entry[entry.index(b'","') :]
        before, after = leaf_hash(old.entry).hex().encode(), leaf_hash(entry).hex().encode()
        yield NewEntry(case, old.version, old.type, entry)


def raw_rebuild(ledger: Path, store: Store, folder: Path) -> Callable[[], object]:
    """The limit: read and decode every entry, insert the rows that the tables hold."""
    with store.beside(writing=False) as beside:
        rows = [
            (each.name, [tuple(row) for row in beside.connection.execute(select(each))])
            for each in TABLES
        ]
    made = folder / "raw.projections"
    with (
        closing(sqlite3.connect(f"{ledger}.projections")) as kept,
        closing(sqlite3.connect(made, isolation_level=None)) as empty,
    ):
        empty.execute("PRAGMA journal_mode = WAL")
        for (statement,) in kept.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
            empty.execute(statement)
    decode = Decoder().decode

    def work() -> None:
        with (
            closing(sqlite3.connect(ledger)) as source,
            closing(sqlite3.connect(made, isolation_level=None)) as target,
        ):
            for (entry,) in source.execute("SELECT entry FROM events ORDER BY case_id, version"):
                decode(entry)
            target.execute("BEGIN")
            for name, found in rows:
                target.execute(f"DELETE FROM {name}")  # noqa: S608 - names of our tables
                marks = ", ".join("?" for _ in found[0]) if found else ""
                if found:
                    target.executemany(f"INSERT INTO {name} VALUES ({marks})", found)  # noqa: S608 - the same
            target.execute("COMMIT")

    return work


def rebuilding(folder: Path, cases: int) -> tuple[Callable[[], object], Callable[[], object]]:
    """What a table of ratios compares: the limit and our rebuild, of so many cases in a folder."""
    ledger = folder / "portfolio.db"
    with redirect_stdout(StringIO()):
        run(["--ledger", str(ledger), "demo"])
    store = Store.open(ledger)
    copies(store, cases)
    catch_up(store)
    return raw_rebuild(ledger, store, folder), lambda: rebuild(store)


def timed(work: Callable[[], object]) -> float:
    """Seconds that a work keeps a processor busy: others may use the machine meanwhile."""
    start = process_time()
    work()
    return process_time() - start


def main() -> None:
    """Make a ledger of many cases, and print what the portfolio takes."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300)
    cases = parser.parse_args().cases
    with TemporaryDirectory() as name:
        ledger = Path(name) / "ledger.db"
        with redirect_stdout(StringIO()):
            run(["--ledger", str(ledger), "demo"])
        with Store.open(ledger) as store:
            print(f"appending {cases} cases {timed(lambda: copies(store, cases)):8.2f} s")
            print(f"events {store.size()}")
            print(f"first build {timed(lambda: catch_up(store)):8.2f} s")
            raw = timed(raw_rebuild(ledger, store, Path(name)))
            ours = timed(lambda: rebuild(store))
            print(f"rebuild {ours:8.2f} s, raw {raw:8.2f} s, ratio {ours / raw:5.2f}")
            for label in ("final", "2024-08-01", "issued", "recorded:2026-01-01T00:04:00Z"):
                with store.beside(writing=False) as beside:
                    moment = moment_over_cases(label)
                    asked = timed(lambda: scores(beside.connection, moment, Chosen()))  # noqa: B023 - called at once
                print(f"scores --at {label:30} {asked * 1000:8.1f} ms")


if __name__ == "__main__":
    main()
