"""All or nothing (全有或全无): every condition is met, or the row gets 0."""

from fractions import Fraction
from typing import Annotated

from msgspec import Meta, Struct

from ledger.language import Text
from ledger.rules.measure import Measure
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.rules.score_range import (
    ExactRule,
    ScoreRange,
    YesNoIds,
    answers_of,
    format_fraction,
    undecided,
)
from ledger.values import Interval, interval_of


class AllOrNothing(ExactRule, frozen=True, kw_only=True, tag="all-or-nothing"):
    """Full marks if every question is answered with yes, 0 if one is answered with no.

    Missing evidence is neither: the score stays open until somebody answers.

    Attributes:
        figures: ids of `yes-no` figures.
    """

    figures: YesNoIds

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows; within [0, weight]."""
        answers = answers_of(self.figures, figures)
        met = _all_met(row, failed=bool(answers.no), open_=bool(answers.missing))
        return met._replace(
            steps=(*answers.steps, *met.steps), figures=answers.read, missing=answers.missing
        )


class Condition(Struct, frozen=True, forbid_unknown_fields=True):
    """A number and where it must lie.

    Attributes:
        value: the number.
        range: where it must lie, such as `(-,60]`.
    """

    value: Measure
    range: str

    def __post_init__(self) -> None:
        interval_of(self.range)


class InRange(ExactRule, frozen=True, kw_only=True, tag="in-range"):
    """Full marks if every number is in its range, 0 if one is outside.

    Attributes:
        conditions: the numbers and their ranges.
    """

    conditions: Annotated[tuple[Condition, ...], Meta(min_length=1)]

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows; within [0, weight]."""
        readings = [condition.value.read(row, figures) for condition in self.conditions]
        pairs = list(zip(readings, map(_range, self.conditions), strict=True))
        failed = any(
            not reading.undefined and not reading.span.meets(range_) for reading, range_ in pairs
        )
        open_ = any(
            reading.undefined or not reading.span.inside(range_) for reading, range_ in pairs
        )
        steps: list[Text] = []
        for condition, reading in zip(self.conditions, readings, strict=True):
            steps.extend(reading.steps)
            value = reading.span.value
            if value is not None and not reading.undefined:
                inside = reading.span.inside(_range(condition))
                steps.append(_where(value, condition.range, inside=inside))
        read = tuple(figure for reading in readings for figure in reading.figures)
        missing = tuple(figure for reading in readings for figure in reading.missing)
        met = _all_met(row, failed=failed, open_=open_)
        return met._replace(steps=(*steps, *met.steps), figures=read, missing=missing)


def _range(condition: Condition) -> Interval:
    return interval_of(condition.range)


def _where(value: Fraction, range_: str, *, inside: bool) -> Text:
    shown = format_fraction(value)
    if inside:
        return Text(f"{shown} 在 {range_} 内，符合", f"{shown} is within {range_}: met")
    return Text(f"{shown} 不在 {range_} 内，不符合", f"{shown} is outside {range_}: not met")


def _all_met(row: ScoredIndicator, *, failed: bool, open_: bool) -> ScoreRange:
    """One failure decides, even if others are still open."""
    if failed:
        step = Text("有一项不符合：0 分", "one condition is not met: 0")
        return ScoreRange(Fraction(0), Fraction(0), (step,))
    if open_:
        return undecided(row, ())
    step = Text(f"全部符合：满分 {row.weight}", f"all conditions are met: full {row.weight}")
    return ScoreRange(Fraction(row.weight), Fraction(row.weight), (step,))


ConditionShape = AllOrNothing | InRange
"""The shapes of this family; a new one joins here, and nowhere else in the code."""
