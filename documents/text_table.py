"""A table as lines of text: in columns where there is room, else in blocks, one per record.

However narrow the screen is, every column is shown, and no number or word is cut in two.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from documents.line_breaking import cell_len, folded, widest_piece

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
    """The lines of a table, without a line break at their ends.

    Attributes:
        headings: those above the rule between headings and rows; none above blocks.
        body: the rule and the rows, or the blocks.
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
    widths = _widths(columns, rows, room - _frame(columns, SMALL_GAP))
    if not widths:
        return TextTable(
            [], _blocks([f"{column.heading}{colon}" for column in columns], rows, room)
        )
    gap = GAP if sum(widths) + _frame(columns, GAP) <= room else SMALL_GAP
    headings = [
        folded(column.heading, width) for column, width in zip(columns, widths, strict=True)
    ]
    height = max(map(len, headings))
    raised = ([""] * (height - len(lines)) + lines for lines in headings)
    return TextTable(
        [_line(columns, line, widths, gap) for line in zip(*raised, strict=True)],
        _body(columns, rows, widths, gap),
    )


def _frame(columns: Sequence[TableColumn], gap: str) -> int:
    """Width of what is not a cell: the gaps, and a space at either end."""
    return len(gap) * (len(columns) - 1) + 2


def _widths(
    columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], room: int
) -> list[int] | None:
    """How wide each column is; `None` where they do not fit next to each other.

    Where not every text fits in one line, the widest columns are narrowed to the same width.
    """
    texts = [{row[at] for row in rows} for at in range(len(columns))]
    sizes = [*map(_widest, texts)]
    headings = [cell_len(column.heading) for column in columns]
    widest = [*map(max, headings, sizes)]
    if sum(widest) <= room:
        return widest
    # No column gets narrower than this, regardless of its texts. What they are made of is
    # looked at last in the columns that take longest to look through.
    least = [
        size if column.number else min(size, _enough(size))
        for column, size in zip(columns, sizes, strict=True)
    ]
    for at in sorted(range(len(columns)), key=lambda at: len(texts[at])):
        if not columns[at].number:
            least[at] = max(map(_least, texts[at]), default=0)
        heading = columns[at].heading
        least[at] = max(least[at], min(headings[at], HEADING_MIN), widest_piece(heading))
        if sum(least) > room:
            return None
    pairs, limit = [*zip(least, widest, strict=True)], room
    while sum(widths := [max(low, min(limit, high)) for low, high in pairs]) > room:
        limit -= 1
    return widths


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


def _least(text: str) -> int:
    """The width below which a text would be cut, or take so many lines that it is hard to read."""
    width = _width(text)
    enough = _enough(width)
    return width if width <= enough else max(enough, widest_piece(text))


def _enough(width: int) -> int:
    """A width at which a text of that width is easy to read."""
    return max(TEXT_MIN, min(width // LINES, LONG_TEXT_MIN))


def _body(
    columns: Sequence[TableColumn], rows: Sequence[Sequence[str]], widths: Sequence[int], gap: str
) -> Iterator[str]:
    yield f" {'─' * (sum(widths) + _frame(columns, gap) - 2)} "
    blanks = [" " * width for width in widths]
    # Days, accounts and titles come again and again: each is laid out once.
    known: list[dict[str, list[str]]] = [{} for _ in columns]
    for row in rows:
        for column, width, laid_out, cell in zip(columns, widths, known, row, strict=True):
            if cell not in laid_out:
                laid_out[cell] = [_padded(column, line, width) for line in folded(cell, width)]
        cells = [laid_out[cell] for laid_out, cell in zip(known, row, strict=True)]
        for at in range(max(map(len, cells))):
            line = [
                lines[at] if at < len(lines) else blank
                for lines, blank in zip(cells, blanks, strict=True)
            ]
            yield f" {gap.join(line)} "


def _line(
    columns: Sequence[TableColumn], cells: Sequence[str], widths: Sequence[int], gap: str
) -> str:
    return f" {gap.join(map(_padded, columns, cells, widths))} "


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
    known: list[dict[str, list[str]]] = [{} for _ in labels]  # as of a table
    for number, row in enumerate(rows or [[""] * len(labels)]):
        if number:
            yield ""
        for start, laid_out, cell in zip(starts, known, row, strict=True):
            if cell not in laid_out:
                first, *others = folded(cell if aligned else f"{start}{cell}", room - indent)
                begin = (start + first if aligned else first).rstrip()
                laid_out[cell] = [begin, *(" " * indent + line for line in others)]
            yield from laid_out[cell]
