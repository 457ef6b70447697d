"""What a delivered table means (对应关系): found, asked, written down, kept.

The file is TOML, made the first time and obeyed from then on: a corrected line has the last word,
and the file that was used is filed with the table. What the program cannot decide is in it as `?`,
each question once and with its place; nothing is recorded while one is left, and the table itself
never has to be changed.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from intake.files import HandedIn, text_of
from intake.grid import column_letters, place
from intake.headings import bare_name, normal
from intake.table_columns import ASKED, CHOICES, Block
from intake.table_rows import Answers, DeliveredTables, TableRow
from ledger.language import Text
from ledger.rubric import Indicator, Rubric
from ledger.system_error import cannot_write
from ledger.terms import TOTALS_LINES
from ledger.values import IndicatorId, Invalid

UNKNOWN: Final = ASKED
SKIPPED: Final = ""
BONUS: Final = "bonus"
PENALTY: Final = "penalty"
EXTRA_NAMES: Final = {
    "加分": BONUS,
    "加减分项": BONUS,
    "工作表现加减分指标": BONUS,
    "bonus": BONUS,
    "减分": PENALTY,
    "penalty": PENALTY,
}
LINES: Final = {
    *(
        normal(name)
        for part in ("rebased", "scaled", "cap_loss", "grade_drop")
        for name in TOTALS_LINES[part]
    ),
    "封顶扣减",
    "caploss",
    "不适用项换算",
    "re-based",
    "分块折算",
    "scaled",
    "等级下降折扣",
    "gradedrop",
}
"""Lines of totals that our own tables print below the rows, and printed under older names."""


class Mapped(NamedTuple):
    """A row and what it is: an indicator, `bonus`, `penalty`, skipped or unknown."""

    row: TableRow
    means: str


def propose(tables: DeliveredTables, rubric: Rubric) -> list[Mapped]:
    """The indicator of each row by its name and weight, and by its path and standard; else unknown.

    Rows of one name and weight are distinguished by what else the table states about them, never by
    their order; a row that is hidden is always asked about.
    """
    extras = dict(EXTRA_NAMES)
    if rubric.bonus:
        extras[normal(rubric.bonus.name)] = BONUS
    if rubric.penalty:
        extras[normal(rubric.penalty.name)] = PENALTY
    fitting = [_fitting(row, rubric.indicators) for row in tables.rows]
    times = Counter(indicator.id for candidates in fitting for indicator in candidates)
    mapped = []
    for row, candidates in zip(tables.rows, fitting, strict=True):
        name = normal(row.name)
        if candidates:
            sure = len(candidates) == 1 and times[candidates[0].id] == 1 and not row.hidden
            mapped.append(Mapped(row, candidates[0].id if sure else UNKNOWN))
        elif name in LINES:
            mapped.append(Mapped(row, SKIPPED))
        else:
            mapped.append(Mapped(row, extras.get(name, UNKNOWN)))
    return mapped


def _fitting(row: TableRow, indicators: Sequence[Indicator]) -> list[Indicator]:
    """The indicators that a row may be: of its name and weight, then of its path and standard.

    A name counts without the number before it and the weight in brackets after it where the full
    name is none. A path or a standard that none of several has says nothing.
    """
    weighed = [row.weight in {None, indicator.weight} for indicator in indicators]
    candidates = [
        indicator
        for indicator, fits in zip(indicators, weighed, strict=True)
        if fits and normal(indicator.path[-1]) == normal(row.name)
    ] or [
        indicator
        for indicator, fits in zip(indicators, weighed, strict=True)
        if fits and bare_name(indicator.path[-1]) == bare_name(row.name)
    ]
    levels = [bare_name(name) for name in row.path]
    standard = normal(row.standard)
    if len(candidates) > 1:
        candidates = [
            indicator for indicator in candidates if _lies_on(indicator.path, levels)
        ] or candidates
    if len(candidates) > 1 and standard:
        candidates = [
            indicator for indicator in candidates if normal(indicator.standard) == standard
        ] or candidates
    return candidates


def _lies_on(path: tuple[str, ...], levels: list[str]) -> bool:
    """Whether a path has these names in their order, of the levels that the table has."""
    names = iter(bare_name(name) for name in path)
    return all(level in names for level in levels)


class Question(NamedTuple):
    """Something that only a person can say.

    Attributes:
        key: which line of the file answers it.
        lines: the lines of the file that ask it.
        said: what is asked, with its place.
    """

    key: tuple[str, ...]
    lines: list[str]
    said: Text


def questions(
    path: Path, tables: DeliveredTables, mapped: Sequence[Mapped], rubric: Rubric
) -> list[Question]:
    """What is left open, in the order of the file."""
    return [
        *(_sheet_question(path, sheet) for sheet in tables.hidden),
        *_column_questions(path, tables),
        *_cell_questions(path, tables),
        *(
            _row_question(path, row, rubric)
            for row, means in mapped
            if means not in {SKIPPED, BONUS, PENALTY} and means not in rubric.by_id
        ),
    ]


def _sheet_question(path: Path, sheet: str) -> Question:
    return Question(
        ("sheet", sheet),
        _table("sheet", {"sheet": sheet, "read": ASKED}, "隐藏 hidden：yes | no"),
        Text(
            f"{path} 工作表“{sheet}”：被隐藏，但有内容",
            f"{path}, sheet “{sheet}”: it is hidden but not empty",
        ),
    )


def _column_questions(path: Path, tables: DeliveredTables) -> Iterator[Question]:
    for block in tables.blocks:
        for index, column in block.questions.items():
            letters = column_letters(index)
            where = place(path, block.sheet.name, f"{letters}{block.first + 1}")
            yield Question(
                ("column", block.sheet.name, str(block.first + 1), letters),
                _column_lines(block, index),
                Text(
                    f"{where.zh}“{column.heading}”：{column.why.zh}",
                    f"{where.en}, “{column.heading}”: {column.why.en}",
                ),
            )


def _column_lines(block: Block, index: int) -> list[str]:
    column = block.columns[index]
    return _table(
        "column",
        {
            "sheet": block.sheet.name,
            "row": block.first + 1,
            "column": column_letters(index),
            "heading": column.heading,
            "role": column.role,
        },
        " | ".join(CHOICES) if column.role == ASKED else f"{column.why.zh} {column.why.en}",
    )


def _cell_questions(path: Path, tables: DeliveredTables) -> Iterator[Question]:
    for sheet, cell, why in tables.cells:
        where = place(path, sheet, cell.ref)
        yield Question(
            ("cell", sheet, cell.ref),
            _table(
                "cell",
                {"sheet": sheet, "cell": cell.ref, "shown": cell.text, "value": ASKED},
                f"{why.zh} {why.en}",
            ),
            Text(f"{where.zh}：{why.zh}", f"{where.en}: {why.en}"),
        )


def _row_question(path: Path, row: TableRow, rubric: Rubric) -> Question:
    where = row.place(path)
    several = [indicator.id for indicator in _fitting(row, rubric.indicators)]
    names = "、".join(several), ", ".join(several)
    if row.hidden:
        zh, en = "这一行被隐藏，但有分数", "the row is hidden and has a score"
    elif several:
        zh, en = f"与几项指标都相符（{names[0]}）", f"fits several indicators ({names[1]})"
    else:
        zh, en = "与指标都不相符", "fits no indicator"
    weight = (
        Text("没有分值", "no weight")
        if row.weight is None
        else Text(f"分值 {row.weight:f}", f"weight {row.weight:f}")
    )
    return Question(
        ("row", row.sheet, str(row.number)),
        _row_lines(row, UNKNOWN, rubric),
        Text(
            f"{where.zh}“{row.name}”（{weight.zh}）{zh}",
            f"{where.en}: “{row.name}” ({weight.en}) {en}",
        ),
    )


def _row_lines(row: TableRow, means: str, rubric: Rubric) -> list[str]:
    near = ""
    if means == UNKNOWN:
        by_name = {bare_name(indicator.path[-1]): indicator.id for indicator in rubric.indicators}
        ids = [indicator.id for indicator in _fitting(row, rubric.indicators)] or [
            by_name[name] for name in get_close_matches(bare_name(row.name), by_name, n=2)
        ]
        near = " | ".join(ids)
    name = " / ".join(row.path)
    return _table(
        "row", {"sheet": row.sheet, "row": row.number, "name": name, "indicator": means}, near
    )


def _table(kind: str, fields: Mapping[str, str | int], remark: str = "") -> list[str]:
    """An entry of the file; the remark follows its last line, which is the answer."""
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}"  # a JSON string is a TOML string
        for key, value in fields.items()
    ]
    if remark:
        lines[-1] += f"  # {' '.join(remark.split())}"
    return ["", f"[[{kind}]]", *lines]


def written(  # noqa: PLR0913, PLR0917 - a table, what it means, and what it is about
    path: Path,
    tables: DeliveredTables,
    mapped: Sequence[Mapped],
    table: HandedIn,
    case: str,
    rubric: Rubric,
) -> str:
    """The mapping as a file: what was understood, and what is asked."""
    lines = [
        "# 评分表的读法。? 是要由人回答的问题，答完之前不写入记录库；其余各行也可以改。",
        "# How the table is read. A ? is a question for a person; nothing is recorded before the",
        "# last one is answered. The other lines may be corrected as well.",
        f"table = {json.dumps(table.name, ensure_ascii=False)}",
        f"sha256 = {json.dumps(table.sha256)}",
        f"case = {json.dumps(case)}",
        f"rubric = {json.dumps(f'{rubric.id}@{rubric.edition}')}",
        "partial = false  # true：表里可以缺指标 the table may lack indicators",
    ]
    for sheet in tables.hidden:
        lines += _sheet_question(path, sheet).lines
    for block in tables.blocks:
        for index in block.columns:
            lines += _column_lines(block, index)
    for question in _cell_questions(path, tables):
        lines += question.lines
    for row, means in mapped:
        lines += _row_lines(row, means, rubric)
    return "\n".join(lines) + "\n"


def added(asked: Sequence[Question]) -> str:
    """The lines of questions, for the end of the file."""
    return "".join(line + "\n" for question in asked for line in question.lines)


def write(path: Path, text: str, mode: Literal["x", "a"]) -> None:
    """Write a mapping file where there is none, or add to it.

    Raises:
        Invalid: there is one, or it cannot be written.
    """
    try:
        with path.open(mode, encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise cannot_write(path, error) from None


def reason_question(path: Path, row: TableRow) -> Question:
    """That a row's score needs a reason, and the table prints none."""
    where = row.place(path)
    return Question(
        ("reason", row.sheet, str(row.number)),
        _table(
            "reason",
            {"sheet": row.sheet, "row": row.number, "name": row.name, "text": ASKED},
            "得扣分原因 the reviewer's reason",
        ),
        Text(
            f"{where.zh}“{row.name}”：调整了得分，表中未写原因",
            f"{where.en}: “{row.name}”: the score is adjusted, and the table gives no reason",
        ),
    )


