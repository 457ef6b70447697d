"""Commands (办理): commands as JSON, recorded once under the key that they come with."""

from base64 import b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import wraps
from hashlib import sha256
from typing import Any, Final, get_args

import msgspec
from starlette.responses import Response

from application.completing import completed
from application.confirmed import Confirmed
from application.dossier_record import dossier_command
from application.evidence import keep
from application.look_as import as_seen
from documents.enclosures import enclosures
from intake.command_fields import is_of_case
from intake.files import HandedIn
from ledger.authority import may
from ledger.case import Case
from ledger.codec import plain as decoded
from ledger.commands import COMMANDS, RegisterCommand, RubricCommand
from ledger.envelope import RecordedEvent
from ledger.field_errors import FieldError, field_errors
from ledger.language import Text
from ledger.ledger import CommandResult, EnvelopeRefused
from ledger.refusals import MOVED_ON
from ledger.values import Invalid, day_of
from web.api import problems, signed
from web.api.read import entry_of, in_json
from web.desk import Desk
from web.not_found import not_found
from web.step_up import ask_again

ACTS_MAX: Final = 500
"""Commands of a request, which are recorded all or not at all."""


class NotOfTheForm(Exception):
    """What was sent is not a request. It says so as a problem."""

    def __init__(self, answer: Response) -> None:
        self.answer = answer


Answer = Callable[[Desk], Response]


def _told_if_not(do: Answer) -> Answer:
    """An answer, or what is wrong with the request."""

    @wraps(do)
    def answer(desk: Desk) -> Response:
        try:
            return do(desk)
        except NotOfTheForm as no:
            return no.answer

    return answer


@_told_if_not
def of_case(desk: Desk) -> Response:
    """Record commands in the case that the address names."""
    known = desk.now.case  # one that the account does not see is not there
    body = _body(desk)
    return _record(desk, desk.case, known, body, _commands(body))


@_told_if_not
def outside_cases(desk: Desk) -> Response:
    """Record commands in the register, of a rubric, or that open a case."""
    body = _body(desk)
    return _record(desk, None, Case(), body, _commands(body))


def _of(names: Collection[str], zh: str, en: str) -> Answer:
    """What records commands of one kind only."""

    @_told_if_not
    def answer(desk: Desk) -> Response:
        body = _body(desk)
        commands = _commands(body)
        if any(command.get("do") not in names for command in commands):
            raise NotOfTheForm(problems.answer(400, "form", zh, en))
        return _record(desk, None, Case(), body, commands)

    return answer


OF_REGISTER: Final = frozenset(kind.__struct_config__.tag for kind in get_args(RegisterCommand))
OF_RUBRICS: Final = frozenset(kind.__struct_config__.tag for kind in get_args(RubricCommand))
of_register = _of(OF_REGISTER, "这里只办理账号登记", "commands of the register are done here")
of_rubrics = _of(OF_RUBRICS, "这里只办理指标体系", "commands of rubrics are done here")


def signed_of_case(desk: Desk) -> Response:
    """Record commands in the case that were prepared and signed elsewhere."""
    desk.now  # noqa: B018 - one that the account does not see is not there
    return _signed(desk, desk.case)


def signed_outside_cases(desk: Desk) -> Response:
    """The same in the register, of a rubric, or to open a case."""
    return _signed(desk, None)


def _signed(desk: Desk, case: str | None) -> Response:
    meant = Confirmed(desk.request.query_params.get("confirm_personal_number") == "1")
    results = signed.submitted(desk, case, confirmed=meant)
    return _told(desk, results, 200 if all(result.repeated for result in results) else 201)


