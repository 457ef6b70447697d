"""Given what somebody with all rights changed, when a case is looked at, then it is not shown."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.support.attacks import an_award, last_of, reworded
from tests.support.houses import kinds
from tests.support.places import Place, administrator
from tests.support.postgres import Raw
from tests.support.terminal import CASE, done, scoretrail

READS: Final = {
    "score": ("score", CASE),
    "log": ("log", CASE, "--json"),
    "explain": ("explain", CASE, "output-goals"),
    "bridge": ("bridge", CASE, "--json"),
    "replay": ("replay", CASE),
    "check": ("check", CASE, "--json"),
    "case show": ("case", "show", CASE),
}


def an_entry_is_changed(connection: Raw) -> None:
    key, entry = an_award(connection)
    connection.execute("UPDATE events SET entry = ? WHERE id = ?", (reworded(entry), key))


def the_last_entry_is_gone_and_its_leaf_is_there(connection: Raw) -> None:
    key, _ = last_of(connection, "ResultIssued")
    connection.execute("DELETE FROM events WHERE id >= ?", (key,))


def the_last_entry_is_gone_with_its_leaf(connection: Raw) -> None:
    key, _ = last_of(connection, "ResultIssued")
    connection.execute("DELETE FROM leaves WHERE event_id >= ?", (key,))
    connection.execute("DELETE FROM events WHERE id >= ?", (key,))


def an_entry_in_the_middle_is_gone(connection: Raw) -> None:
    key, _ = last_of(connection, "FigureRestated")
    connection.execute("DELETE FROM leaves WHERE event_id = ?", (key,))
    connection.execute("DELETE FROM events WHERE id = ?", (key,))


def a_leaf_is_of_another_entry(connection: Raw) -> None:
    key, _ = an_award(connection)
    other = connection.execute("SELECT hash FROM leaves WHERE position = 0").fetchone()
    connection.execute("UPDATE leaves SET hash = ? WHERE event_id = ?", (*other, key))


def a_leaf_is_of_no_entry(connection: Raw) -> None:
    (size,) = connection.execute("SELECT size FROM log_state").fetchone()
    connection.execute(
        "INSERT INTO leaves (position, event_id, hash) VALUES (?, ?, ?)", (size, 99999, bytes(32))
    )


def an_entry_lies_under_another_name(connection: Raw) -> None:
    key, _ = an_award(connection)
    connection.execute("UPDATE events SET type = 'ScoreConfirmed' WHERE id = ?", (key,))


def an_entry_has_no_leaf_before_one_that_has(connection: Raw) -> None:
    key, _ = an_award(connection)
    connection.execute("DELETE FROM leaves WHERE event_id = ?", (key,))


def the_rubric_is_changed(connection: Raw) -> None:
    key, entry = last_of(connection, "RubricPublished")
    changed = entry.replace(b"100", b"101", 1)
    assert changed != entry
    connection.execute("UPDATE events SET entry = ? WHERE id = ?", (changed, key))


Attack = Callable[[Raw], None]
ATTACKS: Final[tuple[Attack, ...]] = (
    an_entry_is_changed,
    the_last_entry_is_gone_and_its_leaf_is_there,
    the_last_entry_is_gone_with_its_leaf,
    an_entry_in_the_middle_is_gone,
    a_leaf_is_of_another_entry,
    a_leaf_is_of_no_entry,
    an_entry_lies_under_another_name,
    an_entry_has_no_leaf_before_one_that_has,
    the_rubric_is_changed,
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_nothing_is_shown_that_does_not_hold(issued: Place, attack: Attack) -> None:
    with administrator(issued) as connection:
        attack(connection)

    for words in (READS["score"], READS["log"]):
        said = scoretrail(issued, *words, lang="en")
        assert (said.code, said.out) == (3, ""), said.err
        assert "fails verification and is not shown" in said.err
        assert CASE in said.err or "rubric:" in said.err


@pytest.mark.parametrize("elsewhere", ["another", f"{CASE}-1"])
@pytest.mark.parametrize("moved", [1, 3])
def test_a_last_entry_that_lies_under_another_name_is_told(
    issued: Place, elsewhere: str, moved: int
) -> None:
    with administrator(issued) as connection:
        connection.execute(
            "UPDATE events SET case_id = ?, version = version + 1000 WHERE id IN"
            " (SELECT id FROM events WHERE case_id = ? ORDER BY version DESC LIMIT ?)",
            (elsewhere, CASE, moved),
        )

    for name in ("log", "bridge", "check"):
        said = done(scoretrail(issued, *READS[name], lang="en"))
        assert said.json["verified"] is None
        assert f"{elsewhere} v" in said.err
        assert f"says that it is the next entry of {CASE} and lies under another name" in said.err
    assert "misfiled" in kinds(scoretrail(issued, "verify", "--json"))


@pytest.mark.parametrize("name", READS)
def test_every_everyday_read_verifies_what_it_shows(issued: Place, name: str) -> None:
    before = done(scoretrail(issued, *READS[name], lang="en"))
    with administrator(issued) as connection:
        an_entry_is_changed(connection)
    after = scoretrail(issued, *READS[name], lang="en")

    assert (after.code, after.out) == (3, "")
    assert "the entry does not hash to its leaf" in after.err
    if "--json" in READS[name]:
        assert (before.json["verified"], before.err) == ("L0", "")
    else:
        assert "verified L0" in before.err


def test_whoever_says_so_sees_the_bytes_as_they_are(issued: Place) -> None:
    with administrator(issued) as connection:
        an_entry_is_changed(connection)

    seen = done(scoretrail(issued, "--unverified", *READS["log"]))
    told = done(scoretrail(issued, "--unverified", *READS["score"], lang="en"))

    assert seen.json["verified"] is None
    assert "were not verified" in told.err


def test_what_came_later_does_not_concern_a_point_before_it(issued: Place) -> None:
    with administrator(issued) as connection:
        the_last_entry_is_gone_and_its_leaf_is_there(connection)

    assert done(scoretrail(issued, "score", CASE, "--at", "v20", "--json")).json["verified"] == "L0"
