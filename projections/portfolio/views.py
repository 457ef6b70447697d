"""The views of the portfolio by their names: each module has a table, and the rows of a case."""

from types import ModuleType
from typing import Final

from projections.portfolio import (
    adjustments,
    appeals_view,
    cases,
    evidence_view,
    indicators,
    pieces_view,
    rectification_view,
    scores_view,
    texts_view,
    work_view,
)

VIEWS: Final[dict[str, ModuleType]] = {
    module.TABLE.name.rpartition("_")[2]: module
    for module in (
        cases,
        scores_view,
        indicators,
        adjustments,
        rectification_view,
        work_view,
        appeals_view,
        evidence_view,
        texts_view,
        pieces_view,
    )
}
"""The table of cases comes first; the rows of all others are of those cases."""
