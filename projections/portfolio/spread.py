"""How numbers lie: their mean, their quartiles, the least and the most. They describe scores.

Quartiles are those of the whole group (type 7, Excel's QUARTILE.INC): between two numbers the
place is interpolated. All is exact until it is rounded half-up, once.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
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
    lower, median, upper = (_at(ordered, Fraction(part, 4)) for part in (1, 2, 3))
    ends = (ordered[0], ordered[-1]) if ordered else (None, None)
    return Spread(len(ordered), mean(numbers), ends[0], lower, median, upper, ends[1])


def mean(numbers: Sequence[Decimal]) -> Decimal | None:
    """The mean; `None` without any."""
    return mean_of(sum(numbers, Decimal(0)), len(numbers))


def mean_of(total: Decimal, count: int) -> Decimal | None:
    """The mean of so many numbers, from their sum; `None` without any."""
    return _rounded(Fraction(total) / count) if count else None


def _at(ordered: Sequence[Decimal], part: Fraction) -> Decimal | None:
    if not ordered:
        return None
    place = (len(ordered) - 1) * part
    below = ordered[int(place)]
    above = ordered[min(int(place) + 1, len(ordered) - 1)]
    return _rounded(Fraction(below) + (place - int(place)) * (Fraction(above) - Fraction(below)))


def _rounded(exact: Fraction) -> Decimal:
    return half_up(decimal_of(exact), SCALE)
