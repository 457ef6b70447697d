"""Grades, cuts and judgement (定性评分): the reviewer decides in a printed frame."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.language import Text, from_to
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.rules.score_range import (
    HUNDRED,
    ExactRule,
    Percent,
    ScoreRange,
    absent,
    answers_of,
    either,
    format_fraction,
    percent_of,
    undecided,
)
from ledger.values import FigureId, Invalid, TextId, Words, YesNoId, exact, interval_of


def percents_of(text: str) -> ScoreRange:
    """What a range of percentages such as `[80,100]` or `[60,80)` allows, in percent.

    Raises:
        Invalid: not an interval, an end that is missing, or outside 0 to 100.
    """
    interval = interval_of(text)
    low, high = interval.low, interval.high
    if low is None or high is None or low < 0 or high > HUNDRED:
        raise Invalid(
            f"百分数范围 {text} 应有两端且在 0 到 100 之间",
            f"the percentages {text} must have two ends within 0 to 100",
        )
    above, below = not interval.low_closed, not interval.high_closed
    return ScoreRange(Fraction(low), Fraction(high), above=above, below=below)


class Grade(ExactRule, frozen=True, kw_only=True, tag="grade"):
    """A grade in words gives a percentage of the weight, or a range of percentages.

    Attributes:
        figure: id of the `text` figure that holds the grade.
        grades: by grade, a range of percentages: `[95,95]` settles the score, `[80,100]` leaves it
            open within these ends, and `[60,80)` does so without the upper one.
        chosen: id of the percentage chosen within the range, if there is to be one.
    """

    figure: TextId
    grades: Annotated[dict[Words, str], Meta(min_length=1)]
    chosen: FigureId | None = None

    def __post_init__(self) -> None:
        for range_ in self.grades.values():
            percents_of(range_)

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows. Without a grade, anything between the worst and the best."""
        weight = Fraction(row.weight)
        grade = figures.get(self.figure)
        range_ = self.grades.get(grade.value) if grade and grade.value else None
        if grade is None or range_ is None:
            any_grade = either([percents_of(text) for text in self.grades.values()])
            step = absent(self.figure, figures, "评级", "a grade")
            return _of_weight(any_grade, weight)._replace(steps=(step,), missing=(self.figure,))
        percents = percents_of(range_)
        low, high = percents.lowest, percents.highest
        zh, en = f"{grade.name}：{grade.value}", f"{self.figure}: {grade.value}"
        if low == high:
            return _settled(weight, low, Text(zh, en), (self.figure,))
        step = Text(f"{zh}，可得 {range_}%", f"{en} allows {range_}%")
        open_ = _of_weight(percents, weight)._replace(steps=(step,), figures=(self.figure,))
        return open_ if self.chosen is None else self._chosen(row, open_, self.chosen, figures)

    def _chosen(
        self, row: ScoredIndicator, open_: ScoreRange, chosen: FigureId, figures: Figures
    ) -> ScoreRange:
        figure = figures.get(chosen)
        if figure is None or figure.number is None:
            step = absent(chosen, figures, "百分数", "a percentage")
            return open_._replace(steps=(*open_.steps, step), missing=(chosen,))
        read = (self.figure, chosen)
        score = Fraction(row.weight) * Fraction(figure.number) / HUNDRED
        shown = f"{row.weight} × {figure.number}% = {format_fraction(score)}"
        above = score > open_.lowest or (score == open_.lowest and not open_.above)
        below = score < open_.highest or (score == open_.highest and not open_.below)
        if not (above and below):
            step = Text(f"{shown}，超出该评级的范围", f"{shown} is outside the grade's range")
            return undecided(row, (*open_.steps, step), read)
        return ScoreRange(score, score, (*open_.steps, Text(shown, shown)), read)


def _of_weight(percents: ScoreRange, weight: Fraction) -> ScoreRange:
    lowest, highest = (weight * end / HUNDRED for end in (percents.lowest, percents.highest))
    return percents._replace(lowest=lowest, highest=highest)


def _settled(
    weight: Fraction, percent: Fraction, why: Text, read: tuple[FigureId, ...]
) -> ScoreRange:
    score = weight * percent / HUNDRED
    shown = f"{format_fraction(weight)} × {format_fraction(percent)}% = {format_fraction(score)}"
    return ScoreRange(score, score, (Text(f"{why.zh}，{shown}", f"{why.en}, {shown}"),), read)


