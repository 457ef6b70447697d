"""A table as it is in a delivered file of any format: cells, merges, what is hidden.

The readers of workbooks, documents and text fill it; a reader of a table asks only this.
"""

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from intake.mistakes import CellRef, misfilled
from ledger.language import Text
from ledger.values import Invalid

CELLS_MAX: Final = 250_000
"""How many cells a sheet may have, the empty ones between them too; reading takes seconds."""
FILE_CELLS_MAX: Final = 4 * CELLS_MAX
"""How many the sheets of a file may have together."""


STRUCK: Final = Text("有划去的字", "some of it is struck out")
REVISED: Final = Text("有尚未接受的修订", "it has a revision that nobody has accepted")
UNSEEN: Final = Text(
    "有看不见的字（与底色相同、字号过小，或被隐藏）",
    "some of it cannot be seen (in the colour of its background, too small, or hidden)",
)
BOXED: Final = Text(
    "有文本框或图文框里的字，可能印在别处",
    "some of it is in a text box or frame, which may be printed elsewhere",
)
COVERED: Final = Text(
    "上面压着文本框、图形或图片，可能被遮住或另有所指",
    "a text box, shape or picture lies over it, which may hide it or say something else",
)
RAISED: Final = Text("有上标或下标的数字", "it has digits above or below the line")
"""Why the words of a cell may not be what people see, or mean."""


class Cell(NamedTuple):
    """One cell as it is in the file.

    Attributes:
        value: text, number, truth, date or time; an empty text where there is nothing.
        ref: such as `F12`.
        formula: the formula, empty where there is none.
        calculated: whether the value of its formula was stored by the program that wrote it.
        percent: whether it is shown as a percentage.
        decimals: how many its format shows; `None` where the format leaves that open.
        veiled: whether its format shows no number at all, or a thousandth or a fraction of it.
        before: the words that its format shows before a number.
        after: the words that its format shows after a number.
        doubt: why people may not see it as it is, or may not mean it; `None` where they do.
    """

    value: object
    ref: str
    formula: str = ""
    calculated: bool = True
    percent: bool = False
    decimals: int | None = None
    veiled: bool = False
    before: str = ""
    after: str = ""
    doubt: Text | None = None

    @property
    def text(self) -> str:
        """The value as text, without white space around it."""
        return self.value.strip() if isinstance(self.value, str) else str(self.value)


class MergedCells(NamedTuple):
    """A merged range, both ends included, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(NamedTuple):
    """A sheet from its first cell A1.

    Attributes:
        visible: whether people see it at all.
        hidden: the rows that are hidden, counted from 0.
        columns_hidden: the columns that are hidden, counted from 0.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[MergedCells]
    hidden: frozenset[int]
    columns_hidden: frozenset[int]
    visible: bool = True


class Room:
    """How much room the sheets of a file take, asked before any of it is taken."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._taken = 0

    def refuse(self, sheet: str, rows: int, columns: int) -> None:
        """Refuse a sheet of so many rows and columns.

        Raises:
            Invalid: it is too large.
        """
        if rows * columns > CELLS_MAX:
            raise Invalid(
                f"{self._path} 工作表“{sheet}”：{rows} 行 {columns} 列，超过 {CELLS_MAX:,}"
                " 个单元格；请删去表外的内容和格式，或只把要读的表另存一份",
                f"{self._path}, sheet '{sheet}': {rows} rows by {columns} columns are more than"
                f" {CELLS_MAX:,} cells; delete contents and formats outside the table, or save the"
                " table that is to be read in a file of its own",
            )

    def take(self, sheet: str, rows: int, columns: int) -> None:
        """Take the room of a sheet.

        Raises:
            Invalid: it is too large, or all sheets so far are.
        """
        self.refuse(sheet, rows, columns)
        self._taken += rows * columns
        if self._taken > FILE_CELLS_MAX:
            raise Invalid(
                f"{self._path}：各工作表合计超过 {FILE_CELLS_MAX:,} 个单元格；"
                "请只把要读的表另存一份",
                f"{self._path}: its sheets have more than {FILE_CELLS_MAX:,} cells together; save"
                " the table that is to be read in a file of its own",
            )

    def too_many_formats(self, sheet: str) -> Invalid:
        """That a sheet has more conditional formats than can be looked at."""
        return Invalid(
            f"{self._path} 工作表“{sheet}”：条件格式太多，无法逐格判断；请清除后另存",
            f"{self._path}, sheet '{sheet}': too many conditional formats; clear them and save it"
            " again",
        )


def refuse_overlapping(path: Path, sheet: Sheet) -> None:
    """Refuse merged ranges that overlap, which no program makes.

    Raises:
        Invalid: there are some.
    """
    if sum((area.bottom - area.top + 1) * (area.right - area.left + 1) for area in sheet.merged) > (
        CELLS_MAX
    ):
        raise Invalid(
            f"{path} 工作表“{sheet.name}”：合并单元格超出表外或互相重叠。请用表格程序打开后另存。",
            f"{path}, sheet '{sheet.name}': its merged cells overlap or lie outside the table."
            " Open it in a spreadsheet program and save it again.",
        )


def place(path: Path, sheet: str, ref: str) -> Text:
    """Where a cell is, in words."""
    return Text(f"{path} 工作表“{sheet}” 单元格 {ref}", f"{path}, sheet '{sheet}', cell {ref}")


def at_cell(path: Path, sheet: str, ref: str, zh: str, en: str) -> Invalid:
    """What is wrong with a cell, after where it is."""
    return misfilled(place(path, sheet, ref), Text(zh, en), CellRef(sheet, ref))


@cache
def column_letters(index: int) -> str:
    """The letters of a column counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def ref_of(row: int, column: int) -> str:
    """A cell by its letters and number."""
    return f"{column_letters(column)}{row + 1}"
