import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.exc import DBAPIError

import migrations
from ledger.store import NewEntry, Store
from tests.support.postgres import is_postgres, raw

REVISIONS = (
    "0001_the_ledger",
    "0002_what_others_say",
    "0003_seal_on_the_server",
    "0004_names_that_nobody_shadows",
    "0005_types_of_streams",
    "0006_append_on",
    "0007_owners_functions",
)
TABLES = {
    "checkpoints",
    "cosignatures",
    "events",
    "leaves",
    "log_state",
    "scoretrail_schema",
    "snapshots",
    "stamps",
    "tiles",
    "tracking",
}


def url(target: str) -> str:
    """What SQLAlchemy calls a database."""
    if is_postgres(target):
        return target.replace("postgresql://", "postgresql+psycopg://")
    return f"sqlite:///{target}"


@contextmanager
def connected(target: str) -> Iterator[Connection]:
    engine = create_engine(url(target))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def tables_of(target: str) -> set[str]:
    with connected(target) as connection:
        return {*inspect(connection).get_table_names()}


def is_current(target: str) -> bool:
    with connected(target) as connection:
        return migrations.revision(connection) == migrations.HEAD


def test_an_empty_database_becomes_a_whole_ledger(empty_target: str) -> None:
    assert not is_current(empty_target)
    migrations.migrate(url(empty_target))
    assert is_current(empty_target)
    on_server = {"database_roles"} if is_postgres(empty_target) else set()
    assert tables_of(empty_target) == TABLES | on_server


def test_migrating_twice_changes_nothing(empty_target: str) -> None:
    with Store.create(empty_target) as store:
        store.append([NewEntry(case_id="a", version=1, type="CaseOpened", entry=b"{}")])
        before = list(store.read_log())
    migrations.migrate(url(empty_target))
    with Store.open(empty_target) as store:
        assert list(store.read_log()) == before


def test_a_migrated_database_opens_as_a_store(empty_target: str) -> None:
    migrations.migrate(url(empty_target))
    with Store.open(empty_target) as store:
        assert store.size() == 0


def test_a_migration_that_fails_half_way_leaves_nothing(empty_target: str) -> None:
    with raw(empty_target) as connection:
        connection.execute("CREATE TABLE tracking (theirs TEXT)")  # the last table to be made
    with pytest.raises(DBAPIError):
        migrations.migrate(url(empty_target))
    assert tables_of(empty_target) == {"tracking"}


def test_the_revision_this_program_writes_is_the_last_there_is() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


@pytest.mark.sqlite_only("a file in the folder where the program runs")
def test_it_works_anywhere_without_a_settings_file_and_says_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import migrations; migrations.migrate('sqlite:///ledger.db')",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(migrations.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "")
    assert is_current(str(tmp_path / "ledger.db"))


def test_opening_a_ledger_does_not_import_alembic(store_target: str) -> None:
    code = (
        "import sys; from ledger.store import Store; Store.open(sys.argv[1]).close();"
        " sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, store_target], check=True)  # noqa: S603 - our own code


def test_postgresql_gets_the_same_tables_and_its_own_locks() -> None:
    """Rendered, not run: what a database administrator would be given to read."""
    written = StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={"as_sql": True, "literal_binds": True, "output_buffer": written},
    )
    with Operations.context(context):
        for revision in REVISIONS:
            importlib.import_module(f"migrations.versions.{revision}").upgrade()
    sql = written.getvalue()
    for table in TABLES - {"scoretrail_schema"}:
        assert f"CREATE TABLE {table} (" in sql
    assert "tx xid8 NOT NULL DEFAULT pg_current_xact_id()" in sql
    assert "BEFORE UPDATE OR DELETE OR TRUNCATE ON events" in sql
    assert "BEFORE UPDATE OR DELETE OR TRUNCATE ON leaves" in sql
    assert "UNIQUE (case_id, version)" in sql
    assert ") STRICT" not in sql
    assert "CREATE TABLE public.database_roles (" in sql
    made = re.findall(r"CREATE FUNCTION (?:public\.)?(\w+)", sql)
    sealing = ["append", "keep_tile", "place", "seal", "seal_last"]
    again = ["append_and_seal", "append_on", "keep_tile", "move_on", "place", "seal", "seal_last"]
    refusing = ["events_refuse", "leaves_refuse", "database_roles_refuse"]
    keeping = ["keep_checkpoint", "keep_cosignature", "keep_stamp"]
    owners = ["append", "demand_program", "store", "take_turn", *keeping]
    assert sorted(made) == sorted([*refusing, *sealing, *again, *owners])
    assert sql.count("DROP FUNCTION") == len(sealing)
