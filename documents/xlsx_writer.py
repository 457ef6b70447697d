"""A document as a workbook (.xlsx): a sheet a table, numbers as numbers, text as text."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from documents.page import (
    Block,
    Document,
    Facts,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
    Picture,
    format_cell,
    one_line,
)
from documents.pictures.svg import width_of

FONT: Final = "宋体"
COLON: Final = {"zh": "：", "en": ": "}
TEXT_MAX: Final = 32767
NAME_MAX: Final = 31
FORBIDDEN_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
PAPER_A4: Final = 9
LINE_HEIGHT: Final = 15
MARGIN: Final = Decimal("0.4")
"""Of the printed page, in inches."""
LINES_MAX: Final = 27
"""A row can be no higher than 409 points."""


def xlsx(document: Document) -> bytes:
    """The workbook. What is not a number is written as text, so `=1+1` stays what it is."""
    out = BytesIO()
    book = Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties(
        {
            "title": document.title,
            "created": datetime.fromisoformat(document.made).replace(tzinfo=None),
        }
    )
    styles = Styles(book)
    for words, table in _sheets(document):
        _Sheet(book, styles, document, table).fill(words)
    book.close()
    return out.getvalue()


class Styles:
    """The few formats of a workbook, made when they are first asked for."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def style(self, **properties: object) -> Format:
        """A format in our font, its text wrapped at the top of the cell."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": FONT, "font_size": 10, "text_wrap": True, "valign": "top"}
                | properties
            )
        return self._made[key]


def _sheets(document: Document) -> Iterator[tuple[list[Block], PageTable | None]]:
    """Each table with the words before it; words after the last table have a sheet of their own."""
    words: list[Block] = []
    for block in document.blocks:
        if isinstance(block, PageTable):
            yield words, block
            words = []
        elif not isinstance(block, Picture):  # the numbers of a picture stand in the tables
            words.append(block)
    if words or not any(True for _ in document.tables()):
        yield words, None


class _Sheet:
    """One sheet while it is written, top down."""

    def __init__(
        self, book: Workbook, styles: Styles, document: Document, table: PageTable | None
    ) -> None:
        name = table.name if table else ("说明" if document.language == "zh" else "notes")
        self._sheet: Worksheet = book.add_worksheet(_free_name(book, name))
        self._styles = styles
        self._document = document
        self._table = table
        self._width = len(table.columns) if table else 6
        self._line = 0

    def fill(self, words: list[Block]) -> None:
        """Write title, words, table and footer, and set up the print."""
        if self._sheet.index == 0:
            self._words(one_line(self._document.title), bold=True, font_size=15, align="center")
            self._words(one_line(self._document.subtitle), align="center")
        for block in words:
            self._block(block)
        if self._table:
            self._rows(self._table)
        self._line += 1
        for line in self._document.footer:
            self._words(one_line(line), font_color="#59636E", font_size=9)
        self._print()

    def _block(self, block: Block) -> None:
        match block:
            case PageHeading(text=text):
                self._words(one_line(text), bold=True, font_size=12)
            case Paragraph(text=text, code=code):
                self._words(
                    text if code else one_line(text), **({"font_name": "Consolas"} if code else {})
                )
            case Facts(pairs=pairs):
                for name, text in pairs:
                    self._words(one_line(name + COLON[self._document.language] + text))
            case _:
                pass

    def _words(self, text: str, **properties: object) -> None:
        """A line of words across all columns."""
        style = self._styles.style(**properties)
        written = clipped(text)
        if self._width > 1:
            self._sheet.merge_range(self._line, 0, self._line, self._width - 1, "", style)
        self._sheet.write_string(self._line, 0, written, style)
        lines = 1 + len(written) // max(self._characters() - 2, 10) + written.count("\n")
        self._sheet.set_row(self._line, max(16 * lines, 24 if properties.get("bold") else 16))
        self._line += 1

    def _characters(self) -> int:
        return sum(column.width for column in self._table.columns) if self._table else 60

    def _rows(self, table: PageTable) -> None:
        head = self._styles.style(bold=True, border=1, bg_color="#EAEEF2", align="center")
        for index, column in enumerate(table.columns):
            self._sheet.set_column(index, index, column.width * 2)
            self._sheet.write_string(self._line, index, column.heading, head)
        self._sheet.repeat_rows(self._line)
        if self._sheet.index == 0 or len(table.rows) > 1:
            self._sheet.freeze_panes(self._line + 1, 0)
        first, spans = self._line + 1, table.spans()
        for number, row in enumerate(table.rows):
            self._sheet.set_row(first + number, _height(row, table))
            for index in range(len(table.columns)):
                self._cell(first + number, index, row, table, spans.get((number, index), 1))
        self._line = first + len(table.rows)

    def _cell(self, line: int, index: int, row: PageRow, table: PageTable, span: int) -> None:
        cell, column = row.cells[index], table.columns[index]
        properties: dict[str, object] = {"border": 1, "bold": row.strong}
        if column.number:
            properties["align"] = "right"
        if isinstance(cell, Decimal):
            properties["num_format"] = number_format(cell)
        style = self._styles.style(**properties)
        if span > 1:
            self._sheet.merge_range(line, index, line + span - 1, index, "", style)
        if span == 0:
            return
        if isinstance(cell, Decimal):
            # Handed over as it is: the writer prints a Decimal digit by digit, no float between.
            self._sheet.write_number(line, index, cell, style)
        else:
            self._sheet.write_string(line, index, clipped(format_cell(cell)), style)

    def _print(self) -> None:
        sheet = self._sheet
        if self._document.landscape:
            sheet.set_landscape()
        sheet.set_paper(PAPER_A4)
        sheet.set_margins(MARGIN, MARGIN)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")


def _free_name(book: Workbook, name: str) -> str:
    """A name that a sheet can have and that no other sheet has, whatever its case."""
    taken = {sheet.name.lower() for sheet in book.worksheets()}
    plain = name.translate(FORBIDDEN_IN_NAMES).strip()[:NAME_MAX] or "1"
    free, number = plain, 1
    while free.lower() in taken:
        number += 1
        free = f"{plain[: NAME_MAX - 4]} {number}"
    return free


def clipped(text: str) -> str:
    """What a cell can hold, with an ellipsis where that is not all."""
    return text if len(text) <= TEXT_MAX else text[: TEXT_MAX - 1] + "…"


def _height(row: PageRow, table: PageTable) -> int:
    own = zip(row.cells, table.columns, strict=True)
    return row_height(
        (format_cell(cell), column.width) for cell, column in own if not column.merged
    )


def row_height(cells: Iterable[tuple[str, int]]) -> int:
    """The points that a row needs for its texts, each in a column of so many Chinese characters.

    A program does not stretch the rows of a sheet that another has drawn. A character's width of
    every column goes to its edges and to signs that may not begin a line.
    """
    needed = 1
    for text, width in cells:
        room = max(width * 2 - 2, 2)
        needed = max(needed, sum(1 + width_of(part, 2) // room for part in text.split("\n")))
    return LINE_HEIGHT * min(needed, LINES_MAX)


def number_format(number: Decimal) -> str:
    """The format that shows a number with the decimals it has."""
    exponent = number.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return f"0.{'0' * decimals}" if decimals > 0 else "0"