@_told_if_not
def hand_in(desk: Desk) -> Response:
    """Keep a file and record that it is filed, if these are the bytes that were sent."""
    point, content = desk.now, desk.request.state.body or b""
    said, asked = desk.request.headers.get("content-digest", ""), desk.request.query_params
    if not content:
        raise NotOfTheForm(
            problems.answer(
                400,
                "no-content",
                "没有收到文件的内容；请把文件的字节作为请求的正文",
                "no bytes were sent; send those of the file as the body",
            )
        )
    if said and said != f"sha-256=:{b64encode(sha256(content).digest()).decode()}:":
        raise NotOfTheForm(
            problems.answer(
                400,
                "content-digest",
                "收到的内容与 Content-Digest 不符，请重新上传",
                "these are not the bytes that Content-Digest names; send them again",
            )
        )
    file = HandedIn(asked.get("name") or "file", content)
    told = {name: asked[name] for name in ("title", "number") if asked.get(name)}
    command = {
        "do": "file-evidence",
        "evidence": {**file.identity, "title": asked.get("name") or "", **told},
    }
    if not _rehearses(desk) and may(COMMANDS["file-evidence"], point.case, desk.account):
        keep(desk.office.store, desk.office.place.evidence(), desk.case, file)
    body = {"dated": asked["dated"]} if asked.get("dated") else {}
    return _record(desk, desk.case, point.case, body, [command])


@_told_if_not
def issue_dossier(desk: Desk) -> Response:
    """Record that a dossier is issued; its file is there once the signer has come so far."""
    now, body = desk.now, _body(desk)
    words, lists = {"dated", "indicator", "purpose"}, {"confirm_dates", "signed"}
    if set(body) - words - lists or not all(isinstance(body.get(n, ""), str) for n in words):
        raise NotOfTheForm(
            problems.answer(
                400,
                "form",
                "应为 {dated, indicator, purpose}，都可省略",
                "expected {dated, indicator, purpose}, each of which may be left out",
            )
        )
    day = day_of(body["dated"]) if "dated" in body else desk.today
    files = enclosures(now, day, body.get("indicator"))
    whole = dossier_command(files, body.get("indicator"), body.get("purpose"))
    command = {name: value for name, value in whole.items() if value is not None}
    answer = _record(desk, desk.case, now.case, body, [command])
    if answer.status_code in {200, 201} and not _rehearses(desk):
        version = decoded(bytes(answer.body))["events"][0]["version"]
        answer.headers["location"] = f"/api/v1/cases/{desk.case}/dossiers/{version}"
    return answer


