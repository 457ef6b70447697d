"""What somebody leaves in the database to swallow or to change what is written after it.

Nobody is told that an act was recorded which was not stored as it was sent.
"""

import pytest

from tests.support.houses import House
from tests.support.postgres import is_postgres, raw
from tests.support.terminal import CASE, Said, record, scoretrail

BEFORE_INSERT = (
    "CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
    "CREATE TRIGGER more BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION more()",
)
ATTACKS = {
    "events are swallowed": (
        ["CREATE TRIGGER more BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END"],
        [one.format(body="RETURN NULL;", table="events") for one in BEFORE_INSERT],
    ),
    "leaves are swallowed": (
        ["CREATE TRIGGER more BEFORE INSERT ON leaves BEGIN SELECT RAISE(IGNORE); END"],
        [one.format(body="RETURN NULL;", table="leaves") for one in BEFORE_INSERT],
    ),
    "entries are changed": (
        [
            (
                "CREATE TRIGGER more AFTER INSERT ON events BEGIN"
                " UPDATE events SET entry = CAST(entry || ' ' AS BLOB) WHERE id = NEW.id; END"
            ),
            "DROP TRIGGER events_refuse_update",
        ],
        [
            one.format(body="NEW.entry := NEW.entry || ' '::bytea; RETURN NEW;", table="events")
            for one in BEFORE_INSERT
        ],
    ),
}


def act(house: House) -> Said:
    receive = ("review", "receive", CASE, "--on", "2025-01-07")
    return scoretrail(house.ledger, "--as", "unit-filer", *receive, lang="en")


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_act_that_the_database_does_not_store_as_it_is_is_not_acknowledged(
    house: House, attack: str
) -> None:
    before = record(house.ledger)
    in_file, on_server = ATTACKS[attack]
    with raw(house.ledger.owner) as connection:
        for statement in on_server if is_postgres(house.ledger.owner) else in_file:
            connection.execute(statement)
    said = act(house)
    assert (said.code, said.out) == (3, "")
    assert "stored" in said.err
    assert record(house.ledger) == before


@pytest.mark.sqlite_only("a trigger in a file is the writer's own; on a server the functions write")
@pytest.mark.parametrize("when", ["INSERT ON leaves", "UPDATE ON log_state"])
def test_nor_is_one_that_is_changed_while_it_is_sealed(house: House, when: str) -> None:
    with raw(house.ledger.owner) as connection:
        connection.execute("DROP TRIGGER events_refuse_update")
        connection.execute(
            f"CREATE TRIGGER more AFTER {when} BEGIN UPDATE events"  # noqa: S608 - constants of the test
            " SET entry = CAST(entry || ' ' AS BLOB) WHERE id = (SELECT max(id) FROM events); END"
        )
    before = record(house.ledger)
    said = act(house)
    assert (said.code, said.out) == (3, "")
    assert record(house.ledger) == before
