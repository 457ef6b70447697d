"""On PostgreSQL a role that is admitted leaves no junk that would hinder others."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Ask of what is kept next to the record, and of what is appended, that it belongs there."""
    if op.get_context().dialect.name != "postgresql":
        return
    functions = Path(__file__).with_name("0009_what_is_kept.sql").read_text("utf-8")
    for function in functions.split("$$;\n")[:-1]:  # the driver takes one statement at a time
        op.execute(f"{function}$$".replace(":", "\\:"))
