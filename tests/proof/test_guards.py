"""What stands between a reader and the rows, and between a writer and them, changed by an owner.

No entry, leaf or key is touched here. `verify` sees every stream as its readers do, asks the
database about itself, and compares what the tables are made of with what the program made.
"""

from collections.abc import Mapping

import pytest

from ledger.store import Store
from tests.support.houses import House, kinds
from tests.support.places import Place, Places
from tests.support.postgres import Raw, is_postgres, raw
from tests.support.terminal import CASE, scoretrail


def in_file(connection: Raw, table: str, key: str, columns: tuple[str, ...], hidden: str) -> None:
    """Put an index without some rows in the place of the one that readers of a table use."""
    typed = ", ".join(f"{one} {'TEXT' if one == 'case_id' else 'INTEGER'}" for one in columns)
    names = ", ".join(columns)
    connection.execute(
        f"CREATE TABLE shadow (id INTEGER PRIMARY KEY, {typed}, UNIQUE ({names})) STRICT"
    )
    connection.execute(
        f"INSERT INTO shadow SELECT {key}, {names} FROM {table} WHERE NOT ({hidden})"  # noqa: S608 - constants
    )
    connection.execute("PRAGMA writable_schema = ON")
    roots = [
        connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (f"sqlite_autoindex_{one}_1",)
        ).fetchone()[0]
        for one in (table, "shadow")
    ]
    for name, root in zip((table, "shadow"), reversed(roots), strict=True):
        connection.execute(
            "UPDATE sqlite_master SET rootpage = ? WHERE name = ?",
            (root, f"sqlite_autoindex_{name}_1"),
        )


def on_server(connection: Raw, table: str, index: str, columns: str, hidden: str) -> None:
    """The same, as a superuser can."""
    connection.execute(f"CREATE UNIQUE INDEX shadow ON {table} ({columns}) WHERE NOT ({hidden})")
    connection.execute(
        "UPDATE pg_class AS one SET relfilenode = other.relfilenode FROM pg_class AS other"
        " WHERE (one.relname, other.relname) IN ((?, ?), (?, ?))",
        ("shadow", index, index, "shadow"),
    )
    connection.execute("DROP INDEX shadow")


def hide(ledger: Place, what: str) -> None:
    """Change what readers are led by: to the events of a case, or to the places of events."""
    with raw(ledger.owner) as connection:
        last = f"case_id = '{CASE}' AND version >= 300"
        if is_postgres(ledger.owner):
            if what == "events":
                name = "events_one_of_each_version"
                on_server(connection, "events", name, "case_id, version", last)
            else:
                name = "leaves_one_for_each_event"
                on_server(connection, "leaves", name, "event_id", "event_id >= 300")
        elif what == "events":
            in_file(connection, "events", "id", ("case_id", "version"), last)
        else:
            in_file(connection, "leaves", "position", ("event_id",), "event_id >= 300")


@pytest.mark.parametrize("what", ["events", "leaves"])
@pytest.mark.parametrize("against", [(), ("--case", CASE)])
def test_an_index_that_hides_rows_from_readers(
    house: House, what: str, against: tuple[str, ...]
) -> None:
    hide(house.ledger, what)
    said = house.verify(*against)
    if what == "leaves":  # readers get every event, but the last ones without their places
        assert kinds(said) & {"unsealed", "reads"}
    else:
        assert "reads" in kinds(said)
        assert {one["where"] for one in said.json["breaks"] if one["kind"] == "reads"} == {CASE}
    assert ("database" in kinds(said)) == (not against)


def test_no_dossier_is_made_of_what_an_index_hides(house: House) -> None:
    hide(house.ledger, "events")
    said = scoretrail(
        *(house.ledger, "--as", "bureau-officer", "dossier", "export", CASE),
        *("-o", str(house.ledger.file(".zip"))),
        lang="en",
    )
    assert (said.code, said.out) == (3, "")
    assert "what is read is not what is stored" in said.err
    assert not house.ledger.file(".zip").exists()


