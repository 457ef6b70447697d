"""Checks (核对): what does not fit together, said before the other side says it."""

import re

from starlette.responses import Response

from application.check import check_as
from ledger.checks import SEVERITIES
from ledger.language import Text
from ledger.values import IndicatorId
from projections.rubric_view import row_names
from web.desk import Desk


def page(desk: Desk) -> Response:
    """The findings, the gravest first, of what the account sees."""
    office = desk.office
    point, report = check_as(desk.reading, office.clock, desk.account, desk.case, desk.label)
    desk.note_access()
    return desk.case_page(
        "checks.html",
        point,
        report=report,
        names=row_names(point.rubric),
        severities=SEVERITIES,
        without=without_its_row,
    )


def without_its_row(message: Text, row: IndicatorId | None) -> Text:
    """What a finding says, without the row that it begins with, which the page has linked."""
    zh = re.sub("^“[^”]*”（" + re.escape(row or "") + "）：", "", message.zh)
    return Text(zh, message.en.removeprefix(f"{row}: "))
