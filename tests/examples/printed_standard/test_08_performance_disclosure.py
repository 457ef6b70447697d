"""Row 8 of the score table, 绩效信息公开情况: 1 point.

Clause: goals and self-evaluation on the unit's own site in the required time, half each;
otherwise that half gets 0.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, cents, ends, engine, said

HALF = Decimal(1) * 50 / 100


def test_both_in_time() -> None:
    assert said("goals-published-in-time") == said("self-report-published-in-time") == "yes"

    assert engine("performance-disclosure").score == HALF + HALF
    assert awarded("performance-disclosure") == HALF + HALF


def test_one_of_them_late_or_neither_known() -> None:
    late = engine("performance-disclosure", self_report_published_in_time="no")
    unknown = engine("performance-disclosure", self_report_published_in_time=None)

    assert late.score == cents(HALF)
    assert ends(unknown) == (cents(HALF), cents(HALF + HALF))
