"""Cases (评价事项): what waits for somebody, and every case that they have a part in."""

from starlette.responses import Response

from ledger.sight import PARTS
from web import asked
from web.desk import Desk
from web.pages.acting import ways_of_house


def work(desk: Desk) -> Response:
    """What waits for this account, overdue first."""
    parts = {PARTS[role] for role in desk.account.roles if role in PARTS}
    tasks = [
        (case, task)
        for case in asked.cases(desk)
        for task in case.waiting
        if task.turn in parts or "auditor" in parts
    ]
    tasks.sort(key=lambda pair: (pair[1].left is None, pair[1].left or 0, pair[1].since))
    return desk.page("work.html", tasks=tasks)


def listed(desk: Desk) -> Response:
    """Every case that the account has a part in."""
    words = desk.request.query_params.get("q", "")
    ways = ways_of_house(desk, "open-case", "publish-rubric", "supersede-rubric")
    return desk.page("cases.html", cases=asked.cases(desk), words=words, ways=ways)
