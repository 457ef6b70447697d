"""What is drawn over the cells of an OpenDocument spreadsheet (OpenDocument 1.3, part 3, 10)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate, chain, repeat
from typing import Final
from xml.etree import ElementTree as ET

from intake.grid import MergedCells
from intake.open_styles import OpenStyles, points, q
from intake.workbook_styles import index_of

_DRAW: Final = q("draw:")
_GROUP: Final = q("draw:g")
_LINES: Final = frozenset(map(q, ("draw:line", "draw:connector", "draw:measure", "draw:polyline")))
_PICTURES: Final = tuple(map(q, ("draw:image", "draw:object", "draw:object-ole", "draw:plugin")))
_COLUMN, _ROW = Decimal(64), Decimal("12.8")
"""Of the usual size in points, where the style of a column or of a row says nothing."""
_EXTENT: Final = 20_000
"""Of so many rows and columns it is known where each begins."""
_Edges = Sequence[Decimal]
"""Where each row or column begins, in points from the first, and where the last ends."""


def drawn(
    table: ET.Element, rows: Sequence[ET.Element], columns: Sequence[ET.Element], styles: OpenStyles
) -> Iterator[MergedCells]:
    """The cells below each thing that is drawn.

    Args:
        table: the sheet.
        rows: each of its rows once, however often it is repeated.
        columns: the same of its columns.
        styles: of the spreadsheet.

    Raises:
        ValueError: it ends in a cell that there is none of.
    """
    if not any(element.tag.startswith(_DRAW) for element in table.iter()):
        return
    down = _edges(rows, "rows", styles, _ROW)
    across = _edges(columns, "columns", styles, _COLUMN)
    for shapes in table.findall(q("table:shapes")):
        for shape in shapes:
            yield from _below(shape, (0, 0), (down, across), styles)
    number = 0
    for row in rows:
        column = 0
        for cell in row:
            for shape in cell:
                yield from _below(shape, (number, column), (down, across), styles)
            column += int(cell.get(q("table:number-columns-repeated"), "1"))
        number += int(row.get(q("table:number-rows-repeated"), "1"))


def _edges(lines: Sequence[ET.Element], what: str, styles: OpenStyles, usual: Decimal) -> _Edges:
    sizes = (
        repeat(
            styles.size(line) or usual,
            min(int(line.get(q(f"table:number-{what}-repeated"), "1")), _EXTENT),
        )
        for line in lines
    )
    return list(accumulate(chain.from_iterable(sizes), initial=Decimal(0)))


def _below(
    shape: ET.Element, cell: tuple[int, int], edges: tuple[_Edges, _Edges], styles: OpenStyles
) -> Iterator[MergedCells]:
    """The cells below what is drawn from a cell on, or on the page from its first cell on."""
    if not shape.tag.startswith(_DRAW) or not _hides(shape, styles):
        return
    top, left = cell
    if end := shape.get(q("table:end-cell-address"), "").rpartition(".")[2].replace("$", ""):
        bottom, right = index_of(end)
        down, across = (points(shape.get(q(f"table:end-{side}"), "")) for side in "yx")
        yield MergedCells(top, left, max(bottom - (not down), top), max(right - (not across), left))
    elif shape.tag == _GROUP:
        for part in shape:
            yield from _below(part, cell, edges, styles)
    else:
        (top, bottom), (left, right) = (
            _crossed(shape, at, *names, known)
            for at, names, known in zip(cell, (("y", "height"), ("x", "width")), edges, strict=True)
        )
        yield MergedCells(top, left, bottom, right)


def _crossed(shape: ET.Element, cell: int, place: str, size: str, edges: _Edges) -> tuple[int, int]:
    """The first and the last row or column that something is over."""
    start = edges[min(cell, len(edges) - 1)] + (points(shape.get(q(f"svg:{place}"), "")) or 0)
    end = start + (points(shape.get(q(f"svg:{size}"), "")) or 0)
    first = bisect_right(edges, start) - 1
    return first, max(bisect_left(edges, end) - 1, first)


def _hides(shape: ET.Element, styles: OpenStyles) -> bool:
    if shape.tag == _GROUP:
        return any(_hides(part, styles) for part in shape if part.tag.startswith(_DRAW))
    if any("".join(words.itertext()).strip() for words in shape.iter(q("text:p"))):
        return True
    if any(part.tag in _PICTURES for part in shape):
        return True
    return shape.tag not in _LINES and styles.is_filled(shape)
