"""A list of cases and one command each (清单): an empty one, and what a filled-in one asks for.

A row is a case with what the command asks for, in any order of columns; sheets and columns are
known by their names in either language. What is wrong is reported by the cell. Lists come as .xlsx,
.xls, .ods or .csv.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from xlsxwriter import Workbook

from documents.lists import BOM, csv_table
from documents.xlsx_writer import Styles
from intake.batch import Batch
from intake.cell_values import day_in, is_empty, plain, refuse_unseen, shown_otherwise, words
from intake.command_fields import (
    CommandField,
    Fields,
    asked,
    field_at,
    names_of,
    put_together_all,
    value_of,
    without_number,
)
from intake.command_fields import words as words_for
from intake.delivered_file import read_sheets
from intake.files import read_bytes
from intake.grid import Cell, Sheet, at_cell, column_letters, place
from intake.listed_commands import LISTS, SEVERAL
from intake.mistakes import CellRef, MistakeCollector
from intake.written_command import LocatedCommand, WrittenCommand, located_commands
from ledger import terms
from ledger.every_command import FIELDS as OF_EVERY_ACT
from ledger.field_errors import Path as Keys
from ledger.language import Language, Text, in_language, listing
from ledger.values import Invalid

NOT_A_LIST: Final = "not-a-list"
"""The rule by which a file is refused that is not a list."""

HEADED_WITHIN: Final = 10
"""The headings are in one of so many rows."""
WIDTH: Final = 16
SPARE: Final = 500
"""Rows of an empty list that take what is typed as text."""
_BETWEEN: Final = re.compile(r"[、，,；;\s]+")
_NUMBER: Final = re.compile(r"\d+\Z")


class CaseList(NamedTuple):
    """A list as it was read.

    Attributes:
        do: the command that it is of.
        batch: the commands of its rows, in their order.
        columns: the letters of its columns, by the names of fields.
    """

    do: str
    batch: Batch
    columns: Mapping[str, str]

    def ref(self, command: LocatedCommand, field: str = "") -> str:
        """The cell of a command's row that holds a field; that of its case, for no field."""
        row = _NUMBER.search(command.cell.ref) if command.cell else None
        return f"{self.columns.get(field, self.columns['case'])}{row[0] if row else ''}"


def columns_of(do: str) -> dict[str, tuple[Text, CommandField | None]]:
    """The columns of a list by the names of their fields: what they are called and ask for."""
    columns: dict[str, tuple[Text, CommandField | None]] = {"case": (terms.CASE_ID, None)}
    for each in LISTS[do]:
        for field in asked(each):
            own = field._replace(required=field.required and each == do)
            if field.name not in OF_EVERY_ACT:
                columns.setdefault(field.name, (without_number(words_for(each, field.name)), own))
    return {**columns, "dated": (terms.BUSINESS_DATE, None)}


def _called(do: str, name: str) -> set[str]:
    """What a column may be called otherwise."""
    commands = (each for each in LISTS[do] if any(field.name == name for field in asked(each)))
    return {name, *(other for each in commands for other in names_of(each, name))}


# Writing ------------------------------------------------------------------------------------------


def empty_list(
    do: str, suffix: str, language: Language, rows: Sequence[Mapping[str, str]], made: date
) -> bytes:
    """A list to be filled in, as .xlsx or .csv.

    Args:
        do: the command that it is of.
        suffix: of its file.
        language: of its headings.
        rows: what is known of its cases: `case`, and `unit_name` for those who fill it in.
        made: the day that the file states.

    Raises:
        Invalid: no such format.
    """
    columns = {name: heading for name, (heading, _) in columns_of(do).items()}
    if rows and "unit_name" not in columns:
        columns = {"case": columns.pop("case"), "unit_name": terms.UNIT, **columns}
    titles = [in_language(heading, language) for heading in columns.values()]
    headings = [title[:1].upper() + title[1:] for title in titles]
    cells = [[row.get(name, "") for name in columns] for row in rows]
    if suffix.lower() == ".csv":
        return (BOM + csv_table(headings, cells)).encode()
    if suffix.lower() != ".xlsx":
        raise Invalid(
            f"空白清单的文件名应以 .xlsx 或 .csv 结尾，不能是“{suffix}”",
            f"the name of an empty list must end in .xlsx or .csv, not '{suffix}'",
        )
    return _workbook(do, headings, cells, made)


