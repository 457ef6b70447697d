"""Row 10 of the score table, 绩效管理制度执行: 10 points.

Clause: quality of the goals 40 %, grade of the last review 40 %, response to rectification 20
%: 2 off for each response that is late, 1 for each time that monitored money is not put
right. How quality and grade become points is not printed.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, ends, engine, said

WEIGHT = Decimal(10)
THIRD_PART = WEIGHT * 20 / 100


def test_two_parts_are_not_settled_by_any_clause_and_the_third_lacks_a_figure() -> None:
    assert (said("last-review-grade"), said("rectification-feedback-late")) == ("优", "0")
    assert said("monitored-funds-not-rectified") is None

    result = engine("system-execution")

    assert (result.score, ends(result)) == (None, (0, WEIGHT))
    assert result.allows(awarded("system-execution"))


def test_nothing_late_settles_the_third_part_alone() -> None:
    result = engine("system-execution", monitored_funds_not_rectified="0")

    assert ends(result) == (THIRD_PART, WEIGHT)


def test_one_late_response_and_one_time_not_put_right() -> None:
    # of the ten points of the part 2 and 1 are off; 7 of 10 count 20 %
    lost = (Decimal(2) + Decimal(1)) * 20 / 100

    result = engine(
        "system-execution", rectification_feedback_late="1", monitored_funds_not_rectified="1"
    )

    assert ends(result) == (THIRD_PART - lost, WEIGHT - lost)
