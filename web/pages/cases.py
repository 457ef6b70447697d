"""Cases (评价事项): what waits for somebody, and every case that they have a part in, by pages."""

from typing import Final, get_args

from starlette.responses import Response

from application.page_of_list import Mark, work_of
from ledger.values import Invalid, Stage
from web import asked
from web.desk import Desk
from web.pages import hooks
from web.pages.acting import ways_outside_cases

ROWS: Final = 50
"""On a page."""

WITHIN: Final = {"overdue": -1, "week": 7}
"""How many days away the last day is at most, by what is asked for."""


def work(desk: Desk) -> Response:
    """What waits for this account, the most urgent first."""
    given = desk.request.query_params
    only = given.get("only", "")
    waiting = work_of(
        desk.store,
        desk.today,
        desk.account,
        within=WITHIN.get(only),
        signatures=only == "signatures",
        mine=only == "mine",
        after=_mark(given.get("after", "")),
        limit=ROWS + 1,
    )
    return desk.page(
        "work.html",
        waiting=waiting[:ROWS],
        only=only,
        further="_".join(map(str, waiting[ROWS - 1].mark)) if len(waiting) > ROWS else None,
        is_auditor="auditor" in desk.account.roles,
        stopped=hooks.stopped(desk),
    )


def _mark(text: str) -> Mark | None:
    """Where the page before ended, as its address says: `2024-01-18_2024-01-02_17_0`.

    Raises:
        Invalid: no such place.
    """
    if not text:
        return None
    match text.split("_"):
        case [last, since, life, number] if (life + number).isdecimal():
            return last, since, int(life[:18]), int(number[:9])
        case _:
            raise Invalid(f"没有这一页：{text}", f"there is no such page: {text}")


def listed(desk: Desk) -> Response:
    """The cases that the account has a part in and that the address asks for, a page of them."""
    given = desk.request.query_params
    cases = asked.cases(desk, ROWS + 1)
    return desk.page(
        "cases.html",
        cases=cases[:ROWS],
        asked={name: given.get(name, "") for name in ("q", "year", "stage", "after")},
        stages=get_args(Stage),
        further=cases[ROWS - 1].case if len(cases) > ROWS else None,
        assigns="lead-reviewer" in desk.account.roles,
        ways=ways_outside_cases(desk, "open-case", "publish-rubric", "supersede-rubric"),
    )
