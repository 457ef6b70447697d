"""Deductions (扣分法): full marks, less points for what went wrong, and never below 0."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from ledger.language import Text
from ledger.rules.measure import Judged, MeasuredRule, Span
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.rules.score_range import (
    ExactRule,
    MissingPolicy,
    ScoreRange,
    absent,
    answers_of,
    by_policy,
    format_fraction,
    name_of,
    scale_of,
    undecided,
)
from ledger.values import FigureId, IncidentsId, Invalid, exact


class Deduction(Struct, frozen=True, forbid_unknown_fields=True):
    """One ground for deducting.

    Attributes:
        figure: id of a number of incidents, or of a `yes-no` figure.
        when: `each` takes the points for every incident that the number counts, `yes` and `no` take
            them once for that answer.
        points: on the scale of the rule.
        elsewhere: ids of numbers of incidents already deducted in other rows. They do not count
            again here; an empty list says that the standard has no such clause.
    """

    figure: IncidentsId
    when: Literal["each", "yes", "no"]
    points: Decimal
    elsewhere: tuple[FigureId, ...]

    def __post_init__(self) -> None:
        if self.elsewhere and self.when != "each":
            raise Invalid(
                f"{self.figure} 不是次数，不能减去在其他指标已扣的",
                f"{self.figure} is not a count, so nothing can be subtracted from it",
            )


class _Lost(NamedTuple):
    """Points lost on one ground: at least and at most; `silent` where its count means nothing."""

    least: Fraction
    most: Fraction
    steps: tuple[Text, ...]
    figures: tuple[FigureId, ...] = ()
    missing: tuple[FigureId, ...] = ()
    silent: bool = False


class Deductions(ExactRule, frozen=True, kw_only=True, tag="deductions"):
    """The weight less points for each incident, until nothing is left.

    Attributes:
        out_of: the scale of the points, as a rule the row's weight.
        deductions: the grounds.

    Raises:
        Invalid: points off the scale.
    """

    out_of: Decimal
    deductions: Annotated[tuple[Deduction, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        scale_of((deduction.points for deduction in self.deductions), self.out_of)

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows. A count that is missing may cost nothing or everything."""
        lost = [self._lost(deduction, figures) for deduction in self.deductions]
        steps = tuple(step for loss in lost for step in loss.steps)
        read = tuple(figure for loss in lost for figure in loss.figures)
        missing = tuple(figure for loss in lost for figure in loss.missing)
        if any(loss.silent for loss in lost):
            return undecided(row, steps, read, missing)
        least = sum((loss.least for loss in lost), Fraction(0))
        most = sum((loss.most for loss in lost), Fraction(0))
        lowest, highest = _left(row, self.out_of, most), _left(row, self.out_of, least)
        if lowest == highest:
            steps = (*steps, _left_step(row, self.out_of, least, lowest))
        return ScoreRange(lowest, highest, steps, read, missing)

    def _lost(self, one: Deduction, figures: Figures) -> _Lost:
        return self._once(one, figures) if one.when in {"yes", "no"} else self._each(one, figures)

    def _once(self, one: Deduction, figures: Figures) -> _Lost:
        points = Fraction(one.points)
        answers = answers_of((one.figure,), figures)
        if answers.missing:
            return _Lost(Fraction(0), points, answers.steps, (), answers.missing)
        hit = bool(answers.yes) == (one.when == "yes")
        taken = points if hit else Fraction(0)
        step = answers.steps[0]
        step = Text(
            f"{step.zh}，扣 {format_fraction(taken)} 分", f"{step.en}: {format_fraction(taken)} off"
        )
        return _Lost(taken, taken, (step,), answers.read)

    def _each(self, one: Deduction, figures: Figures) -> _Lost:
        ids = (one.figure, *one.elsewhere)
        numbers = {figure: _number(figure, figures) for figure in ids}
        read = tuple(figure for figure, number in numbers.items() if number is not None)
        missing = tuple(figure for figure, number in numbers.items() if number is None)
        steps = tuple(absent(figure, figures, "次数", "a count") for figure in missing)
        found, name = numbers[one.figure], name_of(one.figure, figures)
        known = [number for figure, number in numbers.items() if number is not None]
        if any(number < 0 or number.denominator != 1 for number in known):
            step = Text(
                f"{name}：次数应为不小于 0 的整数",
                f"{one.figure}: a count must be a whole number of at least 0",
            )
            return _Lost(Fraction(0), Fraction(0), (*steps, step), read, missing, silent=True)
        if found is None:
            return _Lost(Fraction(0), Fraction(self.out_of), steps, read, missing)
        others = sum((numbers[figure] or Fraction(0) for figure in one.elsewhere), Fraction(0))
        counted = max(found - others, Fraction(0))
        points = Fraction(one.points)
        least = Fraction(0) if missing else counted * points
        minus = f" − {format_fraction(others)}" if one.elsewhere else ""
        shown = f"{format_fraction(found)}{minus}"
        product = f"{format_fraction(counted)} × {one.points} = {format_fraction(counted * points)}"
        step = Text(f"{name}：{shown}，扣 {product} 分", f"{one.figure}: {shown}, off {product}")
        return _Lost(least, counted * points, (*steps, step), read, missing)


