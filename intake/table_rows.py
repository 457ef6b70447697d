"""The rows of delivered tables, read top down and never guessed.

Levels are filled down where cells are merged or left empty; totals are kept as printed, never
taken for rows and never in the way of them. What people who signed the table may not have seen or
meant - hidden parts, struck-out words, decimals that are not shown, a score that is merged over
several rows - is a question with its cell, and so is every cell that cannot be read.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from intake.cell_values import (
    any_number,
    is_empty,
    is_number,
    plain,
    refuse_unseen,
    score,
    shown_otherwise,
    weight,
    words,
)
from intake.grid import Cell, MergedCells, Sheet
from intake.headings import LEVELS, is_total, normal, weight_of_a_name
from intake.table_columns import ASKED, IGNORED, Block, blocks_of
from ledger.language import Text
from ledger.values import Invalid

EXECUTION: Final = "预算执行率"
"""What the block of the money is scored as (财预〔2020〕10号, the form of self-evaluation)."""


class TableRow(NamedTuple):
    """One row of a table; a part is `None` or empty where the table has none.

    Attributes:
        number: as the program that shows the sheet counts, from 1.
        claim: the unit's own score, as the review's table prints it where it does.
        deduction: points taken off, where only these are printed.
        standard_at: the cell where the standard begins, such as `G5`.
        parts: the cells of its figures, by role.
        hidden: whether people who look at the sheet do not see it.
        part: where several lines make up one row, the name that this one has below it.
        within: the number of the first of these lines, where this is another; it has no scores.
    """

    sheet: str
    number: int
    path: tuple[str, ...]
    weight: Decimal | None = None
    claim: Decimal | None = None
    award: Decimal | None = None
    deduction: Decimal | None = None
    reason: str = ""
    unit_reason: str = ""
    standard: str = ""
    standard_at: str = ""
    explanation: str = ""
    parts: Mapping[str, Cell] = {}
    hidden: bool = False
    part: str = ""
    within: int | None = None

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


class CellQuestion(NamedTuple):
    """A cell that cannot be read for certain.

    Attributes:
        why: what prevents reading.
        is_score: whether a number is wanted.
    """

    sheet: str
    cell: Cell
    why: Text
    is_score: bool = False

    @property
    def printed(self) -> tuple[str, ...]:
        """The answers that a person may give: what it holds, and of a score that it is another."""
        return (self.cell.text, "0") if self.is_score else (self.cell.text,)


class DeliveredTables(NamedTuple):
    """What a file holds.

    Attributes:
        rows: the scored rows in order.
        totals: totals and subtotals as printed, each with how many rows precede it.
        blocks: the tables, with what each of their columns is.
        cells: what is to be asked about single cells.
        hidden: the sheets that hold something and that nobody sees.
        below: the rows below a total that are not read, with what they begin with.
    """

    rows: list[TableRow]
    totals: list[tuple[int, TableRow]]
    blocks: list[Block]
    cells: list[CellQuestion]
    hidden: list[str]
    below: list[tuple[str, int, str]]


class Answers(NamedTuple):
    """What people said about a table.

    Attributes:
        columns: what a column is, by sheet, row of the heading (from 1) and letters.
        cells: what a cell says, by sheet and letters with number.
        sheets: whether a hidden sheet is read.
        blocks: whether a table is read, by sheet and row of the heading (from 1).
        totals: whether a total is compared, left out, or a row after all, by sheet and row.
        ignored: rows that are not read, by sheet and number.
    """

    columns: Mapping[tuple[str, int, str], str] = {}
    cells: Mapping[tuple[str, str], str] = {}
    sheets: Mapping[str, str] = {}
    blocks: Mapping[tuple[str, int], str] = {}
    totals: Mapping[tuple[str, int], str] = {}
    ignored: Collection[tuple[str, int]] = ()


NO_ANSWERS: Final = Answers()

Whole = Callable[[tuple[str, ...], Decimal], bool]
"""Whether lines with these levels in common and one weight for all of them are one row."""


def read_tables(  # noqa: PLR0913 - a file, and what is known of it
    path: Path,
    sheets: Iterable[Sheet],
    scale: int,
    answers: Answers = NO_ANSWERS,
    *,
    own: bool = False,
    whole: Whole = lambda _levels, _weight: False,
) -> DeliveredTables:
    """The score tables of a file.

    Args:
        path: what the file is called.
        sheets: what it holds.
        scale: how many decimals a score has.
        answers: what people said about it.
        own: whether the unit's own columns are read: a score of nobody named is its own, and a row
            counts that has an actual value alone.
        whole: whether lines that share their scores are one row; else these scores are asked about.

    Raises:
        Invalid: there is none; says what was found instead.
    """
    tables = DeliveredTables([], [], [], [], [], [])
    for sheet in sheets:
        if not sheet.visible and answers.sheets.get(sheet.name, ASKED) != "yes":
            if any(not is_empty(cell) for row in sheet.rows for cell in row):
                tables.hidden.append(sheet.name)
            continue
        tables.blocks.extend(blocks_of(sheet, answers.columns, own=own))
    named = [block for block in tables.blocks if block.having("level3", "level4", "name")]
    for block in tables.blocks:
        summary = not block.funds and block not in named and bool(named)
        left_out = answers.blocks.get((block.sheet.name, block.first + 1)) == IGNORED
        if not (summary or left_out):
            _Reader(block, scale, answers, tables, whole, own=own).read()
    if not tables.blocks:
        raise _no_table(path, sheets)
    return tables


def _no_table(path: Path, sheets: Iterable[Sheet]) -> Invalid:
    """That no table was found, and the row that comes nearest to a heading."""
    rows = [
        (sheet, number, [cell.text for cell in row if not is_empty(cell)])
        for sheet in sheets
        if sheet.visible
        for number, row in enumerate(sheet.rows, 1)
    ]
    best = max(rows, key=lambda row: len(set(row[2])), default=None)
    needs = Text(
        "表头要有指标名称（如 三级指标）、分值、得分（如 核查得分）",
        "its heading needs a name of the indicators, a weight and a score",
    )
    if best is None or not best[2]:
        return Invalid(f"{path}：没有评分表；{needs.zh}", f"{path}: no score table; {needs.en}")
    sheet, number, heading = best
    return Invalid(
        f"{path}：没有找到评分表；{needs.zh}。最接近表头的是工作表“{sheet.name}”第 {number} 行："
        f"{'、'.join(heading[:12])}",
        f"{path}: no score table; {needs.en}. Row {number} of sheet '{sheet.name}' is the closest"
        f" match: {', '.join(heading[:12])}",
    )


_SIGNED: Final = re.compile(
    r"(?:填报|填表|联系|评价|评审|审核|复核|经办|核查|制表)?(?:负责)?(?:人员?|组|电话|日期|时间|机构|单位|签字|盖章)"
    r"(?:\([^()]*\))?:"
)
"""How the lines begin in which people sign below a table, also where it prints no total."""
_NUMBERS: Final = ("weight", "claim", "restated", "award", "deduction")
_MONEY: Final = re.compile(r"[(:](万元|亿元|千元|元)\)?")
PARTS: Final = ("target", "sense", "actual", "actual-restated", "unit", "budget", "spent")


class _Reader:
    """Reads one table top down."""

    def __init__(  # noqa: PLR0913 - a table, what is known of it, and where it goes
        self,
        block: Block,
        scale: int,
        answers: Answers,
        tables: DeliveredTables,
        whole: Whole,
        *,
        own: bool,
    ) -> None:
        self._own = own
        self._whole = whole
        self._areas = {(area.top, area.left): area for area in block.sheet.merged}
        self._block = block
        self._sheet = block.sheet
        self._scale = scale
        self._answers = answers
        self._tables = tables
        self._first_own = len(tables.rows)
        self._levels = [
            *sorted(block.having(*LEVELS), key=lambda index: block.columns[index].role),
            *block.having("name"),
        ]
        self._filled: dict[int, str] = {}
        self._over = False  # another table has begun
        self._ended = False  # a total has been read, and no row of scores since

    def read(self) -> None:
        """Add the rows and totals of the table to what was found."""
        for number in self._block.rows:
            cells = {
                index: self._answered(self._sheet.rows[number][index])
                for index in self._block.columns
            }
            ignored = (self._sheet.name, number + 1) in self._answers.ignored
            if ignored or all(map(is_empty, cells.values())):
                continue
            if self._over or self._is_another_table(number, cells):
                self._over = True
                self._below(number, cells)
            else:
                self._row(number, cells)

    def _is_another_table(self, number: int, cells: Mapping[int, Cell]) -> bool:
        """Whether headings that are no score table's begin after a gap: words in every column.

        What is below them is listed as not read; an indicator among it would then be lacking.
        """
        above = self._sheet.rows[number - 1] if number else []
        columns = [cells[i] for i in self._block.having(*_NUMBERS) if not is_empty(cells[i])]
        return (
            number - 1 in self._block.rows
            and all(map(is_empty, above))
            and bool(columns)
            and not any(map(is_number, cells.values()))
            and not any(any(map(str.isdigit, cell.text)) for cell in columns)
        )

    def _below(self, number: int, cells: Mapping[int, Cell]) -> None:
        first = next(cell.text for cell in cells.values() if not is_empty(cell))
        self._tables.below.append((self._sheet.name, number + 1, first))

    def _answered(self, cell: Cell) -> Cell:
        said = self._answers.cells.get((self._sheet.name, cell.ref))
        return cell if said is None or said == ASKED else Cell(said, cell.ref)

    def _role(self, role: str, cells: Mapping[int, Cell]) -> Cell | None:
        """The cell of a role; the first of several."""
        return next((cells[index] for index in self._block.having(role)), None)

    def _has(self, role: str, cells: Mapping[int, Cell]) -> bool:
        cell = self._role(role, cells)
        return cell is not None and not is_empty(cell)

    def _row(self, number: int, cells: dict[int, Cell]) -> None:
        said = self._answers.totals.get((self._sheet.name, number + 1))
        if said != "row" and (total := self._total(number, cells)):
            if said == IGNORED:
                return
            self._filled.clear()
            self._tables.totals.append((len(self._tables.rows), total))
            self._ended = True
            return
        scored = [
            index for index in self._block.having(*_NUMBERS, ASKED) if not is_empty(cells[index])
        ]
        numbers = [index for index in scored if is_number(cells[index])]
        signed = not numbers and any(_SIGNED.match(normal(cell.text)) for cell in cells.values())
        if signed or (self._ended and len(numbers) < 2):  # noqa: PLR2004 - a weight and a score
            self._below(number, cells)
            return  # notes, signatures and dates
        self._ended = False
        path = self._path(number)
        if self._own and self._has("actual", cells) and self._own_name(number, cells):
            scored.append(number)
        group = self._group(number)
        if group is None and not scored and not self._weighed_by_name(cells):
            self._continuation(number, cells)
        elif path:
            self._add(number, cells, path, group)

    def _group(self, number: int) -> tuple[int, tuple[str, ...]] | None:
        """The first line and the levels of the row that this line is a part of, if it is one.

        Its weight and its scores are merged over exactly the lines over which a level is, and that
        level is a row of the rubric with this weight.
        """
        columns = self._block.having("weight")
        area = self._area(number, columns[0]) if len(columns) == 1 else None
        if area is None or area.top == area.bottom:
            return None
        lines = range(area.top, area.bottom + 1)
        for index in self._block.having(*_NUMBERS):
            over = self._area(number, index)
            same = over is not None and (over.top, over.bottom) == (area.top, area.bottom)
            if not same and any(not is_empty(self._sheet.rows[line][index]) for line in lines):
                return None
        depth = max(
            (
                depth
                for depth, index in enumerate(self._levels[:-1], 1)
                if (over := self._area(number, index))
                and (over.top, over.bottom) == (area.top, area.bottom)
            ),
            default=0,
        )
        path = tuple(self._filled[i] for i in self._levels[:depth] if i in self._filled)
        try:
            points = any_number(self._answered(self._sheet.rows[area.top][area.left]))
        except Invalid:
            return None
        if not path or points is None or not self._whole(path, points):
            return None
        return area.top + 1, path

    def _area(self, number: int, index: int) -> MergedCells | None:
        place = self._block.merged.get((number, index), (number, index))
        return self._areas.get(place)

    def _weighed_by_name(self, cells: Mapping[int, Cell]) -> bool:
        """Whether a row of a table without any numbers has its weight after its own name."""
        if not self._levels or self._block.having(*_NUMBERS, ASKED):
            return False
        return weight_of_a_name(cells[self._levels[-1]].text) is not None

    def _path(self, number: int) -> tuple[str, ...]:
        """The names of a row, those of the levels above it filled down."""
        if self._block.funds:
            return (EXECUTION,)
        for depth, index in enumerate(self._levels):
            if text := self._name(number, index):
                if text != self._filled.get(index) and depth + 1 < len(self._levels):
                    for deeper in self._levels[depth + 1 :]:
                        self._filled.pop(deeper, None)
                self._filled[index] = text
        return tuple(self._filled[index] for index in self._levels if index in self._filled)

    def _name(self, number: int, index: int) -> str:
        """The name of a level; one that goes across several levels is the name of each."""
        top, left = self._block.merged.get((number, index), (number, index))
        cell = self._answered(self._sheet.rows[number][left if top == number else index])
        return self._words(cell)

    def _own_name(self, number: int, cells: Mapping[int, Cell]) -> bool:
        """Whether a row has a name of its own, and does not go on with that of the row above."""
        if self._block.funds:
            return True
        last = self._levels[-1] if self._levels else None
        return last is not None and (
            not is_empty(cells[last]) or self._block.merged.get((number, last), (-1,))[0] == number
        )

    def _add(
        self,
        number: int,
        cells: dict[int, Cell],
        path: tuple[str, ...],
        group: tuple[int, tuple[str, ...]] | None,
    ) -> None:
        covered = {
            index
            for index in self._block.having(*_NUMBERS)
            if self._block.merged.get((number, index), (number,))[0] != number
        }
        own = self._own_name(number, cells)
        numbers = [index for index in self._block.having(*_NUMBERS) if index not in covered]
        if group is None and not own and all(is_empty(cells[index]) for index in numbers):
            self._continuation(number, cells)
            return
        last = self._levels[-1] if self._levels else -1
        if not own and (number, last) not in self._block.merged:
            self._ask(
                self._sheet.rows[number][last],
                "有分值或得分，没有指标的名称",
                "a score without a name",
            )
            return
        for index in self._block.having(*_NUMBERS):
            if group is None:
                self._ask_merged(number, index, cells)
            elif index in covered:
                cells[index] = _NOTHING
        if self._block.funds and not is_number(self._role("weight", cells) or _NOTHING):
            return  # a line of the money that is not scored
        claim = "restated" if self._block.having("restated") else "claim"
        self._tables.rows.append(
            TableRow(
                sheet=self._sheet.name,
                number=number + 1,
                path=group[1] if group else path,
                weight=self._weight(cells),
                claim=self._score(claim, cells),
                award=self._score("award", cells),
                deduction=self._deduction(cells),
                reason=self._text("reason", cells),
                unit_reason=self._text("unit-reason", cells),
                standard=self._all_texts("standard", cells),
                standard_at=self._at("standard", cells),
                explanation=self._explanation(cells),
                parts=self._parts(cells),
                hidden=number in self._sheet.hidden,
                part=path[-1] if group else "",
                within=group[0] if group and group[0] != number + 1 else None,
            )
        )

    def _parts(self, cells: Mapping[int, Cell]) -> dict[str, Cell]:
        """The cells of the row's figures; money is in the unit that is written next to it."""
        parts = {
            role: cell
            for role in PARTS
            if (cell := self._role(role, cells)) is not None and not is_empty(cell)
        }
        if self._block.funds and (unit := self._money()):
            parts["unit"] = Cell(unit, "")
        return parts

    def _money(self) -> str:
        """The one unit of money that the heading of the block, or the lines above it, name."""
        first = self._block.first
        for rows in (range(first, first + 1), self._block.rows[:3], range(first)):
            texts = (cell.text for row in rows for cell in self._sheet.rows[row])
            units = {unit for text in texts for unit in _MONEY.findall(plain(text))}
            if units:
                return units.pop() if len(units) == 1 else ""
        return ""

    def _ask_merged(self, number: int, index: int, cells: dict[int, Cell]) -> None:
        """Ask how a score is divided that is merged over several rows; it is taken for none."""
        area = next(
            (
                area
                for area in self._sheet.merged
                if area.left <= index <= area.right and area.top <= number <= area.bottom
            ),
            None,
        )
        if (
            area is None
            or area.top == area.bottom
            or not self._goes_over_rows(area.top, area.bottom)
        ):
            return
        cell = self._sheet.rows[number][index]
        if self._answers.cells.get((self._sheet.name, cell.ref), ASKED) != ASKED:
            return
        if self._block.columns[index].role != "weight":
            self._ask(
                cell,
                "分数的格与别的行合并了，不能分给各行",
                "a score is merged across rows and cannot be divided",
                is_score=True,
            )
        cells[index] = Cell("", cell.ref)

    def _goes_over_rows(self, top: int, bottom: int) -> bool:
        """Whether more than one of these rows has a name of its own."""
        last = self._levels[-1] if self._levels else None
        return last is not None and any(
            not is_empty(self._sheet.rows[row][last]) for row in range(top + 1, bottom + 1)
        )

    def _continuation(self, number: int, cells: Mapping[int, Cell]) -> None:
        """What a page break has cut off from the row before it: words, never scores."""
        rows = self._tables.rows
        if len(rows) == self._first_own or self._own_name(number, cells):
            return
        last = rows[-1]
        rows[-1] = last._replace(
            reason=_joined(last.reason, self._text("reason", cells)),
            standard=_joined(last.standard, self._all_texts("standard", cells)),
            standard_at=last.standard_at or self._at("standard", cells),
            explanation=_joined(last.explanation, self._explanation(cells)),
        )

    def _total(self, number: int, cells: Mapping[int, Cell]) -> TableRow | None:
        """A total, by a label anywhere before its numbers."""
        label = ""
        for index, cell in enumerate(self._sheet.rows[number]):
            if is_number(cell) and index in cells and self._block.columns[index].role in _NUMBERS:
                break
            if isinstance(cell.value, str) and is_total(cell.text):
                label = cell.text
        if not label:
            return None
        return TableRow(
            sheet=self._sheet.name,
            number=number + 1,
            path=(label,),
            weight=self._compared("weight", cells),
            claim=self._compared("claim", cells),
            award=self._compared("award", cells),
            standard=normal("".join(cell.text for cell in cells.values())),
        )

    # Cells ---------------------------------------------------------------------------------------

    def _compared(self, role: str, cells: Mapping[int, Cell]) -> Decimal | None:
        """A number that is only compared; `None` where it cannot be read."""
        cell = self._role(role, cells)
        if cell is None or cell.doubt or (cell.formula and not cell.calculated):
            return None
        plain_cell = cell._replace(formula="")
        if isinstance(plain_cell.value, str):
            plain_cell = plain_cell._replace(value=normal(plain_cell.value).partition("(")[0])
        try:
            return any_number(plain_cell)
        except Invalid:
            return None

    def _weight(self, cells: Mapping[int, Cell]) -> Decimal | None:
        """The weight, by which a row is known again; of a percentage, its number."""
        cell = self._role("weight", cells)
        if cell is None:
            return None
        return self._number(cell, weight)

    def _score(self, role: str, cells: Mapping[int, Cell]) -> Decimal | None:
        cell = self._role(role, cells)
        if cell is None:
            return None
        return self._number(cell, lambda plain_cell: score(plain_cell, self._scale))

    def _deduction(self, cells: Mapping[int, Cell]) -> Decimal | None:
        """The points taken off; a sign before them leaves open which way they count."""
        points = self._score("deduction", cells)
        cell = self._role("deduction", cells)
        if cell is not None and points is not None and points < 0:
            self._ask(cell, "扣分写成负数", "points taken off with a minus sign")
            return None
        return points

    def _number(self, cell: Cell, read: Callable[[Cell], Decimal | None]) -> Decimal | None:
        """A number; what cannot be read, or is not what people see, is asked about."""
        if self._is_doubtful(cell, is_score=True):
            return None
        if cell.formula and not cell.calculated:
            self._ask(
                cell,
                f"公式 {cell.formula} 没有算过，或结果是 0",
                f"the formula {cell.formula} was never calculated, or gives 0",
                is_score=True,
            )
            return None
        plain_cell = cell._replace(formula="")
        if isinstance(cell.value, date):
            self._ask(cell, "是日期，不是数", "it is a date, not a number", is_score=True)
            return None
        try:
            if (shown := shown_otherwise(plain_cell)) is not None:
                stored = any_number(plain_cell._replace(before="", after=""))
                zh, en = (
                    f"显示为 {shown}，实际存储 {stored}",
                    f"it shows {shown} but contains {stored}",
                )
            else:
                return read(plain_cell)
        except Invalid as error:
            zh, en = error.text
        self._ask(cell, zh, en, is_score=True)
        return None

    def _text(self, role: str, cells: Mapping[int, Cell]) -> str:
        cell = self._role(role, cells)
        return "" if cell is None else self._words(cell)

    def _all_texts(self, role: str, cells: Mapping[int, Cell]) -> str:
        """The words of all columns of a role, one line each."""
        return _joined(*(self._words(cells[index]) for index in self._block.having(role)))

    def _explanation(self, cells: Mapping[int, Cell]) -> str:
        """What the row is about; it scores nothing, so nothing in it is asked about."""
        held = (cells[index] for index in self._block.having("explanation"))
        return _joined(*(cell.text for cell in held if not is_empty(cell) and cell.doubt is None))

    def _at(self, role: str, cells: Mapping[int, Cell]) -> str:
        """The first cell of a role that holds something."""
        held = (cells[index] for index in self._block.having(role))
        return next((cell.ref for cell in held if not is_empty(cell)), "")

    def _words(self, cell: Cell) -> str:
        """The text of a cell, as a formula last showed it where it is one."""
        if self._is_doubtful(cell):
            return ""
        try:
            return words(cell._replace(formula=""))
        except Invalid as error:
            self._ask(cell, error.text.zh, error.text.en)
            return ""

    def _is_doubtful(self, cell: Cell, *, is_score: bool = False) -> bool:
        """Whether people may not see a cell as it is, which is asked about."""
        try:
            refuse_unseen(cell)
        except Invalid as error:
            self._ask(cell, error.text.zh, error.text.en, is_score=is_score)
            return True
        return False

    def _ask(self, cell: Cell, zh: str, en: str, *, is_score: bool = False) -> None:
        question = CellQuestion(self._sheet.name, cell, Text(zh, en), is_score)
        if question not in self._tables.cells:
            self._tables.cells.append(question)


def _joined(*texts: str) -> str:
    return "\n".join(filter(None, texts))


_NOTHING: Final = Cell("", "")
