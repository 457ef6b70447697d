"""The web: processor time a request takes in one worker, `python -m bench.web`.

The worker is started as `scoretrail web` starts it, and asked over one connection by somebody who
has logged in. The ledger is that of the reference case. `--cases 100 10000` asks for lists of so
many cases; `--requests 100000` for the memory of a worker that has answered so many;
`--together 8` lets so many act in one case at the same time; `--postgres` asks for the pages of a
ledger on a server.
"""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from application.create import create_first_account
from application.example import record_example
from application.place import LedgerPlace
from bench.append import LOADED
from bench.lists import fill
from bench.served import Answer, Server, served
from bench.workload import Workload
from cli.demo import CASE
from ledger.store import Store
from projections.portfolio.catch_up import catch_up
from tests.support.postgres import databases
from web.__main__ import EXAMPLE
from web.identity import Identities
from web.store import WebStore

PASSWORD: Final = "only-for-the-bench"  # noqa: S105 - of a ledger that ends with it
ACCOUNT: Final = "agency-reviewer"
POLL: Final = f"/api/v1/cases/{CASE}/head"
ROW: Final = f"/cases/{CASE}/indicators/output-goals"


class Read(NamedTuple):
    """Something that is asked for.

    Attributes:
        bar: milliseconds, where there is one.
    """

    name: str
    paths: tuple[str, ...]
    bar: float | None = None


def _versions(first: int) -> tuple[str, ...]:
    """More versions than a worker keeps results of, so that each is made anew."""
    return tuple(f"/cases/{CASE}?at=v{version}" for version in range(first, 346))


READS: Final = (
    Read("score sheet", (f"/cases/{CASE}",), 6),
    Read("score sheet at v200", (f"/cases/{CASE}?at=v200",), 6),
    Read("score sheet at any version", _versions(180), 6),
    Read("score sheet at both times", (f"/cases/{CASE}?at=2024-12-20&known=2100-01-01",), 6),
    Read("indicator", (ROW,), 7),
    Read("bridge", (f"/cases/{CASE}/bridge",), 7),
    Read("bridge between versions", (f"/cases/{CASE}/bridge?from=v180&to=v300",), 7),
    Read("change log", (f"/cases/{CASE}/log",)),
    Read("checks", (f"/cases/{CASE}/checks",)),
    Read("cases", ("/cases",), 8),
    Read("work list", ("/",), 8),
    Read("poll for news (API)", (POLL,), 0.5),
)
"""What is asked for, and where."""


LISTS: Final = (Read("cases", ("/cases",), 8), Read("work list", ("/",), 8))
OFFICER: Final = "clerk"
"""Who has a part in every case of a ledger of many."""

AT_ONCE: Final = 20
"""What each of several who act together records."""


@contextmanager
def worker(ledger: Path | str, account: str = ACCOUNT) -> Iterator[Server]:
    """A worker of ours over a ledger, and somebody who has logged in."""
    logins = str(ledger.with_suffix(".logins")) if isinstance(ledger, Path) else ledger
    with closing(WebStore(logins)) as kept:
        Identities(kept, now).give_password(account, PASSWORD, initial=False)
    words = [sys.executable, "-m", "web", str(ledger), "--logins", logins]
    with served(lambda port: [*words, "--port", str(port)]) as server:
        server.log_in(account, PASSWORD)
        yield server


def now() -> datetime:
    """The moment."""
    return datetime.now(UTC)


@contextmanager
def on_a_server(folder: Path) -> Iterator[str]:
    """The reference case on a PostgreSQL server, while the block runs."""
    with databases(durable=True) as server, server.ledger() as url:
        with Store.open(url) as store:
            create_first_account(store, now, "administrator", "administration")
            record_example(store, now, LedgerPlace(url, folder), EXAMPLE, now().date())
        yield url


