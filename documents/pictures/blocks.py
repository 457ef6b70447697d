"""The bridge as blocks for a terminal: the same rows as the waterfall, one line each."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from documents.line_breaking import cell_len, folded
from documents.pictures.axis import Axis, axis
from documents.pictures.waterfall import WaterfallBar, running_totals

EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
CELL: Final = 8
TORN: Final = "╱╱"
"""In a total that is not drawn from 0: the axis leaves numbers out."""
LABELS: Final = 30
"""Columns for names at most: a third of a narrow screen, but never fewer than `LABELS_MIN`."""
LABELS_MIN: Final = 6
BARS_MIN: Final = 4


class TextLine(NamedTuple):
    """A line of the chart: of a name that takes several, the last one has the bar and the value.

    Attributes:
        kind: for those who can show colours.
    """

    label: str
    bar: str
    value: str
    kind: str


def blocks(rows: Sequence[WaterfallBar], width: int) -> Iterator[TextLine]:
    """The rows as lines that fill a width of terminal columns."""
    most = min(LABELS, max(width // 3, LABELS_MIN))
    names = [folded(row.name, most) for row in rows]
    labels = max(cell_len(line) for lines in names for line in lines)
    values = max(len(row.value) for row in rows)
    room = max(width - labels - values - 4, BARS_MIN)
    scale = axis(running_totals(rows), 0, room * CELL)
    for row, lines in zip(rows, names, strict=True):
        *above, last = (line + " " * (labels - cell_len(line)) for line in lines)
        yield from (TextLine(line, "", "", row.kind) for line in above)
        yield TextLine(last, _bar(scale, row), row.value.rjust(values), row.kind)


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
