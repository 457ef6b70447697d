"""What every scoring rule is: figures in, score and derivation out."""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal, NamedTuple

from msgspec import Struct

from ledger.language import Text, from_to
from ledger.values import Figure, FigureId, IndicatorId

DecidedBy = Literal["rule", "discretion", "judgement", "missing"]
"""What decides an award (评定方式).

The `rule` (按标准); `discretion` (酌情), where the award is outside what the rule allows; the
reviewer's `judgement` (人工评定), where the standard leaves the points open; or the reviewer where
a figure is `missing` (缺少数据) and the rule gives no score.
"""


class Figures:
    """The figures in force at one point of a case, in the order they were submitted.

    Attributes:
        names: what the rubric calls figures, by id; those of many by what their ids begin with.
    """

    def __init__(self, figures: Iterable[Figure] = ()) -> None:
        self._by_id = {figure.id: figure for figure in figures}
        self.names: Mapping[FigureId, str] = {}

    @classmethod
    def by_id(cls, *figures: Mapping[FigureId, Figure]) -> "Figures":
        """Figures by their ids; where several have the same id, the last one."""
        made = cls()
        for some in figures:
            made._by_id.update(some)
        return made

    def called(self, names: Mapping[FigureId, str]) -> "Figures":
        """The same figures, with what a rubric calls those that nobody supplied."""
        same = copy(self)
        same.names = names
        return same

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._by_id.values())

    def get(self, figure: FigureId) -> Figure | None:
        """The figure of that id, or `None` where nobody supplied it."""
        return self._by_id.get(figure)

    def under(self, indicator: IndicatorId) -> tuple[Figure, ...]:
        """Every figure reported under one indicator."""
        return tuple(figure for figure in self if figure.indicator == indicator)


class ScoredIndicator(NamedTuple):
    """The scored row that a rule works for."""

    indicator: IndicatorId
    weight: Decimal


class RuleResult(NamedTuple):
    """What a rule gives (按标准得分), before the one rounding of the row.

    Attributes:
        score: `None` where a figure that the rule needs is missing.
        lowest: the least that the rule allows for any values of the missing figures.
        highest: the most that it allows.
        derivation: the steps, with the numbers in them, for a person to follow.
        figures: ids of the figures that were read.
        missing: ids of the figures that the rule needs and nobody supplied.
        above: whether `lowest` itself is not allowed. The rubric takes the least score above it.
        below: whether `highest` itself is not allowed, likewise.
    """

    score: Decimal | None
    lowest: Decimal
    highest: Decimal
    derivation: tuple[Text, ...]
    figures: tuple[FigureId, ...] = ()
    missing: tuple[FigureId, ...] = ()
    above: bool = False
    below: bool = False

    def allows(self, award: Decimal) -> bool:
        """Whether an award lies within what the rule gives; what does not is discretion (酌情)."""
        return self.lowest <= award <= self.highest

    def nearest(self, award: Decimal) -> Decimal:
        """The score that the rule allows and that is nearest to an award: itself, or an end."""
        return max(self.lowest, min(award, self.highest))

    def decides(self, award: Decimal | None) -> DecidedBy | None:
        """What an award rests on; `None` where there is none."""
        if award is None:
            return None
        if not self.allows(award):
            return "discretion"
        if self.score is not None:
            return "rule"
        return "missing" if self.missing else "judgement"

    @property
    def range_text(self) -> Text:
        """The score as text, or from the least to the most where it is open."""
        return range_text(self.score, self.lowest, self.highest)


def range_text(score: Decimal | None, lowest: Decimal, highest: Decimal) -> Text:
    """A score as text, or from the least to the most where it is open."""
    return from_to(score) if score is not None else from_to(lowest, highest)


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="shape"):
    """One shape of scoring rule with its parameters, as a rubric file writes them."""

    def work_out(self, row: ScoredIndicator, figures: Figures) -> RuleResult:
        """The score of the row from these figures; within [0, weight], not yet rounded."""
        raise NotImplementedError


@cache
def _unit(scale: int) -> Decimal:
    return Decimal(1).scaleb(-scale)


def ends_within(result: RuleResult, scale: int) -> tuple[Decimal, Decimal]:
    """The least and the greatest score of so many decimals that a result allows.

    An end that is itself not allowed gives way by the last decimal. Where nothing of that many
    decimals lies between the ends, both are rounded.
    """
    rounded = half_up(result.lowest, scale), half_up(result.highest, scale)
    lowest, highest = rounded
    if result.above and lowest <= result.lowest:
        lowest += _unit(scale)
    if result.below and highest >= result.highest:
        highest -= _unit(scale)
    return (lowest, highest) if lowest <= highest else rounded


def half_up(number: Decimal, scale: int) -> Decimal:
    """The number with `scale` decimals; a tie goes away from zero, as in every printed table."""
    return number.quantize(_unit(scale), rounding=ROUND_HALF_UP)
