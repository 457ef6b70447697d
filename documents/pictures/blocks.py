"""The bridge as blocks for a terminal: the same rows as the waterfall, a line each."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from unicodedata import east_asian_width

from documents.pictures.axis import Axis, axis
from documents.pictures.waterfall import WaterfallBar, running_totals

EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
CELL: Final = 8
TORN: Final = "╱╱"
"""In a total that is not drawn from 0: the axis leaves numbers out."""
LABELS: Final = 30
BARS_MIN: Final = 16


class TextLine(NamedTuple):
    """A line of the chart; its kind is for those who can show colours."""

    label: str
    bar: str
    value: str
    kind: str


def blocks(rows: Sequence[WaterfallBar], width: int) -> list[TextLine]:
    """The rows as lines that fill a width of terminal columns."""
    labels = min(LABELS, max(cells(row.name) for row in rows))
    values = max(len(row.value) for row in rows)
    room = max(width - labels - values - 4, BARS_MIN)
    scale = axis(running_totals(rows), 0, room * CELL)
    return [
        TextLine(padded(row.name, labels), _bar(scale, row), row.value.rjust(values), row.kind)
        for row in rows
    ]


def _bar(scale: Axis, row: WaterfallBar) -> str:
    """A bar to the eighth of a column at its right end, to the half at its left."""
    room = scale.width // CELL
    torn = row.kind == "total" and scale.low > 0
    start = scale.low if torn else row.start
    left, right = sorted((int(scale.x(start)), int(scale.x(row.end))))
    left = min(left, scale.width - 1)
    right = max(right, left + 1)
    first, last = left // CELL, right // CELL
    if first == last:
        drawn = " " * first + (EIGHTHS[right - left] if left % CELL < CELL // 2 else "▐")
    else:
        head = "█" if left % CELL < CELL // 2 else "▐"
        drawn = " " * first + head + "█" * (last - first - 1) + EIGHTHS[right % CELL]
    if torn and len(drawn) > len(TORN):
        drawn = drawn[0] + TORN + drawn[1 + len(TORN) :]
    return drawn[:room].ljust(room)


def cells(words: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(word) in "WF" else 1 for word in words)


def padded(words: str, columns: int) -> str:
    """A text in so many columns, with an ellipsis where it is longer."""
    if cells(words) > columns:
        while cells(words) > columns - 1:
            words = words[:-1]
        words += "…"
    return words + " " * (columns - cells(words))
