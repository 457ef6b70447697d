"""How large a ledger is: bytes and seconds an event, and what that makes of a city and a province.

`python -m bench.ledger_size` writes copies of the whole reference case, each event recorded at an
instant of its own, into a SQLite file and into PostgreSQL, and prints of each event the bytes with
their indexes, the bytes of the tables of the portfolio, and the processor time that it takes to
verify all and to make those tables (of the program; a server's own is not counted); and the bytes
of the log as it is published and of the frozen ledger as it is archived. `--cases` makes others
than 420, which have some 200,000 events. Below is a year of a city and of a province, multiplied.
"""

import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg

from bench.measure import processor_time
from bench.places import POSTGRES, SQLITE, Settings
from bench.workload import Workload
from ledger.store import Store
from migrations import PROJECTIONS
from projections.portfolio.catch_up import catch_up
from tests.support.postgres import databases

CASES: Final = 420
YEARS: Final = {"市 / city": 1_900_000, "省 / province": 40_000_000}
"""How many events they have in a year."""
PROGRAM: Final = str(Path(sys.executable).with_name("scoretrail"))
_TABLES: Final = """
    SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'
    AND n.nspname !~ '^(pg_|information_schema)' AND (n.nspname = %s) = %s
"""


def bytes_of(on: str, target: str, *, portfolio: bool) -> int:
    """The bytes of a ledger, or of the tables of its portfolio, with their indexes."""
    if on == POSTGRES:
        with closing(psycopg.connect(target)) as connection:
            row = connection.execute(_TABLES, (PROJECTIONS, portfolio)).fetchone()
        return int(row[0]) if row else 0
    path = Path(f"{target}.{PROJECTIONS}" if portfolio else target)
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*")
        if portfolio or PROJECTIONS not in file.name)  # fmt: skip


def within(folder: Path) -> int:
    """The bytes of the files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def told(target: str, *words: str) -> float:
    """The processor time of a command line, which has to succeed."""
    before = processor_time()
    line = [PROGRAM, "--ledger", target, *words]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    return processor_time() - before


def sizes(settings: Settings, on: str, cases: int) -> Iterator[tuple[str, float]]:
    """What an event takes, on a database."""
    with settings.filled(on, cases) as target:
        with Store.open(target) as store:
            events = store.size()
            print(f"{on}: {cases} 个事项 / cases, {events} 个事件 / events", flush=True)
        yield "记录库 / ledger", bytes_of(on, target, portfolio=False) / events
        with Store.open(target) as store:
            before = processor_time()
            catch_up(store)
            yield "总览表，µs / portfolio, µs", 1e6 * (processor_time() - before) / events
        yield "总览表 / portfolio", bytes_of(on, target, portfolio=True) / events
        yield "核验，µs / verify, µs", 1e6 * told(target, "verify", "--workers", "1") / events
        if on == SQLITE:
            public, archived = (settings.folder / name for name in ("public", "archived"))
            told(target, "key", "generate", "bench.example/2024")
            told(target, "publish", str(public))
            yield "公布的日志 / published log", within(public) / events
            whole = ("--reason", "演示", "-o", str(settings.folder / "final"))
            told(target, "--as", "administrator", "year", "freeze", "2024", *whole)
            told(target, "archive", "write", target, str(archived))
            yield "归档 / archive", within(archived) / events


def main() -> None:
    """Print what an event takes, and a year."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--sqlite", action="store_true", help="no server")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = None if asked.sqlite else stack.enter_context(databases(durable=True))
        workload = Workload(folder, whole=True)
        settings = Settings(rounds=1, large=False, folder=folder, workload=workload, server=server)
        print(f"负载 / load {os.getloadavg()[0]:.1f}")
        found = {on: dict(sizes(settings, on, asked.cases)) for on in settings.places}
    print(f"| | 每个事件 / an event | {' | '.join(YEARS)} |\n|---|---|{'---|' * len(YEARS)}")
    for on, each in found.items():
        for what, taken in each.items():
            size, unit = (6e7, "min") if what.endswith("µs") else (1e9, "GB")
            years = (f"{taken * events / size:.1f} {unit}" for events in YEARS.values())
            print(f"| {on}，{what} | {taken:.0f} | {' | '.join(years)} |")


if __name__ == "__main__":
    main()
