"""The rectification notice (整改通知), a letter with its tracker (整改跟踪表) annexed."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from documents.letter_sections import outside_check, sections, subheading
from documents.page import (
    Annex,
    Block,
    Document,
    Letter,
    PageColumn,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
)
from documents.source import Source, footer
from documents.wording import BLANK
from ledger import terms
from ledger.envelope import RecordedEvent
from ledger.events import (
    FindingRaised,
    RectificationAccepted,
    RectificationResponded,
    RectificationReturned,
)
from ledger.language import Language, Say, Text, listing, speaker
from ledger.values import Invalid, ItemId
from projections import formatting
from projections.change_log import justification_of
from projections.listed import RectificationStatus
from projections.provenance import with_remarks
from projections.rectification_status import rectification as requests_of

DUE_BY: Final = {
    "document": Text("本通知规定", "set by this notice"),
    "extension": Text("经同意延期", "extended"),
    "clock": Text("按指标体系的期限计算", "by the time limit of the rubric"),
    "notice": Text("按年度通知的期限计算", "by the notice of the year"),
}


def rectification(source: Source, language: Language, request: ItemId | None = None) -> Document:
    """The letter that asks for rectification, and what became of each request.

    Args:
        source: where it comes from; days overdue are counted to its day.
        language: of the letter.
        request: the one that it is about; all of them where it is left out.

    Raises:
        Invalid: there is no such request.
    """
    say = speaker(language)
    requests = _asked(requests_of(source.point, source.today), request)
    opened = source.case.opened
    return Document(
        title=say(f"关于{source.title}的整改通知", f"Rectification notice: {source.title}"),
        subtitle=say(f"{source.unit}，{source.year}年度", f"{source.unit}, {source.year}"),
        letter=Letter(
            sender=opened.bureau_name if opened else "",
            number=_same([asked.number or "" for asked in requests]),
            addressee=source.unit,
            dated=formatting.day(day, language) if (day := _day(requests)) else "",
        ),
        blocks=(
            *_opening(source, requests, say, language),
            *sections(
                language,
                (
                    say("存在问题和整改要求", "Findings and required action"),
                    [*_demands(source, requests, say, language)],
                ),
                (say("反馈", "Response"), [*_response(requests, say)]),
                (say("核对办法", "How to verify this notice"), outside_check(source, language)),
            ),
        ),
        annexes=(Annex(say("整改跟踪表", "Tracker"), _followed(source, requests, say, language)),),
        footer=footer(source, language),
        language=language,
        made=source.last.at,
    )


def _asked(
    requests: list[RectificationStatus], request: ItemId | None
) -> list[RectificationStatus]:
    """The request that is asked for, or all."""
    if request is None:
        return requests
    chosen = [status for status in requests if status.request == request]
    if not chosen:
        zh, en = listing(known := [status.request for status in requests])
        raise Invalid(
            f"没有整改要求“{request}”。现有：{zh or '无'}",
            f"there is no request '{request}'. There are: {en or 'none'}",
            rule="which-request",
            subject=request,
            field="request",
            known=known,
        )
    return chosen


def _same(values: list[str]) -> str:
    """What all of them say; empty where they differ, so that a person decides."""
    return values[0] if len(set(values)) == 1 else ""


def _day(requests: list[RectificationStatus]) -> date | None:
    days = {request.requested for request in requests}
    return days.pop() if len(days) == 1 else None


def _opening(
    source: Source, requests: list[RectificationStatus], say: Say, language: Language
) -> Iterator[Paragraph]:
    if not requests:
        yield Paragraph(say("没有整改要求。", "No rectification was requested."))
        return
    issued = source.case.issued
    result = formatting.aside(
        say("评价结果", "the result"), issued.number if issued else "", language
    )
    yield Paragraph(
        say(
            f"根据{source.title}的{result}，请你单位对下列问题进行整改：",
            f"According to {result} of {source.title}, please rectify the following.",
        )
    )


def _demands(
    source: Source, requests: list[RectificationStatus], say: Say, language: Language
) -> Iterator[Block]:
    """Per request: what is asked until when, and the findings that it is about."""
    for number, request in enumerate(requests):
        if len(requests) > 1:
            findings = [_found(source, name) for name in request.findings]
            titles = say("、", ", ").join(
                finding.title if finding else name
                for finding, name in zip(findings, request.findings, strict=True)
            )
            yield subheading(
                number, formatting.aside(titles, request.number or "", language), language
            )
        yield Paragraph(say(f"整改内容：{request.demand}", f"Required action: {request.demand}"))
        yield Paragraph(say(*_due(request)))
        yield _findings(source, request, say)


def _due(request: RectificationStatus) -> Text:
    """The last day and what sets it; else a blank for a person, with its reason if known."""
    if request.due_by is None:
        return Text(f"截止日期（由制发机关填写）：{BLANK}", f"Due date (to be filled in): {BLANK}")
    if request.due is None:
        reason = terms.NO_DUE[request.due_by]
        return Text(
            f"截止日期（{reason.zh}，由制发机关填写）：{BLANK}",
            f"Due date ({reason.en}; to be filled in): {BLANK}",
        )
    due, by = request.due, DUE_BY[request.due_by]
    return Text(
        f"截止日期：{formatting.day(due, 'zh')}（{by.zh}）。",
        f"Due date: {formatting.day(due, 'en')} ({by.en}).",
    )


def _findings(source: Source, request: RectificationStatus, say: Say) -> PageTable:
    findings = [_found(source, name) for name in request.findings]
    return PageTable(
        say("存在问题", "findings"),
        (
            PageColumn(say(*terms.FINDING), 14),
            PageColumn(say(*terms.STATEMENT), 30),
            PageColumn(say(*terms.INDICATORS), 12),
        ),
        tuple(
            PageRow(
                (
                    finding.title,
                    with_remarks(finding.statement, finding, say),
                    _rows(source, finding),
                )
                if finding
                else (name, "", "")
            )
            for finding, name in zip(findings, request.findings, strict=True)
        ),
    )


def _found(source: Source, finding: ItemId) -> FindingRaised | None:
    """A finding as it was raised last; `None` where the point does not count that."""
    return next(
        (
            recorded.event
            for recorded in reversed(source.point.history)
            if isinstance(recorded.event, FindingRaised) and recorded.event.finding == finding
        ),
        None,
    )


def _rows(source: Source, finding: FindingRaised) -> str:
    by_id = source.rubric.by_id
    return "\n".join(by_id[name].path[-1] if name in by_id else name for name in finding.indicators)


def _response(requests: list[RectificationStatus], say: Say) -> Iterator[Paragraph]:
    if requests:
        yield Paragraph(
            say(
                "请在截止日期前书面反馈整改情况，并附佐证材料。逾期未反馈的，将如实记录。",
                "Please respond in writing by the due date and enclose evidence. Late or missing"
                " responses remain on record.",
            )
        )
        yield Paragraph(
            say(f"联系人和电话（由制发机关填写）：{BLANK}", f"Contact (to be filled in): {BLANK}")
        )


def _followed(
    source: Source, requests: list[RectificationStatus], say: Say, language: Language
) -> tuple[Block, ...]:
    """The state of each request on the day of the document, and every answer to it."""
    day = formatting.day(source.today, language)
    answers = [
        paragraph
        for request in requests
        for paragraph in _answers(source, request.request, say, language)
    ]
    heading = PageHeading(say("反馈和确认", "Responses and acceptance"), level=2)
    followed: list[Block] = [heading, *answers] if answers else []
    return (
        Paragraph(say(f"逾期天数计算到{day}。", f"Days overdue are counted to {day}.")),
        _tracker(requests, say, language),
        *followed,
    )


def _answers(source: Source, request: ItemId, say: Say, language: Language) -> Sequence[Paragraph]:
    return [
        Paragraph(f"{request}{say('：', ': ')}{_answer(recorded, say, language)}")
        for recorded in source.point.history
        if isinstance(
            recorded.event, RectificationResponded | RectificationReturned | RectificationAccepted
        )
        and recorded.event.request == request
    ]


def _answer(recorded: RecordedEvent, say: Say, language: Language) -> str:
    """What was said to a request, when and in which entry."""
    event = recorded.event
    head = f"{formatting.day(recorded.dated, language)} {formatting.happened(event, language)}"
    words = with_remarks(justification_of(event) or "", event, say)
    said = f"{say('：', ': ')}{words}" if words else ""
    return f"{head}{said}{say(f'（第{recorded.version}条）', f' (event {recorded.version})')}"


def _tracker(requests: list[RectificationStatus], say: Say, language: Language) -> PageTable:
    return PageTable(
        say("整改跟踪表", "tracker"),
        (
            PageColumn(say(*terms.REQUEST), 10),
            PageColumn(say(*terms.NUMBER), 12),
            PageColumn(say(*terms.REQUESTED), 12),
            PageColumn(say(*terms.DUE), 12),
            PageColumn(say(*terms.STATE), 7),
            PageColumn(say(*terms.RESPONDED), 12),
            PageColumn(say(*terms.ACCEPTED), 12),
            PageColumn(say(*terms.DAYS_LATE), 7, number=True),
            PageColumn(say(*terms.DAYS_OVERDUE), 7, number=True),
        ),
        tuple(
            PageRow(
                (
                    request.request,
                    request.number or "",
                    formatting.day(request.requested, language),
                    formatting.day(request.due, language)
                    if request.due
                    else say(*terms.NO_DUE[request.due_by]),
                    say(*terms.RECTIFICATION_STATES[request.state]),
                    formatting.day(
                        request.responses[0].dated if request.responses else None, language
                    ),
                    formatting.day(request.accepted, language),
                    "—" if request.late is None else str(request.late),
                    "—" if request.overdue is None else str(request.overdue),
                )
            )
            for request in requests
        ),
    )
