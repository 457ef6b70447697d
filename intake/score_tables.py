"""Score tables as agencies deliver them: found by their headings, read row by row, never guessed.

A sheet may hold several tables, or one that is cut into pages with its heading repeated. Levels
are filled down where cells are merged or left empty; totals are kept as printed, never taken for
rows. What people who signed the table may not have seen or meant - hidden parts, struck-out words,
decimals that are not shown - and columns that nobody can name are refused with their place.
"""

from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from intake.cell_values import is_empty, is_number, score, shown_otherwise, words
from intake.table_heading import (
    LEVELS,
    TERMS,
    WEAK_REASONS,
    TableHeading,
    heading_at,
    normal,
)
from intake.workbook import Cell, Sheet, at_cell, column_letters, ref_of
from ledger.language import Text
from ledger.values import Invalid

TOTALS: Final = ("合计", "总计", "总分", "小计", "total", "subtotal", "sum")


class TableRow(NamedTuple):
    """One row of a score table.

    Attributes:
        number: as the program that shows the sheet counts, from 1.
        claim: the self column; `None` where there is none or it is empty.
    """

    sheet: str
    number: int
    path: tuple[str, ...]
    weight: Decimal | None
    claim: Decimal | None
    award: Decimal | None
    reason: str
    standard: str = ""

    @property
    def name(self) -> str:
        """The name of the indicator."""
        return self.path[-1]

    def place(self, path: Path) -> Text:
        """Where the row is, in words."""
        return Text(
            f"{path} 工作表“{self.sheet}” 第 {self.number} 行",
            f"{path}, sheet '{self.sheet}', row {self.number}",
        )


class ScoreTables(NamedTuple):
    """What a workbook holds.

    Attributes:
        rows: the scored rows in order.
        totals: totals and subtotals as printed, each with how many rows precede it.
    """

    rows: list[TableRow]
    totals: list[tuple[int, TableRow]]


def read_tables(path: Path, sheets: list[Sheet], scale: int) -> ScoreTables:
    """The score tables of a workbook.

    Raises:
        Invalid: there is none, or a cell that cannot be read, or that would have to be guessed;
            says which.
    """
    tables = ScoreTables([], [])
    for sheet in sheets:
        if not sheet.visible:
            _refuse_hidden_sheet(path, sheet)
            continue
        _Reader(path, sheet, scale, tables).read()
    if not tables.rows:
        raise Invalid(
            f"{path}：没有找到评分表；表头须有 三级指标、分值、评分（或通行的别称）",
            f"{path}: no score table; its headings must include level 3, weight and award",
        )
    return tables


def _refuse_hidden_sheet(path: Path, sheet: Sheet) -> None:
    if any(not is_empty(cell) for row in sheet.rows for cell in row):
        raise Invalid(
            f"{path} 工作表“{sheet.name}”：被隐藏，但有内容；请取消隐藏或删去后再读",
            f"{path}, sheet '{sheet.name}': it is hidden and holds something; show it or delete it",
        )


