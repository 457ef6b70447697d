"""Where the ledgers of the tests are: every test that opens one runs on both databases.

It takes its place from here: `places`, or one of the fixtures that stand on it. Each comes once in
a file and once on a server. What is about one database only, says so: `postgres_target` and
`server` by their names, `sqlite_only` by its reason. A test that opens a ledger in a file and says
nothing fails.

What is said in several languages is said in one of them on a server. Of a table whose cells are
decided before a database is asked, a sample runs there (`server_sample`): the first of every so
many. Where time is short (`SLOW`), so it is with the slow tests of each file there, and with the
cells of each slow test everywhere: none is left out as a whole. In a minute (`QUICK`) nothing runs
on a server, and a sample runs of what writes files. Every test that runs on a server carries the
mark `postgresql`.
"""

import sys
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copy, copytree
from typing import Any, Final, Self

import pytest

from ledger.store import MEMORY, Store
from tests.support.postgres import Databases, Raw, is_postgres, raw
from tests.support.sample import QUICK, SLOW

SAYS_SO: Final = ("database", "server")
"""Fixtures that a test has, directly or through others, which says what it runs on."""


@dataclass(frozen=True)
class Place:
    """Where a ledger is, or can be made.

    Attributes:
        target: what `--ledger` is given. Where the ledger came out of `init`, it is that of a role
            with few rights, if there are roles.
        owner: the same for somebody with all rights.
        beside: how the names of the files begin that lie beside it; of a ledger in a file, its own.
    """

    target: str
    owner: str
    beside: Path

    def __str__(self) -> str:
        return self.target

    @property
    def words(self) -> tuple[str, ...]:
        """What a command line begins with."""
        named = ("--ledger", self.target)
        if not is_postgres(self.target):
            return named
        return (*named, "--evidence", str(self.evidence), "--key", str(self.key))

    @property
    def environment(self) -> dict[str, str]:
        """The same, as variables of the environment."""
        pairs = zip(self.words[::2], self.words[1::2], strict=True)
        return {f"SCORETRAIL_{option.lstrip('-').upper()}": value for option, value in pairs}

    @property
    def name(self) -> str:
        """What messages name it by: the file, or the database."""
        return self.target.rpartition("/")[2]

    @property
    def evidence(self) -> Path:
        """The folder of the evidence files."""
        return self.file(".evidence")

    @property
    def key(self) -> Path:
        """The file of the signing key."""
        return self.file(".key")

    def file(self, suffix: str) -> Path:
        """A file or a folder beside the ledger."""
        return self.beside.with_name(f"{self.beside.name}{suffix}")

    def has_ledger(self) -> bool:
        """Whether there is anything of a ledger."""
        if not is_postgres(self.target):
            return Path(self.target).exists()
        with raw(self.owner) as connection:
            tables = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
            found: int = connection.execute(tables).fetchone()[0]
            return found > 0

    def is_empty(self) -> bool:
        """Whether nothing is recorded: there is no ledger, or an empty one."""
        if not self.has_ledger():
            return True
        with raw(self.owner) as connection:
            found: int = connection.execute("SELECT count(*) FROM events").fetchone()[0]
            return found == 0

    def visitors(self) -> int:
        """How many are connected to the database; nobody ever is to a file."""
        if not is_postgres(self.target):
            return 0
        with raw(self.owner) as connection:
            mine = "datname = current_database() AND pid <> pg_backend_pid()"
            others = f"SELECT count(*) FROM pg_stat_activity WHERE {mine}"  # noqa: S608 - a constant
            found: int = connection.execute(others).fetchone()[0]
            return found

    def under(self, address: str) -> Self:
        """The same place for whoever uses that address."""
        return replace(self, target=address)


class Places:
    """Places of one kind of database, in a folder; they are gone when it closes."""

    def __init__(self, folder: Path, databases: Databases | None) -> None:
        """Take the folder.

        Args:
            folder: of all that is not on a server.
            databases: of the server; `None` for ledgers in files.
        """
        self._folder = folder
        self._databases = databases
        self._gone = ExitStack()
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._gone.close()

    def new(self) -> Place:
        """Where a ledger can be made: a path without a file, or an empty database."""
        beside = self._beside()
        if self._databases is None:
            return Place(str(beside), str(beside), beside)
        url = self._databases.make()
        self._gone.callback(self._databases.drop, url)
        return Place(url, url, beside)

    def ledger(self) -> Place:
        """An empty ledger."""
        if self._databases is None:
            place = self.new()
            Store.create(place.target).close()
            return place
        url = self._databases.lend_ledger()
        self._gone.callback(self._databases.give_back, url)
        return Place(url, url, self._beside())

    def for_import(self) -> Place:
        """Where an export can go: no file, or an empty ledger where only owners can make one."""
        return self.new() if self._databases is None else self.ledger()

    def copy(self, of: Place, name: str | None = None) -> Place:
        """A copy of a ledger with its evidence, and without a key. Nobody may have it open.

        Args:
            of: the ledger.
            name: of the file, and of those beside it; where it matters.
        """
        beside = self._folder / name if name else self._beside()
        if of.evidence.is_dir():
            copytree(of.evidence, f"{beside}.evidence")
        if self._databases is None:
            copy(of.target, beside)
            return Place(str(beside), str(beside), beside)
        url = self._databases.lend(of.owner)
        self._gone.callback(self._databases.give_back, url)
        name = url.rpartition("/")[2]
        return Place(f"{of.target.rpartition('/')[0]}/{name}", url, beside)

    def _beside(self) -> Path:
        self._count += 1
        return self._folder / f"ledger{self._count if self._count > 1 else ''}.db"


