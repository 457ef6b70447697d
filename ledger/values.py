"""The values everything else is made of. What is meaningless cannot be built.

Numbers are `Decimal`, written as plain decimal strings; dates are ISO 8601; instants are
fixed-width UTC strings with microseconds, so that comparing text compares time. No float anywhere.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Final, Literal, NamedTuple

from msgspec import UNSET, Meta, UnsetType, ValidationError

from ledger import right_form
from ledger.language import Text
from ledger.problem import Mendable
from ledger.stored_struct import StoredStruct

PLACES_MAX: Final = 6
DIGITS_MAX: Final = 20
INTEGER_MAX: Final = 2**53 - 1  # RFC 8785 reads numbers as IEEE doubles


class Invalid(Mendable, ValueError):
    """A value that means nothing. The message says what was given and what is allowed.

    It is a `ValueError` as well because msgspec asks for one of a struct that refuses to be built,
    and states where in the input the struct is.
    """


def version_seen(written: object) -> int:
    """A version of a stream as people write it, `v57` or 57.

    Raises:
        Invalid: it is something else.
    """
    digits = "" if isinstance(written, bool) else str(written).removeprefix("v")
    if not (digits.isascii() and digits.isdecimal() and 0 < int(digits[:16]) <= INTEGER_MAX):
        raise Invalid(*right_form.version(written))
    return int(digits)


FORM: Final = "form"
"""What a type declares next to its pattern: which function of `right_form` explains how it is
written."""

WORDS: Final = "words"
"""Likewise: which words may take the place of a number."""

READ_AS: Final = "read-as"
"""Likewise: as what kind of figure a rule reads the one that it names."""


def _slug(description: str, max_length: int = 64) -> Meta:
    return Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
        max_length=max_length,
        description=description,
        extra={FORM: right_form.slug},
    )


CaseId = Annotated[str, _slug("A case: one unit, one year, one rubric.")]
RubricId = Annotated[str, _slug("A rubric of any edition.")]
IndicatorId = Annotated[str, _slug("An indicator. Names repeat, ids do not.")]
FIGURE: Final = "A figure, unique in its case."
FigureId = Annotated[str, _slug(FIGURE)]
YesNoId = Annotated[FigureId, Meta(extra={READ_AS: "yes-no"})]
TextId = Annotated[FigureId, Meta(extra={READ_AS: "text"})]
IntervalId = Annotated[FigureId, Meta(extra={READ_AS: "interval"})]
IncidentsId = Annotated[FigureId, Meta(extra={READ_AS: ""})]
"""A figure that is read as a count or as an answer, as another parameter says."""
ItemId = Annotated[
    str, _slug("A bonus or penalty item, finding or other numbered thing of a case.")
]
DocumentId = Annotated[str, _slug("A document that the record rests on, unique in its case.")]
AccountId = Annotated[str, _slug("An account. Never a personal name.")]
OrganisationId = Annotated[str, _slug("An organisation.")]
CommandId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9._:-]+\Z",
        min_length=1,
        max_length=100,
        description="Idempotency key of a command, unique in its stream.",
        extra={FORM: right_form.key},
    ),
]
Sha256 = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-f]{64}\Z",
        description="SHA-256 in lower-case hex.",
        extra={FORM: right_form.digest},
    ),
]
SHA256_FORM: Final = re.compile(r"[0-9a-f]{64}")
TimeZoneName = Annotated[
    str,
    Meta(
        pattern=r"^(?:UTC|[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+)\Z",
        max_length=64,
        description="A time zone by its name in the IANA database, such as Asia/Shanghai.",
        extra={FORM: right_form.time_zone},
    ),
]
Edition = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9.-]+\Z", max_length=32, extra={FORM: right_form.key})
]
Words = Annotated[
    str,
    Meta(
        pattern=r"\S",
        min_length=1,
        max_length=8000,
        description="Text with something in it besides white space.",
    ),
]
Months = Annotated[int, Meta(ge=1, le=INTEGER_MAX, description="A number of months.")]
Count = Annotated[int, Meta(ge=0, le=INTEGER_MAX, description="A whole number.")]
Instant = Annotated[
    str,
    Meta(
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z",
        description="UTC with microseconds: 2026-11-21T10:00:00.000000Z",
        extra={FORM: right_form.instant},
    ),
]
Base64 = Annotated[
    str,
    Meta(
        pattern=r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z",
        min_length=4,
        description="Bytes in base64 (RFC 4648 section 4), padded, without line feeds.",
    ),
]

LastDayRule = Annotated[
    str,
    Meta(
        pattern=r"^(?:\d{4}-\d\d-\d\d|[1-9]\d{0,2}w?d)\Z",
        description="A day, or how many days: `2024-07-31`, `20d`, `10wd` (working days).",
        extra={FORM: right_form.last_day},
    ),
]
Scheme = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
        max_length=32,
        description="How a signature was made: `ed25519`, `webauthn`, `sshsig`, `sm2-x509`.",
    ),
]
Stage = Literal["open", "submitted", "draft", "issued", "closed"]


def instant(moment: datetime) -> Instant:
    """The fixed-width form of an aware moment."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


