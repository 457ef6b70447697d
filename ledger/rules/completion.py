"""Completion rates (完成率): every target reported under the row, scored, and then the mean."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct, field

from ledger.language import Text, from_to
from ledger.rules.measure import Span
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.rules.score_range import (
    HUNDRED,
    Decimals,
    ExactRule,
    MissingPolicy,
    Percent,
    ScoreRange,
    absent,
    by_policy,
    format_fraction,
    percent_of,
    rounded,
    undecided,
)
from ledger.rules.tiers import refuse_gaps
from ledger.values import WORDS, Figure, FigureId, Invalid, Words, in_words, interval_of

LEFT_OUT = "left-out"
Counted = Annotated[
    str,
    Meta(
        pattern=r"^(left-out|\d+(\.\d+)?)\Z",
        description="Percent, or `left-out` of the mean.",
        extra={WORDS: (LEFT_OUT,)},
    ),
]


class CompletionBand(Struct, frozen=True, forbid_unknown_fields=True):
    """What completion rates of one stretch count.

    Attributes:
        range: completion rates in percent, such as `[60,100)`.
        counts: percent of the item's score, or `rate` for the completion rate itself.
    """

    range: str
    counts: Annotated[str, Meta(pattern=r"^(rate|\d+(\.\d+)?)\Z", extra={WORDS: ("rate",)})]

    def __post_init__(self) -> None:
        if self.counts != "rate":
            percent_of(self.counts)
            return
        low, high, *_ = interval_of(self.range)
        if low is None or high is None or low < 0 or high > HUNDRED:
            raise Invalid(
                f"按完成率计分的一段 {self.range} 应在 0 到 100 之间",
                f"a band that counts its rate must be within 0 to 100, not {self.range}",
            )

    def of(self, rate: Fraction) -> Fraction:
        """The percent that a completion rate of this band counts."""
        return rate if self.counts == "rate" else percent_of(self.counts)

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """The least and the most percent that the band gives."""
        if self.counts != "rate":
            return percent_of(self.counts), percent_of(self.counts)
        interval = interval_of(self.range)
        return Fraction(interval.low or 0), Fraction(interval.high or 0)


class _Item(NamedTuple):
    """One target and the percent it counts; `None` in every state but `counted`.

    An `ungraded` one is described in words and has no grade: it counts what some grade does.
    """

    figure: FigureId
    step: Text
    percent: Fraction | None = None
    state: Literal["counted", "left-out", "missing", "ungraded", "silent"] = "counted"


class Completion(ExactRule, frozen=True, kw_only=True, tag="completion"):
    """The mean over all targets reported under the row, each scored by its completion rate.

    The items are the row's figures that carry a target. An item whose value is `yes`, `no` or text
    counts what `words` gives for it, regardless of its target: so a finished item, an unfinished
    one, a grade and a cancelled one are all distinct from a missing one, which has no value at all.

    Where the standard grades targets that are described in words, `grades` holds its grades, and
    such an item counts by its grade alone. One that nobody has graded counts somewhere from the
    worst grade to the best: that something was done says nothing of its grade.

    Attributes:
        domain: completion rates in percent that the standard provides for.
        bands: what they count; together exactly the domain.
        at_most: how a target not to be exceeded is read when it is kept or missed:
            `met-or-not` (100% or 0%) or `capped-ratio` (met is 100%, missed is target ÷ value).
        exactly: how a target to be hit is read: `met-or-not`, or `ratio` (value ÷ target).
        zero_target: how a target of 0 or less to be reached is read, of which there is no ratio:
            `met-or-not`, or `no-score`.
        rate_decimals: decimals of the completion rate in percent, half-up, before the bands;
            or `exact`.
        words: what a value in words counts, by word; `yes` and `no` among them where they occur.
        share_decimals: decimals of one item's share of the weight, half-up; or `exact`, which is
            the plain mean. Rounded shares may add up to more than the weight, and are then capped,
            or to less, and full marks are then out of reach.
        no_targets: what a row without any target gets.
        grades: what a target described in words counts, in percent by grade; empty where such
            targets count what `words` says.
    """

    domain: str
    bands: Annotated[tuple[CompletionBand, ...], Meta(min_length=1)]
    at_most: Literal["met-or-not", "capped-ratio"]
    exactly: Literal["met-or-not", "ratio"]
    zero_target: Literal["met-or-not", "no-score"]
    rate_decimals: Decimals
    words: dict[str, Counted]
    share_decimals: Decimals
    no_targets: MissingPolicy
    grades: dict[Words, Percent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        refuse_gaps(self.domain, (band.range for band in self.bands))
        for percent in self.grades.values():
            percent_of(percent)
        for counted in self.words.values():
            if counted != LEFT_OUT:
                percent_of(counted)

    def outcome(self, row: ScoredIndicator, figures: Figures) -> ScoreRange:
        """What the rule allows; within [0, weight]."""
        targets = [figure for figure in figures.under(row.indicator) if figure.target]
        if not targets:
            step = Text("没有填报任何目标", "no targets were reported")
            return by_policy(self.no_targets, row, (step,))
        items = [self._item(target, figures) for target in targets]
        steps = tuple(item.step for item in items)
        open_ = {"missing", "ungraded"}
        read = tuple(item.figure for item in items if item.state not in open_)
        missing = tuple(item.figure for item in items if item.state in open_)
        scores = list(self._scores(Fraction(row.weight), items))
        if not scores or any(item.state == "silent" for item in items):
            return undecided(row, steps, read, missing)
        lowest, highest = min(scores), max(scores)
        if lowest == highest:
            steps = (*steps, self._sum_up(row, items, lowest))
        elif any(item.state == "ungraded" for item in items):
            ends = from_to(format_fraction(lowest), format_fraction(highest))
            count = len([item for item in items if item.state != "left-out"])
            steps = (*steps, Text(f"{count} 项合计：{ends.zh}", f"{count} items: {ends.en}"))
        return ScoreRange(lowest, highest, steps, read, missing)

    def _item(self, figure: Figure, figures: Figures) -> _Item:
        if self.grades and figure.target and figure.target.sense == "described":
            return self._graded(figure)
        if figure.value is None:
            step = absent(figure.id, figures, "完成值", "a completed value")
            return _Item(figure.id, step, state="missing")
        if figure.kind in {"yes-no", "text"}:
            return self._in_words(figure, figure.value, figures)
        number, target = figure.number, figure.target.number if figure.target else None
        if number is None or target is None:
            step = absent(figure.id, figures, "目标的完成值", "a value of its target")
            return _Item(figure.id, step, state="missing")
        return self._in_numbers(figure, Fraction(number), Fraction(target))

    def _graded(self, figure: Figure) -> _Item:
        counted = self.grades.get(figure.value or "")
        if counted is None:
            low, high = (format_fraction(end) for end in self._grade_ends)
            grades = "/".join(self.grades)
            step = Text(
                f"{figure.name}：没有评级（{grades}），可得 {low}% 至 {high}%",
                f"{figure.id}: no grade ({grades}), anything from {low}% to {high}%",
            )
            return _Item(figure.id, step, state="ungraded")
        step = Text(
            f"{figure.name}：评为{figure.value}，按 {counted}% 计",
            f"{figure.id}: graded {figure.value}, counts {counted}%",
        )
        return _Item(figure.id, step, percent_of(counted))

    @property
    def _grade_ends(self) -> tuple[Fraction, Fraction]:
        percents = [percent_of(percent) for percent in self.grades.values()]
        return min(percents), max(percents)

    def _in_words(self, figure: Figure, word: str, figures: Figures) -> _Item:
        counted = self.words.get(word)
        zh = {"yes": "是", "no": "否"}.get(word, word)
        if counted is None:
            step = absent(figure.id, figures, "评级", "a grade")
            return _Item(figure.id, step, state="missing")
        if counted == LEFT_OUT:
            step = Text(
                f"{figure.name}：{zh}，不计入个数", f"{figure.id}: {word}, left out of the mean"
            )
            return _Item(figure.id, step, state="left-out")
        step = Text(
            f"{figure.name}：{zh}，按 {counted}% 计", f"{figure.id}: {word} counts {counted}%"
        )
        return _Item(figure.id, step, percent_of(counted))

    def _in_numbers(self, figure: Figure, number: Fraction, target: Fraction) -> _Item:
        rate, why = self._rate(figure, number, target)
        if rate is None:
            return _Item(figure.id, _prefixed(figure, why), state="silent")
        rate = rounded(rate, self.rate_decimals)
        band = next((band for band in self.bands if _holds(band, rate)), None)
        if band is None:
            outside = Text(
                f"{why.zh}，完成率不在 {self.domain} 内，没有对应的规定",
                f"{why.en}: no band covers this rate in {self.domain}",
            )
            return _Item(figure.id, _prefixed(figure, outside), state="silent")
        percent = band.of(rate)
        within = in_words(interval_of(band.range), "%")
        step = Text(
            f"{why.zh}，{within.zh}，按 {format_fraction(percent)}% 计",
            f"{why.en}, {within.en}: counts {format_fraction(percent)}%",
        )
        return _Item(figure.id, _prefixed(figure, step), percent)

    def _rate(
        self, figure: Figure, number: Fraction, target: Fraction
    ) -> tuple[Fraction | None, Text]:
        sense = figure.target.sense if figure.target else "described"
        if sense == "at-most":
            return self._kept(number, target)
        if sense == "exactly" and (self.exactly == "met-or-not" or target <= 0):
            return _met(number, "=", target) if number == target else _missed(number, "≠", target)
        if target > 0:
            return _ratio(number, target)
        if self.zero_target == "met-or-not":
            return _met(number, "≥", target) if number >= target else _missed(number, "<", target)
        shown = f"{format_fraction(number)} ÷ {format_fraction(target)}"
        return None, Text(f"{shown} 没有意义，标准没有规定", f"{shown} has no meaning")

    def _kept(self, number: Fraction, target: Fraction) -> tuple[Fraction, Text]:
        if number <= target:
            return _met(number, "≤", target)
        if self.at_most == "met-or-not" or target <= 0:
            return _missed(number, ">", target)
        return _ratio(target, number)

    def _scores(self, weight: Fraction, items: list[_Item]) -> Iterator[Fraction]:
        """Every extreme: missing items at their least and most, and left out where they may be."""
        known = [item.percent for item in items if item.percent is not None]
        open_ = sum(1 for item in items if item.state == "missing")
        ungraded = sum(1 for item in items if item.state == "ungraded")
        worst_to_best = self._grade_ends if ungraded else (Fraction(0), Fraction(0))
        fewest = 0 if LEFT_OUT in self.words.values() else open_
        for more in range(fewest, open_ + 1):
            count = len(known) + ungraded + more
            if count:
                share = rounded(weight / count, self.share_decimals)
                for end, grade in zip(self._ends(), worst_to_best, strict=True):
                    total = sum(known, Fraction(0)) + more * end + ungraded * grade
                    yield min(share * total / HUNDRED, weight)

    def _ends(self) -> tuple[Fraction, Fraction]:
        """The least and the most percent that any item can count."""
        ends = [end for band in self.bands for end in band.ends]
        ends += [percent_of(counted) for counted in self.words.values() if counted != LEFT_OUT]
        return min(ends), max(ends)

    def _sum_up(self, row: ScoredIndicator, items: list[_Item], score: Fraction) -> Text:
        known = [item.percent for item in items if item.percent is not None]
        total = " + ".join(f"{format_fraction(percent)}%" for percent in known)
        if self.share_decimals == "exact":
            shown = f"{row.weight} × ({total}) ÷ {len(known)} = {format_fraction(score)}"
        else:
            share = rounded(Fraction(row.weight) / len(known), self.share_decimals)
            sum_ = share * sum(known, Fraction(0)) / HUNDRED
            capped = "" if sum_ <= row.weight else f" → {row.weight}"
            part = f"{row.weight} ÷ {len(known)} → {format_fraction(share)}"
            shown = (
                f"{part}；{format_fraction(share)} × ({total}) = {format_fraction(sum_)}{capped}"
            )
        return Text(f"{len(known)} 项合计：{shown}", f"{len(known)} items: {shown}")


def _prefixed(figure: Figure, text: Text) -> Text:
    return Text(f"{figure.name}：{text.zh}", f"{figure.id}: {text.en}")


def _holds(band: CompletionBand, rate: Fraction) -> bool:
    return Span(rate, rate).inside(interval_of(band.range))


def _met(number: Fraction, sign: str, target: Fraction) -> tuple[Fraction, Text]:
    shown = f"{format_fraction(number)} {sign} {format_fraction(target)}"
    return HUNDRED, Text(
        f"{shown}，达到目标，完成率按 100% 计", f"{shown}: met, a completion rate of 100%"
    )


def _missed(number: Fraction, sign: str, target: Fraction) -> tuple[Fraction, Text]:
    shown = f"{format_fraction(number)} {sign} {format_fraction(target)}"
    return Fraction(0), Text(
        f"{shown}，未达到目标，完成率按 0% 计", f"{shown}: missed, a completion rate of 0%"
    )


def _ratio(over: Fraction, under: Fraction) -> tuple[Fraction, Text]:
    rate = HUNDRED * over / under
    shown = f"{format_fraction(over)} ÷ {format_fraction(under)} = {format_fraction(rate)}%"
    return rate, Text(f"完成率 {shown}", f"completion rate {shown}")


CompletionShape = Completion
"""The shapes of this family; a new one joins here, and nowhere else in the code."""
