"""How days, rates, amounts, figures and events are written for readers of a language.

Only documents write so. The terminal writes days in ISO 8601, because that is how they are typed;
JSON and forms hold every value plain, as it is recorded.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import msgspec

from ledger.events import Event
from ledger.language import Language, Text, in_language, speaker
from ledger.rules.rule import half_up
from ledger.rules.score_range import decimal_of
from ledger.terms import ANSWERS, EVENTS
from ledger.time_zone import title_of
from ledger.values import Figure, Instant, Sense, Target
from ledger.visible import in_json
from projections.as_of import KNOWN, CaseAsOf, moment_of

RATE_DECIMALS: Final = 2
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
MONEY: Final = {"元": "yuan", "万元": "× 10,000 yuan", "亿元": "× 100,000,000 yuan"}
"""Units of money. An amount stays in the unit that it was reported in: converted, it could no
longer be compared with its paper."""
POINTS: Final = {
    "self": Text("自评", "self-evaluation"),
    "draft": Text("征求意见稿", "draft"),
    "issued": Text("印发", "issued"),
    "final": Text("现状", "current"),
}
SIGNS: Final[Mapping[Sense, str]] = {
    "at-least": "≥ ",
    "at-most": "≤ ",
    "exactly": "= ",
    "described": "",
}
NOTHING: Final = "—"
"""Missing is not zero."""


def day(when: date | None, language: Language) -> str:
    """A day: `2024年12月30日`, `30 December 2024`; a dash where there is none."""
    if when is None:
        return NOTHING
    if language == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def iso_day(when: date, _language: Language) -> str:
    """A day as it is typed: `2024-12-30`."""
    return when.isoformat()


def moment(when: Instant, language: Language, zone: tzinfo) -> str:
    """An instant in a time zone, to the minute, such as `30 December 2024 16:05`."""
    there = datetime.fromisoformat(when).astimezone(zone)
    separator = "" if language == "zh" else " "
    return f"{day(there.date(), language)}{separator}{there:%H:%M}"


def to_the_minute(when: Instant) -> str:
    """An instant as a point in time is typed: `2024-12-30T08:05Z`."""
    return f"{when[:16]}Z"


def point_name(label: str, language: Language, zone: tzinfo) -> str:
    """How people call a point of a case: a stage, an event, a day or an instant; or two of them.

    Args:
        label: of the point.
        language: of the reader.
        zone: in which an instant is stated.
    """
    point, _, _ = label.partition(KNOWN)
    axis, at, known = moment_of(label)
    if axis == "final" and known:
        name = ""
    elif point in POINTS:
        name = in_language(POINTS[point], language)
    elif axis == "dated":
        name = day(date.fromisoformat(at), language)
    elif axis == "recorded":
        name, known = "", at
    else:
        name = in_language(Text(f"第{at}条", f"v{at}"), language)
    if known is None:
        return name
    when, of = moment(known, language, zone), title_of(zone)
    recorded = in_language(
        Text(f"记录时间不晚于{of.zh}{when}", f"as recorded by {when} {of.en}"),
        language,
    )
    return in_language(Text("，", ", "), language).join(filter(None, (name, recorded)))


def named(point: CaseAsOf) -> Text:
    """The name of a point in both languages, instants in the time zone of its ledger."""
    label, zone = point.label, point.zone
    return Text(point_name(label, "zh", zone), point_name(label, "en", zone))


def rate(part: Decimal, whole: Decimal) -> str:
    """A part of a whole in percent to two decimals, rounded half-up once; else a dash."""
    if not whole:
        return NOTHING
    percent = half_up(decimal_of(Fraction(part) / Fraction(whole) * 100), RATE_DECIMALS)
    return f"{percent + 0:f}%"  # a negative zero is a zero


def amount(number: Decimal, unit: str, language: Language) -> str:
    """A number with its unit, money with thousands separators: `58,623.45 万元`."""
    if unit == "%":
        return f"{number:f}%"
    if unit in MONEY:
        return f"{number:,f} {unit if language == 'zh' else MONEY[unit]}"
    return f"{number:f} {unit}".rstrip()


def value(figure: Figure, language: Language) -> str:
    """The value of a figure of any kind, with its unit."""
    return quantity(figure_value(figure), figure.unit, language)


Value = Decimal | date | tuple[date, date] | bool | str
"""What a figure can contain, by its kind."""


def figure_value(figure: Figure) -> Value | None:
    """The value of a figure, of the type of its kind; `None` where it was not supplied."""
    match figure.kind:
        case "number":
            return figure.number
        case "date":
            return figure.day
        case "interval":
            return figure.days
        case "yes-no":
            return figure.met
        case "text":
            return figure.value


def quantity(
    value: Value | None,
    unit: str,
    language: Language,
    write_day: Callable[[date, Language], str] = day,
) -> str:
    """A value of any kind with its unit. Missing is not zero.

    Args:
        value: as `figure_value` gives it.
        unit: of measure; empty where it has none. Only numbers are written with it.
        language: of the reader.
        write_day: how a day is written.
    """
    say = speaker(language)
    match value:
        case None:
            return say("缺", "missing")
        case bool():
            return say(*ANSWERS["yes" if value else "no"])
        case Decimal():
            return amount(value, unit, language)
        case date():
            return write_day(value, language)
        case (first, last):
            return say("至", " to ").join(write_day(end, language) for end in (first, last))
        case _:
            return value


def target_text(target: Target | None) -> str | None:
    """A target as documents print it: `≥ 10`, `≤ 540`, `提高`."""
    return None if target is None else f"{SIGNS[target.sense]}{target.value}"


def aside(text: str, remark: str, language: Language) -> str:
    """A text with a remark in brackets, each language with its own; bare where there is none."""
    if not remark:
        return text
    return f"{text}（{remark}）" if language == "zh" else f"{text} ({remark})"


def plain(view: object, language: Language) -> Any:  # noqa: ANN401 - JSON data is what it is
    """A view in plain values, as JSON has them: its fields are the keys of the contract.

    A decimal keeps its digits in a string, a day is ISO 8601, a sentence is in one language.
    """
    return msgspec.to_builtins(view, enc_hook=_in_one(language))


def as_json(view: object, language: Language, *, in_ascii: bool = False) -> str:
    """The same as a JSON document in one line; what UTF-8, or ASCII, cannot write is an escape."""
    if not in_ascii:
        with suppress(UnicodeEncodeError):  # half a surrogate pair, out of a name of a file
            return msgspec.json.encode(view, enc_hook=_in_one(language)).decode()
    import json  # noqa: PLC0415 - slow to import, and for that alone

    return json.dumps(plain(view, language), ensure_ascii=in_ascii, separators=(",", ":"))


def indented_json(view: object, language: Language, *, in_ascii: bool = False) -> str:
    """The same, readable, and what nobody can see in a text is an escape."""
    return msgspec.json.format(in_json(as_json(view, language, in_ascii=in_ascii)), indent=2)


def _in_one(language: Language) -> Callable[[object], str]:
    def one_language(text: object) -> str:
        if isinstance(text, Text):
            return in_language(text, language)
        raise NotImplementedError

    return one_language


def happened(event: Event, language: Language) -> str:
    """The title of an event."""
    return in_language(EVENTS[type(event).__name__], language)
