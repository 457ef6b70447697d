"""Deadlines (期限日历): what waits for an account with its last days, for its own calendar program.

A calendar program can send no header, so the address has a secret of its own: it opens this and
nothing else, and ends with the tokens of its account.
"""

from datetime import datetime
from hashlib import sha256
from typing import Final

from starlette.responses import Response

from application.page_of_list import WaitingTask, work_of
from ledger.language import in_language
from web.desk import Desk
from web.not_found import NO_PAGE

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
MOST: Final = 1000
"""Tasks in a calendar, the most urgent first."""


def by_address(desk: Desk) -> Response:
    """The deadlines of the account whose secret the address has.

    Raises:
        Invalid: it is nobody's, or no longer.
    """
    secret = str(desk.request.path_params["secret"]).removesuffix(".ics")
    login = desk.office.tokens.whose_calendar(secret)
    if login is None:
        raise NO_PAGE
    return deadlines(Desk(desk.office, desk.request, login, desk.language))


def deadlines(desk: Desk) -> Response:
    """The deadlines of the account."""
    waiting = work_of(desk.store, desk.today, desk.account, limit=MOST)
    cases = desk.who.cases
    wanted = [one for one in waiting if cases is None or one.task.case in cases]
    return Response(_written(desk, wanted), 200, {"vary": "accept-language"}, MEDIA_TYPE)


def _written(desk: Desk, waiting: list[WaitingTask]) -> bytes:
    """A calendar as RFC 5545 has it, with a whole day for each last day."""
    import icalendar  # noqa: PLC0415 - few ask for it, and it is slow to import

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//scoretrail//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", desk.t("评价期限", "Deadlines of reviews"))
    for one in waiting:
        task = one.task
        if task.due is None:
            continue
        named = "\n".join((task.case, task.turn, task.what.en, task.subject or ""))
        event = icalendar.Event()
        event.add("uid", f"{sha256(named.encode()).hexdigest()[:32]}@scoretrail")
        event.add("dtstamp", datetime.combine(task.since, datetime.min.time(), desk.zone))
        event.add("dtstart", task.due)
        what = in_language(task.what, desk.language)
        event.add("summary", f"{what} {one.unit} {one.year}")
        event.add("description", task.case)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
