"""The search over copies of the reference case: whether a page of it takes less than 0.3 s.

`python -m bench.search` prints seconds of the wall clock and of the processor for words that are
everywhere, in one case of a thousand, in one case, in every case but never in one text, and
nowhere, in 1,000 and 10,000 cases, or in as many as `--cases` says; with `--postgres` on a server,
the one that is named for tests or one started here. The slowest is named next to the bar, and with
`--bar` more than that is an error. What is due, and what has changed since the day before, is
measured over the same cases.
"""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final, TypeVar

import psycopg

from application.create import create_first_account
from application.example import record_example
from application.look import time_zone
from application.place import LedgerPlace
from application.portfolio import CaseFilter, portfolio
from application.portfolio_list import ListFilter, portfolio_list
from application.search import search
from application.since import since as since_of
from ledger.log.tree import leaf_hash
from ledger.store import NewEntry, Store
from projections.as_of import FINAL
from projections.portfolio.catch_up import catch_up
from tests.support.postgres import databases

Result = TypeVar("Result")
SIZES: Final = (1_000, 10_000)
EXAMPLE: Final = Path(__file__).parent.parent / "examples" / "zhanjiang-2023"
RARE, ONCE = 1_000, 777
LOOKED_FOR: Final = {
    "everywhere": "预算",
    "one character": "市",
    "two words": "绩效 2023",
    "in one case of a thousand": "稀见之词",
    "in one case": "仅此一处",
    "in every case, never in one text": "投诉 自评核查",
    "nowhere": "查无此词",
}
PAGE: Final = 50
BAR: Final = 0.3
"""Seconds that a page of results may take."""
TURNS: Final = 5
AT_ONCE: Final = 20
"""Cases appended in one transaction."""
CASE: Final = "zhanjiang-amr-2023"
YEARS: Final = 30


def fill(store: Store, number: int, folder: Path) -> None:
    """Write the reference case into an empty ledger, under so many names, in `YEARS` years."""
    story = _story(folder)
    store.append([event for event in story if ":" in event.case_id])
    case = [event for event in story if ":" not in event.case_id]
    for start in range(0, number, AT_ONCE):
        batch = range(start, min(start + AT_ONCE, number))
        store.append([event for copy in batch for event in _copied(case, copy)])


def _story(folder: Path) -> list[NewEntry]:
    """The events of the reference case, and of what it needs."""
    target = str(folder / "story.db")
    with Store.create(target) as store:
        create_first_account(store, _now, "administrator", "administration", date(2024, 7, 30))
        record_example(store, _now, LedgerPlace(target), EXAMPLE, date(2024, 12, 30))
        return [
            NewEntry(event.case_id, event.version, event.type, event.entry)
            for event in store.read_log()
        ]


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


def _copied(case: list[NewEntry], copy: int) -> Iterator[NewEntry]:
    """The case under another name and in another year, its chain of hashes made again."""
    name, year = f"copy-{copy:05}", 1995 + copy % YEARS
    instead = {f'"case":"{CASE}"': f'"case":"{name}"', '"year":2023': f'"year":{year}'}
    for number, word in ((RARE, "in one case of a thousand"), (ONCE, "in one case")):
        if copy == ONCE if number == ONCE else not copy % number:
            instead[r'"justification":"'] = f'"justification":"{LOOKED_FOR[word]}，'
    before = after = ""
    for event in case:
        entry = event.entry.decode()
        for old, new in instead.items():
            entry = entry.replace(old, new, 1)
        if before:
            entry = entry.replace(before, after, 1)
        before, after = leaf_hash(event.entry).hex(), leaf_hash(entry.encode()).hex()
        yield NewEntry(name, event.version, event.type, entry.encode())


def main() -> None:
    """Print the seconds of each search, a column a size."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=SIZES)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--bar", action="store_true", help="fail where a page takes longer")
    asked = parser.parse_args()
    slowest = max([_measured_over(size, postgres=asked.postgres) for size in asked.cases])
    if asked.bar and slowest > BAR:
        raise SystemExit(1)


def _measured_over(size: int, *, postgres: bool) -> float:
    """Measure over so many cases; the seconds of the slowest search."""
    with TemporaryDirectory() as folder, _ledger(Path(folder), postgres=postgres) as target:
        with Store.open(target) as store:
            wall = perf_counter()
            fill(store, size, Path(folder))
            print(f"{size:,} cases written in {perf_counter() - wall:.1f} s", flush=True)
            wall, cpu = perf_counter(), process_time()
            catch_up(store)
            print(
                f"  tables made in {perf_counter() - wall:.1f} s,"
                f" {process_time() - cpu:.1f} s of this process",
                flush=True,
            )
        if postgres:  # as the server does by itself when it is let alone for a minute
            with closing(psycopg.connect(target, autocommit=True)) as connection:
                connection.execute("VACUUM ANALYZE")
        with Store.open(target) as store:
            slowest = max(_search(store, name) for name in LOOKED_FOR)
            print(f"  slowest {slowest:.3f} s, bar {BAR} s")
            _due(store)
    return slowest


@contextmanager
def _ledger(folder: Path, *, postgres: bool) -> Iterator[str]:
    """The target of an empty ledger, while the block runs."""
    if postgres:
        with databases(durable=True) as server, server.ledger() as target:
            yield target
        return
    target = str(folder / "ledger.db")
    Store.create(target).close()
    yield target


def _search(store: Store, name: str) -> float:
    """Measure the first page of results, for an auditor; the seconds of the wall clock."""
    found, wall, cpu = _measured(lambda: search(store, LOOKED_FOR[name], None, limit=PAGE), TURNS)
    more = "more" if found.further else ""
    print(f"  {name:34}{wall:7.3f} s, processor {cpu:7.3f} s, {len(found.results):3} found {more}")
    return wall


def _due(store: Store) -> None:
    """Measure the list of what is due, and of what has changed since the day before."""
    today = _now().date()
    for since in ("", f"{today - timedelta(1)}"):
        name = "work --since yesterday" if since else "work --due 7d"
        wanted = (
            ListFilter(since=since_of(since, store, time_zone(store)))
            if since
            else ListFilter(within=7)
        )

        def listed(wanted: ListFilter = wanted) -> int:
            with portfolio(store, FINAL, CaseFilter()) as tables:
                return len(list(portfolio_list("work", tables, wanted, today, "en").rows))

        found, wall, cpu = _measured(listed, 1)
        print(f"  {name:34}{wall:7.3f} s, processor {cpu:7.3f} s, {found:5} listed")


def _measured(what: Callable[[], Result], turns: int) -> tuple[Result, float, float]:
    """What is found, and the least seconds of the wall clock and of the processor that it took."""
    taken = []
    for _ in range(turns):
        wall, cpu = perf_counter(), process_time()
        found = what()
        taken.append((perf_counter() - wall, process_time() - cpu))
    return found, *map(min, zip(*taken, strict=True))


if __name__ == "__main__":
    main()
