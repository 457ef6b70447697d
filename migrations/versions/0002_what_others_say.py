"""What others say of a checkpoint: cosignatures that came back, and time stamps."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DIGEST_FITS = "length(digest) = 32"


def upgrade() -> None:
    """Make both tables, empty."""
    op.create_table(
        "cosignatures",
        sa.Column("size", KEY, primary_key=True, autoincrement=False),
        sa.Column("line", sa.Text, primary_key=True),  # of the note, verbatim
        sqlite_strict=True,
    )
    op.create_table(
        "stamps",
        sa.Column("digest", sa.LargeBinary, primary_key=True),  # SHA-256 of the reply
        sa.Column("note", sa.LargeBinary, nullable=False),  # the bytes that were stamped
        sa.Column("reply", sa.LargeBinary, nullable=False),  # of the authority, verbatim
        sa.CheckConstraint(DIGEST_FITS, name="stamps_digest_fits"),
        sqlite_strict=True,
    )
