"""What the headings of a score table mean: columns by the usual words, in one row or in two.

In two rows an upper heading spans the lower ones (得分 over 自评 and 核查), merged or with empty
cells next to it; a heading that spans nothing is in either row.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from intake.cell_values import is_empty, plain
from intake.workbook import Cell, Sheet
from ledger import terms
from ledger.language import Text

TERMS: Final[Mapping[str, Text]] = {
    "level1": terms.LEVEL_1,
    "level2": terms.LEVEL_2,
    "level3": terms.LEVEL_3,
    "weight": terms.WEIGHT,
    "claim": terms.CLAIMED,
    "restated": terms.RESTATED_CLAIM,
    "standard": terms.STANDARD,
    "award": terms.AWARDED,
    "reason": terms.JUSTIFICATION,
}
"""The role of a column by our own word for it."""
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "level1": ("一级",),
    "level2": ("二级",),
    "level3": ("三级", "指标名称", "指标", "评价指标", "indicator"),
    "weight": ("权重", "标准分", "标准分值", "满分", "指标分值"),
    "claim": ("自评分", "得分/自评分", "自评", "单位自评分", "claim"),
    "restated": ("核查表所列自评分", "claim as restated"),
    "standard": ("评价标准", "评分细则", "standard"),
    "award": (
        *("评分", "核查评分", "复核得分", "复核评分", "评价得分", "评审得分", "得分"),
        *("award", "score"),
    ),
    "reason": (
        *("扣分原因", "得分原因", "得分及扣分原因", "扣分说明", "评分说明", "评分依据"),
        *("原因", "备注", "reason", *terms.JUSTIFICATION_AND_CLAUSE),
    ),
}
"""Other words for it that documents use."""
NEEDED: Final = {"level3", "weight", "award"}
WEAK_REASONS: Final = frozenset({"备注", "原因"})
"""Headings that are taken for the reason where no other column is one."""
BESIDE: Final = frozenset(
    {
        *("序号", "编号", "指标编号", "指标编码", "no", "no.", "id"),
        *("指标值", "年度指标值", "目标值", "年度目标值", "年初目标值", "计划值", "计量单位"),
        *("完成值", "实际值", "实际完成值", "全年实际完成值", "完成情况", "实际完成情况"),
        *("完成率", "得分率", "差异", "偏差率"),
    }
)
"""Headings of columns that hold numbers and no score: they are left out, and nothing is guessed."""
LEVELS: Final = ("level1", "level2", "level3")
_SPACE: Final = re.compile(r"\s+")

_NUMERIC: Final = re.compile(r"[+-]?[\d,.]+%?\Z")
OF_THE_UNIT: Final = ("自评", "自查", "单位", "部门", "claim", "self")
"""Words of an upper heading under which any score is the unit's own."""

Merged = Mapping[tuple[int, int], tuple[int, int]]
"""The first cell of the merged area around a cell, if it is not the first itself."""


class TableHeading(NamedTuple):
    """The columns that have each role, the leftmost first, and how many rows the heading takes.

    Attributes:
        beside: columns whose heading says that they hold no score.
    """

    columns: dict[str, list[int]]
    height: int
    beside: frozenset[int]


def normal(text: str) -> str:
    """A heading or name as it is compared: narrow letters, no white space, lower case."""
    return _SPACE.sub("", plain(text)).lower()


_ROLE_OF: Final = {
    normal(name): role for role, term in TERMS.items() for name in (*term, *ALIASES[role])
}


def heading_at(sheet: Sheet, number: int, merged: Merged, *, inside: bool) -> TableHeading | None:
    """The heading that begins in a row; `None` where none does.

    Args:
        sheet: where the row is.
        number: of the row, from 0.
        merged: what is merged with what.
        inside: whether a table has begun above. Then a row before a heading is the table's last,
            and not the upper half of the heading, unless it names a column itself.
    """
    own = _roles(sheet.rows[number])
    both = [] if inside and not any(own) else _roles_of_two(sheet, number, merged)
    for roles, height in ((both, 2), (own, 1)):
        columns: dict[str, list[int]] = {}
        for index, role in enumerate(roles):
            if role:
                columns.setdefault(role, []).append(index)
        if columns.keys() >= NEEDED:
            rows = sheet.rows[number : number + height]
            beside = {index for row in rows for index, cell in enumerate(row) if _is_beside(cell)}
            return TableHeading(columns, height, frozenset(beside))
    return None


def _roles_of_two(sheet: Sheet, number: int, merged: Merged) -> list[str | None]:
    """The role of each column under a heading in two rows; empty where they are none.

    A row of scores is no half of one: it holds numbers. Nor is the lower row where it names no
    column, or the upper where the lower says the same without it, as below a title.
    """
    if number + 1 >= len(sheet.rows):
        return []
    roles: list[str | None] = []
    spanning, named = "", False
    for index, (upper, lower) in enumerate(zip(*sheet.rows[number : number + 2], strict=True)):
        top = merged.get((number, index), (number, index))
        over = _words(sheet.rows[top[0]][top[1]])
        under = "" if merged.get((number + 1, index)) == top else _words(lower)
        if any(words and _NUMERIC.match(words) for words in (over, under)):
            return []
        spanning = over or (spanning if under and is_empty(upper) else "")
        role = _together(spanning, under) if under else _ROLE_OF.get(over)
        named = named or (role is not None and bool(under))
        roles.append(role)
    return roles if named and roles != _roles(sheet.rows[number + 1]) else []


def _roles(row: list[Cell]) -> list[str | None]:
    return [_ROLE_OF.get(_words(cell)) for cell in row]


def _together(over: str, under: str) -> str | None:
    """The role of a column by both its headings: who gave a score is in the upper one."""
    own = next(
        (_ROLE_OF[words] for words in (over + under, under + over, under) if words in _ROLE_OF),
        None,
    )
    if any(mark in over for mark in OF_THE_UNIT):
        return "claim" if own in {"claim", "award"} else None
    return own


def _words(cell: Cell) -> str:
    """A cell as headings are compared; a number as a number."""
    return "" if is_empty(cell) else normal(cell.text)


def _is_beside(cell: Cell) -> bool:
    return _words(cell) in BESIDE
