"""What is found in a delivered table by its mapping file, and what is left open."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from intake.grid import Sheet
from intake.mapping_file import MappingFile
from intake.table_figures import OWN, RESTATED, Answered, TableFigure, figures_of
from intake.table_mapping import Mapped, by_indicator, obeyed, propose, whole_in
from intake.table_questions import Found, Question, questions, reason_question
from intake.table_rows import read_tables
from projections.as_of import CaseAsOf
from projections.score_sheet import pinned, score_sheet

Side = Literal["review", "self-evaluation"]
"""Whose columns of a table are read: the reviewer's, or the unit's own."""


def find(
    point: CaseAsOf, file: Path, sheets: Sequence[Sheet], said: MappingFile, side: Side
) -> tuple[Found, list[Question]]:
    """What is found in a table by its mapping file, and what is left open."""
    rubric, own = pinned(point), side == "self-evaluation"
    whole = whole_in(rubric)
    tables = read_tables(file, sheets, rubric.scale, said.answers, own=own, whole=whole)
    rows = obeyed(propose(tables, rubric), said.rows, said.reasons, rubric)
    figures, opened = figures_of(
        rows,
        rubric,
        point.case.figures if own else {**point.case.figures, **point.case.restated},
        Answered(frozenset(said.answers.cells), said.figures),
        OWN if own else RESTATED,
    )
    found = Found(tables, rows, figures, opened, said.answers)
    asked = questions(file, found, rubric)
    asked += () if own else _reasons(file, rows, figures, point)
    return found, asked


def _reasons(
    file: Path, rows: Sequence[Mapped], figures: Sequence[TableFigure], point: CaseAsOf
) -> Iterator[Question]:
    """The reasons that a review needs and the table does not print."""
    sheet = score_sheet(point)
    assert sheet  # noqa: S101 - a rubric is pinned, so there is a sheet
    stands = {row.id: row for row in sheet.indicators}
    known = {**point.case.figures, **point.case.restated}
    restated = {figure.indicator for figure in figures if figure.is_new(known)}
    for row, means in by_indicator(rows, pinned(point)):
        given = row.award in {None, stands[means].award, stands[means].claim}
        if not row.reason and (not given or means in restated):
            yield reason_question(file, row)
