"""What a case comes to, step by step."""

import pytest
from msgspec.structs import replace

from ledger.case import fold
from ledger.case_totals import claimed_totals
from ledger.events import IndicatorExcluded, ScoreClaimed
from ledger.values import Invalid
from projections.as_of import PointInTime, moment_over_cases
from projections.portfolio.steps import AXES, FoldedCase
from tests.support.small_case import REVIEWED
from tests.support.specification import editions, history


@pytest.mark.parametrize("axis", AXES)
def test_a_row_that_nobody_claimed_is_not_pending_once_it_does_not_apply(axis: str) -> None:
    """As when a corrected edition brings a row that the unit was never asked for."""
    told = [
        one
        for one in history(REVIEWED)
        if not (isinstance(one.event, ScoreClaimed) and one.event.indicator == "service")
    ]
    excluded = IndicatorExcluded(
        indicator="service", justification="x", clause="x", ground="", evidence=()
    )
    told.append(replace(told[-1], event=excluded))
    told = [replace(one, version=version) for version, one in enumerate(told, start=1)]
    life = FoldedCase(told, editions())
    rubric = editions().rubric("2023")

    before, after = life.states["recorded"], claimed_totals(fold(told), rubric)

    assert after.pending == 0
    assert any(state.tally.claim.pending == 1 for state in before)
    if axis != "stage":
        assert life.states[axis][-1].tally.claim == after


@pytest.mark.parametrize(
    ("label", "moment"),
    [
        ("final", PointInTime("dated", "9999-12-31")),
        ("2024-08-01", PointInTime("dated", "2024-08-01")),
        ("self", PointInTime("stage", "self")),
        ("recorded:2026-11-21T10:00Z", PointInTime("recorded", "2026-11-21T10:00:00.000000Z")),
    ],
)
def test_a_label_names_a_moment_of_all_cases(label: str, moment: PointInTime) -> None:
    assert moment_over_cases(label) == moment


def test_a_version_is_of_one_case() -> None:
    with pytest.raises(Invalid, match="one case"):
        moment_over_cases("v57")
