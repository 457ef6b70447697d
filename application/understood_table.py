"""What a delivered table says by its mapping file, and what is left to be asked about it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from application.foreseen_questions import foreseen
from application.found_in_table import Side, find
from application.written_file import write_whole
from intake.delivered_file import read_sheets
from intake.files import HandedIn, hand_in
from intake.mapping_file import MappingFile, answered, read, with_lines, written
from intake.table_figures import TableFigure
from intake.table_mapping import (
    Mapped,
    by_indicator,
    refuse_incomplete,
)
from intake.table_questions import Found, Question, left_open, lines
from intake.table_rows import DeliveredTables
from ledger.rubric import Rubric
from ledger.system_error import cannot_write
from ledger.values import Invalid
from projections.as_of import CaseAsOf
from projections.score_sheet import pinned

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
        said: what it states.
        found: what it was taken for.
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
    found: Found
    questions: list[Question]
    refused: Invalid | None

    @property
    def tables(self) -> DeliveredTables:
        """The tables of the file."""
        return self.found.tables

    @property
    def rows(self) -> Sequence[Mapped]:
        """The rows of the table, each with what it is."""
        return self.found.rows

    @property
    def figures(self) -> Sequence[TableFigure]:
        """The cells that give figures."""
        return self.found.figures

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
    sheets = read_sheets(file, table.content)
    found, asked = find(point, file, sheets, said, side)
    before = mapping.content.decode("utf-8-sig")
    known = lines(found, asked, rubric)
    text = with_lines(before, [line for line in known if line.key not in said.keys])

    def asks(answers: Mapping[tuple[str, str], str]) -> list[Question]:
        told = read(path, HandedIn(path.name, answered(text, answers).encode()), table)
        return find(point, file, sheets, told, side)[1]

    fresh = [
        line for line in foreseen(asks, asked, known, len(found.rows)) if line.key not in said.keys
    ]
    if fresh:
        mapping = HandedIn(path.name, with_lines(before, fresh).encode())
    refused = left_open(path, asked) if asked else None
    try:
        refuse_incomplete(path, file, found.rows, rubric, partial=said.partial)
    except Invalid as error:
        if refused is None:
            refused = error
        elif not {"hidden", "block", "row"} & {one.kind for one in asked}:  # no answer adds a row
            refused = Invalid(
                f"{refused.text.zh}\n{error.text.zh}", f"{refused.text.en}\n{error.text.en}"
            )
    return UnderstoodTable(side, point, file, table, path, mapping, said, found, asked, refused)


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
