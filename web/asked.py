"""What an address asks for (所问): the same for a page and for the answer of the API."""

from collections.abc import Sequence
from typing import get_args

from msgspec.structs import replace

from application.lists import ListedCase
from application.log_filter import log_filter
from application.page_of_list import cases_of
from ledger.values import Invalid, version_seen, year_of
from projections import bridge as bridges
from projections.as_of import FINAL
from projections.bridge import Bridge
from projections.change_log import ChangeLogRow
from projections.log_filter import LogFilter
from projections.score_sheet import Baseline
from web.desk import Desk
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
    """The cases that the account has a part in and that the address asks for, from where it says.

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
