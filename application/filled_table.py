"""A delivered table filled in (按原表填写): what is recorded, in the layout in which it came."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from application.recorded_values import RecordedValues, Value
from application.score_table import MAPPING
from application.understood_table import UnderstoodTable, understand
from intake.files import HandedIn, hand_in
from intake.filled_workbook import filled
from intake.table_questions import Question
from intake.table_rows import TableRow
from ledger.language import Text, counted
from projections.as_of import CaseAsOf


class FilledTable(NamedTuple):
    """The workbook, and what of it was written.

    Attributes:
        cells: the cells that hold something else now, by sheet.
        left: the rows that several make up one indicator, whose score cannot be divided.
    """

    content: bytes
    cells: dict[str, dict[str, Value]]
    left: list[TableRow]

    def summary(self, output: Path) -> Iterator[Text]:
        """What was written where, and which rows were not."""
        count = sum(map(len, self.cells.values()))
        yield Text(
            f"已写入 {output}：填写 {count} 格", f"{output} written: {counted(count, 'cell')}"
        )
        yield from self.not_filled()

    def not_filled(self) -> Iterator[Text]:
        """Which rows were not written, and why."""
        if self.left:
            rows = [(f"{row.sheet} {row.number}", row.name) for row in self.left]
            yield Text(
                "几行合成一项，得分不能分到各行，没有填写："
                + "、".join(f"{place}“{name}”" for place, name in rows),
                "not filled in, because several rows make up one indicator and its score cannot be"
                " divided: " + ", ".join(f"{place} '{name}'" for place, name in rows),
            )


def filled_table(
    point: CaseAsOf, file: Path, table: HandedIn, path: Path, mapping: HandedIn | None
) -> FilledTable:
    """Fill in a delivered workbook: scores, reasons, figures and totals of a point of a case.

    A cell that already has what is recorded stays as it is, and so does one of which nothing is
    recorded.

    Args:
        point: the case.
        file: what the workbook is called.
        table: the workbook as it was delivered.
        path: what its mapping file is called.
        mapping: the mapping file; `None` where there is none.

    Raises:
        Invalid: no workbook, no such mapping, or its columns or rows are not understood.
    """
    return fill(understand(point, file, table, path, mapping, side="self-evaluation"))


def left_to_fill(seen: UnderstoodTable) -> list[Question]:
    """What has to be answered before the table can be filled in: where values go, not which."""
    return [question for question in seen.questions if question.kind in {"column", "row", "block"}]


def fill(seen: UnderstoodTable) -> FilledTable:
    """Fill in a table as it was understood.

    Raises:
        Invalid: as for `filled_table`.
    """
    if left_to_fill(seen) and seen.refused:
        raise seen.refused
    cells: dict[str, dict[str, Value]] = {}
    times = Counter(meant for _, meant in seen.scored if meant in seen.rubric.by_id)
    left = [row for row, meant in seen.scored if times[meant] > 1]
    for sheet, ref, value in RecordedValues(seen).values():
        cells.setdefault(sheet, {})[ref] = value
    return FilledTable(filled(seen.file, seen.table.content, cells), cells, left)


def filled_file(point: CaseAsOf, file: Path, mapping: Path | None) -> FilledTable:
    """Fill in a workbook that is a file, by the mapping file next to it or that is given.

    Raises:
        Invalid: as for `filled_table`, or a file cannot be read.
    """
    path = mapping or Path(f"{file}{MAPPING}")
    there = hand_in(path) if mapping or path.exists() else None
    return filled_table(point, file, hand_in(file), path, there)
