"""The file that states how a delivered table is read (对应文件): TOML with one line per answer.

It is made from what was understood, corrected by people, and filed with the table. Lines are only
ever added to it or answered in their place, so that what people wrote around them stays.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from intake.files import HandedIn, text_of
from intake.table_columns import ASKED
from intake.table_rows import Answers
from ledger.language import Text
from ledger.values import Invalid

SECTIONS: Final[dict[str, Text]] = {
    "sheets": Text("隐藏的工作表：yes 读 | no 不读", "hidden sheets: read or not"),
    "blocks": Text("表，按表头所在行：read | ignore", "tables, by the row of their heading"),
    "columns": Text("列，按表头所在行", "columns, by the row of their heading"),
    "rows": Text(
        "行：指标编号 | bonus | penalty | ignore；几行合成一项的，分值之和须等于该项分值",
        "rows: an indicator's id | bonus | penalty | ignore; several rows may make up one",
    ),
    "cells": Text("单元格：填写其内容", "cells: what they say"),
    "figures": Text("给出基础数据的格：数据编号 | ignore", "cells of figures: an id | ignore"),
    "reasons": Text("表中未写的得扣分原因", "reasons that the table does not print"),
    "totals": Text(
        "合计，只作对照：compare | ignore | row 其实是指标行",
        "totals, only compared: compare | ignore | row if it is an indicator's",
    ),
    "ignore": Text("不读的行；可以添加", "rows that are not read; more may be added"),
}
"""The sections of the file in their order, each with what may be written in it."""
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Signs that TOML allows neither in a text nor in a remark, or that would end a line."""
_LINE: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*")\s*=\s*("(?:[^"\\]|\\.)*")(.*)\Z')
_HEAD: Final = re.compile(r"\s*\[(\w+)\]")


class Line(NamedTuple):
    """A line of the file.

    Attributes:
        section: where it is.
        place: what it is about, such as `评分表!F12`.
        value: how that is read; `?` where a person has to say.
        remark: what a person needs to know to answer it.
    """

    section: str
    place: str
    value: str
    remark: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Section and place, by which it is answered."""
        return self.section, self.place

    def __str__(self) -> str:
        line = f"{_quoted(self.place)} = {_quoted(self.value)}"
        remark = " ".join(_UNSEEN.sub(" ", self.remark).split())
        return f"{line}  # {remark}" if remark else line


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)  # a string of TOML too, but for these signs
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", quoted)


class MappingFile(NamedTuple):
    """What a mapping file says.

    Attributes:
        answers: about columns, cells, sheets, tables and totals.
        rows: the indicator of each row, by sheet and number.
        figures: the figure of each cell that gives one, by sheet and letters with number.
        reasons: of rows for which the table prints none, by sheet and number.
        keys: what it has a line for.
        partial: whether the table may lack indicators.
        submit: whether a self-evaluation is submitted with what the table prints as its total.
    """

    answers: Answers
    rows: Mapping[tuple[str, int], str]
    figures: Mapping[tuple[str, str], str]
    reasons: Mapping[tuple[str, int], str]
    keys: frozenset[tuple[str, str]]
    partial: bool
    submit: bool = False


def written(head: Mapping[str, object], notes: Mapping[str, str], lines: Iterable[Line]) -> str:
    """The file.

    Args:
        head: the keys before the sections.
        notes: remarks of keys of the head.
        lines: the lines of the sections.
    """
    text = (
        "# 表的读法。? 是须由人回答的问题，全部答完方写入记录库；其余各行也可以改。\n"
        "# 注明“视其他回答而定”的，用不到就不必回答。\n"
        "# How the table is read. Each ? is a question for a person; nothing is recorded before\n"
        "# the last is answered, but what depends on other answers may not be needed. The other\n"
        "# lines may be corrected as well.\n"
    )
    for key, value in head.items():
        shown = str(value).lower() if isinstance(value, bool) else _quoted(str(value))
        text += f"{key} = {shown}" + (f"  # {notes[key]}" if key in notes else "") + "\n"
    return with_lines(text, lines)


def with_lines(text: str, lines: Iterable[Line]) -> str:
    """The file with more lines, each at the end of its section."""
    found = text.splitlines()
    for section in SECTIONS:
        fresh = [str(line) for line in lines if line.section == section]
        if not fresh:
            continue
        heads = [number for number, line in enumerate(found) if _HEAD.match(line)]
        own = [number for number in heads if _section(found[number]) == section]
        if own:
            end = next((number for number in heads if number > own[0]), len(found))
            while not found[end - 1].strip():
                end -= 1
            found[end:end] = fresh
        else:
            remark = SECTIONS[section]
            found += ["", f"[{section}]  # {remark.zh} {remark.en}", *fresh]
    return "\n".join(found) + "\n"


def _section(line: str) -> str:
    match = _HEAD.match(line)
    return match[1] if match else ""


def answered(text: str, answers: Mapping[tuple[str, str], str]) -> str:
    """The file with answers in the place of its lines, by section and place; new ones are added."""
    found, section, left = text.splitlines(), "", dict(answers)
    for number, line in enumerate(found):
        section = _section(line) or section
        match = _LINE.match(line)
        if match and (value := left.pop((section, json.loads(match[1])), None)) is not None:
            found[number] = f"{match[1]} = {_quoted(value)}{match[3]}"
    return with_lines("\n".join(found), [Line(*key, value) for key, value in left.items()])


def read(path: Path, mapping: HandedIn, table: HandedIn) -> MappingFile:
    """What a mapping file says.

    Raises:
        Invalid: not such a file, or of another table.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text_of(path, mapping.content))
        said: dict[str, dict[str, str]] = {}
        for section in SECTIONS:
            entries = data.get(section, {})
            said[section] = {str(place): _word(value) for place, value in entries.items()}
        digest = data["sha256"]
        partial, submit = data.get("partial", False), data.get("submit", False)
        if not isinstance(partial, bool) or not isinstance(submit, bool):
            raise TypeError
        found = _found(said)
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
    return found._replace(partial=partial, submit=submit)


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _found(said: Mapping[str, Mapping[str, str]]) -> MappingFile:
    columns = {}
    for place, role in said["columns"].items():
        sheet, ref = _cell(place)
        letters = ref.rstrip("0123456789")
        columns[sheet, int(ref.removeprefix(letters)), letters] = role
    return MappingFile(
        Answers(
            columns=columns,
            cells={_cell(place): text for place, text in said["cells"].items() if text != ASKED},
            sheets=said["sheets"],
            blocks={_row(place): text for place, text in said["blocks"].items() if text != ASKED},
            totals={_row(place): value for place, value in said["totals"].items()},
            ignored=[_row(place) for place in said["ignore"]],
        ),
        rows={_row(place): value for place, value in said["rows"].items()},
        figures={_cell(place): value for place, value in said["figures"].items()},
        reasons={_row(p): text for p, text in said["reasons"].items() if text != ASKED},
        keys=frozenset((section, place) for section in SECTIONS for place in said[section]),
        partial=False,
    )


def _cell(place: str) -> tuple[str, str]:
    sheet, _, ref = place.rpartition("!")
    return sheet, ref


def _row(place: str) -> tuple[str, int]:
    sheet, number = _cell(place)
    return sheet, int(number)
