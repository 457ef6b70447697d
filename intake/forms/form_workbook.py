"""A form as a workbook: what is not to be filled in is protected, choices are drop-downs."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from documents.page import Cell, format_cell
from documents.xlsx_writer import Styles, clipped, number_format, row_height
from intake.forms.sheet import BASELINE, COVER, ROW, Form, FormColumn, FormSheet
from ledger.language import Say, speaker
from ledger.terms import EXCLUDED

FIRST_ROW: Final = 2
"""Below the keys and the headings."""
OPEN: Final = "#FFF8E1"
SHUT: Final = "#F6F8FA"


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


class _Writer:
    def __init__(self, book: Workbook, form: Form) -> None:
        self._book = book
        self._form = form
        self._say: Say = speaker(form.language)
        self._styles = Styles(book)
        self._baseline: list[tuple[str, str, str, str]] = []

    def write(self, sheet: FormSheet) -> None:
        page = self._book.add_worksheet(sheet.name)
        head = self._styles.style(bold=True, border=1, bg_color="#EAEEF2", align="center")
        keys = self._styles.style(font_color="#818B98", font_size=8, text_wrap=False)
        for index, column in enumerate(sheet.columns):
            page.set_column(index, index, column.width * 2)
            page.write_string(0, index, f"{sheet.key}.{column.key}", keys)
            page.write_string(1, index, column.heading, head)
        for number, row in enumerate(sheet.rows, FIRST_ROW):
            widths = (column.width for column in sheet.columns)
            page.set_row(number, row_height(zip(map(_text, row), widths, strict=True)))
            for index, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
                self._cell(page, number, index, cell, shut=not column.open)
            self._remember(sheet, row)
        last = FIRST_ROW + len(sheet.rows)
        for number in range(last, last + sheet.spare):
            for index in range(len(sheet.columns)):
                self._cell(page, number, index, None, shut=False)
        for index, column in enumerate(sheet.columns):
            self._validate(page, sheet, index, column)
        page.freeze_panes(FIRST_ROW, 1)
        page.protect("", {"format_columns": True, "format_rows": True})
        page.set_landscape()
        page.fit_to_pages(1, 0)

    def _cell(self, page: Worksheet, row: int, column: int, cell: Cell, *, shut: bool) -> None:
        properties: dict[str, object] = {
            "border": 1,
            "locked": shut,
            "bg_color": SHUT if shut else OPEN,
        }
        if isinstance(cell, Decimal):
            style = self._styles.style(**properties, num_format=number_format(cell))
            page.write_number(row, column, cell, style)
        elif cell is None or cell == "":
            page.write_blank(row, column, None, self._styles.style(**properties))
        else:
            page.write_string(
                row, column, clipped(format_cell(cell)), self._styles.style(**properties)
            )

    def _remember(self, sheet: FormSheet, row: tuple[Cell, ...]) -> None:
        if sheet.key == COVER:
            return
        id_ = str(row[0])
        self._baseline.append((sheet.key, id_, ROW, ""))
        for cell, column in zip(row, sheet.columns, strict=True):
            if column.open and cell is not None and cell != "":
                self._baseline.append((sheet.key, id_, column.key, clipped(format_cell(cell))))

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
        elif column.ids_of:
            other = next(
                candidate for candidate in self._form.sheets if candidate.key == column.ids_of
            )
            end = FIRST_ROW + len(other.rows)
            source = f"='{other.name}'!$A${FIRST_ROW + 1}:$A${end}"
            page.data_validation(
                FIRST_ROW, index, last, index, {"validate": "list", "source": source}
            )
        elif column.up_to:
            self._limit(page, sheet, index, column, last)

    def _limit(
        self, page: Worksheet, sheet: FormSheet, index: int, column: FormColumn, last: int
    ) -> None:
        """A score is a number from 0 to the weight of its row, or says that the row is excluded."""
        cell = xl_rowcol_to_cell(FIRST_ROW, index)
        limit = [head.key for head in sheet.columns].index(column.up_to)
        most = f"${xl_col_to_name(limit)}{FIRST_ROW + 1}"
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

    def write_baseline(self) -> None:
        """What the form was made with, so that only changes are read back."""
        page = self._book.add_worksheet("baseline")
        for index, key in enumerate(("sheet", "id", "column", "value")):
            page.write_string(0, index, f"{BASELINE}.{key}")
        for number, line in enumerate(self._baseline, 1):
            for index, cell in enumerate(line):
                page.write_string(number, index, cell)
        page.protect()
        page.hide()


def _text(cell: Cell) -> str:
    return "" if cell is None else format_cell(cell)
