"""Row 9 of the score table, 绩效管理制度建设: 5 points.

Clause: rules on the use of money state performance requirements (goals, monitoring,
evaluation, use of results): full or nothing. Rules assign duties to divisions and subordinate
units: full or nothing. Half each; where contents have gaps, points are deducted by
discretion.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, ends, engine, said

HALF = Decimal(5) * 50 / 100


def test_both_there_and_complete() -> None:
    assert [
        said(f"performance-{one}")
        for one in (
            "requirements-issued",
            "requirements-complete",
            "duties-assigned",
            "duties-complete",
        )
    ] == ["yes"] * 4

    assert engine("system-building").score == HALF + HALF == awarded("system-building")


def test_no_duties_assigned_loses_that_half() -> None:
    assert engine("system-building", performance_duties_assigned="no").score == HALF


def test_gaps_are_left_to_discretion_within_that_half() -> None:
    result = engine("system-building", performance_requirements_complete="no")

    assert (result.score, ends(result)) == (None, (HALF, HALF + HALF))
