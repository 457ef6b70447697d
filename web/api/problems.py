"""Problems as RFC 9457 has them: one shape for everything that goes wrong."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import msgspec
from starlette.responses import Response

from application.outcome import Outcome, outcome_of
from ledger.field_errors import FieldError
from ledger.language import Text, in_language, sentence
from ledger.problem import Problem
from ledger.refusals import MOVED_ON, NotFound
from web.desk import Desk

MEDIA_TYPE: Final = "application/problem+json"
STATUS: Final[dict[Outcome, int]] = {
    "refused": 422,
    "unusable": 400,
    "broken": 500,
    "conflict": 503,
    "unreachable": 503,
    "practice": 400,
}
OF_A_RULE: Final = {
    MOVED_ON: 412,
    "not-logged-in": 401,
    "step-up": 403,
    "token-scope": 403,
    "read-only": 403,
    "data-at-work": 503,
}
"""Rules that have a status of their own."""

WITH: Final = {401: {"www-authenticate": "Bearer"}, 503: {"retry-after": "1"}}
"""The headers that an answer of a status has besides (RFC 9110, RFC 6750)."""

MOVED: Final = Text(
    "查看之后，同一事由又有新的记录。请重新查看后再提交",
    "the subject has new records since you looked. Review them, then submit again",
)


def status_of(problem: Problem) -> int:
    """The status of a problem (RFC 9110)."""
    if isinstance(problem, NotFound):
        return 404
    return OF_A_RULE.get(problem.rule) or STATUS[outcome_of(problem)]


def page_status(problem: Problem) -> int:
    """The status of a page that shows again what was typed, with the problem at its field."""
    status = status_of(problem)
    return {400: 422, 412: 409}.get(status, status)


def words_of(problem: Problem) -> Text:
    """What a page says of a problem; no event is named, which not everybody may see."""
    return sentence(MOVED) if problem.rule == MOVED_ON else problem.sentence


def response(
    desk: Desk, problem: Problem, *, since: Sequence[dict[str, object]] | None = None
) -> Response:
    """A problem; the field of the command that it is about is a JSON pointer (RFC 6901).

    Args:
        desk: whose language it is in.
        problem: what went wrong.
        since: what has happened since the author looked, where that is what is wrong. Then it is
            shown instead of the problem's own words, which name events that not everybody sees.
    """
    if since is not None:
        return answer(412, problem.rule, MOVED.zh, MOVED.en, more={"since": since})
    if problem.rule == "outcome-unknown":
        key = desk.request.headers.get("idempotency-key", "")
        return answer(503, problem.rule, *SEND_AGAIN, more={"idempotency_key": key})
    detail = in_language(problem.text, desk.language)
    errors = [{"pointer": f"/command/{problem.field}", "detail": detail}] if problem.field else []
    return answer(status_of(problem), problem.rule, problem.text.zh, problem.text.en, errors)


def malformed(desk: Desk, errors: Sequence[FieldError], of: Sequence[str | int]) -> Response:
    """That what was sent has not the form of a command, at each place where it has not."""
    found = [
        {
            "pointer": "".join(f"/{part}" for part in (*of, *error.path)),
            "detail": in_language(error.text, desk.language),
        }
        for error in errors
    ]
    return answer(400, "form", "内容的形式不对", "this is not the form of a command", found)


SEND_AGAIN: Final = (
    "无法确定是否已记录。请用同一 Idempotency-Key 重新提交，不会重复记录",
    "it may or may not be recorded. Send it again with the same key: it is recorded only once",
)


def answer(  # noqa: PLR0913, PLR0917 - what RFC 9457 has room for
    status: int,
    rule: str,
    zh: str,
    en: str,
    errors: Sequence[dict[str, str]] = (),
    more: Mapping[str, object] = MappingProxyType({}),
) -> Response:
    """A problem in both languages, as JSON."""
    body: dict[str, Any] = {
        "type": f"/problems/{rule}" if rule else "about:blank",
        "title": zh,
        "title_en": en,
        "status": status,
        "rule": rule,
        **more,
    }
    if errors:
        body["errors"] = list(errors)
    return Response(msgspec.json.encode(body), status, WITH.get(status), MEDIA_TYPE)
