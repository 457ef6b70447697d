"""Points in time: which part of a history a reader asks about.

Both times are kept: what was true by a business date, and what the archive knew at an instant. A
point may name both: `2024-08-01@2024-09-15T00:00Z` is the first of August as it was known in
September. It is text of one form, which documents, JSON and web addresses can hold.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from msgspec import Struct

from ledger.author_proofs import NOTHING_SIGNED, AuthorProofs
from ledger.case import Case, History, copied
from ledger.editions import Editions
from ledger.envelope import RecordedEvent, is_case
from ledger.events import (
    DraftSent,
    ResultIssued,
    SelfEvaluationSubmitted,
)
from ledger.known_results import KnownResults
from ledger.language import Text
from ledger.last_days import LastDays, Notices, last_days_of
from ledger.rubric import Rubric
from ledger.time_zone import BEIJING
from ledger.values import Instant, Invalid, day_of

if TYPE_CHECKING:
    from ledger.moves import Move

Made = TypeVar("Made")

STAGE_EVENTS = {
    "self": SelfEvaluationSubmitted,
    "draft": DraftSent,
    "issued": ResultIssued,
}
FINAL = "final"
LAST_DAY = "9999-12-31"


class CaseAsOf(Struct, frozen=True, dict=True):
    """A point of a case's life, as the user named it, with what had happened by then.

    Attributes:
        label: `v57`, `self`, `draft`, `issued`, `final`, a date, or `recorded:` and an instant; any
            but the last may be followed by `@` and the instant at which it is known.
        editions: of the rubric that the case pins.
        history: the events that count, in version order. For a business date this may leave out
            events in the middle: they were recorded later but dated earlier, or the reverse.
        zone: the time zone of the ledger.
        notices: of the year, those that count there.
        proofs: the signatures of the whole case, by the versions that the reader sees.
        left_out: of each entry that was passed over because it means nothing there, that it was.
        verified: the level to which the bytes of case and rubric were verified while they were
            read; `None` where they were believed.
        practice: whether nothing in the ledger is real.
    """

    label: str
    history: History
    editions: Editions
    zone: tzinfo = BEIJING
    verified: Literal["L0"] | None = None
    left_out: tuple[Text, ...] = ()
    notices: Notices = ()
    practice: bool = False
    proofs: AuthorProofs = NOTHING_SIGNED

    @property
    def version(self) -> int:
        """Of the last event that counts; 0 before the first."""
        return self.history[-1].version if self.history else 0

    @property
    def is_of_no_case(self) -> bool:
        """Whether the history is that of the register or of a rubric."""
        return bool(self.history) and not is_case(self.history[0].case)

    @property
    def case(self) -> Case:
        """The state folded from the history. It is shared, so nobody changes it."""
        return Case() if self.is_of_no_case else self.history.case

    @cached_property
    def moves(self) -> "tuple[Move, ...]":
        """What each event of the history changed and answers, oldest first."""
        whole, count = self._cut_from, len(self.history)
        # Where the last one has the place that it has there, nothing in the middle is left out.
        if whole and count and whole.history[count - 1] is self.history[-1]:
            return whole.moves[:count]
        return self._walk[0]

    def earlier(self, label: str) -> "CaseAsOf":
        """Another point of this history. What is known of both is worked out once.

        Raises:
            Invalid: no such form, a version beyond the last, or a stage that was not reached.
        """
        return self._start if label == "self" else self._at(label)

    def _at(self, label: str) -> "CaseAsOf":
        stated = self.history, self.editions, label, self.zone, self.notices
        point = at(*stated, practice=self.practice, proofs=self.proofs)
        point.__dict__.update(known_results=self.known_results, _cut_from=self)
        return point

    @cached_property
    def _cut_from(self) -> "CaseAsOf | None":
        """The point that this one is an earlier one of, if it was asked for there."""
        return None

    @cached_property
    def known_results(self) -> KnownResults:
        """What rules gave at the points of this history that were looked at."""
        return KnownResults()

    def made(self, view: "Callable[[CaseAsOf], Made]") -> Made:
        """What a view computes at this point: made once, however often it is asked for."""
        known = self._made
        if view not in known:
            known[view] = view(self)
        made: Made = known[view]
        return made

    @cached_property
    def _made(self) -> "dict[Callable[[CaseAsOf], Any], Any]":
        return {}

    @cached_property
    def _start(self) -> "CaseAsOf":
        """The last submission, as it was passed by on the way through the moves."""
        start = self._at("self")
        _, submitted = self._walk
        if submitted is not None:
            start.history.case = submitted
        return start

    @cached_property
    def _walk(self) -> "tuple[tuple[Move, ...], Case | None]":
        """Every move, and the case as it was when it was last submitted."""
        from ledger.moves import moves  # noqa: PLC0415 - slow to import, not for one score

        case, submitted, every = Case(), None, []
        for move in moves(self.history, case):
            every.append(move)
            if isinstance(move.recorded.event, SelfEvaluationSubmitted):
                submitted = copied(case)
        self.history.case = case  # a later caller need not fold it again
        return tuple(every), submitted

    @cached_property
    def rubric(self) -> Rubric | None:
        """The rubric that the case has pinned by then; `None` before it does."""
        found = self.case.pinned
        return self.editions.rubric(found.edition) if found else None

    @cached_property
    def last_days(self) -> LastDays:
        """The last days of the case there."""
        return self.last_days_on(None)

    def last_days_on(self, day: date | None) -> LastDays:
        """The same, without what notices of later days set."""
        return last_days_of(self.case, self.rubric, self.notices, day)


# Eight digits are rather a day without its hyphens.
_VERSION = re.compile(r"^(?:v(\d{1,9})|(\d{1,7}))\Z", re.ASCII)
_BARE_NUMBER = re.compile(r"^(?=\d{1,7}(?:@|\Z))", re.ASCII)
_INSTANT = re.compile(
    r"^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:\d\d)\Z", re.ASCII
)
_WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*[+-]\d\d:\d\d\Z", re.ASCII)
_RECORDED = "recorded:"
KNOWN = "@"
"""Between a point and the instant at which it is known."""


def at(  # noqa: PLR0913 - what a point is made of
    history: Sequence[RecordedEvent],
    editions: Editions,
    label: str = FINAL,
    zone: tzinfo = BEIJING,
    notices: Notices = (),
    *,
    practice: bool = False,
    proofs: AuthorProofs = NOTHING_SIGNED,
) -> CaseAsOf:
    """The point of a history that a label names.

    Stages name their last event: after a return and resubmission `self` is the resubmission.

    Raises:
        Invalid: no such form, a version beyond the last, or a stage that was not reached.
    """
    named = in_utc(_BARE_NUMBER.sub("v", label))
    counted = History.of(_counted(history, named))
    last = counted[-1].at if counted else None
    count = notices_at(notices, named, last) if notices else ()
    return CaseAsOf(named, counted, editions, zone, notices=count, practice=practice, proofs=proofs)


def last_needed(label: str) -> int | None:
    """The last version that a point can count, where its label says so; `None` where all can.

    What comes after it need not be read.
    """
    match = _VERSION.match(label.partition(KNOWN)[0])
    return (int(match.group(1) or match.group(2)) or None) if match else None


class PointInTime(NamedTuple):
    """What a label asks for, before there is a history to ask.

    Attributes:
        axis: along what the history is cut; `stage` by its last event, `final` not at all.
        value: a stage, a version, a day or an instant of fixed width, as text.
        known: the instant by which what counts was recorded, where the label says so besides.
    """

    axis: Literal["final", "stage", "version", "dated", "recorded"]
    value: str
    known: Instant | None = None


def moment_of(label: str) -> PointInTime:
    """The moment that a label names.

    Raises:
        Invalid: no such form, or no such day or instant.
    """
    point, at_instant, known = label.partition(KNOWN)
    if at_instant:
        moment = moment_of(point)
        if moment.axis == "recorded" or KNOWN in known:
            raise Invalid(
                f"时点“{label}”有两个记录时间。请只填写一个",
                f"the point '{label}' names two recorded times; name one",
            )
        return moment._replace(known=instant_of(known))
    if label == FINAL:
        return PointInTime("final", "")
    if label in STAGE_EVENTS:
        return PointInTime("stage", label)
    if match := _VERSION.match(label):
        return PointInTime("version", match.group(1) or match.group(2))
    if label.startswith(_RECORDED):
        return PointInTime("recorded", instant_of(label.removeprefix(_RECORDED)))
    if not label[:1].isdigit():
        raise Invalid(
            f"无法识别时点“{label}”；可用 v57、self、draft、issued、final、2024-08-01、"
            "recorded:2026-11-21T10:00:00Z、2024-08-01@2024-09-15T00:00Z",
            f"unknown point '{label}'; use v57, self, draft, issued, final, 2024-08-01,"
            " recorded:2026-11-21T10:00:00Z or 2024-08-01@2024-09-15T00:00Z",
            subject=label.lower(),
            known=(FINAL, *STAGE_EVENTS),
        )
    return PointInTime("dated", day_of(label).isoformat())


def moment_over_cases(label: str) -> PointInTime:
    """The moment that a label names for many cases at once: `final` is the end of the last day.

    Raises:
        Invalid: no such form, or a version, which is of one case.
    """
    moment = moment_of(label)
    match moment.axis:
        case "version":
            raise Invalid(
                f"“{label}”是一个评价事项的版本，不能用于多个事项；"
                "可用日期、日期@时刻、recorded:时刻、self、draft、issued、final",
                f"'{label}' is a version of one case and cannot be used for several; use a date,"
                " DATE@INSTANT, recorded:INSTANT, self, draft, issued or final",
            )
        case "final":
            return PointInTime("dated", LAST_DAY, moment.known)
        case _:
            return moment


def as_known(label: str, known: str | None) -> str:
    """A point as it was known at an instant; `final` is all that was recorded by then.

    Args:
        label: the point, which names no instant of recording yet.
        known: the instant as people write it, or `None` for the point as it is.

    Raises:
        Invalid: no such form.
    """
    if known is None:
        return label
    label = in_utc(f"{label}{KNOWN}{known}")
    moment_of(label)
    return label


def in_utc(label: str) -> str:
    """A label with its instants in UTC, as every other place that shows the point writes it."""
    return _WITH_OFFSET.sub(lambda found: instant_of(found[0]), label)


def known_by(label: str) -> Instant | None:
    """The instant by which what counts at a point was recorded; `None` where it names none."""
    moment = moment_of(label)
    return moment.value if moment.axis == "recorded" else moment.known


def _counted(history: Sequence[RecordedEvent], label: str) -> Iterable[RecordedEvent]:
    axis, value, known = moment_of(label)
    if known is not None:
        history = [recorded for recorded in history if recorded.at <= known]
    match axis:
        case "final":
            return history
        case "stage":
            event = STAGE_EVENTS[value]
            last = max(
                (recorded.version for recorded in history if isinstance(recorded.event, event)),
                default=0,
            )
            if not last:
                raise Invalid(f"尚未到“{value}”阶段", f"the stage '{value}' has not been reached")
            return [recorded for recorded in history if recorded.version <= last]
        case "version":
            version = int(value)
            last = history[-1].version if history else 0  # some may be hidden from the reader
            if not 1 <= version <= last:
                raise Invalid(
                    f"没有第 {version} 条。现有第 1～{last} 条",
                    f"there is no event {version}; there are events 1 to {last}",
                )
            return [recorded for recorded in history if recorded.version <= version]
        case "recorded":
            return [recorded for recorded in history if recorded.at <= value]
        case "dated":
            day = date.fromisoformat(value)
            return [recorded for recorded in history if recorded.dated <= day]


def notices_at(notices: Notices, label: str, last: Instant | None = None) -> Notices:
    """The notices that count at a point, as the events of a case do.

    Args:
        notices: of the register.
        label: the point.
        last: when the last event of a version or a stage was recorded; what is later does not count
            there.
    """
    axis, value, known = moment_of(label)
    by = {"recorded": value, "dated": known, "final": known}.get(axis)
    if axis in {"version", "stage"}:
        by = min(filter(None, (known, last)), default=None)
    return tuple(
        recorded
        for recorded in notices
        if (axis != "dated" or recorded.dated <= date.fromisoformat(value))
        and (by is None or recorded.at <= by)
    )


def instant_of(text: str) -> Instant:
    """The instant that a text writes to the minute or finer: in UTC, or with its offset.

    >>> instant_of("2024-09-15T08:00+08:00")
    '2024-09-15T00:00:00.000000Z'

    Raises:
        Invalid: not of the form 2026-11-21T10:00Z, or no such instant.
    """
    match = _INSTANT.match(text)
    if match is None:
        raise Invalid(
            f"“{text}”不是时刻。请按 2026-11-21T18:00+08:00（北京时间）"
            "或 2026-11-21T10:00Z（世界时，即北京时间减 8 小时）填写",
            f"'{text}' is not an instant. Write it as 2026-11-21T10:00Z (UTC), or with its"
            " offset as 2026-11-21T18:00+08:00",
        )
    minute, second, fraction, zone = match.groups()
    try:
        there = datetime.fromisoformat(f"{minute}:{second or '00'}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(f"“{text}”没有这个时刻", f"there is no instant '{text}'") from None
    return f"{there.isoformat()[:19]}.{(fraction or '').ljust(6, '0')}Z"
