"""What stands between a reader and the rows, and between a writer and them, changed by an owner.

No entry, leaf or key is touched here. `verify` sees every stream as its readers do, asks the
database about itself, and compares what the tables are made of with what the program made.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from secrets import token_hex

import pytest

from ledger.store import Store
from migrations import RIGHTS, structure
from tests.support.attacks import cut, drop_guard, hide, recompute
from tests.support.houses import House, kinds
from tests.support.places import Places, administrator
from tests.support.postgres import is_postgres, raw
from tests.support.terminal import CASE, done, scoretrail


@pytest.mark.parametrize("what", ["events", "leaves"])
@pytest.mark.parametrize("against", [(), ("--case", CASE)])
def test_an_index_that_hides_rows_from_readers(
    house: House, what: str, against: tuple[str, ...]
) -> None:
    hide(house, what)
    said = house.verify(*against)
    if what == "leaves":  # readers get every event, but the last ones without their places
        assert kinds(said) & {"unsealed", "reads"}
    else:
        assert "reads" in kinds(said)
        assert {one["where"] for one in said.json["breaks"] if one["kind"] == "reads"} == {CASE}
    assert ("database" in kinds(said)) == (not against)


@pytest.mark.sqlite_only("numbers that SQLite keeps")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log_state SET horizon = horizon + 1000",
        "UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'events'",
    ],
)
def test_numbers_that_run_ahead_so_that_nobody_can_append(house: House, change: str) -> None:
    with raw(house.ledger.owner) as connection:
        connection.execute(change)
    assert kinds(house.verify()) == {"database"}


@pytest.mark.sqlite_only("numbers that SQLite keeps")
def test_what_was_cut_off_by_somebody_who_forgot_the_number_that_sqlite_keeps(
    house: House,
) -> None:
    with raw(house.ledger.owner) as connection:
        ((counted,),) = connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = 'events'"
        ).fetchall()
    cut(house)
    recompute(house, checkpoints=True)
    assert kinds(house.verify()) == set()
    with raw(house.ledger.owner) as connection:
        connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'events'", (counted,))
    assert kinds(house.verify()) == {"database"}


def test_no_dossier_is_made_of_what_an_index_hides(house: House) -> None:
    hide(house, "events")
    said = scoretrail(
        *(house.ledger, "--as", "bureau-officer", "dossier", "export", CASE),
        *("-o", str(house.ledger.file(".zip"))),
        lang="en",
    )
    assert (said.code, said.out) == (3, "")
    assert "what is read differs from what is stored" in said.err
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
    "everybody may change rows": (
        ("GRANT UPDATE ON events TO PUBLIC",),
        "right of public to UPDATE events",
    ),
    "somebody may write into a column": (
        ("GRANT INSERT (position) ON leaves TO {role}",),
        "right of {role} to INSERT leaves",
    ),
    "somebody is let in by another role": (
        ("GRANT pg_write_all_data TO {role}",),
        "right of {role} to DELETE events",
    ),
    "somebody has a function of the owner's run who is not registered": (
        ("GRANT EXECUTE ON FUNCTION append TO {role}",),
        "right of {role} to EXECUTE append",
    ),
    "everybody may make things beside the tables": (
        ("GRANT CREATE ON SCHEMA public TO PUBLIC",),
        "right of public to CREATE in public",
    ),
    "who is registered climbs": (
        ("INSERT INTO database_roles VALUES ('{role}')", "ALTER ROLE {role} SUPERUSER"),
        "role {role}",
    ),
    "somebody else owns a table of projections": (
        (
            "CREATE TABLE projections.more ()",
            "ALTER TABLE projections.more OWNER TO {role}",
        ),
        "table projections.more",
    ),
    "a view stands among the tables of projections": (
        ("CREATE VIEW projections.more AS SELECT 1",),
        "table projections.more",
    ),
    "what is written into projections runs something": (
        (
            (
                "CREATE FUNCTION projections.more() RETURNS trigger LANGUAGE plpgsql"
                " AS $$ BEGIN RETURN NEW; END $$"
            ),
            "CREATE TABLE projections.some ()",
            (
                "CREATE TRIGGER more BEFORE INSERT ON projections.some"
                " FOR EACH ROW EXECUTE FUNCTION projections.more()"
            ),
        ),
        "trigger projections.more",
    ),
    "an operator stands beside the catalogue's": (
        (
            (
                "CREATE FUNCTION more(bigint, text) RETURNS boolean LANGUAGE sql"
                " AS $$ SELECT false $$"
            ),
            "CREATE OPERATOR public.= (LEFTARG = bigint, RIGHTARG = text, FUNCTION = more)",
        ),
        "operator = (bigint, text)",
    ),
    "a value of one type is taken for another": (
        ("CREATE CAST (bytea AS jsonb) WITHOUT FUNCTION",),
        "cast bytea to jsonb",
    ),
    "something runs whenever a table is made": (
        (
            ("CREATE FUNCTION more() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$"),
            "CREATE EVENT TRIGGER more ON ddl_command_end EXECUTE FUNCTION more()",
        ),
        "event trigger more",
    ),
    "triggers are off for a role": (
        ("ALTER ROLE {role} SET session_replication_role = 'replica'",),
        "setting of {role} session_replication_role=replica",
    ),
    "somebody else owns a table": (
        ("ALTER TABLE leaves OWNER TO pg_monitor",),
        "table leaves",
    ),
}


@pytest.mark.parametrize("statement", ["DELETE FROM log_state"])
def test_a_log_without_its_state_is_told_as_broken(house: House, statement: str) -> None:
    with administrator(house.ledger) as connection:
        connection.execute(statement)
    for words in (("verify",), ("verify", "--log"), ("score", CASE), ("case", "list")):
        said = scoretrail(house.ledger, *words, lang="en")
        assert said.code == 3, (words, said)
        assert "does not hold the one row that it should" in said.err
    receive = ("review", "receive", CASE, "--on", "2025-01-07")
    assert scoretrail(house.ledger, "--as", "unit-filer", *receive).code == 3


@pytest.mark.sqlite_only("a server takes no text that is not UTF-8")
def test_a_name_that_is_no_text_is_named_and_the_rest_goes_on(house: House) -> None:
    with administrator(house.ledger) as connection:
        connection.execute(
            "INSERT INTO events (case_id, version, type, entry) VALUES (CAST(? AS TEXT), 1, ?, ?)",
            (b"a\xff", "CaseOpened", b"{}"),
        )
    done(scoretrail(house.ledger, "seal"))
    for words in (("score", CASE), ("case", "list"), ("portfolio", "scores")):
        done(scoretrail(house.ledger, *words))
    said = house.verify()
    assert "unreadable" in kinds(said)
    assert {one["where"].split()[1] for one in said.json["breaks"] if "#" in one["where"]} == {
        "a\\xff"
    }


@contextmanager
def somebody(owner: str) -> Iterator[str]:
    """The name of a role on the server, while the block runs; there are none of a file."""
    name = f"somebody_{token_hex(4)}"
    if not is_postgres(owner):
        yield name
        return
    with raw(owner) as connection:
        connection.execute(f"CREATE ROLE {name}")
        yield name
        connection.execute(f"DROP OWNED BY {name}")
        connection.execute(f"DROP ROLE {name}")


def test_what_is_missing_foreign_or_changed_is_named(places: Places) -> None:
    faults = ON_SERVER if is_postgres(places.ledger().owner) else IN_FILE
    for fault, (statements, part) in faults.items():
        ledger = places.ledger()
        with Store.open(ledger.owner) as store:
            assert store.structure_faults() == []
        with somebody(ledger.owner) as role:
            with raw(ledger.owner) as connection:
                for statement in statements:
                    connection.execute(statement.replace("{role}", role))
            with Store.open(ledger.owner) as store:
                found = {one.part for one in store.structure_faults()}
            assert part.replace("{role}", role) in found, fault


@pytest.mark.parametrize("words", [(), ("--log",)])
def test_guards_that_are_gone_are_no_ledger_that_holds(
    house: House, words: tuple[str, ...]
) -> None:
    drop_guard(house)
    said = house.verify(*words)
    assert kinds(said) == {"structure"}
    (one,) = said.json["breaks"]
    assert one["where"].startswith("trigger events_refuse")


def without(part: str) -> str:
    """The statement that takes a part away from a ledger on a server, and what stands on it."""
    kind, _, name = part.partition(" ")
    if kind == "column":
        table, column = name.split(".")
        return f"ALTER TABLE {table} DROP COLUMN {column} CASCADE"
    if kind in {"constraint", "trigger"}:
        table = next(one for one in sorted(RIGHTS, key=len)[::-1] if name.startswith(one[:-1]))
        if kind == "trigger":
            return f"DROP TRIGGER {name} ON {table}"
        return f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE"
    if kind == "function":
        return f"DROP FUNCTION {name.partition('(')[0]} CASCADE"
    return f"DROP {kind} {name} CASCADE"


def test_whichever_part_is_gone_verification_names_it(places: Places) -> None:
    on_server = is_postgres(places.ledger().owner)
    whole = structure("postgresql" if on_server else "sqlite")
    of_constraints = {f"index {part.partition(' ')[2]}" for part in whole if "constraint" in part}
    for part in sorted(whole.keys() - of_constraints):
        ledger = places.ledger()
        with raw(ledger.owner) as connection:
            if on_server:
                connection.execute(without(part))
            else:
                kind, _, name = part.partition(" ")
                connection.execute("PRAGMA writable_schema = ON")
                connection.execute(
                    "DELETE FROM sqlite_master WHERE type = ? AND name = ?", (kind, name)
                )
        ways = ((), ("--log",), ("--case", CASE)) if part.startswith("table") else ((),)
        for words in ways:
            said = scoretrail(ledger, "verify", "--json", *words, lang="en")
            if not said.out:  # there is no ledger that could be opened
                assert said.code in {3, 5}, (part, said)
                gone = part.partition(" ")[2].rpartition(".")[2]  # `column table.column` names both
                assert gone in said.err or "its structure is wrong" in said.err, (part, said)
            else:
                named = [one["where"] for one in said.json["breaks"] if one["kind"] == "structure"]
                assert (said.code, part in named) == (3, True), (part, words, said)
