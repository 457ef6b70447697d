"""`--verbose`: an operator sees what the program does, and nobody sees what is not theirs."""

import logging
import re
from collections.abc import Mapping

import pytest

from ledger.store import NewEntry, Store, VersionConflict
from tests.support.places import Place, Places
from tests.support.terminal import CASE, Said, done, scoretrail

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING) [a-z_.]+: .+")
WORDS = "按实际完成数核减两分"


@pytest.fixture
def ledger(built: Mapping[str, Place], places: Places) -> Place:
    return places.copy(built["submitted"])


def adjusted(ledger: Place, *words: str) -> Said:
    act = (
        "review",
        "adjust",
        CASE,
        "output-goals",
        "16.00",
        "--justification",
        WORDS,
        "--ground",
        WORDS,
    )
    return done(scoretrail(ledger, *words, "--as", "agency-reviewer", *act, lang="en"))


def test_an_act_is_told_from_the_opening_to_its_place_in_the_log(ledger: Place) -> None:
    said = adjusted(ledger, "--verbose").err
    assert all(LINE.fullmatch(line) for line in said.splitlines())
    assert re.search(rf"ledger.store.store: opened .*{ledger.name}", said)
    assert re.search(r"appended 1 events at positions \d+ to \d+", said)
    assert re.search(rf"ledger.ledger: ScoreAdjusted is version \d+ of {CASE}", said)


def test_the_answer_is_the_same_and_only_stderr_has_more(issued: Place) -> None:
    quiet, loud = (
        done(scoretrail(issued, *words, "score", CASE, "--json")) for words in ((), ("--verbose",))
    )
    assert (quiet.out, quiet.err) == (loud.out, "")
    assert loud.err


def test_it_is_quiet_again_afterwards(ledger: Place) -> None:
    scoretrail(ledger, "--verbose", "score", CASE)
    assert adjusted(ledger).err == ""


def test_tables_that_follow_the_log_are_told(ledger: Place) -> None:
    said = done(scoretrail(ledger, "--verbose", "portfolio", "scores")).err
    assert re.search(r"portfolio.catch_up: folded 1 of 1 cases up to \d+", said)
    said = done(scoretrail(ledger, "--verbose", "portfolio", "scores")).err
    assert "folded" not in said


def test_a_seal_is_told_by_its_positions(ledger: Place) -> None:
    with Store.open(ledger.target) as store:
        size = store.size()
        store.append_unsealed([NewEntry("other", version, "T", b"{}") for version in (1, 2)])
    assert f"sealed positions {size} to {size + 1}" in scoretrail(ledger, "--verbose", "seal").err
    assert "sealed positions" not in scoretrail(ledger, "--verbose", "seal").err


def test_whoever_comes_too_late_is_told_for_what(
    ledger: Place, caplog: pytest.LogCaptureFixture
) -> None:
    entry = NewEntry("other", 1, "T", b"{}")
    with Store.open(ledger.target) as store, caplog.at_level(logging.INFO):
        store.append([entry])
        with pytest.raises(VersionConflict):
            store.append([entry])
    assert "version 1 of other is taken" in caplog.text


def test_neither_the_text_of_an_act_nor_a_password_is_told(ledger: Place) -> None:
    assert WORDS not in adjusted(ledger, "--verbose").err
    said = scoretrail(
        "postgresql://clerk:open-sesame@127.0.0.1:1/nowhere", "--verbose", "score", CASE
    )
    assert said.code == 5
    assert "open-sesame" not in said.out + said.err


def test_what_libraries_say_is_not_told(issued: Place) -> None:
    """SQLAlchemy, once told to speak, prints the values of its statements."""
    done(scoretrail(issued, "--verbose", "portfolio", "scores"))
    assert not logging.getLogger("sqlalchemy.engine").isEnabledFor(logging.INFO)
