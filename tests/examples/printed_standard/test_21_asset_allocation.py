"""Row 21 of the score table, 资产配置合规性: 2 points.

Clause: within the standards 2 points; 1 off for each item or kind that is not, down to 0.
"""

import pytest

from tests.support.printed_rows import awarded, engine, said


def test_nothing_over_the_standards() -> None:
    assert said("assets-over-standard") == "0"

    assert engine("asset-allocation").score == 2 == awarded("asset-allocation")


@pytest.mark.parametrize(("over", "by_hand"), [("1", 2 - 1), ("2", 0), ("5", 0)])
def test_each_costs_a_point(over: str, by_hand: int) -> None:
    assert engine("asset-allocation", assets_over_standard=over).score == by_hand
