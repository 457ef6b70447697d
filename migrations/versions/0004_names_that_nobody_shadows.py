"""The functions of a PostgreSQL server again: with names that no setting of anybody can shadow."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = (
    "append(text[], bigint[], text[], bytea[], bigint)",
    "seal(boolean, bigint)",
    "seal_last(bigint)",
    "place(log_state, bigint[], bytea[])",
    "keep_tile(bigint, bigint, bytea)",
)


def upgrade() -> None:
    """Make the functions in place of those that there were, and say what the guards run."""
    if op.get_context().dialect.name != "postgresql":
        return
    for function in BEFORE:
        op.execute(f"DROP FUNCTION public.{function}")
    for table in ("events", "leaves"):
        op.execute(f"ALTER FUNCTION public.{table}_refuse() SET search_path = pg_catalog, pg_temp")
    # Transactions that had not ended when the log was last sealed, below the horizon.
    op.execute("ALTER TABLE public.log_state ADD COLUMN unended xid8[] NOT NULL DEFAULT '{}'")
    functions = Path(__file__).with_name("0004_seal.sql").read_text("utf-8")
    for function in functions.split("$$;\n")[:-1]:  # the driver takes one statement at a time
        op.execute(f"{function}$$")
