"""Commands (办理): acts as JSON, recorded once under the key that they come with."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from starlette.responses import Response

from application.personal_numbers import ask_about_personal_numbers
from application.recording import record
from ledger.codec import plain as decoded
from ledger.commands import COMMANDS, CommandEnvelope
from ledger.field_errors import FieldError, field_errors
from ledger.language import Text
from ledger.ledger import CommandResult, DryRunStore, EventStore, Ledger
from ledger.stored_struct import decode_validated
from ledger.values import Invalid, day_of
from projections.as_of import FINAL
from web.api import problems
from web.api.read import in_json
from web.desk import Desk

ACTS_MAX: Final = 500
"""Commands of a request, which are recorded all or not at all."""


def of_case(desk: Desk) -> Response:
    """Record commands in the case that the address names."""
    desk.point(FINAL)  # a case that the account does not see is not there
    return _record(desk, desk.case)


def of_house(desk: Desk) -> Response:
    """Record commands in the register, of a rubric, or that open a case."""
    return _record(desk, None)


def _record(desk: Desk, case: str | None) -> Response:
    key = desk.request.headers.get("idempotency-key", "")
    if not key:
        return problems.answer(
            428,
            "no-key",
            "请在 Idempotency-Key 里写操作编号：同一编号重发不会记两遍",
            "give the act a key in Idempotency-Key: sent again under it, it is recorded once",
        )
    try:
        body = decoded(desk.request.state.body)
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
        if errors := _wrong(command):
            of: list[str | int] = ["command"] if "command" in body else ["commands", index]
            return problems.malformed(desk, errors, of)
    day = body.get("dated")
    acts = [
        _envelope(
            desk,
            case or body.get("case"),
            command,
            key=key if len(commands) == 1 else f"{key}-{index}",
            dated=day_of(day) if isinstance(day, str) else desk.office.clock().date(),
            confirmed=body.get("confirm_dates") or [],
        )
        for index, command in enumerate(commands, 1)
    ]
    for act in acts:
        if not body.get("confirm_personal_number"):
            ask_about_personal_numbers(act.command)
    rehearsing = desk.request.query_params.get("rehearse") == "1"
    store: EventStore = desk.acting_store
    ledger = Ledger(DryRunStore(store) if rehearsing else store)
    results = record(ledger, desk.office.clock, acts)
    return _told(desk, results, 200 if rehearsing or all(r.repeated for r in results) else 201)


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


def _wrong(command: Mapping[str, Any]) -> list[FieldError]:
    do = command.get("do")
    if not isinstance(do, str) or do not in COMMANDS:
        words = Text(f"没有操作 {do}", f"there is no act {do}")
        return [FieldError(("do",), words)]
    return field_errors(dict(command), COMMANDS[do])


def _envelope(  # noqa: PLR0913 - who, when, what, and under which name
    desk: Desk,
    case: object,
    command: Mapping[str, Any],
    *,
    key: str,
    dated: date,
    confirmed: object,
) -> CommandEnvelope:
    envelope: CommandEnvelope = decode_validated(
        {
            "case": case,
            "by": desk.who.account,
            "dated": dated,
            "id": key,
            "seen": _seen(desk),
            "confirmed_dates": confirmed,
            "command": command,
        },
        CommandEnvelope,
    )
    return envelope


def _seen(desk: Desk) -> int | None:
    """The version that the author has looked at, as `If-Match` says it."""
    tag = desk.request.headers.get("if-match", "").strip('"')
    if not tag:
        return None
    if not (tag.isascii() and tag.isdigit()):
        raise Invalid(f"If-Match 应为条号，写的是 {tag}", f"If-Match is a version, not {tag}")
    return int(tag)
