"""Row 11 of the score table, 采购意向公开合规性（完整性）: 0.5 points.

Clause: 100 % of the intentions published is full, anything less is 0.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, ends, engine, engine_of, said

WEIGHT = Decimal("0.5")


def test_two_of_two() -> None:
    assert (said("intentions-due"), said("intentions-published")) == ("2", "2")

    assert engine("intention-completeness").score == WEIGHT == awarded("intention-completeness")


def test_one_of_a_hundred_left_out_and_none_due() -> None:
    most = engine_of("intention-completeness", intentions_due="100", intentions_published="99")
    none = engine_of("intention-completeness", intentions_due="0", intentions_published="0")

    assert most.score == 0
    assert ends(none) == (0, WEIGHT)  # nothing is printed for nothing due
