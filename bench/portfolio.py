"""The portfolio: many cases made of the reference case, and what it takes to rebuild and ask.

The limit of a rebuild is reading the same entries, decoding their JSON and inserting the same rows.
`python -m bench.portfolio --cases 300` prints what the table has no place for: seconds of the
processor, those of a query at a point among them.
"""

import gc
import sqlite3
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

import psycopg
from msgspec.json import Decoder
from sqlalchemy import Table, select

from bench.measure import Line, Task, compared, race
from bench.places import SQLITE, Settings
from bench.workload import Workload
from cli.demo import CASE
from cli.start import MADE_BETWEEN
from ledger.log.tree import leaf_hash
from ledger.store import Entry, NewEntry, Store
from ledger.values import instant
from projections.as_of import moment_over_cases
from projections.portfolio.case_writer import TABLES
from projections.portfolio.cases import CaseFilter
from projections.portfolio.catch_up import catch_up, rebuild
from projections.portfolio.scores_view import scores

BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)
AT_ONCE: Final = 20
"""Cases appended in one transaction."""

SMALL: Final = 60
LARGE: Final = 3_000

ENTRIES: Final = "SELECT entry FROM events ORDER BY case_id, version"
Rows = list[tuple[Table, list[tuple[object, ...]]]]
"""What every table holds."""


def lines(settings: Settings) -> Iterator[Line]:
    """A rebuild on every database."""
    for on in settings.places:
        yield _rebuilding(settings, on, LARGE if settings.large else SMALL)


def _rebuilding(settings: Settings, on: str, cases: int) -> Line:
    with settings.ledger(on) as target, Store.open(target) as store:
        fill(store, settings.workload, cases)
        catch_up(store)
        limit = (raw_sqlite if on == SQLITE else raw_postgres)(target, kept(store))
        times = race(
            settings.rounds, raw=Task(lambda _: limit()), ours=Task(lambda _: rebuild(store))
        )
        work = f"重做总览表，{store.size():,} 条 / rebuild a projection"
        return compared(work, on, times, 4.0, by_processor=on == SQLITE)


def fill(store: Store, workload: Workload, cases: int) -> None:
    """Write the reference case into an empty ledger, under so many names.

    Every event of them is recorded a second after the one before, as if each were an act of its
    own: so the step functions have as many steps as they can have.
    """
    with Store.open(workload.demo) as demo:
        entries = demo.read(CASE)
    store.append(workload.ground)
    for start in range(0, cases, AT_ONCE):
        store.append(
            [
                new
                for number in range(start, min(start + AT_ONCE, cases))
                for new in _copy(f"copy-{number}", entries)
            ]
        )


def _copy(case: str, entries: Sequence[Entry]) -> Iterator[NewEntry]:
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


def kept(store: Store) -> Rows:
    """The rows that a rebuild is to make."""
    with store.projection_transaction(writing=False) as beside:
        return [
            (each, [tuple(row) for row in beside.connection.execute(select(each))])
            for each in TABLES
        ]


_MADE = (
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
    " AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')"
)
"""What was made; an index of texts makes tables of its own by itself."""


def raw_sqlite(ledger: str, rows: Rows) -> Callable[[], None]:
    """The limit in a file: its tables are those of the portfolio, in another file."""
    path = f"{ledger}.raw"
    with (
        closing(sqlite3.connect(f"{ledger}.projections")) as ours,
        closing(sqlite3.connect(path, isolation_level=None)) as empty,
    ):
        empty.execute("PRAGMA journal_mode = WAL")
        for (statement,) in ours.execute(_MADE):
            empty.execute(statement)
    decode = Decoder().decode

    def work() -> None:
        with (
            closing(sqlite3.connect(ledger)) as source,
            closing(sqlite3.connect(path, isolation_level=None)) as target,
        ):
            for (entry,) in source.execute(ENTRIES):
                decode(entry)
            target.execute("BEGIN")
            for table, columns in rows:
                target.execute(f"DELETE FROM {table.name}")  # noqa: S608 - names of our tables
                marks = ", ".join("?" for _ in table.columns)
                target.executemany(f"INSERT INTO {table.name} VALUES ({marks})", columns)  # noqa: S608 - the same
            target.execute("COMMIT")

    return work


def raw_postgres(ledger: str, rows: Rows) -> Callable[[], None]:
    """The limit on a server: its tables are like those of the portfolio, in another schema."""
    with closing(psycopg.connect(ledger, autocommit=True)) as connection:
        connection.execute("CREATE SCHEMA raw")
        for table, _ in rows:
            connection.execute(
                f"CREATE TABLE raw.{table.name} (LIKE {table.fullname} INCLUDING ALL)".encode()
            )
    decode = Decoder().decode

    def work() -> None:
        with closing(psycopg.connect(ledger)) as connection, connection.transaction():
            with connection.cursor("log", binary=True) as cursor:
                cursor.itersize = 1_000
                for (entry,) in cursor.execute(ENTRIES):
                    decode(entry)
            for table, columns in rows:
                connection.execute(f"DELETE FROM raw.{table.name}".encode())  # noqa: S608 - names of our tables
                statement = f"COPY raw.{table.name} FROM STDIN".encode()
                with connection.cursor().copy(statement) as copy:
                    for row in columns:
                        copy.write_row(row)

    return work


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
    gc.set_threshold(MADE_BETWEEN)  # as the program has it
    with TemporaryDirectory() as name:
        workload = Workload(Path(name))
        ledger = Path(name) / "ledger.db"
        Store.create(ledger).close()
        with Store.open(ledger) as store:
            print(f"appending {cases} cases {timed(lambda: fill(store, workload, cases)):8.2f} s")
            print(f"events {store.size()}")
            print(f"first build {timed(lambda: catch_up(store)):8.2f} s")
            raw = timed(raw_sqlite(str(ledger), kept(store)))
            ours = timed(lambda: rebuild(store))
            print(f"rebuild {ours:8.2f} s, raw {raw:8.2f} s, ratio {ours / raw:5.2f}")
            for label in ("final", "2024-08-01", "issued", "recorded:2026-01-01T00:04:00Z"):
                with store.projection_transaction(writing=False) as beside:
                    moment = moment_over_cases(label)
                    asked = timed(lambda: scores(beside.connection, moment, CaseFilter()))  # noqa: B023 - called at once
                print(f"scores --at {label:30} {asked * 1000:8.1f} ms")


if __name__ == "__main__":
    main()
