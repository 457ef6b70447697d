"""message-db: a table and functions on a PostgreSQL server, called through psycopg."""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

import psycopg

from bench.limit import Row, fold
from bench.peers.places import NODE

NAME: Final = "message-db 1.3.1"
ON_SQLITE: Final = False
ON_POSTGRES: Final = True

FILES: Final = NODE / "postgresql/node_modules/@eventide/message-db/database"
# In the order of its own script. Its extension pgcrypto is left out: what it wants of that is the
# server's own since PostgreSQL 13.
INSTALLED: Final = (
    "roles/message-store",
    "schema/message-store",
    "tables/messages",
    "types/message",
    "functions/hash-64",
    "functions/acquire-lock",
    "functions/category",
    "functions/is-category",
    "functions/id",
    "functions/cardinal-id",
    "functions/stream-version",
    "functions/write-message",
    "functions/get-stream-messages",
    "indexes/messages-id",
    "indexes/messages-stream",
    "indexes/messages-category",
)
_WRITE: Final = "SELECT write_message(%s, %s, %s, %s::jsonb, NULL, %s)"
_READ: Final = "SELECT data FROM get_stream_messages(%s, 0, -1)"


class Peer:
    """A connection to a database that has its functions."""

    def __init__(self, target: str) -> None:
        self._connection = psycopg.connect(
            target, autocommit=True, options="-c search_path=message_store,public"
        )
        for name in INSTALLED:
            self._connection.execute((FILES / f"{name}.sql").read_bytes())

    def append(self, row: Row) -> None:
        """Write one message to a stream that is not there yet."""
        self._connection.execute(_WRITE, _values(row), prepare=True)

    def append_all(self, rows: Sequence[Row]) -> None:
        """Write the messages of a stream in one transaction, a call each, in one pipeline."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(_WRITE, [_values(row) for row in rows])

    def replay(self, case_id: str) -> dict[str, str]:
        """The last score of every indicator."""
        rows = self._connection.execute(_READ, (_stream(case_id),), prepare=True)
        return fold([data.encode() for (data,) in rows])

    def close(self) -> None:
        """Let go of the server."""
        self._connection.close()


def _stream(case_id: str) -> str:
    """A name without a hyphen would be that of a category."""
    return f"review-{case_id}"


def _values(row: Row) -> tuple[object, ...]:
    case_id, version, type_, entry = row
    return (str(uuid4()), _stream(case_id), type_, entry.decode(), version - 2)
