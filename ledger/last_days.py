"""The last days of a case (截止日期): what its rubric sets, or else the notice of its year.

A notice is an event of the register (`YearNoticeRecorded`). One that amends it sets what it names,
and the rest stays. A notice for one kind of review, which is a rubric, goes before one for all.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from ledger.case import Case
from ledger.envelope import RecordedEvent
from ledger.events import YearNoticeRecorded
from ledger.language import Text
from ledger.rubric import Rubric
from ledger.time_limits import DueDate, TimeLimit, TimeLimits
from ledger.values import LastDayRule, OrganisationId, RubricId

Step: TypeAlias = Literal[
    "submission",
    "draft",
    "objection",
    "result",
    "receipt",
    "publication",
    "appeal",
    "rectification",
]
STEPS: Final = (
    *("submission", "draft", "objection", "result", "receipt", "publication", "rectification"),
)
"""What a notice may set a last day for, in the order in which it comes."""

NoticeKind: TypeAlias = tuple[OrganisationId, int, RubricId | None]
"""Of what there is one notice in force: the bureau, the year, and the rubric that it is for."""

Notices: TypeAlias = tuple[RecordedEvent, ...]
"""Notices as the register has them, oldest first."""

_WORKING: Final = "wd"


def due_field(step: str) -> str:
    """The field of a notice that sets the last day of a step."""
    return f"{step}_due"


def fixed_day(rule: LastDayRule) -> date | None:
    """The day that a rule names; `None` where it counts days, or where there is no such day."""
    try:
        return date.fromisoformat(rule)
    except ValueError:
        return None


def limit_of(rule: LastDayRule, source: str) -> TimeLimit | DueDate:
    """What a notice sets, as a rubric would."""
    if day := fixed_day(rule):
        return DueDate(by=day, source=source)
    return TimeLimit(
        days=int(rule.rstrip(_WORKING)),
        counting="working" if rule.endswith(_WORKING) else "calendar",
        source=source,
    )


class LastDay(NamedTuple):
    """The last day of a step.

    Attributes:
        day: `None` where none is set, where its time has not begun, or where it cannot be stated.
        unstated: why it cannot, although its time has begun.
        limit: what sets it.
        by_notice: whether that is a notice, and not the rubric.
    """

    day: date | None = None
    unstated: Text | None = None
    limit: TimeLimit | DueDate | None = None
    by_notice: bool = False


class LastDays(Struct, frozen=True):
    """The time limits of one case.

    Attributes:
        limits: of its rubric, with the days off that it lists.
        notices: that are for the case; what an earlier one of them sets, a later one does not.
    """

    limits: TimeLimits = TimeLimits()
    notices: tuple[YearNoticeRecorded, ...] = ()

    def last_day(
        self, step: Step, first: date | None = None, *, by_calendar: bool = True
    ) -> LastDay:
        """The last day of a step whose time begins on `first`.

        Args:
            step: of the case.
            first: the day; a last day that is a date does without.
            by_calendar: see `TimeLimits.last_day`.
        """
        limit, by_notice = self._own(step), False
        if limit is None:
            limit, by_notice = self._of_notices(step), True
        if limit is None:
            return LastDay()
        if isinstance(limit, DueDate):
            return LastDay(limit.by, None, limit, by_notice)
        day = self.limits.last_day(limit, first, by_calendar=by_calendar)
        return LastDay(day, self.limits.unstated(limit, first), limit, by_notice)

    def _own(self, step: Step) -> TimeLimit | DueDate | None:
        own = self.limits
        limits: dict[str, TimeLimit | DueDate | None] = {
            "submission": own.self_evaluation,
            "objection": own.objection,
            "publication": own.publication,
            "appeal": own.appeal,
            "rectification": own.rectification,
        }
        return limits.get(step)

    def _of_notices(self, step: Step) -> TimeLimit | DueDate | None:
        rules = ((notice, getattr(notice, due_field(step), None)) for notice in self.notices)
        return next((limit_of(rule, notice.number) for notice, rule in rules if rule), None)


def notices_in(register: Iterable[RecordedEvent]) -> Notices:
    """The notices among the events of the register."""
    return tuple(one for one in register if isinstance(one.event, YearNoticeRecorded))


def last_days_of(
    case: Case, rubric: Rubric | None, notices: Iterable[RecordedEvent], on: date | None = None
) -> LastDays:
    """The time limits of a case.

    Args:
        case: as far as it has come.
        rubric: that it has pinned.
        notices: that count.
        on: a day, where what later notices set does not count: it takes no lateness back.
    """
    limits = rubric.clocks if rubric else TimeLimits()
    opened = case.opened
    if opened is None:
        return LastDays(limits)
    kind = case.pinned.rubric if case.pinned else None
    of_case = [
        notice
        for recorded in reversed(tuple(notices))
        if isinstance(notice := recorded.event, YearNoticeRecorded)
        and (notice.bureau, notice.year) == (opened.bureau, opened.year)
        and notice.rubric in {None, kind}
        and (on is None or recorded.dated <= on)
    ]
    of_case.sort(key=lambda notice: notice.rubric is None)  # the last one first, of each
    return LastDays(limits, tuple(of_case))
