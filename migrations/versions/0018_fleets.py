"""The register may hold checkpoints of other logs; no other stream may."""

from importlib import import_module

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

keys = import_module("migrations.versions.0011_keys_of_authors")
guard = import_module("migrations.versions.0013_interests")
before = import_module("migrations.versions.0017_years")
OF_THE_REGISTER = (*before.OF_THE_REGISTER, "CheckpointTaken")


def upgrade() -> None:
    """Guard the table of events by one more name, in the same transaction."""
    guard.guard_events(OF_THE_REGISTER, keys.OF_A_RUBRIC)
