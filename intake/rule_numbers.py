"""Conditions about a number, such as `90%≤完成率<100%` or `80%以上`: stretches and their tiers.

Some words state who owns a bound that two tiers print (不低于, 含, <), and others leave it open
(以上, 80%-90%). Where none of the neighbours says it, it is nobody's to decide but a person's.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise, product
from typing import Final, NamedTuple

from intake.rule_text import NUMBER
from ledger.language import Text


class Unclear(Exception):
    """Sentences that cannot be made a rule, and why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


class End(NamedTuple):
    """An end of a stretch; `closed` is `None` where the words leave it open."""

    number: Decimal
    closed: bool | None


class Stretch(NamedTuple):
    """The numbers for which a condition holds.

    Attributes:
        subject: the number that it is about, as named there; empty where it is not named.
        unit: as printed after the numbers.
        low: the lower end, `None` without one.
        high: the upper end.
    """

    subject: str
    unit: str
    low: End | None
    high: End | None

    def reach(self, side: str) -> Decimal | None:
        """Where the numbers of a side begin: for `below` under which, for `above` over which."""
        end, other = (self.high, self.low) if side == "below" else (self.low, self.high)
        return end.number if end and not other else None

    def edge(self, side: str) -> Decimal | None:
        """Where the numbers of a side end that are still in the stretch."""
        end = self.low if side == "below" else self.high
        return end.number if end else None


class Tier(NamedTuple):
    """A tier and its points.

    Attributes:
        range: as a rubric file has it; `None` where one of its bounds is open.
        choices: the ranges that it may be, where it is open.
        shared: the bounds that are open.
    """

    points: str
    range: str | None
    choices: tuple[str, ...]
    shared: tuple[Decimal, ...]


RATE: Final = "rate"
"""What a tier is worth whose points are the number itself."""
_N: Final = f"({NUMBER})"
_UNIT: Final = (
    "(%|‰|个工作日|工作日|个月|小时|分钟|万元|亿元|元|公里|公顷|人次|天|日|次|个|项|家|户|人|件|份|场|期|亩"
    "|吨|年|倍|台|批|条|处)?"
)
_HOLDS: Final = rf"(?:\((不?含(?:{NUMBER}[^\d()]{{0,3}})?)\))?"
_SUBJECT: Final = r"([^\d<>≤≥=]*?)"
_LOW: Final = {
    **dict.fromkeys(
        ["≥", "大于或等于", "大于等于", "不低于", "不少于", "不小于", "达到", "达"], True
    ),
    **dict.fromkeys([">", "大于", "高于", "超过", "多于"], False),
}
"""Words for the lower end of a stretch, and whether it is held."""
_HIGH: Final = {
    **dict.fromkeys(["≤", "小于或等于", "小于等于", "不高于", "不超过", "不大于", "不多于"], True),
    **dict.fromkeys(["<", "小于", "低于", "少于", "不足", "未达到", "未达", "不到"], False),
}
"""The same for the upper end."""
_EQUAL: Final = "=|等于"


def _any(words: Sequence[str] | dict[str, bool]) -> str:
    return "(" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_ONE: Final = f"{_N}{_UNIT}{_HOLDS}"
"""A number, its unit, and whether it is meant to be held."""
_SIGNED: Final = re.compile(f"{_SUBJECT}({_EQUAL}|{_any(_LOW)[1:-1]}|{_any(_HIGH)[1:-1]}){_ONE}")
_BETWEEN_SIGNS: Final = re.compile(f"{_N}{_UNIT}([<≤>≥]){_SUBJECT}([<≤>≥]){_N}{_UNIT}")
_TWO_WORDS: Final = re.compile(
    f"{_SUBJECT}{_any(_LOW)}{_ONE}(?:,|且|但|并且|而|、|,但|,且)?{_any(_HIGH)}{_ONE}"
)
_FROM_TO: Final = re.compile(
    f"{_SUBJECT}(?:在|为|介于|处于)?{_ONE}(?:以上)?"
    f"(?:-|~|—|–|至|到|,|且|不满|,不足|不足|且不足|且小于|且低于){_ONE}(?:之间|以内|区间|以下)?{_HOLDS}"
)
_AFTER: Final = re.compile(
    f"{_SUBJECT}(?:在|为)?{_ONE}(及以上|以上|及以下|以下|以内|之内|及以内){_HOLDS}"
)
_EXACT: Final = re.compile(f"{_SUBJECT}(?:为|达)?{_N}(%)")
_EXCLUDING: Final = re.compile("不足|小于|低于|不满")


