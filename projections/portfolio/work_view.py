"""Open work of all cases: whose turn it is, for what, since when, until when.

What waits can depend on the day of reading: after the last day for comments it is the bureau's
turn. So a row says from which day to which it is to be shown.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Index, select

from ledger.language import Text
from ledger.rules.rule import DecidedBy
from ledger.values import AccountId
from projections.as_of import LAST_DAY
from projections.listed import Turn
from projections.portfolio.cases import CASES, CaseFilter, fields_of, with_cases
from projections.portfolio.found_rows import AT_ONCE
from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import (
    OPEN,
    case_key,
    optional_words,
    place,
    table,
    words,
)
from projections.work_list import tasks

ORDER: Final = ("last", "since", "case_key", "number")
"""What is most urgent, first."""

WORK: Final = table(
    "work",
    case_key(),
    place("number"),
    words("turn", "what_zh", "what_en", "subject", "since"),
    optional_words("due", "decided_by", "assigned"),
    words("shown_from", "shown_until", "party", "last"),
)
"""One row a thing that waits, shown from one day up to but not including another.

`party` is the organisation whose turn it is, empty where that is not known yet; `last` is `due`, or
after every day where there is none, so that an index has the rows in the order of their urgency.
"""
Index(f"{WORK.name}_by_party", *(WORK.c[name] for name in ("turn", "party", *ORDER)))

FIRST_DAY: Final = date.min
Waiting = tuple[Turn, Text, str, str, str | None, DecidedBy | None, AccountId | None]


def rows(folded: FoldedCase) -> Iterator[ViewRow]:
    """The open tasks of a case, on any given day."""
    if not folded.has_time_limits:
        return
    shown: dict[Waiting, tuple[date, date | None]] = {}
    day: date | None = FIRST_DAY
    while day is not None:
        waiting = list(_waiting(folded, day))
        following = [
            date.fromisoformat(due) + timedelta(1)
            for *_, due, _, _ in waiting
            if due is not None and day.isoformat() <= due < LAST_DAY
        ]
        kept = folded.case.retention
        if kept and kept.over and day < kept.over:  # from then on its files wait for appraisal
            following.append(kept.over)
        end = min(following, default=None)
        for task in waiting:
            shown[task] = (shown[task][0] if task in shown else day, end)
        day = end
    case = folded.case
    parties = {
        "unit": case.opened.unit if case.opened else None,
        "agency": case.agency,
        "bureau": case.bureau,
    }
    for number, ((turn, what, *rest), (first, end)) in enumerate(shown.items()):
        *_, due, _, _ = rest
        until = end.isoformat() if end else OPEN
        shown_days = (first.isoformat(), until)
        yield (
            *(number, turn, *what, *rest, *shown_days),
            *(parties[turn] or "", due or OPEN),
        )


def _waiting(folded: FoldedCase, day: date) -> Iterator[Waiting]:
    for task in tasks(folded.point, day):
        due = task.due.isoformat() if task.due else None
        since = task.since.isoformat()
        about = (task.subject or "", since, due, task.decided_by, task.assigned)
        yield task.turn, task.what, *about


class Work(Struct, frozen=True, kw_only=True):
    """Something that waits for somebody.

    Attributes:
        stage: of the case, now.
        turn: whose turn it is: unit, agency or bureau.
        subject: id of the objection, appeal, request or indicator; empty for the case as a whole.
        since: the day from which it waits, `days` up to the day of reading.
        due: the last day, or `None`; `left` days until then, negative when over.
        decided_by: what the award rests on that waits for a signature; `None` for all else.
        assigned: the account that it is assigned to; `None` where to nobody.
        party: the organisation whose turn it is; empty where that is not known yet.
    """

    case: str
    unit: str
    unit_name: str
    year: int
    stage: str
    turn: str
    what: Text
    subject: str
    since: str
    days: int
    due: str | None
    left: int | None
    decided_by: DecidedBy | None
    assigned: AccountId | None
    party: str

    @property
    def is_overdue(self) -> bool:
        """Whether its last day is over."""
        return self.left is not None and self.left < 0


def on_day(task: Work, today: date) -> Work:
    """The same task, its days counted to another day."""
    days, left = _days(task.since, task.due, today)
    return replace(task, days=days, left=left)


@lru_cache(2**12)
def _days(since: str, due: str | None, today: date) -> tuple[int, int | None]:
    """Since when something waits, and until its last day."""
    waited = (today - date.fromisoformat(since)).days
    return max(0, waited), (date.fromisoformat(due) - today).days if due else None


def work(
    connection: Connection, chosen: CaseFilter, today: date, turns: Sequence[str] = ()
) -> list[Work]:
    """What waits on a day in the chosen cases, what has waited longest first."""
    columns, day = WORK.c, today.isoformat()
    wanted = (
        select(*fields_of(Work, WORK), columns.what_zh, columns.what_en)
        .select_from(with_cases(WORK))
        .where(columns.shown_from <= day, columns.shown_until > day)
        .where(CASES.c.scored == 1, *chosen.conditions())
        .order_by(columns.since, CASES.c.case_id, columns.number)
    )
    if turns:
        wanted = wanted.where(columns.turn.in_(turns))
    found = connection.execute(wanted, execution_options={"yield_per": AT_ONCE})
    names, text = tuple(found.keys()), cache(Text)
    return [_task(dict(zip(names, row, strict=True)), today, text) for row in found]


def _task(row: dict[str, Any], today: date, text: Callable[[str, str], Text]) -> Work:
    """A row of a task with what names its case and its stage, its days counted to a day."""
    what = text(row.pop("what_zh"), row.pop("what_en"))
    return Work(**counted_task(row, today), what=what)


def counted_task(row: dict[str, Any], today: date) -> dict[str, Any]:
    """A row of a task with its days counted to a day."""
    row["days"], row["left"] = _days(row["since"], row["due"], today)
    return row
