"""Rectification: request, response, return, acceptance, more time; and the erasure of evidence."""

from ledger import refusals
from ledger.case import Case, Rectification
from ledger.commands import (
    AcceptRectification,
    EraseEvidence,
    ExtendDeadline,
    RequestRectification,
    RespondRectification,
    ReturnRectification,
)
from ledger.decide.preconditions import must_be, must_be_filed, must_exist, pinned_rubric
from ledger.editions import Editions
from ledger.events import (
    CaseEvent,
    DeadlineExtended,
    EvidenceErased,
    RectificationAccepted,
    RectificationRequested,
    RectificationResponded,
    RectificationReturned,
)
from ledger.every_command import event_of
from ledger.language import Text
from ledger.last_days import Notices, last_days_of
from ledger.rule_editions import RuleEdition, holds
from ledger.terms import RECTIFICATION_STATES
from ledger.values import ItemId


def request_rectification(command: RequestRectification, case: Case) -> list[CaseEvent]:
    """Ask for findings to be put right."""
    must_be(case, "issued")
    if command.request in case.rectifications:
        raise refusals.request_exists(command.request)
    for finding in command.findings:
        if finding not in case.findings:
            raise refusals.unknown_finding(finding, sorted(case.findings))
    return [event_of(RectificationRequested, command)]


def respond_rectification(command: RespondRectification, case: Case) -> list[CaseEvent]:
    """Say what was done. A late response is recorded like any other and shown as late."""
    must_be(case, "issued")
    _request(case, command.request, "open")
    must_be_filed(case, command.evidence)
    promises = command.promises or ()
    for promise in promises:
        if promise not in case.promises:
            raise refusals.no_promise(promise, case.promises)
    return [event_of(RectificationResponded, command, promises=promises)]


def return_rectification(command: ReturnRectification, case: Case) -> list[CaseEvent]:
    """Find a response insufficient."""
    must_be(case, "issued")
    _request(case, command.request, "answered")
    return [event_of(RectificationReturned, command)]


def accept_rectification(command: AcceptRectification, case: Case) -> list[CaseEvent]:
    """Accept a response."""
    must_be(case, "issued")
    _request(case, command.request, "answered")
    return [event_of(RectificationAccepted, command)]


def extend_deadline(
    command: ExtendDeadline,
    case: Case,
    editions: Editions,
    rules: RuleEdition,
    notices: Notices,
) -> list[CaseEvent]:
    """Give a request more time than its document, the clock or its last extension does."""
    must_be(case, "issued")
    request = _request(case, command.request, "open", "answered")
    last_days = last_days_of(case, pinned_rubric(case, editions), notices)
    by_limit = last_days.last_day(
        "rectification", case.received, by_calendar=holds("working-days", rules)
    )
    due = request.due or by_limit.day
    if due is not None and command.due <= due:
        raise refusals.not_later(command.request, command.due, due)
    return [event_of(DeadlineExtended, command)]


def erase_evidence(command: EraseEvidence, case: Case) -> list[CaseEvent]:
    """Record that the bytes of a file are erased by law."""
    must_exist(case)
    must_be_filed(case, (command.sha256,))
    if command.sha256 in case.erased:
        raise refusals.evidence_erased(command.sha256)
    return [event_of(EvidenceErased, command)]


def _request(case: Case, request: ItemId, *states: str) -> Rectification:
    found = case.rectifications.get(request)
    if found is None:
        raise refusals.unknown_request(request, case.rectifications)
    if found.state not in states:
        raise refusals.request_state(
            request,
            RECTIFICATION_STATES[found.state],
            Text("、".join(RECTIFICATION_STATES[state].zh for state in states), ", ".join(states)),
        )
    return found
