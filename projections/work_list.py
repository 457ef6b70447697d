"""Work lists (待办): in each case, whose turn it is, for what, until when."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger.case import Case
from ledger.decide.preconditions import uncountersigned
from ledger.events import (
    AppealLodged,
    CaseOpened,
    DraftSent,
    Event,
    ObjectionAnswered,
    ObjectionRaised,
    ReopeningRequested,
    ResultIssued,
    ResultPublished,
    SelfEvaluationSubmitted,
    SubmissionReturned,
)
from ledger.language import Text, counted
from ledger.rules.rule import DecidedBy
from ledger.terms import COMMANDS
from ledger.time_limits import TimeLimits
from ledger.values import AccountId
from projections.as_of import CaseAsOf
from projections.listed import AppealSummary, Task, Turn
from projections.rectification_status import rectification


def tasks(point: CaseAsOf, today: date) -> list[Task]:
    """Everything that waits in a case at a point."""
    if not point.history:
        return []
    case, clocks = point.case, _clocks(point)
    return [
        Task(
            case=case.id,
            turn=waiting.turn,
            what=waiting.what,
            subject=waiting.subject or None,
            since=waiting.since,
            due=waiting.due,
            left=(waiting.due - today).days if waiting.due else None,
            decided_by=waiting.decided_by,
            assigned=waiting.assigned,
        )
        for waiting in _waiting(case, point, clocks, today)
    ]


def _clocks(point: CaseAsOf) -> TimeLimits:
    rubric = point.rubric
    return rubric.clocks if rubric else TimeLimits()


class Waiting(NamedTuple):
    """What waits; the fields are those of a task."""

    turn: Turn
    what: Text
    subject: str
    since: date
    due: date | None
    decided_by: DecidedBy | None = None
    assigned: AccountId | None = None


def _waiting(case: Case, point: CaseAsOf, clocks: TimeLimits, today: date) -> Iterator[Waiting]:
    match case.stage:
        case "open":
            since = _last(point, CaseOpened, SubmissionReturned)
            due = clocks.self_evaluation_due
            what = Text("填报并提交自评", "submit the self-evaluation")
            yield Waiting("unit", what, "", since, due)
        case "submitted":
            since = _last(point, SelfEvaluationSubmitted)
            yield from _review(case, point, since)
            yield from _unsigned(case, point)
        case "draft":
            yield from _consultation(case, point, clocks, today)
        case "issued":
            yield from _after_issue(case, point, clocks, today)
        case "closed":
            if case.reopening:
                since = _last(point, ReopeningRequested)
                what = Text("审批恢复办理申请", "decide on the reopening")
                yield Waiting("bureau", what, "", since, None)


def _review(case: Case, point: CaseAsOf, since: date) -> Iterator[Waiting]:
    """The review: what is left of each reviewer's rows, or all of it where none are assigned."""
    what, rows = Text("核查", "review"), point.rubric.indicators if point.rubric else ()
    left = Counter(case.reviewer_of(row.id) for row in rows if row.id not in case.in_force)
    if not case.assigned or not left:
        yield Waiting("agency", what, "", since, None, assigned=case.reviewer_of(None))
        return
    for account, count in sorted(left.items(), key=lambda each: each[0] or ""):
        rest = Text(f"核查 {count} 项", f"review {counted(count, 'row')}")
        yield Waiting("agency", rest, "", since, None, assigned=account)


def _last(point: CaseAsOf, *events: type[Event]) -> date:
    """The business date of the last event of these kinds."""
    dates = [recorded.dated for recorded in point.history if isinstance(recorded.event, events)]
    return dates[-1] if dates else point.history[0].dated  # by a business date it may not count yet


