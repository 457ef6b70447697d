"""Reading (读取): each answer is the JSON of the command line's contract, by the same functions."""

from base64 import b64encode
from collections.abc import Callable
from typing import Final

import msgspec
from starlette.responses import Response

from application.log_filter import known_indicator
from ledger.codec import plain as decoded
from ledger.values import Invalid
from projections.as_of import CaseAsOf
from projections.case_summary import case_summary
from projections.change_log import change_log
from projections.explanation import explain
from projections.formatting import plain
from projections.rectification_status import rectification
from projections.score_sheet import score_sheet
from projections.work_list import appeals, tasks
from web import asked
from web.desk import Desk

AT_ONCE: Final = 100
"""Events and cases in an answer."""


def in_json(desk: Desk, view: object, head: int | None = None) -> Response:
    """A view as JSON, with the version of the case that it shows."""
    tag = {"etag": f'"{head}"'} if head is not None else {}
    if head is not None and desk.request.headers.get("if-none-match") == tag["etag"]:
        return Response(status_code=304, headers=tag)
    body = msgspec.json.encode(plain(view, desk.language))
    return Response(body, 200, tag, "application/json")


def of_case(view: Callable[[Desk, CaseAsOf], object]) -> Callable[[Desk], Response]:
    """An answer about a case at the point that the address names."""

    def answer(desk: Desk) -> Response:
        point = desk.point()
        return in_json(desk, view(desk, point), point.version)

    return answer


def _sheet(desk: Desk, point: CaseAsOf) -> object:
    del desk
    sheet = point.made(score_sheet)
    if sheet is None:
        raise Invalid(
            f"截至“{point.label}”尚未启动评价并选定指标体系",
            f"at '{point.label}' the case was not yet opened or no rubric was pinned",
        )
    return sheet


def _log(desk: Desk, point: CaseAsOf) -> object:
    after = desk.number("after", 0)
    indicator = desk.request.query_params.get("indicator")
    known_indicator(point.rubric, indicator)
    rows = change_log(point, indicator)
    return {"case": point.case.id, "entries": [row for row in rows if row.version > after]}


summary = of_case(lambda _, point: case_summary(point.case))
sheet = of_case(_sheet)
log = of_case(_log)
indicator = of_case(lambda desk, point: explain(point, desk.request.path_params["row"]))
work = of_case(lambda desk, point: {"tasks": tasks(point, desk.office.clock().date())})
requests = of_case(
    lambda desk, point: {"requests": rectification(point, desk.office.clock().date())}
)
contests = of_case(lambda _, point: {"appeals": appeals(point)})


def bridge(desk: Desk) -> Response:
    """The steps between two points."""
    return in_json(desk, asked.bridge(desk), desk.now.version)


def events(desk: Desk) -> Response:
    """Entries as they are stored, after a version, of those that the account sees."""
    point = desk.now
    after = desk.number("after", 0)
    shown = [recorded for recorded in point.history if recorded.version > after][:AT_ONCE]
    return in_json(
        desk,
        {
            "case": point.case.id,
            "events": [
                {
                    "version": recorded.version,
                    "position": recorded.position,
                    "entry": b64encode(recorded.entry).decode(),
                    "decoded": decoded(recorded.entry),
                }
                for recorded in shown
            ],
        },
        point.version,
    )


def cases(desk: Desk) -> Response:
    """The cases that the account has a part in, a page at a time."""
    found = asked.cases(desk)
    limit = min(desk.number("limit", AT_ONCE), AT_ONCE)
    answer = in_json(desk, {"cases": found[:limit]})
    if len(found) > limit > 0:
        here = desk.request.url.include_query_params(after=found[limit - 1].case)
        answer.headers["link"] = f'<{here.path}?{here.query}>; rel="next"'
    return answer


def head(desk: Desk) -> Response:
    """How far the case has come, as far as the account sees it. It is asked every few seconds."""
    version = desk.head
    return in_json(desk, {"case": desk.case, "version": version}, version)
