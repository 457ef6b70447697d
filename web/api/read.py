"""Reading (读取): each answer is the JSON of the command line's contract, by the same functions."""

from base64 import b64encode
from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from application.cose_receipts import COSE, kept_cose_receipt
from application.dossier_again import NotSignedYet, dossier_again
from application.log_filter import known_indicator
from application.place import Store
from application.receipts import kept_receipt
from application.served_log import served_checkpoint, served_tile
from ledger.codec import encode
from ledger.codec import plain as decoded
from ledger.envelope import RecordedEvent
from ledger.values import Invalid
from projections.as_of import CaseAsOf
from projections.case_summary import case_summary
from projections.change_log import change_log
from projections.explanation import explain
from projections.formatting import as_json
from projections.rectification_status import rectification
from projections.score_sheet import sheet_there
from projections.work_list import appeals, tasks
from web import asked
from web.desk import Desk
from web.not_found import not_found

AT_ONCE: Final = 100
"""Events and cases in an answer."""

TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
FOR_EVER: Final = "public, max-age=31536000, immutable"


WITH_THE_DRAFT: Final = Invalid(
    "这一条的原文和存证证明在征求意见稿或结果发出后提供",
    "the entry and its receipt are given once the draft or the result is sent",
    rule="not-yet",
)
"""Where an account sees an event under a number of its own: the bytes name the true one."""


def in_json(desk: Desk, view: object, head: int | None = None) -> Response:
    """A view as JSON, with the version of the case that it shows."""
    headers = {"vary": "accept-language, authorization, cookie"}
    if head is not None:
        headers["etag"] = f'"{head}"'
        if desk.request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
    body = as_json(view, desk.language)
    return Response(body, 200, headers, "application/json")


def of_case(view: Callable[[Desk, CaseAsOf], object]) -> Callable[[Desk], Response]:
    """An answer about a case at the point that the address names."""

    def answer(desk: Desk) -> Response:
        point = desk.point()
        return in_json(desk, view(desk, point), point.version)

    return answer


def _log(desk: Desk, point: CaseAsOf) -> object:
    after = desk.number("after", 0)
    indicator = desk.request.query_params.get("indicator")
    known_indicator(point.rubric, indicator)
    rows = change_log(point, indicator)
    wanted = asked.log_wanted(desk, rows)
    return {
        "case": point.case.id,
        "entries": [row for row in rows if row.version > after and wanted.holds(row)],
    }


summary = of_case(lambda _, point: case_summary(point.case))
sheet = of_case(lambda _, point: sheet_there(point))
log = of_case(_log)
indicator = of_case(lambda desk, point: explain(point, desk.request.path_params["row"]))
work = of_case(lambda desk, point: {"tasks": tasks(point, desk.today)})
requests = of_case(lambda desk, point: {"requests": rectification(point, desk.today)})
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
                    "entry": b64encode(recorded.entry).decode() or None,
                    "decoded": entry_of(recorded),
                }
                for recorded in shown
            ],
        },
        point.version,
    )


def entry_of(recorded: RecordedEvent) -> object:
    """The entry of an event as JSON.

    Without its link where the account sees it under a number of its own: it has no bytes then.
    """
    if recorded.entry:
        return decoded(recorded.entry)
    entry = decoded(encode(recorded))
    del entry["prev"]
    return entry


def cases(desk: Desk) -> Response:
    """The cases that the account has a part in, a page at a time."""
    limit = min(desk.number("limit", AT_ONCE), AT_ONCE)
    found = asked.cases(desk, limit + 1)
    answer = in_json(desk, {"cases": found[:limit]})
    if len(found) > limit > 0:
        here = desk.request.url.include_query_params(after=found[limit - 1].case)
        answer.headers["link"] = f'<{here.path}?{here.query}>; rel="next"'
    return answer


def search(desk: Desk) -> Response:
    """Texts with the words that are asked for, of all cases that the account sees, by pages."""
    limit = max(1, min(desk.number("limit", AT_ONCE), AT_ONCE))
    found = asked.search(desk, limit)
    answer = in_json(desk, {"results": found.results})
    if found.further:
        here = desk.request.url.include_query_params(after=asked.mark_written(found.further))
        answer.headers["link"] = f'<{here.path}?{here.query}>; rel="next"'
    return answer


def comparison(desk: Desk) -> Response:
    """Years compared, as the page has it, of the cases that the account sees as a whole."""
    return in_json(desk, asked.comparison(desk)[0])


def head(desk: Desk) -> Response:
    """How far the case has come, as far as the account sees it. It is asked every few seconds."""
    version = desk.head
    return in_json(desk, {"case": desk.case, "version": version}, version)


def _entry(desk: Desk) -> RecordedEvent:
    wanted = str(desk.request.path_params["version"])
    for recorded in desk.now.history:
        if str(recorded.version) == wanted:
            return recorded
    raise not_found(f"{desk.case} 没有第 {wanted} 条", f"{desk.case} has no version {wanted}")


def receipt(desk: Desk) -> Response:
    """The receipt of an entry, once a checkpoint that was signed covers it."""
    return _receipt(desk, kept_receipt, TEXT)


def cose_receipt(desk: Desk) -> Response:
    """The receipt of an entry as COSE (RFC 9942), once a checkpoint that was signed covers it."""
    return _receipt(desk, kept_cose_receipt, COSE)


def _receipt(desk: Desk, kept: Callable[[Store, int], bytes | None], media_type: str) -> Response:
    entry = _entry(desk)
    if not entry.entry:
        raise WITH_THE_DRAFT
    made = None if entry.position is None else kept(desk.office.store, entry.position)
    return Response(made, 200, media_type=media_type) if made else _coming()


def dossier(desk: Desk) -> Response:
    """The file of a dossier that was issued; an account that sees this sees all of it."""
    version = _entry(desk).version
    try:
        made = dossier_again(desk.office.store, desk.case, version)
    except NotSignedYet:
        return _coming()
    return Response(made, 200, media_type="application/zip")


def _coming() -> Response:
    """The signer, which is a process of its own, has not reached it yet."""
    return Response(status_code=202, headers={"retry-after": "1"})


def checkpoint(desk: Desk) -> Response:
    """The last checkpoint that was signed. It holds hashes alone, and is for everybody."""
    note = served_checkpoint(desk.office.store)
    if note is None:
        raise not_found("日志还没有签过检查点", "no checkpoint was signed yet")
    return Response(note, 200, {"cache-control": "public, no-cache"}, TEXT)


def tile(desk: Desk) -> Response:
    """A tile of the log: hashes alone, for everybody. What is hashed is not served."""
    path = str(desk.request.path_params["path"])
    data = served_tile(desk.office.store, path)
    if data is None:
        raise not_found(f"没有 tile/{path}", f"there is no tile/{path}")
    return Response(data, 200, {"cache-control": FOR_EVER}, BYTES)
