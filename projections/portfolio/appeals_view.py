"""Appeals of all cases: when they were lodged, against which awards, and whether they are open."""

from collections.abc import Iterator
from typing import Final

from msgspec import json

from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import case_key, optional_count, place, table, words, yes_no
from projections.work_list import appeals

APPEALS: Final = table(
    "appeals",
    case_key(),
    place("number_in_case"),
    words("appeal", "number", "lodged", "contests"),
    yes_no("open"),
    optional_count("late"),
)
"""One row an appeal; what it contests is JSON: rows with the version and the award of each."""


def rows(folded: FoldedCase) -> Iterator[ViewRow]:
    """The appeals of a case."""
    if not folded.has_time_limits:
        return
    for place_, summary in enumerate(appeals(folded.point)):
        contests = json.encode(summary.contests).decode()
        lodged = summary.lodged.isoformat()
        yield (
            place_,
            summary.appeal,
            summary.number or "",
            lodged,
            contests,
            int(summary.open),
            summary.late,
        )
