"""The ledger's tables and triggers, revision by revision. Projections are never migrated.

It works from an installed wheel: there is no alembic.ini, the settings are made here. Alembic takes
long to import, so only the functions that migrate do so.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    # Reading a ledger in a file takes less time than importing SQLAlchemy, which it does without.
    from sqlalchemy import Connection

HEAD: Final = "0006"
"""The revision that this program reads and writes. Revisions are numbered, so they compare."""

RIGHTS: Final = {
    "events": "SELECT, INSERT (case_id, version, type, entry)",  # neither the id nor `tx`
    "leaves": "SELECT, INSERT",
    "tiles": "SELECT, INSERT",
    "log_state": "SELECT, UPDATE",
    "checkpoints": "SELECT, INSERT",
    "cosignatures": "SELECT, INSERT",
    "stamps": "SELECT, INSERT",
    "snapshots": "SELECT, INSERT",
    "tracking": "SELECT, INSERT, UPDATE",
    "scoretrail_schema": "SELECT",
}
"""What a role that the program runs as may do on PostgreSQL: the record it can add to, only."""

PROJECTIONS: Final = "projections"
"""The schema on PostgreSQL in which such a role may make and drop tables: those of projections."""

STRUCTURE: Final = Path(__file__).parent / "structure"
"""What the tables are made of, for each kind of database: `python -m tests.support.structure`."""

TABLE: Final = "scoretrail_schema"
"""The table that holds the revision. Its name is what makes a database a ledger."""


def structure(dialect: str) -> dict[str, str]:
    """Every part of a ledger's tables, by its kind and name, as all migrations together make it.

    Args:
        dialect: `sqlite` or `postgresql`.
    """
    found: dict[str, str] = json.loads(STRUCTURE.joinpath(f"{dialect}.json").read_text("utf-8"))
    return found


def migrate(url: str) -> None:
    """Bring a database to this program's revision; nothing happens when it is there already.

    Args:
        url: of the database, as SQLAlchemy writes it: `sqlite:////srv/ledger.db`,
            `postgresql+psycopg://owner@db/ledger`.

    Raises:
        sqlalchemy.exc.DBAPIError: the database cannot be reached or refuses; nothing was changed.
    """
    from sqlalchemy import create_engine  # noqa: PLC0415 - slow to import, and seldom needed

    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    begin = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN"
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(begin)
            upgrade(connection)
            connection.exec_driver_sql("COMMIT")
    finally:
        engine.dispose()  # an open transaction ends with its connection, undone


def upgrade(connection: "Connection") -> None:
    """Bring a database to this program's revision inside the transaction that the caller began."""
    from alembic import command  # noqa: PLC0415 - slow to import, and seldom needed
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    command.upgrade(config, "head")


def revision(connection: "Connection") -> str | None:
    """The revision a database is at, or `None` where there is no ledger in it."""
    from sqlalchemy import inspect  # noqa: PLC0415 - the same

    if not inspect(connection).has_table(TABLE):
        return None
    found = connection.exec_driver_sql(f"SELECT version_num FROM {TABLE}").scalar()  # noqa: S608 - a constant
    return None if found is None else str(found)


def is_current(connection: "Connection") -> bool:
    """Whether this program can read and write the database as it is."""
    return revision(connection) == HEAD


def admit(connection: "Connection", role: str, secret: str | None) -> None:
    """Let a role of PostgreSQL run the program, inside the transaction that the caller began.

    Args:
        connection: of the tables' owner, who may make roles.
        role: its name.
        secret: what the server is to keep of the password of a new role; `None` for one that is.
    """
    name = connection.dialect.identifier_preparer.quote(role)
    statements = [
        f"CREATE SCHEMA IF NOT EXISTS {PROJECTIONS}",
        f"GRANT USAGE, CREATE ON SCHEMA {PROJECTIONS} TO {name}",
        *(f"GRANT {rights} ON public.{table} TO {name}" for table, rights in RIGHTS.items()),
    ]
    if secret is not None:
        statements.insert(0, f"CREATE ROLE {name} LOGIN PASSWORD '{secret}'")
    for statement in statements:
        connection.exec_driver_sql(statement)
