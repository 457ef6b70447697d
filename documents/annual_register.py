"""The yearly register (年度台账): everything that happened to a case, in words, oldest first."""

from typing import assert_never

from documents.page import Document, Facts, PageColumn, PageHeading, PageRow, PageTable, format_cell
from documents.pictures.timeline import timeline
from documents.source import Source, footer, table_signatures
from ledger import events as e
from ledger import terms
from ledger.language import Language, speaker
from ledger.values import IndicatorId
from projections import formatting
from projections.change_log import ChangeLogRow, change_log
from projections.explanation import target_text
from projections.provenance import cite, remarks


def register(source: Source, language: Language) -> Document:
    """The register of a case up to a point."""
    say = speaker(language)
    return Document(
        title=source.titled(say("年度台账", "Register of a case"), language),
        subtitle=say(f"{source.unit}，{source.year}年度", f"{source.unit}, {source.year}"),
        blocks=(
            Facts(_facts(source, language)),
            timeline(source.point, language),
            PageHeading(say("逐条记录", "Every entry")),
            log_table(source, change_log(source.point), language),
            table_signatures(source, language),
        ),
        footer=footer(source, language),
        language=language,
        made=source.last.at,
        landscape=True,
    )


def _facts(source: Source, language: Language) -> tuple[tuple[str, str], ...]:
    say, case = speaker(language), source.case
    grade = source.sheet().award.grade or formatting.NOTHING
    opened, commissioned = case.opened, case.commissioned
    return (
        (say(*terms.CASE), formatting.aside(opened.title if opened else "", case.id, language)),
        (say(*terms.BUREAU), opened.bureau_name if opened else ""),
        (say(*terms.AGENCY), commissioned.agency_name if commissioned else "—"),
        (say(*terms.NOTICE), (opened.notice if opened else "") or "—"),
        (say(*terms.CLAIMED), format_cell(source.claim_total)),
        (
            say(*terms.AWARDED),
            formatting.aside(format_cell(source.award_total), grade, language),
        ),
        (say(*terms.COUNT_OF_EVENTS), str(len(source.point.history))),
    )


def log_table(source: Source, entries: list[ChangeLogRow], language: Language) -> PageTable:
    """Entries of the log as people read them."""
    say = speaker(language)
    columns = (
        PageColumn(say(*terms.VERSION), 4, number=True),
        PageColumn(say(*terms.BUSINESS_DATE), 12),
        PageColumn(say(*terms.ACCOUNT), 11),
        PageColumn(say(*terms.EVENT), 9),
        PageColumn(say(*terms.INDICATOR), 13),
        PageColumn(say(*terms.BEFORE), 6, number=True),
        PageColumn(say(*terms.AFTER), 6, number=True),
        PageColumn(say(*terms.CONTENT_AND_JUSTIFICATION), 26),
        PageColumn(say(*terms.CLAUSE_AND_EVIDENCE), 20),
    )
    return PageTable(
        say("变动记录", "change log"),
        columns,
        tuple(PageRow(_cells(source, entry, language)) for entry in entries),
    )


def _cells(source: Source, entry: ChangeLogRow, language: Language) -> tuple[str, ...]:
    say, event = speaker(language), source.events[entry.version]
    evidence = [
        formatting.aside(item.title, item.number or "", language) for item in entry.evidence
    ]
    places = [cite(place, say) for place in entry.cites]
    return (
        str(entry.version),
        formatting.day(entry.dated, language),
        formatting.aside(entry.by.account, say(*terms.ROLES[entry.by.role]), language),
        formatting.happened(event, language),
        indicator_name(source, entry.indicator, language),
        "" if entry.before is None else format_cell(entry.before),
        "" if entry.after is None else format_cell(entry.after),
        "\n".join(
            filter(None, (content(event, language), entry.justification, *remarks(entry, say)))
        ),
        "\n".join(filter(None, (entry.clause or "", *evidence, *places))),
    )


def content(event: e.CaseEvent, language: Language) -> str:  # noqa: C901, PLR0911, PLR0912 - one line a kind of event
    """What was recorded, where it is more than a score and a reason."""
    say = speaker(language)
    match event:
        case e.FigureSubmitted(figure=figure) | e.FigureRestated(figure=figure):
            target = target_text(figure.target)
            goal = say(f"（目标值 {target}）", f" (target {target})") if target else ""
            return f"{figure.name} {formatting.value(figure, language)}{goal}"
        case e.BonusClaimed() | e.PenaltyRecorded():
            return f"{event.title} {event.points}"
        case e.BonusRecognised():
            return f"{event.item} {event.points}"
        case e.ResultIssued():
            return f"{event.number} {event.printed_total} {event.printed_grade}".strip()
        case e.RubricPinned() | e.RubricRepinned():
            return f"{event.rubric} {event.edition}"
        case e.CaseOpened() | e.FindingRaised() | e.RecommendationMade():
            return event.title
        case e.DocumentRegistered():
            form = say(*terms.DOCUMENT_FORMS[event.form])
            return formatting.aside(f"{event.title} {event.number}".strip(), form, language)
        case e.UnitListed():
            return formatting.aside(event.name, event.within or "", language)
        case e.ScopeDefined():
            return formatting.aside(event.scope, ", ".join(event.members), language)
        case e.StatementMade():
            return say(*terms.STATEMENT_KINDS[event.kind])
        case e.SubtotalPrinted():
            printed = (event.printed_weight, event.printed_score, event.printed_rate)
            return " ".join(
                [event.label, *(str(number) for number in printed if number is not None)]
            )
        case e.MaterialPublished():
            return f"{event.title} {event.place}"
        case e.FigureConfirmed():
            return event.figure
        case e.ReportDelivered():
            return f"{event.number} {event.printed_total} {event.printed_grade}".strip()
        case (
            e.ReviewCommissioned()
            | e.FigureWithdrawn()
            | e.EvidenceFiled()
            | e.ScoreClaimed()
            | e.SelfEvaluationSubmitted()
            | e.SubmissionReturned()
            | e.ClaimRestated()
            | e.ScoreConfirmed()
            | e.ScoreAdjusted()
            | e.IndicatorExcluded()
            | e.AdjustmentCountersigned()
            | e.AdjustmentWithdrawn()
            | e.BonusRefused()
            | e.DraftSent()
            | e.ObjectionRaised()
            | e.ObjectionAnswered()
            | e.ResultReceived()
            | e.ResultCorrected()
            | e.ResultPublished()
            | e.AppealLodged()
            | e.AppealWithdrawn()
            | e.AppealDecided()
            | e.RectificationRequested()
            | e.RectificationResponded()
            | e.RectificationReturned()
            | e.RectificationAccepted()
            | e.DeadlineExtended()
            | e.EvidenceErased()
            | e.CaseClosed()
            | e.ReopeningRequested()
            | e.CaseReopened()
            | e.DossierIssued()
        ):
            return ""
        case _:
            assert_never(event)


def indicator_name(source: Source, indicator: IndicatorId | None, language: Language) -> str:
    """An indicator as a reader finds it: its name, and its id because names repeat."""
    row = source.rubric.by_id.get(indicator) if indicator else None
    return formatting.aside(row.path[-1], row.id, language) if row else indicator or ""
