"""Row 3 of the score table, 部门预算资金支出率: 10 points.

Clause: actual spending (table 财决01-1) ÷ what finance allotted (initial budget, grants from
above, changes during the year, carry-over and so on; transfers to counties may leave it). 100
% is 10; from 90 % 9; from 80 % 8; from 70 % 7; below 6. Above 100 % nothing is printed.
"""

from decimal import Decimal

import pytest

from tests.support.printed_rows import awarded, ends, engine, engine_of, said


def test_the_figures_of_the_review() -> None:
    spent, allotted, carried = (
        Decimal(said(one) or "0") for one in ("expenditure-actual", "budget-issued", "carry-over")
    )
    assert (spent, allotted, carried) == (
        Decimal("131756161.60"),
        Decimal("131961226.18"),
        Decimal("453140.44"),
    )

    rate = spent / (allotted + carried) * 100

    assert Decimal(90) <= rate < Decimal(100)
    assert engine("expenditure-rate").score == 9 == awarded("expenditure-rate")


@pytest.mark.parametrize(
    ("spent", "by_hand"),
    [
        ("100", 10),
        ("99.99", 9),
        ("90", 9),
        ("89.99", 8),
        ("80", 8),
        ("79.99", 7),
        ("70", 7),
        ("69.99", 6),
        ("0", 6),
    ],
)
def test_each_tier_is_closed_below_and_open_above(spent: str, by_hand: int) -> None:
    figures = {"expenditure_actual": spent, "budget_issued": "95", "carry_over": "5"}

    assert engine_of("expenditure-rate", **figures).score == by_hand


def test_nothing_is_printed_above_100_percent() -> None:
    # fiscal money alone: 131231974.93 and the carry-over, 100.05 %
    spent, allotted = Decimal("131756161.60"), Decimal("131231974.93") + Decimal("453140.44")
    assert spent > allotted

    result = engine("expenditure-rate", budget_issued="131231974.93")

    assert (result.score, ends(result)) == (None, (0, 10))


def test_transfers_to_counties_may_leave_the_denominator() -> None:
    # 80 of 100 is 8 points; 80 of 100 − 15 is 94 %, 9 points
    figures = {"expenditure_actual": "80", "budget_issued": "95", "carry_over": "5"}

    assert engine_of("expenditure-rate", **figures).score == 8
    assert engine_of("expenditure-rate", **figures, county_transfers="15").score == 9
