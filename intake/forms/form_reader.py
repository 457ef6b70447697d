"""Filled-in forms (填报表、核查表): what a person changed in a workbook becomes commands.

Columns are known by a line of keys in each sheet, rows by their ids, so sheets may be sorted,
moved or translated. A row that is as the form was made is not a command. What nobody fills in must
be as the form was made: where only some columns were sorted, copied or pasted, a row would be read
under the id of another.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from intake.cell_values import EMPTY, any_number, is_empty, plain, refuse_unseen
from intake.files import read_bytes
from intake.forms import review_form, self_evaluation_form
from intake.forms.cover_sheet import submission
from intake.forms.filled_row import FormRow, SheetKind
from intake.forms.sheet import BASELINE, COVER, LABEL, ROW
from intake.grid import Cell, Sheet, at_cell
from intake.mistakes import MistakeCollector
from intake.workbook import read_workbook
from intake.written_command import WrittenCommand
from ledger.values import Invalid, number_of

FORMS: Final[Mapping[str, tuple[SheetKind, ...]]] = {
    "self-evaluation": self_evaluation_form.SHEETS,
    "review": review_form.SHEETS,
}
ASKED: Final = SheetKind("asked", lambda _: (), (), frozenset({"value"}), fixed=True)
"""The cover, and what is asked on it."""
HEADED_WITHIN: Final = 10
"""Among how many lines the keys are looked for."""
_SHEET: Final = re.compile(r"([a-z]+)\.(?:id|sheet)\Z")
_KEY: Final = re.compile(r"(?:([a-z]+)\.)?([a-z0-9_]+)\Z")


class _Keyed(NamedTuple):
    """A sheet of a form, and the line of its keys, from 0."""

    key: str
    sheet: Sheet
    line: int


class FilledForm(NamedTuple):
    """A form as it came back.

    Attributes:
        facts: the cover, by key.
        lines: the rows that are sound, by the keys of their sheets.
        mistakes: what is wrong with the others.
    """

    path: Path
    facts: Mapping[str, str]
    lines: Mapping[str, list[FormRow]]
    mistakes: Sequence[Invalid]

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
        Invalid: it is none, or a sheet of it is there twice or was changed.
    """
    sheets: dict[str, _Keyed] = {}
    for sheet in read_workbook(path, read_bytes(path) if content is None else content):
        keyed = _keyed(sheet)
        if keyed is None:
            continue
        if keyed.key in sheets:
            other = sheets[keyed.key].sheet.name
            raise Invalid(
                f"{path}：工作表“{sheet.name}”和“{other}”是同一张表的两份",
                f"{path}: the sheets '{sheet.name}' and '{other}' are copies of the same sheet",
            )
        sheets[keyed.key] = keyed
    if not {COVER, BASELINE, "scores"} <= sheets.keys():
        raise Invalid(
            f"{path}：不是本程序生成的表（缺少隐藏的列名）。机构自有的评分表请按评分表导入",
            f"{path}: not a form made by this program (its hidden line of keys is missing); import"
            " an agency's own table as a score table",
            rule="not-a-form",
            subject=str(path),
        )
    before = _Before(path, sheets.pop(BASELINE).sheet)
    mistakes = MistakeCollector()
    cover = _Rows(path, sheets.pop(COVER), before, ASKED, mistakes)
    facts = {line.text("id"): line.text("value") for line in cover.sound()}
    if not facts.get("scale", "").isdecimal() or facts.get("form") not in FORMS:
        raise Invalid(f"{path}：封面被改动过", f"{path}: the cover has been changed")
    kinds = {kind.key: kind for kind in FORMS[facts["form"]]}
    lines: dict[str, list[FormRow]] = {}
    for key, keyed in sheets.items():
        rows = _Rows(path, keyed, before, kinds.get(key, ASKED), mistakes)
        with mistakes.collecting():
            lines[key] = list(rows.sound())
            rows.tell_lost()
    return FilledForm(path, facts, lines, mistakes.found)


