"""The ranking: sorted, ties with one place, and nothing to be guessed from its hashes."""

from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.log.tree import ProofError
from ledger.ranking import (
    SALT_SIZE,
    PlaceInRanking,
    RankedCase,
    Ranking,
    draw_up,
    verify_place,
)
from tests.support import naive_log as naive

SCORES = st.dictionaries(
    st.from_regex(r"[a-z]{1,6}-20(22|23)", fullmatch=True),
    st.decimals(min_value=0, max_value=100, places=2),
    min_size=1,
    max_size=40,
)


def salts(seed: int = 0) -> Iterator[bytes]:
    chance = Random(seed)  # noqa: S311 - tests repeat; the program takes secrets
    while True:
        yield chance.randbytes(SALT_SIZE)


def drawn(scores: dict[str, Decimal], seed: int = 0) -> Ranking:
    return draw_up(2023, 100, scores.items(), salts(seed))


@pytest.fixture
def four() -> Ranking:
    return drawn(
        {"a": Decimal("90.50"), "b": Decimal("95.00"), "c": Decimal("90.5"), "d": Decimal(80)}
    )


def test_equal_scores_share_a_place_and_the_next_ones_are_left_out(four: Ranking) -> None:
    assert [(case.place, case.case, case.score) for case in four.cases] == [
        (1, "b", "95.00"),
        (2, "a", "90.50"),
        (2, "c", "90.5"),
        (4, "d", "80"),
    ]
    assert four.sum == "356.00"


def test_it_is_read_back_as_it_was_drawn_up(four: Ranking) -> None:
    assert msgspec.json.decode(msgspec.json.encode(four), type=Ranking) == four


def test_the_leaves_are_those_of_the_format(four: Ranking) -> None:
    lines = ["scoretrail-ranking/1", "head", 2023, 4, "356.00", four.salt]
    assert four.leaves[0] == naive.leaf("".join(f"{line}\n" for line in lines).encode())
    one = four.cases[0]
    lines = ["scoretrail-ranking/1", "case", 2023, 1, "95.00", "b", one.salt]
    assert four.leaves[1] == naive.leaf("".join(f"{line}\n" for line in lines).encode())
    assert four.root == naive.mth(four.leaves).hex()


@given(SCORES)
def test_every_case_can_be_shown_its_place_and_no_other_one(scores: dict[str, Decimal]) -> None:
    ranking = drawn(scores)
    assert list(ranking.faults()) == []
    count = len(ranking.cases)
    for index, case in enumerate(ranking.cases, 1):
        path = ranking.path(index)
        assert [bytes.fromhex(one) for one in path] == naive.path(index, ranking.leaves)
        verify_place(PlaceInRanking(2023, case, count), index, path, ranking.root)
        better = replace(case, place=case.place + 1) if case.place == 1 else replace(case, place=1)
        for other in (
            better,
            replace(case, score=f"{Decimal(case.score) + 1:f}"),
            replace(case, case="somebody-else"),
            replace(case, salt="0" * 32),
        ):
            with pytest.raises(ProofError):
                verify_place(PlaceInRanking(2023, other, count), index, path, ranking.root)
        with pytest.raises(ProofError):
            verify_place(PlaceInRanking(2024, case, count), index, path, ranking.root)
        with pytest.raises(ProofError):
            verify_place(PlaceInRanking(2023, case, count), index + 1, path, ranking.root)


def test_a_row_cannot_have_a_place_below_itself_or_none(four: Ranking) -> None:
    """A list in which every unit has the last place would please nobody, nor one with the first."""
    for place in (0, 3):
        wrong = PlaceInRanking(2023, replace(four.cases[1], place=place), 4)
        with pytest.raises(ProofError, match="cannot have place"):
            verify_place(wrong, 2, four.path(2), four.root)


def test_a_neighbour_s_score_cannot_be_tried_out_from_a_proof(four: Ranking) -> None:
    """With everything but the random bytes known, no score of any place hashes to its leaf.

    Without them, the same search finds it at once.
    """
    known = four.cases[0]
    (sibling, *_) = four.path(1)
    assert sibling == four.leaves[0].hex()
    neighbour = four.cases[1]
    (beside, *_) = four.path(3)
    assert beside == four.leaves[2].hex()  # of "a", which the unit of "c" gets to see

    def found(salt: str) -> bool:
        tries = (
            f"scoretrail-ranking/1\ncase\n2023\n{place}\n{cents // 100}.{cents % 100:02}\n"
            f"{neighbour.case}\n{salt}\n"
            for place in range(1, 5)
            for cents in range(10_001)
        )
        return any(sha256(b"\0" + one.encode()).hexdigest() == beside for one in tries)

    assert not found(known.salt)
    assert not found("")
    assert found(neighbour.salt)


def test_the_same_scores_are_another_list_each_time() -> None:
    same = {"a": Decimal(90), "b": Decimal(95)}
    assert drawn(same, 1).root != drawn(same, 2).root


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda cases: (cases[1], cases[0], *cases[2:]), "belongs before"),
        (lambda cases: (cases[0], replace(cases[1], place=1), *cases[2:]), "has place 2, not 1"),
        (lambda cases: (*cases[:3], replace(cases[3], place=3)), "has place 4, not 3"),
        (lambda cases: cases[:3], "the sum is"),
        (lambda cases: (*cases, cases[3]), "is there twice"),
        (lambda cases: (*cases[:3], replace(cases[3], salt=cases[0].salt)), "random bytes"),
    ],
)
def test_a_list_that_is_none_names_its_faults(four: Ranking, change, fault: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - of the tuple of cases
    changed = replace(four, cases=change(four.cases))
    assert any(fault in en for _, en in changed.faults())
    assert changed.root != four.root


def test_a_case_that_is_there_twice_in_a_row_is_not_out_of_order(four: Ranking) -> None:
    twice = replace(four, cases=(*four.cases, four.cases[3]))
    assert not any("belongs before" in en for _, en in twice.faults())


def test_a_leaf_is_no_entry_of_the_log(four: Ranking) -> None:
    case = RankedCase(1, "1", "a", "0" * 32)
    assert replace(four, cases=(case,)).leaves[1] != naive.leaf(b"{}")
