"""Time limits: what the rubric, a document or a notice sets, and when it was done."""

from collections.abc import Iterator
from datetime import date, datetime

from ledger.checks.case_file import CaseFile, sources, versions
from ledger.checks.declared import clause_of, seen
from ledger.checks.discrepancy import Discrepancy, Held, NotJudged, Outcome, row_name
from ledger.cross_checks import DeadlineCheck, StatedLimitCheck
from ledger.events import (
    AppealLodged,
    CaseEvent,
    DeadlineExtended,
    DraftSent,
    MaterialPublished,
    ObjectionRaised,
    RectificationRequested,
    RectificationResponded,
    ResultIssued,
    ResultPublished,
    ResultReceived,
    SelfEvaluationSubmitted,
)
from ledger.language import Text, counted
from ledger.last_days import LastDay, Step, last_days_of, notices_in
from ledger.time_limits import DayAndLastDay, last_day_on


def deadline_missed(case_file: CaseFile) -> Iterator[Outcome]:
    """What a time limit of the rubric or of a document asks for is done by its last day."""
    yield from _self_evaluation(case_file)
    received = next((event.received for _, event in reversed(case_file.of(ResultReceived))), None)
    published = case_file.of(ResultPublished)[:1]
    for version, _ in published:
        what = Text("公开结果", "disclosure of the result")
        yield from _in_time(case_file, what, version, "publication", received)
    for version, appeal in case_file.of(AppealLodged):
        what = Text(f"申诉“{appeal.appeal}”", f"appeal '{appeal.appeal}'")
        yield from _in_time(case_file, what, version, "appeal", received)
    start = _last_dated(case_file, DraftSent)
    for version, objection in case_file.of(ObjectionRaised):
        what = Text(f"反馈意见“{objection.objection}”", f"objection '{objection.objection}'")
        yield from _in_time(case_file, what, version, "objection", start)
    yield from _of_the_bureau(case_file, start)
    yield from _rectification(case_file, received)


def _last_dated(case_file: CaseFile, kind: type[CaseEvent]) -> date | None:
    events = case_file.of(kind)
    return case_file.by_version[events[-1][0]].dated if events else None


def _last_day(case_file: CaseFile, version: int, step: Step, first: date | None) -> LastDay:
    """The last day of a step as it was set by the day of an event."""
    day = case_file.by_version[version].dated
    last_days = last_days_of(case_file.case, case_file.rubric, notices_in(case_file.register), day)
    return last_days.last_day(step, first)


def _in_time(
    case_file: CaseFile, what: Text, version: int, step: Step, first: date | None
) -> Iterator[Outcome]:
    last = _last_day(case_file, version, step, first)
    yield from _done(case_file, what, version, last.day, last.unstated)


def _of_the_bureau(case_file: CaseFile, sent: date | None) -> Iterator[Outcome]:
    """What only a notice sets a last day for: the draft, the result and its receipt."""
    submitted = _last_dated(case_file, SelfEvaluationSubmitted)
    steps: tuple[tuple[Step, type[CaseEvent], date | None, Text], ...] = (
        ("draft", DraftSent, submitted, Text("发出征求意见稿", "sending of the draft")),
        ("result", ResultIssued, sent or submitted, Text("印发结果", "issue of the result")),
        (
            *("receipt", ResultReceived, _last_dated(case_file, ResultIssued)),
            Text("登记签收结果", "receipt of the result"),
        ),
    )
    for step, kind, first, what in steps:
        for version, _ in case_file.of(kind)[:1]:
            if _last_day(case_file, version, step, first).limit:
                yield from _in_time(case_file, what, version, step, first)


def _self_evaluation(case_file: CaseFile) -> Iterator[Outcome]:
    """The first submission, and what was made public before there was a result."""
    for version, _ in case_file.of(SelfEvaluationSubmitted)[:1]:
        if _last_day(case_file, version, "submission", None).limit:
            what = Text("提交自评", "submission of the self-evaluation")
            yield from _in_time(case_file, what, version, "submission", None)
    issued = case_file.of(ResultIssued)[:1]
    for version, material in case_file.of(MaterialPublished):
        is_of_unit = not issued or version < issued[0][0]
        if is_of_unit and _last_day(case_file, version, "submission", None).limit:
            what = Text(f"公开《{material.title}》", f"disclosure of '{material.title}'")
            yield from _in_time(case_file, what, version, "submission", None)


