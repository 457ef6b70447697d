"""Row 6 of the score table, 财务管理合规性: 3 points.

Clause: by the opinions of audit and of financial supervision. A problem with a demand to put
it right in a time: 0.5 each. Without one, but money was got by fraud or diverted because the
department's rules or duties failed: 0.5 each. The same problem two years running, or opinions
not put right: 1 each. Down to 0. What other rows deduct (assets, procurement) is not deducted
here.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, ends, engine, engine_of, said

ISSUES = ("audit-issues-to-rectify", "audit-issues-by-fault", "audit-issues-repeated")
NONE = {
    "audit_issues_to_rectify": "0",
    "audit_issues_counted_elsewhere": "0",
    "audit_issues_by_fault": "0",
    "audit_issues_by_fault_counted_elsewhere": "0",
    "audit_issues_repeated": "0",
    "audit_issues_repeated_counted_elsewhere": "0",
}


def test_no_report_is_not_a_report_without_problems() -> None:
    assert [said(one) for one in ISSUES] == [None, None, None]

    result = engine("financial-compliance")

    assert (result.score, ends(result)) == (None, (0, 3))
    assert set(ISSUES) <= set(result.missing)
    assert awarded("financial-compliance") == 3


def test_a_report_without_problems() -> None:
    assert engine_of("financial-compliance", **NONE).score == 3


def test_one_of_each_kind() -> None:
    found = {
        "audit_issues_to_rectify": "1",
        "audit_issues_by_fault": "1",
        "audit_issues_repeated": "1",
    }
    by_hand = Decimal(3) - Decimal("0.5") - Decimal("0.5") - 1

    assert engine_of("financial-compliance", **{**NONE, **found}).score == by_hand


def test_no_further_than_nothing() -> None:
    assert engine_of("financial-compliance", **{**NONE, "audit_issues_repeated": "4"}).score == 0


def test_what_another_row_deducts_is_not_deducted_here() -> None:
    found = {
        "audit_issues_to_rectify": "2",
        "audit_issues_counted_elsewhere": "1",
        "audit_issues_repeated": "1",
        "audit_issues_repeated_counted_elsewhere": "1",
    }

    assert engine_of("financial-compliance", **{**NONE, **found}).score == 3 - Decimal("0.5")
