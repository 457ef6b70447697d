"""What a rule looks at: a number that is taken from figures before any score is given.

Rates are in percent, as standards print them: 60 means 60%.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from ledger.language import Text
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.rules.score_range import (
    HUNDRED,
    NO_SCORE,
    Decimals,
    ExactRule,
    FigureIds,
    PercentOrNoScore,
    ScoreRange,
    absent,
    format_fraction,
    name_of,
    percent_of,
    rounded,
    undecided,
)
from ledger.values import WORDS, FigureId, Interval, IntervalId, Invalid, exact, interval_of


class Span(NamedTuple):
    """Where a number lies: between two closed ends, `None` where that side is not known."""

    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def value(self) -> Fraction | None:
        """The number, if there is only one left."""
        return self.low if self.low == self.high else None

    def meets(self, interval: Interval) -> bool:
        """Whether the number may be in the interval."""
        reaches_low = self.high is None or _from(interval, self.high)
        reaches_high = self.low is None or _up_to(interval, self.low)
        return reaches_low and reaches_high

    def inside(self, interval: Interval) -> bool:
        """Whether the number is in the interval for certain."""
        above = interval.low is None or (self.low is not None and _from(interval, self.low))
        below = interval.high is None or (self.high is not None and _up_to(interval, self.high))
        return above and below


_end = lru_cache(maxsize=256)(Fraction)
"""The end of an interval: standards print few of them, and every case asks again."""


def _from(interval: Interval, number: Fraction) -> bool:
    if interval.low is None:
        return True
    low = _end(interval.low)
    return number > low or (interval.low_closed and number == low)


def _up_to(interval: Interval, number: Fraction) -> bool:
    if interval.high is None:
        return True
    high = _end(interval.high)
    return number < high or (interval.high_closed and number == high)


class Reading(NamedTuple):
    """What a measure found.

    Attributes:
        span: where the number lies.
        steps: how it was found.
        figures: ids that were read.
        missing: ids that were needed and are not there.
        undefined: the figures are there and still give no number, such as a rate of nothing.
    """

    span: Span
    steps: tuple[Text, ...]
    figures: tuple[FigureId, ...] = ()
    missing: tuple[FigureId, ...] = ()
    undefined: bool = False


class _Sum(NamedTuple):
    """A sum of number figures; `value` is `None` where one of them is missing."""

    value: Fraction | None
    formula: str
    steps: tuple[Text, ...]
    read: tuple[FigureId, ...]
    missing: tuple[FigureId, ...]


def _sum(ids: tuple[FigureId, ...], figures: Figures) -> _Sum:
    found = [(id_, figures.get(id_)) for id_ in ids]
    numbers = [(id_, figure.number if figure else None) for id_, figure in found]
    known = [number for _, number in numbers if number is not None]
    missing = tuple(id_ for id_, number in numbers if number is None)
    formula = " + ".join(str(number) for number in known)
    return _Sum(
        value=None if missing else sum(map(Fraction, known[1:]), Fraction(known[0])),
        formula=f"({formula})" if len(known) > 1 else formula,
        steps=tuple(absent(id_, figures, "数", "a number") for id_ in missing),
        read=tuple(id_ for id_, number in numbers if number is not None),
        missing=missing,
    )


def _less(total: _Sum, left_out: tuple[FigureId, ...], figures: Figures) -> _Sum:
    """The sum without the numbers that may leave it, as far as somebody supplied them."""
    supplied = tuple(_supplied(left_out, figures))
    if not supplied or total.value is None:
        return total
    off = _sum(supplied, figures)
    return total._replace(
        value=total.value - (off.value or 0),
        formula=f"({total.formula} − {off.formula})",
        read=(*total.read, *off.read),
    )


def _supplied(ids: tuple[FigureId, ...], figures: Figures) -> Iterator[FigureId]:
    for id_ in ids:
        figure = figures.get(id_)
        if figure is not None and figure.number is not None:
            yield id_


def _names_less(names: Text, left_out: tuple[FigureId, ...], figures: Figures) -> Text:
    """The same names, and those of what was taken off."""
    if not (ids := tuple(_supplied(left_out, figures))):
        return names
    off = _names(ids, figures)
    return Text(f"({names.zh} − {off.zh})", f"({names.en} − {off.en})")


def _names(ids: tuple[FigureId, ...], figures: Figures) -> Text:
    """What is added, in the words of the documents and by ids."""
    zh, en = " + ".join(name_of(id_, figures) for id_ in ids), " + ".join(ids)
    return Text(f"({zh})", f"({en})") if len(ids) > 1 else Text(zh, en)


class _Taken(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="take"):
    """One way of taking a number from figures."""

    def read(self, row: ScoredIndicator, figures: Figures) -> Reading:
        """The number, or where it may lie as long as figures are missing."""
        raise NotImplementedError


class Constant(_Taken, frozen=True, kw_only=True, tag="constant"):
    """A number that the standard itself prints.

    Attributes:
        value: the number.
    """

    value: Decimal

    def __post_init__(self) -> None:
        exact(self.value)

    def read(self, row: ScoredIndicator, figures: Figures) -> Reading:  # noqa: ARG002 - no figure is needed
        """The printed number."""
        number = Fraction(self.value)
        return Reading(
            Span(number, number), (Text(f"标准为 {self.value}", f"set at {self.value}"),)
        )


class Total(_Taken, frozen=True, kw_only=True, tag="total"):
    """The sum of figures; of one figure, that figure.

    Attributes:
        figures: ids of numbers in one unit of measure.
        left_out: ids of numbers among them that the standard exempts. They are taken off where
            somebody supplies them; an exemption that nobody claims is none.
    """

    figures: FigureIds
    left_out: tuple[FigureId, ...] = ()

    def read(self, row: ScoredIndicator, figures: Figures) -> Reading:  # noqa: ARG002 - figures of any row
        """The sum."""
        total = _less(_sum(self.figures, figures), self.left_out, figures)
        if total.value is None:
            return Reading(Span(), total.steps, total.read, total.missing)
        result = format_fraction(total.value)
        formula = total.formula if len(total.read) == 1 else f"{total.formula} = {result}"
        names = _names(self.figures, figures)
        names = _names_less(names, self.left_out, figures)
        step = Text(f"{names.zh}：{formula}", f"{names.en}: {formula}")
        return Reading(Span(total.value, total.value), (step,), total.read)


class Rate(_Taken, frozen=True, kw_only=True, tag="rate"):
    """A rate in percent: the sum of some figures over the sum of others.

    Summing before dividing gives the rate of the totals, not the mean of the rates.

    Attributes:
        over: ids above the line.
        under: ids below the line.
        zero: what a rate over 0 counts as, in percent, or `no-score`.
        decimals: decimals of the percentage, half-up, before it is used; or `exact`.
        left_out: ids of numbers that the standard lets go from below the line. They are taken off
            where somebody supplies them.
    """

    over: FigureIds
    under: FigureIds
    zero: PercentOrNoScore
    decimals: Decimals
    left_out: tuple[FigureId, ...] = ()

    def __post_init__(self) -> None:
        if self.zero != NO_SCORE:
            percent_of(self.zero)

    def read(self, row: ScoredIndicator, figures: Figures) -> Reading:  # noqa: ARG002 - figures of any row
        """The rate. Nothing over something unknown is 0%, unless a rate over 0 counts more."""
        over = _sum(self.over, figures)
        under = _less(_sum(self.under, figures), self.left_out, figures)
        missing = (*over.missing, *under.missing)
        read = (*over.read, *under.read)
        nothing = over.value == 0 and self.zero in {NO_SCORE, "0"}
        if over.value is None or (under.value is None and not nothing):
            return Reading(Span(), (*over.steps, *under.steps), read, missing)
        if under.value is None:
            zero = Text("分子为 0，无论分母多少，比率都是 0%", "the numerator is 0: the rate is 0%")
            return Reading(Span(Fraction(0), Fraction(0)), (*under.steps, zero), read, missing)
        if under.value == 0:
            return _over_zero(self.zero, self._below(figures).zh, read)
        return self._rate(over, under, figures, read)

    def _rate(
        self, over: _Sum, under: _Sum, figures: Figures, read: tuple[FigureId, ...]
    ) -> Reading:
        rate = HUNDRED * (over.value or 0) / (under.value or 1)
        used = rounded(rate, self.decimals)
        above, below = _names(self.over, figures), self._below(figures)
        shown = f"{over.formula} ÷ {under.formula} = {format_fraction(rate)}%"
        steps = [
            Text(
                f"{above.zh} ÷ {below.zh}：{shown}",
                f"{above.en} ÷ {below.en}: {shown}",
            )
        ]
        if used != rate:
            steps.append(
                Text(
                    f"比率先取为 {format_fraction(used)}%",
                    f"rate rounded to {format_fraction(used)}%",
                )
            )
        return Reading(Span(used, used), tuple(steps), read)

    def _below(self, figures: Figures) -> Text:
        return _names_less(_names(self.under, figures), self.left_out, figures)


def _over_zero(zero: str, below: str, read: tuple[FigureId, ...]) -> Reading:
    """What a rate over 0 is, by the parameter of its rule."""
    if zero == NO_SCORE:
        step = Text(
            f"{below} 为 0，标准没有规定",
            "the denominator is 0: not provided for by the standard",
        )
        return Reading(Span(), (step,), read, undefined=True)
    rate = Fraction(zero)
    step = Text(f"{below} 为 0，按 {zero}% 计", f"the denominator is 0: counts {zero}%")
    return Reading(Span(rate, rate), (step,), read)


class WeightedMean(_Taken, frozen=True, kw_only=True, tag="weighted-mean"):
    """A mean of relative figures of several places or projects, weighted by others such as money.

    Attributes:
        values: ids of the relative figures, in one unit of measure.
        by: ids of their weights, in the same order.
        decimals: decimals of the mean, half-up, before it is used; or `exact`.
    """

    values: FigureIds
    by: FigureIds
    decimals: Decimals

    def __post_init__(self) -> None:
        if len(self.values) != len(self.by):
            raise Invalid(
                f"{len(self.values)} 个值配 {len(self.by)} 个权重",
                f"{len(self.values)} values have {len(self.by)} weights",
            )

    def read(self, row: ScoredIndicator, figures: Figures) -> Reading:  # noqa: ARG002 - figures of any row
        """The mean. Weights that add up to 0 give none."""
        sums = _sum((*self.values, *self.by), figures)
        if sums.missing:
            return Reading(Span(), sums.steps, sums.read, sums.missing)
        pairs = [
            (_sum((v,), figures), _sum((w,), figures))
            for v, w in zip(self.values, self.by, strict=True)
        ]
        weights = sum((w.value or Fraction(0) for _, w in pairs), Fraction(0))
        if weights == 0:
            step = Text(
                "权重合计为 0，无法计算平均值", "the weights add up to 0, so there is no mean"
            )
            return Reading(Span(), (step,), sums.read, undefined=True)
        mean = sum(((v.value or 0) * (w.value or 0) for v, w in pairs), Fraction(0)) / weights
        used = rounded(mean, self.decimals)
        formula = " + ".join(f"{v.formula}×{w.formula}" for v, w in pairs)
        shown = f"({formula}) ÷ {format_fraction(weights)} = {format_fraction(mean)}"
        step = Text(
            f"加权平均：{shown}，取 {format_fraction(used)}",
            f"weighted mean: {shown}, used as {format_fraction(used)}",
        )
        return Reading(Span(used, used), (step,), sums.read)


class Days(_Taken, frozen=True, kw_only=True, tag="days"):
    """Calendar days from the first date of an `interval` figure to its second.

    Attributes:
        figure: id of the interval. Where the second date is the earlier one the days are negative.
    """

    figure: IntervalId

    def read(self, row: ScoredIndicator, figures: Figures) -> Reading:  # noqa: ARG002 - a figure of any row
        """The days, with their sign."""
        figure = figures.get(self.figure)
        days = figure.days if figure else None
        if days is None:
            step = absent(self.figure, figures, "起止日期", "an interval")
            return Reading(Span(), (step,), (), (self.figure,))
        number = Fraction((days[1] - days[0]).days)
        name = name_of(self.figure, figures)
        shown = f"{days[0]} → {days[1]} = {number}"
        step = Text(f"{name}：{shown} 天", f"{self.figure}: {shown} days")
        return Reading(Span(number, number), (step,), (self.figure,))


class ShareInTime(_Taken, frozen=True, kw_only=True, tag="share-in-time"):
    """The percentage of `interval` figures whose days are allowed.

    Attributes:
        prefix: takes every figure reported under the row whose id is this, a hyphen and more.
        allowed: days, such as `[0,30]`, which a second date before the first does not meet.
        none: what no such figure at all counts as, in percent; `no-score`, or `missing`.
    """

    prefix: IntervalId
    allowed: str
    none: Annotated[
        str,
        Meta(pattern=r"^(no-score|missing|\d+(\.\d+)?)\Z", extra={WORDS: ("no-score", "missing")}),
    ]

    def __post_init__(self) -> None:
        interval_of(self.allowed)
        if self.none not in {NO_SCORE, "missing"}:
            percent_of(self.none)

    def read(self, row: ScoredIndicator, figures: Figures) -> Reading:
        """The share; between two ends as long as one of the dates is missing."""
        found = [
            figure
            for figure in figures.under(row.indicator)
            if figure.id.startswith(f"{self.prefix}-")
        ]
        if not found:
            return self._none(figures.names.get(self.prefix, f"{self.prefix}-…"))
        allowed = interval_of(self.allowed)
        met = [Days(figure=figure.id).read(row, figures) for figure in found]
        sure = sum(1 for reading in met if not reading.missing and reading.span.inside(allowed))
        open_ = sum(1 for reading in met if reading.missing)
        low, high = (Fraction(100 * count, len(found)) for count in (sure, sure + open_))
        steps = [self._step(reading) for reading in met]
        shown = f"{sure} ÷ {len(found)} = {format_fraction(low)}%"
        steps.append(
            Text(f"在 {self.allowed} 天内的：{shown}", f"within {self.allowed} days: {shown}")
        )
        read = tuple(
            figure.id for figure, reading in zip(found, met, strict=True) if not reading.missing
        )
        missing = tuple(
            figure.id for figure, reading in zip(found, met, strict=True) if reading.missing
        )
        return Reading(Span(low, high), tuple(steps), read, missing)

    def _step(self, reading: Reading) -> Text:
        step = reading.steps[0]
        if reading.missing:
            return step
        met = reading.span.inside(interval_of(self.allowed))
        return Text(
            f"{step.zh}，{'符合' if met else '不符合'} {self.allowed}",
            f"{step.en}, {'within' if met else 'outside'} {self.allowed}",
        )

    def _none(self, name: str) -> Reading:
        if self.none == "missing":
            step = Text(f"未填报任何 {name} 基础数据", f"missing: any {self.prefix}-…")
            return Reading(Span(Fraction(0), HUNDRED), (step,), (), (self.prefix,))
        if self.none == NO_SCORE:
            step = Text(
                f"没有任何 {name}，标准没有规定",
                f"no {self.prefix}-…: not provided for by the standard",
            )
            return Reading(Span(), (step,), undefined=True)
        share = percent_of(self.none)
        step = Text(
            f"没有任何 {name}，按 {self.none}% 计",
            f"no {self.prefix}-…: counts {self.none}%",
        )
        return Reading(Span(share, share), (step,))


class Difference(_Taken, frozen=True, kw_only=True, tag="difference"):
    """One number less another, in the unit of both: an increase, or points of percentage.

    Attributes:
        of: the number.
        less: what is taken from it.
    """

    of: "Measure"
    less: "Measure"

    def read(self, row: ScoredIndicator, figures: Figures) -> Reading:
        """The difference; between two ends as long as one of the numbers is."""
        own, off = self.of.read(row, figures), self.less.read(row, figures)
        both = _both(own, off)
        if both.undefined:
            return both
        span = Span(_minus(own.span.low, off.span.high), _minus(own.span.high, off.span.low))
        steps = both.steps
        if own.span.value is not None and off.span.value is not None and span.value is not None:
            first, second, result = map(
                format_fraction, (own.span.value, off.span.value, span.value)
            )
            shown = f"{first} − {_in_brackets(second)} = {result}"
            steps = (*steps, Text(f"相差：{shown}", f"difference: {shown}"))
        return both._replace(span=span, steps=steps)


class Quotient(_Taken, frozen=True, kw_only=True, tag="quotient"):
    """A rate in percent of any two numbers: of a rate or mean and its target, of days and days.

    A rate of change is the quotient of a difference and what it starts from.

    Attributes:
        over: the number above the line.
        under: the number below it; below 0 there is no rate.
        zero: what a rate over 0 counts as, in percent, or `no-score`.
        decimals: decimals of the percentage, half-up, before it is used; or `exact`.
    """

    over: "Measure"
    under: "Measure"
    zero: PercentOrNoScore
    decimals: Decimals

    def __post_init__(self) -> None:
        if self.zero != NO_SCORE:
            percent_of(self.zero)

    def read(self, row: ScoredIndicator, figures: Figures) -> Reading:
        """The rate; between two ends as long as the number above the line is."""
        above, below = self.over.read(row, figures), self.under.read(row, figures)
        both = _both(above, below)
        number = below.span.value
        if both.undefined or number is None:
            return both
        if number == 0:
            over_zero = _over_zero(self.zero, "分母", both.figures)
            return over_zero._replace(steps=(*both.steps, *over_zero.steps), missing=both.missing)
        if number < 0:
            shown = format_fraction(number)
            step = Text(
                f"分母 {shown} 小于 0，比率没有意义", f"the denominator {shown} is below 0: no rate"
            )
            return both._replace(steps=(*both.steps, step), undefined=True)
        rates = [None if end is None else HUNDRED * end / number for end in above.span]
        used = Span(*(None if rate is None else rounded(rate, self.decimals) for rate in rates))
        steps = both.steps
        if used.value is not None and above.span.value is not None:
            over, under = (format_fraction(each) for each in (above.span.value, number))
            rate = HUNDRED * above.span.value / number
            shown = f"{over} ÷ {under} = {format_fraction(rate)}%"
            if rate != used.value:
                shown = f"{shown} → {format_fraction(used.value)}%"
            steps = (*steps, Text(f"比率：{shown}", f"rate: {shown}"))
        return both._replace(span=used, steps=steps)


def _both(first: Reading, second: Reading) -> Reading:
    """What two numbers were read from; where they lie together is for the caller."""
    return Reading(
        Span(),
        (*first.steps, *second.steps),
        (*first.figures, *second.figures),
        (*first.missing, *second.missing),
        undefined=first.undefined or second.undefined,
    )


def _minus(end: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if end is None or other is None else end - other


def _in_brackets(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


Measure = Constant | Total | Rate | WeightedMean | Days | ShareInTime | Difference | Quotient


class MeasuredRule(ExactRule, frozen=True, kw_only=True):
    """A rule that scores one number.

    Attributes:
        value: the number.
    """

    value: Measure

    def judge(self, weight: Fraction, span: Span) -> "Judged | None":
        """What a number within the span may get, or `None` where the rule says nothing of it."""
        raise NotImplementedError

    def silence(self, span: Span) -> Text:
        """Why the rule says nothing of the number."""
        raise NotImplementedError

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows; within [0, weight]."""
        reading = self.value.read(row, figures)
        if reading.undefined:
            return undecided(row, reading.steps, reading.figures)
        judged = self.judge(Fraction(row.weight), reading.span)
        if judged is None:
            steps = (*reading.steps, self.silence(reading.span))
            return undecided(row, steps, reading.figures, reading.missing)
        steps = reading.steps if judged.step is None else (*reading.steps, judged.step)
        return ScoreRange(judged.lowest, judged.highest, steps, reading.figures, reading.missing)


class Judged(NamedTuple):
    """Lowest and highest points of a number, and the sentence that explains them."""

    lowest: Fraction
    highest: Fraction
    step: Text | None
