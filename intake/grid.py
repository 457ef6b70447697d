"""A table as it is in a delivered file of any format: cells, merges, what is hidden.

The readers of workbooks, documents and text fill it; a reader of a table asks only this.
"""

from pathlib import Path
from typing import Final, NamedTuple

from intake.mistakes import CellRef, misfilled
from ledger.language import Text
from ledger.values import Invalid

CELLS_MAX: Final = 1_000_000
"""How many cells a sheet may have."""


class Cell(NamedTuple):
    """One cell as it is in the file.

    Attributes:
        value: text, number, truth, date or time; an empty text where there is nothing.
        ref: such as `F12`.
        formula: the formula, empty where there is none.
        calculated: whether the value of its formula was stored by the program that wrote it.
        percent: whether it is shown as a percentage.
        decimals: how many its format shows; `None` where the format leaves that open.
        struck: whether any of it is struck out.
    """

    value: object
    ref: str
    formula: str = ""
    calculated: bool = True
    percent: bool = False
    decimals: int | None = None
    struck: bool = False

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


def place(path: Path, sheet: str, ref: str) -> Text:
    """Where a cell is, in words."""
    return Text(f"{path} 工作表“{sheet}” 单元格 {ref}", f"{path}, sheet “{sheet}”, cell {ref}")


def at_cell(path: Path, sheet: str, ref: str, zh: str, en: str) -> Invalid:
    """What is wrong with a cell, after where it is."""
    return misfilled(place(path, sheet, ref), Text(zh, en), CellRef(sheet, ref))


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
