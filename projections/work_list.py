"""Work lists (待办): in each case, whose turn it is, for what, until when."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger.case import Case
from ledger.decide.preconditions import decided_rows, uncountersigned
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
from ledger.last_days import LastDay, LastDays
from ledger.rules.rule import DecidedBy
from ledger.terms import COMMANDS
from ledger.values import AccountId, IndicatorId
from projections.as_of import CaseAsOf
from projections.listed import AppealSummary, Task, Turn
from projections.rectification_status import rectification


def tasks(point: CaseAsOf, today: date) -> list[Task]:
    """Everything that waits in a case at a point."""
    if not point.history:
        return []
    case, last_days = point.case, point.last_days
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
        for waiting in _waiting(case, point, last_days, today)
    ]


class Waiting(NamedTuple):
    """What waits; the fields are those of a task."""

    turn: Turn
    what: Text
    subject: str
    since: date
    due: date | None
    decided_by: DecidedBy | None = None
    assigned: AccountId | None = None


def _waiting(case: Case, point: CaseAsOf, last_days: LastDays, today: date) -> Iterator[Waiting]:
    match case.stage:
        case "open":
            since = _last(point, CaseOpened, SubmissionReturned)
            due = last_days.last_day("submission").day
            what = Text("填报并提交自评", "submit the self-evaluation")
            yield Waiting("unit", what, "", since, due)
        case "submitted":
            since = _last(point, SelfEvaluationSubmitted)
            last = last_days.last_day("draft", since)
            if last.limit is None:  # it may be issued without a draft
                last = last_days.last_day("result", since)
            yield from _review(case, point, since, last)
            yield from _unsigned(case, point, last.day)
        case "draft":
            yield from _consultation(case, point, last_days, today)
        case "issued":
            yield from _after_issue(case, point, last_days, today)
        case "closed":
            if case.reopening:
                since = _last(point, ReopeningRequested)
                what = Text("审批恢复办理申请", "decide on the reopening")
                yield Waiting("bureau", what, "", since, None)
            yield from _due_for_destruction(case, today)
    yield from _destruction(case, point)


def _due_for_destruction(case: Case, today: date) -> Iterator[Waiting]:
    """The files of a closed case whose term is over, while no list names them."""
    over = case.retention.over if case.retention else None
    left = case.evidence.keys() - case.erased
    if over and today >= over and left and case.destruction is None:
        yield Waiting("bureau", COMMANDS["propose-destruction"], "", over, None)


def _destruction(case: Case, point: CaseAsOf) -> Iterator[Waiting]:
    """The next step of a destruction list that is under way."""
    listed = case.destruction
    if listed is None or listed.has_ended(case.erased):
        return
    step = {
        "proposed": COMMANDS["appraise-destruction"],
        "appraised": COMMANDS["decide-destruction"],
        "approved": Text("销毁清册所列材料", "erase the evidence on the list"),
    }[listed.state]
    dated = {recorded.version: recorded.dated for recorded in point.history}
    yield Waiting("bureau", step, listed.number, dated[listed.version], None)


def _review(case: Case, point: CaseAsOf, since: date, last: LastDay) -> Iterator[Waiting]:
    """The review: what is left of each reviewer's rows, or all of it where none are assigned."""
    due, rows = last.day, point.rubric.indicators if point.rubric else ()
    left = Counter(case.reviewer_of(row.id) for row in rows if row.id not in case.in_force)
    if not case.assigned or not left:
        what = _without_day(Text("核查", "review"), last.unstated)
        yield Waiting("agency", what, "", since, due, assigned=case.reviewer_of(None))
        return
    for account, count in sorted(left.items(), key=lambda each: each[0] or ""):
        rest = Text(f"核查 {count} 项", f"review {counted(count, 'row')}")
        what = _without_day(rest, last.unstated)
        yield Waiting("agency", what, "", since, due, assigned=account)


def _last(point: CaseAsOf, *events: type[Event]) -> date:
    """The business date of the last event of these kinds."""
    dates = [recorded.dated for recorded in point.history if isinstance(recorded.event, events)]
    return dates[-1] if dates else point.history[0].dated  # by a business date it may not count yet


