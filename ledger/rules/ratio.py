"""Ratio times weight (比率 × 分值): the row gets as much of its weight as the rate says."""

from fractions import Fraction
from typing import Literal

from ledger.language import Text
from ledger.rules.measure import Judged, MeasuredRule, Span
from ledger.rules.score_range import HUNDRED, format_fraction


class Ratio(MeasuredRule, frozen=True, kw_only=True, tag="ratio"):
    """Weight times a rate in percent, or times 100% minus the rate.

    Covers execution rates, shares of contracts, capped purchases and `(1 - rate) × weight`.

    Attributes:
        value: the rate in percent.
        counts: `rate`, or `remainder` for 100 minus the rate (higher is worse).
        above: what counts above 100%: `full` (capped at the weight) or `no-score`.
        below: what counts below 0%: `zero` or `no-score`.
    """

    counts: Literal["rate", "remainder"]
    above: Literal["full", "no-score"]
    below: Literal["zero", "no-score"]

    def judge(self, weight: Fraction, span: Span) -> Judged | None:
        """The share of the weight, held within 0 and the weight."""
        counted = self._counted(span)
        if self._silent(counted):
            return None
        low = _held(counted.low, Fraction(0))
        high = _held(counted.high, HUNDRED)
        return Judged(weight * low / HUNDRED, weight * high / HUNDRED, self._step(weight, counted))

    def silence(self, span: Span) -> Text:
        """The share lies where the standard says nothing."""
        shown = format_fraction(self._counted(span).value or Fraction(0))
        return Text(f"{shown}% 不在 0 到 100% 之间，标准没有规定", f"{shown}% is outside 0 to 100%")

    def _counted(self, span: Span) -> Span:
        if self.counts == "rate":
            return span
        low, high = span
        return Span(
            None if high is None else HUNDRED - high, None if low is None else HUNDRED - low
        )

    def _silent(self, counted: Span) -> bool:
        too_high = counted.low is not None and counted.low > HUNDRED
        too_low = counted.high is not None and counted.high < 0
        return (too_high and self.above == "no-score") or (too_low and self.below == "no-score")

    def _step(self, weight: Fraction, counted: Span) -> Text | None:
        share = counted.value
        if share is None:
            return None
        held = _held(share, share)
        score = format_fraction(weight * held / HUNDRED)
        shown = f"{format_fraction(weight)} × {format_fraction(held)}% = {score}"
        if held != share:
            return Text(
                f"{format_fraction(share)}% 按 {format_fraction(held)}% 计：{shown}",
                f"{format_fraction(share)}% counts {format_fraction(held)}%: {shown}",
            )
        if self.counts == "remainder":
            rest = f"100% − {format_fraction(HUNDRED - share)}% = {format_fraction(share)}%"
            return Text(f"{rest}；{shown}", f"{rest}; {shown}")
        return Text(shown, shown)


def _held(share: Fraction | None, otherwise: Fraction) -> Fraction:
    return min(max(otherwise if share is None else share, Fraction(0)), HUNDRED)


RatioShape = Ratio
"""The shapes of this family; a new one joins here, and nowhere else in the code."""
