"""A horizontal axis: where a number lies, and which round numbers are marked."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Final, NamedTuple

TICKS: Final = 6
SPAN_MIN: Final = Decimal(1)
"""A single step of a hundredth must not look like half of everything."""
ROUND_STEPS: Final = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


class Axis(NamedTuple):
    """The stretch of numbers between two ends of a plot.

    Attributes:
        low: the number at the left end.
        high: the number at the right end.
        left: where the left end is drawn.
        width: how long the plot is.
        step: from mark to mark.
    """

    low: Decimal
    high: Decimal
    left: int
    width: int
    step: Decimal

    def x(self, number: Decimal) -> Decimal:
        """Where a number lies."""
        return self.left + (number - self.low) * self.width / (self.high - self.low)

    @property
    def marks(self) -> list[Decimal]:
        """The round numbers on it."""
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * index for index in range(count + 1)]


def axis(numbers: Sequence[Decimal], left: int, width: int) -> Axis:
    """An axis with room for all numbers, beginning and ending at round ones.

    It begins at 0 where that costs little; else a little below the smallest, so that small steps
    next to large totals can be seen.
    """
    least, most = min(numbers), max(numbers)
    least = min(least, most - SPAN_MIN)
    if 0 <= least < most / 3:
        least = Decimal(0)
    step = _step(most - least)
    low = (least / step).to_integral_value(ROUND_FLOOR) * step
    if low == least != 0:
        low -= step
    high = (most / step).to_integral_value(ROUND_FLOOR) * step
    if high < most or high <= low:
        high += step
    return Axis(low, high, left, width, step)


def _step(span: Decimal) -> Decimal:
    """The smallest of 1, 2, 5 times a power of ten that makes few marks."""
    power = Decimal(1).scaleb(span.adjusted() - 1)
    steps = (step * power * scale for scale in (1, 10) for step in ROUND_STEPS)
    return next(step for step in steps if span / step <= TICKS)
