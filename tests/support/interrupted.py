"""Command lines that are stopped while they write: killed, or told that nothing more fits.

Each runs in a fork of this process, so that nothing has to be installed on the machine. What
counts as a write: every call of the system that changes files, every statement that changes a
database, before it and when half of it is done; and, by a limit to the size of files, the calls
that the database's own library makes.
"""

import errno
import os
import resource
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, NoReturn

import psycopg

from cli.main import run
from tests.support.places import Place

How = Literal["killed", "full", "broken"]

KILLED: Final = -signal.SIGKILL
CUT: Final = -signal.SIGXFSZ
_CALLS: Final = tuple(
    name for name in ("write", "fsync", "fchmod", "replace", "mkdir") if hasattr(os, name)
)
_READS: Final = ("SELECT", "PRAGMA")
_FAULTS: Final = {
    "full": (errno.ENOSPC, sqlite3.SQLITE_FULL, "database or disk is full"),
    "broken": (errno.EIO, sqlite3.SQLITE_IOERR, "disk I/O error"),
}


class Ended(NamedTuple):
    """How a command line ended.

    Attributes:
        code: its exit code, or the negative number of the signal that ended it.
        heard: what it said on both streams.
        reached: whether there was a write of the number that was to go wrong.
    """

    code: int
    heard: str
    reached: bool = True


class _Fault:
    """Something that goes wrong at the write of a number, from 1."""

    def __init__(self, at: int, how: How) -> None:
        self._left = at
        self._how = how
        self._told, self._tell = os.pipe()
        self._write = os.write  # which is about to fail

    def now(self) -> bool:
        """Whether it is this write's turn."""
        self._left -= 1
        if self._left == 0:
            self._write(self._tell, b"!")
        return self._left == 0

    def was_reached(self) -> bool:
        """Whether it went wrong, in the process that waited for the other one."""
        os.close(self._tell)
        with os.fdopen(self._told, "rb") as told:
            return bool(told.read())

    def of_system(self) -> NoReturn:
        """Fail as a call of the system does."""
        self._kill()
        code, _, _ = _FAULTS[self._how]
        raise OSError(code, os.strerror(code))

    def of_sqlite(self) -> NoReturn:
        """Fail as SQLite does."""
        self._kill()
        _, code, text = _FAULTS[self._how]
        error = sqlite3.OperationalError(text)
        error.sqlite_errorcode = code
        raise error

    def of_postgresql(self) -> NoReturn:
        """Fail as a server does."""
        self._kill()
        kind = psycopg.errors.DiskFull if self._how == "full" else psycopg.errors.IoError
        raise kind(_FAULTS[self._how][2])

    def _kill(self) -> None:
        if self._how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)


def interrupted(ledger: Place, words: Sequence[str], at: int, how: How, heard: Path) -> Ended:
    """Run a command line and let its write of that number go wrong.

    Args:
        ledger: which.
        words: the rest of the command line.
        at: from 1; where there are fewer writes, the command line ends as it should.
        how: killed; no space left; or an error of the disk.
        heard: a file for what it says.
    """
    fault = _Fault(at, how)

    def prepare() -> None:
        for name in _CALLS:
            setattr(os, name, _faulty_call(name, getattr(os, name), fault))
        _break_sqlite(fault)
        _break_postgresql(fault)

    ended = _forked(ledger, words, heard, prepare)
    return ended._replace(reached=fault.was_reached())


def limited(ledger: Place, words: Sequence[str], size: int, heard: Path, *, kill: bool) -> Ended:
    """Run a command line that cannot make any file longer than that.

    Args:
        ledger: which.
        words: the rest of the command line.
        size: in bytes.
        heard: a file for what it says.
        kill: end the process at the write that does not fit; otherwise the write fails.
    """

    def prepare() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if kill else signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return _forked(ledger, words, heard, prepare)


def _forked(ledger: Place, words: Sequence[str], heard: Path, prepare: Callable[[], None]) -> Ended:
    child = os.fork()
    if not child:
        to = os.open(heard, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(to, stream)
        with open(1, "w", closefd=False) as out, open(2, "w", closefd=False) as err:
            import sys  # noqa: PLC0415 - only in the child

            sys.stdout, sys.stderr = out, err
            prepare()
            code = run(["--lang", "en", *ledger.words, *words])
            out.flush()
            err.flush()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    while ledger.visitors():  # a server may not have noticed yet, and go on with what it was told
        time.sleep(0.002)
    return Ended(os.waitstatus_to_exitcode(status), heard.read_text())


def _faulty_call(name: str, call: Callable[..., Any], fault: _Fault) -> Callable[..., Any]:
    def instead(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever the system takes
        if fault.now():
            if name == "write":
                file, data = args
                call(file, data[: len(data) // 2])
            fault.of_system()
        return call(*args, **more)

    return instead


def _break_sqlite(fault: _Fault) -> None:
    connect = sqlite3.connect

    class Faulty(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:  # noqa: ANN401 - the driver's own
            if not sql.startswith(_READS) and fault.now():
                fault.of_sqlite()
            return super().execute(sql, *values)

        def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:  # noqa: ANN401 - the same
            if fault.now():
                fault.of_sqlite()
            whole = list(rows)
            if fault.now():
                super().executemany(sql, whole[: len(whole) // 2])
                fault.of_sqlite()
            return super().executemany(sql, whole)

    def faulty(*args: Any, **more: Any) -> sqlite3.Connection:  # noqa: ANN401 - the same
        return connect(*args, **more, factory=Faulty)

    sqlite3.connect = faulty  # type: ignore[assignment]  # takes what the driver's own takes


def _break_postgresql(fault: _Fault) -> None:
    execute = psycopg.Connection.execute
    pipeline = psycopg.Connection.pipeline

    def faulty(self: Any, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - the driver's own
        if fault.now():
            fault.of_postgresql()
        cursor = execute(self, *args, **more)
        if fault.now():  # before anybody hears of it
            fault.of_postgresql()
        return cursor

    @contextmanager
    def committing(self: Any) -> Iterator[Any]:  # noqa: ANN401 - the same
        with pipeline(self) as opened:
            yield opened
            if fault.now():  # before the end, which commits
                fault.of_postgresql()
        if fault.now():  # after it, before anybody hears of it
            fault.of_postgresql()

    psycopg.Connection.execute = faulty  # type: ignore[method-assign]  # in a process of its own
    psycopg.Connection.pipeline = committing  # type: ignore[method-assign]  # the same
