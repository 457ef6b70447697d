"""Tiers on a value (分档): the stretch of the number line it falls on decides the points."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.language import Text
from ledger.rules.measure import Judged, MeasuredRule, Span
from ledger.rules.score_range import format_fraction, scale_of
from ledger.values import Interval, Invalid, in_words, interval_of

# A place where the number line is cut: side of infinity, number, 0 before it or 1 after it.
# Two stretches join without gap or overlap exactly where one ends at the cut the other starts at.
_Cut = tuple[int, Decimal, int]


def _start(interval: Interval) -> _Cut:
    if interval.low is None:
        return -1, Decimal(0), 0
    return 0, interval.low, 0 if interval.low_closed else 1


def _end(interval: Interval) -> _Cut:
    if interval.high is None:
        return 1, Decimal(0), 0
    return 0, interval.high, 1 if interval.high_closed else 0


def refuse_gaps(domain: str, ranges: Iterable[str]) -> None:
    """Refuse tiers that leave a number of the domain out or hold one twice.

    Raises:
        Invalid: a gap, an overlap, or a tier outside the domain; the message names the place.
    """
    whole = interval_of(domain)
    reached, before = _start(whole), "(定义域起点)"
    for text in sorted(ranges, key=lambda text: _start(interval_of(text))):
        start = _start(interval_of(text))
        if start != reached:
            zh, en = ("空档", "a gap") if start > reached else ("重叠", "an overlap")
            raise Invalid(
                f"{before} 与 {text} 之间有{zh}，分档应恰好铺满 {domain}",
                f"{en} before {text}: the tiers must cover {domain} exactly once",
            )
        reached, before = _end(interval_of(text)), text
    if reached != _end(whole):
        raise Invalid(
            f"最后一档 {before} 没有到定义域 {domain} 的终点或越过终点",
            f"the last tier {before} does not end where {domain} ends",
        )


def uneven(domain: str, ranges: Iterable[str]) -> Iterator[tuple[Literal["gap", "overlap"], str]]:
    """The stretches of a domain that no range holds, and those that two hold, from low to high.

    Ranges may reach beyond the domain, unlike tiers: a band may go on above the cap.
    """
    whole = interval_of(domain)
    reached, last = _start(whole), _end(whole)
    begun = False
    for interval in sorted(map(interval_of, ranges), key=_start):
        start, end = _start(interval), _end(interval)
        if reached < min(start, last):
            yield "gap", _stretch(reached, min(start, last))
        elif begun and start < min(reached, end):
            yield "overlap", _stretch(start, min(reached, end))
        reached, begun = max(reached, end), True
    if reached < last:
        yield "gap", _stretch(reached, last)


def _stretch(start: _Cut, end: _Cut) -> str:
    low = "(-" if start[0] else f"{'(' if start[2] else '['}{start[1]}"
    high = "-)" if end[0] else f"{end[1]}{']' if end[2] else ')'}"
    return f"{low},{high}"


class Tier(Struct, frozen=True, forbid_unknown_fields=True):
    """One tier.

    Attributes:
        range: the values it holds, such as `[90,100)`.
        points: what they get, on the scale of the rule.
    """

    range: str
    points: Decimal


class Tiers(MeasuredRule, frozen=True, kw_only=True, tag="tiers"):
    """Points by the tier that a value falls into. The lowest tier need not be 0.

    Attributes:
        value: the number that is graded.
        domain: every value the standard provides for. Outside it there is no score.
        out_of: the scale of the points, as a rule the row's weight.
        tiers: together exactly the domain, in any order.

    Raises:
        Invalid: gaps, overlaps, tiers outside the domain, points off the scale.
    """

    domain: str
    out_of: Decimal
    tiers: Annotated[tuple[Tier, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        refuse_gaps(self.domain, (tier.range for tier in self.tiers))
        scale_of((tier.points for tier in self.tiers), self.out_of)

    def judge(self, weight: Fraction, span: Span) -> Judged | None:
        """The points of the tiers that the value may fall into."""
        hit = [tier for tier in self.tiers if span.meets(interval_of(tier.range))]
        if not hit:
            return None
        scores = [weight * Fraction(tier.points) / Fraction(self.out_of) for tier in hit]
        return Judged(min(scores), max(scores), self._step(weight, span, hit))

    def silence(self, span: Span) -> Text:
        """No tier holds the value."""
        shown = format_fraction(span.value) if span.value is not None else "?"
        return Text(
            f"{shown} 不在 {self.domain} 内，没有对应的档次",
            f"{shown} is outside {self.domain}: no tier covers it",
        )

    def _step(self, weight: Fraction, span: Span, hit: list[Tier]) -> Text | None:
        if span.value is None or len(hit) > 1:
            return None
        (tier,) = hit
        points = f"{tier.points}"
        if weight != self.out_of:
            score = weight * Fraction(tier.points) / Fraction(self.out_of)
            points = (
                f"{format_fraction(weight)} × {points} ÷ {self.out_of} = {format_fraction(score)}"
            )
        within = in_words(interval_of(tier.range))
        return Text(
            f"数值 {format_fraction(span.value)}，{within.zh}：{points}",
            f"{format_fraction(span.value)} is {within.en}: {points}",
        )


TierShape = Tiers
"""The shapes of this family; a new one joins here, and nowhere else in the code."""