def _number(figure: FigureId, figures: Figures) -> Fraction | None:
    known = figures.get(figure)
    return None if known is None or known.number is None else Fraction(known.number)


def _left(row: ScoredIndicator, out_of: Decimal, lost: Fraction) -> Fraction:
    return Fraction(row.weight) * max(Fraction(out_of) - lost, Fraction(0)) / Fraction(out_of)


def _left_step(row: ScoredIndicator, out_of: Decimal, lost: Fraction, score: Fraction) -> Text:
    left = max(Fraction(out_of) - lost, Fraction(0))
    floor_zh, floor_en = ("，扣完为止", ", floor 0") if lost > out_of else ("", "")
    scaled = "" if out_of == row.weight else f"；{row.weight} × {format_fraction(left)} ÷ {out_of}"
    shown = f"{out_of} − {format_fraction(lost)}"
    return Text(
        f"{shown}{floor_zh}{scaled} → {format_fraction(score)}",
        f"{shown}{floor_en}{scaled.replace('；', '; ')} → {format_fraction(score)}",
    )


class StepDeduction(MeasuredRule, frozen=True, kw_only=True, tag="step-deduction"):
    """Points off for each step by which a number is over or under a limit.

    Attributes:
        value: the number.
        limit: up to here nothing is taken.
        side: `above` or `below`: where points are taken.
        step: how far one step reaches, in the unit of the number.
        steps: `whole` steps only, every `started` one, or `pro-rata`.
        points: taken for one step.
        out_of: the scale of the points, as a rule the row's weight.
    """

    limit: Decimal
    side: Literal["above", "below"]
    step: Decimal
    steps: Literal["whole", "started", "pro-rata"]
    points: Decimal
    out_of: Decimal

    def __post_init__(self) -> None:
        exact(self.limit, self.step)
        scale_of((self.points,), self.out_of)
        if self.step <= 0:
            raise Invalid(f"每档 {self.step} 应大于 0", f"step {self.step} must be above 0")

    def judge(self, weight: Fraction, span: Span) -> Judged | None:
        """The weight less the steps; the further off, the less."""
        best, worst = (span.low, span.high) if self.side == "above" else (span.high, span.low)
        highest = weight if best is None else self._score(weight, self._count(best))
        lowest = Fraction(0) if worst is None else self._score(weight, self._count(worst))
        return Judged(lowest, highest, self._explained(weight, span))

    def _count(self, number: Fraction) -> Fraction:
        limit = Fraction(self.limit)
        over = max(number - limit if self.side == "above" else limit - number, Fraction(0))
        count = over / Fraction(self.step)
        match self.steps:
            case "whole":
                return Fraction(floor(count))
            case "started":
                return Fraction(ceil(count))
            case "pro-rata":
                return count

    def _score(self, weight: Fraction, count: Fraction) -> Fraction:
        left = max(Fraction(self.out_of) - count * Fraction(self.points), Fraction(0))
        return weight * left / Fraction(self.out_of)

    def _explained(self, weight: Fraction, span: Span) -> Text | None:
        if span.value is None:
            return None
        count = self._count(span.value)
        score = format_fraction(self._score(weight, count))
        zh = {"whole": "只计整档", "started": "不足一档按一档计", "pro-rata": "按比例计"}[
            self.steps
        ]
        over_zh = "超过" if self.side == "above" else "低于"
        lost = f"{format_fraction(count)} × {self.points}"
        value, each = format_fraction(span.value), f"{self.step}"
        return Text(
            f"{value} {over_zh} {self.limit} 的部分每 {each} 扣 {self.points} 分（{zh}）："
            f"扣 {lost}，得 {score}",
            f"{value} {self.side} {self.limit} by {format_fraction(count)} steps of {each}"
            f" ({self.steps}): off {lost}, leaves {score}",
        )


