"""Bonus and penalty of the score table, and the rows in sum.

Clause: +1 for each commendation by the centre, the province or the city, the same work once,
3 at most, the total not above 100; −1 for each time that the unit is called to account, 3 at
most.
"""

from decimal import Decimal

import pytest

from ledger.standard_totals import awards_by_standard, claims_by_standard
from tests.support.printed_rows import awarded, ends, engine, reference

CAP = Decimal(100)
DECIDED = "10.75 9 2 3.98 1 5 0.5 0 1 2 0 0.39 1 1 0.5 2 1 2 2"
"""What the pages derive where the clause decides, row by row."""


def by_the_clause(rows: Decimal, bonus: int, penalty: int) -> Decimal:
    return min(rows + min(bonus, 3) - min(penalty, 3), CAP)


@pytest.mark.parametrize(
    ("rows", "bonus", "penalty"),
    [("90.89", 3, 0), ("98.5", 4, 0), ("90", 0, 0), ("90", 2, 5), ("99", 4, 1)],
)
def test_items_are_capped_and_so_is_the_total(rows: str, bonus: int, penalty: int) -> None:
    _, rubric = reference()
    first, *others = rubric.by_id
    scores = {first: Decimal(rows), **dict.fromkeys(others, Decimal(0))}

    totals = rubric.totals(scores, [Decimal(1)] * bonus, [Decimal(1)] * penalty)

    assert totals.total == by_the_clause(Decimal(rows), bonus, penalty)


def test_four_items_are_claimed_three_count_and_the_cap_takes_a_point_and_a_half() -> None:
    case, rubric = reference()
    assert len(case.bonus_claims) == 4

    rows = sum(case.claims.values(), Decimal(0))

    assert rows == Decimal("98.5")
    assert by_the_clause(rows, len(case.bonus_claims), 0) == 100
    assert claims_by_standard(case, rubric).given == 100


def test_the_rows_of_these_pages_in_sum() -> None:
    case, rubric = reference()
    decided = sum(
        map(
            Decimal,
            DECIDED.split(),
        ),
        Decimal(0),
    )
    assert decided == Decimal("45.12")
    open_ = {
        "benefit-goals": ("11.82", "18.36"),
        "financial-compliance": ("0", "3"),
        "budget-disclosure": ("0", "2"),
        "system-execution": ("0", "10"),
        "sme-procurement": ("0", "1"),
        "stock-taking": ("0", "1"),
        "data-quality": ("0", "2"),
        "asset-utilisation": ("0", "2"),
        "three-public": ("0", "1"),
    }
    bonus = Decimal(3)
    least = decided + sum(Decimal(low) for low, _ in open_.values()) + bonus
    most = decided + sum(Decimal(high) for _, high in open_.values()) + bonus
    # left as awarded, but the benefits, of which 19 lies beyond 18.36
    left = sum(awarded(row) for row in open_ if row != "benefit-goals") + Decimal("18.36")

    found = awards_by_standard(case, rubric)

    assert {row: ends(engine(row)) for row in open_} == {
        row: tuple(map(Decimal, both)) for row, both in open_.items()
    }
    assert (found.lowest, found.highest) == (least, most)
    assert (least, most) == (Decimal("59.94"), Decimal("88.48"))
    assert found.nearest == decided + left + bonus == Decimal("86.98")
    # the four grades: 优 from 90, 良 from 80, 中 from 60
    assert most < 90
    assert (found.grade_highest, found.grade_nearest, found.grade_lowest) == ("良", "良", "差")


def test_the_total_that_counts_finished_goals_in_full_is_not_the_standard_s() -> None:
    # 19.09 for the benefits instead of at most 18.36: 87.71, still 良, and 0.73 beyond
    case, rubric = reference()
    nearest = awards_by_standard(case, rubric).nearest
    assert nearest is not None

    assert nearest + (Decimal("19.09") - Decimal("18.36")) == Decimal("87.71")


def test_the_unit_s_own_figures() -> None:
    case, rubric = reference()
    # outputs 18 (1.35 ÷ 0.84 is above 150 %), benefits at most 18.36, no contract in time,
    # 0 where the unit claims 0 and its figures say so; all other rows in full
    rows = CAP - 2 - (20 - Decimal("18.36")) - Decimal("1.5") - Decimal("0.5") - 1

    found = claims_by_standard(case, rubric)

    assert found.highest == by_the_clause(rows, 4, 0) == Decimal("96.36")
    # with finished goals in full, 19.09, it would be 97.09
    assert found.highest + (Decimal("19.09") - Decimal("18.36")) == Decimal("97.09")
