"""A document as a workbook (.xlsx): one sheet per table, numbers as numbers, text as text."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import takewhile
from typing import Final, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from documents.page import (
    Block,
    Cell,
    Document,
    Facts,
    Letter,
    PageForm,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
    Picture,
    Signatures,
    format_cell,
    one_line,
)
from documents.pictures.svg import width_of
from documents.png import DOTS_PER_PIXEL, png
from documents.titles import title_lines
from documents.wording import addressed, annex_heading, enclosures_listed, numbered, signed_by

FONT: Final = "宋体"
TITLES: Final = "方正小标宋简体"
FAINT: Final = "#818B98"
COLON: Final = {"zh": "：", "en": ": "}
TEXT_MAX: Final = 32767
NAME_MAX: Final = 31
FORBIDDEN_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
PAPER_A4: Final = 9
LINE_HEIGHT: Final = 15
PIXELS_PER_LINE: Final = 20
POINTS_PER_PIXEL: Final = 0.75
PIXELS_PER_CHARACTER: Final = 14
"""Of the width of a column, which is twice its number of Chinese characters."""
WORDS_WIDTH: Final = 6
WORDS_COLUMN: Final = 7
"""Columns of a sheet without a table, and how many Chinese characters each has room for."""
FONT_SIZE: Final = 10
HIGHEST: Final = 409
"""Of a row, in points."""
DOTS_SCALE: Final = 1 / DOTS_PER_PIXEL
"""A picture has more dots than pixels, so that it is sharp on paper."""
MARGIN: Final = Decimal("0.4")
"""Of the printed page, in inches."""
LINES_MAX: Final = 27
"""What a row of `HIGHEST` points has room for."""


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
    for content in _sheets(document):
        _Sheet(book, styles, document, content).fill()
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
                {"font_name": FONT, "font_size": FONT_SIZE, "text_wrap": True, "valign": "top"}
                | properties
            )
        return self._made[key]


class _Content(NamedTuple):
    """What one sheet shows: words and pictures in order, and one table among them."""

    name: str
    blocks: list[Block]
    letter: Letter | None = None

    @property
    def table(self) -> PageTable | PageForm | None:
        """The table or form that gives the sheet its columns."""
        return next((one for one in self.blocks if isinstance(one, PageTable | PageForm)), None)

    @property
    def widths(self) -> tuple[int, ...]:
        """Of the columns of the sheet, in halves of a Chinese character."""
        match self.table:
            case PageTable():
                return tuple(self.table.halves())
            case PageForm(widths=widths):
                return tuple(2 * width for width in widths)
            case None:
                return (2 * WORDS_COLUMN,) * WORDS_WIDTH


def _sheets(document: Document) -> Iterator[_Content]:
    """A letter on one sheet; elsewhere each table with what comes before it.

    What follows the last table of a body or of an annex stays with it.
    """
    named = "说明" if document.language == "zh" else "notes"
    letter_name = "公文" if document.language == "zh" else "letter"
    if document.letter:
        yield _Content(letter_name, list(document.blocks), document.letter)
    else:
        yield from _split(list(document.blocks), named)
    for number, annex in enumerate(document.annexes):
        heading = PageHeading(annex_heading(document, number))
        yield from _split([heading, *annex.blocks], annex.title)


def _split(blocks: list[Block], name: str) -> Iterator[_Content]:
    ends = [index for index, block in enumerate(blocks) if isinstance(block, PageTable | PageForm)]
    starts = [0, *(index + 1 for index in ends[:-1])]
    for start, stop in zip(starts, [*(index + 1 for index in ends[:-1]), len(blocks)], strict=True):
        content = _Content(name, blocks[start:stop])
        yield content._replace(name=content.table.name) if content.table else content


class _Sheet:
    """One sheet while it is written, top down."""

    def __init__(
        self, book: Workbook, styles: Styles, document: Document, content: _Content
    ) -> None:
        self._sheet: Worksheet = book.add_worksheet(_free_name(book, content.name))
        self._styles = styles
        self._document = document
        self._content = content
        self._width = len(content.widths)
        self._line = 0
        for index, width in enumerate(content.widths):
            self._sheet.set_column(index, index, width)

    def fill(self) -> None:
        """Write head, blocks and footer, and set up the print."""
        letter = self._content.letter
        if letter:
            self._head(letter)
        elif self._sheet.index == 0:
            self._words(one_line(self._document.title), bold=True, font_size=15, align="center")
            self._words(one_line(self._document.subtitle), align="center")
        for block in self._content.blocks:
            self._block(block)
        if letter:
            self._foot(letter)
        self._line += 1
        for line in self._document.footer:
            self._words(one_line(line), font_color="#59636E", font_size=9)
        self._print()

    def _head(self, letter: Letter) -> None:
        language = self._document.language
        red = {"font_color": "#CC0000", "bottom": 6, "bottom_color": "#CC0000"}
        self._words(one_line(letter.sender), font_name=TITLES, font_size=22, align="center", **red)
        self._words(one_line(numbered(language, letter)), align="right")
        self._line += 1
        title = "\n".join(title_lines(self._document))
        self._words(title, font_name=TITLES, font_size=16, align="center")
        self._line += 1
        self._words(one_line(addressed(language, letter)), font_size=12)

    def _foot(self, letter: Letter) -> None:
        self._line += 1
        for line in enclosures_listed(self._document):
            self._words(one_line(line), font_size=12)
        self._line += 1
        # In one line of the sheet, which the end of a page does not divide.
        signed = map(one_line, signed_by(self._document.language, letter))
        self._words("\n".join(signed), font_size=12, align="right")

    def _block(self, block: Block) -> None:
        size = {"font_size": 12} if self._content.letter else {}
        match block:
            case PageHeading(text=text):
                self._words(one_line(text), bold=True, font_size=12)
            case Paragraph(text=text, code=code):
                self._words(
                    text if code else one_line(text),
                    **({"font_name": "Consolas"} if code else size),
                )
            case Facts(pairs=pairs):
                for name, text in pairs:
                    self._words(one_line(name + COLON[self._document.language] + text))
            case PageTable():
                self._rows(block)
            case PageForm():
                self._form(block)
            case Picture():
                self._picture(block)
            case Signatures(places=places):
                self._line += 1
                for name, text in places:
                    self._words(one_line(name + COLON[self._document.language] + text))

    def _picture(self, picture: Picture) -> None:
        """The picture as wide as the columns, over as many lines as it is high."""
        width, height = picture.size
        scale = min(1.0, self._characters() * PIXELS_PER_CHARACTER / width)
        options = {
            "image_data": BytesIO(png(picture)),
            "description": picture.description,
            "x_scale": scale * DOTS_SCALE,
            "y_scale": scale * DOTS_SCALE,
        }
        points = int(height * scale * POINTS_PER_PIXEL) + 2 * LINE_HEIGHT
        if points <= HIGHEST:  # in one line of the sheet, which the end of a page does not divide
            self._sheet.set_row(self._line, points)
            self._sheet.insert_image(self._line, 0, "picture.png", options | {"y_offset": 10})
            self._line += 1
            return
        self._sheet.insert_image(self._line + 1, 0, "picture.png", options)
        lines = 3 + int(height * scale) // PIXELS_PER_LINE
        for line in range(self._line, self._line + lines):
            self._sheet.set_row(line, LINE_HEIGHT)  # else each program has its own, and stretches
        self._line += lines

    def _words(self, text: str, **properties: object) -> None:
        """A line of words across all columns."""
        style = self._styles.style(**properties)
        written = clipped(text)
        if self._width > 1:
            self._sheet.merge_range(self._line, 0, self._line, self._width - 1, "", style)
        self._sheet.write_string(self._line, 0, written, style)
        size = int(str(properties.get("font_size", FONT_SIZE)))
        lines = row_height([(written, self._characters() * FONT_SIZE // size)])
        self._sheet.set_row(self._line, min(lines * (size + 2) // FONT_SIZE, HIGHEST))
        self._line += 1

    def _characters(self) -> int:
        """How many Chinese characters fit side by side in all columns."""
        return sum(self._content.widths) // 2

    def _rows(self, table: PageTable) -> None:
        head = self._styles.style(bold=True, border=1, bg_color="#EAEEF2", align="center")
        widths = table.halves()
        for index, column in enumerate(table.columns):
            self._sheet.write_string(self._line, index, column.heading, head)
        if self._content.letter is None:
            self._sheet.repeat_rows(self._line)
            self._sheet.freeze_panes(self._line + 1, 0)
            ordinary = sum(1 for _ in takewhile(lambda row: row.span <= 1, table.rows))
            if ordinary > 1:  # rows of sums below stay outside the choice
                self._sheet.autofilter(self._line, 0, self._line + ordinary, len(table.columns) - 1)
        first, repeats = self._line + 1, table.repeats()
        for number, row in enumerate(table.rows):
            self._sheet.set_row(first + number, _height(row, widths))
            for index in range(len(table.columns)):
                if not 0 < index < row.span:
                    again = (number, index) in repeats
                    self._cell(first + number, index, row, table, again=again)
        self._line = first + len(table.rows)

    def _form(self, form: PageForm) -> None:
        """A form, its areas merged; an area over several lines does not stretch them."""
        texts: dict[int, list[tuple[str, int]]] = {}
        for line, column, cell in form.placed():
            properties: dict[str, object] = {"border": 1, "valign": "vcenter"}
            if cell.label:
                properties |= {"bold": True, "bg_color": "#EAEEF2", "align": "center"}
            if isinstance(cell.text, Decimal):
                properties |= {"align": "right", "num_format": number_format(cell.text)}
            style = self._styles.style(**properties)
            top, bottom = self._line + line, self._line + line + cell.rows - 1
            if cell.columns > 1 or cell.rows > 1:
                right = column + cell.columns - 1
                self._sheet.merge_range(top, column, bottom, right, "", style)
            self._write(top, column, cell.text, style)
            if cell.rows == 1:
                text = format_cell(cell.text)
                texts.setdefault(line, []).append((text, form.width_of(column, cell)))
        for line, own in texts.items():
            self._sheet.set_row(self._line + line, row_height(own))
        self._line += len(form.lines)

    def _cell(self, line: int, index: int, row: PageRow, table: PageTable, *, again: bool) -> None:
        """A cell. One that repeats the cell above is faint: a page may begin with it."""
        cell, column = row.cells[index], table.columns[index]
        properties: dict[str, object] = {"border": 1, "bold": row.strong}
        if column.number:
            properties |= {"align": "right", "indent": 1}  # apart from the words of the next cell
        if again:
            properties["font_color"] = FAINT
        if isinstance(cell, Decimal):
            properties["num_format"] = number_format(cell)
        style = self._styles.style(**properties)
        if index == 0 and row.span > 1:
            self._sheet.merge_range(line, 0, line, row.span - 1, "", style)
        self._write(line, index, cell, style)

    def _write(self, line: int, index: int, cell: Cell, style: Format) -> None:
        if isinstance(cell, Decimal):
            # Handed over as it is: the writer prints a Decimal digit by digit, no float between.
            self._sheet.write_number(line, index, cell, style)
        else:
            self._sheet.write_string(line, index, clipped(format_cell(cell)), style)

    def _print(self) -> None:
        sheet = self._sheet
        if self._document.landscape or (self._document.letter and not self._content.letter):
            sheet.set_landscape()
        sheet.set_paper(PAPER_A4)
        sheet.set_margins(MARGIN, MARGIN)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")


def _free_name(book: Workbook, name: str) -> str:
    """A name that a sheet can have and that no other sheet has, in any case."""
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


def _height(row: PageRow, widths: list[int]) -> int:
    whole = [sum(widths[: row.span]), *widths[row.span :]]
    cells = [row.cells[0], *row.cells[row.span :]]
    return row_height(
        (format_cell(cell), width // 2) for cell, width in zip(cells, whole, strict=True)
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
