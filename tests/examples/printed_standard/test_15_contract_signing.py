"""Row 15 of the score table, 采购合同签订时效性（签订及时率）: 1.5 points.

Clause: contracts are signed within thirty days from the day of the notice of award. Of all
projects 100 % in time is 1.5; from 90 % 1; from 80 % 0.5; below nothing.
"""

from datetime import date
from decimal import Decimal

import pytest

from tests.support.printed_rows import awarded, engine, engine_of, said


def test_two_of_three_were_signed_before_the_notice() -> None:
    assert [
        said(f"award-to-signing-{one}")
        for one in (
            "oil-and-chemicals",
            "industrial-products",
            "lift-platform",
        )
    ] == ["2023-11-09/2023-11-04", "2023-11-09/2023-11-04", "2023-03-29/2023-04-13"]
    days = [
        (date(2023, 11, 4) - date(2023, 11, 9)).days,
        (date(2023, 11, 4) - date(2023, 11, 9)).days,
        (date(2023, 4, 13) - date(2023, 3, 29)).days,
    ]
    assert days == [-5, -5, 15]  # five days before there was anything to sign for

    in_time = sum(0 <= one <= 30 for one in days) / Decimal(3)

    assert in_time < Decimal("0.8")
    assert engine("contract-signing").score == 0
    assert awarded("contract-signing") - 0 == Decimal("1.5")


@pytest.mark.parametrize(
    ("late", "of", "by_hand"),
    [
        (0, 10, Decimal("1.5")),
        (1, 10, Decimal(1)),  # exactly 90 %
        (1, 9, Decimal("0.5")),  # 88.9 %
        (1, 5, Decimal("0.5")),  # exactly 80 %
        (1, 4, Decimal(0)),  # 75 %
    ],
)
def test_the_tiers(late: int, of: int, by_hand: Decimal) -> None:
    dates = ["2023-03-01/2023-04-01"] * late + ["2023-03-01/2023-03-31"] * (of - late)
    assert (date(2023, 4, 1) - date(2023, 3, 1)).days == 31
    assert (date(2023, 3, 31) - date(2023, 3, 1)).days == 30
    figures = {f"award_to_signing_{n}": value for n, value in enumerate(dates)}

    assert engine_of("contract-signing", **figures).score == by_hand
