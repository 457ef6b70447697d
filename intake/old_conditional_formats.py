"""The conditional formats of workbooks of the old format ([MS-XLS] 2.4.56 and 2.4.42)."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from struct import Struct
from typing import Final, NamedTuple

from intake.conditional_formats import ConditionalFormat
from intake.grid import MergedCells
from intake.letters import Letters

CONDITIONS: Final = 0x1B0
"""The record that states where conditions apply."""
CONDITION: Final = 0x1B1
"""The record of one of them; follows the other."""
_OPERATORS: Final = (
    "",
    "between",
    "notBetween",
    "equal",
    "notEqual",
    "greaterThan",
    "lessThan",
    "greaterThanOrEqual",
    "lessThanOrEqual",
)
_CELL_IS: Final = 1
_NUMBER, _FONT, _ALIGNED, _BORDER, _PATTERN = (1 << bit for bit in range(25, 30))
"""Which parts of a format a condition has ([MS-XLS] 2.5.92)."""
_STRUCK: Final = 1 << 7
_FONT_SIZE, _OF_TEXT, _OF_COLOUR, _NOT_SAID = 118, 68, 80, 88
_COUNT, _AREA = Struct("<H"), Struct("<HHHH")
_HEAD: Final = Struct("<BBHHIH")
_WORD, _COLOUR = Struct("<I"), Struct("<i")
_INTEGER, _DOUBLE = Struct("<BH"), Struct("<Bd")

Colour = Callable[[int], str | None]
"""The colour of a number in the palette of the workbook."""


class OldCondition(NamedTuple):
    """A condition as its record has it; colours by their numbers in the palette.

    Attributes:
        bare: whether it also changes how numbers are written.
    """

    areas: tuple[MergedCells, ...]
    operator: str
    bounds: tuple[Decimal, ...]
    struck: bool
    colour: int | None
    background: int | None
    bare: bool

    def format(self, colour: Colour) -> ConditionalFormat:
        """The same with colours."""
        letters = Letters(self.struck, None if self.colour is None else colour(self.colour))
        background = None if self.background is None else colour(self.background)
        return ConditionalFormat(
            self.areas, self.operator, self.bounds, letters, background, bare=self.bare
        )


def areas_of(record: bytes) -> tuple[MergedCells, ...]:
    """Where conditions apply."""
    (count,) = _COUNT.unpack_from(record, 12)
    parts = (_AREA.unpack_from(record, 14 + 8 * number) for number in range(count))
    return tuple(MergedCells(top, left, bottom, right) for top, bottom, left, right in parts)


def condition_of(record: bytes, areas: tuple[MergedCells, ...]) -> OldCondition:
    """A condition that applies to some areas."""
    kind, operator, first, second, flags, more = _HEAD.unpack_from(record)
    place = _HEAD.size
    struck, colour, background = False, None, None
    if flags & _NUMBER:
        place += _COUNT.unpack_from(record, place)[0] if more & 1 else 2
    if flags & _FONT:
        (text,) = _WORD.unpack_from(record, place + _OF_TEXT)
        (unsaid,) = _WORD.unpack_from(record, place + _NOT_SAID)
        struck = bool(text & _STRUCK) and not unsaid & _STRUCK
        (number,) = _COLOUR.unpack_from(record, place + _OF_COLOUR)
        colour = number if number >= 0 else None
        place += _FONT_SIZE
    place += 8 * bool(flags & _ALIGNED) + 8 * bool(flags & _BORDER)
    if flags & _PATTERN:
        (pattern,) = _COUNT.unpack_from(record, place + 2)
        background = pattern >> 7 & 0x7F
    formulas = record[len(record) - first - second :]
    bounds = list(_numbers((formulas[:first], formulas[first:])))
    known = kind == _CELL_IS and None not in bounds and bool(bounds)
    return OldCondition(
        areas,
        _OPERATORS[operator] if known and operator < len(_OPERATORS) else "",
        tuple(bound for bound in bounds if bound is not None),
        struck,
        colour,
        background,
        bool(flags & _NUMBER),
    )


def _numbers(formulas: tuple[bytes, bytes]) -> Iterator[Decimal | None]:
    """The number that each formula is; `None` of another one."""
    for formula in filter(None, formulas):
        if formula[0] == 0x1E and len(formula) == _INTEGER.size:  # noqa: PLR2004 - PtgInt
            yield Decimal(_INTEGER.unpack(formula)[1])
        elif formula[0] == 0x1F and len(formula) == _DOUBLE.size:  # noqa: PLR2004 - PtgNum
            yield Decimal(str(_DOUBLE.unpack(formula)[1]))
        else:
            yield None
