import importlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

import migrations
from ledger.store import NewEntry, Store

REVISIONS = ("0001_the_ledger", "0002_what_others_say", "0003_seal_on_the_server")
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


def tables_of(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        }


def is_current(path: Path) -> bool:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        current = migrations.is_current(connection)
    engine.dispose()
    return current


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def test_an_empty_database_becomes_a_whole_ledger(path: Path) -> None:
    assert not is_current(path)
    migrations.migrate(f"sqlite:///{path}")
    assert is_current(path)
    assert tables_of(path) == TABLES


def test_migrating_twice_changes_nothing(path: Path) -> None:
    with Store.create(path) as store:
        store.append([NewEntry(case_id="a", version=1, type="CaseOpened", entry=b"{}")])
        before = list(store.read_log())
    migrations.migrate(f"sqlite:///{path}")
    with Store.open(path) as store:
        assert list(store.read_log()) == before


def test_a_migrated_database_opens_as_a_store(path: Path) -> None:
    migrations.migrate(f"sqlite:///{path}")
    with Store.open(path) as store:
        assert store.size() == 0


def test_a_migration_that_fails_half_way_leaves_nothing(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE tracking (theirs TEXT)")  # the last table to be made
    with pytest.raises(OperationalError):
        migrations.migrate(f"sqlite:///{path}")
    assert tables_of(path) == {"tracking"}


def test_the_revision_this_program_writes_is_the_last_there_is() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


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
    assert is_current(tmp_path / "ledger.db")


def test_opening_a_ledger_does_not_import_alembic(path: Path) -> None:
    Store.create(path).close()
    code = (
        "import sys; from ledger.store import Store; Store.open(sys.argv[1]).close();"
        " sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)  # noqa: S603 - our own code


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
    assert sql.count("CREATE FUNCTION") == len(
        ("seal", "place", "seal_last", "keep_tile", "append", "refuse", "refuse")
    )