class _Reader:
    """Reads one sheet top down."""

    def __init__(self, path: Path, sheet: Sheet, scale: int, tables: ScoreTables) -> None:
        self._path = path
        self._sheet = sheet
        self._scale = scale
        self._tables = tables
        self._levels: dict[str, str] = {}
        self._heading: tuple[int, TableHeading] | None = None
        self._ended = False  # a total has been read, and no row of scores since
        self._merged = {
            (row, column): (area.top, area.left)
            for area in sheet.merged
            for row in range(area.top, min(area.bottom, len(sheet.rows) - 1) + 1)
            for column in range(area.left, area.right + 1)
            if (row, column) != (area.top, area.left)
        }

    def read(self) -> None:
        """Add the rows and totals of the sheet to what was found."""
        columns: dict[str, int] = {}
        below = 0
        for number, row in enumerate(self._sheet.rows):
            if number < below:
                continue
            inside = bool(columns)
            if heading := heading_at(self._sheet, number, self._merged, inside=inside):
                if not inside:
                    self._refuse_hidden()
                columns, below = self._columns(number, heading), number + heading.height
                self._heading, self._ended = (number, heading), False
            elif columns:
                self._row(number, {role: row[index] for role, index in columns.items()}, columns)

    def _columns(self, number: int, heading: TableHeading) -> dict[str, int]:
        """The one column of each role; two cannot be distinguished."""
        columns = {}
        for role, indexes in heading.columns.items():
            rows = self._sheet.rows[number : number + heading.height]
            first, *others = _without_weak(rows, indexes) if role == "reason" else indexes
            columns[role] = first
            for second in others:
                row = rows[-1]
                zh, en = TERMS[role]
                raise self._refusal(
                    row[second],
                    f"按表头，这一列和 {column_letters(first)} 列都是{zh}；请改表头，只留一列",
                    f"by its heading this column and {column_letters(first)} are both the {en};"
                    " change a heading so that one is left",
                )
        return columns

    def _refuse_hidden(self) -> None:
        """Refuse what people who look at the sheet do not see."""
        for number, row in enumerate(self._sheet.rows):
            for column, cell in enumerate(row):
                if is_empty(cell):
                    continue
                if number in self._sheet.hidden:
                    raise self._refusal(
                        cell,
                        "这一行被隐藏，但有内容；请取消隐藏或删去后再读",
                        "the row is hidden and holds something; show it or delete it",
                    )
                if column in self._sheet.columns_hidden:
                    raise self._refusal(
                        cell,
                        "这一列被隐藏，但有内容；请取消隐藏或删去后再读",
                        "the column is hidden and holds something; show it or delete it",
                    )

    def _refuse_struck(self, cells: dict[str, Cell]) -> None:
        for cell in cells.values():
            if cell.struck and not is_empty(cell):
                raise self._refusal(
                    cell,
                    "有划去的字；请删去划掉的内容，只留有效的",
                    "some of it is struck out; delete what is struck out",
                )

    def _refuse_nameless(self, number: int, columns: dict[str, int]) -> None:
        """Refuse a number in a column whose heading says neither what it is nor what it is not."""
        assert self._heading  # noqa: S101 - a row is below one
        first, heading = self._heading
        known = {*columns.values(), *heading.beside}
        for column, cell in enumerate(self._sheet.rows[number]):
            if column in known or not is_number(cell):
                continue
            rows = self._sheet.rows[first : first + heading.height]
            title = " ".join(row[column].text for row in rows if not is_empty(row[column]))
            raise self._refusal(
                cell._replace(ref=ref_of(first + heading.height - 1, column)),
                f"这一列（表头“{title}”）有数字，看不出是什么分；请改用通行的表头，"
                "如 自评得分、核查得分、序号，或删去这一列",
                f"this column (heading '{title}') holds numbers and nobody can tell which; use a"
                " usual heading for a claimed score, an awarded score or a number of the row, or"
                " delete the column",
            )

    def _row(self, number: int, cells: dict[str, Cell], columns: dict[str, int]) -> None:
        if all(is_empty(cell) for cell in cells.values()):
            return
        if self._ended and not all(is_number(cells[role]) for role in ("weight", "award")):
            return  # notes, signatures and dates below the total
        self._refuse_struck(cells)
        covered = {role for role, index in columns.items() if (number, index) in self._merged}
        if total := self._total(number, cells):
            self._levels.clear()
            self._tables.totals.append((len(self._tables.rows), total))
            self._ended = True
            return
        self._ended = False
        own_name = self._words(cells["level3"])
        if all(is_empty(cells[role]) for role in ("weight", "award")):
            self._continuation(cells, own_name)
            return
        for role in LEVELS:
            if role in cells and (text := self._level(number, columns[role])):
                self._levels[role] = text
        if not own_name and "level3" not in covered:
            raise self._refusal(
                cells["level3"], "有分值或评分，没有三级指标的名称", "a score without a name"
            )
        for role in ("weight", "claim", "award"):
            if role in covered:
                raise self._refusal(
                    cells[role],
                    "分数的格与别的行合并了，不能分给各行；请取消合并",
                    "a score is merged across rows and cannot be divided; unmerge it",
                )
        self._refuse_nameless(number, columns)
        self._tables.rows.append(self._table_row(number, cells))

    def _level(self, number: int, column: int) -> str:
        """The name of a level; one that goes across several levels is the name of each."""
        top, left = self._merged.get((number, column), (number, column))
        return self._words(self._sheet.rows[number][left if top == number else column])

    def _table_row(self, number: int, cells: dict[str, Cell]) -> TableRow:
        path = tuple(self._levels[role] for role in LEVELS if role in self._levels)
        claim = "restated" if "restated" in cells else "claim"
        return TableRow(
            sheet=self._sheet.name,
            number=number + 1,
            path=path,
            weight=self._score(cells["weight"]),
            claim=self._score(cells[claim]) if claim in cells else None,
            award=self._score(cells["award"]),
            reason=self._words(cells["reason"]) if "reason" in cells else "",
            standard=self._words(cells["standard"]) if "standard" in cells else "",
        )

    def _continuation(self, cells: dict[str, Cell], name: str) -> None:
        """What a page break has cut off from the row before it: words, never scores."""
        rows, more = self._tables.rows, self._words(cells["reason"]) if "reason" in cells else ""
        if rows and not name and more:
            rows[-1] = rows[-1]._replace(reason=f"{rows[-1].reason}\n{more}".strip())
        elif name:
            raise self._refusal(
                cells["award"], f"“{name}”没有分值和评分", f"'{name}' has no weight and award"
            )

    def _total(self, number: int, cells: dict[str, Cell]) -> TableRow | None:
        named = [self._words(cells[role]) for role in LEVELS if role in cells]
        label = next((text for text in named if text and _is_total(text)), "")
        if not label:
            return None
        return TableRow(
            sheet=self._sheet.name,
            number=number + 1,
            path=(label,),
            weight=self._score(cells["weight"], computed=True),
            claim=self._score(cells["claim"], computed=True) if "claim" in cells else None,
            award=self._score(cells["award"], computed=True),
            reason="",
        )

    def _words(self, cell: Cell) -> str:
        """The text of a cell, as a formula last showed it where it is one."""
        try:
            return words(cell._replace(formula=""))
        except Invalid as error:
            raise self._refusal(cell, error.text.zh, error.text.en) from None

    def _score(self, cell: Cell, *, computed: bool = False) -> Decimal | None:
        """The score of a cell; a total may be a formula, if a program has calculated it."""
        plain_cell = cell._replace(formula="") if cell.formula and cell.calculated else cell
        if cell.formula and not cell.calculated:
            if computed:
                return None
            raise self._refusal(
                cell,
                f"公式 {cell.formula} 没有算过，或结果是 0；请用 Excel 打开后存盘，或填成数值",
                f"the formula {cell.formula} was never calculated, or gives 0; open and save it in"
                " Excel, or write the number",
            )
        if not computed and (shown := shown_otherwise(plain_cell)) is not None:
            raise self._refusal(
                cell,
                f"显示 {shown}，存的是 {plain_cell.text}；请填成一致的数",
                f"it shows {shown} and holds {plain_cell.text}; write one number",
            )
        try:
            return score(plain_cell, self._scale)
        except Invalid as error:
            raise self._refusal(cell, error.text.zh, error.text.en) from None

    def _refusal(self, cell: Cell, zh: str, en: str) -> Invalid:
        return at_cell(self._path, self._sheet.name, cell.ref, zh, en)


def _without_weak(heading: list[list[Cell]], columns: list[int]) -> list[int]:
    """Of several columns of reasons, those whose heading says more than 备注."""
    strong = [
        column
        for column in columns
        if not any(normal(row[column].text) in WEAK_REASONS for row in heading)
    ]
    return strong or columns


def _is_total(text: str) -> bool:
    short = normal(text)
    return any(short in {name, f"{name}:", f"得分{name}"} for name in TOTALS) or short.endswith(
        ("小计", "合计", "subtotal")
    )
