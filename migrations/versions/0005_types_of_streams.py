"""Types of events belong to kinds of streams: the database lets no other in.

The register holds what happens to accounts and to the ledger, a stream of a rubric its editions,
and no other stream any of these. What else a case may contain is for the program to decide: other
applications keep streams of their own in the same table. What is there already stays; verification
names it.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OF_THE_REGISTER = (
    "AccountOpened",
    "RoleGranted",
    "RoleRevoked",
    "EntriesMerged",
    "EntrySetAside",
)
OF_A_RUBRIC = ("RubricPublished", "RubricSuperseded")


def upgrade() -> None:
    """Guard the table of events."""
    if op.get_context().dialect.name == "postgresql":
        # Not valid for what is there already, of which nothing can be removed.
        op.execute(
            "ALTER TABLE public.events ADD CONSTRAINT events_of_their_stream"
            f" CHECK ({belongs('case_id', 'type')}) NOT VALID"
        )
        return
    op.execute(
        "CREATE TRIGGER events_refuse_foreign BEFORE INSERT ON events"
        f" WHEN NOT ({belongs('NEW.case_id', 'NEW.type')}) BEGIN"
        " SELECT RAISE(ABORT, '事件不属于这种流 / the event is of another kind of stream'); END"
    )


def belongs(stream: str, kind: str) -> str:
    """The condition under which a stream may contain an event, in SQL."""
    register, rubric = (
        ", ".join(f"'{name}'" for name in names) for names in (OF_THE_REGISTER, OF_A_RUBRIC)
    )
    return (
        f"CASE WHEN {stream} = 'register:accounts' THEN {kind} IN ({register})"
        f" WHEN substr({stream}, 1, 7) = 'rubric:' THEN {kind} IN ({rubric})"
        f" ELSE {kind} NOT IN ({register}, {rubric}) END"
    )