def _body(desk: Desk) -> dict[str, Any]:
    """What was sent, as JSON."""
    try:
        body = decoded(desk.request.state.body or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise NotOfTheForm(
            problems.answer(
                400,
                "form",
                "不是 JSON，或数字没有加引号",
                "no JSON, or a number that is not in quotes",
            )
        ) from None
    if not isinstance(body, dict):
        raise NotOfTheForm(problems.answer(400, "form", *EXPECTED))
    return body


EXPECTED: Final = (
    "应为 {dated, command} 或 {dated, commands: […]}",
    "expected {dated, command} or {dated, commands: […]}",
)


def _commands(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    commands = [body["command"]] if "command" in body else body.get("commands")
    if (
        not isinstance(commands, list)
        or not 0 < len(commands) <= ACTS_MAX
        or not all(isinstance(command, dict) for command in commands)
        or not isinstance(body.get("case", ""), str)
        or set(body)
        - {"case", "dated", "command", "commands", "confirm_dates", "confirm_personal_number"}
        - {"signed"}
    ):
        raise NotOfTheForm(problems.answer(400, "form", *EXPECTED))
    return commands


def _record(
    desk: Desk,
    case: str | None,
    known: Case,
    body: Mapping[str, Any],
    commands: Sequence[Mapping[str, Any]],
) -> Response:
    key = desk.request.headers.get("idempotency-key", "")
    if not key:
        return problems.answer(
            428,
            "no-idempotency-key",
            "请在 Idempotency-Key 里写操作编号：同一编号重发不会记两遍",
            "give the command a key in Idempotency-Key: a command sent again with the same key is"
            " recorded once",
        )
    for index, command in enumerate(commands):
        if errors := _wrong(command, known):
            of: list[str | int] = ["command"] if "command" in body else ["commands", index]
            return problems.malformed(desk, errors, of)
    if case is None and any(_is_of_another_place(command) for command in commands):
        raise not_found(
            "这里不办理事项中的操作", "commands of a case are sent to the address of the case"
        )
    for command in () if _rehearses(desk) else commands:
        ask_again(desk, command["do"])
    seen = _seen(desk)
    signed.take(desk, body, rehearses=_rehearses(desk))
    try:
        results = desk.record(
            {_key(key, index, commands): command for index, command in enumerate(commands, 1)},
            case=case or body.get("case"),
            dated=day_of(str(body["dated"])) if "dated" in body else None,
            seen=seen,
            confirmed=_confirmed(body),
            rehearses=_rehearses(desk),
        )
    except EnvelopeRefused as refused:
        if refused.rule != MOVED_ON or case is None:
            raise
        return problems.response(desk, refused, since=_since(desk, seen or 0))
    if _rehearses(desk):
        return _told(desk, results, 200, to_sign=signed.file_of(desk, results))
    return _told(desk, results, 200 if all(result.repeated for result in results) else 201)


def _since(desk: Desk, seen: int) -> list[dict[str, object]]:
    """What has happened in the case since a version, as far as the account sees it."""
    return [
        {
            "version": recorded.version,
            "type": recorded.type,
            "by": recorded.by.account,
            "dated": recorded.dated.isoformat(),
        }
        for recorded in desk.read_again().history
        if recorded.version > seen
    ]


def _is_of_another_place(command: Mapping[str, Any]) -> bool:
    """Whether it is a command of a case that exists, which is done where that case is looked at."""
    return is_of_case(command["do"]) and command["do"] != "open-case"


def _rehearses(desk: Desk) -> bool:
    return desk.request.query_params.get("rehearse") == "1"


def _key(key: str, index: int, commands: Sequence[object]) -> str:
    """The key of one of the commands that were sent together."""
    return key if len(commands) == 1 else f"{key}-{index}"


def _confirmed(body: Mapping[str, Any]) -> Confirmed:
    """What is meant so, although it looks like a slip."""
    days = body.get("confirm_dates", [])
    if not isinstance(days, list):
        raise Invalid("confirm_dates 应为日期的列表", "confirm_dates must be a list of dates")
    numbers = body.get("confirm_personal_number") is True
    return Confirmed(numbers, tuple(day_of(str(day)) for day in days))


def _told(desk: Desk, results: Sequence[CommandResult], status: int, **more: object) -> Response:
    events = [
        {
            "case": recorded.case,
            "version": recorded.version,
            "position": recorded.position,
            "type": recorded.type,
            "entry": entry_of(recorded),
        }
        for recorded in _seen_again(desk, [each for done in results for each in done.recorded])
    ]
    answer = in_json(desk, {"events": events, **more})
    answer.status_code = status
    return answer


def _seen_again(desk: Desk, recorded: Sequence[RecordedEvent]) -> Sequence[RecordedEvent]:
    """What was recorded, or would be, as its author sees it."""
    if "case" not in desk.request.path_params:
        return recorded
    desk.read_again()
    return as_seen(desk.reading, desk.account, desk.case, recorded)


def _wrong(command: Mapping[str, Any], known: Case) -> list[FieldError]:
    """What keeps it from being a command, with what the account knows of the case put in."""
    do = command.get("do")
    if not isinstance(do, str) or do not in COMMANDS:
        words = Text(f"没有操作 {do}", f"there is no command {do}")
        return [FieldError(("do",), words)]
    return field_errors(completed(lambda: known, command), COMMANDS[do])


def _seen(desk: Desk) -> int | None:
    """The version that the author has looked at, as `If-Match` says it."""
    tag = desk.request.headers.get("if-match", "").strip('"')
    if not tag:
        return None
    if not (tag.isascii() and tag.isdigit()):
        raise Invalid(f"If-Match 应为条号，不能是 {tag}", f"If-Match must be a version, not {tag}")
    return int(tag)