class Cut(Struct, frozen=True, forbid_unknown_fields=True):
    """One fault that costs a percentage of the weight.

    Attributes:
        figure: id of the `yes-no` figure that states whether the fault was found.
        percent: what it costs; 100 for a fault that leaves nothing.
        clause: where the deduction is printed, for the derivation.
    """

    figure: YesNoId
    percent: Percent
    clause: Words

    def __post_init__(self) -> None:
        percent_of(self.percent)


class Cuts(ExactRule, frozen=True, kw_only=True, tag="cuts"):
    """Full marks less a percentage for each fault that the review found, and never below 0.

    Attributes:
        several: how faults found together count: their percentages are added (`add`), only the
            `largest` counts, or each is taken of what the others leave (`multiply`).
        cuts: the faults.
    """

    several: Literal["add", "largest", "multiply"]
    cuts: Annotated[tuple[Cut, ...], Meta(min_length=1)]

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows. A fault that nobody answered for may or may not be there."""
        answers = answers_of((cut.figure for cut in self.cuts), figures)
        found = [cut for cut in self.cuts if cut.figure in answers.yes]
        possible = [cut for cut in self.cuts if cut.figure not in answers.no]
        weight = Fraction(row.weight)
        steps = [
            *answers.steps,
            *(Text(f"{c.clause}：扣 {c.percent}%", f"{c.figure}: off {c.percent}%") for c in found),
        ]
        lowest, highest = (weight * self._left(cuts) / HUNDRED for cuts in (possible, found))
        if not answers.missing:
            shown = (
                f"{row.weight} × {format_fraction(self._left(found))}% = {format_fraction(highest)}"
            )
            steps.append(Text(shown, shown))
        return ScoreRange(lowest, highest, tuple(steps), answers.read, answers.missing)

    def _left(self, cuts: list[Cut]) -> Fraction:
        percents = [percent_of(cut.percent) for cut in cuts]
        match self.several:
            case "add":
                return max(HUNDRED - sum(percents, Fraction(0)), Fraction(0))
            case "largest":
                return HUNDRED - max(percents, default=Fraction(0))
            case "multiply":
                left = HUNDRED
                for percent in percents:
                    left = left * (HUNDRED - percent) / HUNDRED
                return left


class ReviewerJudgement(ExactRule, frozen=True, kw_only=True, tag="discretion"):
    """Full marks if all is in order; otherwise the reviewer deducts (人工评定).

    The rule then gives no score, only its ends; the rubric states what else the award needs.

    Attributes:
        full_if: ids of the `yes-no` figures that together earn full marks. With an empty list the
            row is always left to the reviewer.
        deduct: points they may take, as a closed range such as `[0,2]`, on the scale of `out_of`.
        out_of: the scale of the points, as a rule the row's weight.
    """

    full_if: tuple[YesNoId, ...]
    deduct: str
    out_of: Decimal

    def __post_init__(self) -> None:
        exact(self.out_of)
        low, high, *closed = interval_of(self.deduct)
        if low is None or high is None or not all(closed) or not 0 <= low <= high <= self.out_of:
            raise Invalid(
                f"扣分范围 {self.deduct} 应两端封闭且在 0 到 {self.out_of} 之间",
                f"the deduction {self.deduct} must have closed ends within 0 to {self.out_of}",
            )
        if self.out_of <= 0:
            raise Invalid(
                f"满分刻度 {self.out_of} 应大于 0", f"out_of {self.out_of} is not above 0"
            )

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows."""
        answers = answers_of(self.full_if, figures)
        weight = Fraction(row.weight)
        if self.full_if and not answers.no and not answers.missing:
            step = Text(f"都符合：满分 {row.weight}", f"all in order: full {row.weight}")
            return ScoreRange(weight, weight, (*answers.steps, step), answers.read)
        interval = interval_of(self.deduct)
        least, most = Fraction(interval.low or 0), Fraction(interval.high or 0)
        lowest, highest = (
            weight * (Fraction(self.out_of) - points) / Fraction(self.out_of)
            for points in (most, least)
        )
        open_ = bool(answers.missing) and not answers.no
        off = from_to(interval.low or 0, interval.high or 0)
        step = Text(
            f"酌情扣 {off.zh} 分（满分 {self.out_of}），由核查人员评定",
            f"reviewer's judgement: {off.en} points off, of {self.out_of}",
        )
        return ScoreRange(
            lowest,
            weight if open_ else highest,
            (*answers.steps, step),
            answers.read,
            answers.missing if open_ else (),
        )


JudgementShape = Grade | Cuts | ReviewerJudgement
"""The shapes of this family; a new one joins here, and nowhere else in the code."""
