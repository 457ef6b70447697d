"""What the web face keeps beside the ledger (网页库): logins, sessions, drafts, who looked at what.

Nothing here is evidence, and nothing of it is ever copied into the ledger. On SQLite it is a file
of its own, on PostgreSQL a schema of its own. Instants are texts in UTC, as in the ledger.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
)

METADATA: Final = MetaData()


def _text(name: str, *, key: bool = False, empty: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=empty)


LOGINS: Final = Table(
    "logins",
    METADATA,
    _text("account", key=True),
    _text("password"),  # argon2id, never the password
    Column("initial", Boolean, nullable=False),  # to be changed at the first login
    Column("disabled", Boolean, nullable=False),
    _text("language", empty=True),
)
FAILURES: Final = Table(
    "failures",
    METADATA,
    _text("account", key=True),  # as it was typed: of an account that there is not, too
    Column("count", Integer, nullable=False),
    _text("locked_until", empty=True),
)
SESSIONS: Final = Table(
    "sessions",
    METADATA,
    _text("token_sha256", key=True),  # whoever reads this table cannot log in with it
    _text("account"),
    _text("began_at"),
    _text("seen_at"),
    _text("proven_at"),  # when the password was last given
    _text("agent"),
)
DRAFTS: Final = Table(
    "drafts",
    METADATA,
    _text("account", key=True),
    _text("form", key=True),  # its address
    _text("fields"),  # JSON: names and texts
    _text("saved_at"),
)
ACCESSES: Final = Table(
    "accesses",
    METADATA,
    Column("number", Integer, primary_key=True),
    _text("at"),
    _text("account"),
    _text("case_id"),
    _text("page"),
)


class WebTables:
    """The tables, in the file or the schema that belongs to a ledger."""

    def __init__(self, target: str) -> None:
        """Open them, and make what is not there.

        Args:
            target: the ledger that they lie beside: a file or a `postgresql://` URL.
        """
        self._engine = _engine(target)
        METADATA.create_all(self._engine)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing; committed at the end."""
        with self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()


def _engine(target: str) -> Engine:
    if "://" in target:
        engine = create_engine(
            target.replace("postgresql://", "postgresql+psycopg://", 1),
            execution_options={"schema_translate_map": {None: "web"}},
        )
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS web")
        return engine
    path = Path(f"{target}.web")
    path.touch(mode=0o600)
    engine = create_engine(f"sqlite:///{path.absolute()}")
    event.listen(engine, "connect", _as_we_want_it)
    return engine


def _as_we_want_it(connection: Any, _record: object) -> None:  # noqa: ANN401 - of the driver
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")
