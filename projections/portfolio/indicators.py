"""Claim and award of every indicator of every case, at any point: a step function of each row."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Index, select

from projections.as_of import PointInTime
from projections.portfolio.cases import CASES, IDENTITY, CaseFilter
from projections.portfolio.found_rows import FoundRows
from projections.portfolio.scores_view import SCORES
from projections.portfolio.steps import FoldedCase, ViewRow, holds, span_columns, spans
from projections.portfolio.tables import optional_text, table, words, yes_no

INDICATORS: Final = table(
    "indicators",
    *span_columns("indicator"),
    words("weight"),
    optional_text("claim"),
    optional_text("award"),
    yes_no("excluded"),
)
Index(f"{INDICATORS.name}_by_moment", INDICATORS.c.indicator, INDICATORS.c.axis, INDICATORS.c.until)
TABLE = INDICATORS


def rows(life: FoldedCase) -> Iterator[ViewRow]:
    """The rows of a case on every axis, each from its first score on."""
    return spans(life, lambda tally: tally.rows)


class IndicatorScore(Struct, frozen=True, kw_only=True):
    """A row of a case at a point.

    Attributes:
        claim: `None` where the unit has claimed nothing.
        award: `None` where the review has not reached it, or excluded it.
        gap: award less claim, where there are both.
        excluded: whether the review says that it does not apply.
    """

    case: str
    unit: str
    unit_name: str
    year: int
    indicator: str
    version: int
    since: str
    weight: Decimal
    claim: Decimal | None
    award: Decimal | None
    gap: Decimal | None
    excluded: bool


def indicator_scores(
    connection: Connection, moment: PointInTime, chosen: CaseFilter, indicators: Sequence[str]
) -> FoundRows[IndicatorScore]:
    """The chosen indicators of every chosen case at a moment, by indicator, year, unit and case."""
    columns = INDICATORS.c
    wanted = (
        select(*IDENTITY, *[column for column in columns if column.name not in _LEFT_OUT])
        .join_from(INDICATORS, CASES, CASES.c.life == columns.life)
        .join(SCORES, (SCORES.c.life == columns.life) & holds(SCORES, moment))
        .where(holds(INDICATORS, moment), columns.indicator.in_(indicators))
        .where(*chosen.conditions(rubric=SCORES.c.rubric, stage=SCORES.c.stage))
        .order_by(columns.indicator, CASES.c.year, CASES.c.unit, CASES.c.case_id)
    )
    return FoundRows(connection, wanted, _indicator_score)


_LEFT_OUT: Final = {"life", "axis", "until"}


def _indicator_score(row: dict[str, Any]) -> IndicatorScore:
    for name in ("weight", "claim", "award"):
        row[name] = None if row[name] is None else Decimal(row[name])
    claim, award = row["claim"], row["award"]
    gap = None if claim is None or award is None else award - claim
    row["excluded"] = bool(row["excluded"])
    return IndicatorScore(case=row.pop("case_id"), gap=gap, **row)
