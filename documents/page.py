"""What a document consists of, whatever format it is printed in.

A cell that is a `Decimal` is a number wherever the format has numbers; every other cell is text
and stays text, whatever sign it begins with.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from msgspec import Struct

from ledger.language import Language
from ledger.visible import visible

Cell = str | Decimal | None


def format_cell(cell: Cell) -> str:
    """A cell as text; a dash where there is nothing, because missing is not zero."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return "—" if cell is None else printable(cell)


def printable(text: str) -> str:
    """Text as every format can hold it, with nothing in it that a reader would not see."""
    return visible(text).translate(_NOT_XML)


def one_line(text: str) -> str:
    """Words outside of tables: whose they are shows only as long as they make no lines."""
    return " ".join(printable(text).split("\n"))


_NOT_XML: Final = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")


class PageColumn(Struct, frozen=True):
    """A column of a table.

    Attributes:
        width: in Chinese characters, roughly.
        number: whether its cells stand to the right.
        merged: whether equal cells below each other are one cell, within the columns before it.
    """

    heading: str
    width: int
    number: bool = False
    merged: bool = False


class PageRow(Struct, frozen=True):
    """A row of a table; a strong one is a total."""

    cells: tuple[Cell, ...]
    strong: bool = False


class PageTable(Struct, frozen=True):
    """A table with its name, which is its caption and the name of its sheet in a workbook."""

    name: str
    columns: tuple[PageColumn, ...]
    rows: tuple[PageRow, ...]

    def spans(self) -> dict[tuple[int, int], int]:
        """How many rows each cell of a merged column covers; 0 for those that are covered."""
        found = {}
        for index, column in enumerate(self.columns):
            if not column.merged:
                continue
            for _, run in groupby(
                range(len(self.rows)),
                key=lambda row, last=index + 1: (  # type: ignore[misc]  # mypy cannot infer a lambda with a default
                    self.rows[row].strong,
                    self.rows[row].cells[:last],
                ),
            ):
                first, *covered = run
                found[first, index] = 1 + len(covered)
                found.update({(row, index): 0 for row in covered})
        return found


class PageHeading(Struct, frozen=True):
    """A heading below the title."""

    text: str


class Paragraph(Struct, frozen=True):
    """Words. `code` is to be typed or compared character by character."""

    text: str
    code: bool = False


class Facts(Struct, frozen=True):
    """Short statements, each under its name."""

    pairs: tuple[tuple[str, str], ...]


class Picture(Struct, frozen=True):
    """An SVG and what it shows, in words."""

    svg: str
    description: str


Block = PageHeading | Paragraph | Facts | PageTable | Picture


class Document(Struct, frozen=True, kw_only=True):
    """A document, ready to be printed in any format.

    Attributes:
        footer: what everything above comes from; on every page where the format has pages.
        made: the instant that the file says it was made at: that of the last event it shows, so
            that the same document is the same bytes.
    """

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    footer: tuple[str, ...]
    language: Language
    made: str
    landscape: bool = False

    def tables(self) -> Iterator[PageTable]:
        """The tables, in order."""
        return (block for block in self.blocks if isinstance(block, PageTable))


def rows(*groups: Sequence[Cell]) -> tuple[PageRow, ...]:
    """Plain rows."""
    return tuple(PageRow(tuple(cells)) for cells in groups)