def stretch_of(words: str) -> Stretch | None:
    """The numbers for which a condition holds; `None` where it is not about one number."""
    for read in (_between_signs, _two_words, _signed, _after, _from_to, _exact):
        if found := read(words):
            return found
    return None


def _between_signs(words: str) -> Stretch | None:
    """`80%≤结果<90%`, and the same from the other side."""
    found = _BETWEEN_SIGNS.fullmatch(words)
    if not found or (found[3] in "<≤") != (found[5] in "<≤"):
        return None
    ends = End(Decimal(found[1]), found[3] in "≤≥"), End(Decimal(found[6]), found[5] in "≤≥")
    low, high = ends if found[3] in "<≤" else ends[::-1]
    return _stretch(found[4], found[2] or found[7], low, high)


def _two_words(words: str) -> Stretch | None:
    """`大于等于80%且小于90%`."""
    if not (found := _TWO_WORDS.fullmatch(words)):
        return None
    subject, low, first, unit, held, high, last, unit_2, held_2 = found.groups()
    return _stretch(
        subject,
        unit or unit_2,
        End(Decimal(first), _held(held, usual=_LOW[low])),
        End(Decimal(last), _held(held_2, usual=_HIGH[high])),
    )


def _signed(words: str) -> Stretch | None:
    """`结果≥95%`, `低于60%`, `=100%`."""
    if not (found := _SIGNED.fullmatch(words)):
        return None
    subject, sign, number, unit, held = found.groups()
    usual = {**_LOW, **_HIGH}.get(sign, True)
    end = End(Decimal(number), _held(held, usual=usual))
    low, high = None if sign in _HIGH else end, None if sign in _LOW else end
    return _stretch(subject, unit, low, high)


def _after(words: str) -> Stretch | None:
    """`90%（含）以上`, `3个以内`."""
    if not (found := _AFTER.fullmatch(words)):
        return None
    subject, number, unit, held, side, held_2 = found.groups()
    usual = True if side.startswith("及") else None
    end = End(Decimal(number), _held(held or held_2, usual=usual))
    return _stretch(subject, unit, *((end, None) if "上" in side else (None, end)))


def _from_to(words: str) -> Stretch | None:
    """`80%-90%（不含）`, `60%至80%之间`, `60%-80%（含60%）`."""
    if not (found := _FROM_TO.fullmatch(words)):
        return None
    subject, first, unit, held, last, unit_2, held_2, held_3 = found.groups()
    ends = {first: None, last: False if _EXCLUDING.search(words) else None}
    for said, its in ((held, first), (held_2, last), (held_3, last)):
        if said:
            number = re.search(NUMBER, said)
            of = number[0] if number else its
            if of not in ends:
                return None
            ends[of] = said.startswith("含")
    return _stretch(
        subject, unit or unit_2, End(Decimal(first), ends[first]), End(Decimal(last), ends[last])
    )


def _exact(words: str) -> Stretch | None:
    """`100%` alone."""
    if not (found := _EXACT.fullmatch(words)):
        return None
    end = End(Decimal(found[2]), closed=True)
    return _stretch(found[1], found[3], end, end)


def _held(held: str | None, *, usual: bool | None) -> bool | None:
    """Whether an end is held, as a bracket after it states, else as its words usually mean."""
    return usual if held is None else held.startswith("含")


def _stretch(subject: str, unit: str | None, low: End | None, high: End | None) -> Stretch | None:
    if low and high and low.number > high.number:
        return None
    subject = re.sub("(?:在|为|达到|达|:|,|的)+$", "", subject.strip(",:"))
    return Stretch(subject, unit or "", low, high)


# Tiers -------------------------------------------------------------------------------------------


class _Cut(NamedTuple):
    """Between two tiers: its number, and whether that is the lower one's; `None` where open."""

    number: Decimal
    to_the_lower: bool | None


