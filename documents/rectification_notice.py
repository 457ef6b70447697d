"""The rectification notice (整改通知) and its tracker (整改跟踪表)."""

from documents.page import (
    Block,
    Document,
    Facts,
    PageColumn,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
)
from documents.source import Source, footer
from ledger.events import (
    FindingRaised,
    RectificationAccepted,
    RectificationResponded,
    RectificationReturned,
)
from ledger.language import Language, Say, speaker
from ledger.values import ItemId
from projections import formatting
from projections.change_log import justification_of
from projections.rectification_status import RectificationStatus
from projections.rectification_status import rectification as requests_of

STATES = {
    "open": ("待反馈", "open"),
    "answered": ("已反馈", "answered"),
    "accepted": ("已认可", "accepted"),
}
STEPS = {
    RectificationResponded: ("反馈", "response"),
    RectificationReturned: ("退回", "returned"),
    RectificationAccepted: ("认可", "accepted"),
}


def rectification(source: Source, language: Language) -> Document:
    """Each request with its findings and what became of it, then the tracker of all of them."""
    say = speaker(language)
    requests = requests_of(source.point, source.today)
    blocks: list[Block] = []
    for request in requests:
        blocks += _notice(source, request, say, language)
    if not requests:
        blocks.append(Paragraph(say("没有整改要求。", "Nothing was asked to be put right.")))
    blocks += [
        PageHeading(say("整改跟踪", "Tracker")),
        Paragraph(
            say(
                f"逾期天数计算到 {formatting.day(source.today, language)}。",
                f"Days overdue are counted to {formatting.day(source.today, language)}.",
            )
        ),
        _tracker(requests, say, language),
    ]
    return Document(
        title=say("整改通知与跟踪表", "Rectification notice and tracker"),
        subtitle=say(f"{source.unit}，{source.year} 年度", f"{source.unit}, {source.year}"),
        blocks=tuple(blocks),
        footer=footer(source, language),
        language=language,
        made=source.last.at,
        landscape=True,
    )


def _notice(
    source: Source, request: RectificationStatus, say: Say, language: Language
) -> list[Block]:
    findings = {
        one.event.finding: one.event
        for one in source.point.history
        if isinstance(one.event, FindingRaised)
    }
    listed = [
        PageRow(
            (
                name,
                found.title if found else "",
                found.statement if found else "",
                _rows(source, found),
            )
        )
        for name in request.findings
        for found in [findings.get(name)]
    ]
    return [
        PageHeading(say(f"整改要求 {request.request}", f"Request {request.request}")),
        Facts(
            (
                (say("文号", "number"), request.number or "—"),
                (say("发出", "made"), formatting.day(request.requested, language)),
                (say("最迟反馈", "due"), formatting.day(request.due, language)),
                (say("要求", "demand"), request.demand),
            )
        ),
        PageTable(
            say(f"问题 {request.request}", f"findings {request.request}"),
            (
                PageColumn(say("编号", "id"), 10),
                PageColumn(say("问题", "finding"), 16),
                PageColumn(say("说明", "statement"), 40),
                PageColumn(say("涉及指标", "indicators"), 20),
            ),
            tuple(listed),
        ),
        *_answers(source, request.request, say, language),
    ]


def _rows(source: Source, found: FindingRaised | None) -> str:
    by_id = source.rubric.by_id
    names = found.indicators if found else ()
    return "\n".join(by_id[name].path[-1] if name in by_id else name for name in names)


def _answers(source: Source, request: ItemId, say: Say, language: Language) -> list[Block]:
    return [
        Paragraph(
            f"{formatting.day(one.dated, language)} {say(*STEPS[type(one.event)])}"
            f"{say('：', ': ')}{justification_of(one.event) or '—'}"
            f"{say(f'（第 {one.version} 条）', f' (v{one.version})')}"
        )
        for one in source.point.history
        if isinstance(
            one.event, RectificationResponded | RectificationReturned | RectificationAccepted
        )
        and one.event.request == request
    ]


def _tracker(requests: list[RectificationStatus], say: Say, language: Language) -> PageTable:
    return PageTable(
        say("整改跟踪表", "tracker"),
        (
            PageColumn(say("要求", "request"), 10),
            PageColumn(say("文号", "number"), 12),
            PageColumn(say("发出", "made"), 12),
            PageColumn(say("最迟反馈", "due"), 12),
            PageColumn(say("状态", "state"), 7),
            PageColumn(say("首次反馈", "first response"), 12),
            PageColumn(say("认可", "accepted"), 12),
            PageColumn(say("迟报天数", "days late"), 7, number=True),
            PageColumn(say("逾期天数", "days overdue"), 7, number=True),
        ),
        tuple(
            PageRow(
                (
                    one.request,
                    one.number,
                    formatting.day(one.requested, language),
                    formatting.day(one.due, language),
                    say(*STATES[one.state]),
                    formatting.day(one.responses[0][1] if one.responses else None, language),
                    formatting.day(one.accepted, language),
                    str(one.late),
                    str(one.overdue),
                )
            )
            for one in requests
        ),
    )
