"""The limit: one table, hand-tuned, durable; nothing is hashed, nothing is ordered for others."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
import psycopg

_INSERT: Final = "INSERT INTO events (case_id, version, type, entry) VALUES (?, ?, ?, ?)"
_CASE: Final = "SELECT entry FROM events WHERE case_id = ? AND version <= ? ORDER BY version"
_LOG: Final = "SELECT entry FROM events ORDER BY id"
LAST: Final = 2**31


Row = tuple[str, int, str, bytes]
"""Case, version, type and entry, as our store takes them. This module stands without it."""


_decode = msgspec.json.Decoder().decode  # all that is stored, as a replay that shows it needs it


def fold(entries: Sequence[bytes]) -> dict[str, str]:
    """The least that can be called a replay: the last score of every indicator."""
    scores = {}
    for entry in entries:
        data = _decode(entry)["data"]
        score = data.get("award") or data.get("score")
        if score:
            scores[data.get("indicator", "")] = score
    return scores


class Raw(Protocol):
    """A table of events."""

    def append(self, row: Row) -> None:
        """Insert one row, durably."""

    def append_all(self, rows: Sequence[Row]) -> None:
        """Insert rows in one durable transaction, in the fastest way that there is."""

    def read(self, case_id: str, upto: int = LAST) -> list[bytes]:
        """The entries of a case in order."""

    def log(self) -> Iterator[bytes]:
        """All entries in the order of writing."""


class RawSqlite:
    """In a file."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE events (id INTEGER PRIMARY KEY, case_id TEXT NOT NULL,"
            " version INTEGER NOT NULL, type TEXT NOT NULL, entry BLOB NOT NULL,"
            " UNIQUE (case_id, version));"
        )

    def append(self, row: Row) -> None:
        """Insert one row, durably."""
        self._connection.execute(_INSERT, row)

    def append_all(self, rows: Sequence[Row]) -> None:
        """Insert rows in one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(_INSERT, rows)
        self._connection.execute("COMMIT")

    def read(self, case_id: str, upto: int = LAST) -> list[bytes]:
        """The entries of a case in order."""
        return [entry for (entry,) in self._connection.execute(_CASE, (case_id, upto))]

    def log(self) -> Iterator[bytes]:
        """All entries in the order of writing."""
        return (entry for (entry,) in self._connection.execute(_LOG))


class RawPostgres:
    """On a server."""

    def __init__(self, url: str, *, make: bool = True) -> None:
        self._connection: psycopg.Connection[Any] = psycopg.connect(url, autocommit=True)
        if make:
            self._connection.execute(
                "CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                ' case_id text COLLATE "C" NOT NULL, version bigint NOT NULL, type text NOT NULL,'
                " entry bytea NOT NULL, UNIQUE (case_id, version))"
            )

    def append(self, row: Row) -> None:
        """Insert one row, durably."""
        self._connection.execute(_native(_INSERT), row, prepare=True)

    def append_all(self, rows: Sequence[Row]) -> None:
        """Insert rows by COPY."""
        with (
            self._connection.transaction(),
            self._connection.cursor() as cursor,
            cursor.copy(
                "COPY events (case_id, version, type, entry) FROM STDIN (FORMAT BINARY)"
            ) as copy,
        ):
            copy.set_types(["text", "int8", "text", "bytea"])
            for row in rows:
                copy.write_row(row)

    def read(self, case_id: str, upto: int = LAST) -> list[bytes]:
        """The entries of a case in order, as bytes and not as digits."""
        with self._connection.cursor(binary=True) as cursor:
            rows = cursor.execute(_native(_CASE), (case_id, upto), prepare=True)
            return [entry for (entry,) in rows.fetchall()]

    def log(self) -> Iterator[bytes]:
        """All entries in the order of writing."""
        with (
            self._connection.transaction(),
            self._connection.cursor("log", binary=True) as cursor,
        ):
            cursor.itersize = 1_000
            yield from (entry for (entry,) in cursor.execute(_LOG))


def _native(statement: str) -> bytes:
    return statement.replace("?", "%s").encode()