IN_FILE: Mapping[str, tuple[tuple[str, ...], str]] = {
    "a trigger is gone": (("DROP TRIGGER events_refuse_update",), "trigger events_refuse_update"),
    "a trigger is put beside them": (
        ("CREATE TRIGGER more AFTER INSERT ON leaves BEGIN SELECT 1; END",),
        "trigger more",
    ),
    "a trigger is another one": (
        (
            "DROP TRIGGER leaves_refuse_delete",
            "CREATE TRIGGER leaves_refuse_delete BEFORE DELETE ON leaves BEGIN SELECT 1; END",
        ),
        "trigger leaves_refuse_delete",
    ),
    "a constraint is gone": (
        (
            "PRAGMA writable_schema = ON",
            (
                "UPDATE sqlite_master SET sql = replace(sql,"
                " 'CONSTRAINT events_count_from_one CHECK (id > 0)', 'CHECK (1)')"
            ),
        ),
        "table events",
    ),
    "an index is put beside them": (
        ("CREATE INDEX more ON events (version, case_id)",),
        "index more",
    ),
    "a view stands in the place of a table": (
        (
            "ALTER TABLE checkpoints RENAME TO kept",
            "CREATE VIEW checkpoints AS SELECT * FROM kept",
        ),
        "view checkpoints",
    ),
}
ON_SERVER: Mapping[str, tuple[tuple[str, ...], str]] = {
    "a trigger is gone": (("DROP TRIGGER events_refuse ON events",), "trigger events_refuse"),
    "a trigger is disabled": (
        ("ALTER TABLE leaves DISABLE TRIGGER leaves_refuse",),
        "trigger leaves_refuse",
    ),
    "a trigger is put beside them": (
        (
            (
                "CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql"
                " AS $$ BEGIN RETURN NEW; END $$"
            ),
            "CREATE TRIGGER more BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION more()",
        ),
        "trigger more",
    ),
    "what a trigger runs is another": (
        (
            (
                "CREATE OR REPLACE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql"
                " SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN NULL; END $$"
            ),
        ),
        "function events_refuse()",
    ),
    "a function looks elsewhere": (
        ("ALTER FUNCTION seal RESET search_path",),
        "function seal(thorough boolean, most bigint, OUT since bigint, OUT size bigint)",
    ),
    "a function of the same name takes other values": (
        ("CREATE FUNCTION seal_last(integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",),
        "function seal_last(integer)",
    ),
    "a constraint is gone": (
        ("ALTER TABLE events DROP CONSTRAINT events_count_from_one",),
        "constraint events_count_from_one",
    ),
    "an index is put beside them": (
        ("CREATE INDEX more ON events (version, case_id)",),
        "index more",
    ),
    "a rule answers in the place of a table": (
        ("CREATE RULE more AS ON INSERT TO checkpoints DO INSTEAD NOTHING",),
        "rule more",
    ),
    "rows are shown to some only": (
        (
            "CREATE POLICY more ON events USING (version < 10)",
            "ALTER TABLE events ENABLE ROW LEVEL SECURITY",
        ),
        "policy more",
    ),
    "a table brings rows of its own": (
        ("CREATE TABLE more () INHERITS (checkpoints)",),
        "inheritance more",
    ),
    "somebody may change rows": (("GRANT UPDATE ON events TO PUBLIC",), "right to UPDATE events"),
    "somebody else owns a table": (
        ("ALTER TABLE leaves OWNER TO pg_monitor",),
        "table leaves",
    ),
}


def test_what_is_missing_foreign_or_changed_is_named(places: Places) -> None:
    faults = ON_SERVER if is_postgres(places.ledger().owner) else IN_FILE
    for fault, (statements, part) in faults.items():
        ledger = places.ledger()
        with Store.open(ledger.owner) as store:
            assert store.structure_faults() == []
        with raw(ledger.owner) as connection:
            for statement in statements:
                connection.execute(statement)
        with Store.open(ledger.owner) as store:
            assert part in {one.part for one in store.structure_faults()}, fault


@pytest.mark.parametrize("words", [(), ("--log",)])
def test_guards_that_are_gone_are_no_ledger_that_holds(
    house: House, words: tuple[str, ...]
) -> None:
    with raw(house.ledger.owner) as connection:
        on = " ON events" if is_postgres(house.ledger.owner) else ""
        name = "events_refuse" if on else "events_refuse_update"
        connection.execute(f"DROP TRIGGER {name}{on}")
    said = house.verify(*words)
    assert kinds(said) == {"structure"}
    assert [one["where"] for one in said.json["breaks"]] == [f"trigger {name}"]


def test_a_place_without_an_event_is_named(house: House) -> None:
    """Whoever can write it stops all writers: the next event has no place to go."""
    with raw(house.ledger.owner) as connection:
        connection.execute(
            "INSERT INTO leaves (position, event_id, hash)"
            " SELECT max(position) + 1, 999999, ? FROM leaves",
            (bytes(32),),
        )
    assert kinds(house.verify()) == {"order"}