# Fourteen digits and six decimals are within all limits; what is not of this form, such as a number
# below 0, is looked at more closely.
_USUAL: Final = re.compile(
    rf"\d{{1,{DIGITS_MAX - PLACES_MAX}}}+(?:\.\d{{1,{PLACES_MAX}}}+)?+\Z", re.ASCII
).match


def exact(*numbers: Decimal | None) -> None:
    """Accept numbers that are printed as they are, and `None` for one that is missing.

    Raises:
        Invalid: not finite, an exponent, more than six decimals, more than twenty digits or -0.
    """
    for number in numbers:
        if number is None or _USUAL(str(number)):
            continue
        _, digits, exponent = number.as_tuple()
        if not isinstance(exponent, int):
            raise Invalid(f"{number} 不是数", f"{number} is not a number")
        if exponent > 0 or exponent < -PLACES_MAX or len(digits) > DIGITS_MAX:
            raise Invalid(
                f"{number} 超出范围：最多 {PLACES_MAX} 位小数、{DIGITS_MAX} 位数字，不用指数写法",
                f"{number} is out of range: at most {PLACES_MAX} decimals and {DIGITS_MAX} digits,"
                " without an exponent",
            )
        if number.is_zero() and number.is_signed():
            raise Invalid(f"{number} 应写成 0", f"{number} must be written as 0")


_PLAIN = re.compile(r"^-?\d+(\.\d+)?\Z", re.ASCII)


def number_of(text: str) -> Decimal:
    """The number that a plain decimal string writes, to the digit.

    Raises:
        Invalid: the text is not a plain decimal, such as `1,234`, `5%`, `1e400` or `NaN`.
    """
    if _USUAL(text):
        return Decimal(text)
    try:
        if not _PLAIN.match(text):
            raise InvalidOperation
        number = Decimal(text)
    except InvalidOperation:
        raise Invalid(*right_form.number(text)) from None
    exact(number)
    return number


def whole_of(text: str) -> int:
    """The whole number that a text writes, from 0 on.

    Raises:
        Invalid: it writes something else.
    """
    if not (text.isascii() and text.isdecimal() and int(text[:16]) <= INTEGER_MAX):
        raise Invalid(*right_form.whole(text))
    return int(text)


YEARS: Final = (1949, 2200)
"""The first and the last year that can be reviewed."""


def year_of(text: str) -> int:
    """The year that a text writes.

    Raises:
        Invalid: it writes something else, or a year that no case can have.
    """
    four_digits = len(text) == len("2024") and text.isascii() and text.isdecimal()
    if not (four_digits and YEARS[0] <= int(text) <= YEARS[1]):
        raise Invalid(*right_form.whole(text, *YEARS))
    return int(text)


class Interval(NamedTuple):
    """A stretch of the number line with open or closed ends. `None` is unbounded on that side."""

    low: Decimal | None
    high: Decimal | None
    low_closed: bool
    high_closed: bool

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, Decimal):
            return False
        low, high = self.low, self.high
        above = low is None or number > low or (self.low_closed and number == low)
        below = high is None or number < high or (self.high_closed and number == high)
        return above and below


_INTERVAL = re.compile(
    r"^([\[(])\s*(-?\d+(?:\.\d+)?|-)\s*,\s*(-?\d+(?:\.\d+)?|-)\s*([\])])\Z", re.ASCII
)


