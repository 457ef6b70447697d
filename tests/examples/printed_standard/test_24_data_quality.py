"""Row 24 of the score table, 数据质量: 2 points.

Clause: the yearly report on state assets is complete and exact, every query is explained
truly, and asset accounts match financial accounts and the things themselves: 2 points.
Otherwise by discretion.
"""

from tests.support.printed_rows import awarded, ends, engine, said


def test_nobody_says_whether_queries_were_explained() -> None:
    assert said("asset-report-complete") == said("asset-accounts-match") == "yes"
    assert said("asset-queries-explained") is None

    result = engine("data-quality")

    assert (result.score, ends(result)) == (None, (0, 2))
    assert awarded("data-quality") == 2


def test_all_three_or_not_all() -> None:
    assert engine("data-quality", asset_queries_explained="yes").score == 2
    short = engine("data-quality", asset_queries_explained="yes", asset_accounts_match="no")
    assert (short.score, ends(short)) == (None, (0, 2))
