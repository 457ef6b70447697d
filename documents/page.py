"""What a document consists of, in any format.

A cell that is a `Decimal` is a number wherever the format has numbers; every other cell is text and
stays text, regardless of its first character.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal

from msgspec import Struct

from documents.line_breaking import cell_len
from ledger.language import Language
from ledger.visible import visible

Cell = str | Decimal | None


def format_cell(cell: Cell) -> str:
    """A cell as text; a dash where there is nothing, because missing is not zero."""
    if isinstance(cell, Decimal):
        return with_minus(f"{cell:f}")
    return "—" if cell is None else printable(cell)


def with_minus(number: str) -> str:
    """A number as paper has it: with the sign for less than nothing, which is no hyphen."""
    return number.replace("-", "−")


def printable(text: str) -> str:
    """Text as every format can hold it, with nothing in it that a reader would not see."""
    return visible(text).translate(_NOT_XML)


def one_line(text: str) -> str:
    """Words outside of tables: whose they are shows only as long as they make no lines."""
    return " ".join(printable(text).split("\n"))


_NOT_XML: Final = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")


EDGES: Final = 3
"""What the edges of a column take, in halves of a Chinese character."""
FOR_WORDS: Final = 10
"""A column of no more Chinese characters than this is for single words and numbers."""
WHOLE_LINES: Final = 12
"""A row of no more lines than this is never divided by the end of a page. A longer one may be:
it would leave half a page empty."""
_WORD: Final = re.compile("[A-Za-z0-9.,]+")


def _words(texts: Iterable[str]) -> set[int]:
    """Room for the Latin words and the numbers of texts, in halves of a Chinese character."""
    return {len(word) + 1 for text in texts for word in _WORD.findall(text)}


class PageColumn(Struct, frozen=True):
    """A column of a table.

    Attributes:
        width: in Chinese characters, roughly.
        number: whether its cells are aligned right.
        merged: whether equal cells below each other are one cell, within the columns before it.
    """

    heading: str
    width: int
    number: bool = False
    merged: bool = False


class PageRow(Struct, frozen=True):
    """A row of a table; a strong one is a total.

    Attributes:
        span: how many columns its first cell covers; the cells that it covers are empty.
    """

    cells: tuple[Cell, ...]
    strong: bool = False
    span: int = 1


class PageTable(Struct, frozen=True):
    """A table with its name, which is its caption and the name of its sheet in a workbook."""

    name: str
    columns: tuple[PageColumn, ...]
    rows: tuple[PageRow, ...]

    def caption(self, above: str) -> str:
        """Its name; empty right below a heading that has said it already."""
        return "" if self.name.casefold() in above.casefold() else one_line(self.name)

    def halves(self) -> list[int]:
        """The width of each column in halves of a Chinese character.

        No word of a heading is broken, nor one of a column for single words, in any language.
        """
        return [
            max([2 * column.width, *_words([column.heading]), *self._words_in(index)])
            for index, column in enumerate(self.columns)
        ]

    def _words_in(self, index: int) -> set[int]:
        """How long the words in a column for single words are; empty for other columns."""
        if self.columns[index].width > FOR_WORDS:
            return set()
        return _words({format_cell(row.cells[index]) for row in self.rows if row.span <= index})

    def shares(self) -> list[int]:
        """How much of the width each column has on paper, its edges included."""
        return [width + EDGES for width in self.halves()]

    def long_rows(self) -> set[int]:
        """The rows of many lines."""
        widths = self.halves()
        return {number for number, row in enumerate(self.rows) if _lines(row, widths) > WHOLE_LINES}

    def repeats(self) -> set[tuple[int, int]]:
        """The cells of merged columns that say what the cell above says, within the columns before.

        Formats show them as parts of the cell above; where a page begins they are read again.
        """
        repeated = set()
        for number, (above, row) in enumerate(pairwise(self.rows), 1):
            if above.strong or row.strong or row.span > 1 or above.span > 1:
                continue
            for index, column in enumerate(self.columns):
                if not column.merged or above.cells[index] != row.cells[index]:
                    break
                repeated.add((number, index))
        return repeated


def _lines(row: PageRow, widths: list[int]) -> int:
    """About how many lines a row has; a cell that covers several columns has room for its text."""
    return max(
        sum(1 + cell_len(line) // width for line in format_cell(cell).split("\n"))
        for cell, width in zip(row.cells, widths, strict=True)
    )


class FormCell(Struct, frozen=True):
    """A cell of a form.

    Attributes:
        columns: how many columns it covers; `rows` likewise.
        label: whether it is one of the words that every such form has.
    """

    text: Cell
    columns: int = 1
    rows: int = 1
    label: bool = False


class PageForm(Struct, frozen=True):
    """A form (表): blocks with columns of their own, one below the other on one grid.

    Attributes:
        name: its caption, and the name of its sheet in a workbook.
        widths: of the columns of the grid, in Chinese characters, roughly.
        lines: the cells of each line, without those that are covered by another.
    """

    name: str
    widths: tuple[int, ...]
    lines: tuple[tuple[FormCell, ...], ...]

    def placed(self) -> Iterator[tuple[int, int, FormCell]]:
        """Each cell with its line and its first column, from 0."""
        covered: set[tuple[int, int]] = set()
        for line, cells in enumerate(self.lines):
            column = 0
            for cell in cells:
                while (line, column) in covered:
                    column += 1
                covered |= {
                    (line + down, column + right)
                    for down in range(cell.rows)
                    for right in range(cell.columns)
                }
                yield line, column, cell

    def width_of(self, column: int, cell: FormCell) -> int:
        """The width of all columns that a cell covers."""
        return sum(self.widths[column : column + cell.columns])


class PageHeading(Struct, frozen=True):
    """A heading below the title; of the second level below one of the first."""

    text: str
    level: Literal[1, 2] = 1


class Paragraph(Struct, frozen=True):
    """Words. `code` is to be typed or compared character by character."""

    text: str
    code: bool = False


class Facts(Struct, frozen=True):
    """Short statements, each under its name."""

    pairs: tuple[tuple[str, str], ...]


class Picture(Struct, frozen=True):
    """An SVG and what it shows, in words.

    Attributes:
        narrow: the same, drawn for a telephone.
        size: width and height of `svg`, in pixels of CSS, of which an inch has 96.
        own_size: whether it also has that size on paper; else it is as wide as the text.
    """

    svg: str
    narrow: str
    size: tuple[int, int]
    description: str
    own_size: bool = False


class Signatures(Struct, frozen=True):
    """Places to sign, each under what it is; what the record knows is filled in already."""

    places: tuple[tuple[str, str], ...]


Block = PageHeading | Paragraph | Facts | PageTable | PageForm | Picture | Signatures


class Letter(Struct, frozen=True, kw_only=True):
    """What makes a document an official letter (GB/T 9704-2012, 信函格式).

    Attributes:
        sender: the authority that sends it, by its full name; it also signs.
        number: document number; empty where a person has yet to give it.
        addressee: whom it goes to.
        dated: the date printed on it, as written; empty where a person has yet to set it.
    """

    sender: str
    number: str
    addressee: str
    dated: str


class Annex(Struct, frozen=True):
    """What is enclosed with a letter (附件)."""

    title: str
    blocks: tuple[Block, ...]


class Document(Struct, frozen=True, kw_only=True):
    """A document, ready to be printed in any format.

    Attributes:
        blocks: of a letter, the part between the addressee and the signature.
        footer: what everything above comes from; on every page of a table, and of the annexes of
            a letter, where the format has pages.
        made: the instant that the file says it was made at: that of the last event it shows, so
            that the same document is the same bytes.
        letter: what makes it a letter; a table has none.
        annexes: on pages of their own after a letter.
    """

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    footer: tuple[str, ...]
    language: Language
    made: str
    landscape: bool = False
    letter: Letter | None = None
    annexes: tuple[Annex, ...] = ()

    def every_block(self) -> Iterator[Block]:
        """The blocks of the body and of the annexes, in order."""
        yield from self.blocks
        for annex in self.annexes:
            yield from annex.blocks

    def tables(self) -> Iterator[PageTable]:
        """The tables, in order."""
        return (block for block in self.every_block() if isinstance(block, PageTable))


def rows(*groups: Sequence[Cell]) -> tuple[PageRow, ...]:
    """Plain rows."""
    return tuple(PageRow(tuple(cells)) for cells in groups)
