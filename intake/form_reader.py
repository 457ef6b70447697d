"""Filled-in forms (填报表、核查表): what a person changed in a workbook becomes acts.

Columns are known by the first line of each sheet, rows by their ids, so sheets may be sorted,
moved or translated. A row that is as the form was made is no act.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from intake.cell_values import any_number, figure_value, is_empty, plain, score, words
from intake.files import read_bytes
from intake.forms.sheet import BASELINE, COVER, OLDER_CHOICES, ROW
from intake.workbook import Cell, Sheet, at_cell, place, read_workbook
from intake.written_command import WrittenCommand
from ledger.language import Text
from ledger.terms import ANSWERS, DIRECTIONS, EXCLUDED, FIGURE_KINDS
from ledger.toml_lines import Path as Keys
from ledger.values import Invalid, number_of

FIRST_ROW: Final = 2
_KEY: Final = re.compile(r"([a-z]+)\.([a-z0-9_]+)\Z")
_LIST: Final = re.compile(r"[;；、,，\n]")
_FILES: Final = re.compile(r"[;；\n]")

T = TypeVar("T")
Fields = dict[str, Any]
Before = Mapping[tuple[str, str, str], str]


class FormRow(NamedTuple):
    """A filled-in row.

    Attributes:
        cells: by the keys of their columns.
        changed: the keys of the cells that are not as the form was made.
        before: what the form was made with, by key.
    """

    path: Path
    sheet: str
    number: int
    cells: Mapping[str, Cell]
    changed: frozenset[str]
    before: Mapping[str, str]

    @property
    def place(self) -> Text:
        """Where the row is, in words."""
        return Text(
            f"{self.path} 工作表“{self.sheet}” 第 {self.number} 行",
            f"{self.path}, sheet “{self.sheet}”, row {self.number}",
        )

    def place_of(self, keys: Keys) -> Text:
        """Where the part of a command that some keys lead to was filled in: a cell, or the row."""
        for key in reversed(keys):
            if isinstance(key, str) and key in self.cells:
                return place(self.path, self.sheet, self.cells[key].ref)
        return self.place

    def text(self, key: str) -> str:
        """The words in a column; empty where there are none."""
        return self.read(key, words) if key in self.cells else ""

    def read(self, key: str, how: Callable[[Cell], T]) -> T:
        """What a reader makes of a cell; a refusal says which cell.

        Raises:
            Invalid: the reader refuses it.
        """
        cell = self.cells[key]
        try:
            return how(cell)
        except Invalid as error:
            raise at_cell(self.path, self.sheet, cell.ref, error.text.zh, error.text.en) from None

    def refusal(self, key: str, zh: str, en: str) -> Invalid:
        """What is wrong with a cell of the row."""
        return at_cell(self.path, self.sheet, self.cells[key].ref, zh, en)


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


def read_form(path: Path) -> FilledForm:
    """A form that `scoretrail form` has made.

    Raises:
        Invalid: it is none, or not sound.
    """
    sheets: dict[str, Sheet] = {}
    for sheet in read_workbook(path, read_bytes(path)):
        key = _sheet_key(sheet)
        if key in sheets:
            raise Invalid(
                f"{path}：工作表“{sheet.name}”和“{sheets[key].name}”是同一张表的两份",
                f"{path}: the sheets “{sheet.name}” and “{sheets[key].name}” are one, twice",
            )
        if key:
            sheets[key] = sheet
    if not {COVER, BASELINE, "scores"} <= sheets.keys():
        raise Invalid(
            f"{path}：不是本程序生成的表（第一行的列名不在）；已有的评分表请按评分表导入",
            f"{path}: not a form that this program made (its first line is missing); an agency's"
            " own table is imported as a table",
            rule="not-a-form",
            subject=str(path),
        )
    before = _baseline(path, sheets.pop(BASELINE))
    facts = {
        one.text("id"): one.text("value") for one in _lines(path, COVER, sheets.pop(COVER), {})
    }
    if not facts.get("scale", "").isdecimal() or facts.get("form") not in ACTS:
        raise Invalid(f"{path}：封面被改动过", f"{path}: the cover has been changed")
    lines = {key: list(_lines(path, key, sheet, before)) for key, sheet in sheets.items()}
    _refuse_lost_rows(path, before, lines)
    return FilledForm(path, facts, lines)


def written_commands(form: FilledForm) -> Iterator[WrittenCommand]:
    """The commands of a filled-in form, in the order in which they must be recorded.

    Raises:
        Invalid: a cell that cannot be read; says the sheet, the cell and what is allowed.
    """
    path = form.path
    asked = {one.cells["id"].text: one for one in form.lines.get("asked", [])}
    case = asked["case"].text("value") if "case" in asked else ""
    if not case:
        raise Invalid(
            f"{path}：没有写评价事项编号（“汇总”表第一行）",
            f"{path}: the id of the case is missing (first row of “totals”)",
        )
    filed = {
        line.cells["id"].text: line.text("sha256")
        for line in form.lines.get("evidence", [])
        if line.text("sha256")
    }
    for key, read in ACTS[form.facts["form"]]:
        for line in form.lines.get(key, []):
            for fields in read(line, form.scale):
                if cited := fields.get("evidence"):
                    fields["evidence"] = [filed.get(name, name) for name in cited]
                yield WrittenCommand({"case": case, **fields}, line.place_of)
    if "submit" in asked:
        yield from _submission(asked, case, form.scale)


def _sheet_key(sheet: Sheet) -> str:
    """Which sheet of a form it is; empty where it is none."""
    first = sheet.rows[0][0].text if sheet.rows and sheet.rows[0] else ""
    match = _KEY.match(first)
    return match.group(1) if match else ""


def _lines(path: Path, key: str, sheet: Sheet, before: Before) -> Iterator[FormRow]:
    """The rows that hold anything.

    Raises:
        Invalid: a filled-in row is hidden or merged with another, or an id stands twice.
    """
    columns = _columns(path, key, sheet)
    seen: dict[str, int] = {}
    for number, row in enumerate(sheet.rows[FIRST_ROW:], FIRST_ROW):
        cells = {name: row[index] for name, index in columns.items()}
        if all(is_empty(cell) for cell in cells.values()):
            continue
        id_ = cells["id"].text
        was = {name: before.get((key, id_, name), "") for name in cells}
        changed = frozenset(name for name, cell in cells.items() if not _same(cell, was[name]))
        line = FormRow(path, sheet.name, number + 1, cells, changed, was)
        if id_ and id_ in seen:
            raise line.refusal(
                "id",
                f"编号 {id_} 在第 {seen[id_]} 行已经有了",
                f"the id {id_} stands in row {seen[id_]} already",
            )
        seen[id_] = number + 1
        if key != COVER:
            _refuse_unclear(line, sheet, number)
        yield line


def _columns(path: Path, key: str, sheet: Sheet) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(sheet.rows[0]):
        match = _KEY.match(cell.text)
        if match and match.group(1) == key:
            columns.setdefault(match.group(2), index)
    lacking = NEEDED.get(key, {"id"}) - columns.keys()
    if lacking:
        raise Invalid(
            f"{path} 工作表“{sheet.name}”：缺少列 {'、'.join(sorted(lacking))}（第一行）",
            f"{path}, sheet “{sheet.name}”: the columns {', '.join(sorted(lacking))} are missing"
            " (first line)",
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
    for one in sheet.merged:
        if one.top <= row <= one.bottom:
            raise line.refusal(
                "id",
                f"第 {one.top + 1} 至 {one.bottom + 1} 行有合并的单元格；请取消合并，逐格填写",
                f"rows {one.top + 1} to {one.bottom + 1} have merged cells; unmerge them",
            )


def _baseline(path: Path, sheet: Sheet) -> dict[tuple[str, str, str], str]:
    found = {}
    for row in sheet.rows[1:]:
        if len(row) < 4:  # noqa: PLR2004 - sheet, id, column, value
            raise Invalid(f"{path}：隐藏的原值表被改动过", f"{path}: its baseline was changed")
        key, id_, column, value = (cell.text for cell in row[:4])
        found[key, id_, column] = "" if plain(value) == "" else value
    return found


def _refuse_lost_rows(path: Path, before: Before, lines: Mapping[str, list[FormRow]]) -> None:
    for key, id_, column in before:
        if column != ROW:
            continue
        if not any(line.cells["id"].text == id_ for line in lines.get(key, [])):
            raise Invalid(
                f"{path}：{key} 表里 {id_} 这一行不见了；请用原来的表重填",
                f"{path}: the row {id_} of {key} is gone; fill in the form as it was made",
            )


# One reader a sheet -----------------------------------------------------------------------------


def _evidence(line: FormRow, scale: int) -> Iterator[Fields]:
    del scale
    if line.text("sha256"):
        if line.changed - {"sha256"}:
            raise line.refusal(
                "title",
                "这份材料已提交，这里不能改；要换请另起一行",
                "this file is filed already and is not changed here; add a row for another",
            )
        return
    fields = {"do": "file-evidence", "file": line.text("id")}
    for key in ("title", "number"):
        if text := line.text(key):
            fields[key] = text
    yield fields


def _figure(line: FormRow) -> Fields:
    kind = _one_of(line, "kind", FIGURE_KINDS) or "number"
    unit = line.text("unit")
    figure: Fields = {
        "id": line.text("id") or f"{line.text('indicator')}-{line.number}",
        "indicator": line.text("indicator"),
        "name": line.text("name"),
        "kind": kind,
    }
    value = line.read("value", lambda cell: figure_value(cell, kind, unit))  # type: ignore[arg-type]  # a key of FIGURE_KINDS is a kind
    if value is not None:
        figure["value"] = value
    for key in ("unit", "scope", "source", "note"):
        if text := line.text(key):
            figure[key] = text
    sense = _one_of(line, "sense", DIRECTIONS)
    target = line.text("target")
    if bool(sense) != bool(target):
        raise line.refusal(
            "target", "目标方向和目标值要一起填", "the side and the target go together"
        )
    if sense:
        if sense != "described":
            target = line.read("target", lambda cell: figure_value(cell, "number", unit)) or ""
        figure["target"] = {"sense": sense, "value": target}
    if not figure["name"]:
        raise line.refusal("name", "没有写名称", "the name is missing")
    return figure


def _submitted(line: FormRow, scale: int) -> Iterator[Fields]:
    del scale
    if line.changed - IDENTIFYING and any(not is_empty(line.cells[key]) for key in DATA_COLUMNS):
        yield {"do": "submit-figure", "figure": _figure(line)}


def _restated(line: FormRow, scale: int) -> Iterator[Fields]:
    del scale
    if line.changed - IDENTIFYING - {"submitted"}:
        reason = line.text("reason")
        if not reason:
            raise line.refusal(
                "reason",
                "改了核查指标值，没有写核查理由",
                "the figure is restated without a reason",
            )
        yield {"do": "restate-figure", "figure": _figure(line), "reason": reason}


def _claim(line: FormRow, scale: int) -> Iterator[Fields]:
    if not line.changed & {"score", "justification", "evidence"}:
        return
    given = _score(line, "score", scale)
    if given is None:
        raise line.refusal(
            "score",
            "填了理由或佐证，没有填自评得分",
            "a reason or evidence without a score",
        )
    yield {
        "do": "claim-score",
        "indicator": line.text("id"),
        "score": given,
        **_optional(line, "justification"),
        **_cited(line),
    }


def _bonus_claim(line: FormRow, scale: int) -> Iterator[Fields]:
    if not line.changed:
        return
    yield {
        "do": "claim-bonus",
        "item": line.text("id"),
        "title": line.text("title"),
        "points": _needed(line, "points", scale),
        **_optional(line, "issuer", "number"),
        **_cited(line),
    }


def _restated_claim(line: FormRow, scale: int) -> Iterator[Fields]:
    if not line.changed & {"restated", "restated_reason"}:
        return
    reason = line.text("restated_reason")
    if not reason:
        raise line.refusal(
            "restated_reason",
            "改列了自评分，没有写改列理由",
            "the claim is restated without a reason",
        )
    yield {
        "do": "restate-claim",
        "indicator": line.text("id"),
        "score": _needed(line, "restated", scale),
        "reason": reason,
    }


def _award(line: FormRow, scale: int) -> Iterator[Fields]:
    if not line.changed & AWARDING:
        return
    row = {"indicator": line.text("id"), **_optional(line, "justification", "clause", "ground")}
    row |= _cited(line)
    if plain(line.cells["award"].text).lower() in EXCLUDED:
        yield {"do": "exclude-indicator", **row}
        return
    award = _score(line, "award", scale)
    if award is None:
        raise line.refusal(
            "award",
            "填了理由、条款或佐证，没有填核查得分",
            "a reason, a clause or evidence without an award",
        )
    old = line.before["justification"]
    if "award" in line.changed and old and "justification" not in line.changed:
        raise line.refusal(
            "justification",
            "核查得分改了，得扣分原因还是原来的；请写明为什么改",
            "the award was changed, its reason was not; say why",
        )
    if award == (_score(line, "claim", scale) if not is_empty(line.cells["claim"]) else None):
        yield {"do": "confirm-score", **row}
    else:
        yield {"do": "adjust-score", "award": award, **row}


def _bonus(line: FormRow, scale: int) -> Iterator[Fields]:
    if not line.changed & {"points", "justification", "clause", "evidence"}:
        return
    points = _needed(line, "points", scale)
    row = {
        "item": line.text("id"),
        "justification": line.text("justification"),
        **_optional(line, "clause"),
    }
    if Decimal(points) == 0:
        yield {"do": "refuse-bonus", **row}
    else:
        yield {"do": "recognise-bonus", "points": points, **row, **_cited(line)}


def _penalty(line: FormRow, scale: int) -> Iterator[Fields]:
    yield {
        "do": "record-penalty",
        "item": line.text("id"),
        "title": line.text("title"),
        "points": _needed(line, "points", scale),
        "justification": line.text("justification"),
        **_optional(line, "clause"),
        **_cited(line),
    }


def _finding(line: FormRow, scale: int) -> Iterator[Fields]:
    del scale
    yield {
        "do": "raise-finding",
        "finding": line.text("id"),
        "title": line.text("title"),
        "statement": line.text("statement"),
        "indicators": _listed(line.text("indicators"), _LIST),
    }


def _recommendation(line: FormRow, scale: int) -> Iterator[Fields]:
    del scale
    yield {
        "do": "make-recommendation",
        "recommendation": line.text("id"),
        "title": line.text("title"),
        "statement": line.text("statement"),
        "findings": _listed(line.text("findings"), _LIST),
    }


def _submission(asked: Mapping[str, FormRow], case: str, scale: int) -> Iterator[WrittenCommand]:
    line = asked["submit"]
    if _one_of(line, "value", ANSWERS) != "yes":
        return
    fields: Fields = {"do": "submit-self-evaluation"}
    for key in ("printed_base", "printed_bonus", "printed_total"):
        if key in asked and (given := _score(asked[key], "value", scale)) is not None:
            fields[key] = given
    for key in ("number", "printed_grade"):
        if key in asked and (text := asked[key].text("value")):
            fields[key] = text
    yield WrittenCommand({"case": case, **fields}, line.place_of)


def _score(line: FormRow, key: str, scale: int) -> str | None:
    """A score as text, within its row's weight."""
    given = line.read(key, lambda cell: score(cell, scale))
    if given is None:
        return None
    weight = line.read("weight", any_number) if "weight" in line.cells else None
    if given < 0 or (weight is not None and given > weight):
        limit = f"0–{weight}" if weight is not None else "≥ 0"
        raise line.refusal(key, f"{given} 不在 {limit} 之内", f"{given} is not within {limit}")
    return f"{given:f}"


