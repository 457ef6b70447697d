"""A table as lines of text: in columns where there is room, else in blocks, one per record.

However narrow the screen is, every column is shown, and no number or word is cut in two.
"""

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
        return _laid_out(columns, texts, widest)
    # No column gets narrower than this, regardless of what its texts are made of.
    least = [
        max(
            size if column.number else min(size, _enough(size)),
            min(heading, HEADING_MIN),
            widest_piece(column.heading),
        )
        for column, size, heading in zip(columns, sizes, headings, strict=True)
    ]
    # That is looked at before they are laid out; in the column that takes longest, only if a line
    # of it then turns out to be too long.
    folds = [at for at, column in enumerate(columns) if not column.number]
    *few, most = sorted(folds, key=lambda at: len(texts[at])) or [0]
    for looked_at in (few, [most]):
        for at in looked_at:
            least[at] = max(least[at], max(map(_least, texts[at]), default=0))
        if sum(least) > room:
            return None
        if layout := _laid_out(columns, texts, _narrowed(least, widest, room)):
            return layout
    return None


def _narrowed(least: Sequence[int], widest: Sequence[int], room: int) -> list[int]:
    """The widths of columns for which there is room as narrow as they can be."""
    pairs, limit = [*zip(least, widest, strict=True)], room
    while sum(widths := [max(low, min(limit, high)) for low, high in pairs]) > room:
        limit -= 1
    return widths


def _laid_out(
    columns: Sequence[TableColumn], texts: Sequence[Iterable[str]], widths: list[int]
) -> _Layout | None:
    """Texts in lines as wide as their columns; `None` where a part of one is wider."""
    layout = _Layout(widths, [{} for _ in columns])
    for column, some, width, cells in zip(columns, texts, *layout, strict=True):
        for text in some:
            lines = cells[text] = []
            for line, taken in measured_lines(text, width):
                if taken > width:
                    return None
                blank = " " * (width - taken)
                lines.append(blank + line if column.number else line + blank)
    return layout


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
    rows: Sequence[Sequence[str]], cells: Sequence[_Cells], widths: Sequence[int], gap: str
) -> Iterator[str]:
    yield f" {'─' * (sum(widths) + len(gap) * (len(widths) - 1))} "
    blanks = [" " * width for width in widths]
    for row in rows:
        lines = [known[text] for known, text in zip(cells, row, strict=True)]
        height = max(map(len, lines))
        filled = [
            some if len(some) == height else [*some, *[blank] * (height - len(some))]
            for some, blank in zip(lines, blanks, strict=True)
        ]
        for line in zip(*filled, strict=True):
            yield f" {gap.join(line)} "


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