def written_commands(form: FilledForm, mistakes: MistakeCollector) -> Iterator[WrittenCommand]:
    """The commands of a filled-in form, in the order in which they must be recorded.

    Args:
        form: as it was read.
        mistakes: where cells that cannot be read are kept; says of each the sheet, the cell and
            what is allowed.

    Raises:
        Invalid: the case is missing.
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
    for key, read in readers:
        for line in form.lines.get(key, []):
            with mistakes.collecting():
                for fields in read(line, form.scale):
                    if cited := fields.get("evidence"):
                        fields["evidence"] = [filed.get(name, name) for name in cited]
                    yield line.written({"case": case, **fields})
    with mistakes.collecting():
        if "submit" in asked:
            yield from submission(asked, case, form.scale)


def _keyed(sheet: Sheet) -> _Keyed | None:
    """Which sheet of a form it is; `None` where it is none."""
    for number, row in enumerate(sheet.rows[:HEADED_WITHIN]):
        for cell in row:
            if match := _SHEET.match(cell.text):
                return _Keyed(match.group(1), sheet, number)
    return None


class _Before:
    """What the form was made with: texts by sheet, id and column."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self.values: dict[tuple[str, str, str], str] = {}
        self.names: dict[str, str] = {}
        for row in sheet.rows[1:]:
            if len(row) < 4:  # noqa: PLR2004 - sheet, id, column, value
                raise Invalid(
                    f"{path}：隐藏的原值表被改动过",
                    f"{path}: its hidden sheet of original values was changed",
                )
            key, id_, column, value = (cell.text for cell in row[:4])
            if column == LABEL:
                self.names[value] = id_
            elif key:
                self.values[key, id_, column] = "" if plain(value) == "" else value

    def ids(self, key: str) -> list[str]:
        """The ids of the rows of a sheet, in their order."""
        return [id_ for sheet, id_, column in self.values if (sheet, column) == (key, ROW)]


