"""The calendar of the year (年度日程): the last days that notices set, for everybody."""

from starlette.responses import Response

from application import look
from documents.portfolio_lists import CALENDAR, listed
from projections.year_calendar import year_calendar
from web.asked import year as year_asked
from web.desk import Desk
from web.download import as_csv, wants_csv
from web.pages.acting import ways_outside_cases


def page(desk: Desk) -> Response:
    """The last days that held on a day, and as it was known at an instant.

    Raises:
        Invalid: a point that only a case has.
    """
    year = year_asked(desk)
    found = year_calendar(look.notices(desk.store), desk.label)
    deadlines = [one for one in found if year in {None, one.year}]
    if wants_csv(desk):
        return as_csv(desk, "calendar", CALENDAR, listed(deadlines, desk.language))
    return desk.page(
        "calendar.html",
        deadlines=deadlines,
        asked={name: desk.request.query_params.get(name, "") for name in ("year", "at", "known")},
        ways=ways_outside_cases(desk, "record-year-notice"),
    )
