"""On PostgreSQL, cosignatures of ML-DSA-44 fit in as well.

Their lines have some 3,300 characters, and no entry of a B-tree holds more than 2,704 bytes. An
index of hashes has any line once below a checkpoint, compared in full; a file takes them as it is.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep lines apart by an index of hashes."""
    if op.get_context().dialect.name != "postgresql":
        return
    op.execute("ALTER TABLE public.cosignatures DROP CONSTRAINT cosignatures_pkey")
    op.execute(
        "ALTER TABLE public.cosignatures ADD CONSTRAINT cosignatures_once"
        " EXCLUDE USING hash ((CAST(size AS text) || line) WITH =)"
    )
