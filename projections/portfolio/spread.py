"""How numbers lie: their mean, their quartiles, the least and the most. They describe scores.

Quartiles are those of the whole group (type 7, Excel's QUARTILE.INC): between two numbers the
place is interpolated. All is exact until it is rounded half-up, once.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Final

from msgspec import Struct

from ledger.rules.rule import half_up
from ledger.rules.score_range import decimal_of

SCALE: Final = 2
"""Decimals of a mean and of a quartile."""


class Spread(Struct, frozen=True):
    """How many numbers lie; every other field is `None` where there are none."""

    count: int
    mean: Decimal | None
    lowest: Decimal | None
    lower: Decimal | None
    median: Decimal | None
    upper: Decimal | None
    highest: Decimal | None


def spread_of(numbers: Sequence[Decimal]) -> Spread:
    """How numbers lie."""
    ordered = sorted(numbers)
    return _spread(len(ordered), sum(ordered, Decimal(0)), ordered.__getitem__)


def counted_spread(numbers: Mapping[Decimal, int]) -> Spread:
    """How numbers lie of which there are so many each."""
    ordered = sorted(number for number, count in numbers.items() if count)
    ends = list(accumulate(numbers[number] for number in ordered))
    total = sum((number * numbers[number] for number in ordered), Decimal(0))
    return _spread(ends[-1] if ends else 0, total, lambda place: ordered[bisect_right(ends, place)])


def _spread(count: int, total: Decimal, at: Callable[[int], Decimal]) -> Spread:
    if not count:
        return Spread(0, *[None] * 6)
    lower, median, upper = (_quartile(count, part, at) for part in (1, 2, 3))
    return Spread(count, mean_of(total, count), at(0), lower, median, upper, at(count - 1))


def mean_of(total: Decimal, count: int) -> Decimal | None:
    """The mean of so many numbers, from their sum; `None` without any."""
    return _rounded(Fraction(total) / count) if count else None


def _quartile(count: int, part: int, at: Callable[[int], Decimal]) -> Decimal:
    """The number at so many quarters of the way from the first to the last of so many."""
    place, rest = divmod((count - 1) * part, 4)
    below, above = at(place), at(place + 1) if rest else at(place)
    if below == above:
        return half_up(below, SCALE)
    return _rounded(Fraction(below) + Fraction(rest, 4) * (Fraction(above) - Fraction(below)))


def _rounded(exact: Fraction) -> Decimal:
    return half_up(decimal_of(exact), SCALE)
