"""Row 14 of the score table, 采购活动合规性: 2 points.

Clause: 1 point off for each complaint that finance has found to be right, down to 0.
"""

import pytest

from tests.support.printed_rows import awarded, ends, engine, said


def test_no_complaint() -> None:
    assert said("procurement-complaints-upheld") == "0"

    assert engine("procurement-compliance").score == 2 - 0 == awarded("procurement-compliance")


@pytest.mark.parametrize(("upheld", "by_hand"), [("1", 2 - 1), ("2", 2 - 2), ("3", 0)])
def test_each_costs_a_point_until_none_is_left(upheld: str, by_hand: int) -> None:
    result = engine("procurement-compliance", procurement_complaints_upheld=upheld)

    assert result.score == by_hand


def test_nobody_says_how_many() -> None:
    result = engine("procurement-compliance", procurement_complaints_upheld=None)

    assert ends(result) == (0, 2)
