"""The web: processor time a request takes in one worker, `python -m bench.web`.

The worker is started as `scoretrail web` starts it, and asked over one connection by somebody who
has logged in. The ledger is that of the reference case.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from bench.append import LOADED
from bench.served import Answer, Server, served
from bench.workload import Workload
from cli.demo import CASE
from ledger.store import Store
from web.identity import Identities
from web.store import WebStore

PASSWORD: Final = "only-for-the-bench"  # noqa: S105 - of a ledger that ends with it
ACCOUNT: Final = "agency-reviewer"
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
    Read("poll for news (API)", (f"/api/v1/cases/{CASE}/head",), 0.5),
)
"""What is asked for, and where."""


@contextmanager
def worker(ledger: Path) -> Iterator[Server]:
    """A worker of ours over a ledger, and somebody who has logged in."""
    logins = ledger.with_suffix(".logins")
    with closing(WebStore(str(logins))) as kept:
        Identities(kept, lambda: datetime.now(UTC)).give_password(ACCOUNT, PASSWORD, initial=False)
    words = [sys.executable, "-m", "web", str(ledger), "--logins", str(logins)]
    with served(lambda port: [*words, "--port", str(port)]) as server:
        server.log_in(ACCOUNT, PASSWORD)
        yield server


def measured(folder: Path) -> Iterator[tuple[str, float, float | None]]:
    """What was asked, the least milliseconds of the processor that it took, and the bar."""
    workload = Workload(folder)
    open_case = workload.case(LOADED)
    with Store.open(workload.demo) as store:
        store.append(open_case)
    with worker(workload.demo) as server:
        for read in READS:
            server.ask(read.paths[0])
            yield read.name, server.least(*read.paths), read.bar
        there, keys = f"/api/v1/cases/{open_case[0].case_id}/commands", count(1)
        yield "a command (API)", server.least_of(lambda: act(server, there, next(keys))), 5


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
    ArgumentParser(description=__doc__).parse_args()
    with TemporaryDirectory() as folder:
        for name, spent, bar in measured(Path(folder)):
            print(f"{name:28}{spent:9.2f} ms   bar {bar or '-'}", flush=True)


if __name__ == "__main__":
    main()
