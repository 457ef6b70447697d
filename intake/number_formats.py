"""What a number format shows of a value (ECMA-376, part 1, 18.8.30 and 18.8.31).

A format has up to four sections, for positive and negative numbers, zero and text, or sections with
conditions of their own. One may show nothing, words in the place of the number, another number, or
words around it.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import Final, NamedTuple

BUILT_IN: Final[Mapping[int, str]] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    48: "##0.0E+0",
}
"""The formats that files name by a number alone; the others show a number as it is, or a time."""
CODE_MAX: Final = 1000
"""How long a format is that anybody has written; spreadsheets allow 255 letters."""
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<sign>.)', re.DOTALL
)
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\Z")
_COMPARED: Final = {"<=": le, ">=": ge, "<>": ne, "<": lt, ">": gt, "=": eq}
_WHITE: Final = frozenset({"white", "白色", "color2", "颜色2"})
_RED: Final = frozenset({"red", "红色", "color3", "颜色3"})
_AS_IT_IS: Final = re.compile(r"g/通用格式|general|@|[ymdhs年月日时分秒]")
_NUMBER: Final = re.compile(r"(?P<whole>[#0?,]*[#0?]|)(?:\.(?P<decimals>[#0?]*))?(?P<percent>%?)\Z")
_WORD: Final = "\0"
"""In the place of the words of a section while its digits are looked at."""


class Shown(NamedTuple):
    """How a value is shown.

    Attributes:
        percent: whether as a percentage.
        decimals: how many; `None` where that depends on the number.
        veiled: whether no number is shown, or another one.
        before: the words before it.
        after: the words after it.
    """

    percent: bool = False
    decimals: int | None = None
    veiled: bool = False
    before: str = ""
    after: str = ""


AS_IT_IS: Final = Shown()
_VEILED: Final = Shown(veiled=True)


class _Section(NamedTuple):
    condition: tuple[str, Decimal] | None
    shown: Shown
    zero: bool
    signed: bool
    text: bool


def shown_by(code: str | None, value: Decimal) -> Shown:
    """How a number is shown.

    Args:
        code: the format; `None` where there is none.
        value: the number.
    """
    if code and len(code) > CODE_MAX:
        return _VEILED
    sections = _sections(code) if code else ()
    if not sections:
        return AS_IT_IS
    if len(sections) > 1 and sections[-1].text:
        sections = sections[:-1]
    place = _place(sections, value)
    if place is None:
        return _VEILED  # shown as ####
    section = sections[place]
    if value == 0 and not section.zero:
        return _VEILED
    if value < 0 and place and not (section.signed or section.condition):
        return _VEILED  # without its sign
    return section.shown


def hides_text(code: str | None) -> bool:
    """Whether a format shows a text not at all, or other words in its place."""
    sections = _sections(code) if code and len(code) <= CODE_MAX else ()
    return len(sections) == 4 and not sections[3].text  # noqa: PLR2004 - the fourth is that of texts


def _place(sections: tuple[_Section, ...], value: Decimal) -> int | None:
    """Which section shows a number; `None` where none does."""
    if any(section.condition for section in sections):
        for place, section in enumerate(sections):
            if section.condition and _COMPARED[section.condition[0]](value, section.condition[1]):
                return place
        rest = [place for place, section in enumerate(sections) if section.condition is None]
        return rest[-1] if rest else None
    if value < 0 and len(sections) > 1:
        return 1
    return 2 if value == 0 and len(sections) > 2 else 0  # noqa: PLR2004 - the third is that of zero


@lru_cache(1024)
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["sign"] == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return tuple(map(_section, parts[:4]))


def _section(tokens: list[re.Match[str]]) -> _Section:
    condition, digits, said, white, red = None, "", list[str](), False, False
    for token in tokens:
        bracket = (token["bracket"] or "").lower()
        if found := _CONDITION.match(bracket):
            condition = found[1], Decimal(found[2])
        unread = bracket.startswith(("<", ">", "=")) and not found
        white, red = white or unread or bracket in _WHITE, red or bracket in _RED
        word = token["quoted"] or token["escaped"] or ""
        if bracket.startswith("$"):
            word = bracket[1:].partition("-")[0]
        sign = token["sign"] or ""
        if sign and not re.match(r"[#0?.,%E/@a-z\u4e00-\u9fff]", sign, re.IGNORECASE):
            word, sign = sign, ""  # signs and brackets show themselves
        if word:
            said.append(word)
        digits += _WORD if word else sign
    words = "".join(said)
    as_it_is = _AS_IT_IS.search(digits.lower())
    core = digits.strip(_WORD)
    number = _NUMBER.match(core) if any(sign in "#0?" for sign in core) else None
    before = "".join(said[: len(digits) - len(digits.lstrip(_WORD))]).strip()
    after = "".join(said[len(said) - (len(digits) - len(digits.rstrip(_WORD))) :]).strip()
    if white:
        shown = _VEILED
    elif as_it_is:
        shown = Shown(before=before, after=after)
    elif number:
        places = len(number["decimals"] or "")
        shown = Shown(bool(number["percent"]), places, False, before, after)  # noqa: FBT003 - not veiled
    else:
        shown = _VEILED  # words, a thousandth, a fraction, or nothing
    return _Section(
        condition,
        shown,
        zero="0" in core or as_it_is is not None,
        signed=red or any(sign in words for sign in "-−(（负"),
        text="@" in digits,
    )