class _Rows:
    """The rows of a sheet as they came back."""

    def __init__(
        self,
        path: Path,
        keyed: _Keyed,
        before: _Before,
        kind: SheetKind,
        mistakes: MistakeCollector,
    ) -> None:
        self._path, self._key, self._sheet = path, keyed.key, keyed.sheet
        self._first = keyed.line + 2
        self._before, self._kind, self._mistakes = before, kind, mistakes
        self._columns = _columns(path, keyed, kind)
        self._seen: set[str] = set()
        self._where: dict[str, list[int]] = {}
        for number, row in enumerate(self._sheet.rows[self._first :], self._first + 1):
            self._where.setdefault(row[self._columns["id"]].text, []).append(number)
        self._named = {
            before.values.get((self._key, id_, "name"), ""): id_ for id_ in before.ids(self._key)
        }

    def sound(self) -> Iterator[FormRow]:
        """The rows that hold anything and are not confused; what is wrong with others is kept."""
        open_, names = self._kind.open, self._before.names
        for number, row in enumerate(self._sheet.rows[self._first :], self._first):
            cells = {name: row[index] for name, index in self._columns.items()}
            if all(is_empty(cell) for cell in cells.values()):
                continue
            id_ = cells["id"].text
            was = {name: self._before.values.get((self._key, id_, name), "") for name in cells}
            if (self._key, id_, ROW) in self._before.values:
                was["id"] = id_
            changed = frozenset(
                name
                for name, cell in cells.items()
                if not _same(cell, was[name]) and cell.text != names.get(was[name])
            )
            line = FormRow(
                *(self._path, self._sheet.name, number + 1, cells, changed, was),
                names=self._before.names,
            )
            with self._mistakes.collecting():
                if self._key != COVER:
                    self._refuse_confused(line, id_, open_)
                    self._refuse_unclear(line, number)
                for name in sorted(open_ & cells.keys() - changed):
                    line.read(name, refuse_unseen)  # struck out, say, which changes no value
                self._seen.add(id_)
                yield line

    def tell_lost(self) -> None:
        """Keep which rows of the form are missing."""
        for id_ in self._before.ids(self._key):
            if id_ not in self._where:
                names = (name for name, known in self._before.names.items() if known == id_)
                name = " ".join((*names, id_))
                self._mistakes.add(
                    Invalid(
                        f"{self._path} 工作表“{self._sheet.name}”：{name} 这一行缺失。请用原表重新"
                        "填写",
                        f"{self._path}, sheet '{self._sheet.name}': the row of {name} is missing;"
                        " fill in the original form",
                    )
                )

    def _refuse_confused(self, line: FormRow, id_: str, open_: frozenset[str]) -> None:
        """Refuse a row that is there twice, was added, or has the fixed cells of another."""
        others = [str(row) for row in self._where.get(id_, ()) if row != line.number]
        if id_ and others and (id_ in self._seen or self._is_of_another(line, id_, open_)):
            raise line.refused(
                f"编号 {id_} 在第 {'、'.join(others)} 行已存在；复制的行请删去",
                f"the id {id_} is already in row {', '.join(others)}; delete the copied row",
            )
        known = (self._key, id_, ROW) in self._before.values
        if self._kind.fixed and not known:
            raise line.refused(
                "这一行不是原表的行（可能是插入、复制或粘贴的）；请删去，在原有各行填写",
                "this is not a row of the form (it may have been inserted, copied or pasted);"
                " delete it and fill in the rows that are there",
            )
        if name := self._is_of_another(line, id_, open_):
            was = line.before[name]
            raise line.refusal(
                name,
                f"此格不用填写，原为“{_short(was)}”；如曾排序或粘贴，请连同隐藏的列一起恢复",
                f"this cell is not to be filled in and was '{_short(was)}'; if rows were sorted or"
                " pasted, undo that with the hidden columns",
            )
        other = self._named.get(line.cells["name"].text) if "name" in line.changed else None
        if known and other is not None and other != id_ and line.cells["name"].text:
            raise line.refusal(
                "name",
                f"名称是 {other} 这一行的，编号是 {id_}；如曾排序或粘贴，请连同编号一起恢复",
                f"the name is that of {other}, the id is {id_}; if rows were sorted or pasted, undo"
                " that with the ids",
            )

    def _is_of_another(self, line: FormRow, id_: str, open_: frozenset[str]) -> str:
        """A cell that nobody fills in and that is not as it was made; empty where all are."""
        return next(
            (
                name
                for name in line.cells
                if name in line.changed - open_ - {"id"}
                and (self._key, id_, name) in self._before.values
            ),
            "",
        )

    def _refuse_unclear(self, line: FormRow, row: int) -> None:
        if row in self._sheet.hidden:
            raise line.refused(
                "这一行被隐藏或筛选掉了，但填有内容；请取消隐藏后再交",
                "the row is hidden or filtered out but holds something; show it first",
            )
        for cells in self._sheet.merged:
            if cells.top <= row <= cells.bottom:
                raise line.refused(
                    f"第 {cells.top + 1} 至 {cells.bottom + 1} 行有合并的单元格；请取消合并，逐格填"
                    "写",
                    f"rows {cells.top + 1} to {cells.bottom + 1} have merged cells; unmerge them",
                )


def _columns(path: Path, keyed: _Keyed, kind: SheetKind) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(keyed.sheet.rows[keyed.line]):
        match = _KEY.match(cell.text)
        if not match or match.group(1) not in {None, keyed.key}:
            continue
        name = match.group(2)
        if name in columns and name in kind.needed:
            raise at_cell(
                *(path, keyed.sheet.name, cell.ref),
                f"列“{name}”有两份；复制的列请删去",
                f"the column '{name}' is there twice; delete the copy",
            )
        if name not in kind.computed:
            columns.setdefault(name, index)
    lacking = kind.needed - columns.keys()
    if lacking:
        raise Invalid(
            f"{path} 工作表“{keyed.sheet.name}”：缺少列 {'、'.join(sorted(lacking))}（隐藏的"
            "列名行）",
            f"{path}, sheet '{keyed.sheet.name}': the columns {', '.join(sorted(lacking))} are"
            " missing (hidden line of keys)",
        )
    return columns


def _same(cell: Cell, was: str) -> bool:
    """Whether a cell still says what the form was made with, however a program stored it."""
    if cell.formula or is_empty(cell):
        return not cell.formula and (not was or plain(was) in EMPTY)
    if cell.text == was or _lines(cell.text) == _lines(was):
        return True
    try:
        return bool(was) and any_number(cell) == number_of(was)
    except Invalid:
        return False


def _lines(text: str) -> list[str]:
    """A text without what programs change in it: line ends, and white space around it."""
    return text.replace("\r\n", "\n").replace("_x000D_", "").strip().split("\n")


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"  # noqa: PLR2004 - enough to know it by
