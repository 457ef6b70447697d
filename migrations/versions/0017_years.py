"""A ledger is frozen at the end of its year: behind that entry the database takes no other.

The register may hold the freeze, what the ledger goes on from, and what is carried over.
"""

from importlib import import_module

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

keys = import_module("migrations.versions.0011_keys_of_authors")
guard = import_module("migrations.versions.0013_interests")
before = import_module("migrations.versions.0015_notices")
OF_THE_REGISTER = (
    *before.OF_THE_REGISTER,
    "LedgerFrozen",
    "PredecessorNamed",
    "AccountCarriedOver",
)
FROZEN = "记录库已冻结 / the ledger is frozen"

# Almost always empty, so that looking for a freeze costs next to nothing.
INDEX = "CREATE INDEX events_frozen ON {} (type) WHERE type = 'LedgerFrozen'"

# Who froze waits for those who are still appending, and takes an id behind theirs: so it is the
# last entry of the log. Who comes later waits for it, and then sees it.
FUNCTION = f"""
CREATE FUNCTION public.events_refuse_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.type = 'LedgerFrozen' THEN
    LOCK TABLE public.events IN SHARE ROW EXCLUSIVE MODE;
    NEW.id := nextval(pg_get_serial_sequence('public.events', 'id'));
  END IF;
  IF EXISTS (SELECT FROM public.events WHERE type = 'LedgerFrozen') THEN
    RAISE EXCEPTION '{FROZEN}';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Guard the table of events by three more names, and by the freeze."""
    guard.guard_events(OF_THE_REGISTER, keys.OF_A_RUBRIC)
    if op.get_context().dialect.name == "postgresql":
        op.execute(INDEX.format("public.events"))
        op.execute(FUNCTION.replace(":", "\\:"))
        op.execute(
            "CREATE TRIGGER events_refuse_frozen BEFORE INSERT ON public.events"
            " FOR EACH ROW EXECUTE FUNCTION public.events_refuse_frozen()"
        )
        return
    op.execute(INDEX.format("events"))
    op.execute(
        "CREATE TRIGGER events_refuse_frozen BEFORE INSERT ON events"  # noqa: S608 - constants
        " WHEN EXISTS (SELECT 1 FROM events WHERE type = 'LedgerFrozen') BEGIN"
        f" SELECT RAISE(ABORT, '{FROZEN}'); END"
    )
