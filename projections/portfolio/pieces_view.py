"""Which cases have which pieces of words: the index of the search.

It is of whole cases, so that it stays small: their texts are looked through where every piece of
the words occurs somewhere in them. The index itself is the database's, made of an ordinary table:
FTS5 where SQLite has it, GIN on a server. Pieces are hexadecimal numbers in it, so that neither has
to know what a word is in Chinese (docs/decisions/2026-11-30-search.md).
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Table, text
from sqlalchemy import event as events

from migrations import PROJECTIONS
from projections.portfolio import PIECES_INDEX
from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import case_key, table, words
from projections.searched_texts import in_index, pieces

PIECES: Final = table("pieces", case_key(), words("pieces"))
"""One row per case: its pieces, with spaces between them."""

_OF_ANY_SHAPE: Final = text(
    f"SELECT name FROM {PROJECTIONS}.sqlite_master"  # noqa: S608 - the same
    " WHERE name GLOB 'search_*' AND sql LIKE 'CREATE VIRTUAL TABLE %'"
)
_HAS_FTS5: Final = text("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'")
_OF_POSTGRESQL: Final = (
    f"CREATE INDEX {PIECES.name}_by_piece ON {PIECES.fullname}"
    " USING gin (array_to_tsvector(string_to_array(pieces, ' ')))"
)
_OF_SQLITE: Final = f"""
CREATE VIRTUAL TABLE {PROJECTIONS}.{PIECES_INDEX} USING fts5(
    pieces, content='{PIECES.name}', content_rowid='case_key', detail='none', tokenize='ascii');

CREATE TRIGGER {PROJECTIONS}.{PIECES_INDEX}_more AFTER INSERT ON {PIECES.name} BEGIN
    INSERT INTO {PIECES_INDEX} (rowid, pieces) VALUES (new.case_key, new.pieces);
END;

CREATE TRIGGER {PROJECTIONS}.{PIECES_INDEX}_less AFTER DELETE ON {PIECES.name} BEGIN
    INSERT INTO {PIECES_INDEX} ({PIECES_INDEX}, rowid, pieces)
    VALUES ('delete', old.case_key, old.pieces);
END
"""  # noqa: S608 - names of ours


@events.listens_for(PIECES, "after_create")
def _index(_: Table, connection: Connection, **__: Any) -> None:  # noqa: ANN401 - as it is called
    """Make the index, which keeps up with its table by itself.

    As a statement: an `Index` of SQLAlchemy for PostgreSQL imports that dialect with its drivers.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_OF_POSTGRESQL)
    if connection.dialect.name == "sqlite" and connection.scalar(_HAS_FTS5):
        for name in connection.execute(_OF_ANY_SHAPE).scalars().all():
            connection.exec_driver_sql(f"DROP TABLE {PROJECTIONS}.{name}")
        for statement in _OF_SQLITE.split("\n\n"):
            connection.exec_driver_sql(statement)


def rows(folded: FoldedCase) -> Iterator[ViewRow]:
    """The pieces of a case, once it is opened."""
    if folded.case.opened is None:
        return
    yield (" ".join(sorted(map(in_index, pieces({text.compared for text in folded.texts})))),)