def _workbook(
    do: str, headings: Sequence[str], cells: Sequence[Sequence[str]], made: date
) -> bytes:
    out = BytesIO()
    book = Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": datetime(made.year, made.month, made.day)})  # noqa: DTZ001 - a workbook knows no zone
    styles, page = Styles(book), book.add_worksheet(do)
    head = styles.style(bold=True, border=1, bg_color="#EAEEF2", align="center")
    text = styles.style(num_format="@", border=1)  # an id such as 007, and a day, stay as typed
    page.set_column(0, len(headings) - 1, WIDTH)
    for column, heading in enumerate(headings):
        page.write_string(0, column, heading, head)
    for number in range(1, SPARE + len(cells)):
        row = cells[number - 1] if number <= len(cells) else [""] * len(headings)
        for column, written in enumerate(row):
            page.write_string(number, column, written, text) if written else page.write_blank(
                number, column, None, text
            )
    page.freeze_panes(1, 1)
    book.close()
    return out.getvalue()


# Reading ------------------------------------------------------------------------------------------


def read_list(
    path: Path,
    do: str | None = None,
    *,
    account: str | None,
    dated: date,
    content: bytes | None = None,
) -> CaseList:
    """What a filled-in list asks to be done.

    Args:
        path: what it is called.
        do: the command that it is of; where none is named, its sheet is called by it.
        account: who acts.
        dated: the business date of rows without one.
        content: its bytes, where they were read.

    Raises:
        Invalid: it is no such list, or something is wrong with its cells; says of each which.
    """
    sheets = read_sheets(path, read_bytes(path) if content is None else content)
    if do is None:
        do = next((sheet.name for sheet in sheets if sheet.name in LISTS), None)
    if do is None:
        raise Invalid(
            f"{path}：不是清单（工作表不以操作命名）",
            f"{path}: not a list of cases (no sheet is called by a command)",
            rule=NOT_A_LIST,
        )
    rows = _Rows(path, do, sheets)
    mistakes = MistakeCollector()
    written = list(rows.written(mistakes))
    if not written and not mistakes.found:
        raise Invalid(f"{path}：清单中没有评价事项", f"{path}: the list contains no cases")
    commands = located_commands(written, None, account=account, dated=dated, mistakes=mistakes)
    mistakes.raise_all()
    letters = {name: column_letters(index) for name, index in rows.columns.items()}
    return CaseList(do, Batch(path, commands, undated=dated), letters)


def is_list(name: str, content: bytes) -> bool:
    """Whether a workbook has a sheet that is called by the command of a list."""
    try:
        return any(sheet.name in LISTS for sheet in read_sheets(Path(name), content))
    except Invalid:
        return False


