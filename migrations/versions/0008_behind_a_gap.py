"""On PostgreSQL an entry behind a gap of a stream that commands depend on hinders nobody."""

from importlib import import_module

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE = "CREATE FUNCTION", "version > upto", "LANGUAGE plpgsql"
AFTER = "CREATE OR REPLACE FUNCTION", "version = upto + 1", "LANGUAGE plpgsql SECURITY DEFINER"


def upgrade() -> None:
    """Ask for the next version of that stream and for no later one; of a file the program does."""
    if op.get_context().dialect.name != "postgresql":
        return
    function: str = import_module("migrations.versions.0006_append_on").FUNCTION
    for before, after in zip(BEFORE, AFTER, strict=True):
        function = function.replace(before, after)
    op.execute(function.replace(":", "\\:"))
