"""One indicator (指标): standard, figures and rule beside what was said of it."""

from typing import Final

from starlette.responses import Response

from projections.as_of import FINAL
from projections.case_summary import case_summary
from projections.explanation import explain
from projections.facts import reader_of
from projections.score_sheet import pinned, score_sheet
from web.desk import Desk
from web.pages.acting import ways

OF_A_ROW: Final = (
    "confirm-score",
    "adjust-score",
    "exclude-indicator",
    "countersign-adjustment",
    "withdraw-adjustment",
    "claim-score",
    "raise-objection",
)
"""Acts that begin at a row."""


def page(desk: Desk) -> Response:
    """The indicator at a point, with its history as a conversation."""
    point = desk.point()
    row = desk.request.path_params["row"]
    explained = explain(point, row)
    sheet = score_sheet(point)
    order = [indicator.id for indicator in pinned(point).indicators]
    place = order.index(row)
    return desk.page(
        "indicator.html",
        summary=case_summary(point.case),
        head=point.version,
        point=point,
        explained=explained,
        reader=reader_of(point, desk.language),
        row=next(line for line in sheet.indicators if line.id == row) if sheet else None,
        place=place + 1,
        count=len(order),
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
        ways=ways(desk, point.case, OF_A_ROW) if desk.label == FINAL else [],
    )
