"""Checks (核对): what does not fit together, said before the other side says it."""

from starlette.responses import Response

from ledger.checks import SEVERITIES, examine
from ledger.envelope import REGISTER
from ledger.ledger import Ledger
from ledger.values import instant
from projections.case_summary import case_summary
from web.desk import Desk


def page(desk: Desk) -> Response:
    """The findings, the gravest first, of what the account sees."""
    point = desk.point()
    register = Ledger(desk.office.store).history(REGISTER)
    now = instant(desk.office.clock())
    report = examine(point.history, point.editions, point.history, register, now)
    return desk.page(
        "checks.html",
        summary=case_summary(point.case),
        head=point.version,
        point=point,
        report=report,
        severities=SEVERITIES,
    )
