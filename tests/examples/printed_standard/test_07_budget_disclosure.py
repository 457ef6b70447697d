"""Row 7 of the score table, 预决算公开合规性: 2 points.

Clause: budget and accounts half each; one of them not public (but for departments with
secrets) and the row gets 0. Of each half, in time is 10 % of the weight: within 20 days of
approval; regular is 40 %: by the share of the checks that the publication passes.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, ends, engine, engine_of, said

WEIGHT = Decimal(2)
IN_ORDER = {
    "budget_published": "yes",
    "accounts_published": "yes",
    "budget_approval_to_publication_bureau": "2023-03-07/2023-03-27",  # the twentieth day
    "accounts_approval_to_publication_bureau": "2023-09-07/2023-09-15",
    "budget_publication_checks": "10",
    "budget_publication_checks_passed": "10",
    "accounts_publication_checks": "10",
    "accounts_publication_checks_passed": "10",
}


def test_the_case_has_neither_the_bureau_s_approval_nor_the_checks() -> None:
    assert (said("budget-published"), said("accounts-published")) == ("yes", "yes")
    assert said("budget-publication-checks") is None

    result = engine("budget-disclosure")

    assert (result.score, ends(result)) == (None, (0, WEIGHT))
    assert awarded("budget-disclosure") == WEIGHT


def test_everything_in_order() -> None:
    by_hand = 2 * (WEIGHT * 10 / 100 + WEIGHT * 40 / 100)

    assert engine_of("budget-disclosure", **IN_ORDER).score == by_hand == WEIGHT


def test_a_day_too_late_and_a_check_not_passed() -> None:
    late = {"budget_approval_to_publication_bureau": "2023-03-07/2023-03-28"}
    failed = {"accounts_publication_checks_passed": "9"}
    by_hand = WEIGHT - WEIGHT * 10 / 100 - WEIGHT * 40 / 100 * 1 / 10

    assert engine_of("budget-disclosure", **{**IN_ORDER, **late, **failed}).score == by_hand


def test_accounts_that_are_not_public_lose_all() -> None:
    assert engine_of("budget-disclosure", **{**IN_ORDER, "accounts_published": "no"}).score == 0