@lru_cache(maxsize=256)
def interval_of(text: str) -> Interval:
    """The interval that a text writes as in mathematics: `[90,100)`; `(-,60)` has no lower end.

    Raises:
        Invalid: not of that form, or an empty interval.
    """
    match = _INTERVAL.match(text)
    if not match:
        raise Invalid(
            f"区间“{text}”格式不正确，应如 [90,100)",
            f"'{text}' is not an interval such as [90,100)",
        )
    opening, low_text, high_text, closing = match.groups()
    low = None if low_text == "-" else number_of(low_text)
    high = None if high_text == "-" else number_of(high_text)
    interval = Interval(low, high, opening == "[", closing == "]")
    if (
        low is not None
        and high is not None
        and (low > high or (low == high and low not in interval))
    ):
        raise Invalid(f"区间“{text}”是空的", f"the interval '{text}' is empty")
    return interval


def in_words(interval: Interval, unit: str = "") -> Text:
    """An interval as people say it: 超过 150%, at least 80% and below 90%."""
    low, high = f"{interval.low}{unit}", f"{interval.high}{unit}"
    from_zh, from_en = ("不低于", "at least") if interval.low_closed else ("超过", "above")
    to_zh, to_en = ("不超过", "at most") if interval.high_closed else ("不足", "below")
    lower = Text(f"{from_zh} {low}", f"{from_en} {low}") if interval.low is not None else None
    upper = Text(f"{to_zh} {high}", f"{to_en} {high}") if interval.high is not None else None
    if lower and upper:
        if low == high:
            return Text(f"为 {low}", f"exactly {low}")
        if interval.low_closed and interval.high_closed:
            return Text(f"在 {low}～{high} 之间", f"from {low} to {high}")
        return Text(f"{lower.zh} 且{upper.zh}", f"{lower.en} and {upper.en}")
    return lower or upper or Text("任何数", "any number")


Sense = Literal["at-least", "at-most", "exactly", "described"]
FigureKind = Literal["number", "date", "interval", "yes-no", "text"]


class Target(StoredStruct, frozen=True):
    """What a figure was meant to reach.

    Attributes:
        sense: which side is better; `described` for a target in words (提高、长期).
        value: a plain decimal for the first three senses, words for the last.
    """

    sense: Sense
    value: Words

    def refuse_nonsense(self) -> None:
        """Refuse a number that is none.

        Raises:
            Invalid: with what is written, and how it should be written.
        """
        if self.sense != "described" and not _USUAL(self.value):
            try:
                number_of(self.value)
            except Invalid as error:
                error.field = "value"
                raise

    @property
    def number(self) -> Decimal | None:
        """The target as a number, or `None` for one in words."""
        return None if self.sense == "described" else number_of(self.value)


