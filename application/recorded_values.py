"""What the cells of a delivered table are to hold (记入原表的值): what is recorded of each."""

from collections.abc import Iterator
from decimal import Decimal

from application.understood_table import UnderstoodTable
from intake.cell_values import shown_otherwise
from intake.grid import Cell, Sheet
from intake.stated_figures import StatedValue
from intake.table_columns import Block
from intake.table_mapping import BONUS
from intake.table_rows import TableRow
from ledger.events import ScoreClaimed
from ledger.values import Figure
from projections.score_sheet import ScoreSheet, score_sheet

Value = Decimal | str


class RecordedValues:
    """What the cells of a table are to hold."""

    def __init__(self, seen: UnderstoodTable) -> None:
        sheet = score_sheet(seen.point)
        assert sheet  # noqa: S101 - a rubric is pinned, so there is a sheet
        self._seen = seen
        self._case = seen.point.case
        self._sheet: ScoreSheet = sheet
        self._reasons = {
            recorded.event.indicator: recorded.event.justification
            for recorded in seen.point.history
            if isinstance(recorded.event, ScoreClaimed)
        }

    def values(self) -> Iterator[tuple[str, str, Value]]:
        """Each cell that is to hold something else than it does."""
        rows = {row.id: row for row in self._sheet.indicators}
        means = [meant for _, meant in self._seen.scored]
        for row, meant in self._seen.scored:
            if meant in rows and means.count(meant) == 1:
                award, claim = rows[meant].award, rows[meant].claim
                standing = self._case.awards.get(meant)
                restated = self._case.claims_restated.get(meant, claim)
                yield from self._scores(row, claim, restated, award)
                if award is not None:
                    yield from self._put(row, "deduction", rows[meant].weight - award)
                if standing:
                    yield from self._put(row, "reason", standing.justification)
                yield from self._put(row, "unit-reason", self._reasons.get(meant, ""))
            elif meant == BONUS:
                bonus = (self._sheet.claim.shown("bonus"), self._sheet.award.shown("bonus"))
                yield from self._scores(row, bonus[0], bonus[0], bonus[1])
        totals = self._seen.tables.totals
        if totals:
            total, claim = totals[-1][1], self._sheet.claim.shown("total")
            yield from self._scores(total, claim, claim, self._sheet.award.shown("total"))
        yield from self._figures()

    def _scores(
        self,
        row: TableRow,
        claim: Decimal | None,
        restated: Decimal | None,
        award: Decimal | None,
    ) -> Iterator[tuple[str, str, Value]]:
        for role, score in (("claim", claim), ("restated", restated), ("award", award)):
            yield from self._put(row, role, score)

    def _figures(self) -> Iterator[tuple[str, str, Value]]:
        for figure in self._seen.figures:
            known = self._case.figures.get(figure.id)
            place = figure.row.parts
            if known and known.value is not None and figure.is_new({known.id: known}):
                yield figure.row.sheet, figure.cell.ref, _shown(known, figure.cell, figure.value)
            restated = self._case.restated.get(figure.id)
            if restated and restated.value is not None and "actual" in place:
                text = _shown(restated, place["actual"], figure.value)
                yield from self._put(figure.row, "actual-restated", text)

    def _put(
        self, row: TableRow, role: str, value: Value | None
    ) -> Iterator[tuple[str, str, Value]]:
        """A value for the cell of a role, where the table has one and it differs."""
        block = self._block(row)
        columns = block.having(role) if block else []
        if block is None or len(columns) != 1 or value is None or value == "":
            return
        top, left = block.merged.get((row.number - 1, columns[0]), (row.number - 1, columns[0]))
        cell = _cell_at(block.sheet, top, left)
        if isinstance(value, Decimal):
            said = getattr(row, "claim" if role == "restated" else role)
            if said == value and not cell.formula:
                return
            number = cell._replace(value=value)
            hides = cell.percent or cell.veiled or shown_otherwise(number) is not None
            yield row.sheet, cell.ref, f"{value:f}" if hides else value
        elif cell.text != value.strip():
            yield row.sheet, cell.ref, value

    def _block(self, row: TableRow) -> Block | None:
        return next(
            (
                block
                for block in self._seen.tables.blocks
                if block.sheet.name == row.sheet and row.number - 1 in block.rows
            ),
            None,
        )


def _cell_at(sheet: Sheet, row: int, column: int) -> Cell:
    return sheet.rows[row][column]


def _shown(figure: Figure, cell: Cell, read: StatedValue) -> Value:
    """A value of a figure as the cell writes it: a number where it held one, else with its unit."""
    value = figure.value or ""
    if figure.kind != "number":
        return {"yes": "是", "no": "否"}.get(value, value) if figure.kind == "yes-no" else value
    if isinstance(cell.value, int | float) and not cell.percent and read.unit == figure.unit:
        return Decimal(value)
    return f"{value}{figure.unit}"
