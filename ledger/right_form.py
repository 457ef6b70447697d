"""How a value is to be written (填写格式), for messages about other forms."""

import re
from collections.abc import Container
from datetime import date
from typing import Final
from unicodedata import normalize

from ledger.language import Text

EMPTY: Final = Text("不能为空。", "It must not be empty.")
_PLAIN: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_DAY: Final = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D?", re.ASCII)
_DAY_IN_ONE: Final = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)


def number(written: str) -> Text:
    """What to tell of a text that is not a decimal number."""
    example = _number_meant(written) or "16.5"
    return Text(
        f"“{written}”不是数。请用数字 0-9 和小数点填写，不带单位，如 {example}。",
        f"'{written}' is not a number. Write it with the digits 0-9 and a decimal point, without a"
        f" unit, such as {example}.",
    )


def _number_meant(written: str) -> str:
    """The number that was meant, where there is no doubt."""
    text = normalize("NFKC", written).strip().removesuffix("分").strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    text = text.replace(",", ".").replace("_", "")
    return text if _PLAIN.fullmatch(text) else ""


def day(written: str) -> Text:
    """The message for a text that is not a date."""
    return Text(
        f"“{written}”不是日期。请按年-月-日填写，如 {_day_meant(written)}。",
        f"'{written}' is not a date. Write year, month and day, such as {_day_meant(written)}.",
    )


def _day_meant(written: str) -> str:
    text = normalize("NFKC", written).strip()
    if match := _DAY.fullmatch(text) or _DAY_IN_ONE.fullmatch(text):
        try:
            return date(*map(int, match.groups())).isoformat()
        except ValueError:
            pass
    return "2023-11-04"


def whole(written: object, low: int | None = None, high: int | None = None) -> Text:
    """What to tell of something that is not a whole number, or not within limits."""
    if low is not None and high is not None:
        limits = Text(f" {low} 至 {high} 的整数", f"a whole number from {low} to {high}")
    elif low is not None:
        limits = Text(f"不小于 {low} 的整数", f"a whole number of at least {low}")
    else:
        limits = Text("整数", "a whole number")
    return Text(
        f"“{written}”应为{limits.zh}，用数字 0-9 填写。",
        f"'{written}' must be {limits.en}. Use the digits 0-9.",
    )


def version(written: object) -> Text:
    """What to tell of something that is not a version."""
    return Text(
        f"“{written}”不是条号。请填写 v57 这样的条号，从 v1 起。",
        f"'{written}' is not a version. Write it as v57; the first is v1.",
    )


def slug(written: str) -> Text:
    """What to tell of a text that is not an id."""
    text = re.sub(r"[^a-z0-9]+", "-", normalize("NFKC", written).lower()).strip("-")
    example = text if text and written.isascii() else "output-goals"
    return Text(
        f"“{written}”不是编号。编号只用小写字母、数字和连字符，如 {example}。",
        f"'{written}' is not an id. Ids are lower-case letters, digits and hyphens, such as"
        f" {example}.",
    )


def key(written: str) -> Text:
    """What to tell of a text that is not an idempotency key, or no edition."""
    return Text(
        f"“{written}”只能用字母、数字、句点和连字符，且不能过长。请改正。",
        f"'{written}' may contain only letters, digits, points and hyphens, and must not be too"
        " long. Correct it.",
    )


def last_day(written: str) -> Text:
    """What to tell of a text that sets no last day."""
    return Text(
        f"“{written}”不是期限。请填写日期，如 2024-07-31；"
        "或天数，如 20d（20 日）、10wd（10 个工作日）。",
        f"'{written}' is not a time limit. Write a day, such as 2024-07-31, or how many days: 20d,"
        " or 10wd for working days.",
    )


def digest(written: str) -> Text:
    """What to tell of a text that is no SHA-256."""
    return Text(
        f"“{written}”不是摘要。SHA-256 摘要为 64 位 0-9、a-f。",
        f"'{written}' is not a digest. A SHA-256 digest is 64 characters of 0-9 and a-f.",
    )


def time_zone(written: str) -> Text:
    """What to tell of a text that is not a name of a time zone."""
    return Text(
        f"“{written}”不是时区名称。请填写 Asia/Shanghai 这样的 IANA 时区名称。",
        f"'{written}' is not the name of a time zone. Write it as in the IANA database, such as"
        " Asia/Shanghai.",
    )


def instant(written: str) -> Text:
    """What to tell of a text that is not an instant."""
    return Text(
        f"“{written}”不是时刻。请填写 2026-11-21T10:00:00.000000Z 这样的时刻。",
        f"'{written}' is not an instant. Write it as 2026-11-21T10:00:00.000000Z.",
    )


def misplaced(written: str, in_front: Container[str]) -> Text | None:
    """What to tell of an option that a command lacks; `None` where its name is all there is to say.

    Args:
        written: a number below 0, or an option.
        in_front: options that are written before the command.
    """
    if written in in_front:
        return Text(
            f"“{written}”是全局选项。请写在命令名之前。",
            f"'{written}' is a global option. Write it before the name of the command.",
        )
    if not written[1:2].isdigit():
        return None
    return Text(
        f"“{written}”以减号开头，被当作选项。得分不能为负；其他负数请写在 -- 之后。",
        f"'{written}' begins with a minus sign and was read as an option. Scores cannot be"
        " negative; put other negative numbers after --.",
    )
