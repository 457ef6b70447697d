"""Comparison with another number (比较): pass or fail, with the tie settled by a parameter."""

from fractions import Fraction
from typing import Literal

from ledger.language import Text
from ledger.rules.measure import Measure, Span
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.rules.score_range import (
    ExactRule,
    MissingPolicy,
    ScoreRange,
    by_policy,
    format_fraction,
    undecided,
)


class Comparison(ExactRule, frozen=True, kw_only=True, tag="comparison"):
    """Full marks if one number is above (or below) another, such as a budget or a population mean.

    Attributes:
        value: the row's own number.
        against: what it is compared with.
        full_if: the side that earns full marks: `above` or `below`. The other side gets 0.
        equal: what two equal numbers get.
    """

    value: Measure
    against: Measure
    full_if: Literal["above", "below"]
    equal: MissingPolicy

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows; within [0, weight]."""
        own, other = self.value.read(row, figures), self.against.read(row, figures)
        steps = (*own.steps, *other.steps)
        read = (*own.figures, *other.figures)
        missing = (*own.missing, *other.missing)
        sign = _sign(own.span, other.span)
        if sign is None or own.undefined or other.undefined:
            return undecided(row, steps, read, missing)
        step = _step(own.span, sign, other.span)
        policy = self.equal if sign == "=" else self._side(sign)
        return by_policy(policy, row, (*steps, step), read, missing)

    def _side(self, sign: str) -> MissingPolicy:
        return "full" if (sign == ">") == (self.full_if == "above") else "zero"


def _sign(own: Span, other: Span) -> Literal["<", "=", ">"] | None:
    """How two numbers compare, or `None` as long as that is open."""
    if own.value is not None and own.value == other.value:
        return "="
    if own.low is not None and other.high is not None and own.low > other.high:
        return ">"
    if own.high is not None and other.low is not None and own.high < other.low:
        return "<"
    return None


def _step(own: Span, sign: str, other: Span) -> Text:
    left, right = (span.value if span.value is not None else Fraction(0) for span in (own, other))
    if own.value is None or other.value is None:
        return Text(
            f"本项数值 {sign} 比较值", f"the value {sign} the value that it is compared with"
        )
    gap = "" if sign == "=" else f"（{format_fraction(abs(left - right))}）"
    shown = f"{format_fraction(left)} {sign} {format_fraction(right)}"
    return Text(f"{shown}{gap}", shown)


ComparisonShape = Comparison
"""The shapes of this family; a new one joins here, and nowhere else in the code."""
