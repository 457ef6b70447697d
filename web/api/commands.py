"""Commands (办理): commands as JSON, recorded once under the key that they come with."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from starlette.responses import Response

from application.completing import completed
from application.confirmed import Confirmed
from intake.act_fields import is_of_case
from ledger.case import Case
from ledger.codec import plain as decoded
from ledger.commands import COMMANDS
from ledger.field_errors import FieldError, field_errors
from ledger.language import Text
from ledger.ledger import CommandResult
from ledger.values import Invalid, day_of
from web.api import problems
from web.api.read import in_json
from web.desk import Desk
from web.step_up import ask_again

ACTS_MAX: Final = 500
"""Commands of a request, which are recorded all or not at all."""


def of_case(desk: Desk) -> Response:
    """Record commands in the case that the address names."""
    return _record(desk, desk.case, desk.now.case)  # one that the account does not see is not there


def of_house(desk: Desk) -> Response:
    """Record commands in the register, of a rubric, or that open a case."""
    return _record(desk, None, Case())


def _record(desk: Desk, case: str | None, known: Case) -> Response:
    key = desk.request.headers.get("idempotency-key", "")
    if not key:
        return problems.answer(
            428,
            "no-key",
            "请在 Idempotency-Key 里写操作编号：同一编号重发不会记两遍",
            "give the command a key in Idempotency-Key: a command sent again with the same key is"
            " recorded once",
        )
    try:
        body = decoded(desk.request.state.body or b"")
    except msgspec.MsgspecError:
        return problems.answer(
            400, "form", "不是 JSON，或数字没有加引号", "no JSON, or a number that is not in quotes"
        )
    commands = _commands(body)
    if commands is None:
        return problems.answer(
            400,
            "form",
            "应为 {dated, command} 或 {dated, commands: […]}",
            "expected {dated, command} or {dated, commands: […]}",
        )
    for index, command in enumerate(commands):
        if errors := _wrong(command, known):
            of: list[str | int] = ["command"] if "command" in body else ["commands", index]
            return problems.malformed(desk, errors, of)
    if case is None and any(_is_of_another_place(command) for command in commands):
        return problems.answer(
            404,
            "unknown-case",
            "这里不办理事项中的操作",
            "commands of a case are sent to the address of the case",
        )
    for command in () if _rehearses(desk) else commands:
        ask_again(desk, command["do"])
    results = desk.record(
        {_key(key, index, commands): command for index, command in enumerate(commands, 1)},
        case=case or body.get("case"),
        dated=day_of(str(body["dated"])) if "dated" in body else None,
        seen=_seen(desk),
        confirmed=_confirmed(body),
        rehearses=_rehearses(desk),
    )
    is_new = not _rehearses(desk) and not all(result.repeated for result in results)
    return _told(desk, results, 201 if is_new else 200)


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


def _told(desk: Desk, results: Sequence[CommandResult], status: int) -> Response:
    events = [
        {
            "case": recorded.case,
            "version": recorded.version,
            "position": recorded.position,
            "type": recorded.type,
            "entry": decoded(recorded.entry),
        }
        for result in results
        for recorded in result.recorded
    ]
    answer = in_json(desk, {"events": events})
    answer.status_code = status
    return answer


def _commands(body: object) -> list[Mapping[str, Any]] | None:
    if not isinstance(body, dict):
        return None
    commands = [body["command"]] if "command" in body else body.get("commands")
    if not isinstance(commands, list) or not 0 < len(commands) <= ACTS_MAX:
        return None
    return commands if all(isinstance(command, dict) for command in commands) else None


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