def _consultation(
    case: Case, point: CaseAsOf, clocks: TimeLimits, today: date
) -> Iterator[Waiting]:
    raised = {
        recorded.event.objection: recorded.dated
        for recorded in point.history
        if isinstance(recorded.event, ObjectionRaised)
    }
    open_ones = [name for name, objection in case.objections.items() if not objection.answered]
    for name in open_ones:
        what = Text("答复意见", "answer the objection")
        reviewer = case.reviewer_of(case.objections[name].indicator)
        yield Waiting("agency", what, name, raised[name], None, assigned=reviewer)
    sent, event = next(
        (recorded.dated, recorded.event)
        for recorded in reversed(point.history)
        if isinstance(recorded.event, DraftSent)
    )
    due = event.respond_by or clocks.last_day(clocks.objection, sent)
    if due is None or today <= due:
        unstated = None if event.respond_by else clocks.unstated(clocks.objection, sent)
        what = _without_day(Text("对征求意见稿提意见", "comment on the draft"), unstated)
        yield Waiting("unit", what, "", sent, due)
    since = _last(point, DraftSent, ObjectionAnswered)
    unsigned = list(_unsigned(case, point))
    yield from unsigned
    if not unsigned and not open_ones and (raised or (due is not None and today > due)):
        yield Waiting("bureau", Text("印发结果", "issue the result"), "", since, None)


def _unsigned(case: Case, point: CaseAsOf) -> Iterator[Waiting]:
    """Awards that a second person has still to sign, each since the day it was made."""
    if point.rubric:
        dated = {recorded.version: recorded.dated for recorded in point.history}
        for row, decided_by in uncountersigned(case, point.rubric).items():
            since = dated[case.in_force[row].version]
            what = COMMANDS["countersign-adjustment"]
            yield Waiting("agency", what, row, since, None, decided_by)


def _after_issue(case: Case, point: CaseAsOf, clocks: TimeLimits, today: date) -> Iterator[Waiting]:
    if case.received is None:
        since = _last(point, ResultIssued)
        what = Text("登记签收结果", "record the receipt of the result")
        yield Waiting("unit", what, "", since, None)
    elif not any(isinstance(recorded.event, ResultPublished) for recorded in point.history):
        due = clocks.last_day(clocks.publication, case.received)
        unstated = clocks.unstated(clocks.publication, case.received)
        what = _without_day(Text("公开结果", "disclose the result"), unstated)
        yield Waiting("unit", what, "", case.received, due)
    for lodged in appeals(point):
        if lodged.open:
            what = Text("决定申诉", "decide the appeal")
            if late := lodged.late:
                zh, en = f"（迟交 {late} 天）", f" ({counted(late, 'day')} late)"
                what = Text(what.zh + zh, what.en + en)
            yield Waiting("bureau", what, lodged.appeal, lodged.lodged, None)
    for request in rectification(point, today):
        if request.state == "open":
            what = Text("反馈整改", "respond to the rectification request")
            unstated = clocks.unstated(clocks.rectification, case.received)
            what = _without_day(what, None if request.due else unstated)
            yield Waiting("unit", what, request.request, request.requested, request.due)
        elif request.state == "answered":
            what = Text("审核整改反馈", "accept or return the response")
            yield Waiting("bureau", what, request.request, request.responses[-1].dated, None)


def _without_day(what: Text, unstated: Text | None) -> Text:
    """What waits, with the reason where its last day cannot be stated."""
    if unstated is None:
        return what
    return Text(
        f"{what.zh}（截止日期未计算：{unstated.zh}）", f"{what.en} (no due date: {unstated.en})"
    )


def appeals(point: CaseAsOf) -> list[AppealSummary]:
    """The appeals of a case by a point, in the order in which they were lodged."""
    case, clocks = point.case, _clocks(point)
    last_day = clocks.last_day(clocks.appeal, case.received)
    return [
        AppealSummary(
            case=case.id,
            appeal=recorded.event.appeal,
            number=recorded.event.number or None,
            lodged=recorded.dated,
            contests=recorded.event.contests,
            open=case.appeals[recorded.event.appeal].open,
            late=None if last_day is None else max(0, (recorded.dated - last_day).days),
        )
        for recorded in point.history
        if isinstance(recorded.event, AppealLodged)
    ]
