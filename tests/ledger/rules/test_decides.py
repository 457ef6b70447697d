"""What an award rests on: the rule, discretion, judgement, or a figure that is missing."""

from decimal import Decimal

import pytest

from ledger.rules.rule import RuleResult

D = Decimal


def result(lowest: str, highest: str, *missing: str) -> RuleResult:
    """What a rule gives: one score, or a range, perhaps for want of figures."""
    score = D(lowest) if lowest == highest else None
    return RuleResult(score, D(lowest), D(highest), (), missing=missing)


@pytest.mark.parametrize(
    ("given", "award", "decided_by"),
    [
        (result("9", "9"), "9.00", "rule"),
        (result("9", "9"), "9.01", "discretion"),
        (result("9", "9"), "8.99", "discretion"),
        (result("0", "10"), "0", "judgement"),
        (result("0", "10"), "10", "judgement"),
        (result("0", "8"), "8.01", "discretion"),
        (result("0", "10", "reserved"), "10", "missing"),
        (result("0", "8", "reserved"), "9", "discretion"),
    ],
)
def test_an_award_is_decided_by(given: RuleResult, award: str, decided_by: str) -> None:
    assert given.decides(D(award)) == decided_by


def test_where_there_is_no_award_nothing_decides() -> None:
    assert result("9", "9").decides(None) is None
