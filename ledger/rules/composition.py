"""Rules made of rules (组合). This file also joins all families, because these shapes hold any."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.language import Text, from_to, listing
from ledger.rules.comparison import ComparisonShape
from ledger.rules.completion import CompletionShape
from ledger.rules.conditions import ConditionShape
from ledger.rules.deduction import DeductionShape
from ledger.rules.judgement import JudgementShape
from ledger.rules.ratio import RatioShape
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.rules.score_range import (
    HUNDRED,
    ExactRule,
    Percent,
    ScoreRange,
    YesNoIds,
    absent,
    answers_of,
    either,
    format_fraction,
    percent_of,
)
from ledger.rules.tiers import TierShape
from ledger.values import Invalid, TextId, Words, YesNoId


class WeightedPart(Struct, frozen=True, forbid_unknown_fields=True):
    """One part of a row.

    Attributes:
        name: what it is about.
        share: percent of the row's weight, not of 100.
        rule: how it is scored, with that share as its weight.
    """

    name: Words
    share: Percent
    rule: "Shape"

    def __post_init__(self) -> None:
        if percent_of(self.share) == 0:
            raise Invalid(f"“{self.name}”占 0%", f"the part '{self.name}' has a share of 0%")


class WeightedParts(ExactRule, frozen=True, kw_only=True, tag="weighted-parts"):
    """Several rules that share the weight in fixed percentages.

    Attributes:
        parts: their shares add up to 100.

    Raises:
        Invalid: the shares do not add up to 100.
    """

    parts: Annotated[tuple[WeightedPart, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        total = sum((percent_of(part.share) for part in self.parts), Fraction(0))
        if total != HUNDRED:
            raise Invalid(
                f"各部分占比合计 {format_fraction(total)}%，应为 100%",
                f"the shares add up to {format_fraction(total)}% instead of 100%",
            )

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """The sum of what the parts allow."""
        outcomes = []
        for part in self.parts:
            weight = row.weight * Decimal(part.share) / 100
            outcome = part.rule.outcome(ScoredIndicator(row.indicator, weight), figures)
            head = Text(
                f"“{part.name}”占 {part.share}%，{weight} 分",
                f"part of {part.share}%, weight {weight}",
            )
            outcomes.append(outcome._replace(steps=(head, *outcome.steps)))
        return _summed(outcomes)


class Mean(ExactRule, frozen=True, kw_only=True, tag="mean"):
    """The mean of several rules, each scored with the whole weight: the mean of scores.

    The score of totals is another thing: sum the figures in one rate instead.

    Attributes:
        rules: such as one for each place or project.
    """

    rules: Annotated[tuple["Shape", ...], Meta(min_length=1)]

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """The mean of what the rules allow."""
        total = _summed([rule.outcome(row, figures) for rule in self.rules])
        count = len(self.rules)
        lowest, highest = total.lowest / count, total.highest / count
        steps = total.steps
        if lowest == highest:
            shown = f"{format_fraction(total.lowest)} ÷ {count} = {format_fraction(lowest)}"
            steps = (*steps, Text(f"平均：{shown}", f"mean: {shown}"))
        return total._replace(lowest=lowest, highest=highest, steps=steps)


def _summed(outcomes: list[ScoreRange]) -> ScoreRange:
    lowest = sum((outcome.lowest for outcome in outcomes), Fraction(0))
    highest = sum((outcome.highest for outcome in outcomes), Fraction(0))
    steps = tuple(step for outcome in outcomes for step in outcome.steps)
    if lowest == highest:
        shown = " + ".join(format_fraction(outcome.lowest) for outcome in outcomes)
        shown = f"{shown} = {format_fraction(lowest)}"
        steps = (*steps, Text(f"合计：{shown}", f"sum: {shown}"))
    read = tuple(figure for outcome in outcomes for figure in outcome.figures)
    missing = tuple(figure for outcome in outcomes for figure in outcome.missing)
    above, below = (any(getattr(one, end) for one in outcomes) for end in ("above", "below"))
    return ScoreRange(lowest, highest, steps, read, missing, above, below)


class Gated(ExactRule, frozen=True, kw_only=True, tag="gated"):
    """Nothing at all unless something was done first; then a rule.

    Attributes:
        required: ids of `yes-no` figures; one no and the row gets 0.
        rule: how the row is scored when all are met.
    """

    required: YesNoIds
    rule: "Shape"

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows. As long as an answer is missing, 0 is possible."""
        answers = answers_of(self.required, figures)
        if answers.no:
            step = Text("前提不具备，不得分：0", "the precondition is not met: 0")
            return ScoreRange(Fraction(0), Fraction(0), (*answers.steps, step), answers.read)
        inner = self.rule.outcome(row, figures)
        return inner._replace(
            lowest=Fraction(0) if answers.missing else inner.lowest,
            above=inner.above and not answers.missing,
            steps=(*answers.steps, *inner.steps),
            figures=(*answers.read, *inner.figures),
            missing=(*answers.missing, *inner.missing),
        )