@contextmanager
def administrator(place: Place) -> Iterator[Raw]:
    """Somebody with all rights to the database, whom no trigger stops; all or nothing is done."""
    with raw(place.owner) as connection:
        triggers: list[tuple[str, str]] = []
        if is_postgres(place.owner):
            connection.execute("SET session_replication_role = replica")
        else:
            named = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            triggers = connection.execute(named).fetchall()
            for name, _ in triggers:
                connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
        for _, made in triggers:  # as somebody does who wants to leave no trace
            connection.execute(made)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what stands on a database on both, and what is about files once."""
    if "database" in metafunc.fixturenames:
        in_files = [*metafunc.definition.iter_markers("sqlite_only")]
        databases = ["sqlite"] if in_files or QUICK > 1 else ["sqlite", "postgresql"]
        metafunc.parametrize("database", databases, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what runs on a server; leave out there what another test says as well."""
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    cells: Counter[tuple[str, str]] = Counter()
    for item in items:
        given = item.callspec.params if hasattr(item, "callspec") else {}
        on_server = given.get("database") == "postgresql"
        if on_server or {"server", "postgres_target"} & {*getattr(item, "fixturenames", ())}:
            item.add_marker("postgresql")
        is_left = on_server and given.get("lang") == "en"
        if not is_left:
            table, every = _table_of(item, on_server=on_server)
            is_left = bool(cells[table] % every)
            cells[table] += 1
        (left if is_left else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def _table_of(item: pytest.Item, *, on_server: bool) -> tuple[tuple[str, str], int]:
    """The table that a cell is of, and the first of how many of its cells runs."""
    sample = item.get_closest_marker("server_sample") if on_server else None
    test = item.nodeid.partition("[")[0]
    file = test.partition("::")[0]
    every = SLOW if item.get_closest_marker("slow") else QUICK
    if sample:
        return (test, "on a server"), max(sample.args[0], every)
    if on_server:
        return (file, "on a server"), every
    if QUICK > 1 and _writes_files(item):
        return (file, "in files"), every
    return (test, "in files"), every


def _writes_files(item: pytest.Item) -> bool:
    fixtures = {*getattr(item, "fixturenames", ())}
    return bool(fixtures & {"database", "tmp_path"} or item.get_closest_marker("sqlite_only"))


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> Databases | None:
    """What a test runs on: a server, or none for ledgers in files."""
    if request.param == "sqlite":
        return None
    server: Databases = request.getfixturevalue("server")
    return server


@pytest.fixture
def places(database: Databases | None, tmp_path: Path) -> Iterator[Places]:
    """Places for this test, on either database."""
    with Places(tmp_path, database) as made:
        yield made


@pytest.fixture
def empty_target(places: Places) -> str:
    """Where a ledger can be made: on either database."""
    return places.new().target


@pytest.fixture
def store_target(places: Places) -> str:
    """An empty ledger, on either database."""
    return places.ledger().target


@pytest.fixture
def store(store_target: str) -> Iterator[Store]:
    """The same, open."""
    with Store.open(store_target) as opened:
        yield opened


# Nobody leaves the server out without saying so --------------------------------------------------

_opened: list[str] = []


def _watch(event: str, given: tuple[Any, ...]) -> None:
    if event == "sqlite3.connect" and str(given[0]) != MEMORY:
        _opened.append(str(given[0]))


def pytest_configure(config: pytest.Config) -> None:
    """Watch what is opened: the interpreter tells of every database file."""
    config.addinivalue_line("markers", "sqlite_only(reason): about ledgers in files alone")
    config.addinivalue_line(
        "markers", "server_sample(every): the first of every so many cells runs on a server, too"
    )
    config.addinivalue_line("markers", "postgresql: runs on a server; nobody writes it")
    sys.addaudithook(_watch)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Nothing is opened yet."""
    _opened.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test that has opened a ledger in a file must say that it also runs on a server, or why not.

    Raises:
        AssertionError: it says nothing.
    """
    done = yield
    fixtures: list[str] = getattr(item, "fixturenames", [])
    if _opened and item.get_closest_marker("sqlite_only") is None:
        assert set(SAYS_SO) & {*fixtures}, (
            f"opens {_opened[0]} and no ledger on a server: take `places`, or say why not with"
            " @pytest.mark.sqlite_only"
        )
    return done
