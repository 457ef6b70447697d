"""`python -m bench.memory [--events N] [--times K] [--server URL]`: peak memory at two sizes.

Each work is a command line in a process of its own, whose peak Linux tells. In the second column
the ledger is K times as long; what streams has a ratio near 1. The last works are about one case, a
tenth as long.
"""

import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from io import StringIO
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.measure import Line
from bench.places import Settings
from bench.workload import EVENTS, Workload
from cli.main import run
from ledger.store import Store

# Not `getrusage`: a child begins with the peak of the process that it was forked from.
CHILD: Final = (
    "import gc, re, sys; from cli.main import run; from cli.start import MADE_BETWEEN; "
    "gc.set_threshold(MADE_BETWEEN); code = run(sys.argv[1:]); "
    "print(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1], file=sys.stderr); "
    "sys.exit(code)"
)


class Work(NamedTuple):
    """One line of the table: a command line, and the ledger that it is given."""

    name: str
    ledger: str
    words: tuple[str, ...]


def works(folder: Path, workload: Workload, events: int, server: str | None) -> list[Work]:
    """The ledgers of one size, and the lines of the table about them."""
    many, small, other = (str(folder / name) for name in ("many.db", "one.db", "other.db"))
    with Store.create(many) as store:
        names = (f"case-{number}" for number in range(events // EVENTS))
        store.fill(chain(workload.ground, chain.from_iterable(map(workload.named, names))))
    with Store.create(small) as store:
        store.fill(workload.named("case-0", events // 10))
    quietly("--ledger", many, "key", "generate", "bench.example/memory")
    whole, case = str(folder / "whole.jsonl"), str(folder / "case.jsonl")
    lines = [
        Work("export --all", many, ("export", "--all", "-o", whole)),
        Work("import of that", other, ("import", whole)),
        Work("publish", many, ("publish", str(folder / "public"))),
        Work("portfolio rebuild", many, ("portfolio", "rebuild")),
        Work("portfolio adjustments", many, ("portfolio", "adjustments", "--list", "--json")),
        Work("verify", many, ("verify",)),
        Work("export of one case", small, ("export", "case-0", "-o", case)),
        Work("import of that", str(folder / "third.db"), ("import", case)),
    ]
    if server:
        lines[2:2] = [
            Work("the same, PostgreSQL", server, ("import", whole)),
            Work("export --all, PostgreSQL", server, ("export", "--all", "-o", whole)),
        ]
    return lines


def quietly(*words: str) -> None:
    """A command line that has to succeed, in this process."""
    with redirect_stdout(StringIO()):
        if run(words):
            sys.exit(f"{words} failed")


def peak(work: Work) -> float:
    """The most memory that a work took, in MiB: the system counts it in KiB."""
    done = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", CHILD, "--ledger", work.ledger, *work.words],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return int(done.stderr.split()[-1]) / 1024


def database(server: str, number: int) -> str:
    """The URL of an empty ledger in a new database; one of an earlier run is gone."""
    name = f"scoretrail_memory_{number}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    Store.create(url).close()
    return url


def peaks(sizes: Sequence[int], server: str | None) -> Iterator[tuple[str, float, float]]:
    """Each work with its peaks at two sizes, in MiB."""
    columns = []
    with TemporaryDirectory() as name:
        workload = Workload(Path(name))
        for number, size in enumerate(sizes):
            folder = Path(name) / str(size)
            folder.mkdir()
            url = database(server, number) if server else None
            columns.append([(work.name, peak(work)) for work in works(folder, workload, size, url)])
    for (what, small), (_, large) in zip(*columns, strict=True):
        yield what, small, large


def lines(settings: Settings) -> Iterator[Line]:
    """As lines of the table."""
    if settings.large:
        sizes = (300_000, 3_000_000)
    elif settings.rounds == 1:  # to see that it works; a peak needs no second look
        sizes = (12_000, 24_000)  # fewer cases would not fill what is read at once
    else:
        sizes = (12_000, 60_000)
    server = settings.server.url if settings.server else None
    for what, small, large in peaks(sizes, server):
        work = f"内存峰值，{sizes[1]:,} 比 {sizes[0]:,} 条 / memory: {what}"
        yield Line(work, "", f"{small:.0f} MiB", None, large / small, 1.15)


def main() -> None:
    """Measure everything and print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=30_000, help="in the smaller ledger")
    parser.add_argument("--times", type=int, default=10, help="how much longer the other one is")
    parser.add_argument("--server", help="URL of a PostgreSQL superuser, to measure that, too")
    options = parser.parse_args()
    sizes = (options.events, options.events * options.times)
    print(f"{'MiB at the peak':28}" + "".join(f"{size:>12,}" for size in sizes) + f"{'ratio':>8}")
    for what, small, large in peaks(sizes, options.server):
        print(f"{what:28}{small:12.1f}{large:12.1f}{large / small:8.2f}")


if __name__ == "__main__":
    main()
