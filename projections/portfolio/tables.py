"""What the tables of the portfolio share: where they are, how they are called, how they are made.

Their names contain the number of their shape. A program of another shape makes its own next to them
and drops the older ones, so that nobody ever reads a table that means something else.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    SmallInteger,
    Table,
    Text,
    inspect,
    text,
)

from ledger.store import TablesNotMade
from migrations import PROJECTIONS, grant_to_all
from projections.portfolio import FAMILY, table_name

METADATA: Final = MetaData(schema=PROJECTIONS)

WORDS: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared by its bytes, as SQLite does; a locale would compare it otherwise."""

LIFE: Final = "life"
"""The column that states which fold of its case a row comes from."""

OPEN: Final = "~"
"""The end of what still holds: after every day and every instant."""


def table(name: str, *columns: Column[Any]) -> Table:
    """A table of the portfolio. On SQLite its rows are in the order of its key."""
    return Table(table_name(name), METADATA, *columns, sqlite_with_rowid=False)


def key(name: str) -> Column[str]:
    """A column of the primary key."""
    return Column(name, WORDS, primary_key=True)


def place(name: str) -> Column[int]:
    """A number that is part of the primary key."""
    return Column(name, Integer, primary_key=True, autoincrement=False)


def life_number(*, unique: bool = False) -> Column[int]:
    """Which life a row is of: a number given once, each time that a case is folded."""
    # The whole numbers of 32 bits could run out on a server, where each event folds its case again.
    if unique:
        return Column(LIFE, BigInteger, unique=True, nullable=False)
    return Column(LIFE, BigInteger, primary_key=True, autoincrement=False)


def words(name: str) -> Column[str]:
    """A column of text. A decimal is also text: with its digits, and never added up by SQL."""
    return Column(name, WORDS, nullable=False)


def optional_text(name: str) -> Column[str | None]:
    """A column of text that may be missing."""
    return Column(name, WORDS)


def count(name: str) -> Column[int]:
    """A column of whole numbers."""
    return Column(name, Integer, nullable=False)


def maybe_count(name: str) -> Column[int | None]:
    """A column of whole numbers, of any size, that may be missing."""
    return Column(name, BigInteger)


def large_count(name: str) -> Column[int]:
    """A column of whole numbers beyond 32 bits."""
    return Column(name, BigInteger, nullable=False)


def yes_no(name: str) -> Column[int]:
    """A column of 1 and 0, which both databases hold alike."""
    return Column(name, SmallInteger, nullable=False)


_MAY_MAKE: Final = text("SELECT has_schema_privilege(:schema, 'CREATE')")

STATE: Final = table(
    "state",
    key("one"),
    large_count("position"),
    words("leaf"),
    maybe_count("coming"),
    words("coming_leaf"),
    yes_no("anew"),
    large_count("began"),
    large_count("lives"),
)
"""One row: how many events of the log have been taken up, and the hash of the last one's leaf.

`coming` and `coming_leaf` are the same of the draft that is being made, and `coming` is null where
there is none; `anew` states whether it is of all cases. `lives` is the last number given to one,
and `began` what that was when the draft began.
"""


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
    connection.execute(
        STATE.insert().values(
            one="portfolio", position=0, leaf="", coming_leaf="", anew=0, began=0, lives=0
        )
    )
    if on_server:
        grant_to_all(connection)


def fetch_rows(connection: Connection, wanted: Select[Any]) -> list[dict[str, Any]]:
    """The rows of a query by the names of their columns."""
    found = connection.execute(wanted)
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]
