"""Open work of all cases: whose turn it is, for what, since when, until when.

What waits can depend on the day of reading: after the last day for comments it is the bureau's
turn. So a row says from which day to which it is to be shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Index, select

from ledger.language import Text
from ledger.rules.rule import DecidedBy
from ledger.values import AccountId
from projections.as_of import LAST_DAY
from projections.listed import Turn
from projections.portfolio.cases import CASES, IDENTITY, CaseFilter, identity
from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import (
    OPEN,
    fetch_rows,
    life_number,
    optional_text,
    place,
    table,
    words,
)
from projections.work_list import tasks

ORDER: Final = ("last", "since", "life", "number")
"""What is most urgent, first."""

WORK: Final = table(
    "work",
    life_number(),
    place("number"),
    words("turn"),
    words("what_zh"),
    words("what_en"),
    words("subject"),
    words("since"),
    optional_text("due"),
    optional_text("decided_by"),
    optional_text("assigned"),
    words("shown_from"),
    words("shown_until"),
    words("party"),
    words("last"),
)
"""One row a thing that waits, shown from one day up to but not including another.

`party` is the organisation whose turn it is, empty where that is not known yet; `last` is `due`, or
after every day where there is none, so that an index has the rows in the order of their urgency.
"""
Index(f"{WORK.name}_by_party", *(WORK.c[name] for name in ("turn", "party", *ORDER)))

TABLE = WORK
FIRST_DAY: Final = date.min
Waiting = tuple[Turn, Text, str, str, str | None, DecidedBy | None, AccountId | None]


def rows(life: FoldedCase) -> Iterator[ViewRow]:
    """The open tasks of a case, on any given day."""
    if not life.has_clocks:
        return
    shown: dict[Waiting, tuple[date, date | None]] = {}
    day: date | None = FIRST_DAY
    while day is not None:
        waiting = list(_waiting(life, day))
        following = [
            date.fromisoformat(due) + timedelta(1)
            for *_, due, _, _ in waiting
            if due is not None and day.isoformat() <= due < LAST_DAY
        ]
        kept = life.case.retention
        if kept and kept.over and day < kept.over:  # from then on its files wait for appraisal
            following.append(kept.over)
        end = min(following, default=None)
        for task in waiting:
            shown[task] = (shown[task][0] if task in shown else day, end)
        day = end
    case = life.case
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
            *(life.number, number, turn, *what, *rest, *shown_days),
            *(parties[turn] or "", due or OPEN),
        )


def _waiting(life: FoldedCase, day: date) -> Iterator[Waiting]:
    for task in tasks(life.point, day):
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
    due = date.fromisoformat(task.due) if task.due else None
    return replace(
        task,
        days=max(0, (today - date.fromisoformat(task.since)).days),
        left=(due - today).days if due else None,
    )


def work(
    connection: Connection, chosen: CaseFilter, today: date, turns: Sequence[str] = ()
) -> list[Work]:
    """What waits on a day in the chosen cases, what has waited longest first."""
    columns, day = WORK.c, today.isoformat()
    wanted = (
        select(
            *IDENTITY,
            CASES.c.stage,
            *[column for column in columns if column.name not in _LEFT_OUT],
        )
        .join_from(WORK, CASES, CASES.c.life == columns.life)
        .where(columns.shown_from <= day, columns.shown_until > day)
        .where(CASES.c.scored == 1, *chosen.conditions())
        .order_by(columns.since, CASES.c.case_id, columns.number)
    )
    if turns:
        wanted = wanted.where(columns.turn.in_(turns))
    return [task_of(row, today) for row in fetch_rows(connection, wanted)]


def work_of(
    lives: Iterable[FoldedCase], chosen: CaseFilter, today: date, turns: Sequence[str] = ()
) -> list[Work]:
    """The same of cases that were folded up to an earlier point."""
    day = today.isoformat()
    listed = [
        task_of({**identity(life), "stage": life.case.stage, **shown}, today)
        for life in lives
        if chosen.holds(life)
        for row in rows(life)
        if (waits := dict(zip(WORK.columns.keys(), row, strict=True)))
        and waits["shown_from"] <= day < waits["shown_until"]
        and (not turns or waits["turn"] in turns)
        and (shown := {name: to for name, to in waits.items() if name not in _LEFT_OUT})
    ]
    return sorted(listed, key=lambda task: (task.since, task.case))


NOT_SHOWN: Final = ("number", "shown_from", "shown_until", "last")
"""Columns that choose and order what waits."""
_LEFT_OUT: Final = {"life", *NOT_SHOWN}


def task_of(row: dict[str, Any], today: date) -> Work:
    """A row of a task with what names its case and its stage, its days counted to a day."""
    what = Text(row.pop("what_zh"), row.pop("what_en"))
    return on_day(Work(case=row.pop("case_id"), what=what, days=0, left=None, **row), today)
