"""The row next to a form (表单旁的指标): what its author looks at while they decide."""

from collections.abc import Iterable
from typing import NamedTuple

from projections.as_of import CaseAsOf
from projections.change_log import ChangeLogRow, CitedEvidence
from projections.explanation import Explanation, explain
from projections.facts import Reader, reader_of
from projections.rubric_view import row_names
from web.desk import Desk


class RowBeside(NamedTuple):
    """A row in its current state, and what was cited for it.

    Attributes:
        name: with its id where another row has the same.
        files: those that were not erased.
        last: the last event that moved its score, in words; empty where nothing did.
    """

    explained: Explanation
    name: str
    files: list[CitedEvidence]
    reader: Reader
    last: ChangeLogRow | None


def row_beside(desk: Desk, point: CaseAsOf, indicator: object) -> RowBeside | None:
    """The row that a form names; `None` where it names none."""
    if not point.rubric or str(indicator) not in point.rubric.by_id:
        return None
    explained = explain(point, str(indicator))
    moved = [move for move in explained.moves if move.after is not None]
    return RowBeside(
        explained,
        row_names(point.rubric)[explained.indicator],
        [file for file in cited(explained.moves) if file.sha256 not in point.case.erased],
        reader_of(point, desk.language),
        moved[-1] if moved else None,
    )


def cited(moves: Iterable[ChangeLogRow]) -> list[CitedEvidence]:
    """The files that anything recorded about the row cites, each once."""
    return list({file.sha256: file for move in moves for file in move.evidence}.values())
