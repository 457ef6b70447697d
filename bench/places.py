"""Where is measured: a SQLite file, and a PostgreSQL server that really writes to the disk."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import psycopg

from bench.limit import Raw, RawPostgres, RawSqlite
from bench.stock import Stock
from bench.workload import Workload
from ledger.store import Store
from tests.support.postgres import Databases

SQLITE: Final = "SQLite"
POSTGRES: Final = "PostgreSQL"


@dataclass(frozen=True)
class Settings:
    """What a run is asked for.

    Attributes:
        rounds: how often the contenders take turns.
        large: whether sizes are those of the bars: 3 million events, a log of a million.
        folder: for files, which are gone when the run ends.
    """

    rounds: int
    large: bool
    folder: Path
    workload: Workload
    server: Databases | None

    @property
    def places(self) -> tuple[str, ...]:
        """The databases to measure on."""
        return (SQLITE, POSTGRES) if self.server else (SQLITE,)

    @contextmanager
    def ledger(self, on: str) -> Iterator[str]:
        """The target of an empty ledger, while the block runs."""
        with self._target(on, made=True) as target:
            yield target

    @contextmanager
    def empty(self, on: str) -> Iterator[str]:
        """The target of an empty database, while the block runs."""
        with self._target(on, made=False) as target:
            yield target

    @contextmanager
    def contenders(self, on: str) -> Iterator[tuple[Raw, Stock, Store]]:
        """The limit, the stock library and an empty ledger, each in a database of its own."""
        with ExitStack() as stack:
            bare, theirs = (stack.enter_context(self.empty(on)) for _ in range(2))
            target = stack.enter_context(self.ledger(on))
            raw = RawSqlite(Path(bare)) if on == SQLITE else RawPostgres(bare)
            yield raw, Stock(theirs), stack.enter_context(Store.open(target))

    @contextmanager
    def filled(self, on: str, cases: int) -> Iterator[str]:
        """The target of a ledger of so many cases, while the block runs."""
        with self.ledger(on) as target:
            with Store.open(target) as store:
                self.workload.fill(store, cases)
            if on == POSTGRES:  # as the server does by itself when it is let alone for a minute
                with closing(psycopg.connect(target, autocommit=True)) as connection:
                    connection.execute("VACUUM ANALYZE")
            yield target

    @contextmanager
    def _target(self, on: str, *, made: bool) -> Iterator[str]:
        if on == POSTGRES:
            assert self.server is not None  # noqa: S101 - `places` does not name it otherwise
            with self.server.ledger() if made else self.server.empty() as url:
                yield url
            return
        path = self.folder / f"{len(list(self.folder.iterdir()))}-{os.urandom(4).hex()}.db"
        if made:
            Store.create(path).close()
        try:
            yield str(path)
        finally:
            for file in self.folder.glob(f"{path.name}*"):
                file.unlink()


def version(databases: Databases) -> str:
    """Which PostgreSQL it is."""
    with closing(psycopg.connect(databases.url)) as connection:
        return f"{POSTGRES} {connection.info.server_version // 10_000}" + (
            "" if urlsplit(databases.url).hostname == "127.0.0.1" else ", elsewhere"
        )
