"""Filled-in forms (填报表、核查表): what a person changed in a workbook becomes acts.

Columns are known by the first line of each sheet, rows by their ids, so sheets may be sorted,
moved or translated. A row that is as the form was made is not a command.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from intake.cell_values import any_number, is_empty, plain
from intake.files import read_bytes
from intake.forms import review_form, self_evaluation_form
from intake.forms.cover_sheet import submission
from intake.forms.filled_row import FormRow, SheetKind
from intake.forms.sheet import BASELINE, COVER, ROW
from intake.grid import Cell, Sheet
from intake.mistakes import Gathered
from intake.workbook import read_workbook
from intake.written_command import WrittenCommand
from ledger.values import Invalid, number_of

FORMS: Final[Mapping[str, tuple[SheetKind, ...]]] = {
    "self-evaluation": self_evaluation_form.SHEETS,
    "review": review_form.SHEETS,
}
ASKED: Final = frozenset({"id", "value"})
"""The columns of the cover, and of what is asked on it."""
FIRST_ROW: Final = 2
_KEY: Final = re.compile(r"([a-z]+)\.([a-z0-9_]+)\Z")

Before = Mapping[tuple[str, str, str], str]


class FilledForm(NamedTuple):
    """A form as it came back.

    Attributes:
        facts: the cover, by key.
        lines: by the keys of their sheets.
    """

    path: Path
    facts: Mapping[str, str]
    lines: Mapping[str, list[FormRow]]

    @property
    def scale(self) -> int:
        """The decimals of a score."""
        return int(self.facts["scale"])


def read_form(path: Path, content: bytes | None = None) -> FilledForm:
    """A form that `scoretrail form` has made.

    Args:
        path: what it is called.
        content: its bytes, where they were read.

    Raises:
        Invalid: it is none, or not sound; says every row that is not.
    """
    sheets: dict[str, Sheet] = {}
    for sheet in read_workbook(path, read_bytes(path) if content is None else content):
        key = _sheet_key(sheet)
        if key in sheets:
            raise Invalid(
                f"{path}：工作表“{sheet.name}”和“{sheets[key].name}”是同一张表的两份",
                f"{path}: the sheets '{sheet.name}' and '{sheets[key].name}' are copies of the"
                " same sheet",
            )
        if key:
            sheets[key] = sheet
    if not {COVER, BASELINE, "scores"} <= sheets.keys():
        raise Invalid(
            f"{path}：不是本程序生成的表（缺少第一行的列名）。机构自有的评分表请按评分表导入",
            f"{path}: not a form made by this program (its first row is missing); import an"
            " agency's own table as a score table",
            rule="not-a-form",
            subject=str(path),
        )
    before = _baseline(path, sheets.pop(BASELINE))
    facts = {
        line.text("id"): line.text("value")
        for line in _lines(path, COVER, sheets.pop(COVER), {}, ASKED)
    }
    if not facts.get("scale", "").isdecimal() or facts.get("form") not in FORMS:
        raise Invalid(f"{path}：封面被改动过", f"{path}: the cover has been changed")
    needed = {kind.key: kind.needed for kind in FORMS[facts["form"]]}
    lines, mistakes = {}, Gathered()
    for key, sheet in sheets.items():
        with mistakes.one():
            lines[key] = list(_lines(path, key, sheet, before, needed.get(key, ASKED)))
    mistakes.tell()
    _refuse_lost_rows(path, before, lines)
    return FilledForm(path, facts, lines)


def written_commands(form: FilledForm) -> Iterator[WrittenCommand]:
    """The commands of a filled-in form, in the order in which they must be recorded.

    Raises:
        Invalid: cells that cannot be read; says of each the sheet, the cell and what is allowed.
    """
    path = form.path
    asked = {line.cells["id"].text: line for line in form.lines.get("asked", [])}
    case = asked["case"].text("value") if "case" in asked else ""
    if not case:
        raise Invalid(
            f"{path}：缺少评价事项编号（“汇总”表第一行）",
            f"{path}: the id of the case is missing (first row of 'totals')",
        )
    filed = {
        line.cells["id"].text: line.text("sha256")
        for line in form.lines.get("evidence", [])
        if line.text("sha256")
    }
    readers = [(kind.key, read) for kind in FORMS[form.facts["form"]] for read in kind.read]
    mistakes = Gathered()
    for key, read in readers:
        for line in form.lines.get(key, []):
            with mistakes.one():
                for fields in read(line, form.scale):
                    if cited := fields.get("evidence"):
                        fields["evidence"] = [filed.get(name, name) for name in cited]
                    yield WrittenCommand({"case": case, **fields}, line.place_of)
    with mistakes.one():
        if "submit" in asked:
            yield from submission(asked, case, form.scale)
    mistakes.tell()


def _sheet_key(sheet: Sheet) -> str:
    """Which sheet of a form it is; empty where it is none."""
    first = sheet.rows[0][0].text if sheet.rows and sheet.rows[0] else ""
    match = _KEY.match(first)
    return match.group(1) if match else ""


def _lines(
    path: Path, key: str, sheet: Sheet, before: Before, needed: frozenset[str]
) -> Iterator[FormRow]:
    """The rows that hold anything.

    Raises:
        Invalid: a filled-in row is hidden or merged with another, or an id occurs twice.
    """
    columns = _columns(path, key, sheet, needed)
    seen: dict[str, int] = {}
    mistakes = Gathered()
    for number, row in enumerate(sheet.rows[FIRST_ROW:], FIRST_ROW):
        cells = {name: row[index] for name, index in columns.items()}
        if all(is_empty(cell) for cell in cells.values()):
            continue
        id_ = cells["id"].text
        was = {name: before.get((key, id_, name), "") for name in cells}
        changed = frozenset(name for name, cell in cells.items() if not _same(cell, was[name]))
        line = FormRow(path, sheet.name, number + 1, cells, changed, was)
        with mistakes.one():
            if id_ and id_ in seen:
                raise line.refusal(
                    "id",
                    f"编号 {id_} 在第 {seen[id_]} 行已存在",
                    f"the id {id_} is already in row {seen[id_]}",
                )
            seen[id_] = number + 1
            if key != COVER:
                _refuse_unclear(line, sheet, number)
        yield line
    mistakes.tell()


def _columns(path: Path, key: str, sheet: Sheet, needed: frozenset[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(sheet.rows[0]):
        match = _KEY.match(cell.text)
        if match and match.group(1) == key:
            columns.setdefault(match.group(2), index)
    lacking = needed - columns.keys()
    if lacking:
        raise Invalid(
            f"{path} 工作表“{sheet.name}”：缺少列 {'、'.join(sorted(lacking))}（第一行）",
            f"{path}, sheet '{sheet.name}': the columns {', '.join(sorted(lacking))} are missing"
            " (first row)",
        )
    return columns


def _same(cell: Cell, was: str) -> bool:
    """Whether a cell still says what the form was made with, however a program stored it."""
    if cell.formula or is_empty(cell):
        return not was and not cell.formula
    if cell.text == was:
        return True
    try:
        return bool(was) and any_number(cell) == number_of(was)
    except Invalid:
        return False


def _refuse_unclear(line: FormRow, sheet: Sheet, row: int) -> None:
    if row in sheet.hidden:
        raise line.refusal(
            "id",
            "这一行被隐藏或筛选掉了，但填有内容；请取消隐藏后再交",
            "the row is hidden or filtered out but holds something; show it first",
        )
    for cells in sheet.merged:
        if cells.top <= row <= cells.bottom:
            raise line.refusal(
                "id",
                f"第 {cells.top + 1} 至 {cells.bottom + 1} 行有合并的单元格；请取消合并，逐格填写",
                f"rows {cells.top + 1} to {cells.bottom + 1} have merged cells; unmerge them",
            )


def _baseline(path: Path, sheet: Sheet) -> dict[tuple[str, str, str], str]:
    values = {}
    for row in sheet.rows[1:]:
        if len(row) < 4:  # noqa: PLR2004 - sheet, id, column, value
            raise Invalid(
                f"{path}：隐藏的原值表被改动过",
                f"{path}: its hidden sheet of original values was changed",
            )
        key, id_, column, value = (cell.text for cell in row[:4])
        values[key, id_, column] = "" if plain(value) == "" else value
    return values


def _refuse_lost_rows(path: Path, before: Before, lines: Mapping[str, list[FormRow]]) -> None:
    for key, id_, column in before:
        if column != ROW:
            continue
        if not any(line.cells["id"].text == id_ for line in lines.get(key, [])):
            raise Invalid(
                f"{path}：{key} 表里 {id_} 这一行缺失。请用原表重新填写",
                f"{path}: the row {id_} of {key} is missing; fill in the original form",
            )