class _Rows:
    """The rows of a list."""

    def __init__(self, path: Path, do: str, sheets: Sequence[Sheet]) -> None:
        self._path, self._do, self._asked = path, do, columns_of(do)
        self._names = {
            plain(name).casefold(): field
            for field, (heading, _) in self._asked.items()
            for name in (*heading, *_called(do, field))
        }
        headed = [(sheet, row) for sheet in sheets if (row := self._headings(sheet)) is not None]
        named = [pair for pair in headed if pair[0].name == do] or headed
        if len(named) != 1:
            zh, en = terms.CASE_ID
            raise Invalid(
                f"{path}：应有且只有一张工作表的前 {HEADED_WITHIN} 行中有“{zh}”一栏，现有"
                f" {len(named)} 张",
                f"{path}: one sheet must have the column '{en}' in its first {HEADED_WITHIN} rows;"
                f" {len(named)} do",
            )
        self._sheet, self._first = named[0]
        self._seen: dict[str, int] = {}
        self.columns = self._columns()

    def _headings(self, sheet: Sheet) -> int | None:
        """The row of a sheet's headings, from 0."""
        for number, row in enumerate(sheet.rows[:HEADED_WITHIN]):
            if any(self._field(cell) == "case" for cell in row):
                return number
        return None

    def _field(self, cell: Cell) -> str | None:
        return self._names.get(plain(cell.text).casefold().rstrip("*"))

    def _columns(self) -> dict[str, int]:
        """Which column each field is in.

        Raises:
            Invalid: a column is unknown, is there twice, or is lacking.
        """
        columns, mistakes = dict[str, int](), MistakeCollector()
        known = listing(heading for heading, _ in self._asked.values())
        for index, cell in enumerate(self._sheet.rows[self._first]):
            name = self._field(cell)
            if name is None and not is_empty(cell) and cell.text not in terms.UNIT:
                mistakes.add(
                    self._at(
                        cell,
                        f"无法识别栏目“{cell.text}”；可用：{known.zh}",
                        f"unknown column '{cell.text}'; known: {known.en}",
                    )
                )
            elif name in columns:
                mistakes.add(
                    self._at(
                        cell, f"“{cell.text}”一栏有两份", f"the column '{cell.text}' is there twice"
                    )
                )
            elif name is not None:
                columns[name] = index
        lacking = [
            heading
            for name, (heading, field) in self._asked.items()
            if field and field.required and name not in columns
        ]
        if lacking:
            first = self._sheet.rows[self._first][0]
            zh, en = listing(lacking)
            mistakes.add(self._at(first, f"缺少栏目：{zh}", f"columns are missing: {en}"))
        mistakes.raise_all()
        return columns

    def written(self, mistakes: MistakeCollector) -> Iterator[WrittenCommand]:
        """The commands of the rows; what is wrong with a row is kept."""
        for number, row in enumerate(self._sheet.rows[self._first + 1 :], self._first + 1):
            cells = {name: row[index] for name, index in self.columns.items() if index < len(row)}
            if all(is_empty(cell) for cell in cells.values()):
                continue
            with mistakes.collecting():
                self._refuse_unclear(number, cells)
                commands = list(self._commands(cells))
                self._refuse_twice(commands[0].fields["case"], number, cells["case"])
                yield from commands

    def _refuse_twice(self, case: str, number: int, cell: Cell) -> None:
        other = self._seen.setdefault(case, number)
        if other != number and self._do not in SEVERAL:
            raise self._at(
                cell,
                f"{case} 在第 {other + 1} 行已有；请删去一行",
                f"{case} is already in row {other + 1}; delete one of them",
            )

    def _commands(self, cells: Mapping[str, Cell]) -> Iterator[WrittenCommand]:
        faults, given = MistakeCollector(), dict[str, Any]()
        for name, cell in cells.items():
            with faults.collecting():
                if (value := self._value(name, cell)) is not None:
                    given[name] = value
        head: Fields = {name: given.pop(name) for name in ("case", "dated") if name in given}
        commands = []
        with faults.collecting():
            try:
                commands = put_together_all(LISTS[self._do], given)
            except Invalid as error:
                raise self._at(cells[error.field or "case"], *error.text) from None
        needed = [field.name for each in commands for field in asked(each["do"]) if field.required]
        for name in ("case", *needed):
            cell = cells.get(name, cells["case"])
            if name not in {*given, *head} and (name not in cells or is_empty(cell)):
                zh, en = self._asked[name][0]
                faults.add(self._at(cell, f"未填写{zh}", f"{en} is missing"))
        faults.raise_all()
        for fields in commands:
            yield self._command({**head, **fields}, cells)

    def _value(self, name: str, cell: Cell) -> object:
        """What a cell holds, as the field has it; `None` where it is empty."""
        if is_empty(cell):
            return None
        try:
            refuse_unseen(cell)
            if (shown := shown_otherwise(cell)) is not None:
                raise Invalid(
                    f"所存的数不同于所显示的 {shown}",
                    f"what is stored differs from the {shown} shown",
                )
            text, field = words(cell), self._asked[name][1]
            if name == "dated":
                return date.fromisoformat(day_in(plain(text)))
            if field is None:
                return plain(text)
            if field.kind is date:
                return date.fromisoformat(day_in(plain(text)))
            if field.many:
                return tuple(value_of(part, field) for part in _BETWEEN.split(text) if part)
            in_figures = field.kind in {int, Decimal}
            return value_of(plain(text) if in_figures else text, field)
        except Invalid as error:
            raise self._at(cell, *error.text) from None

    def _command(self, fields: Fields, cells: Mapping[str, Cell]) -> WrittenCommand:
        def cell_of(keys: Keys) -> Cell:
            first = str(keys[0]) if keys else "case"
            name = first if first in cells else field_at(str(fields["do"]), keys)
            return cells.get(name, cells["case"])

        return WrittenCommand(
            fields,
            lambda keys: place(self._path, self._sheet.name, cell_of(keys).ref),
            lambda keys: CellRef(self._sheet.name, cell_of(keys).ref),
        )

    def _refuse_unclear(self, number: int, cells: Mapping[str, Cell]) -> None:
        """Refuse a row that people may not see, or not as it is."""
        if number in self._sheet.hidden:
            raise self._at(
                cells["case"],
                "这一行被隐藏或筛选掉了，但填有内容；请取消隐藏后再交",
                "the row is hidden or filtered out but holds something; show it first",
            )
        if any(area.top <= number <= area.bottom for area in self._sheet.merged):
            raise self._at(
                cells["case"],
                "这一行有合并的单元格；请取消合并，逐格填写",
                "the row has merged cells; unmerge them",
            )

    def _at(self, cell: Cell, zh: str, en: str) -> Invalid:
        return at_cell(self._path, self._sheet.name, cell.ref, zh, en)
