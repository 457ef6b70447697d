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
from ledger import terms
from ledger.envelope import RecordedEvent
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
from projections.provenance import with_remarks
from projections.rectification_status import RectificationStatus
from projections.rectification_status import rectification as requests_of


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
        recorded.event.finding: recorded.event
        for recorded in source.point.history
        if isinstance(recorded.event, FindingRaised)
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
                (say(*terms.NUMBER), request.number or "—"),
                (say(*terms.REQUESTED), formatting.day(request.requested, language)),
                (say(*terms.DUE), formatting.day(request.due, language)),
                (say(*terms.DEMAND), request.demand),
            )
        ),
        PageTable(
            say(f"问题 {request.request}", f"findings {request.request}"),
            (
                PageColumn(say(*terms.ID), 10),
                PageColumn(say(*terms.FINDING), 16),
                PageColumn(say(*terms.STATEMENT), 40),
                PageColumn(say(*terms.INDICATORS), 20),
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
        Paragraph(_answer(recorded, say, language))
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
    words = with_remarks(justification_of(event) or "—", event, say)
    return (
        f"{head}{say('：', ': ')}{words}"
        f"{say(f'（第 {recorded.version} 条）', f' (v{recorded.version})')}"
    )


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
                    formatting.day(request.due, language),
                    say(*terms.RECTIFICATION_STATES[request.state]),
                    formatting.day(
                        request.responses[0].dated if request.responses else None, language
                    ),
                    formatting.day(request.accepted, language),
                    str(request.late),
                    str(request.overdue),
                )
            )
            for request in requests
        ),
    )
