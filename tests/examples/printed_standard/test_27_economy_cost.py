"""Row 27 of the score table, 经济成本控制情况: 2 points.

Clause: daily running costs of the accounts ≤ those of the adjusted budget: 2 points,
otherwise 0.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, engine, said


def test_three_thousandths_of_a_yuan_below_the_budget() -> None:
    actual = Decimal(said("running-costs-actual") or "0")
    budget = Decimal(said("running-costs-budget") or "0")
    assert (actual, budget) == (Decimal("5499159.04"), Decimal("5499159.043"))

    assert actual <= budget
    assert budget - actual == Decimal("0.003")
    assert engine("economy-cost").score == 2 == awarded("economy-cost")


def test_the_same_passes_and_a_cent_more_does_not() -> None:
    assert engine("economy-cost", running_costs_actual="5499159.043").score == 2
    assert engine("economy-cost", running_costs_actual="5499159.05").score == 0
