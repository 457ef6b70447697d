"""The result letter (结果通知): the score, its grade, and what follows."""

from collections.abc import Iterator

from documents.last_year import result_before
from documents.letter_sections import (
    outside_check,
    place_in_ranking,
    recusals,
    sections,
    time_limit,
)
from documents.page import (
    Annex,
    Block,
    Document,
    Letter,
    PageColumn,
    PageRow,
    PageTable,
    Paragraph,
    format_cell,
)
from documents.score_table import by_standard, moves_drawn, scores
from documents.source import Source, footer
from documents.wording import BLANK
from ledger import terms
from ledger.events import ResultIssued
from ledger.language import Language, Say, speaker
from ledger.last_days import Step
from projections import formatting


def result_letter(source: Source, language: Language) -> Document:
    """The letter of the result as it was issued; before that a draft without number and day."""
    say = speaker(language)
    issue = next(
        (
            recorded
            for recorded in reversed(source.point.history)
            if isinstance(recorded.event, ResultIssued)
        ),
        None,
    )
    then, issued = (
        (source.upto(issue.version, "issued"), source.case.issued) if issue else (source, None)
    )
    opened = source.case.opened
    drawn = moves_drawn(then, language)
    return Document(
        title=say(f"关于{source.title}结果的通知", f"Result of the review: {source.title}"),
        subtitle=say(f"{source.unit}，{source.year}年度", f"{source.unit}, {source.year}"),
        letter=Letter(
            sender=opened.bureau_name if opened else "",
            number=issued.number if issued else "",
            addressee=source.unit,
            dated=formatting.day(issue.dated, language) if issue else "",
        ),
        blocks=(
            Paragraph(_opening(then, say) if issue else _draft(then, say)),
            *sections(
                language,
                (say("结果", "Result"), [*_result(then, issued, say)]),
                (say("上年情况", "Last year"), [*result_before(then, language)]),
                (say("回避情况", "Recusals"), recusals(then, language)),
                (say("名次", "Place"), [*place_in_ranking(source, language)]),
                (say("后续事项", "What follows"), [*_next(source, say, language)]),
                (say("核对办法", "How to verify this result"), outside_check(then, language)),
            ),
        ),
        annexes=(
            Annex(
                say("核查评分表", "Review score table"),
                (scores(then, language), *by_standard(then, language)),
            ),
            *(
                [
                    Annex(
                        say("得分变动图", "Changes from the self-evaluation to the score"),
                        (*drawn,),
                    )
                ]
                if drawn
                else []
            ),
        ),
        footer=footer(then, language),
        language=language,
        made=then.last.at,
    )


def _draft(source: Source, say: Say) -> str:
    """The opening while nothing is issued: no letter says what is not so."""
    return say(
        f"（草稿，未印发）{source.title}的结果尚未印发。目前的得分如下：",
        f"(Draft, not issued.) The result of {source.title} is not issued yet. The scores so far"
        " are as follows.",
    )


def _opening(source: Source, say: Say) -> str:
    agency, rubric = source.case.commissioned, source.rubric
    by_zh = f"由{agency.agency_name}核查" if agency else "核查"
    by_en = f" by {agency.agency_name}" if agency else ""
    return say(
        f"{source.title}已{by_zh}完毕，评分依据为《{rubric.title}》（{rubric.edition}版）。"
        "现将结果通知如下：",
        f"{source.title} has been reviewed{by_en} according to '{rubric.title}', edition"
        f" {rubric.edition}. The result is as follows.",
    )


def _result(source: Source, issued: ResultIssued | None, say: Say) -> Iterator[Block]:
    sheet = source.sheet()
    columns = (sheet.claim, sheet.award)
    lines = [(say(*terms.TOTALS_LINES["base"]), *(column.shown("base") for column in columns))]
    for part in sheet.award.lines():
        points = [column.lines()[part] for column in columns]
        if any(points):
            shown = (
                said if column.shown(part) is not None else None
                for column, said in zip(columns, points, strict=True)
            )
            lines.append((source.line_name(part, say), *shown))
    yield PageTable(
        say("得分和等级", "scores and grade"),
        (
            PageColumn(say("项目", "Part"), 20),
            PageColumn(say(*terms.CLAIMED), 10, number=True),
            PageColumn(say(*terms.AWARDED), 10, number=True),
        ),
        (
            *(
                PageRow((name, format_cell(claim), format_cell(award)))
                for name, claim, award in lines
            ),
            PageRow(
                (
                    say(*terms.TOTALS_LINES["total"]),
                    format_cell(source.claim_total),
                    format_cell(source.award_total),
                ),
                strong=True,
            ),
            PageRow((say(*terms.GRADE), sheet.claim.grade, sheet.award.grade), strong=True),
        ),
    )
    if waiting := sheet.award.waiting:
        yield Paragraph(say(f"{waiting.zh}。", f"{waiting.en}."))
    if issued and issued.difference:
        grade = issued.printed_grade or formatting.NOTHING
        yield Paragraph(
            say(
                f"文件所列总分{issued.printed_total}、等级{grade}与上表计算值不同，"
                f"原因：{issued.difference}",
                f"The printed total {issued.printed_total}, grade {grade}, differs from the"
                f" computed one above: {issued.difference}",
            )
        )
    yield Paragraph(
        say(
            "各项指标的得分和原因见附件。",
            "The scores of all indicators and the reasons for them are annexed.",
        )
    )


def _next(source: Source, say: Say, language: Language) -> Iterator[Block]:
    steps: tuple[tuple[str, Step], ...] = (
        (say("申诉", "appeals"), "appeal"),
        (say("结果公开", "disclosure"), "publication"),
        (say("整改反馈", "rectification"), "rectification"),
    )
    for name, step in steps:
        last = source.point.last_days.last_day(step, source.case.received)
        yield time_limit(name, last, source, language)
    yield Paragraph(
        say(f"联系人和电话（由制发机关填写）：{BLANK}", f"Contact (to be filled in): {BLANK}")
    )