def _needed(line: FormRow, key: str, scale: int) -> str:
    given = _score(line, key, scale)
    if given is None:
        raise line.refusal(key, "没有填分数", "the points are missing")
    return given


def _optional(line: FormRow, *keys: str) -> Fields:
    return {key: text for key in keys if (text := line.text(key))}


def _cited(line: FormRow) -> Fields:
    files = _listed(line.text("evidence"), _FILES)
    return {"evidence": files} if files else {}


def _listed(text: str, between: re.Pattern[str]) -> list[str]:
    return [part.strip() for part in between.split(text) if part.strip()]


def _one_of(line: FormRow, key: str, known: Mapping[str, Text]) -> str:
    """The word of ours that a choice stands for; empty where nothing was chosen."""
    text = plain(line.text(key)).lower()
    if not text:
        return ""
    for word, named in known.items():
        if OLDER_CHOICES.get(text, text) in {word, *(plain(name).lower() for name in named)}:
            return word
    zh = "、".join(named.zh for named in known.values())
    en = ", ".join(named.en for named in known.values())
    raise line.refusal(key, f"“{text}”不认识；可用 {zh}", f"“{text}” is unknown; use {en}")


IDENTIFYING: Final = {"id", "indicator"}
DATA_COLUMNS: Final = ("name", "value", "unit", "target", "scope", "source", "note")
AWARDING: Final = {"award", "justification", "clause", "ground", "evidence"}
NEEDED: Final[Mapping[str, set[str]]] = {
    COVER: {"id", "value"},
    "asked": {"id", "value"},
    "evidence": {"id", "title", "number", "sha256"},
    "figures": {"id", "indicator", "kind", "sense", *DATA_COLUMNS},
    "restated": {"id", "indicator", "kind", "sense", *DATA_COLUMNS, "reason"},
    "bonus": {"id", "title", "points", "issuer", "number", "evidence"},
    "recognised": {"id", "points", "justification", "clause", "evidence"},
    "penalties": {"id", "title", "points", "justification", "clause", "evidence"},
    "findings": {"id", "title", "statement", "indicators"},
    "recommendations": {"id", "title", "statement", "findings"},
    "scores": {"id", "weight", "justification", "evidence"},
}
Reader = Callable[[FormRow, int], Iterator[Fields]]
ACTS: Final[Mapping[str, tuple[tuple[str, Reader], ...]]] = {
    "self-evaluation": (
        ("evidence", _evidence),
        ("figures", _submitted),
        ("scores", _claim),
        ("bonus", _bonus_claim),
    ),
    "review": (
        ("evidence", _evidence),
        ("restated", _restated),
        ("scores", _restated_claim),
        ("scores", _award),
        ("recognised", _bonus),
        ("penalties", _penalty),
        ("findings", _finding),
        ("recommendations", _recommendation),
    ),
}
