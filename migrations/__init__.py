"""The ledger's tables and triggers, revision by revision. Projections are never migrated.

It works from an installed wheel: there is no alembic.ini, the settings are made here. Alembic takes
long to import, so only the functions that migrate do so.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, create_engine, inspect

HEAD: Final = "0001"
"""The revision that this program reads and writes. Revisions are numbered, so they compare."""

TABLE: Final = "scoretrail_schema"
"""The table that holds the revision. Its name is what makes a database a ledger."""


def migrate(url: str) -> None:
    """Bring a database to this program's revision; nothing happens when it is there already.

    Args:
        url: of the database, as SQLAlchemy writes it: `sqlite:////srv/ledger.db`.

    Raises:
        sqlalchemy.exc.DBAPIError: the database cannot be reached or refuses; nothing was changed.
    """
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    begin = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN"
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(begin)
            upgrade(connection)
            connection.exec_driver_sql("COMMIT")
    finally:
        engine.dispose()  # an open transaction ends with its connection, undone


def upgrade(connection: Connection) -> None:
    """Bring a database to this program's revision inside the transaction that the caller began."""
    from alembic import command  # noqa: PLC0415 - slow to import, and seldom needed
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """The revision a database is at, or `None` where there is no ledger in it."""
    if not inspect(connection).has_table(TABLE):
        return None
    found = connection.exec_driver_sql(f"SELECT version_num FROM {TABLE}").scalar()  # noqa: S608 - a constant
    return None if found is None else str(found)


def is_current(connection: Connection) -> bool:
    """Whether this program can read and write the database as it is."""
    return revision(connection) == HEAD
