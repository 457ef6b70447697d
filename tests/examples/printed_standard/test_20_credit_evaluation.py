"""Row 20 of the score table, 采购政策效能（信用评价）: 0.5 points.

Clause (湛财采〔2023〕33号): the buyer rates suppliers once a purchase by the electronic marketplace
is over. Rated ÷ to be rated × weight.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, cents, ends, engine, said

WEIGHT = Decimal("0.5")


def test_25_of_25() -> None:
    assert (said("credit-evaluations-done"), said("credit-evaluations-due")) == ("25", "25")

    by_hand = Decimal(25) / Decimal(25) * WEIGHT

    assert engine("credit-evaluation").score == by_hand == awarded("credit-evaluation")


def test_25_of_the_75_contracts_of_the_marketplace() -> None:
    by_hand = Decimal(25) / Decimal(75) * WEIGHT

    assert engine("credit-evaluation", credit_evaluations_due="75").score == cents(by_hand)
    assert ends(engine("credit-evaluation", credit_evaluations_due=None)) == (0, WEIGHT)
