"""The portfolio (评价总览): all cases that somebody may see as a whole, in four views, with CSV."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, NamedTuple, get_args

from starlette.responses import Response

from application.comparison import names_of_rows
from application.portfolio import GROUPS, CaseFilter, Place, Portfolio, portfolio
from application.portfolio_list import ListFilter, PortfolioList, portfolio_list
from application.since import days_within
from documents.lists import ListColumn, Row, in_order
from documents.portfolio_lists import GROUPED, SCORES, listed
from ledger.language import Text
from ledger.sight import whole_parties_of
from ledger.values import Stage
from web.asked import year as year_asked
from web.desk import Desk
from web.download import as_csv, wants_csv
from web.not_found import NO_PAGE

ROWS: Final = 100
"""On a page."""

VIEWS: Final[Mapping[str, Text]] = {
    "scores": Text("得分", "Scores"),
    "adjustments": Text("评分尺度", "Adjustments"),
    "rectification": Text("整改", "Rectification"),
    "work": Text("待办", "Work"),
}
FILTERS: Final = (
    *("year", "unit", "rubric", "stage", "grade", "indicator", "reviewer", "group", "state"),
    *("turn", "overdue", "due", "sort", "descending", "at", "known"),
)
NONE: Final = "nothing"
"""Groups nothing: each award by itself."""


class Shown(NamedTuple):
    """A part of a view.

    Attributes:
        further: what the address of the next part says; `None` where there is none.
        rubrics: that the indicators are of.
    """

    columns: Sequence[ListColumn]
    rows: Sequence[Row]
    further: Mapping[str, str] | None = None
    rubrics: Collection[str] = ()


def page(desk: Desk) -> Response:
    """A view of the cases, as the address asks; or all of it, as a spreadsheet.

    Raises:
        Invalid: the account sees no case as a whole, or there is no such view or point.
    """
    view = desk.request.path_params.get("view", "scores")
    asked = desk.request.query_params
    with _opened(desk, view) as found:
        shown = SHOW[view](desk, found)
        behind = found.behind
    if wants_csv(desk):
        return as_csv(desk, f"portfolio-{view}", shown.columns, shown.rows)
    told = [column for column in shown.columns if column.for_people]
    cells = [[column.written(row, "—", desk.language) for column in told] for row in shown.rows]
    return desk.page(
        "portfolio.html",
        view=view,
        views=VIEWS,
        columns=told,
        rows=list(zip(shown.rows, cells, strict=True)),
        further=shown.further,
        names=_names(desk, shown.rubrics),  # the tables are closed: they keep others from reading
        behind=behind,
        asked={name: asked.get(name, "") for name in FILTERS},
        stages=get_args(Stage),
        groups={name: column.heading for name, column in GROUPED.items()},
        sorts=[column for column in shown.columns if column.number],
    )


def _opened(desk: Desk, view: str) -> AbstractContextManager[Portfolio]:
    """The tables of the cases of which the account sees everything: a unit has its own pages."""
    whole = whole_parties_of(desk.account)
    if whole == {} or view not in VIEWS:
        raise NO_PAGE
    asked = desk.request.query_params
    year = year_asked(desk)
    chosen = CaseFilter(
        years=[year] if year else [],
        units=_given(asked.get("unit")),
        rubrics=_given(asked.get("rubric")),
        stages=_given(asked.get("stage")),
        parties=whole,
    )
    return portfolio(desk.office.store, desk.label, chosen)


def _given(value: str | None) -> list[str]:
    return [value] if value else []


def _part(desk: Desk, columns: Sequence[ListColumn], listed: Iterable[Row]) -> Shown:
    """A part of a whole list, in the order that is asked for; all of it for CSV."""
    asked, rows = desk.request.query_params, list(listed)
    sort = asked.get("sort")
    if sort in {column.name for column in columns}:
        rows = in_order(rows, columns, str(sort), descending=bool(asked.get("descending")))
    if wants_csv(desk):
        return Shown(columns, rows)
    first = max(desk.number("from", 1), 1)
    last = first - 1 + ROWS
    further = {"from": str(last + 1)} if len(rows) > last else None
    return Shown(columns, rows[first - 1 : last], further)


def _scores(desk: Desk, found: Portfolio) -> Shown:
    asked = desk.request.query_params
    indicators, grades = _given(asked.get("indicator")), _given(asked.get("grade"))
    if indicators or asked.get("sort") or wants_csv(desk):
        wanted = ListFilter(indicators=indicators, grades=grades)
        return _part(desk, *_list(desk, "scores", found, wanted))
    rows = list(listed(found.scores(grades, _after(desk), ROWS + 1), desk.language))
    further = None
    if len(rows) > ROWS:
        last = rows[ROWS - 1]
        further = {f"after_{name}": str(last[name]) for name in ("year", "unit", "case")}
    return Shown(SCORES, rows[:ROWS], further)


def _after(desk: Desk) -> Place | None:
    asked = desk.request.query_params
    if not asked.get("after_case"):
        return None
    return desk.number("after_year", 0), asked.get("after_unit", ""), asked["after_case"]


def _adjustments(desk: Desk, found: Portfolio) -> Shown:
    asked = desk.request.query_params
    by, indicators = asked.get("group") or "indicator", _given(asked.get("indicator"))
    wanted = ListFilter(
        indicators=indicators,
        reviewers=_given(asked.get("reviewer")),
        by=[by] if by in GROUPS else ["indicator"],
        each=by == NONE,
    )
    rubrics = {award.rubric for award in found.adjustments(indicators)}
    return _part(desk, *_list(desk, "adjustments", found, wanted))._replace(rubrics=rubrics)


def _list(desk: Desk, view: str, found: Portfolio, wanted: ListFilter) -> PortfolioList:
    return portfolio_list(view, found, wanted, desk.today, desk.language)


def _names(desk: Desk, rubrics: Collection[str]) -> dict[str, str]:
    return names_of_rows([desk.reading.editions(rubric) for rubric in sorted(rubrics)])


def _rectification(desk: Desk, found: Portfolio) -> Shown:
    asked = desk.request.query_params
    wanted = ListFilter(states=_given(asked.get("state")), overdue=bool(asked.get("overdue")))
    return _part(desk, *_list(desk, "rectification", found, wanted))


def _work(desk: Desk, found: Portfolio) -> Shown:
    asked = desk.request.query_params
    due = asked.get("due")
    wanted = ListFilter(
        turns=_given(asked.get("turn")),
        overdue=bool(asked.get("overdue")),
        within=days_within(due, desk.today) if due else None,
    )
    return _part(desk, *_list(desk, "work", found, wanted))


SHOW: Final = {
    "scores": _scores,
    "adjustments": _adjustments,
    "rectification": _rectification,
    "work": _work,
}
