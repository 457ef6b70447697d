"""Row 5 of the score table, 预算编制约束性: 4 points.

Clause: (1 − rate of transfers) × weight × 60 % + (1 − rate of additions) × weight × 40 %.
Transfers because of policy changes of the centre, province or city, or of force majeure, do
not count; nor do additions because of a new unified policy, and of those only that.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, cents, ends, engine, engine_of, said

WEIGHT = Decimal(4)


def by_the_formula(transfers: str, additions: str) -> Decimal:
    kept, not_added = 1 - Decimal(transfers) / 100, 1 - Decimal(additions) / 100
    return kept * WEIGHT * 60 / 100 + not_added * WEIGHT * 40 / 100


def test_the_rates_of_the_review() -> None:
    assert (said("budget-adjustment-rate"), said("budget-addition-rate")) == ("0.72", "0")

    by_hand = by_the_formula("0.72", "0")

    assert by_hand == Decimal("3.98272")
    assert engine("budget-constraint").score == cents(by_hand) == Decimal("3.98")
    assert awarded("budget-constraint") - cents(by_hand) == Decimal("0.02")


def test_both_rates() -> None:
    by_hand = by_the_formula("10", "25")

    assert by_hand == Decimal("3.36")
    figures = {"budget_adjustment_rate": "10", "budget_addition_rate": "25"}
    assert engine_of("budget-constraint", **figures).score == by_hand


def test_exempt_transfers_and_exempt_additions_are_not_counted() -> None:
    figures = {"budget_adjustment_rate": "0.72", "budget_addition_rate": "5"}

    moved = engine_of("budget-constraint", **figures, budget_adjustment_exempt="0.72")
    added = engine_of("budget-constraint", **figures, budget_addition_exempt="5")

    assert moved.score == cents(by_the_formula("0", "5"))
    assert added.score == cents(by_the_formula("0.72", "0"))


def test_a_rate_that_nobody_states_leaves_its_part_open() -> None:
    result = engine("budget-constraint", budget_addition_rate=None)

    known = (1 - Decimal("0.0072")) * WEIGHT * 60 / 100
    assert ends(result) == (cents(known), cents(known + WEIGHT * 40 / 100))
