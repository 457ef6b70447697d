"""Row 22 of the score table, 资产收益上缴的及时性: 1 point.

Clause: 0.5 off for each sum of proceeds or rent that was kept for long, more than 3 months;
down to 0.
"""

from decimal import Decimal

import pytest

from tests.support.printed_rows import awarded, engine, said


def test_nothing_overdue() -> None:
    assert said("remittances-overdue") == "0"

    assert engine("revenue-remittance").score == 1 == awarded("revenue-remittance")


@pytest.mark.parametrize(
    ("overdue", "by_hand"), [("1", 1 - Decimal("0.5")), ("2", Decimal(0)), ("3", Decimal(0))]
)
def test_each_costs_half_a_point(overdue: str, by_hand: Decimal) -> None:
    assert engine("revenue-remittance", remittances_overdue=overdue).score == by_hand
