"""What acts on the sum of the rows (合计办法): rows left out, nested scales, a grade that fell.

Everything is exact until the rubric rounds; this file knows scores and weights, and no rubric.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple

from msgspec import Meta, Struct

from ledger.rules.measure import Measure
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.rules.score_range import HUNDRED, Percent, percent_of
from ledger.rules.tiers import uneven
from ledger.values import IndicatorId, Invalid, Words, exact, interval_of


class Block(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Rows that count together, in percent of their points.

    Attributes:
        under: the names of the levels above them, from the first down.
        percent: what their points count of themselves.
    """

    under: Annotated[tuple[Words, ...], Meta(min_length=1)]
    percent: Percent

    def __post_init__(self) -> None:
        if percent_of(self.percent) == 0:
            raise Invalid("分块占 0%，不会计入", "a block of 0% would not count")

    def holds(self, path: Sequence[str]) -> bool:
        """Whether a row of that path is under the block."""
        return tuple(path[: len(self.under)]) == self.under


class BlockPart(NamedTuple):
    """A row as the totals see it."""

    id: IndicatorId
    path: Sequence[str]
    weight: Decimal


Points = Decimal | Fraction
"""Exact either way; a fraction only where something divides, because fractions are slow."""


NO_LIFT: Final = Fraction(1)


class Sum(NamedTuple):
    """What the rows add up to, one step after the other, in points of the total.

    Attributes:
        base: the scores as they are.
        rebased: the same, lifted by what the rows left out would have weighed.
        scaled: the same with the offset, each block counting its percentage.
    """

    base: Points
    rebased: Points
    scaled: Points


class CeilingBand(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Numbers of one stretch and the total that they allow.

    Attributes:
        range: the numbers, such as `[70,80)`.
        at_most: the most that the total can be.
    """

    range: str
    at_most: Decimal

    def __post_init__(self) -> None:
        interval_of(self.range)
        exact(self.at_most)
        if self.at_most < 0:
            raise Invalid(f"总分上限 {self.at_most} 小于 0", f"the limit {self.at_most} is below 0")


class Ceiling(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A total that another number limits, such as an execution rate.

    Attributes:
        value: the number. As long as figures for it are missing, it limits nothing.
        bands: what it allows, by stretch; they do not overlap, and outside them is no limit.

    Raises:
        Invalid: two bands overlap.
    """

    value: Measure
    bands: Annotated[tuple[CeilingBand, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        for kind, stretch in uneven("(-,-)", (band.range for band in self.bands)):
            if kind == "overlap":
                raise Invalid(
                    f"总分上限的区间在 {stretch} 重叠", f"two limits overlap in {stretch}"
                )

    def at_most(self, figures: Figures) -> Decimal | None:
        """The most that the total can be by these figures; `None` where nothing limits it."""
        reading = self.value.read(ScoredIndicator("", Decimal(0)), figures)
        if reading.undefined or reading.span.value is None:
            return None
        inside = (band for band in self.bands if reading.span.inside(interval_of(band.range)))
        band = next(inside, None)
        return band.at_most if band else None


class TotalsRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How rows become a total, beyond adding them up.

    Attributes:
        not_applicable: what rows that do not apply do: `rebase` spreads their weight over the
            others, sum × full ÷ (full − their weights); `zero` counts nothing for them.
        offset: points that everybody has from the start.
        blocks: rows that count a percentage of their points; every row in exactly one block, or
            no blocks at all.
        grade_drop: percent of the total that is left where the grade of the review is one, two,
            … grades below the unit's own; empty where that has no effect. The grade stays the
            one of the total before.
        ceilings: numbers that limit the total, besides the cap; as a rule none.
    """

    not_applicable: Literal["rebase", "zero"]
    offset: Decimal
    blocks: tuple[Block, ...]
    grade_drop: tuple[Percent, ...]
    ceilings: tuple[Ceiling, ...] = ()

    def __post_init__(self) -> None:
        exact(self.offset)
        if self.offset < 0:
            raise Invalid(f"起点分 {self.offset} 小于 0", f"the offset {self.offset} is below 0")
        for percent in self.grade_drop:
            percent_of(percent)

    def share(self, path: Sequence[str]) -> Fraction:
        """What a row's points count of themselves, as a fraction of 1."""
        block = next((block for block in self.blocks if block.holds(path)), None)
        return percent_of(block.percent) / HUNDRED if block else Fraction(1)

    def attainable(self, rows: Sequence[BlockPart]) -> Fraction:
        """The most that these rows can add to a total."""
        return sum((self.share(row.path) * Fraction(row.weight) for row in rows), Fraction(0))

    def sum_up(
        self,
        rows: Sequence[BlockPart],
        scores: Mapping[IndicatorId, Decimal],
        excluded: Collection[IndicatorId],
    ) -> Sum:
        """The rows that apply, added up. Rows without a score count nothing yet."""
        applying = [row for row in rows if row.id not in excluded] if excluded else rows
        scored = [row for row in applying if row.id in scores]
        added = sum([scores[row.id] for row in scored], Decimal(0))
        lift = self._lift(rows, applying)
        if lift is NO_LIFT and not self.blocks:  # as a rule
            return Sum(added, added, added + self.offset)
        base = counted = Fraction(added)
        if self.blocks:
            parts = (self.share(row.path) * Fraction(scores[row.id]) for row in scored)
            counted = sum(parts, Fraction(0))
        return Sum(base, base * lift, Fraction(self.offset) + counted * lift)

    def _lift(self, rows: Sequence[BlockPart], applying: Sequence[BlockPart]) -> Fraction:
        if self.not_applicable == "zero" or len(applying) == len(rows):
            return NO_LIFT
        left = self.attainable(applying)
        return self.attainable(rows) / left if left else NO_LIFT

    def limits(self, figures: Figures) -> Iterator[Decimal]:
        """The limits that figures set to the total."""
        for ceiling in self.ceilings:
            if (limit := ceiling.at_most(figures)) is not None:
                yield limit

    def after_drop(self, total: Decimal, grades: int) -> Fraction:
        """What is left of a total whose grade lies so many grades below the unit's own."""
        if grades <= 0 or not self.grade_drop:
            return Fraction(total)
        percent = self.grade_drop[min(grades, len(self.grade_drop)) - 1]
        return Fraction(total) * percent_of(percent) / HUNDRED


PLAIN: Final = TotalsRule(not_applicable="zero", offset=Decimal(0), blocks=(), grade_drop=())
"""What a rubric without a `[totals]` table does: the rows are added up, and that is all."""