def measured(
    folder: Path, server_url: str | None = None
) -> Iterator[tuple[str, float, float | None]]:
    """What was asked, the least milliseconds of the processor that it took, and the bar.

    Args:
        folder: for files.
        server_url: where the reference case is on a server; otherwise it is in a file.
    """
    workload = Workload(folder)
    ledger = server_url or workload.demo
    open_case = workload.case(LOADED)
    with Store.open(ledger) as store:
        store.append(open_case)
    with worker(ledger) as server:
        for read in READS:
            server.ask(read.paths[0])
            yield read.name, server.least(*read.paths), read.bar
        there, keys = f"/api/v1/cases/{open_case[0].case_id}/commands", count(1)
        yield "a command (API)", server.least_of(lambda: act(server, there, next(keys))), 5


def of_lists(folder: Path, number: int) -> Iterator[tuple[str, float, float | None]]:
    """The same of the lists of a ledger of so many cases."""
    ledger = folder / f"ledger-{number}.db"
    with Store.create(ledger) as store:
        fill(store, number)
        catch_up(store)
    with worker(ledger, OFFICER) as server:
        for read in LISTS:
            server.ask(read.paths[0])
            yield f"{read.name} of {number:,}", server.least(*read.paths), read.bar


def of_memory(folder: Path, requests: int) -> Iterator[tuple[int, float]]:
    """The MiB that a worker holds, at the beginning and after each fifth of so many requests.

    Of ten requests one is a page, any of them in turn, and nine are polls, as open pages send them.
    """
    pages = [path for read in READS for path in read.paths[:20]]
    paths = cycle([path for page in pages for path in (page, *[POLL] * 9)])
    with worker(Workload(folder).demo) as server:
        yield 0, server.memory()
        for fifth in range(1, 6):
            for _ in range(requests // 5):
                server.ask(next(paths))
            yield fifth * (requests // 5), server.memory()


def together(folder: Path, people: int) -> tuple[Counter[int], float]:
    """How often each status was answered to people who act in one case at once, and their time.

    Returns:
        The statuses, and milliseconds of the processor an act.
    """
    workload = Workload(folder)
    open_case = workload.case(LOADED)
    with Store.open(workload.demo) as store:
        store.append(open_case)
    there = f"/api/v1/cases/{open_case[0].case_id}/commands"
    with worker(workload.demo) as server, ThreadPoolExecutor(people) as crowd:
        doors = [server.another() for _ in range(people)]

        def acts(person: int) -> list[int]:
            numbers = range(person * AT_ONCE, (person + 1) * AT_ONCE)
            return [act(doors[person], there, number).status for number in numbers]

        began = server.spent()
        said = Counter(status for each in crowd.map(acts, range(people)) for status in each)
        return said, (server.spent() - began) / said.total() * 1000


def act(server: Server, there: str, number: int) -> Answer:
    """Record something of its own in a case."""
    asked = {
        "command": {
            "do": "raise-finding",
            "finding": f"bench-{number}",
            "title": "部分绩效指标编制不够合理",
            "statement": "数量目标写成上限，做得少也算达到，约束不了完成情况。",
        },
        "dated": "2024-12-30",
    }
    headers = {"content-type": "application/json", "idempotency-key": f"bench-{number}"}
    return server.ask(there, json.dumps(asked), headers)


def main() -> None:
    """Print a line for each thing that is asked for."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=())
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("--together", type=int, default=0)
    parser.add_argument("--postgres", action="store_true")
    wanted = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        if wanted.requests:
            for answered, held in of_memory(folder, wanted.requests):
                print(f"{answered:>9,} answers {held:8.1f} MiB", flush=True)
        elif wanted.together:
            said, spent = together(folder, wanted.together)
            print(f"{wanted.together} together: {dict(said)}, {spent:.2f} ms an act")
        elif wanted.postgres:
            with on_a_server(folder) as url:
                _tell(measured(folder, url))
        elif wanted.cases:
            _tell(line for number in wanted.cases for line in of_lists(folder, number))
        else:
            _tell(measured(folder))


def _tell(lines: Iterable[tuple[str, float, float | None]]) -> None:
    for name, spent, bar in lines:
        print(f"{name:28}{spent:9.2f} ms   bar {bar or '-'}", flush=True)


if __name__ == "__main__":
    main()
