"""A list of the portfolio (评价总览的列表): its columns and rows, as a door asks for them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from application.due_list import ChangedTask, changed, due_list
from application.portfolio import AwardFilter, Portfolio, scoring_patterns
from application.since import Since
from documents.comparison_lists import compared_table
from documents.lists import ListColumn, Row
from documents.portfolio_lists import (
    ADJUSTMENTS,
    CHANGED_WORK,
    DUE_WORK,
    GROUPED,
    GROUPED_BY,
    HABITS,
    INDICATORS,
    REQUESTS,
    SCORES,
    WORK,
    grouped,
    listed,
)
from ledger.language import Language

COUNTED: Final = ("rectification", "work")
"""Views that count days to a day."""
KEYS: Final = {"rectification": "requests"}
"""What lists are called in JSON, if not like their view."""


class ListFilter(NamedTuple):
    """What a list may be asked for besides its cases: names that rows have, one of each kind.

    Attributes:
        by: what awards are grouped by.
        each: whether they are listed instead.
        least: days that a task has waited.
        within: days until its last day at most, what is overdue first; below 0, only that.
        since: only what has changed since then.
        parties: organisations that a task waits for.
        persons: accounts that it waits for.
        table: of a comparison by a `dimension`.
    """

    indicators: Sequence[str] = ()
    grades: Sequence[str] = ()
    reviewers: Sequence[str] = ()
    clauses: Sequence[str] = ()
    discretion: bool | None = None
    deciders: Sequence[str] = ()
    by: Sequence[str] = ()
    each: bool = False
    states: Sequence[str] = ()
    turns: Sequence[str] = ()
    accounts: Sequence[str] = ()
    overdue: bool = False
    least: int = 0
    within: int | None = None
    since: Since | None = None
    parties: Sequence[str] = ()
    persons: Sequence[str] = ()

    @property
    def is_by_urgency(self) -> bool:
        """Whether a list of tasks is one of what is due, whom it waits for, or what has changed."""
        return self.within is not None or bool(self.since or self.parties or self.persons)

    table: str = ""
    dimension: str = ""


class PortfolioList(NamedTuple):
    """A list, in one language; its rows can be gone through once."""

    columns: Sequence[ListColumn]
    rows: Iterable[Row]


def portfolio_list(
    view: str, found: Portfolio, asked: ListFilter, today: date, language: Language
) -> PortfolioList:
    """The list of a view: scores, adjustments, rectification or work."""
    return _LISTS[view](found, asked, today, language)


def _scores(found: Portfolio, asked: ListFilter, _today: date, language: Language) -> PortfolioList:
    if asked.indicators:
        return PortfolioList(INDICATORS, listed(found.indicators(asked.indicators), language))
    return PortfolioList(SCORES, listed(found.scores(asked.grades), language))


def _adjustments(
    found: Portfolio, asked: ListFilter, _today: date, language: Language
) -> PortfolioList:
    every = found.adjustments(asked.indicators)
    wanted = AwardFilter(
        reviewers=asked.reviewers,
        clauses=asked.clauses,
        discretion=asked.discretion,
        decided_by=asked.deciders,
    ).holds
    if asked.each:
        alone = (award for award in every if wanted(award))
        return PortfolioList(ADJUSTMENTS, listed(alone, language))
    by = asked.by or GROUPED_BY
    columns = (*(GROUPED[name] for name in by), *HABITS)
    patterns = scoring_patterns(every, by, wanted)
    return PortfolioList(columns, [grouped(pattern) for pattern in patterns])


def _compare(
    found: Portfolio, asked: ListFilter, _today: date, _language: Language
) -> PortfolioList:
    return PortfolioList(*compared_table(found.comparison(asked.dimension), asked.table))


def _rectification(
    found: Portfolio, asked: ListFilter, today: date, language: Language
) -> PortfolioList:
    requests = found.requests(today, asked.states, overdue=asked.overdue)
    return PortfolioList(REQUESTS, listed(requests, language))


def _work(found: Portfolio, asked: ListFilter, today: date, language: Language) -> PortfolioList:
    waiting = found.work(
        today,
        asked.turns,
        days=asked.least,
        overdue=asked.overdue,
        deciders=asked.deciders,
        accounts=asked.accounts,
    )
    if not asked.is_by_urgency:
        return PortfolioList(WORK, listed(waiting, language))
    tasks = [ChangedTask(task) for task in waiting]
    if asked.since:
        tasks = changed(found, waiting, asked.since, today, asked.turns)
    due = due_list(found, tasks, asked.within, asked.parties, asked.persons)
    return PortfolioList(CHANGED_WORK if asked.since else DUE_WORK, listed(due, language))


_LISTS: Final[Mapping[str, Callable[[Portfolio, ListFilter, date, Language], PortfolioList]]] = {
    "scores": _scores,
    "compare": _compare,
    "adjustments": _adjustments,
    "rectification": _rectification,
    "work": _work,
}
