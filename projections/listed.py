"""What lists of all cases show, a row each: what waits, what was requested, what is contested.

These are values alone. What makes them of a case is in `work_list.py` and
`rectification_status.py`, which a list that reads tables does not need.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from ledger.events import Contested
from ledger.language import Text
from ledger.rules.rule import DecidedBy
from ledger.terms import DECIDERS
from ledger.values import ItemId

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
    """

    case: str
    turn: Turn
    what: Text
    subject: str | None
    since: date
    due: date | None
    left: int | None
    decided_by: DecidedBy | None = None

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


class RectificationStatus(Struct, kw_only=True):
    """One request at a point.

    Attributes:
        requested: the day it was made.
        due: the last day to respond, or `None` where no rule is known and none was set.
        due_by: what sets it: `document`, `extension`, `clock`, or `None` where nothing does. With
            `clock` and no day, days off are not known that it would have to be counted through.
        late: days by which the first response came after the last day as it then was; 0 in time. An
            extension that came later takes nothing back.
        overdue: days that have passed since the last day without any response.
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
    late: int = 0
    overdue: int = 0

    @property
    def counts_as_late(self) -> bool:
        """Whether it counts as late in the next year's figures."""
        return self.late > 0 or self.overdue > 0

    def count_overdue(self, today: date) -> None:
        """Count the days since the last day, where nobody has responded."""
        if self.due and not self.responses:
            self.overdue = max(0, (today - self.due).days)
