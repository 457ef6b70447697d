"""What lists of all cases show, one row each: what waits, what was requested, what is contested.

These are values alone. What makes them of a case is in `work_list.py` and
`rectification_status.py`, which a list that reads tables does not need.
"""

from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct

from ledger.events import Contested
from ledger.language import Text
from ledger.rules.rule import DecidedBy
from ledger.terms import DECIDERS
from ledger.values import AccountId, ItemId

Turn = Literal["unit", "agency", "bureau"]


class Task(Struct, frozen=True, kw_only=True):
    """Something that waits for somebody.

    Attributes:
        turn: whose turn it is.
        subject: id of the objection, appeal, request or indicator; `None` where it is the case as a
            whole.
        since: the day from which it waits.
        due: the last day, or `None` where none is set.
        left: days until the last day, negative when over; `None` where none is set.
        decided_by: what the award rests on that waits for a signature; `None` for all else.
        assigned: the account that it is assigned to; `None` where to nobody.
    """

    case: str
    turn: Turn
    what: Text
    subject: str | None
    since: date
    due: date | None
    left: int | None
    decided_by: DecidedBy | None = None
    assigned: AccountId | None = None

    @property
    def about(self) -> Text:
        """The subject, and what the award rests on that waits for a signature: `plan，酌情`."""
        name = self.subject or ""
        if self.decided_by is None:
            return Text(name, name)
        word = DECIDERS[self.decided_by]
        return Text(f"{name}，{word.zh}", f"{name}, {word.en}")


class AppealSummary(Struct, frozen=True, kw_only=True):
    """An appeal as a list shows it.

    Attributes:
        late: days by which it was lodged after the last day; `None` where none is set or known.
    """

    case: str
    appeal: str
    number: str | None
    lodged: date
    contests: tuple[Contested, ...]
    open: bool
    late: int | None

    def waiting(self, today: date) -> int | None:
        """Days since it was lodged; `None` where it has ended."""
        return (today - self.lodged).days if self.open else None


class Response(Struct, frozen=True):
    """One response to a request, by the version of its event."""

    version: int
    dated: date


class DaysToRespond(NamedTuple):
    """The days of a request as a day of reading has them.

    Attributes:
        left: days until the last day; `None` where it is over or none is known, or where no
            response is awaited.
        overdue: days that have passed since the last day while a response is awaited; 0 where
            none is, `None` where no last day is known.
    """

    left: int | None
    overdue: int | None


def days_to_respond(state: str, due: date | None, today: date) -> DaysToRespond:
    """Count both from the same days, so that no list says that a day is over and another not.

    A response that was returned is awaited again, up to the last day as it now is.
    """
    if due is None:
        return DaysToRespond(None, None)
    if state != "open":
        return DaysToRespond(None, 0)
    left = (due - today).days
    return DaysToRespond(left if left >= 0 else None, max(0, -left))


class RectificationStatus(Struct, kw_only=True):
    """One request at a point.

    Attributes:
        requested: the day it was made.
        due: the last day to respond, or `None` where no rule is known and none was set.
        due_by: what sets it: `document`, `extension`, `clock` (of the rubric), `notice` (of the
            year), or `None` where nothing does. With one of the last two and no day, days off are
            not known that it would have to be counted through.
        late: days by which the first response came after the last day as it then was; 0 in time. An
            extension that came later takes nothing back. `None` where no last day is known.
        left: see `DaysToRespond`, as for `overdue`.
    """

    request: ItemId
    version: int
    findings: tuple[ItemId, ...]
    demand: str
    number: str | None
    requested: date
    due: date | None
    due_by: str | None
    state: str = "open"
    responses: tuple[Response, ...] = ()
    accepted: date | None = None
    late: int | None = 0
    overdue: int | None = 0
    left: int | None = None

    @property
    def counts_as_late(self) -> bool:
        """Whether it counts as late in the next year's figures.

        One that was responded to in time does not, though another response may be awaited.
        """
        return bool(self.late or (self.overdue and not self.responses))

    def count_days(self, today: date) -> None:
        """Count the days that are left on a day, or over."""
        self.left, self.overdue = days_to_respond(self.state, self.due, today)
        if self.due is None:
            self.late = None
