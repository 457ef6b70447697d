"""What an address asks for (查询条件): the same for a page and for the answer of the API."""

from collections.abc import Sequence
from typing import Final, get_args

from msgspec.structs import replace

from application.comparison import Comparison, years_typed
from application.lists import ListedCase
from application.log_filter import log_filter
from application.page_of_list import cases_of
from application.portfolio import CaseFilter, Hindrance, ProjectionPosition, portfolio
from application.search import Mark, SearchResults
from application.search import search as searched
from documents.comparison_lists import DIMENSIONS
from ledger.sight import whole_parties_of
from ledger.values import Invalid, version_seen, year_of
from projections import bridge as bridges
from projections.as_of import FINAL
from projections.bridge import Bridge
from projections.change_log import ChangeLogRow
from projections.log_filter import LogFilter
from projections.score_sheet import Baseline
from web.desk import Desk
from web.not_found import NO_PAGE
from web.typed import instant_typed


def bridge(desk: Desk) -> Bridge:
    """The steps from one point of the case to another, from one of two baselines.

    Raises:
        Invalid: no such case, point or baseline.
    """
    asked, now = desk.request.query_params, desk.now
    start, end = asked.get("from") or "self", asked.get("to") or FINAL
    wanted = asked.get("baseline") or "claims"
    for baseline in get_args(Baseline):
        if wanted == baseline:
            return bridges.bridge(
                now.earlier(start), now if end == FINAL else now.earlier(end), baseline
            )
    raise Invalid(f"没有基准 {wanted}", f"there is no baseline {wanted}")


def log_wanted(desk: Desk, every: Sequence[ChangeLogRow]) -> LogFilter:
    """The filter that an address asks for.

    Raises:
        Invalid: no such day, instant or version.
    """
    asked = desk.request.query_params
    instants = {
        name: instant_typed(asked[name], desk.zone)
        for name in ("recorded_from", "recorded_to")
        if asked.get(name)
    }
    wanted = log_filter(
        desk.office.store,
        every,
        dated_from=asked.get("dated_from") or None,
        dated_to=asked.get("dated_to") or None,
        recorded_from=instants.get("recorded_from"),
        recorded_to=instants.get("recorded_to"),
        late=bool(asked.get("late")),
    )
    return replace(
        wanted,
        accounts=[name for name in asked.getlist("by") if name],
        roles=[name for name in asked.getlist("role") if name],
        types=[name for name in asked.getlist("kind") if name],
        after_version=version_seen(asked["since"].removeprefix("v")) if asked.get("since") else 0,
    )


def year(desk: Desk) -> int | None:
    """The year that the address asks for.

    Raises:
        Invalid: it is none that a case can have.
    """
    wanted = desk.request.query_params.get("year", "").strip()
    return year_of(wanted) if wanted else None


def cases(desk: Desk, limit: int) -> list[ListedCase]:
    """The cases that the account has a part in and the address asks for, from a row on.

    Args:
        desk: of the request.
        limit: how many at most.
    """
    asked = desk.request.query_params
    return cases_of(
        desk.store,
        desk.reading,
        desk.today,
        desk.account,
        words=asked.get("q", "").strip(),
        year=year(desk),
        stage=asked.get("stage") or None,
        after=asked.get("after", ""),
        limit=limit,
    )


def search(desk: Desk, limit: int | None) -> SearchResults:
    """The texts that the address asks for, from a row on; that they were looked at is kept.

    Args:
        desk: of the request.
        limit: how many at most; all where it is `None`.

    Raises:
        Invalid: no words or too many, or no such point or place.
    """
    asked = desk.request.query_params
    chosen = year(desk)
    found = searched(
        desk.store,
        asked.get("q", ""),
        desk.account,
        label=desk.label,
        years=[chosen] if chosen else [],
        units=[name for name in asked.getlist("unit") if name],
        kinds=[name for name in asked.getlist("kind") if name],
        authors=[name for name in asked.getlist("by") if name],
        after=_mark(asked.get("after", "")),
        limit=limit,
    )
    for case in dict.fromkeys(result.case for result in found.results):
        desk.note_access(case)
    return found


NO_SUCH_COMPARISON: Final = Invalid("没有这种比较", "there is no such comparison")


def comparison(desk: Desk) -> tuple[Comparison, ProjectionPosition, Hindrance | None]:
    """The comparison of years that the address asks for, of the cases that the account sees whole.

    Returns:
        It, how far the log counts for it, and what keeps its tables behind the log, if anything.

    Raises:
        Invalid: the account sees no case as a whole, there is no such point or dimension, or there
            are no two years.
    """
    whole = whole_parties_of(desk.account)
    if whole == {}:
        raise NO_PAGE
    given = desk.request.query_params
    by = given.get("by") or "unit"
    if by not in DIMENSIONS:
        raise NO_SUCH_COMPARISON
    chosen = CaseFilter(
        years=years_typed(given.get("years", "")),
        units=[name for name in [given.get("unit", "")] if name],
        rubrics=[name for name in [given.get("rubric", "")] if name],
        parties=whole,
    )
    with portfolio(desk.office.store, desk.label, chosen) as tables:
        return tables.comparison(by), tables.place, tables.behind


def mark_written(mark: Mark) -> str:
    """The place where a page ends, as an address holds it: `2023_12_0_some-case`."""
    year, case, number, nth = mark
    return f"{year}_{number}_{nth}_{case}"


def _mark(text: str) -> Mark | None:
    if not text:
        return None
    match text.split("_", 3):
        case [year, number, nth, case] if (year + number + nth).isdecimal():
            return int(year[:4]), case, int(number[:9]), int(nth[:4])
        case _:
            raise Invalid(f"没有这一页：{text}", f"there is no such page: {text}")
