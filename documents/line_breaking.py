"""Where a line of Chinese and English may be broken, and how many columns of a screen it takes.

Words, numbers and names are never broken, and a number keeps its sign and its unit. No line begins
with a closing mark or ends with an opening one, as GB/T 15834 asks of Chinese print.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, repeat
from typing import Final

_WIDE: Final = (
    "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffe6\U0001f000-\U0003ffff"
)
_ONE_COLUMN: Final = ((" ", "~"), ("\u00b0", "\u00ff"), ("\u2010", "\u2027"), ("\u2190", "\u22ff"))
_TWO_COLUMNS: Final = (("\u3001", "\u3029"), ("\u3400", "\u9fff"), ("\uff01", "\uff60"))
"""What each of these takes: with them most texts are measured."""
_HAN: Final = "\u3400-\u7b2b\u7b2d-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""But 第, which begins a number."""
_OPENING: Final = "（《「『〈【〔〖［｛“‘￥＋－"
_CLOSING: Final = "，。、；：？！）》」』〉】〕〗］｝”’…—～·％‰℃"
_JOINED: Final = "\u0300-\u036f\u20d0-\u20f0\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Accents and variation selectors: part of the character before."""
_WORD: Final = rf"(?:[^\s{_WIDE}{_OPENING}{_CLOSING}]|(?<=[\d%])～(?=\d))"
"""A character of a Latin word, a number, a date, an id; a range is one number."""
UNITS: Final = (
    "个工作日|工作日|个百分点|百分点|个年度|年度|个季度|季度|个月|月份|小时|分钟|万元|亿元"
    "|万人次|万人|人次|万吨|万亩|公里|公顷|万平方米|平方米|平方公里"
)
"""Those of several characters; of one character it may be any."""
_PIECE: Final = (
    rf"(?:[{_OPENING}]\s*|[(\[{{](?=[{_WIDE}]))*"
    rf"(?:[{_HAN}]"  # most of them
    r"|(?<=〔)\d{4}〕(?:第\s?)?\d+\s?号"  # of a document number: 财预〔2020〕10号
    rf"|(?:第\s?)?{_WORD}*\d\s?(?:{UNITS}|[{_HAN}])"
    rf"|{_WORD}+(?<![(\[{{])"
    r"|\S)"
    rf"[{_JOINED}]*(?:\s*[{_CLOSING}]|[,.;:?!)\]}}%](?!\w))*"
)


@cache
def _pieces() -> re.Pattern[str]:
    """Compiled when a line is first broken: that takes a tenth of the time of a whole command.

    Of Chinese characters in a row, each a piece of its own, all but the last are one `row`.
    """
    return re.compile(rf"(?P<row>[{_HAN}]+(?=[{_HAN}]))|{_PIECE}")


_UNIT: Final = 6
"""Characters of the longest unit, a blank before it and the last digit of its number."""


def _within_chinese(line: str, at: int) -> bool:
    """Whether a piece begins there for sure: between Chinese characters, behind no number."""
    last, first = line[at - 1], line[at]
    if "第" in {last, first} or not "\u3400" <= min(last, first) <= max(last, first) <= "\u9fff":
        return False
    before = line[at - _UNIT : at]
    return before.isalpha() or not any(map(str.isdecimal, before))


_ALPHANUMERIC: Final = "".join(filter(str.isalnum, map(chr, range(128))))
_PAUSES: Final = "，、；。："
"""After one of these a piece begins after any text, unless a mark follows."""


class _Widths(dict[str, int]):
    """Columns of each character: of thousands of lines the same few are asked for."""

    def __missing__(self, character: str) -> int:
        self[character] = width = _width(character)
        return width


def _width(character: str) -> int:
    for width, ranges in enumerate((_ONE_COLUMN, _TWO_COLUMNS), 1):
        if any(first <= character <= last for first, last in ranges):
            return width
    import rich.cells  # noqa: PLC0415 - slow to import, and what follows is rare

    return rich.cells.cell_len(character)


_WIDTHS: Final = _Widths()


def cell_len(text: str) -> int:
    """Columns of a screen that a text of one line takes."""
    return len(text) if text.isascii() else sum(map(_WIDTHS.__getitem__, text))


def pieces(text: str) -> Iterator[str]:
    """The parts of a text that are never broken, but for Chinese characters among others."""
    return (piece[0] for piece in _pieces().finditer(text) if not piece["row"])


def widest_piece(text: str) -> int:
    """Columns of the widest part of a text that is never broken."""
    return max(map(cell_len, pieces(text)), default=0)


def folded(text: str, width: int) -> list[str]:
    """Break a text into lines.

    Args:
        text: without tabs; its own line breaks stay.
        width: columns that a line may take. A part that is wider and is never broken has a line of
            its own, which the screen breaks.
    """
    if 2 * len(text) <= width and "\n" not in text:  # as most texts are
        return [text]
    return [line for line, _ in measured_lines(text, width)]


def measured_lines(text: str, width: int) -> Iterator[tuple[str, int]]:
    """The lines of a text as `folded` breaks it, and how many columns each takes."""
    for line in text.split("\n"):
        if len(line) <= width and (taken := cell_len(line)) <= width:
            yield line, taken
            continue
        # Before each character:
        columns = [*accumulate(map(_WIDTHS.__getitem__, line), initial=0)]
        start, whole = 0, len(line)
        while columns[-1] - columns[start] > width:
            room = bisect_right(columns, columns[start] + width) - 1
            end = _last_end(line, start, room)
            yield line[start:end], columns[end] - columns[start]
            start = whole - len(line[end:].lstrip())
        if not start:
            yield line, columns[-1]
        elif start < whole:
            end = len(line.rstrip())
            yield line[start:end], columns[end] - columns[start]


def _last_end(line: str, start: int, room: int) -> int:
    """Where a line ends that begins at `start`: at `room` or before, but after its first piece."""
    if room - start > _UNIT and _within_chinese(line, room):
        return room
    pause = max(map(line.rfind, _PAUSES, repeat(start), repeat(room))) + 1
    last = pause if line[pause : pause + 1].isalnum() else 0
    word = len(line[: room + 1].rstrip(_ALPHANUMERIC))  # where one begins that ends beyond `room`
    if last and word == last:
        return last
    before = line[word - 2 : word]
    if start < word - 1 < room and before[:1].isalpha() and before.isascii() and before[1:] == " ":
        return word - 1
    for piece in _pieces().finditer(line, max(start, last)):
        end = piece.end()
        if end > room:
            if piece["row"]:
                end = max(room, piece.start() + 1)
            return end if end == room else last or end
        last = end
    return last
