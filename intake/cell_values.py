"""What a cell of a workbook says: a score, a figure's value, a date, words - or nothing.

A number goes from the cell through `Decimal(repr(...))`, which is what the cell shows; more digits
than a workbook keeps, or more decimals than a score has, are refused instead of rounded.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from intake.grid import Cell
from ledger.rules.rule import half_up
from ledger.values import FigureKind, Invalid, day_of

EMPTY: Final = frozenset({"", "-", "--", "—", "——", "–", "―", "/", "*", "无", "n/a", "N/A"})
"""What people write where there is nothing. None of it means zero."""
DIGITS_KEPT: Final = 15
DIGITS: Final = Context(prec=DIGITS_KEPT, rounding=ROUND_HALF_UP)
PERCENT_SIGNS: Final = ("%", "‰")
YES: Final = {"是", "yes", "true", "1", "√"}
NO: Final = {"否", "no", "false", "0", "×"}
SCALES: Final = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}

_NUMBER: Final = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\Z", re.ASCII)
_WITH_UNIT: Final = re.compile(r"([+-]?[\d,.]+)\s*(\D+)\Z", re.ASCII)
_DAY: Final = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?\Z", re.ASCII)
_BETWEEN: Final = re.compile(r"\s*(?:至|到|~|—+)\s*")
_SLASH_BETWEEN: Final = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})/(\d{4}-\d{1,2}-\d{1,2})\Z", re.ASCII)


def plain(text: str) -> str:
    """Text as it is compared: full-width letters and digits narrow, no white space around it."""
    return unicodedata.normalize("NFKC", text).strip()


def is_empty(cell: Cell) -> bool:
    """Whether a cell holds nothing, or one of the marks for nothing."""
    return not cell.formula and isinstance(cell.value, str) and plain(cell.value) in EMPTY


def is_number(cell: Cell) -> bool:
    """Whether a cell holds a number, however it is written: `16`, `8.5分`, `90%`."""
    match cell.value:
        case bool():
            return False
        case int() | float() | Decimal():
            return True
        case str():
            text = plain(cell.value).removesuffix("分").rstrip(" " + "".join(PERCENT_SIGNS))
            return bool(_NUMBER.match(text))
        case _:
            return False


def refuse_unseen(cell: Cell) -> None:
    """Refuse a cell that people may not see as it is, or may not mean.

    Raises:
        Invalid: says what it has.
    """
    if cell.doubt is not None and not is_empty(cell):
        raise Invalid(*cell.doubt)


def shown_otherwise(cell: Cell) -> Decimal | None:
    """What a number is shown as where its format hides some of its decimals.

    Raises:
        Invalid: its format shows no number, or only a part of it.
    """
    if cell.veiled and isinstance(cell.value, int | float | Decimal):
        raise Invalid(
            f"数字格式没有完整显示 {_decimal(cell)}",
            f"its number format does not show {_decimal(cell)} as it is",
        )
    if cell.decimals is None or cell.percent or not isinstance(cell.value, int | float | Decimal):
        return None
    number = _decimal(cell)
    shown = half_up(number, cell.decimals)
    return None if shown == number else shown


def words(cell: Cell) -> str:
    """The text of a cell; a number as it is shown, an empty mark as nothing.

    Raises:
        Invalid: a formula, an error or a date without a way to write it.
    """
    _refuse_formula(cell)
    match cell.value:
        case str():
            return "" if plain(cell.value) in EMPTY else cell.value.strip()
        case bool():
            return "yes" if cell.value else "no"
        case int() | float() | Decimal():
            return f"{_decimal(cell):f}"
        case datetime():
            return cell.value.date().isoformat()
        case date():
            return cell.value.isoformat()
        case _:
            return str(cell.value)


def score(cell: Cell, scale: int) -> Decimal | None:
    """The score that a cell gives, with exactly the rubric's decimals; `None` where it is empty.

    Raises:
        Invalid: not a number, a percentage, a date, a formula, or finer than the scale.
    """
    number = any_number(cell)
    if number is None:
        return None
    scaled = half_up(number, scale)
    if scaled != number:
        raise Invalid(
            f"{number} 超过 {scale} 位小数；请写成最多 {scale} 位小数的数",
            f"{number} has more than {scale} decimals; write at most {scale}",
        )
    return abs(scaled) if scaled == 0 else scaled


def weight(cell: Cell) -> Decimal | None:
    """The weight that a cell gives; of a percentage, its number before the sign.

    Raises:
        Invalid: not a number, a date, or a formula.
    """
    if isinstance(cell.value, str):
        return any_number(cell._replace(value=cell.value.strip().rstrip("%％")))
    number = any_number(cell._replace(percent=False, after=cell.after.rstrip("%％")))
    return number * 100 if number is not None and cell.percent else number


def any_number(cell: Cell) -> Decimal | None:
    """The number that a cell gives; `None` where it is empty.

    Raises:
        Invalid: not a number, a percentage, a date, or a formula.
    """
    _refuse_formula(cell)
    if is_empty(cell):
        return None
    if cell.percent or (isinstance(cell.value, str) and _is_percent(plain(cell.value))):
        raise Invalid(
            f"“{_shown(cell)}”是百分数，此处应填写得分",
            f"'{_shown(cell)}' is a percentage; write a score here",
        )
    match cell.value:
        case bool():
            raise _no_number(cell)
        case int() | float() | Decimal():
            _refuse_words_around(cell)
            return _decimal(cell)
        case str():
            return _number_of(plain(cell.value).removesuffix("分").rstrip(), cell)
        case date():
            raise Invalid(
                f"{words(cell)} 是日期，不是数；请把单元格格式改为“常规”后重填",
                f"{words(cell)} is a date, not a number; set the cell format to General and type"
                " it again",
            )
        case _:
            raise _no_number(cell)


def figure_value(
    cell: Cell, kind: FigureKind, unit: str, *, asks_about_rates: bool = True
) -> str | None:
    """The value of a figure as events keep it; `None` where the cell is empty.

    Args:
        cell: what was filled in.
        kind: of the figure.
        unit: of the row.
        asks_about_rates: whether 0.96 in a row of per cent is asked about.

    Raises:
        Invalid: it cannot be read as the kind says, or is in another unit than the row.
    """
    _refuse_formula(cell)
    if is_empty(cell):
        return None
    match kind:
        case "number":
            number, is_said = _figure_number(cell, unit)
            if asks_about_rates and not is_said and may_be_a_rate(number, unit):
                raise _a_rate(number)
            return number
        case "date":
            return _day(cell)
        case "interval":
            return days_in(plain(cell.text))
        case "yes-no":
            return _yes_or_no(cell)
        case "text":
            return words(cell)


def may_be_a_rate(number: str, unit: str) -> bool:
    """Whether a number of per cent looks as if a rate had been typed: 0.96, meaning 96%."""
    return plain(unit) == "%" and 0 < abs(Decimal(number)) <= 1


def _a_rate(number: str) -> Invalid:
    hundredfold = f"{(Decimal(number) * 100).normalize():f}"
    return Invalid(
        f"{number} 的计量单位是“%”：是 {hundredfold}% 还是 {number}%？请填写 {hundredfold}，"
        f"或带百分号的 {number}%",
        f"{number} in a row of '%': is it {hundredfold}% or {number}%? Write {hundredfold}, or"
        f" {number}% with the sign",
    )


def _figure_number(cell: Cell, unit: str) -> tuple[str, bool]:
    """The number, and whether the cell itself says in what unit it is."""
    percentage = plain(unit) in PERCENT_SIGNS[:1]
    if cell.percent:
        if not percentage:
            raise _other_unit(cell, unit)
        return f"{(_decimal(cell) * 100).normalize():f}", True
    if not isinstance(cell.value, str):
        number = any_number(cell)
        return f"{number:f}", False
    text = plain(cell.value)
    bare = text.removesuffix(plain(unit)).strip()
    if _NUMBER.match(bare):  # else 万元 would be read as 万 in a row of 元
        text = bare
    if (match := _WITH_UNIT.match(text)) and not _NUMBER.match(text):
        raise _other_unit(cell, unit, match.group(1), match.group(2).strip())
    return f"{_number_of(text, cell):f}", bare != plain(cell.value)


def _other_unit(cell: Cell, unit: str, number: str = "", given: str = "%") -> Invalid:
    """The value has another unit than its row; the program does not convert for people."""
    zh, en = (
        f"本行的计量单位是“{unit or '无'}”",
        f"the unit of measure of this row is '{unit or 'none'}'",
    )
    if given in SCALES and unit in SCALES and _NUMBER.match(number):
        there = Decimal(number.replace(",", "")) * SCALES[given] / SCALES[unit]
        zh, en = f"{zh}，应填 {there.normalize():f}", f"{en}, so write {there.normalize():f}"
    return Invalid(
        f"“{_shown(cell)}”的计量单位是“{given}”；{zh}", f"'{_shown(cell)}' is in '{given}'; {en}"
    )


def _day(cell: Cell) -> str:
    match cell.value:
        case datetime():
            return cell.value.date().isoformat()
        case date():
            return cell.value.isoformat()
        case str():
            return day_in(plain(cell.value))
        case _:
            raise Invalid(
                f"{_shown(cell)} 不是日期（可能是日期的序号）；请写成 2023-11-09",
                f"{_shown(cell)} is not a date (it may be the serial number of one); write it as"
                " 2023-11-09",
            )


def day_in(text: str) -> str:
    """The day that a text writes in one of the usual ways, ISO 8601.

    Raises:
        Invalid: in none of them, or there is no such day.
    """
    match = _DAY.match(text)
    if not match:
        raise Invalid(
            f"“{text}”不是日期；请写成 2023-11-09 或 2023年11月9日",
            f"'{text}' is not a date; write it as 2023-11-09",
        )
    year, month, day = match.groups()
    iso = f"{year}-{month:0>2}-{day:0>2}"
    return day_of(iso).isoformat()


def days_in(text: str) -> str:
    """The first and the last day that a text writes, ISO 8601 with a slash between them.

    Raises:
        Invalid: it does not write two days.
    """
    match = _SLASH_BETWEEN.match(text)
    ends = list(match.groups()) if match else _BETWEEN.split(text)
    if len(ends) != 2:  # noqa: PLR2004 - a stretch has two ends
        raise Invalid(
            f"“{text}”不是起止日期；请写成 2023-11-09/2023-11-24",
            f"'{text}' is not a period; write it as 2023-11-09/2023-11-24",
        )
    return "/".join(day_in(end) for end in ends)


def _yes_or_no(cell: Cell) -> str:
    if isinstance(cell.value, bool):
        return "yes" if cell.value else "no"
    text = plain(words(cell)).lower()
    if text in YES:
        return "yes"
    if text in NO:
        return "no"
    raise Invalid(f"“{cell.text}”应为 是 或 否", f"'{cell.text}' must be yes or no")


def _refuse_words_around(cell: Cell) -> None:
    """Refuse a score whose format shows more than signs, brackets, money and 分 with it."""
    if cell.before.strip("-−+(¥￥$") or cell.after.removesuffix("分").strip(")"):
        raise Invalid(
            f"显示为“{cell.before}{_decimal(cell)}{cell.after}”，“{cell.before}{cell.after}”来自"
            "数字格式",
            f"shown as '{cell.before}{_decimal(cell)}{cell.after}', of which"
            f" '{cell.before}{cell.after}' is of the number format",
        )


def _refuse_formula(cell: Cell) -> None:
    if cell.formula:
        raise Invalid(
            f"是公式 {cell.formula}；其结果可能变动，也可能从未计算。请复制后用“选择性粘贴—数值”填"
            "回",
            f"it is the formula {cell.formula}, whose result may change or may never have been"
            " calculated; copy the cell and paste it back as a value",
        )
    if (
        isinstance(cell.value, str)
        and cell.value.startswith("#")
        and cell.value.endswith(("!", "?", "#N/A"))
    ):
        raise Invalid(f"是错误值 {cell.value}", f"it holds the error {cell.value}")


def _decimal(cell: Cell) -> Decimal:
    """The number that a spreadsheet shows for a cell: of a sum such as 81.199999999999989, 81.2.

    Spreadsheets show at most 15 digits and keep binary fractions; what is beyond is no digit that
    anybody has written.
    """
    if isinstance(cell.value, int):
        return Decimal(cell.value)
    number = Decimal(str(cell.value))
    if number.is_finite():
        number = DIGITS.plus(number)
    if not number.is_finite():
        raise _no_number(cell)
    if abs(number) >= 10**DIGITS_KEPT:
        raise Invalid(
            f"{number:f} 超过 {DIGITS_KEPT} 位，表格无法准确保存。请将单元格设为文本后重填",
            f"{number:f} has more than {DIGITS_KEPT} digits, which a workbook cannot store"
            " exactly; set the cell format to Text and type it again",
        )
    return Decimal(int(number)) if number == int(number) else number


def _is_percent(text: str) -> bool:
    return text.endswith(PERCENT_SIGNS)


def _number_of(text: str, cell: Cell) -> Decimal:
    match = _NUMBER.match(text)
    if not match:
        raise _no_number(cell)
    return Decimal("".join(part or "" for part in match.groups()).replace(",", ""))


def _no_number(cell: Cell) -> Invalid:
    return Invalid(
        f"“{_shown(cell)}”不是数。请填写 16 或 8.5 这样的数，没有的留空",
        f"'{_shown(cell)}' is not a number such as 16 or 8.5; leave the cell empty if there is"
        " none",
    )


def _shown(cell: Cell) -> str:
    return cell.text if len(cell.text) <= 40 else cell.text[:39] + "…"  # noqa: PLR2004 - enough to know it by
