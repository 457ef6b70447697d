"""A form as a workbook: what is not to be filled in is protected, choices are drop-downs.

Every sheet begins with its title and its sums, then a hidden line of keys and the headings. What is
hidden is for the way back: the keys of the columns, the ids of rows, and the sheet `baseline`.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from documents.page import Cell, printable
from documents.xlsx_writer import (
    FAINT,
    MARGIN,
    PAPER_A4,
    Styles,
    clipped,
    number_format,
    row_height,
)
from intake.forms.sheet import BASELINE, COVER, LABEL, ROW, Form, FormColumn, FormSheet
from ledger import terms
from ledger.language import Say, speaker
from ledger.terms import EXCLUDED

TITLE, SUMS, KEYS, HEADINGS, FIRST_ROW = range(5)
"""The lines of a sheet."""
OPEN: Final = "#FFF8E1"
SHUT: Final = "#F6F8FA"
SPARE_SHOWN: Final = 12
"""How many of the empty rows are drawn; the others can be filled in and are not printed."""
GROUPS: Final = ("level1", "level2")
"""Columns whose texts repeat those above them, which is shown."""
LABELS: Final = "indicator_names"
"""The defined name of what the rows of scores are called."""


def form_xlsx(form: Form) -> bytes:
    """The workbook."""
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
    moment = datetime.fromisoformat(form.made).replace(tzinfo=None)
    book.set_properties({"title": form.title, "created": moment})
    writer = _Writer(book, form)
    for sheet in form.sheets:
        writer.write(sheet)
    writer.write_baseline()
    book.close()
    return out.getvalue()


PAGE_WIDTH: Final = 120
"""Characters side by side that can still be read on one page across."""


class _Writer:
    def __init__(self, book: Workbook, form: Form) -> None:
        self._book = book
        self._form = form
        self._say: Say = speaker(form.language)
        self._styles = Styles(book)
        self._baseline: list[tuple[str, str, str, str]] = []
        self._labels = [label for sheet in form.sheets for label in sheet.labels.values()]

    def write(self, sheet: FormSheet) -> None:
        page = self._book.add_worksheet(sheet.name)
        self._head(page, sheet)
        for number, row in enumerate(sheet.rows, FIRST_ROW):
            shown = [
                (_text(cell), column.width)
                for cell, column in zip(row, sheet.columns, strict=True)
                if not column.hidden
            ]
            page.set_row(number, row_height(shown))
            above = sheet.rows[number - FIRST_ROW - 1] if number > FIRST_ROW else None
            for index, column in enumerate(sheet.columns):
                again = column.key in GROUPS and above is not None and above[index] == row[index]
                if column.computed:
                    self._formula(page, number, index, sheet, row)
                else:
                    self._cell(page, number, index, row[index], shut=not column.open, faint=again)
            self._remember(sheet, row)
        last = FIRST_ROW + len(sheet.rows)
        for number in range(last, last + sheet.spare):
            drawn = number < last + SPARE_SHOWN
            for index in range(len(sheet.columns)):
                self._cell(page, number, index, None, shut=False, drawn=drawn)
        for index, column in enumerate(sheet.columns):
            self._validate(page, sheet, index, column)
        page.freeze_panes(FIRST_ROW, sheet.index("level3") + 1 if sheet.labels else 1)
        page.protect("", {"format_columns": True, "format_rows": True})
        self._print(page, sheet)

    def _head(self, page: Worksheet, sheet: FormSheet) -> None:
        """Title, sums, keys and headings; and what is out of sight."""
        title = self._say("：", ": ").join((self._form.title, sheet.name))
        words = " ".join(filter(None, (self._form.about, title)))
        bold = self._styles.style(bold=True, font_size=14, text_wrap=False)
        page.write_string(TITLE, 0, words, bold)
        page.set_row(TITLE, 24)
        head = self._styles.style(bold=True, border=1, bg_color="#EAEEF2", align="center")
        keys = self._styles.style(font_color=FAINT, font_size=8, text_wrap=False)
        for index, column in enumerate(sheet.columns):
            options = {"hidden": 1} if column.hidden else {}
            page.set_column(index, index, column.width * 2, None, options)
            key = f"{sheet.key}.{column.key}" if column.key == "id" else column.key
            page.write_string(KEYS, index, key, keys)
            page.write_string(HEADINGS, index, column.heading, head)
        seen = [(column.heading, column.width) for column in sheet.columns if not column.hidden]
        page.set_row(HEADINGS, row_height(seen))
        page.set_row(KEYS, None, None, {"hidden": 1})
        if any(column.summed for column in sheet.columns):
            page.write_string(SUMS, 0, self._say(*terms.TOTALS), self._styles.style(bold=True))
            for index, column in enumerate(sheet.columns):
                if column.summed:
                    self._sum(page, sheet, index)

    def _sum(self, page: Worksheet, sheet: FormSheet, index: int) -> None:
        """The sum of a column as it runs; of scores without the bonus, which follows them."""
        count = len(sheet.labels) or len(sheet.rows)
        last = FIRST_ROW + count - 1 + (0 if sheet.labels else sheet.spare)
        letters = xl_col_to_name(index)
        numbers = [
            value
            for row in sheet.rows[:count]
            if isinstance(value := _value(sheet, row, index), Decimal)
        ]
        total = sum(numbers, Decimal(0))
        style = self._styles.style(
            bold=True, align="right", num_format=number_format(total) if numbers else "0.00"
        )
        span = f"{letters}{FIRST_ROW + 1}:{letters}{max(last, FIRST_ROW) + 1}"
        page.write_formula(SUMS, index, f"=SUM({span})", style, total)

    def _formula(
        self, page: Worksheet, row: int, index: int, sheet: FormSheet, cells: Sequence[Cell]
    ) -> None:
        """What a column works out from others of its row."""
        column = sheet.columns[index]
        refs = {
            other.key: xl_rowcol_to_cell(row, number) for number, other in enumerate(sheet.columns)
        }
        used = [ref for key, ref in refs.items() if f"{{{key}}}" in column.computed]
        numbers = ",".join(f"ISNUMBER({ref})" for ref in used)
        value = _value(sheet, cells, index)
        style = self._styles.style(
            border=1,
            bg_color=SHUT,
            num_format=number_format(value) if isinstance(value, Decimal) else "0.00",
        )
        formula = f'=IF(AND({numbers}),{column.computed.format(**refs)},"")'
        page.write_formula(row, index, formula, style, "" if value is None else value)

    def _cell(  # noqa: PLR0913 - where, what, and how it looks
        self,
        page: Worksheet,
        row: int,
        column: int,
        cell: Cell,
        *,
        shut: bool,
        faint: bool = False,
        drawn: bool = True,
    ) -> None:
        properties: dict[str, object] = {"locked": shut}
        if drawn:
            properties |= {"border": 1, "bg_color": SHUT if shut else OPEN}
        if faint:
            properties["font_color"] = FAINT
        if isinstance(cell, Decimal):
            style = self._styles.style(**properties, num_format=number_format(cell))
            page.write_number(row, column, cell, style)
        elif cell is None or cell == "":
            page.write_blank(row, column, None, self._styles.style(**properties))
        else:
            page.write_string(
                row, column, clipped(printable(cell)), self._styles.style(**properties)
            )

    def _remember(self, sheet: FormSheet, row: tuple[Cell, ...]) -> None:
        """What the row is made with; what nobody fills in also where it is empty."""
        if sheet.key == COVER:
            return
        id_ = str(row[sheet.index("id")])
        self._baseline.append((sheet.key, id_, ROW, ""))
        if id_ in sheet.labels:
            self._baseline.append((sheet.key, id_, LABEL, sheet.labels[id_]))
        for cell, column in zip(row, sheet.columns, strict=True):
            text = clipped(_text(cell))
            if not column.computed and column.key != "id" and (text or not column.open):
                self._baseline.append((sheet.key, id_, column.key, text))

    def _validate(self, page: Worksheet, sheet: FormSheet, index: int, column: FormColumn) -> None:
        last = FIRST_ROW + len(sheet.rows) + sheet.spare - 1
        if last < FIRST_ROW:
            return
        if column.choices:
            page.data_validation(
                FIRST_ROW,
                index,
                last,
                index,
                {"validate": "list", "source": list(column.choices), "ignore_blank": True},
            )
        elif column.labels and self._labels:
            page.data_validation(
                FIRST_ROW, index, last, index, {"validate": "list", "source": f"={LABELS}"}
            )
        elif column.up_to:
            self._limit(page, sheet, index, column, last)

    def _limit(
        self, page: Worksheet, sheet: FormSheet, index: int, column: FormColumn, last: int
    ) -> None:
        """A score is a number from 0 to the weight of its row, or says that the row is excluded."""
        cell = xl_rowcol_to_cell(FIRST_ROW, index)
        most = f"${xl_col_to_name(sheet.index(column.up_to))}{FIRST_ROW + 1}"
        words = " ".join(f'{cell}="{word}",' for word in EXCLUDED)
        title = self._say("得分", "score")
        message = self._say("应为 0 到分值之间的数", "a number from 0 to the weight")
        page.data_validation(
            FIRST_ROW,
            index,
            last,
            index,
            {
                "validate": "custom",
                "value": f"=OR({words}AND(ISNUMBER({cell}),{cell}>=0,{cell}<={most}))",
                "error_title": title,
                "error_message": message,
            },
        )

    def _print(self, page: Worksheet, sheet: FormSheet) -> None:
        """A4, as wide as the page or as two, the headings and names on every page."""
        if not sheet.portrait:
            page.set_landscape()
        page.set_paper(PAPER_A4)
        page.set_margins(*[MARGIN] * 2, top=MARGIN, bottom=Decimal("0.6"))
        page.repeat_rows(HEADINGS)
        wide = sum(column.width for column in sheet.columns if not column.hidden)
        page.fit_to_pages(1 if wide <= PAGE_WIDTH else 2, 0)
        if wide > PAGE_WIDTH:
            page.repeat_columns(0, sheet.index("level3") if sheet.labels else 0)
            page.print_across()
        if sheet.printed_to:
            last = FIRST_ROW + len(sheet.rows) + sheet.spare - 1
            page.print_area(TITLE, 0, last, sheet.index(sheet.printed_to))
        page.set_footer("&C&P / &N")

    def write_baseline(self) -> None:
        """What the form was made with, so that only changes are read back."""
        page = self._book.add_worksheet(BASELINE)
        for index, key in enumerate(("sheet", "id", "column", "value")):
            page.write_string(0, index, f"{BASELINE}.{key}")
        for number, line in enumerate(self._baseline, 1):
            for index, cell in enumerate(line):
                page.write_string(number, index, cell)
        if self._labels:
            for number, label in enumerate(self._labels):
                page.write_string(number, 5, label)
            self._book.define_name(LABELS, f"={BASELINE}!$F$1:$F${len(self._labels)}")
        page.protect()
        page.hide()


def _value(sheet: FormSheet, row: Sequence[Cell], index: int) -> Cell:
    """What a cell holds; of a computed column, what its formula gives where it is a difference."""
    column = sheet.columns[index]
    if not column.computed:
        return row[index]
    first, second = (
        row[sheet.index(part.strip("{}"))] for part in column.computed.split("-", maxsplit=1)
    )
    if isinstance(first, Decimal) and isinstance(second, Decimal):
        return first - second
    return None


def _text(cell: Cell) -> str:
    """A cell as it is read again: plain, unlike on paper."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return printable(cell or "")
