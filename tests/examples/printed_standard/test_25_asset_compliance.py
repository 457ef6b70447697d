"""Row 25 of the score table, 资产管理合规性: 2 points.

Clause: no internal rules 0.5 off; rules of the state not followed 0.5; lending, letting or
disposal not regular 0.5; each problem found by inspections 0.5; down to 0.
"""

from decimal import Decimal

import pytest

from tests.support.printed_rows import awarded, engine, said

STEP = Decimal("0.5")


def test_no_clause_gives_the_point_that_the_review_takes() -> None:
    assert [
        said(f"asset-{one}")
        for one in (
            "rules-issued",
            "rules-followed",
            "disposals-regular",
            "issues-found",
        )
    ] == ["yes", "yes", "yes", "0"]

    assert engine("asset-compliance").score == 2
    assert awarded("asset-compliance") == 2 - 2 * STEP  # two steps, and the figures show none


@pytest.mark.parametrize(
    ("changed", "by_hand"),
    [
        ({"asset_issues_found": "1"}, 2 - STEP),
        ({"asset_rules_issued": "no"}, 2 - STEP),
        ({"asset_rules_followed": "no", "asset_disposals_regular": "no"}, 2 - 2 * STEP),
        ({"asset_rules_issued": "no", "asset_issues_found": "9"}, Decimal(0)),
    ],
)
def test_each_ground_costs_its_half_point(changed: dict[str, str], by_hand: Decimal) -> None:
    assert engine("asset-compliance", **changed).score == by_hand
