"""On a PostgreSQL server the owner's functions write, and nobody has rights on the tables."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS = (
    # The account that a role acts as, and how that is proven; of the program's role neither.
    (
        "CREATE TABLE public.database_roles ("
        'role text COLLATE "C" PRIMARY KEY, account text COLLATE "C", through text COLLATE "C", '
        "CONSTRAINT database_roles_of_persons_name_them"
        " CHECK ((account IS NOT NULL) = (through IS NOT DISTINCT FROM 'database-role')))"
    ),
    (
        "CREATE FUNCTION public.database_roles_refuse() RETURNS trigger LANGUAGE plpgsql"
        " SET search_path = pg_catalog, pg_temp AS $$ BEGIN RAISE EXCEPTION"
        " 'database_roles 只增不改，不可修改或删除"
        " / database_roles only grows: rows are never changed or deleted'; END $$"
    ),
    (
        "CREATE TRIGGER database_roles_refuse BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON public.database_roles FOR EACH STATEMENT"
        " EXECUTE FUNCTION public.database_roles_refuse()"
    ),
    "GRANT SELECT ON public.database_roles TO PUBLIC",  # anyone who may connect may verify
    # Who appended each event, as the server knows it. Nobody knows it of those that are there.
    'ALTER TABLE public.events ADD COLUMN written_by text COLLATE "C"',
    "ALTER TABLE public.events ALTER COLUMN written_by SET DEFAULT session_user",
    "ALTER FUNCTION public.seal(boolean, bigint) SECURITY DEFINER",
    (
        "ALTER FUNCTION public.append_on(text[], bigint[], text[], bytea[], bigint, text, bigint)"
        " SECURITY DEFINER"
    ),
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    # Anything left in there would be run by the next reader or writer.
    "DROP SCHEMA IF EXISTS projections CASCADE",
    "CREATE SCHEMA projections",
)


def upgrade() -> None:
    """Say who the roles are, and with each event who it was; let functions do what roles did."""
    if op.get_context().dialect.name != "postgresql":
        return
    for statement in STATEMENTS:
        op.execute(statement)
    functions = Path(__file__).with_name("0007_owners_functions.sql").read_text("utf-8")
    for function in functions.split("$$;\n")[:-1]:  # the driver takes one statement at a time
        op.execute(f"{function}$$")
