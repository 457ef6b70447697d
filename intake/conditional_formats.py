"""Formats that a workbook gives to cells of certain values, where these may hide them.

Only comparisons with numbers are worked out; what a formula or another rule asks is taken to hold,
so that a person is asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Final, NamedTuple

from intake.grid import CELLS_MAX, UNSEEN, MergedCells, Room
from intake.letters import Letters
from intake.number_formats import hides_text, shown_by
from ledger.language import Text

Number = int | float | Decimal
_NUMBERS: Final[Mapping[str, Callable[[Decimal, Sequence[Decimal]], bool]]] = {
    "lessThan": lambda value, bounds: value < bounds[0],
    "lessThanOrEqual": lambda value, bounds: value <= bounds[0],
    "equal": lambda value, bounds: value == bounds[0],
    "notEqual": lambda value, bounds: value != bounds[0],
    "greaterThan": lambda value, bounds: value > bounds[0],
    "greaterThanOrEqual": lambda value, bounds: value >= bounds[0],
    "between": lambda value, bounds: min(bounds) <= value <= max(bounds),
    "notBetween": lambda value, bounds: not min(bounds) <= value <= max(bounds),
}
"""The comparisons by their names in workbooks (ECMA-376, part 1, 18.18.15)."""
_OF_TEXT: Final = frozenset({"notEqual", "greaterThan", "greaterThanOrEqual", "notBetween"})
"""Which comparisons with a number hold for any text, which is greater than every number."""


class ConditionalFormat(NamedTuple):
    """How cells look that meet a condition.

    Attributes:
        areas: where these cells are.
        operator: how they are compared; empty where nobody can tell whether one meets it.
        bounds: the numbers that they are compared with.
        letters: how their letters look.
        background: the colour behind them; `None` where it is that of the cell.
        code: their number format.
        bare: whether a picture is shown in the place of the value.
    """

    areas: Sequence[MergedCells]
    operator: str
    bounds: Sequence[Decimal]
    letters: Letters
    background: str | None = None
    code: str | None = None
    bare: bool = False

    @property
    def may_hide(self) -> bool:
        """Whether it may strike out or hide a cell at all."""
        return self.bare or self.code is not None or self.letters != Letters()

    def doubt(self, value: object, background: str | None) -> Text | None:
        """Why people may not see a cell of its areas, if it meets the condition."""
        number = isinstance(value, Number) and not isinstance(value, bool)
        if self.operator in _NUMBERS and self.bounds:
            holds = (
                _NUMBERS[self.operator](Decimal(str(value)), self.bounds)
                if number
                else self.operator in _OF_TEXT
            )
            if not holds:
                return None
        veiled = (
            shown_by(self.code, Decimal(str(value))).veiled if number else hides_text(self.code)
        )
        if self.bare or veiled:
            return UNSEEN
        return self.letters.doubt(self.background or background)


ByCell = Mapping[tuple[int, int], Sequence[ConditionalFormat]]
PAIRS_MAX: Final = 4 * CELLS_MAX
"""How many cells the formats of a sheet may have, each cell once for each of its formats."""


def by_cell(
    room: Room, sheet: str, formats: Iterable[ConditionalFormat], height: int, width: int
) -> ByCell:
    """The formats that may hide something, by the cells of a sheet.

    Args:
        room: refuses what is too much.
        sheet: its name.
        formats: all of them.
        height: how many rows the sheet has.
        width: how many columns.

    Raises:
        Invalid: they are too many to be looked at.
    """
    found: dict[tuple[int, int], list[ConditionalFormat]] = {}
    pairs = 0
    for format_ in formats:
        for area in format_.areas if format_.may_hide else ():
            rows = range(area.top, min(area.bottom + 1, height))
            columns = range(area.left, min(area.right + 1, width))
            pairs += len(rows) * len(columns)
            if pairs > PAIRS_MAX:
                raise room.too_many_formats(sheet)
            for at in product(rows, columns):
                found.setdefault(at, []).append(format_)
    return found
