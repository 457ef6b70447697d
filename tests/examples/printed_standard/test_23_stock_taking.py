"""Row 23 of the score table, 资产盘点情况: 1 point.

Clause: assets counted once a year and the results dealt with: 1 point. Not counted: 0.
Counted and not dealt with: nothing is printed.
"""

from tests.support.printed_rows import awarded, ends, engine, said


def test_counted_and_nobody_says_what_became_of_the_results() -> None:
    assert (said("stock-taken"), said("stock-results-handled")) == ("yes", None)

    result = engine("stock-taking")

    assert (result.score, ends(result)) == (None, (0, 1))
    assert awarded("stock-taking") == 1


def test_dealt_with_not_dealt_with_and_not_counted() -> None:
    assert engine("stock-taking", stock_results_handled="yes").score == 1
    assert ends(engine("stock-taking", stock_results_handled="no")) == (0, 1)
    assert engine("stock-taking", stock_taken="no").score == 0
