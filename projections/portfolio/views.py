"""The views of the portfolio by their names: their tables, and what makes the rows of a case."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Table

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
from projections.portfolio.steps import FoldedCase, ViewRow


class View(NamedTuple):
    """A table, and what makes its rows out of the fold of a case."""

    table: Table
    rows: Callable[[FoldedCase], Iterable[ViewRow]]

    @property
    def columns(self) -> Sequence[Column[Any]]:
        """Those of a row: all but the key of the case."""
        return list(self.table.columns)[1:]


VIEWS: Final = {
    "cases": View(cases.CASES, cases.rows),
    "scores": View(scores_view.SCORES, scores_view.rows),
    "indicators": View(indicators.INDICATORS, indicators.rows),
    "adjustments": View(adjustments.ADJUSTMENTS, adjustments.rows),
    "requests": View(rectification_view.REQUESTS, rectification_view.rows),
    "work": View(work_view.WORK, work_view.rows),
    "appeals": View(appeals_view.APPEALS, appeals_view.rows),
    "evidence": View(evidence_view.EVIDENCE, evidence_view.rows),
    "texts": View(texts_view.TEXTS, texts_view.rows),
    "pieces": View(pieces_view.PIECES, pieces_view.rows),
}
"""The table of cases comes first; the rows of all others are of those cases."""
