"""A PostgreSQL server seals by functions of its own; on SQLite the program does."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the functions."""
    if op.get_context().dialect.name != "postgresql":
        return
    functions = Path(__file__).with_name("0003_seal.sql").read_text("utf-8")
    for function in functions.split("$$;\n")[:-1]:  # the driver takes one statement at a time
        op.execute(f"{function}$$")