class Waivable(ExactRule, frozen=True, kw_only=True, tag="waivable"):
    """A rule that may be waived, such as for reasons outside the unit's control.

    Attributes:
        waived: id of the `yes-no` figure that states whether it is.
        percent: what a waived row gets, in percent of the weight.
        unstated: without an answer the rule `applies`, or there is `no-score`.
        rule: how the row is scored when it is not waived.
    """

    waived: YesNoId
    percent: Percent
    unstated: Literal["applies", "no-score"]
    rule: "Shape"

    def __post_init__(self) -> None:
        percent_of(self.percent)

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows."""
        answers = answers_of((self.waived,), figures)
        instead = Fraction(row.weight) * percent_of(self.percent) / HUNDRED
        if answers.yes:
            shown = f"{row.weight} × {self.percent}% = {format_fraction(instead)}"
            step = Text(f"不按标准计分：{shown}", f"the rule is waived: {shown}")
            return ScoreRange(instead, instead, (*answers.steps, step), answers.read)
        inner = self.rule.outcome(row, figures)
        if answers.missing and self.unstated == "no-score":
            return either([inner, ScoreRange(instead, instead)])._replace(
                steps=(*answers.steps, *inner.steps),
                figures=inner.figures,
                missing=(*answers.missing, *inner.missing),
            )
        steps = inner.steps if answers.missing else (*answers.steps, *inner.steps)
        return inner._replace(steps=steps, figures=(*answers.read, *inner.figures))


class Choice(ExactRule, frozen=True, kw_only=True, tag="choice"):
    """Optional rows that share one weight: one is chosen, the others do not apply.

    Attributes:
        chosen: id of the `text` figure that names the chosen one.
        options: the rules, by name.
    """

    chosen: TextId
    options: Annotated[dict[Words, "Shape"], Meta(min_length=1)]

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the chosen rule allows; without a choice, what any of them allows."""
        figure = figures.get(self.chosen)
        rule = self.options.get(figure.value) if figure and figure.value else None
        if figure is not None and rule is not None:
            inner = rule.outcome(row, figures)
            step = Text(f"{figure.name}：{figure.value}", f"{self.chosen}: {figure.value}")
            return inner._replace(steps=(step, *inner.steps), figures=(self.chosen, *inner.figures))
        outcomes = [rule.outcome(row, figures) for rule in self.options.values()]
        return either(outcomes)._replace(
            steps=(absent(self.chosen, figures, "所选的项", "one of the options"),),
            missing=(self.chosen,),
        )


class AnyOf(ExactRule, frozen=True, kw_only=True, tag="any-of"):
    """Several rules of which one suffices: the best of them counts, each with the whole weight.

    Attributes:
        rules: such as one for each of several ways to meet the standard.
    """

    rules: Annotated[tuple["Shape", ...], Meta(min_length=2)]

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """The best that the rules allow; what cannot be the best any more is not missing."""
        outcomes = [rule.outcome(row, figures) for rule in self.rules]
        lowest = max(outcome.lowest for outcome in outcomes)
        highest = max(outcome.highest for outcome in outcomes)
        steps = tuple(step for outcome in outcomes for step in outcome.steps)
        if lowest == highest:
            best = format_fraction(highest)
            zh, en = listing(
                from_to(format_fraction(one.lowest), format_fraction(one.highest))
                for one in outcomes
            )
            step = Text(f"取其最高：{zh} → {best}", f"the best of them: {en} → {best}")
            steps = (*steps, step)
        return ScoreRange(
            lowest,
            highest,
            steps,
            tuple(figure for outcome in outcomes for figure in outcome.figures),
            tuple(figure for outcome in outcomes for figure in outcome.missing),
            above=any(one.above for one in outcomes if one.lowest == lowest),
            below=all(one.below for one in outcomes if one.highest == highest),
        )


Shape = (
    ComparisonShape
    | CompletionShape
    | ConditionShape
    | DeductionShape
    | JudgementShape
    | RatioShape
    | TierShape
    | AnyOf
    | Choice
    | Gated
    | Mean
    | Waivable
    | WeightedParts
)
