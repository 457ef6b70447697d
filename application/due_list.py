"""What is due (到期待办): the open tasks of all cases by their last days, and what has changed.

For people, and for a mail gateway: the program sends no mail itself. Each task names the accounts
that it waits for, so that a gateway knows whom to write to.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple

from application.portfolio import Portfolio
from application.since import Since
from ledger.account_registry import Account
from ledger.events import Role
from ledger.values import AccountId
from projections.portfolio.case_reader import register_at
from projections.portfolio.cases import recused_in_cases
from projections.portfolio.folded_tables import tables_before
from projections.portfolio.work_view import Work, on_day, work

Change = Literal["new", "done", "overdue"]

ROLES: Final[dict[str, frozenset[Role]]] = {
    "unit": frozenset({"unit"}),
    "agency": frozenset({"reviewer", "lead-reviewer"}),
    "bureau": frozenset({"bureau"}),
}
"""Who acts, by whose turn it is."""


class DueTask(Work, frozen=True, kw_only=True):
    """An open task, or one that is done by now.

    Attributes:
        accounts: whom it waits for: whom it is assigned to, else all accounts that may act.
        change: what has become of it; `None` where nothing has, or where that was not asked.
    """

    accounts: tuple[AccountId, ...]
    change: Change | None


class ChangedTask(NamedTuple):
    """A task with what has become of it; see `DueTask`."""

    task: Work
    change: Change | None = None


def changed(
    found: Portfolio, now: Sequence[Work], before: Since, today: date, turns: Sequence[str] = ()
) -> list[ChangedTask]:
    """What has come, has gone, or has passed its last day since a moment.

    Args:
        found: the tables.
        now: what waits today; `turns` is whose turn that was asked for.
        before: the moment.
        today: the day to count to.
        turns: as for `now`.
    """
    then = {_key(task): task for task in _then(found, before, turns)}
    waits = {_key(task) for task in now}
    news = [ChangedTask(task, _change(task, then.get(_key(task)))) for task in now]
    gone = [ChangedTask(on_day(task, today), "done") for task in then.values()]
    return [
        *(task for task in news if task.change),
        *(task for task in gone if _key(task.task) not in waits),
    ]


def _then(found: Portfolio, before: Since, turns: Sequence[str]) -> list[Work]:
    """What waited then: of what has changed by a replay, of all else by the tables."""
    with tables_before(found.connection, before.label, before.size, "work") as (changed, then):
        of_changed = work(then, found.chosen, before.day, turns)
    same = work(found.connection, found.chosen, before.day, turns)
    return [*of_changed, *(task for task in same if task.case not in changed)]


def _key(task: Work) -> tuple[object, ...]:
    return (task.case, task.turn, task.subject, task.since, task.assigned, bool(task.decided_by))


def _change(task: Work, before: Work | None) -> Change | None:
    if before is None:
        return "new"
    return "overdue" if task.is_overdue and not before.is_overdue else None


def due_list(
    found: Portfolio,
    tasks: Sequence[ChangedTask],
    within: int | None = None,
    parties: Collection[str] = (),
    persons: Collection[str] = (),
) -> list[DueTask]:
    """Tasks with the accounts that they wait for, what is overdue first.

    Args:
        found: the tables.
        tasks: with what has become of them.
        within: only those whose last day is at most so many days away.
        parties: only those that wait for one of these organisations, if any is named.
        persons: the same of accounts.
    """
    register = register_at(found.connection, found.place.taken)
    holders = defaultdict[str | None, list[tuple[AccountId, Account]]](list)
    for name, account in sorted(register.accounts.items()):
        holders[account.organisation].append((name, account))
    recused = recused_in_cases(found.connection)
    listed = [
        DueTask(
            **{name: getattr(task, name) for name in Work.__struct_fields__},
            accounts=tuple(
                _waits_for(task, holders.get(task.party, ()), recused.get(task.case, frozenset()))
            ),
            change=change,
        )
        for task, change in tasks
        if (within is None or (task.left is not None and task.left <= within))
        and (not parties or task.party in parties)
    ]
    mine = [one for one in listed if not persons or not set(persons).isdisjoint(one.accounts)]
    return sorted(mine, key=by_urgency)


def by_urgency(task: Work) -> tuple[bool, int, str, str]:
    """What is overdue first, then what is due first; what has no last day at the end."""
    return (task.left is None, task.left or 0, task.since, task.case)


def _waits_for(
    task: Work, holders: Iterable[tuple[AccountId, Account]], recused: Collection[AccountId]
) -> Iterator[AccountId]:
    """Whom a task is assigned to; else who may act of its organisation, and is not recused."""
    if task.assigned:
        yield task.assigned
        return
    for name, account in holders:
        may_act = account.roles & ROLES[task.turn]
        if may_act and account.persons.isdisjoint(recused) and task.unit not in account.conflicts:
            yield name
