"""`make bench-peers`: the works that others can do, too, as ratios against the same limit.

It runs in an environment of its own, where this program is not installed; so the events are made
here, of the size that ours have. With SCORETRAIL_TEST_POSTGRES, a superuser's URL, it runs on that
server, too.
"""

import os
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from itertools import count
from json import dumps
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.limit import RawPostgres, RawSqlite, Row, fold
from bench.measure import Task, race

PEERS: Final = (
    "eventsourcing_sqlalchemy",
    "continuum",
    "simple_history",
    "message_db",
    "emmett",
)
EVENTS: Final = 300
INDICATORS: Final = 28


def case(name: str, size: int = EVENTS) -> list[Row]:
    """Scores that are given again and again, as a review does."""
    return [
        (
            name,
            version,
            "ScoreAdjusted",
            dumps(
                {
                    "data": {
                        "award": f"{version % 7}.50",
                        "indicator": f"indicator-{version % INDICATORS}",
                        "justification": "核查时发现，" * 12,
                    },
                    "version": version,
                },
                ensure_ascii=False,
            ).encode(),
        )
        for version in range(1, size + 1)
    ]


def works(raw: Any, peer: Any) -> Iterator[tuple[str, Task, Task, int]]:  # noqa: ANN401 - each peer has these methods
    """Name, limit, peer, and how often in a round."""
    names = (f"case-{number}" for number in count())

    def one() -> Row:
        return case(next(names), 1)[0]

    def whole() -> list[Row]:
        return case(next(names))

    raw.append_all(case("whole"))
    peer.append_all(case("whole"))
    if peer.replay("whole") != fold(raw.read("whole")):
        raise AssertionError("they do not come to the same scores")
    yield "append, one durable event", Task(raw.append, one), Task(peer.append, one), 10
    yield f"a case of {EVENTS}", Task(raw.append_all, whole), Task(peer.append_all, whole), 1
    yield (
        f"replay one case of {EVENTS}",
        Task(lambda _: fold(raw.read("whole"))),
        Task(lambda _: peer.replay("whole")),
        3,
    )


@contextmanager
def database(server: str) -> Iterator[str]:
    """The URL of an empty database, while the block runs."""
    name = f"scoretrail_peer_{token_hex(4)}"
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def measured(make: Callable[[str], Any], raw: Any, target: str, rounds: int) -> Iterator[str]:  # noqa: ANN401 - of either database
    """The cells of a row of the table."""
    with closing(make(target)) as peer:
        for _, bare, theirs, times in works(raw, peer):
            times_taken = race(rounds, raw=bare, ours=theirs, times=times)
            yield f"{times_taken.ours / times_taken.raw:.1f}"


def main() -> None:
    """Measure one peer, or start a process for each: they do not share settings well."""
    parser = ArgumentParser(description=__doc__, prog="python -m bench.peers")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("peers", nargs="*", default=PEERS, metavar="peer")
    wanted = parser.parse_args()
    server = os.environ.get("SCORETRAIL_TEST_POSTGRES")
    print(f"| peer | on | append | {EVENTS} at once | replay |\n|---|---|---|---|---|")
    for name in wanted.peers:
        module = import_module(f"bench.peers.{name}")
        if module.ON_SQLITE:
            with TemporaryDirectory() as folder:
                raw = RawSqlite(Path(folder) / "raw.db")
                cells = measured(module.Peer, raw, f"{folder}/peer.db", wanted.rounds)
                print(f"| {module.NAME} | SQLite |", " | ".join(cells), "|", flush=True)
        if server and module.ON_POSTGRES:
            with database(server) as bare, database(server) as target:
                cells = measured(module.Peer, RawPostgres(bare), target, wanted.rounds)
                print(f"| {module.NAME} | PostgreSQL |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
