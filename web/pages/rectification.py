"""Appeals and rectification (申诉与整改): what was asked for, answered, decided, and until when."""

from starlette.responses import Response

from projections.case_summary import case_summary
from projections.rectification_status import rectification
from projections.work_list import appeals
from web.desk import Desk


def page(desk: Desk) -> Response:
    """The appeals and the requests of a case."""
    point, today = desk.point(), desk.office.clock().date()
    return desk.page(
        "rectification.html",
        summary=case_summary(point.case),
        head=point.version,
        point=point,
        appeals=appeals(point),
        requests=rectification(point, today),
        today=today,
    )
