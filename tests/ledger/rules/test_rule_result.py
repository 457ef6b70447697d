"""What a rule allows, and how far a score is from it."""

from decimal import Decimal

import pytest

from ledger.rules.rule import RuleResult

OPEN = RuleResult(None, Decimal("11.82"), Decimal("18.36"), ())


@pytest.mark.parametrize(
    ("award", "nearest"),
    [
        ("0.00", "11.82"),
        ("11.82", "11.82"),
        ("15.00", "15.00"),
        ("18.36", "18.36"),
        ("19", "18.36"),
    ],
)
def test_the_nearest_score_is_allowed_and_is_the_award_itself_where_that_is(
    award: str, nearest: str
) -> None:
    found = OPEN.nearest(Decimal(award))
    assert found == Decimal(nearest)
    assert OPEN.allows(found)
    assert OPEN.allows(Decimal(award)) == (found == Decimal(award))
