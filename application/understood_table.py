"""What a delivered table says by its mapping file, and what is left to be asked about it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

from application.written_file import write_whole
from intake.delivered_file import read_sheets
from intake.files import HandedIn, hand_in
from intake.mapping_file import MappingFile, read, with_lines, written
from intake.table_figures import OWN, RESTATED, Answered, TableFigure, figures_of
from intake.table_mapping import (
    Mapped,
    by_indicator,
    obeyed,
    propose,
    refuse_incomplete,
    whole_in,
)
from intake.table_questions import Found, Question, left_open, lines, questions, reason_question
from intake.table_rows import DeliveredTables, read_tables
from ledger.rubric import Rubric
from ledger.system_error import cannot_write
from ledger.values import Invalid
from projections.as_of import CaseAsOf
from projections.score_sheet import pinned, score_sheet

Side = Literal["review", "self-evaluation"]
"""Whose columns of a table are read: the reviewer's, or the unit's own."""
NOTES: Final = {
    "partial": "true：表里可以缺指标 the table may lack indicators",
    "submit": "读入自评表后提交自评 submit the self-evaluation that is read",
}


class UnderstoodTable(NamedTuple):
    """A table, what it was taken for and what is open.

    Attributes:
        point: the case, as it was looked at.
        file: what the table is called.
        table: the table as it was handed in.
        path: what its mapping file is called.
        mapping: the mapping file, with the lines that were added to it.
        said: what it says.
        rows: the rows of the table, each with what it is.
        figures: the cells that give figures.
        questions: what a person has to say before anything is recorded.
        refused: why nothing may be recorded yet, if so.
    """

    side: Side
    point: CaseAsOf
    file: Path
    table: HandedIn
    path: Path
    mapping: HandedIn
    said: MappingFile
    tables: DeliveredTables
    rows: list[Mapped]
    figures: list[TableFigure]
    questions: list[Question]
    refused: Invalid | None

    @property
    def rubric(self) -> Rubric:
        """The rubric that the case is scored by."""
        return pinned(self.point)

    @property
    def scored(self) -> list[Mapped]:
        """The rows that have scores of their own."""
        return [pair for pair in self.rows if pair.row.within is None]

    @property
    def indicators(self) -> list[Mapped]:
        """The indicators, each with its rows as one."""
        return by_indicator(self.rows, self.rubric)


def understand(  # noqa: PLR0913 - a case, two files and how they are called
    point: CaseAsOf,
    file: Path,
    table: HandedIn,
    path: Path,
    mapping: HandedIn | None,
    *,
    side: Side = "review",
) -> UnderstoodTable:
    """Read a table by its mapping file; what is found or asked besides is added to that.

    Args:
        point: the case.
        file: what the table is called.
        table: the table.
        path: what the mapping file is called.
        mapping: the mapping file; `None` where there is none yet.
        side: whose columns are read.

    Raises:
        Invalid: no table, or no such mapping.
    """
    rubric = pinned(point)
    if mapping is None:
        head = {
            "table": table.name,
            "sha256": table.sha256,
            "case": point.case.id,
            "rubric": f"{rubric.id}@{rubric.edition}",
            "partial": False,
            "submit": True,
        }
        mapping = HandedIn(path.name, written(head, NOTES, ()).encode())
    said = read(path, mapping, table)
    own = side == "self-evaluation"
    sheets = read_sheets(file, table.content)
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
    fresh = [line for line in lines(found, asked, rubric) if line.key not in said.keys]
    text = with_lines(mapping.content.decode("utf-8-sig"), fresh) if fresh else ""
    refused = left_open(path, asked) if asked else None
    if refused is None:
        try:
            refuse_incomplete(path, file, rows, rubric, partial=said.partial)
        except Invalid as error:
            refused = error
    return UnderstoodTable(
        side,
        point,
        file,
        table,
        path,
        HandedIn(path.name, text.encode()) if fresh else mapping,
        said,
        tables,
        rows,
        figures,
        asked,
        refused,
    )


def understand_file(
    point: CaseAsOf, file: Path, path: Path, *, side: Side, keep: bool
) -> UnderstoodTable:
    """Read a table that is a file, and write its mapping next to it or as it is now answered.

    A mapping that asks nothing is written only where it is to be kept.

    Raises:
        Invalid: no table, no such mapping, or it cannot be written.
    """
    table = hand_in(file)
    there = hand_in(path) if path.exists() else None
    seen = understand(point, file, table, path, there, side=side)
    if there is None and (seen.refused or keep):
        try:
            with path.open("xb") as new:
                new.write(seen.mapping.content)
        except OSError as error:
            raise cannot_write(path, error) from None
    elif there is not None and seen.mapping.content != there.content:
        write_whole(path, [seen.mapping.content])
    return seen


def _reasons(
    file: Path, rows: list[Mapped], figures: list[TableFigure], point: CaseAsOf
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
