"""The register may hold interests and what accounts are of one person; no other stream may."""

from importlib import import_module

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

before = import_module("migrations.versions.0011_keys_of_authors")
OF_THE_REGISTER = (*before.OF_THE_REGISTER, "ConflictDeclared", "ConflictEnded", "AccountsLinked")


def upgrade() -> None:
    """Guard the table of events by three more names, in the same transaction."""
    guard_events(OF_THE_REGISTER, before.OF_A_RUBRIC)


def guard_events(of_the_register: tuple[str, ...], of_a_rubric: tuple[str, ...]) -> None:
    """Let the register and the rubrics hold these types of events only, and cases none of them.

    In a file the names are compared one by one: of a list, SQLite makes a table for every event.
    """
    on_server = op.get_context().dialect.name == "postgresql"
    stream, kind = ("case_id", "type") if on_server else ("NEW.case_id", "NEW.type")
    register, rubric = (
        " OR ".join(f"{kind} = '{name}'" for name in names)
        for names in (of_the_register, of_a_rubric)
    )
    belongs = (
        f"CASE WHEN {stream} = 'register:accounts' THEN {register}"
        f" WHEN substr({stream}, 1, 7) = 'rubric:' THEN {rubric}"
        f" ELSE NOT ({register} OR {rubric}) END"
    )
    if on_server:
        op.execute("ALTER TABLE public.events DROP CONSTRAINT IF EXISTS events_of_their_stream")
        # Not valid for what is there already, of which nothing can be removed.
        op.execute(
            "ALTER TABLE public.events ADD CONSTRAINT events_of_their_stream"
            f" CHECK ({belongs}) NOT VALID"
        )
        return
    op.execute("DROP TRIGGER IF EXISTS events_refuse_foreign")
    op.execute(
        "CREATE TRIGGER events_refuse_foreign BEFORE INSERT ON events"
        f" WHEN NOT ({belongs}) BEGIN"
        " SELECT RAISE(ABORT, '事件不属于这种流 / the event is of another kind of stream'); END"
    )
