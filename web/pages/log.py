"""The change log (变动记录): everything recorded, oldest first, a page at a time."""

from typing import Final

from starlette.responses import Response

from application.log_filter import known_indicator
from projections.case_summary import case_summary
from projections.change_log import change_log
from projections.facts import reader_of
from web.desk import Desk

ROWS: Final = 100
"""On a page."""


def page(desk: Desk) -> Response:
    """A part of the log; of one indicator, where the address names it."""
    point = desk.point()
    indicator = desk.request.query_params.get("indicator") or None
    known_indicator(point.rubric, indicator)
    rows = change_log(point, indicator)
    first = max(desk.number("from", 1), 1)
    return desk.page(
        "log.html",
        summary=case_summary(point.case),
        head=point.version,
        point=point,
        rows=rows[first - 1 : first - 1 + ROWS],
        first=first,
        count=len(rows),
        reader=reader_of(point, desk.language),
        names={row.id: row.path[-1] for row in point.rubric.indicators} if point.rubric else {},
        step=ROWS,
        indicator=indicator,
    )
