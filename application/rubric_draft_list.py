"""The rows of a drafted rubric as a list, for the terminal and for tables."""

from collections.abc import Iterator
from typing import Final

from application.rubric_draft import RubricDraftView
from documents.lists import ListColumn, Row
from ledger import terms

DRAFTED_ROWS: Final = (
    ListColumn("indicator", terms.INDICATOR),
    ListColumn("name", terms.NAME),
    ListColumn("cell", terms.CELL),
    ListColumn("weight", terms.WEIGHT, number=True),
    ListColumn("rule", terms.RULE),
    ListColumn("questions", terms.QUESTIONS, number=True),
)


def drafted_rows(view: RubricDraftView) -> Iterator[Row]:
    """The rows as a table."""
    for row in view.rows:
        yield {
            "indicator": row.indicator,
            "name": row.path[-1],
            "cell": row.cell,
            "weight": row.weight,
            "rule": terms.SHAPES[row.shape] if row.shape else row.why,
            "questions": row.questions or None,
        }
