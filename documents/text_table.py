"""A table as lines of text: in columns where there is room, else in blocks, one per record.

However narrow the screen is, every column is shown, and no number or word is cut in two.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from documents.line_breaking import cell_len, folded, measured_lines, widest_piece

GAP: Final = "   "
"""Between two columns."""

SMALL_GAP: Final = "  "
"""Between two columns where they are many."""

HEADING_MIN: Final = 6
"""The least width of a heading: three Chinese characters per line."""

TEXT_MIN: Final = 12
"""The least width of a text."""

LONG_TEXT_MIN: Final = 40
"""The least width of a text that would otherwise take more than `LINES`."""

LINES: Final = 6


class TableColumn(NamedTuple):
    """A heading; numbers are aligned to the right and are never folded."""

    heading: str
    number: bool = False


class TextTable(NamedTuple):
    """A table, without a line break at the end of any part.

    Attributes:
        headings: the lines above the rule between headings and rows; none above blocks.
        body: the rule and each row, of as many lines as it takes; or blocks, with an empty line
            between two.
    """

    headings: list[str]
    body: Iterator[str]


def text_table(
    columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], room: int, colon: str
) -> TextTable:
    """Lay out a table.

    Args:
        columns: from left to right.
        rows: texts without tabs, as many as there are columns; their own line breaks stay.
        room: columns of the screen. A word that is wider stays whole all the same.
        colon: between a label and its value in a block.
    """
    layout = _layout(columns, rows, room - _frame(columns, SMALL_GAP))
    if layout is None:
        labels = [f"{column.heading}{colon}" for column in columns]
        return TextTable([], _blocks(labels, rows, room))
    widths, cells = layout
    gap = GAP if sum(widths) + _frame(columns, GAP) <= room else SMALL_GAP
    headings = [
        folded(column.heading, width) for column, width in zip(columns, widths, strict=True)
    ]
    height = max(map(len, headings))
    raised = ([""] * (height - len(lines)) + lines for lines in headings)
    return TextTable(
        [
            f" {gap.join(map(_padded, columns, line, widths))} "
            for line in zip(*raised, strict=True)
        ],
        _body(rows, cells, widths, gap),
    )


def _frame(columns: Sequence[TableColumn], gap: str) -> int:
    """Width of what is not a cell: the gaps, and a space at either end."""
    return len(gap) * (len(columns) - 1) + 2


_Cells = dict[str, list[str]]
"""The lines of each text of a column, as wide as the column: texts come again and again."""


class _Layout(NamedTuple):
    widths: list[int]
    cells: list[_Cells]


def _layout(
    columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], room: int
) -> _Layout | None:
    """How wide each column is; `None` where they do not fit next to each other.

    Where not every text fits in one line, the widest columns are narrowed to the same width.
    """
    texts = [{row[at] for row in rows} for at in range(len(columns))]
    sizes = [*map(_widest, texts)]
    headings = [cell_len(column.heading) for column in columns]
    widest = [*map(max, headings, sizes)]
    if sum(widest) <= room:
        laid_out = map(_lines, columns, texts, widest)
        return _Layout(widest, [cells for cells, _ in laid_out])
    # No column gets narrower than this, regardless of what its texts are made of.
    least = [
        max(
            size if column.number else min(size, _enough(size)),
            min(heading, HEADING_MIN),
            widest_piece(column.heading),
        )
        for column, size, heading in zip(columns, sizes, headings, strict=True)
    ]
    # A part of a text that is wider than its column turns out as a line that is too long: then the
    # column is to be as wide as that, and what becomes narrower is laid out again.
    order = sorted(range(len(columns)), key=lambda at: len(texts[at]))
    layout = _Layout([0] * len(columns), [{} for _ in columns])
    while sum(least) <= room:
        widths = _narrowed(least, widest, room)
        for at in order:
            if layout.widths[at] == widths[at]:
                continue
            cells, wide = _lines(columns[at], texts[at], widths[at])
            if wide:
                least[at] = wide
                break
            layout.widths[at], layout.cells[at] = widths[at], cells
        else:
            return layout
    return None


def _narrowed(least: Sequence[int], widest: Sequence[int], room: int) -> list[int]:
    """The widths of columns for which there is room as narrow as they can be."""
    pairs, limit = [*zip(least, widest, strict=True)], room
    while sum(widths := [max(low, min(limit, high)) for low, high in pairs]) > room:
        limit -= 1
    return widths


def _lines(column: TableColumn, texts: Iterable[str], width: int) -> tuple[_Cells, int]:
    """The texts of a column in lines that are as wide as it.

    Returns:
        with the lines, how wide the first is that is wider, and then ends them; 0 where none is.
    """
    cells: _Cells = {}
    if column.number:
        return {text: [" " * (width - cell_len(text)) + text] for text in texts}, 0
    # Where a part of a text is too wide it is mostly a long Latin word: that is tried first.
    if long := re.search(f"[!-~]{{{width + 1},}}", "\n".join(texts)):
        texts = sorted(texts, key=lambda text: long[0] not in text)
    for text in texts:
        if text.isascii() and len(text) <= width and "\n" not in text:
            cells[text] = [text.ljust(width)]
            continue
        lines = cells[text] = []
        for line, taken in measured_lines(text, width):
            if taken > width:
                return cells, taken
            lines.append(line + " " * (width - taken))
    return cells, 0


def _widest(texts: Iterable[str]) -> int:
    """Columns of the widest of some texts; the longest are measured, for no sign takes over two."""
    widest = 0
    for text in sorted(texts, key=len, reverse=True):
        if 2 * len(text) <= widest:
            break
        widest = max(widest, _width(text))
    return widest


def _width(text: str) -> int:
    return max(map(cell_len, text.split("\n")))


def _enough(width: int) -> int:
    """A width at which a text of that width is easy to read."""
    return max(TEXT_MIN, min(width // LINES, LONG_TEXT_MIN))


def _body(
    rows: Sequence[Sequence[str]], cells: Sequence[_Cells], widths: Sequence[int], gap: str
) -> Iterator[str]:
    yield f" {'─' * (sum(widths) + len(gap) * (len(widths) - 1))} "
    columns = [[known[row[at]] for row in rows] for at, known in enumerate(cells)]
    first = map(gap.join, zip(*([lines[0] for lines in column] for column in columns), strict=True))
    tall = [at for at, known in enumerate(cells) if any(len(lines) > 1 for lines in known.values())]
    if not tall:
        yield from map(" {} ".format, first)
        return
    # Only these columns have anything in the further lines of a row.
    blanks = [" " * widths[at] for at in tall]
    below = " \n " + gap.join(
        "%s" if at in tall else " " * width for at, width in enumerate(widths)
    )
    for line, *parts in zip(first, *(columns[at] for at in tall), strict=True):
        height, rest = max(map(len, parts)), ""
        if height > 1:
            filled = [
                [*lines[1:], *[blank] * (height - len(lines))]
                for lines, blank in zip(parts, blanks, strict=True)
            ]
            rest = "".join(map(below.__mod__, zip(*filled, strict=True)))
        yield f" {line}{rest} "


def _padded(column: TableColumn, cell: str, width: int) -> str:
    space = " " * (width - cell_len(cell))
    return space + cell if column.number else cell + space


def _blocks(labels: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> Iterator[str]:
    """Each record in lines of its own, a label and a value per line; of none, the labels."""
    indent = max(map(cell_len, labels))
    aligned = indent <= room // 3
    if not aligned:
        indent = len("  ")
    starts = [label + " " * (indent - cell_len(label)) if aligned else label for label in labels]
    known: list[dict[str, str]] = [{} for _ in labels]  # as of a table
    below = f"\n{'':>{indent}}"
    for number, row in enumerate(rows or [[""] * len(labels)]):
        if number:
            yield ""
        for start, laid_out, cell in zip(starts, known, row, strict=True):
            if cell not in laid_out:
                first, *others = folded(cell if aligned else f"{start}{cell}", room - indent)
                begin = (start + first if aligned else first).rstrip()
                laid_out[cell] = below.join([begin, *others])
        yield "\n".join(map(dict.__getitem__, known, row))
