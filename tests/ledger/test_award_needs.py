"""What an award must bring, as the rubric says it and as no rubric can waive it."""

import pytest

from ledger.award_needs import Need, unmet
from ledger.rubric import diagnose, read
from tests.support.small_case import RUBRIC

NEEDS = """
[needs]
judgement = ["clause", "second-signature"]
missing = ["ground"]
discretion = []

[[band]]"""
STRICT = RUBRIC.replace("\n[[band]]", NEEDS, 1)


def test_a_rubric_that_says_nothing_asks_what_was_always_asked() -> None:
    small = read(RUBRIC.encode())

    assert small.needs("service", "discretion") == {"clause-or-ground", "second-signature"}
    assert not small.needs("service", "rule") | small.needs("service", "judgement")
    assert not small.needs("service", "missing")


def test_a_rubric_asks_by_what_the_award_rests_on() -> None:
    strict = read(STRICT.encode())

    assert strict.needs("service", "judgement") == {"clause", "second-signature"}
    assert strict.needs("service", "missing") == {"ground"}
    assert not strict.needs("service", "rule")


def test_no_rubric_waives_what_discretion_needs() -> None:
    strict = read(STRICT.encode())

    assert strict.needs("plan", "discretion") == {"clause-or-ground", "second-signature"}


def test_a_row_that_says_otherwise_has_its_own_way_in_that_only() -> None:
    own = read((STRICT + "needs = { judgement = [] }\n").encode())

    assert not own.needs("service", "judgement")
    assert own.needs("service", "missing") == {"ground"}
    assert own.needs("plan", "judgement") == {"clause", "second-signature"}


@pytest.mark.parametrize(
    ("line", "place", "named"),
    [
        ('judgment = ["clause"]', "needs", "judgment"),
        ('judgement = ["signature"]', "needs.judgement[1]", "second-signature"),
        ('judgement = "clause"', "needs.judgement", "clause"),
    ],
)
def test_a_mistake_in_the_table_is_named_with_its_line(line: str, place: str, named: str) -> None:
    wrong = STRICT.replace('judgement = ["clause", "second-signature"]', line)

    (found,) = diagnose(wrong.encode())

    assert found.line == wrong.splitlines().index(line) + 1
    assert found.place.startswith(place)
    assert named in found.message.en


@pytest.mark.parametrize(
    ("needs", "clause", "ground", "lacking"),
    [
        ({"clause"}, "", "为难", ["clause"]),
        ({"ground"}, "第一条", "", ["ground"]),
        ({"clause-or-ground"}, "", "为难", []),
        ({"clause-or-ground"}, "第一条", "", []),
        ({"clause-or-ground"}, " ", " ", ["clause-or-ground"]),
        ({"clause", "ground", "second-signature"}, "", "", ["clause", "ground"]),
        ({"second-signature"}, "", "", []),
    ],
)
def test_words_that_are_lacking(
    needs: set[Need], clause: str, ground: str, lacking: list[Need]
) -> None:
    assert unmet(frozenset(needs), clause, ground) == lacking
