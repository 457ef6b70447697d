"""The ledger: events, their places in the log, and what the log needs to prove itself."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite numbers a row by itself only where the column is plainly INTEGER; it holds 64 bits too.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted by their bytes, as SQLite does; a locale would sort them otherwise on every server.
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
APPEND_ONLY = ("events", "leaves")

# The entry bundles of C2SP tlog-tiles give the length of an entry in 16 bits.
ENTRY_FITS = "length(entry) <= 65535"
HASH_FITS = "length(hash) = 32"
TILE_FITS = "length(data) = 8192"
ROOT_FITS = "length(root) = 32"


def upgrade() -> None:
    """Make every table of the ledger, empty, and lock those that only grow."""
    _events()
    _log()
    _library()
    if _is_postgresql():
        _lock_on_postgresql()
    else:
        _lock_on_sqlite()


def _table(name: str, *parts: sa.schema.SchemaItem, **options: bool) -> sa.Table:
    # STRICT: without it SQLite takes text for an entry, and text has no bytes to hash.
    return op.create_table(name, *parts, sqlite_strict=True, **options)


def _events() -> None:
    _table(
        "events",
        sa.Column("id", KEY, sa.Identity(), primary_key=True),
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        # The optimistic lock: of two writers of one version, the second is refused.
        sa.UniqueConstraint("case_id", "version", name="events_one_of_each_version"),
        sa.CheckConstraint("id > 0", name="events_count_from_one"),
        sa.CheckConstraint(ENTRY_FITS, name="events_entry_fits"),
        sqlite_autoincrement=True,
    )


def _of_an_event() -> list[sa.ForeignKey]:
    # PostgreSQL would write a lock into the row of every event that is sealed, to keep it from
    # being deleted meanwhile. Events are never deleted; the trigger and the rights see to that.
    return [] if _is_postgresql() else [sa.ForeignKey("events.id")]


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _log() -> None:
    _table(
        "leaves",
        sa.Column("position", KEY, primary_key=True, autoincrement=False),
        sa.Column("event_id", KEY, *_of_an_event(), nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("event_id", name="leaves_one_for_each_event"),
        sa.CheckConstraint("position >= 0", name="leaves_count_from_zero"),
        sa.CheckConstraint(HASH_FITS, name="leaves_hash_fits"),
    )
    _table(
        "tiles",  # full ones only: a partial tile is made from the leaves when it is asked for
        sa.Column("level", KEY, primary_key=True, autoincrement=False),
        sa.Column("number", KEY, primary_key=True, autoincrement=False),
        # The tile's hash at the level above. Before the data, so that it is read without them.
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.CheckConstraint(ROOT_FITS, name="tiles_root_fits"),
        sa.CheckConstraint(TILE_FITS, name="tiles_are_full"),
    )
    log_state = _table(
        "log_state",
        sa.Column("one", KEY, primary_key=True, autoincrement=False),
        sa.Column("size", KEY, nullable=False),  # how many events have a place
        sa.Column("frontier", sa.LargeBinary, nullable=False),  # hashes of the full subtrees
        # Where to look for events without a place: on SQLite above this event id, on PostgreSQL
        # from this transaction id on, which counts within `cluster` (its system identifier) only.
        sa.Column("horizon", KEY, nullable=False),
        sa.Column("cluster", sa.Text),
        sa.CheckConstraint("one = 1", name="log_state_is_one_row"),
        sa.CheckConstraint("size >= 0", name="log_state_size_counts"),
    )
    op.bulk_insert(log_state, [{"one": 1, "size": 0, "frontier": b"", "horizon": 0}])
    _table(
        "checkpoints",
        sa.Column("size", KEY, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("note", sa.LargeBinary, nullable=False),  # the signed note, verbatim
        sa.Column("signed_at", sa.Text, nullable=False),  # an instant
        sa.CheckConstraint(ROOT_FITS, name="checkpoints_root_fits"),
    )


def _library() -> None:
    """What the `eventsourcing` library keeps next to its events. Both can be rebuilt from them."""
    _table(
        "snapshots",
        sa.Column("case_id", NAME, primary_key=True),
        sa.Column("version", KEY, primary_key=True, autoincrement=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
    )
    _table(
        "tracking",
        sa.Column("application_name", sa.Text, primary_key=True),
        sa.Column("notification_id", KEY, nullable=False),
    )


def _lock_on_sqlite() -> None:
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{act.lower()} BEFORE {act} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{_message(table)}'); END"
            )
    # INSERT OR REPLACE deletes the old row without asking the triggers above.
    for table, old in (
        ("events", "id = NEW.id OR (case_id = NEW.case_id AND version = NEW.version)"),
        ("leaves", "position = NEW.position OR event_id = NEW.event_id"),
    ):
        found = f"SELECT 1 FROM {table} WHERE {old}"  # noqa: S608 - put together from constants
        op.execute(
            f"CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS ({found}) BEGIN SELECT RAISE(ABORT, '{_message(table)}'); END"
        )


def _lock_on_postgresql() -> None:
    # Ids are given before they are committed, so the sealer looks for late ones by transaction.
    op.execute("ALTER TABLE events ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id()")
    op.execute("CREATE INDEX events_by_transaction ON events (tx)")
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_message(table)}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        )


def _message(table: str) -> str:
    return (
        f"{table} 只增不改，不可修改或删除 / {table} only grows: rows are never changed or deleted"
    )