class Figure(StoredStruct, frozen=True):
    """One submitted or restated datum (基础数据、实际完成值).

    Attributes:
        id: unique in the case; the same id in a restatement names the same datum.
        indicator: the indicator it was reported under. Other rows may read it too.
        name: what it is called in the document.
        kind: how to read `value`: `number` (plain decimal), `date`, `interval` (`start/end`, two
            dates, ISO 8601), `yes-no` (`yes` or `no`) or `text`.
        value: as text, or `None` where it was not supplied. Missing is not zero.
        unit: unit of measure (台、元、万元、%); empty where it has none.
        target: what was to be reached, if anything.
        scope: whom it covers (本级、部门).
        source: document and place where it is printed, in words; `cites` of the event is checked.
        note: anything a reader must know.
        goal_class: of the goal that it measures, as the document classes it (数量、质量、社会效益).
        period: the two days from and to which it counts, `start/end`.
        as_of: the day at which it was taken (时点).
    """

    id: FigureId
    indicator: IndicatorId
    name: Words
    kind: FigureKind = "number"
    value: str | None = None
    unit: str = ""
    target: Target | None = None
    scope: str = ""
    source: str = ""
    note: str = ""
    goal_class: Words | UnsetType = UNSET
    period: str | UnsetType = UNSET
    as_of: date | UnsetType = UNSET

    def refuse_nonsense(self) -> None:
        """Refuse a value that is not of its kind, or a period that is none.

        Raises:
            Invalid: with what is written, and how it should be written.
        """
        if self.period is not UNSET:
            try:
                _days_of(self.period)
            except Invalid as error:
                error.field = "period"
                raise
        if self.value is None or (self.kind == "number" and _USUAL(self.value)):
            return
        try:
            self._read(self.value)
        except Invalid as error:
            error.field = "value"
            raise

    def _read(self, value: str) -> None:
        match self.kind:
            case "number":
                number_of(value)
            case "date":
                day_of(value)
            case "interval":
                _days_of(value)
            case "yes-no" if value not in {"yes", "no"}:
                raise Invalid(f"“{value}”应为 yes 或 no", f"'{value}' must be yes or no")
            case "text" if not value.strip():
                raise Invalid(
                    "文字值为空；没有的请留空不写", "a text value is empty; leave it out instead"
                )
            case _:
                pass

    @property
    def number(self) -> Decimal | None:
        """The value of a `number`, or `None` when missing or of another kind."""
        return number_of(self.value) if self.kind == "number" and self.value is not None else None

    @property
    def day(self) -> date | None:
        """The value of a `date`, or `None` when missing or of another kind."""
        return day_of(self.value) if self.kind == "date" and self.value is not None else None

    @property
    def days(self) -> tuple[date, date] | None:
        """Both ends of an `interval`, or `None` when missing or of another kind."""
        return _days_of(self.value) if self.kind == "interval" and self.value is not None else None

    @property
    def met(self) -> bool | None:
        """The value of a `yes-no`, or `None` when missing or of another kind."""
        return self.value == "yes" if self.kind == "yes-no" and self.value is not None else None


def day_of(text: str) -> date:
    """The date that an ISO 8601 text writes.

    Raises:
        Invalid: not of the form 2023-11-04, or no such day.
    """
    try:
        day = date.fromisoformat(text)
        if day.isoformat() != text:  # such as 20231104 or 2023-W44-6
            raise ValueError
    except ValueError:
        raise Invalid(*right_form.day(text)) from None
    return day


def _days_of(text: str) -> tuple[date, date]:
    first, slash, last = text.partition("/")
    if not slash:
        raise Invalid(
            f"“{text}”应为两个日期，如 2023-11-09/2023-11-24",
            f"'{text}' must be two dates such as 2023-11-09/2023-11-24",
        )
    return day_of(first), day_of(last)


class Citation(StoredStruct, frozen=True):
    """Where something is printed (出处).

    Attributes:
        document: a registered document of the case.
        place: in that document, beginning with one of its parts: 附件1 第 1 行.
    """

    document: DocumentId
    place: Words


class Evidence(StoredStruct, frozen=True):
    """A file known by its SHA-256 (佐证材料). Its bytes live outside the events.

    Attributes:
        sha256: of the file's bytes.
        title: as the document calls itself.
        number: document number (文号), empty where it has none.
        media_type: such as `application/pdf`.
        size: in bytes.
    """

    sha256: Sha256
    title: Words
    number: str = ""
    media_type: str = "application/octet-stream"
    size: Count = 0


def place_in(error: ValidationError) -> str:
    """Where in what was read `msgspec` found something wrong, as keys with points between."""
    _, at, place = str(error).rpartition(" - at `$")
    return place.removesuffix("`").removeprefix(".") if at else ""


_FIELD: Final = (
    (
        re.compile(r"Object missing required field `(.+?)`"),
        "缺少字段 {}",
        "the field {} is missing",
    ),
    (re.compile(r"Object contains unknown field `(.+?)`"), "没有字段 {}", "there is no field {}"),
)


def explained(error: ValidationError) -> Text:
    """What is wrong with a part of the record that is not of its form, and where."""
    text = Text("格式不正确", "its form is not correct")
    if isinstance(error.__cause__, Invalid):
        text = error.__cause__.text
    for pattern, zh, en in _FIELD:
        if match := pattern.match(str(error)):
            text = Text(zh.format(match[1]), en.format(match[1]))
    place = place_in(error)
    return Text(f"{text.zh}（位置：{place}）", f"{text.en} (at {place})") if place else text