def tiers_of(
    stretches: Sequence[tuple[Stretch, str]], otherwise: Sequence[str]
) -> tuple[str, list[Tier]]:
    """The domain of tiers and the tiers from the highest down, which fill it exactly.

    Args:
        stretches: each with its points, or `rate` for the number itself.
        otherwise: the points of all other numbers, where there is such a tier.

    Raises:
        Unclear: a gap between two tiers, or numbers that two of them hold.
    """
    ordered = sorted(stretches, key=lambda pair: _order(pair[0]))
    if len(otherwise) > 1:
        raise Unclear("“否则”不止一处", "several tiers are for all other numbers")
    points = [points for _, points in ordered]
    cuts = [
        _cut(low, high, *points[n : n + 2])
        for n, ((low, _), (high, _)) in enumerate(pairwise(ordered))
    ]
    first, last = ordered[0][0].low, ordered[-1][0].high
    bottom, top = _outer(first), _outer(last)
    if otherwise:
        if first is None and last is None:
            raise Unclear("“否则”没有余下的数", "no number is left for all others")
        if first is not None:
            cuts.insert(0, _Cut(first.number, None if first.closed is None else not first.closed))
            points.insert(0, otherwise[0])
            bottom = None
        if last is not None:
            cuts.append(_Cut(last.number, last.closed))
            points.append(otherwise[0])
            top = None
    domain = _text(bottom, top)
    edges = [bottom, *cuts, top]
    tiers = [_tier(points[n], edges[n], edges[n + 1]) for n in range(len(points))]
    return domain, tiers[::-1]


def _order(stretch: Stretch) -> tuple[Decimal, Decimal]:
    lowest, highest = Decimal("-Infinity"), Decimal("Infinity")
    return (
        stretch.low.number if stretch.low else lowest,
        stretch.high.number if stretch.high else highest,
    )


def _outer(end: End | None) -> End | None:
    """The end of all tiers: no other claims its number, so it belongs to the last one."""
    return None if end is None else End(end.number, end.closed is not False)


def _cut(lower: Stretch, upper: Stretch, *points: str) -> _Cut:
    """Where two neighbours meet, and whose the number between them is."""
    end, start = lower.high, upper.low
    if end is None or start is None or end.number > start.number:
        raise Unclear("两档重叠", "two tiers overlap")
    if end.number < start.number:
        raise Unclear(
            f"{end.number} 与 {start.number} 之间没有档次",
            f"there is no tier between {end.number} and {start.number}",
        )
    if lower.low and lower.low.number == end.number:  # a single number, which is its own
        if start.closed:
            raise Unclear("两档重叠", "two tiers overlap")
        return _Cut(end.number, to_the_lower=True)
    if upper.high and upper.high.number == start.number:
        if end.closed:
            raise Unclear("两档重叠", "two tiers overlap")
        return _Cut(end.number, to_the_lower=False)
    said = {end.closed, None if start.closed is None else not start.closed} - {None}
    if len(said) == 1:
        return _Cut(end.number, said.pop())
    worth = {end.number if each == RATE else Decimal(each) for each in points}
    return _Cut(end.number, to_the_lower=False if len(worth) == 1 else None)


def _tier(points: str, low: End | _Cut | None, high: End | _Cut | None) -> Tier:
    lows = (
        [None] if low is None else [End(low.number, closed) for closed in _closed(low, lower=False)]
    )
    highs = (
        [None]
        if high is None
        else [End(high.number, closed) for closed in _closed(high, lower=True)]
    )
    choices = tuple(_text(a, b) for a, b in product(lows, highs))
    shared = tuple(
        end.number
        for end, ways in ((low, lows), (high, highs))
        if end is not None and len(ways) > 1
    )
    return Tier(points, choices[0] if len(choices) == 1 else None, choices, shared)


def _closed(end: End | _Cut, *, lower: bool) -> list[bool]:
    """Whether an end belongs to a tier; `lower` says that the tier is below it."""
    if isinstance(end, End):
        return [end.closed is True]
    if end.to_the_lower is None:
        return [True, False]
    return [end.to_the_lower == lower]


def _text(low: End | None, high: End | None) -> str:
    """A stretch as a rubric file has it."""
    start = f"{'[' if low.closed else '('}{low.number}" if low else "(-"
    end = f"{high.number}{']' if high.closed else ')'}" if high else "-)"
    return f"{start},{end}"
