"""The register may hold the rankings of years; no other stream may."""

from importlib import import_module

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

keys = import_module("migrations.versions.0011_keys_of_authors")
before = import_module("migrations.versions.0013_interests")
OF_THE_REGISTER = (*before.OF_THE_REGISTER, "RankingRecorded")


def upgrade() -> None:
    """Guard the table of events by one more name, in the same transaction."""
    before.guard_events(OF_THE_REGISTER, keys.OF_A_RUBRIC)
