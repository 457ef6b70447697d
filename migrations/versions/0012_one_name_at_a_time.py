"""In a file, the guard of the events compares names one by one.

Of a list, SQLite makes a table for every event that is written: a quarter of an import.
"""

from importlib import import_module

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

names = import_module("migrations.versions.0011_keys_of_authors")


def upgrade() -> None:
    """Word the condition of the trigger otherwise; it refuses the same."""
    if op.get_context().dialect.name == "postgresql":
        return
    register, rubric = (
        " OR ".join(f"NEW.type = '{name}'" for name in each)
        for each in (names.OF_THE_REGISTER, names.OF_A_RUBRIC)
    )
    op.execute("DROP TRIGGER IF EXISTS events_refuse_foreign")
    op.execute(
        "CREATE TRIGGER events_refuse_foreign BEFORE INSERT ON events"
        f" WHEN NOT (CASE WHEN NEW.case_id = 'register:accounts' THEN {register}"
        f" WHEN substr(NEW.case_id, 1, 7) = 'rubric:' THEN {rubric}"
        f" ELSE NOT ({register} OR {rubric}) END) BEGIN"
        " SELECT RAISE(ABORT, '事件不属于这种流 / the event is of another kind of stream'); END"
    )
