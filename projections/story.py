"""The story of a case (一览): claimed, awarded, by the standard, and what makes the difference.

What a reader wants to know before any table: the three totals with their grades, the rows whose
award is off the standard, and the rows that the standard leaves open.
"""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from ledger.language import Text
from ledger.standard_totals import in_words, total_in_words
from ledger.values import IndicatorId
from projections.as_of import CaseAsOf
from projections.score_sheet import ScoreSheet, pinned, score_sheet


class StoryRow(Struct, frozen=True, kw_only=True):
    """A row whose award is off the standard.

    Attributes:
        rule: what the rule gives, as text.
        gap: how far the award lies outside it.
    """

    indicator: IndicatorId
    name: str
    claim: Decimal | None
    award: Decimal | None
    rule: Text
    gap: Decimal


class Story(Struct, frozen=True, kw_only=True):
    """The story of a reviewed case.

    Attributes:
        totals: unit and year, then from the total claimed to the total awarded, with grades as
            printed, and the most by the standard.
        standard: what the standard gives in sum, and what decides the grade.
        rows: those off the standard, the largest gap first.
        undecided: the names of those that the standard leaves open, with their ends.
    """

    totals: Text
    standard: Text
    rows: tuple[StoryRow, ...]
    undecided: Text


def story(point: CaseAsOf) -> Story | None:
    """The story at a point; `None` before every row is reviewed.

    Raises:
        Invalid: no rubric was pinned by then.
    """
    rubric, sheet = pinned(point), score_sheet(point)
    if sheet is None or sheet.award.pending:
        return None
    return Story(
        totals=_totals(sheet),
        standard=in_words(sheet.standard, rubric, "award"),
        rows=tuple(_rows(sheet)),
        undecided=_undecided(sheet),
    )


def _totals(sheet: ScoreSheet) -> Text:
    ends = [
        total_in_words(column.total, column.printed_grade or column.grade)
        for column in (sheet.claim, sheet.award)
    ]
    most = total_in_words(sheet.standard.highest, sheet.standard.grade_highest)
    own, award = ends
    return Text(
        f"{sheet.unit} {sheet.year} 年度  自评 {own.zh} → 核查 {award.zh}；按标准至多 {most.zh}",
        f"{sheet.unit} {sheet.year}  claimed {own.en} → awarded {award.en};"
        f" by the standard at most {most.en}",
    )


def _rows(sheet: ScoreSheet) -> Iterator[StoryRow]:
    by_id = {row.id: row for row in sheet.indicators}
    for deviation in sheet.standard.off:
        row = by_id[deviation.indicator]
        yield StoryRow(
            indicator=row.id,
            name=row.path[-1],
            claim=row.claim,
            award=row.award,
            rule=row.rule_text,
            gap=deviation.gap,
        )


def _undecided(sheet: ScoreSheet) -> Text:
    open_ = [row for row in sheet.indicators if row.id in sheet.standard.undecided]
    return Text(
        "标准无法确定的（可得）："
        + ("、".join(f"{row.path[-1]} {row.rule_text.zh}" for row in open_) or "没有"),
        "left open by the standard: "
        + (", ".join(f"{row.id} {row.rule_text.en}" for row in open_) or "none"),
    )
