"""Numbers of persons in a text: identity cards, bank cards, mobile telephones.

What is recorded can never be erased, so such a number is asked about before it is recorded. It is
no rule of the record: recorded entries are not asked about it.

Sources: GB 11643 (identity numbers), ISO/IEC 7812-1 (cards), GB 32100 (social credit codes, which
are of organisations and look alike).
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from msgspec import Struct

from ledger.commands import Command
from ledger.language import Text
from ledger.values import Figure, Invalid, Target

IDENTITY: Final = Text("身份证号码", "identity card number")
CARD: Final = Text("银行卡号", "bank card number")
MOBILE: Final = Text("手机号码", "mobile telephone number")

# Full-width digits are what a Chinese keyboard may give.
_NARROW: Final = str.maketrans("０１２３４５６７８９Ｘｘ－　＋", "0123456789Xx- +")
# Standing alone: no part of a longer number, a digest, a code, an amount or a range of numbers.
_BEFORE: Final = r"(?<![0-9A-Za-z_.,¥￥$])(?<![0-9A-Za-z]-)"
_AFTER: Final = r"(?![0-9A-Za-z_]|[.,-][0-9A-Za-z]|\s?(?:元|万元|亿元|%|％))"
_NUMBERS: Final = re.compile(
    rf"{_BEFORE}(?:"
    r"(?P<identity>[1-9][0-9]{16}[0-9Xx])"
    r"|(?P<card>[3-6][0-9]{15,18}|[3-6][0-9]{3}(?P<gap>[ -])(?:[0-9]{4}(?P=gap)){2}[0-9]{4}"
    r"(?:(?P=gap)[0-9]{1,3})?)"
    r"|(?:\+?86[ -]?)?(?P<mobile>1[3-9][0-9](?P<pause>[ -]?)[0-9]{4}(?P=pause)[0-9]{4})"
    rf"){_AFTER}"
)
_FACTORS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"


class PersonalNumber(NamedTuple):
    """A number that belongs to a person, without most of its digits.

    Attributes:
        kind: what it is.
        last: its last four signs.
    """

    kind: Text
    last: str


def personal_numbers(text: str) -> Iterator[PersonalNumber]:
    """The numbers of persons in a text, in order."""
    for found in _NUMBERS.finditer(text.translate(_NARROW)):
        digits = re.sub(r"[ -]", "", found["identity"] or found["card"] or found["mobile"]).upper()
        if found["mobile"]:
            yield PersonalNumber(MOBILE, digits[-4:])
        elif _is_identity(digits):
            yield PersonalNumber(IDENTITY, digits[-4:])
        elif _is_card(digits):
            yield PersonalNumber(CARD, digits[-4:])


def personal_numbers_of(command: Command) -> Iterator[tuple[str, PersonalNumber]]:
    """The numbers of persons in the texts of a command, each with its field."""
    yield from _inside(command, "")


def ask_about_personal_numbers(command: Command) -> None:
    """Refuse an unconfirmed command that contains the number of a person.

    Raises:
        Invalid: it contains an identity card, bank card or mobile number; says in which field, with
            its last four digits only.
    """
    for field, (kind, last) in personal_numbers_of(command):
        raise Invalid(
            f"{field}：疑似含有{kind.zh}（尾号 {last}），记录后永久不能删除。请删去或遮盖；确需记"
            "录的，请确认（批量操作文件的该操作里写 confirm_personal_number = true）",
            f"{field}: it seems to contain the {kind.en} ending in {last}, which can never be"
            " erased once recorded. Remove or mask it, or confirm it if it must be recorded (in"
            " that command of a batch file: confirm_personal_number = true)",
            rule="personal-number",
            field=field,
        )


def _inside(value: object, field: str) -> Iterator[tuple[str, PersonalNumber]]:
    match value:
        case str():
            for number in personal_numbers(value):
                yield field, number
        case Struct():
            for name in value.__struct_fields__:
                if not _is_amount(value, name):
                    path = f"{field}.{name}" if field else name
                    yield from _inside(getattr(value, name), path)
        case tuple():
            for index, part in enumerate(value, 1):
                yield from _inside(part, f"{field}.{index}")
        case _:
            pass


def _is_amount(value: Struct, name: str) -> bool:
    """Whether a field holds a number of its own, which may have as many digits as a card."""
    match value:
        case Figure():
            return name == "value" and value.kind == "number"
        case Target():
            return name == "value" and value.sense != "described"
        case _:
            return False


def _is_identity(digits: str) -> bool:
    """18 signs, a day of birth of these centuries and the check digit of GB 11643."""
    if len(digits) != len(_FACTORS) + 1:
        return False
    try:
        born = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * factor for digit, factor in zip(digits, _FACTORS, strict=False))
    return 1900 <= born.year < 2100 and _CHECKS[total % 11] == digits[-1]  # noqa: PLR2004 - years


def _is_card(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1, and no social credit code."""
    if not digits.isdecimal() or digits[0] not in "3456" or _is_credit_code(digits):
        return False
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(reversed(digits), 1)]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _is_credit_code(digits: str) -> bool:
    """18 digits with the check digit of GB 32100 (modulus 31, powers of 3)."""
    total = sum(int(digit) * pow(3, index, 31) for index, digit in enumerate(digits[:17]))
    return len(digits) == 18 and -total % 31 == int(digits[-1])  # noqa: PLR2004 - its length
