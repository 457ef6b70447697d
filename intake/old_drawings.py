"""What is drawn over the cells of a workbook of the old format.

The records are those of [MS-XLS] 2.4.170, 2.4.181 and 2.4.329; what is in the first is described in
[MS-ODRAW] 2.2.
"""

from collections.abc import Iterable, Iterator
from struct import Struct
from typing import Final, NamedTuple

from intake.grid import MergedCells

DRAWING: Final = 0xEC
"""The record with shapes and where they are, or a part of it."""
OBJECT: Final = 0x5D
"""The record that states what a shape is; follows the other."""
TEXT: Final = 0x1B6
"""The record that marks a shape as having a text; follows both."""

_ATOM, _ANCHOR = Struct("<HHI"), Struct("<2x8H")
_WORD, _PROPERTY = Struct("<H"), Struct("<HI")
_CONTAINER: Final = 0xF
"""The version of an atom that others are in ([MS-ODRAW] 2.2.1)."""
_SHAPE, _PROPERTIES, _PLACE = 0xF00A, 0xF00B, 0xF010
_LINES: Final = frozenset({20, *range(32, 41)})
"""Lines and connectors ([MS-ODRAW] 2.4.24)."""
_FILL, _SHOWN = 0x1BF, 0x3BF
_FILLED, _SAYS_FILLED = 1 << 4, 1 << 20
_HIDDEN, _SAYS_HIDDEN = 1 << 1, 1 << 17
_CHART, _PICTURE, _FILTER, _NOTE = 0x05, 0x08, 0x14, 0x19
"""Of the kinds of objects ([MS-XLS] 2.5.143) those that always hide something, or never."""


class _Shape(NamedTuple):
    """What the records say about one shape.

    Attributes:
        cells: which it is over.
        line: whether it is only a line.
        filled: whether one cannot see through it.
        hidden: whether it is not displayed itself.
        kind: of the object.
        text: whether it has one.
    """

    cells: MergedCells
    line: bool
    filled: bool
    hidden: bool
    kind: int = 0
    text: bool = False

    @property
    def hides(self) -> bool:
        if self.hidden or self.kind in {_FILTER, _NOTE}:
            return False
        return self.text or self.kind in {_CHART, _PICTURE} or (self.filled and not self.line)


def drawn(records: Iterable[tuple[int, bytes]]) -> Iterator[MergedCells]:
    """The cells below each thing that is drawn.

    Args:
        records: those of a sheet, without those of its charts, with their numbers.

    Raises:
        struct.error: a record is cut off.
    """
    shape: _Shape | None = None
    for number, record in records:
        if number == DRAWING:
            for new in _shapes(record):
                yield from _below(shape)
                shape = new
        elif shape is not None and number == OBJECT:
            shape = shape._replace(kind=_WORD.unpack_from(record, 4)[0])
        elif shape is not None and number == TEXT:
            shape = shape._replace(text=bool(_WORD.unpack_from(record, 10)[0]))
    yield from _below(shape)


def _below(shape: _Shape | None) -> Iterator[MergedCells]:
    if shape is not None and shape.hides:
        yield shape.cells


def _shapes(record: bytes) -> Iterator[_Shape]:
    """The shapes of a record that have a place of their own; those in a group have none."""
    line, filled, hidden = False, True, False
    at = 0
    while at + _ATOM.size <= len(record):
        head, kind, size = _ATOM.unpack_from(record, at)
        at += _ATOM.size
        if head & 0xF == _CONTAINER:
            continue  # into it: what is in it may go on in the next record
        if kind == _SHAPE:
            line, filled, hidden = head >> 4 in _LINES, True, False
        elif kind == _PROPERTIES:
            said = dict(_PROPERTY.iter_unpack(record[at : at + _PROPERTY.size * (head >> 4)]))
            fill, shown = said.get(_FILL, 0), said.get(_SHOWN, 0)
            filled = bool(fill & _FILLED) or not fill & _SAYS_FILLED
            hidden = bool(shown & _HIDDEN and shown & _SAYS_HIDDEN)
        elif kind == _PLACE:
            left, _, top, _, right, across, bottom, down = _ANCHOR.unpack_from(record, at)
            cells = MergedCells(
                top, left, max(bottom - (not down), top), max(right - (not across), left)
            )
            yield _Shape(cells, line, filled, hidden)
        at += size
