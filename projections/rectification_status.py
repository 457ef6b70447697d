"""Rectification (整改): what is open, answered, accepted, overdue; and by how many days."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never

from ledger.events import (
    DeadlineExtended,
    RectificationAccepted,
    RectificationEvent,
    RectificationRequested,
    RectificationResponded,
    RectificationReturned,
    ResultReceived,
)
from ledger.time_limits import DayAndLastDay, last_day_on
from ledger.values import Invalid, ItemId
from projections import formatting
from projections.as_of import CaseAsOf
from projections.listed import RectificationStatus, Response


def rectification(point: CaseAsOf, today: date) -> list[RectificationStatus]:
    """The requests of a case by a point, in the order in which they were made.

    Args:
        point: which part of the history counts.
        today: the day to count overdue days to.
    """
    if not point.case.rectifications:
        return []
    requests: dict[ItemId, RectificationStatus] = {}
    set_on: dict[ItemId, list[DayAndLastDay]] = {}
    received: date | None = None
    for recorded in point.history:
        event, dated = recorded.event, recorded.dated
        if isinstance(event, ResultReceived):
            received = event.received
        elif isinstance(event, RectificationRequested):
            requests[event.request] = RectificationStatus(
                request=event.request,
                version=recorded.version,
                findings=event.findings,
                demand=event.demand,
                number=event.number or None,
                requested=dated,
                due=event.due,
                due_by="document" if event.due else None,
                state=point.case.rectifications[event.request].state,
            )
            set_on[event.request] = [(dated, event.due)]
        elif isinstance(event, RectificationEvent) and event.request in requests:
            _follow(requests[event.request], event, recorded.version, dated)
            if isinstance(event, DeadlineExtended):
                set_on[event.request].append((dated, event.due))
    for name, request in requests.items():
        _count(request, set_on[name], point, received, today)
    return list(requests.values())


def late_responses(point: CaseAsOf, today: date) -> dict[str, str]:
    """How many responses were late, as a figure for the next year's case: fixed, with its source.

    Raises:
        Invalid: the case has no record by then.
    """
    if not point.history:
        name = formatting.named(point)
        raise Invalid(
            f"在时点“{name.zh}”该事项尚无记录", f"at '{name.en}' the case had no records yet"
        )
    last = point.history[-1]
    return {
        "name": "整改反馈逾期项数",
        "value": str(sum(request.counts_as_late for request in rectification(point, today))),
        "unit": "项",
        "source": f"{last.case} v{last.version}（记录库位置 {last.position}），截至 {today}",
    }


def _follow(
    request: RectificationStatus, event: RectificationEvent, version: int, dated: date
) -> None:
    """Note what an event adds to a request: a response, its acceptance or another last day."""
    match event:
        case RectificationResponded():
            request.responses = (*request.responses, Response(version, dated))
        case RectificationAccepted():
            request.accepted = dated
        case DeadlineExtended():
            request.due = event.due
            request.due_by = "extension"
        case RectificationRequested() | RectificationReturned():
            pass
        case _:
            assert_never(event)


def _count(
    request: RectificationStatus,
    set_on: Iterable[DayAndLastDay],
    point: CaseAsOf,
    received: date | None,
    today: date,
) -> None:
    """Set the last day where only a clock does, and count the days after it."""
    if request.due is None:
        last = point.last_days.last_day("rectification", received)
        request.due = last.day
        by = "notice" if last.by_notice else "clock"
        request.due_by = by if last.day or last.unstated else None
    if request.responses:
        answered = request.responses[0].dated
        by_limit = point.last_days_on(answered).last_day("rectification", received).day
        due = last_day_on(answered, set_on) or by_limit
        request.late = max(0, (answered - due).days) if due else 0
    request.count_days(today)
