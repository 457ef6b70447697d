"""What the tables of the portfolio share: where they are, how they are called, how they are made.

Their names contain the number of their shape. A program of another shape makes its own next to them
and drops the older ones, so that nobody ever reads a table that means something else.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    inspect,
    text,
)
from sqlalchemy.types import TypeEngine

from ledger.store import TablesNotMade
from migrations import PROJECTIONS, grant_to_all
from projections.portfolio import FAMILY, table_name

METADATA: Final = MetaData(schema=PROJECTIONS)

WORDS: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared by its bytes, as SQLite does; a locale would compare it otherwise."""

OPEN: Final = "~"
"""The end of what still holds: after every day and every instant."""

Columns = Sequence[Column[Any]]


def table(name: str, *columns: Columns) -> Table:
    """A table of the portfolio. On SQLite its rows are in the order of its key."""
    every = chain.from_iterable(columns)
    return Table(table_name(name), METADATA, *every, sqlite_with_rowid=False)


def _columns(kind: TypeEngine[Any], **more: Any) -> Callable[..., Columns]:  # noqa: ANN401 - as SQLAlchemy takes them
    return lambda *names: [Column(name, kind, **more) for name in names]


key = _columns(WORDS, primary_key=True)
place = _columns(Integer(), primary_key=True, autoincrement=False)
words = _columns(WORDS, nullable=False)
"""Text. A decimal is also text: with its digits, and never added up by SQL."""
optional_words = _columns(WORDS)
count = _columns(Integer(), nullable=False)
large_count = _columns(BigInteger(), nullable=False)
optional_count = _columns(BigInteger())
yes_no = _columns(SmallInteger(), nullable=False)
"""1 and 0, which both databases hold alike."""


def case_key(*, unique: bool = False) -> Columns:
    """The number of its case in these tables, which is shorter than the id."""
    more = {"unique": True, "nullable": False} if unique else {"primary_key": True}
    return _columns(Integer(), autoincrement=False, **more)("case_key")


_MAY_MAKE: Final = text("SELECT has_schema_privilege(:schema, 'CREATE')")

STATE: Final = table("state", key("one"), large_count("position"), words("leaf"))
"""One row: how many events of the log have been taken up, and the hash of the last one's leaf."""

STALE: Final = table("stale", key("case_id"))
"""The cases whose rows are not those of the position yet; while there are any, nothing is read."""


def are_there(connection: Connection) -> bool:
    """Whether the tables of this shape exist, with all their columns; they are rebuilt if not."""
    found = inspect(connection).get_multi_columns(PROJECTIONS)
    return all(
        {*each.columns.keys()}
        <= {column["name"] for column in found.get((PROJECTIONS, each.name), ())}
        for each in METADATA.sorted_tables
    )


def are_left(connection: Connection) -> bool:
    """Whether there is some table of the portfolio, be it of another shape."""
    names = inspect(connection).get_table_names(PROJECTIONS)
    return any(name.startswith(FAMILY) for name in names)


def make(connection: Connection) -> None:
    """Make the tables of this shape where there are none, and drop those of older shapes.

    Raises:
        TablesNotMade: on a server, where the owner of the ledger alone makes them.
    """
    if are_there(connection):
        return
    on_server = connection.dialect.name == "postgresql"
    if on_server and not connection.scalar(_MAY_MAKE, {"schema": PROJECTIONS}):
        raise TablesNotMade
    for name in inspect(connection).get_table_names(PROJECTIONS):
        if name.startswith(FAMILY):
            connection.execute(text(f"DROP TABLE {PROJECTIONS}.{name}"))
    METADATA.create_all(connection)
    connection.execute(STATE.insert().values(one="portfolio", position=0, leaf=""))
    if on_server:
        grant_to_all(connection)