def _rectification(case_file: CaseFile, received: date | None) -> Iterator[Outcome]:
    extended: dict[str, list[DayAndLastDay]] = {}
    for version, extension in case_file.of(DeadlineExtended):
        dated = case_file.by_version[version].dated
        extended.setdefault(extension.request, []).append((dated, extension.due))
    answered: dict[str, int] = {}
    for version, response in case_file.of(RectificationResponded):
        answered.setdefault(response.request, version)
    for version, request in case_file.of(RectificationRequested):
        dated, more = case_file.by_version[version].dated, extended.get(request.request, [])
        set_on = [(dated, request.due), *more]
        what = Text(f"整改要求“{request.request}”", f"rectification '{request.request}'")
        if request.request in answered:
            reply = answered[request.request]
            last = _last_day(case_file, reply, "rectification", received)
            due = last_day_on(case_file.by_version[reply].dated, set_on) or last.day
            yield from _done(case_file, what, reply, due, last.unstated)
            continue
        last_days = last_days_of(case_file.case, case_file.rubric, notices_in(case_file.register))
        by_limit = last_days.last_day("rectification", received).day
        due = last_day_on(date.max, set_on) or by_limit
        if due and case_file.now and datetime.fromisoformat(case_file.now).date() > due:
            message = Text(
                f"{what.zh}：截止日期 {due}，逾期未反馈", f"{what.en}: due {due}, not answered"
            )
            yield Discrepancy("warning", message, events=(version,))


def _done(
    case_file: CaseFile, what: Text, version: int, due: date | None, unstated: Text | None = None
) -> Iterator[Outcome]:
    day = case_file.by_version[version].dated
    if due is None and unstated:
        yield NotJudged(
            Text(
                f"{what.zh}（{day}）：时限{unstated.zh}，是否按时未判断",
                f"{what.en} ({day}): {unstated.en}; whether it is in time was not judged",
            )
        )
    elif due is None:
        yield NotJudged(
            Text(
                f"{what.zh}（{day}）：没有规定时限，是否按时未判断",
                f"{what.en} ({day}): no time limit is set; whether it is in time was not judged",
            )
        )
    elif day <= due:
        yield Held(Text(f"{what.zh}（{day}，截止 {due}）", f"{what.en} ({day}, due {due})"))
    else:
        late = (day - due).days
        message = Text(
            f"{what.zh}：截止日期 {due}，实际 {day}，逾期 {late} 天",
            f"{what.en}: due {due}, done {day}, {counted(late, 'day')} late",
        )
        yield Discrepancy("warning", message, events=(version,))


def deadline_of_notice_missed(case_file: CaseFile) -> Iterator[Outcome]:
    """A stated time from a first to a second date is within the days that a notice sets."""
    for cross_check, view in seen(case_file, DeadlineCheck):
        took, limit = view.data.get(cross_check.figure), view.data.get(cross_check.limit)
        if took is None or limit is None or not view.own & {cross_check.figure, cross_check.limit}:
            continue
        if took.figure.days is None or limit.figure.number is None:
            continue
        days = (took.figure.days[1] - took.figure.days[0]).days
        allowed = limit.figure.number
        told = Text(
            f"{cross_check.name}：{took.figure.value}，{days} 天，期限 {allowed} 天",
            f"{took.figure.id} {took.figure.value}: {counted(days, 'day')} of {allowed}",
        )
        if 0 <= days <= allowed:
            yield Held(told, took.figure.indicator)
            continue
        data = (took, limit)
        places = (*sources(*data), *clause_of(cross_check))
        yield Discrepancy("warning", told, took.figure.indicator, versions(*data), places)


def limit_not_in_standard(case_file: CaseFile) -> Iterator[Outcome]:
    """A limit that a document applies is the one that the standard sets."""
    for cross_check, view in seen(case_file, StatedLimitCheck):
        stated = view.data.get(cross_check.figure)
        if stated is None or cross_check.figure not in view.own or stated.figure.number is None:
            continue
        if stated.figure.number == cross_check.standard:
            yield Held(Text(cross_check.name, cross_check.figure), stated.figure.indicator)
            continue
        row = case_file.rubric.by_id[stated.figure.indicator]
        unit = stated.figure.unit
        message = Text(
            f"{row_name(row).zh}：{cross_check.name}用的是 {stated.figure.number} {unit}，"
            f"标准为 {cross_check.standard} {unit}",
            f"{row.id}: {cross_check.figure} applies {stated.figure.number} {unit}, the standard"
            f" sets {cross_check.standard} {unit}",
        )
        places = (*sources(stated), row.clause, *clause_of(cross_check))
        yield Discrepancy(
            cross_check.severity or "warning", message, row.id, versions(stated), places
        )