def _consultation(
    case: Case, point: CaseAsOf, last_days: LastDays, today: date
) -> Iterator[Waiting]:
    raised = {
        recorded.event.objection: recorded.dated
        for recorded in point.history
        if isinstance(recorded.event, ObjectionRaised)
    }
    open_ones = [name for name, objection in case.objections.items() if not objection.answered]
    for name in open_ones:
        row = case.objections[name].indicator
        what = _about(Text("答复意见", "answer the objection"), row, point)
        reviewer = case.reviewer_of(row)
        yield Waiting("agency", what, name, raised[name], None, assigned=reviewer)
    sent, event = next(
        (recorded.dated, recorded.event)
        for recorded in reversed(point.history)
        if isinstance(recorded.event, DraftSent)
    )
    last = last_days.last_day("objection", sent)
    due = event.respond_by or last.day
    if due is None or today <= due:
        unstated = None if event.respond_by else last.unstated
        what = _without_day(Text("对征求意见稿提意见", "comment on the draft"), unstated)
        yield Waiting("unit", what, "", sent, due)
    since = _last(point, DraftSent, ObjectionAnswered)
    issue = last_days.last_day("result", sent)
    unsigned = list(_unsigned(case, point, issue.day))
    yield from unsigned
    if not unsigned and not open_ones and (raised or (due is not None and today > due)):
        what = _without_day(Text("印发结果", "issue the result"), issue.unstated)
        yield Waiting("bureau", what, "", since, issue.day)


def _unsigned(case: Case, point: CaseAsOf, due: date | None) -> Iterator[Waiting]:
    """Awards that a second person has still to sign, each since the day it was made."""
    if point.rubric:
        dated = {recorded.version: recorded.dated for recorded in point.history}
        decided = decided_rows(case, point.rubric)
        for row, decided_by in uncountersigned(case, point.rubric, decided).items():
            since = dated[case.in_force[row].version]
            what = _about(COMMANDS["countersign-adjustment"], row, point)
            yield Waiting("agency", what, row, since, due, decided_by)


def _after_issue(
    case: Case, point: CaseAsOf, last_days: LastDays, today: date
) -> Iterator[Waiting]:
    if case.received is None:
        since = _last(point, ResultIssued)
        last = last_days.last_day("receipt", since)
        what = Text("登记签收结果", "record the receipt of the result")
        yield Waiting("unit", _without_day(what, last.unstated), "", since, last.day)
    elif not any(isinstance(recorded.event, ResultPublished) for recorded in point.history):
        last = last_days.last_day("publication", case.received)
        what = _without_day(Text("公开结果", "disclose the result"), last.unstated)
        yield Waiting("unit", what, "", case.received, last.day)
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
            unstated = last_days.last_day("rectification", case.received).unstated
            what = _without_day(what, None if request.due else unstated)
            yield Waiting("unit", what, request.request, request.requested, request.due)
        elif request.state == "answered":
            what = Text("审核整改反馈", "accept or return the response")
            yield Waiting("bureau", what, request.request, request.responses[-1].dated, None)


def _about(what: Text, name: IndicatorId, point: CaseAsOf) -> Text:
    """What waits, with what the row is called: an id means nothing to a reader."""
    row = point.rubric.by_id.get(name) if point.rubric else None
    return Text(f"{what.zh}：{row.path[-1]}", f"{what.en}: {row.path[-1]}") if row else what


def _without_day(what: Text, unstated: Text | None) -> Text:
    """What waits, with the reason where its last day cannot be stated."""
    if unstated is None:
        return what
    return Text(
        f"{what.zh}（截止日期未计算：{unstated.zh}）", f"{what.en} (no due date: {unstated.en})"
    )


def appeals(point: CaseAsOf) -> list[AppealSummary]:
    """The appeals of a case by a point, in the order in which they were lodged."""
    case = point.case
    last_day = point.last_days.last_day("appeal", case.received).day
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
