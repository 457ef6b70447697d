"""A page of a list (一页): the cases that an account has a part in, and what waits for it."""

from datetime import date, timedelta
from typing import Final, NamedTuple

from msgspec.structs import asdict

from application.lists import CASES, SUMMARY, WORK, ListedCase, tasks_on
from application.look_as import look_as
from ledger.account_registry import Account
from ledger.envelope import StreamId
from ledger.followed_reading import FollowedReading
from ledger.language import Text
from ledger.sight import parties_of, parts_of
from ledger.store import Store
from ledger.values import Stage
from projections.case_summary import case_summary
from projections.listed import Task
from projections.portfolio.case_pages import (
    PARTY,
    CaseSearch,
    WorkSearch,
    page_of_cases,
    page_of_work,
    work_of_cases,
)
from projections.work_list import tasks

UNTOLD: Final[frozenset[Stage]] = frozenset({"open", "submitted"})
"""Stages in which a unit may not know yet what the agency found."""

Mark = tuple[str, str, int, int]
"""Where a page of what waits ends: the last day, since when, and two numbers."""


class WaitingTask(NamedTuple):
    """Something that waits for an account, with the case that it is about.

    Attributes:
        mark: the next page begins after it.
        awards: how many rows of the case are reviewed.
    """

    mark: Mark
    unit: str
    year: int
    awards: int
    task: Task


def cases_of(  # noqa: PLR0913 - what a page may be asked for
    store: Store,
    reading: FollowedReading,
    today: date,
    account: Account,
    *,
    words: str = "",
    year: int | None = None,
    stage: str | None = None,
    after: StreamId = "",
    limit: int = 50,
) -> list[ListedCase]:
    """Cases that an account has a part in, with what waits in them, in the order of their ids.

    Args:
        store: of the ledger.
        reading: of the same, for cases of which the account does not see everything.
        today: the day to count to.
        account: who asks; the part decides, as for everything that is seen of a case.
        words: see `CaseSearch`, as for the others.
        year: of those.
        stage: of those.
        after: of those.
        limit: of those.
    """
    wanted = CaseSearch(parties_of(account), words, year, stage, after, limit)
    rows = page_of_cases(store, (*CASES.columns, *PARTY.values()), wanted)
    work = work_of_cases(store, WORK.columns, [case for case, *_ in rows])
    waiting: dict[str, list[Task]] = {}
    for task in tasks_on(work, today):
        waiting.setdefault(task.case, []).append(task)
    found = []
    for case, *row in rows:
        *summary, unit, agency, bureau = row
        listed = ListedCase(
            case=case,
            waiting=tuple(waiting.get(case, ())),
            **dict(zip(SUMMARY, summary, strict=True)),
        )
        parts = parts_of(account, unit=unit, agency=agency, bureau=bureau)
        if parts == {"unit"} and listed.stage in UNTOLD:
            listed = _as_seen(reading, account, case, today)
        found.append(listed)
    return found


def _as_seen(reading: FollowedReading, account: Account, case: StreamId, today: date) -> ListedCase:
    """A case of which the unit may not see all: made of the events that it sees, and no others."""
    point = look_as(reading, account, case)
    return ListedCase(waiting=tuple(tasks(point, today)), **asdict(case_summary(point.case)))


def work_of(  # noqa: PLR0913 - the same
    store: Store,
    today: date,
    account: Account,
    *,
    within: int | None = None,
    signatures: bool = False,
    mine: bool = False,
    after: Mark | None = None,
    limit: int = 50,
) -> list[WaitingTask]:
    """What waits for an account, the most urgent first; nothing waits for an auditor.

    Args:
        store: of the ledger.
        today: the day to count to.
        account: whose turn it is, by its roles and its organisation.
        within: only what has its last day at most so many days away; below 0, what is overdue.
        signatures: see `WorkSearch`, as for the others.
        mine: only what is assigned to the account.
        after: of those.
        limit: of those.
    """
    parties = parties_of(account)
    if not parties:
        return []
    whose = account.id if mine else None
    until = None if within is None else (today + timedelta(within)).isoformat()
    wanted = WorkSearch(parties, today.isoformat(), until, signatures, whose, after, limit)
    found = []
    for row in page_of_work(store, ("unit_name", "year", "awards"), wanted):
        last, since, life, number, case, unit, year, awards, *waits = row
        turn, zh, en, subject, _, due, decided_by, assigned = waits
        day = date.fromisoformat(due) if due else None
        task = Task(
            case=case,
            turn=turn,
            what=Text(zh, en),
            subject=subject or None,
            since=date.fromisoformat(since),
            due=day,
            left=(day - today).days if day else None,
            decided_by=decided_by,
            assigned=assigned,
        )
        found.append(WaitingTask((last, since, life, number), unit, year, awards, task))
    return found
