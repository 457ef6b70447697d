"""An older ledger becomes one that this program reads, and nothing in it changes."""

import pytest

from ledger.store import Entry, NewEntry, Store
from tests.support.postgres import is_postgres, raw
from tests.support.small_case import SUBMITTED
from tests.support.specification import told
from tests.support.terminal import done, scoretrail

# What the server does for the program came later; only the guards of the tables were there.
LATER_FUNCTIONS = (
    "SELECT oid::regprocedure::text FROM pg_catalog.pg_proc"
    " WHERE pronamespace = 'public'::regnamespace AND proname NOT LIKE '%refuse'"
)


@pytest.fixture
def older(store_target: str) -> str:
    """A ledger with a submitted case, as the first revision had it."""
    with Store.open(store_target) as store:
        store.append([NewEntry(one.case_id, one.version, one.type, one.entry) for one in SENT])
    with raw(store_target) as connection:
        for table in ("cosignatures", "stamps"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP INDEX events_frozen")
        if is_postgres(store_target):
            for trigger in ("events_refuse_frozen", "events_freeze", "events_frozen"):
                connection.execute(f"DROP TRIGGER {trigger} ON events")
            connection.execute("ALTER TABLE events DROP CONSTRAINT events_of_their_stream")
            for (function,) in connection.execute(LATER_FUNCTIONS).fetchall():
                connection.execute(f"DROP FUNCTION {function}")
            connection.execute("ALTER TABLE log_state DROP COLUMN unended")
            connection.execute("ALTER TABLE events DROP COLUMN written_by")
            connection.execute("DROP TABLE database_roles")
            connection.execute("DROP FUNCTION database_roles_refuse")
        else:
            connection.execute("DROP TRIGGER events_refuse_foreign")
            connection.execute("DROP TRIGGER events_refuse_frozen")
        connection.execute("UPDATE scoretrail_schema SET version_num = '0001'")
    return store_target


SENT = told(SUBMITTED)


def log(target: str) -> list[Entry]:
    with Store.open(target) as store:
        return list(store.read_log())


def test_other_commands_say_what_to_do(older: str) -> None:
    said = scoretrail(older, "verify", lang="en")
    assert said.code == 2
    assert "has revision 0001, older than this program; back it up" in said.err
    assert "scoretrail migrate" in said.err


def test_every_entry_stays_and_verifies(older: str) -> None:
    said = done(scoretrail(older, "migrate", lang="en"))
    assert "migrated from revision 0001" in said.out
    assert [one.entry for one in log(older)] == [one.entry for one in SENT]
    assert done(scoretrail(older, "verify", "--json")).json["breaks"] == []


def test_more_can_be_recorded_afterwards(older: str) -> None:
    done(scoretrail(older, "migrate"))
    with Store.open(older) as store:
        assert store.append([NewEntry("next", 1, "CaseOpened", b"{}")]) == [len(SENT)]
        assert store.stamps() == []


def test_once_more_changes_nothing(older: str) -> None:
    done(scoretrail(older, "migrate"))
    before = log(older)
    assert "already up to date" in done(scoretrail(older, "migrate", lang="en")).out
    assert log(older) == before


def test_a_newer_ledger_is_refused_and_left_alone(store_target: str) -> None:
    with raw(store_target) as connection:
        connection.execute("UPDATE scoretrail_schema SET version_num = '9999'")
    said = scoretrail(store_target, "migrate", lang="en")
    assert (said.code, "newer than this program" in said.err) == (2, True)
    with raw(store_target) as connection:
        found = connection.execute("SELECT version_num FROM scoretrail_schema").fetchone()
    assert found[0] == "9999"


def test_a_ledger_without_the_table_of_its_revision_is_broken(store_target: str) -> None:
    with raw(store_target) as connection:
        connection.execute("DROP TABLE scoretrail_schema")
    said = scoretrail(store_target, "migrate", lang="en")
    assert (said.code, "scoretrail_schema" in said.err) == (3, True)


def test_the_role_of_the_program_may_use_what_is_new(postgres_target: str) -> None:
    role = "migrated_role"
    with raw(postgres_target) as connection:
        connection.execute(f"DROP ROLE IF EXISTS {role}")
    try:
        first = done(scoretrail(postgres_target, "migrate", "--role", role, lang="en"))
        address = first.out.split()[-1]
        with Store.open(address) as store:
            assert store.stamps() == []
            assert store.append([NewEntry("next", 1, "CaseOpened", b"{}")]) == [0]
    finally:
        with raw(postgres_target) as connection:
            connection.execute(f"DROP OWNED BY {role}")
            connection.execute(f"DROP ROLE {role}")
