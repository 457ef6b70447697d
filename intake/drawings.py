"""What is drawn over the cells of a workbook: text boxes, shapes, pictures and charts.

It is above the cells and may hide what is in them, or say something else in their place, so the
cells below it are asked about. Lines and what is not filled and says nothing hide nothing.
`drawn` reads today's format; `old_drawings.py` and `open_drawings.py` read the others.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from posixpath import normpath
from typing import Final
from xml.etree import ElementTree as ET

from intake.grid import COVERED, MergedCells, Sheet
from intake.workbook_styles import child, is_true, local, named

EMU_OF_A_COLUMN: Final = 609_600
EMU_OF_A_ROW: Final = 190_500
"""Of the usual size, where a drawing says how large it is and not in which cell it ends."""


def drawings_of(sheet: str, relations: ET.Element) -> Iterator[str]:
    """The parts with the drawings of a sheet (ECMA-376, part 1, 12.3.8)."""
    folder = sheet.rpartition("/")[0]
    for relation in relations:
        if relation.get("Type", "").endswith("/drawing"):
            target = relation.get("Target", "")
            yield target.lstrip("/") if target.startswith("/") else normpath(f"{folder}/{target}")


def drawn(root: ET.Element) -> Iterator[MergedCells]:
    """The cells below each thing that is drawn (ECMA-376, part 1, 20.5)."""
    for anchor in root:
        if any(map(_hides, anchor.iter())) and (cells := _below(anchor)):
            yield cells


def _hides(drawing: ET.Element) -> bool:
    kind = local(drawing.tag)
    if kind != "sp":
        return kind in {"pic", "graphicFrame"}
    if any(is_true(own.get("hidden")) for own in named(drawing, "cNvPr")):
        return False
    if any((text.text or "").strip() for text in named(drawing, "t")):
        return True
    properties = child(drawing, "spPr")
    return properties is None or child(properties, "noFill") is None


def _below(anchor: ET.Element) -> MergedCells | None:
    start, end, size = (child(anchor, name) for name in ("from", "to", "ext"))
    top, left = _corner(start)
    if end is not None:
        (bottom, right), (down, across) = (
            _corner(end),
            (_number(end, n) for n in ("rowOff", "colOff")),
        )
        return MergedCells(
            top, left, max(bottom - (not down), top), max(right - (not across), left)
        )
    if size is None:
        return None
    rows, columns = (
        int(size.get("cy", "0")) // EMU_OF_A_ROW,
        int(size.get("cx", "0")) // EMU_OF_A_COLUMN,
    )
    if start is None and (place := child(anchor, "pos")) is not None:
        top, left = (
            int(place.get("y", "0")) // EMU_OF_A_ROW,
            int(place.get("x", "0")) // EMU_OF_A_COLUMN,
        )
    return MergedCells(top, left, top + rows, left + columns)


def _corner(place: ET.Element | None) -> tuple[int, int]:
    return (0, 0) if place is None else (_number(place, "row"), _number(place, "col"))


def _number(place: ET.Element, name: str) -> int:
    found = child(place, name)
    return 0 if found is None else int(found.text or "0")


def doubted_below(sheet: Sheet, drawings: Sequence[MergedCells]) -> Sheet:
    """The sheet with a doubt at each cell that holds something and has something drawn over it.

    Args:
        sheet: as it was read.
        drawings: the cells below each thing that is drawn over it.
    """
    height, width = len(sheet.rows), max(map(len, sheet.rows), default=0)
    merged = [area for area in sheet.merged if area.top < height and area.left < width]
    below = covered(drawings, merged, height, width)
    if not below:
        return sheet
    rows = [
        [
            cell._replace(doubt=cell.doubt or COVERED)
            if (row, column) in below and cell.value != ""
            else cell
            for column, cell in enumerate(cells)
        ]
        for row, cells in enumerate(sheet.rows)
    ]
    return sheet._replace(rows=rows)


def covered(
    drawings: Sequence[MergedCells], merged: Sequence[MergedCells], height: int, width: int
) -> frozenset[tuple[int, int]]:
    """The cells of a sheet that something is drawn over; of merged ones, the one with the value."""
    if not drawings:
        return frozenset()
    steps = [[0] * (width + 1) for _ in range(height + 1)]
    for box in drawings:
        top, left = (min(max(end, 0), most) for end, most in ((box.top, height), (box.left, width)))
        bottom, right = min(max(box.bottom + 1, top), height), min(max(box.right + 1, left), width)
        for row, column, step in (
            (top, left, 1),
            (top, right, -1),
            (bottom, left, -1),
            (bottom, right, 1),
        ):
            steps[row][column] += step
    counts = list(_summed(steps))
    below = {(row, column) for row, line in enumerate(counts) for column, n in enumerate(line) if n}
    flags = ([int(n > 0) for n in line] for line in counts)
    sums = [[0] * (width + 2), *([0, *line] for line in _summed(flags))]

    def is_below(area: MergedCells) -> bool:
        bottom, right = min(area.bottom + 1, height), min(area.right + 1, width)
        inside = sums[bottom][right] - sums[area.top][right]
        return inside != sums[bottom][area.left] - sums[area.top][area.left]

    return frozenset(below | {(area.top, area.left) for area in merged if is_below(area)})


def _summed(lines: Iterable[Sequence[int]]) -> Iterator[list[int]]:
    """For each place of a grid, the sum of all that is not below it or to its right."""
    above: Iterable[int] = repeat(0)
    for line in lines:
        sums = [more + so_far for more, so_far in zip(accumulate(line), above, strict=False)]
        yield sums
        above = sums