class ThresholdDeduction(ExactRule, frozen=True, kw_only=True, tag="threshold-deduction"):
    """What was due and not done: points off for each, or everything lost where little was due.

    Attributes:
        due: id of the number of things due.
        done: id of the number of them done.
        all_lost_up_to: with so many due or fewer, one not done loses the whole weight.
        points: taken for each one not done where more were due.
        out_of: the scale of the points, as a rule the row's weight.
        none_due: what the row gets where nothing was due.
    """

    due: FigureId
    done: FigureId
    all_lost_up_to: Annotated[int, Meta(ge=0)]
    points: Decimal
    out_of: Decimal
    none_due: MissingPolicy

    def __post_init__(self) -> None:
        scale_of((self.points,), self.out_of)

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows. No score for a count that is not whole, or for more than due."""
        due, done = _number(self.due, figures), _number(self.done, figures)
        pairs = ((self.due, due), (self.done, done))
        missing = tuple(figure for figure, number in pairs if number is None)
        read = tuple(figure for figure, number in pairs if number is not None)
        steps = tuple(absent(figure, figures, "个数", "a count") for figure in missing)
        known = [number for number in (due, done) if number is not None]
        if any(number < 0 or number.denominator != 1 for number in known):
            step = Text("个数应为不小于 0 的整数", "a count must be a whole number of at least 0")
            return undecided(row, (*steps, step), read, missing)
        if due == 0 and not missing:
            step = Text("没有应做的项目", "nothing was due")
            return by_policy(self.none_due, row, (step,), read)
        if due is None or done is None:
            return undecided(row, steps, read, missing)
        if done > due:
            step = Text(f"完成 {done} 个，多于应做的 {due} 个", f"{done} done of {due} due")
            return undecided(row, (step,), read)
        return self._judged(row, due, done, read)

    def _judged(
        self, row: ScoredIndicator, due: Fraction, done: Fraction, read: tuple[FigureId, ...]
    ) -> ScoreRange:
        undone = due - done
        shown = Text(
            f"应做 {due} 个，完成 {done} 个，{undone} 个未完成",
            f"{due} due, {done} done, {undone} not",
        )
        few = due <= self.all_lost_up_to
        if few and undone:
            why = Text(
                f"应做的不超过 {self.all_lost_up_to} 个，有 1 个未完成即不得分：0",
                f"with {self.all_lost_up_to} or fewer due, one not done loses all points: 0",
            )
            return ScoreRange(Fraction(0), Fraction(0), (shown, why), read)
        lost = undone * Fraction(self.points)
        score = _left(row, self.out_of, lost)
        step = _left_step(row, self.out_of, lost, score)
        return ScoreRange(score, score, (shown, step), read)


DeductionShape = Deductions | StepDeduction | ThresholdDeduction
"""The shapes of this family; a new one joins here, and nowhere else in the code."""
