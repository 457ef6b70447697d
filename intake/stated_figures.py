"""What a self-evaluation table says was to be reached, and what was: targets and actual values.

`≥95%`, `不少于300天`, `20人以内` say which side is better; `45个` does not, and neither does a date
in words. What a cell leaves open is asked with the answers that fit; an answer in words is taken as
words, because a person has looked at it. Units are compared and never converted.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from intake.cell_values import (
    PERCENT_SIGNS,
    any_number,
    day_in,
    days_in,
    is_empty,
    plain,
    refuse_unseen,
    shown_otherwise,
    words,
)
from intake.grid import Cell
from ledger.language import Text
from ledger.values import FigureKind, Invalid, Sense

NOTHING: Final = "—"
"""What a person writes who says that a cell holds nothing."""


class Open(NamedTuple):
    """What a cell leaves open.

    Attributes:
        cell: the cell.
        why: what prevents reading.
        choices: answers that fit, as the cell would say them.
    """

    cell: Cell
    why: Text
    choices: tuple[str, ...] = ()


class StatedTarget(NamedTuple):
    """A target: on which side of what value, in which unit."""

    sense: Sense
    value: str
    unit: str = ""

    @property
    def is_number(self) -> bool:
        """Whether a value can be compared with it."""
        return self.sense != "described"


class StatedValue(NamedTuple):
    """An actual value as events keep it; `None` where the cell is empty."""

    value: str | None
    kind: FigureKind = "number"
    unit: str = ""


_NUMBER: Final = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_BEFORE: Final[dict[str, Sense]] = {
    "≥": "at-least",
    ">=": "at-least",
    "不低于": "at-least",
    "不少于": "at-least",
    "不小于": "at-least",
    "大于等于": "at-least",
    "大于或等于": "at-least",
    "至少": "at-least",
    "≤": "at-most",
    "<=": "at-most",
    "不超过": "at-most",
    "不高于": "at-most",
    "不多于": "at-most",
    "不大于": "at-most",
    "小于等于": "at-most",
    "小于或等于": "at-most",
    "=": "exactly",
    "等于": "exactly",
}
_AFTER: Final[dict[str, Sense]] = {
    "及以上": "at-least",
    "以上": "at-least",
    "及以下": "at-most",
    "以下": "at-most",
    "以内": "at-most",
}
_STRICT: Final = re.compile(r"[<>]|大于|小于|超过|高于|低于|多于|少于")
_DATE: Final = re.compile(
    r"\d{4}年|\d{4}[-./]\d|\d+月|第?[一二三四1-4]季度|[上下]半年|[年月季]底|[年月季]末|\d+日|之?前$"
)
_INCLUDED: Final = re.compile(r"\(含\)")
_COUNT: Final = re.compile("[一二两三四五六七八九十百千]+[个项次天人家件份处期场台万]")
_SIMPLE: Final = re.compile(rf"({_NUMBER})((?:[a-zA-Z%‰/²³℃]|[\u4e00-\u9fff]){{0,8}})\Z")
_NOT_YET: Final = re.compile(r"暂无(?:数据)?|正在统计中?|待统计|统计中|尚未统计|未统计|待定|待补")
_NOT_APPLICABLE: Final = re.compile(r"不涉及|不适用|空项")
_SIGN: Final = re.compile("|".join(map(re.escape, sorted(_BEFORE, key=len, reverse=True))))
_SCALES: Final = {"百": 100, "千": 1000, "万": 10_000, "百万": 10**6, "亿": 10**8}
_SCALED: Final = re.compile("(百万|百|千|万|亿)?(.*)")


def target_of(parts: Mapping[str, Cell], answered: frozenset[str]) -> StatedTarget | Open | None:
    """The target that a row states; `None` where it states none.

    Args:
        parts: the cells of the row, by role.
        answered: the cells that a person answered.
    """
    cell = parts.get("target")
    if cell is None or is_empty(cell):
        return None
    try:
        text, unit = _text_of(cell), _unit_in(parts)
    except Invalid as error:
        return Open(cell, error.text)
    sign = parts.get("sense")
    sense = "" if sign is None or is_empty(sign) else _SPACE.sub("", plain(sign.text))
    if sense in {"定性", "文字描述"}:
        return StatedTarget("described", text)
    if sense and _SIGN.fullmatch(sense) and not _SIGN.match(text):
        text = sense + text
    return _target(text, unit, cell, is_answer=cell.ref in answered)


_SPACE: Final = re.compile(r"\s+")
_APART: Final = re.compile(r"\d{4,}\s+\d+|\d\s*\n\s*\d+|\d\s+(?!\d{3}(?!\d))\d+")
"""Digits with white space between them that does not group them by three."""
_DAYS: Final[tuple[tuple[Callable[[str], str], FigureKind], ...]] = (
    (day_in, "date"),
    (days_in, "interval"),
)


def _text_of(cell: Cell) -> str:
    """What a cell shows, narrow and without white space; of a percentage, with its sign.

    Raises:
        Invalid: people may not see it as it is, or it shows something else than it contains.
    """
    refuse_unseen(cell)
    if cell.formula and not cell.calculated:
        raise Invalid(
            f"公式 {cell.formula} 没有算过，或结果是 0",
            f"the formula {cell.formula} was never calculated, or gives 0",
        )
    bare = cell._replace(formula="")
    if cell.percent and isinstance(cell.value, int | float | Decimal):
        number = any_number(bare._replace(percent=False))
        assert number is not None  # noqa: S101 - it is a number
        return f"{(number * 100).normalize():f}%"
    if (shown := shown_otherwise(bare)) is not None:
        stored = any_number(bare._replace(before="", after=""))
        raise Invalid(
            f"显示为 {shown}，实际存储 {stored}", f"it shows {shown} but contains {stored}"
        )
    text = plain(f"{cell.before}{words(bare)}{cell.after}")
    if apart := _APART.search(text):
        raise Invalid(
            f"“{apart[0]}”的数字之间有空格或换行", f"white space between the digits of '{apart[0]}'"
        )
    return _SPACE.sub("", text)


def _unit_in(parts: Mapping[str, Cell]) -> str:
    cell = parts.get("unit")
    return "" if cell is None or is_empty(cell) else _SPACE.sub("", plain(words(cell)))


def _target(text: str, unit: str, cell: Cell, *, is_answer: bool) -> StatedTarget | Open:
    rest, senses = _INCLUDED.sub("", text), set[Sense]()
    if match := _SIGN.match(rest):
        senses.add(_BEFORE[match[0]])
        rest = rest[match.end() :]
    for suffix in sorted(_AFTER, key=len, reverse=True):
        if rest.endswith(suffix) and any(map(str.isdigit, rest)):
            senses.add(_AFTER[suffix])
            rest = rest.removesuffix(suffix)
            break
    simple = _SIMPLE.match(rest)
    if simple and len(senses) == 1 and not (_STRICT.search(rest) or _DATE.search(rest)):
        number, given = simple[1].replace(",", ""), simple[2] or unit
        if unit and given != unit:
            return _other_unit(cell, number, given, unit, next(iter(senses)))
        return StatedTarget(next(iter(senses)), number, given)
    if is_answer and not (simple and not senses):
        return StatedTarget("described", text)
    if simple and not senses and not _DATE.search(rest):
        return Open(
            cell,
            Text(
                f"目标“{text}”未写明是至少、至多还是等于",
                f"target '{text}': at least, at most or exactly is not said",
            ),
            (f"≥{text}", f"≤{text}", f"={text}"),
        )
    if any(map(str.isdigit, text)) or _DATE.search(text) or _COUNT.search(text) or senses:
        return Open(
            cell,
            Text(
                f"目标“{text}”不能按一个数比较；按文字记录的，照原文填写",
                f"target '{text}' is not one number to compare with; write it again to keep it as"
                " words",
            ),
            (text,),
        )
    return StatedTarget("described", text)


def _other_unit(cell: Cell, number: str, given: str, unit: str, sense: Sense = "exactly") -> Open:
    sign = {"at-least": "≥", "at-most": "≤"}.get(sense, "=")
    opened = other_unit(number, given, unit, cell)
    return opened._replace(choices=tuple(f"{sign}{converted}" for converted in opened.choices))


def _converted(number: str, given: str, unit: str) -> tuple[str, ...]:
    """The number in another unit where only 百, 千, 万 or 亿 differ; offered, not taken."""
    here, there = _SCALED.match(given), _SCALED.match(unit)
    if not here or not there or here[2] != there[2]:
        return ()
    scale = Decimal(_SCALES.get(here[1], 1)) / Decimal(_SCALES.get(there[1], 1))
    return (f"{(Decimal(number.replace(',', '')) * scale).normalize():f}{unit}",)


def value_of(
    cell: Cell | None,
    parts: Mapping[str, Cell],
    target: StatedTarget | Open | None,
    answered: frozenset[str],
) -> StatedValue | Open:
    """The actual value that a row states.

    Args:
        cell: where it is.
        parts: the cells of the row, by role.
        target: what the row states as its target.
        answered: the cells that a person answered.
    """
    if cell is None or is_empty(cell):
        return StatedValue(None)
    if isinstance(cell.value, date) and cell.doubt is None:
        return StatedValue(words(cell._replace(formula="")), "date")
    try:
        text, unit = _text_of(cell), _unit_in(parts)
    except Invalid as error:
        return Open(cell, error.text)
    goal = target if isinstance(target, StatedTarget) and target.is_number else None
    return _value(text, unit, goal, cell, is_answer=cell.ref in answered)


def _value(
    text: str, column: str, goal: StatedTarget | None, cell: Cell, *, is_answer: bool
) -> StatedValue | Open:
    if (simple := _SIMPLE.match(text)) and not _DATE.search(text):
        number, given = simple[1].replace(",", ""), simple[2]
        rate = column in PERCENT_SIGNS and abs(Decimal(number)) <= 1
        if not given and column and not rate:
            return StatedValue(number, "number", column)
        return _in_unit(number, given, column or (goal.unit if goal else ""), cell, is_answer)
    for written, kind in _DAYS:
        with suppress(Invalid):
            return StatedValue(written(text), kind)
    if not is_answer and (opened := _doubtful(text, goal, cell)):
        return opened
    if text in {"是", "否"}:
        return StatedValue({"是": "yes", "否": "no"}[text], "yes-no")
    return StatedValue(text, "text")


def _doubtful(text: str, goal: StatedTarget | None, cell: Cell) -> Open | None:
    """What words leave open: whether they say anything, and where a number was to be reached."""
    if _NOT_YET.fullmatch(text) or _NOT_APPLICABLE.fullmatch(text):
        why = Text(
            f"“{text}”：没有数填 {NOTHING}，按文字记录的照原文填写",
            f"'{text}': write {NOTHING} for nothing, or the words again to keep them",
        )
        return Open(cell, why, (NOTHING, text))
    if _SIGN.match(text):
        why = Text(f"完成值“{text}”像是目标值", f"the actual value '{text}' looks like a target")
        return Open(cell, why, (_SIGN.sub("", text, count=1), text))
    if goal:
        why = Text(
            f"目标是数，完成值“{text}”不是一个数",
            f"the target is a number, the actual value '{text}' is not one",
        )
        return Open(cell, why, (text,))
    return None


def other_unit(number: str, given: str, unit: str, cell: Cell) -> Open:
    """That a number is in another unit than the one in which it is wanted."""
    return Open(
        cell,
        Text(
            f"“{number}{given}”的计量单位不是“{unit}”",
            f"'{number}{given}' is not in the unit '{unit}'",
        ),
        _converted(number, given, unit),
    )


def _in_unit(
    number: str,
    given: str,
    unit: str,
    cell: Cell,
    is_answer: bool,  # noqa: FBT001 - as its caller
) -> StatedValue | Open:
    """A number in its unit; one without a unit is in that of its row where that is no multiple."""
    if given and unit and given != unit:
        return other_unit(number, given, unit, cell)
    multiple = _SCALED.match(unit)
    doubtful = unit in PERCENT_SIGNS or bool(multiple and multiple[1])
    if not given and doubtful and not is_answer:
        hundredfold = (f"{(Decimal(number) * 100).normalize():f}%",) if unit == "%" else ()
        return Open(
            cell,
            Text(f"“{number}”是多少{unit}，没有写明", f"'{number}': the unit {unit} is not stated"),
            (f"{number}{unit}", *hundredfold),
        )
    return StatedValue(number, "number", given or unit)
