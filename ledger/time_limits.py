"""Time limits (时限): how many days, counted how, from the receipt of the result.

They are data of the rubric, because they differ from place to place. Where no rule is known a limit
is unset and shown as unset; no default is guessed.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from ledger.language import Text
from ledger.official_calendar import OFFICIAL_YEARS, SATURDAY
from ledger.values import Words

ONE_DAY = timedelta(days=1)


DayAndLastDay: TypeAlias = tuple[date, date | None]
"""The business date of a command, and the last day that it sets; `None` where it sets none."""


def last_day_on(day: date, set_on: Iterable[DayAndLastDay]) -> date | None:
    """The last day that was set by a day; what was set later takes no lateness back."""
    known = [last for dated, last in set_on if last and dated <= day]
    return known[-1] if known else None


class TimeLimit(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A time limit.

    Attributes:
        days: the last day is this many days after the first; the first day is not counted.
        counting: `calendar` counts every day, `working` only working days.
        source: the document that sets it.
    """

    days: Annotated[int, Meta(ge=1, le=3660)]
    counting: Literal["calendar", "working"]
    source: Words


class DueDate(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A last day that a notice names.

    Attributes:
        by: that day.
        source: the document that sets it.
    """

    by: date
    source: Words


class TimeLimits(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The time limits of a jurisdiction; a limit that is left out is unset.

    Attributes:
        self_evaluation: to submit the self-evaluation and to make it public.
        rectification: to respond to a request, from receipt of the result.
        publication: to publish the result, from its receipt.
        appeal: to appeal, from receipt of the result.
        objection: to comment, from the day the draft was sent.
        holidays: days off that are not weekends. What is listed neither here nor in `workdays` is
            as the State Council arranged it (`ledger.official_calendar`).
        workdays: weekend days that are worked (调休上班).
    """

    self_evaluation: DueDate | None = None
    rectification: TimeLimit | None = None
    publication: TimeLimit | None = None
    appeal: TimeLimit | None = None
    objection: TimeLimit | None = None
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()

    def last_day(
        self, limit: TimeLimit | None, first: date | None, *, by_calendar: bool = True
    ) -> date | None:
        """The last day of a time limit that begins on `first`.

        `None` where either is unset, and where it would be counted through a year whose days off
        are not known (`unstated`).

        Args:
            limit: the limit; `None` where none is set.
            first: the day that it begins on.
            by_calendar: whether the State Council's arrangements count, as they do from edition 4
                of the rules on; before, a year that a rubric did not list had no days off.
        """
        if limit is None or first is None:
            return None
        if limit.counting == "calendar":
            return first + limit.days * ONE_DAY
        day, left = first, limit.days
        while left:
            day += ONE_DAY
            if by_calendar and not self.knows(day.year):
                return None
            left -= self.is_worked(day, by_calendar=by_calendar)
        return day

    def unstated(self, limit: TimeLimit | None, first: date | None) -> Text | None:
        """Why a last day cannot be stated although its limit is set and has begun; else `None`."""
        if limit is None or first is None or self.last_day(limit, first) is not None:
            return None
        begins = (first + ONE_DAY).year
        year = next(each for each in range(begins, date.max.year) if not self.knows(each))
        return Text(
            f"按工作日计算，而 {year} 年的节假日安排不明",
            f"it counts working days, and the holidays of {year} are not known",
        )

    def knows(self, year: int) -> bool:
        """Whether the rubric or the State Council says which days of a year are worked."""
        listed = any(day.year == year for day in (*self.holidays, *self.workdays))
        return listed or year in OFFICIAL_YEARS

    def is_worked(self, day: date, *, by_calendar: bool = True) -> bool:
        """Whether a day is a working day: as the rubric lists it, else as it was arranged."""
        if day in self.workdays:
            return True
        if day in self.holidays:
            return False
        official = OFFICIAL_YEARS.get(day.year) if by_calendar else None
        if official and day in official.workdays | official.holidays:
            return day in official.workdays
        return day.weekday() < SATURDAY
