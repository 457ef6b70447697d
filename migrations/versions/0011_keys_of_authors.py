"""The register may hold the keys of authors and the demand for signatures; no other stream may."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OF_THE_REGISTER = (
    "AccountOpened",
    "RoleGranted",
    "RoleRevoked",
    "TimeZoneSet",
    "AccountKeyEnrolled",
    "AccountKeyCountersigned",
    "AccountKeyRetired",
    "SignaturesDemanded",
    "EntriesMerged",
    "EntrySetAside",
)
OF_A_RUBRIC = ("RubricPublished", "RubricSuperseded")


def upgrade() -> None:
    """Guard the table of events by four more names, in the same transaction."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE public.events DROP CONSTRAINT IF EXISTS events_of_their_stream")
        # Not valid for what is there already, of which nothing can be removed.
        op.execute(
            "ALTER TABLE public.events ADD CONSTRAINT events_of_their_stream"
            f" CHECK ({belongs('case_id', 'type')}) NOT VALID"
        )
        return
    op.execute("DROP TRIGGER IF EXISTS events_refuse_foreign")
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
