"""A list of the portfolio (评价总览的列表): its columns and rows, as a door asks for them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from application.portfolio import AwardFilter, Portfolio, scoring_patterns
from documents.lists import ListColumn, Row
from documents.portfolio_lists import (
    ADJUSTMENTS,
    GROUPED,
    HABITS,
    INDICATORS,
    REQUESTS,
    SCORES,
    WORK,
    grouped,
    listed,
)
from ledger.language import Language


class ListFilter(NamedTuple):
    """What a list may be asked for besides its cases: names that rows have, one of each kind.

    Attributes:
        by: what awards are grouped by.
        each: whether they are listed instead.
        least: days that a task has waited.
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


class PortfolioList(NamedTuple):
    """A list, in one language."""

    columns: Sequence[ListColumn]
    rows: Sequence[Row]


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
        alone = [award for award in every if wanted(award)]
        return PortfolioList(ADJUSTMENTS, listed(alone, language))
    columns = (*(GROUPED[name] for name in asked.by), *HABITS)
    patterns = scoring_patterns(every, asked.by, wanted)
    return PortfolioList(columns, [grouped(pattern) for pattern in patterns])


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
    return PortfolioList(WORK, listed(waiting, language))


_LISTS: Final[Mapping[str, Callable[[Portfolio, ListFilter, date, Language], PortfolioList]]] = {
    "scores": _scores,
    "adjustments": _adjustments,
    "rectification": _rectification,
    "work": _work,
}
