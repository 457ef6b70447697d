"""Last year in papers and forms (上年): what was awarded the year before, and what was found.

A paper says what was recorded of it by the time of its own point, so that it is the same whenever
it is printed, and only once last year's result was issued, so that its addressee knows it.
"""

from collections.abc import Iterator

from documents.page import Block, Cell, PageColumn, PageRow, PageTable, Paragraph, format_cell
from documents.source import Source
from ledger.language import Language, Say, Text, speaker
from ledger.terms import NOT_REQUESTED, RECTIFICATION_STATES
from ledger.values import IndicatorId
from projections import formatting
from projections.last_year import FindingBefore, LastYear


def awarded_before(last: LastYear, row: IndicatorId, weight: Cell, say: Say) -> Cell:
    """The award of a row, with its weight where that was another one; empty where there is none."""
    if row not in last.rows:
        return ""
    award, of, _ = last.rows[row]
    return award if of == weight else say(f"{award}（分值{of}）", f"{award} (of {of})")


def result_before(source: Source, language: Language) -> Iterator[Block]:
    """Last year's total and grade, and what became of its findings; nothing without such a case."""
    say, last = speaker(language), source.last_year
    if last is None:
        return
    total, grade = format_cell(last.total), last.grade or formatting.NOTHING
    yield Paragraph(
        say(
            f"{last.year}年度核查得分{total}，等级{grade}{_from(last, say)}。",
            f"For {last.year} the awarded score is {total}, grade {grade}{_from(last, say)}.",
        )
    )
    if last.findings:
        yield PageTable(
            say("上年问题和整改", "findings of last year"),
            (
                PageColumn(say("问题", "Finding"), 24),
                PageColumn(say("整改", "Rectification"), 8),
                PageColumn(say("条号", "Event"), 6, number=True),
            ),
            tuple(
                PageRow((finding.title, say(*state_of(finding)), str(finding.version)))
                for finding in last.findings
            ),
        )


def cited_below(source: Source, language: Language) -> list[Paragraph]:
    """From where the column of last year is; nothing where there is none."""
    say, last = speaker(language), source.last_year
    if last is None:
        return []
    total, grade = format_cell(last.total), last.grade or formatting.NOTHING
    return [
        Paragraph(
            say(
                f"上年得分为{last.year}年度的核查得分，合计{total}，等级{grade}"
                f"{_from(last, say)}。",
                f"'Last year' is the awarded score of {last.year}: total {total}, grade {grade}"
                f"{_from(last, say)}.",
            )
        )
    ]


def state_of(finding: FindingBefore) -> Text:
    """How far the rectification of a finding came."""
    return RECTIFICATION_STATES[finding.state] if finding.state else NOT_REQUESTED


def _from(last: LastYear, say: Say) -> str:
    """The case that it is cited from, up to which event, and the document of its result."""
    number = say(f"，{last.number}", f", {last.number}") if last.number else ""
    return say(
        f"（评价事项 {last.case}，截至第{last.version}条{number}）",
        f" (case {last.case}, up to event {last.version}{number})",
    )
