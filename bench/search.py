"""The search over copies of the reference case: whether a page of it takes less than 0.3 s.

`python -m bench.search` prints seconds of the wall clock and of the processor for words that are
everywhere, in one case of a thousand, in one case, in every case but never in one text, and
nowhere,
in 1,000 and 10,000 cases, or in as many as `--cases` says; on a server with `--on postgresql://…`,
an empty ledger there.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final

from application.create import create_first_account
from application.example import record_example
from application.place import LedgerPlace
from application.search import search
from ledger.log.tree import leaf_hash
from ledger.store import NewEntry, Store
from projections.portfolio.catch_up import catch_up

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
    parser.add_argument("--on", help="an empty ledger on a server, for one size")
    asked = parser.parse_args()
    for size in asked.cases:
        with TemporaryDirectory() as folder:
            target = asked.on or str(Path(folder) / "ledger.db")
            with Store.create(target) as store:
                fill(store, size, Path(folder))
                began = process_time()
                catch_up(store)
                print(
                    f"{size:,} cases; tables made in {process_time() - began:.1f} s of this process"
                )
                for name, words in LOOKED_FOR.items():
                    print(f"  {name:34}{_measured(store, words)}")


def _measured(store: Store, words: str) -> str:
    """The first page: for an auditor, and for a unit of whose cases none is left out."""
    taken = []
    for _ in range(TURNS):
        wall, cpu = perf_counter(), process_time()
        found = search(store, words, None, limit=PAGE)
        taken.append((perf_counter() - wall, process_time() - cpu))
    wall, cpu = map(min, zip(*taken, strict=True))
    more = "more" if found.further else ""
    return f"{wall:7.3f} s, processor {cpu:7.3f} s, {len(found.results):3} found {more}"


if __name__ == "__main__":
    main()