class MappingFile(NamedTuple):
    """What a mapping file says.

    Attributes:
        answers: about columns, cells and sheets.
        reasons: of rows for which the table prints none, by sheet and number.
        rows: the indicator of each row, by sheet and number.
        keys: what it has a line for.
        partial: whether the table may lack indicators.
    """

    answers: Answers
    rows: dict[tuple[str, int], str]
    reasons: dict[tuple[str, int], str]
    keys: set[tuple[str, ...]]
    partial: bool


def read(path: Path, mapping: HandedIn, table: HandedIn) -> MappingFile:
    """What a mapping file says.

    Raises:
        Invalid: not such a file, or of another table.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text_of(path, mapping.content))
        columns = {
            (str(entry["sheet"]), int(entry["row"]), str(entry["column"])): str(entry["role"])
            for entry in data.get("column", [])
        }
        cells = {
            (str(entry["sheet"]), str(entry["cell"])): str(entry["value"])
            for entry in data.get("cell", [])
        }
        sheets = {str(entry["sheet"]): str(entry["read"]) for entry in data.get("sheet", [])}
        rows = {
            (str(entry["sheet"]), int(entry["row"])): str(entry["indicator"])
            for entry in data["row"]
        }
        reasons = {
            (str(entry["sheet"]), int(entry["row"])): str(entry["text"])
            for entry in data.get("reason", [])
        }
        digest, partial = str(data["sha256"]), data.get("partial", False) is True
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid(
            f"{path}：不是对应文件。请删去该文件，重新生成。",
            f"{path}: not a mapping file. Delete it to make a new one.",
        ) from None
    if digest != table.sha256:
        raise Invalid(
            f"{path}：是另一个表的对应文件（SHA-256 不同）。请删去该文件，重新生成",
            f"{path}: this is the mapping of another table (SHA-256 differs). Delete it to make a"
            " new one",
        )
    keys = {
        *(("column", sheet, str(row), letters) for sheet, row, letters in columns),
        *(("cell", *cell) for cell in cells),
        *(("sheet", sheet) for sheet in sheets),
        *(("row", sheet, str(number)) for sheet, number in rows),
        *(("reason", sheet, str(number)) for sheet, number in reasons),
    }
    reasons = {place: text for place, text in reasons.items() if text != ASKED}
    return MappingFile(Answers(columns, cells, sheets), rows, reasons, keys, partial)


def obeyed(mapping: MappingFile, proposed: Sequence[Mapped], rubric: Rubric) -> list[Mapped]:
    """The rows as the file says; one that it does not know stays as it was found.

    Where a column was declared to be points taken off, the award is what they leave of the weight.
    """
    obeyed_rows = []
    for row, found in proposed:
        place = (row.sheet, row.number)
        means = mapping.rows.get(place, found)
        award = row.award
        if award is None and row.deduction is not None and means in rubric.by_id:
            award = rubric.by_id[means].less(row.deduction)
        reason = mapping.reasons.get(place, row.reason)
        obeyed_rows.append(Mapped(row._replace(reason=reason, award=award), means))
    return obeyed_rows


SHOWN: Final = 12
"""How many questions a message names; the file has all of them."""


def refuse_open(path: Path, asked: Sequence[Question]) -> None:
    """Refuse what leaves a question open.

    Raises:
        Invalid: says what is asked, and where it is answered.
    """
    if not asked:
        return
    more = len(asked) - SHOWN
    zh = [question.said.zh for question in asked[:SHOWN]] + [f"另有 {more} 处"] * (more > 0)
    en = [question.said.en for question in asked[:SHOWN]] + [f"and {more} more"] * (more > 0)
    raise Invalid(
        "；\n".join(zh) + f"。\n请在 {path} 里把 {ASKED} 改成答案，再运行一次；表不用改",
        ";\n".join(en)
        + f".\nAnswer each {ASKED} in the mapping {path} and run again; leave the table as it is",
    )


def refuse_incomplete(
    path: Path, table: Path, mapped: Sequence[Mapped], rubric: Rubric, *, partial: bool
) -> None:
    """Refuse two rows that mean one indicator, and a table that lacks some unless it may.

    Raises:
        Invalid: says which.
    """
    seen: dict[IndicatorId, TableRow] = {}
    for row, means in mapped:
        if means in seen:
            where = row.place(table)
            raise Invalid(
                f"{where.zh}：{means} 已对应第 {seen[means].number} 行。请在 {path} 中改正",
                f"{where.en}: {means} is already assigned to row {seen[means].number}. Correct it"
                f" in {path}",
            )
        if means in rubric.by_id:
            seen[means] = row
    lacking = [
        (identifier, indicator.path[-1])
        for identifier, indicator in rubric.by_id.items()
        if identifier not in seen
    ]
    if lacking and not partial:
        names = [f"{identifier} {name}" for identifier, name in lacking]
        zh, en = "、".join(names), ", ".join(names)
        raise Invalid(
            f"{table}：表中缺少这些指标：{zh}。只读取表中各行的，请在 {path} 中写 partial = true",
            f"{table}: the table lacks these indicators: {en}. To read only its rows, write"
            f" partial = true in {path}",
        )
