"""The ledger's tables and triggers, revision by revision. Projections are never migrated.

It works from an installed wheel: there is no alembic.ini, the settings are made here. Alembic takes
long to import, so only the functions that migrate do so.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    # Reading a ledger in a file takes less time than importing SQLAlchemy, which it does without.
    from sqlalchemy import Connection

HEAD: Final = "0020"
"""The revision that this program reads and writes. Revisions are numbered, so they compare."""

RIGHTS: Final = {
    "events": "SELECT",
    "leaves": "SELECT",
    "tiles": "SELECT",
    "log_state": "SELECT",
    "checkpoints": "SELECT",
    "cosignatures": "SELECT",
    "stamps": "SELECT",
    "snapshots": "SELECT, INSERT",
    "tracking": "SELECT, INSERT, UPDATE",
    "database_roles": "SELECT",
    "scoretrail_schema": "SELECT",
}
"""What a role of PostgreSQL that is admitted may do with the tables: read the record, no more."""

FUNCTIONS: Final = {
    "append": "text[], bigint[], text[], bytea[]",
    "append_and_seal": "text[], bigint[], text[], bytea[], bigint, text, bigint",
    "seal": "boolean, bigint",
    "seal_last": "bigint",
    "move_on": "xid8",
    "keep_checkpoint": "bigint, bytea, bytea, text",
    "keep_cosignature": "bigint, text",
    "keep_stamp": "bytea, bytea, bytea",
    "take_turn": "",
}
"""What it may have done by the owner's functions, with the types of what they take."""

PROJECTIONS: Final = "projections"
"""The schema on PostgreSQL of the tables of projections: their owner's, with rows of anybody's."""

STRUCTURE: Final = Path(__file__).parent / "structure"
"""What the tables are made of, for each kind of database: `python -m tests.support.structure`."""

TABLE: Final = "scoretrail_schema"
"""The table that holds the revision. Its name is what makes a database a ledger."""


def structure(dialect: str) -> dict[str, str]:
    """Every part of a ledger's tables, by its kind and name, as all migrations together make it.

    Args:
        dialect: `sqlite` or `postgresql`.
    """
    import json  # noqa: PLC0415 - for a ledger that is made, or looked at closely

    parts: dict[str, str] = json.loads(STRUCTURE.joinpath(f"{dialect}.json").read_text("utf-8"))
    return parts


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

    on_server = connection.dialect.name == "postgresql"
    if on_server:  # of two who make a ledger at once, one waits here and then fails
        connection.exec_driver_sql(
            f"CREATE TABLE IF NOT EXISTS public.{TABLE} (version_num varchar(32) NOT NULL,"
            f" CONSTRAINT {TABLE}_pkc PRIMARY KEY (version_num))"
        )
        # Or where it has just been made: rights are changed by one at a time.
        connection.exec_driver_sql(f"LOCK TABLE public.{TABLE} IN SHARE UPDATE EXCLUSIVE MODE")
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    command.upgrade(config, "head")
    if on_server:
        grant_to_all(connection)


def revision(connection: "Connection") -> str | None:
    """The revision a database is at, or `None` where there is no ledger in it."""
    from sqlalchemy import inspect  # noqa: PLC0415 - the same

    if not inspect(connection).has_table(TABLE):
        return None
    number = connection.exec_driver_sql(f"SELECT version_num FROM {TABLE}").scalar()  # noqa: S608 - a constant
    return None if number is None else str(number)


def admit(
    connection: "Connection",
    role: str,
    secret: str | None,
    account: str | None = None,
    through: str | None = None,
) -> tuple[str | None, str | None]:
    """Let a role of PostgreSQL into the ledger, inside the transaction that the caller began.

    Args:
        connection: of the tables' owner, who may make roles.
        role: its name.
        secret: what the server is to keep of the password of a new role; `None` for one that is.
        account: whom it is to act as; anybody where it is not given.
        through: how that is proven; unproven where it is not given.

    Returns:
        The account and the way that it is registered with: others, where it was before.
    """
    quote = connection.dialect.identifier_preparer.quote
    if secret is not None:
        connection.exec_driver_sql(f"CREATE ROLE {quote(role)} LOGIN PASSWORD '{secret}'")
    connection.exec_driver_sql(
        "INSERT INTO public.database_roles VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (role, account, through),
    )
    grant_to_all(connection)
    connection.exec_driver_sql(
        f"REVOKE CONNECT, TEMPORARY ON DATABASE {quote(_database(connection))} FROM PUBLIC"
    )
    registered = connection.exec_driver_sql(
        "SELECT account, through FROM public.database_roles WHERE role = %s", (role,)
    ).one()
    return registered.account, registered.through


def grant_to_all(connection: "Connection") -> None:
    """Give all roles that are admitted, and nobody else, what they need of what there is now.

    What everybody may do by default is taken away each time: a dump that was restored without its
    rights has it again.
    """
    quote = connection.dialect.identifier_preparer.quote
    connection.exec_driver_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    for function in connection.exec_driver_sql(_FUNCTIONS).scalars().all():
        connection.exec_driver_sql(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    connection.exec_driver_sql("GRANT SELECT ON public.database_roles TO PUBLIC")
    registered = connection.exec_driver_sql(
        "SELECT role FROM public.database_roles JOIN pg_roles ON rolname = role"
    )
    names = ", ".join(map(quote, registered.scalars()))
    if not names:
        return
    for right in (
        f"CONNECT ON DATABASE {quote(_database(connection))}",
        f"USAGE ON SCHEMA public, {PROJECTIONS}",
        f"SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {PROJECTIONS}",
        *(f"{rights} ON public.{table}" for table, rights in RIGHTS.items()),
        *(f"EXECUTE ON FUNCTION public.{name}({types})" for name, types in FUNCTIONS.items()),
    ):
        connection.exec_driver_sql(f"GRANT {right} TO {names}")


_FUNCTIONS: Final = (
    "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"
)
"""The functions next to the tables, except for those of an extension."""


def _database(connection: "Connection") -> str:
    return str(connection.exec_driver_sql("SELECT current_database()").scalar())
