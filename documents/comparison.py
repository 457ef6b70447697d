"""The comparison of years as a document (年度比较): what a leader reads, in pictures and tables."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from documents.comparison_lists import TABLES, compared_table
from documents.lists import ListColumn, Row
from documents.page import (
    Block,
    Cell,
    Document,
    Facts,
    PageColumn,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
    Picture,
)
from documents.pictures.bars import Bar, bars
from documents.pictures.scatter import Points, scatter
from ledger import terms
from ledger.language import Language, Text, counted, speaker
from ledger.values import Instant
from projections import formatting
from projections.portfolio.comparison import BIN, ENOUGH, Comparison

METHOD: Final = Text(
    "分差为核查得分减自评得分，扣分为负。四分位数按全部数据内插（同 Excel 的 QUARTILE.INC），"
    "四舍五入到两位。"
    "同类指同一指标体系、同一版本的同一指标；版本不同的年度，变动不是同一标准下的变动，可比变动只算两个年度版本相同的指标。"
    f"双方均不少于{ENOUGH}次评分的，标为数量足够；不足的不宜据以评价。一个单位一年有几个事项的，不配对。",
    "The gap is the awarded score less the claimed one, negative for a deduction. Quartiles are"
    " interpolated over all of the group (as Excel's QUARTILE.INC) and rounded half-up to two"
    " decimals. Like is the same row of the same edition of a rubric: where years have different"
    " editions, a change is not one under the same standard, and the like change counts rows with"
    f" one edition in both years only. There is enough where both sides have {ENOUGH} awards or"
    " more; with fewer no judgement should rest on it. Units with several cases in a year make no"
    " pairs.",
)
WIDTHS: Final = {
    "unit_name": 12,
    "case": 10,
    "group": 10,
    "indicator": 10,
    "reason": 24,
    "edition": 8,
    "which": 30,
    "events": 16,
}
EVENTS: Final = 6
"""Events that a row names on paper; all are in the lists."""
SHOWN: Final = 400
"""Rows of a table on paper; all are in the lists."""


def pictures(
    found: Comparison, names: Mapping[str, str], language: Language
) -> Mapping[str, Picture]:
    """The pictures that there is something for: totals, claim against award, deductions."""
    say = speaker(language)
    drawn: dict[str, Picture] = {}
    if found.bins:
        steps = [
            Bar(
                f"{step.year}  {step.low:f}–{step.high:f}",
                Decimal(step.cases),
                Decimal(found.spreads[step.year].count),
                "",
            )
            for step in found.bins
        ]
        title = say(
            "总分分布（事项数 / 当年事项数）", "Distribution of totals (cases / cases of the year)"
        )
        drawn["distribution"] = bars(steps, title, language, "distribution")
    kinds = [
        Points(
            str(year),
            [
                (total.claim, total.award)
                for total in found.totals
                if total.year == year and total.claim is not None and total.award is not None
            ],
        )
        for year in found.years
    ]
    if any(kind.places for kind in kinds):
        title = say("自评得分与核查得分", "Claimed and awarded")
        below = say("；", "; ").join(
            say(
                f"{kind.name}年{len(kind.places)}项，其中低于自评{_lower(kind)}项",
                f"{kind.name}: {counted(len(kind.places), 'case')}, {_lower(kind)} below the claim",
            )
            for kind in kinds
        )
        drawn["claims"] = scatter(
            kinds,
            (say(*terms.CLAIMED), say(*terms.AWARDED)),
            title,
            f"{title}{say('：', ': ')}{below}",
        )
    if found.frequent:
        rows = [
            Bar(
                names.get(row.indicator, row.indicator),
                Decimal(row.deducted),
                Decimal(row.awards),
                f"{row.median:f}",
            )
            for row in found.frequent
        ]
        title = say(
            "扣分最多的指标（扣分次数 / 评分次数，扣分中位数）",
            "Most frequent deductions (of awards; median)",
        )
        drawn["frequent"] = bars(rows, title, language, "frequent")
    return drawn


def _lower(kind: Points) -> int:
    return sum(1 for claim, award in kind.places if award < claim)


def comparison_document(
    found: Comparison, names: Mapping[str, str], language: Language, until: str, made: Instant
) -> Document:
    """The document.

    Args:
        found: what is shown.
        names: of the indicators.
        language: of its words.
        until: how far the log counts, in words.
        made: the instant that the file states.
    """
    say = speaker(language)
    drawn = pictures(found, names, language)
    years = say("、", ", ").join(map(str, found.years))
    blocks: list[Block] = [Facts(_facts(found, language)), Paragraph(say(*METHOD))]
    for picture, name in (
        ("distribution", "distribution"),
        ("claims", "totals"),
        ("frequent", "frequent"),
    ):
        blocks.append(PageHeading(say(*TABLES[name])))
        if picture in drawn:
            blocks.append(drawn[picture])
        blocks.append(_table(found, name, names, language))
    for name in ("groups", "moves"):
        blocks += [PageHeading(say(*TABLES[name])), _table(found, name, names, language)]
    return Document(
        title=say("绩效评价年度比较", "Comparison of years"),
        subtitle=say(f"{years}年度", years),
        blocks=tuple(blocks),
        footer=(until,),
        language=language,
        made=made,
        landscape=True,
    )


def _facts(found: Comparison, language: Language) -> tuple[tuple[str, str], ...]:
    say = speaker(language)
    spreads = tuple(
        (
            say(f"{year}年度总分", f"Totals of {year}"),
            say(
                f"{spread.count}项，中位数{spread.median}，四分位{spread.lower}～{spread.upper}，"
                f"最低{spread.lowest}，最高{spread.highest}",
                f"{counted(spread.count, 'case')}, median {spread.median}, quartiles {spread.lower}"
                f" to {spread.upper}, lowest {spread.lowest}, highest {spread.highest}",
            )
            if spread.count
            else formatting.NOTHING,
        )
        for year, spread in found.spreads.items()
    )
    return (
        *spreads,
        (
            say("总分未齐、未计入分布的事项", "Cases without a whole total, left out"),
            str(found.pending),
        ),
        (say("未配对的单位指标", "Rows of units that make no pair"), str(found.unpaired)),
        (say("总分分布的间隔", "Step of the distribution"), str(BIN)),
    )


def _some(events: str, language: Language) -> str:
    """The first of so many events, as `x-2023@v57`, and how many there are."""
    every = events.split()
    more = speaker(language)(f" 等{len(every)}条", f" and others, {len(every)} in all")
    return " ".join(every[:EVENTS]) + (more if len(every) > EVENTS else "")


def _table(found: Comparison, name: str, names: Mapping[str, str], language: Language) -> PageTable:
    say = speaker(language)
    columns, rows = compared_table(found, name)
    shown = [column for column in columns if column.for_people or column.name == "events"]

    def cell(column: ListColumn, row: Row) -> Cell:
        value = row[column.name]
        if column.name == "indicator" or (column.name == "group" and found.by == "indicator"):
            return names.get(str(value), str(value))
        if column.name == "events":
            return _some(str(value), language)
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        return value if isinstance(value, Decimal) else column.written(row, "—", language)

    return PageTable(
        say(*TABLES[name]),
        tuple(
            PageColumn(say(*column.heading), WIDTHS.get(column.name, 5), number=column.number)
            for column in shown
        ),
        tuple(PageRow(tuple(cell(column, row) for column in shown)) for row in rows[:SHOWN]),
    )
