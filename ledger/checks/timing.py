"""When things were recorded, and what was left out between submission and result."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import Discrepancy, Held, Outcome, Severity
from ledger.chronology import Chronology, DateInQuestion
from ledger.envelope import RecordedEvent
from ledger.events import DraftSent, ResultIssued, SelfEvaluationSubmitted
from ledger.language import Text, counted

LATE: Final = timedelta(days=30)
"""After its business date: longer than that and a reader should know that it was recorded late."""


def recorded_late(case_file: CaseFile) -> Iterator[Outcome]:
    """A command is recorded about when it was done."""
    delays = {recorded.version: _delay(recorded) for recorded in case_file.history}
    late = {version: delay for version, delay in delays.items() if delay > LATE}
    if not late:
        return
    longest = max(late, key=lambda version: late[version])
    message = Text(
        f"{len(late)} 条记录在业务日期 {LATE.days} 天以后才登记，最久的是第 {longest} 条，"
        f"{late[longest].days} 天",
        f"{counted(len(late), 'event')} recorded more than {LATE.days} days after their business"
        f" date; the longest delay is {late[longest].days} days (event {longest})",
    )
    yield Discrepancy("note", message, events=tuple(late))


def _delay(one: RecordedEvent) -> timedelta:
    """Whole days, because a business date has no hour and no time zone."""
    return datetime.fromisoformat(one.at).date() - one.dated


def dated_ahead(case_file: CaseFile) -> Iterator[Outcome]:
    """No command is dated after it was recorded; a day's difference may be the time zone."""
    for recorded in case_file.history:
        ahead = -_delay(recorded)
        if ahead > timedelta(days=1):
            message = Text(
                f"第 {recorded.version} 条：业务日期 {recorded.dated} 比记录时间 {recorded.at}"
                f" 晚 {ahead.days} 天",
                f"event {recorded.version}: business date {recorded.dated} is {ahead.days} days"
                f" after {recorded.at}, when it was recorded",
            )
            yield Discrepancy("warning", message, events=(recorded.version,))


def dated_before_cause(case_file: CaseFile) -> Iterator[Outcome]:
    """No event is dated before what it rests on (`ledger.chronology`)."""
    early: dict[tuple[int, bool], list[RecordedEvent]] = {}
    for recorded, found in _in_question(case_file):
        if found.cause:
            is_confirmed = found.day in recorded.confirmed
            early.setdefault((found.cause, is_confirmed), []).append(recorded)
    for (version, is_confirmed), events in early.items():
        cause, first = case_file.by_version[version], min(events, key=lambda one: one.dated)
        zh, en = ("（已由办理人确认）", ", as its author confirmed") if is_confirmed else ("", "")
        message = Text(
            f"{len(events)} 条记录的日期早于其依据（第 {version} 条，{cause.dated}），"
            f"最早的是第 {first.version} 条，{first.dated}{zh}",
            f"{counted(len(events), 'event')} dated before what they rest on (event {version},"
            f" {cause.dated}); the earliest is event {first.version}, {first.dated}{en}",
        )
        severity: Severity = "note" if is_confirmed else "warning"
        yield Discrepancy(severity, message, events=(version, *(event.version for event in events)))


def date_implausible(case_file: CaseFile) -> Iterator[Outcome]:
    """Every date is of the time of the case, and in order within its event.

    A business date in the future is another check's (`dated_ahead`).
    """
    for recorded, found in _in_question(case_file):
        if found.cause or (found.day == recorded.dated and _delay(recorded) < timedelta(0)):
            continue
        is_confirmed = found.day in recorded.confirmed
        zh, en = ("（已由办理人确认）", ", as its author confirmed") if is_confirmed else ("", "")
        message = Text(
            f"第 {recorded.version} 条：{found.why.zh}{zh}",
            f"event {recorded.version}: {found.why.en}{en}",
        )
        severity: Severity = "note" if is_confirmed else "warning"
        yield Discrepancy(severity, message, events=(recorded.version,))


def _in_question(case_file: CaseFile) -> Iterator[tuple[RecordedEvent, DateInQuestion]]:
    chronology = Chronology()
    for recorded in case_file.history:
        for found in chronology.questions(recorded.event, recorded.dated, recorded.at):
            yield recorded, found
        chronology.note(recorded)


def recorded_in_the_future(case_file: CaseFile) -> Iterator[Outcome]:
    """Nothing was recorded later than now: whose clock was wrong has written what cannot be."""
    for recorded in case_file.record:
        if case_file.now and recorded.at > case_file.now:
            message = Text(
                f"第 {recorded.version} 条：记录时间 {recorded.at} 晚于现在（{case_file.now}），"
                "两处时钟至少一处有误",
                f"event {recorded.version} was recorded at {recorded.at}, later than the present"
                f" time ({case_file.now}): one of the two clocks is wrong",
            )
            yield Discrepancy("error", message, events=(recorded.version,))


def no_consultation(case_file: CaseFile) -> Iterator[Outcome]:
    """The unit is heard on a draft before the result is issued."""
    submitted = case_file.of(SelfEvaluationSubmitted)
    for version, _ in case_file.of(ResultIssued)[-1:]:
        if not submitted:
            continue
        if case_file.of(DraftSent):
            yield Held(Text("征求意见稿", "draft for comment"))
            continue
        start = submitted[-1][0]
        first, last = (case_file.by_version[end].dated for end in (start, version))
        message = Text(
            f"自评 {first} 提交，结果 {last} 印发，相隔 {(last - first).days} 天，"
            "没有征求意见的记录",
            f"submitted on {first}, issued on {last}, {(last - first).days} days later; no"
            " consultation is recorded",
        )
        yield Discrepancy("note", message, events=(start, version))
