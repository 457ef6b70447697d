"""Claim and award of every indicator of every case, at any point: a step function of each row."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct, convert
from sqlalchemy import Connection, Index

from projections.as_of import PointInTime
from projections.portfolio.cases import CaseFilter, fields_of
from projections.portfolio.found_rows import FoundRows
from projections.portfolio.scores_view import gap, in_scored_cases
from projections.portfolio.steps import FoldedCase, ViewRow, holds, span_table, spans
from projections.portfolio.tables import key, optional_words, words, yes_no

INDICATORS: Final = span_table(
    "indicators",
    key("indicator"),
    words("weight"),
    optional_words("claim", "award"),
    yes_no("excluded"),
)
Index(f"{INDICATORS.name}_by_moment", INDICATORS.c.indicator, INDICATORS.c.axis, INDICATORS.c.until)


def rows(folded: FoldedCase) -> Iterator[ViewRow]:
    """The rows of a case on every axis, each from its first score on."""
    return spans(folded, lambda tally: tally.rows)


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
    wanted = in_scored_cases(fields_of(IndicatorScore, INDICATORS), INDICATORS, moment, chosen)
    wanted = wanted.where(holds(INDICATORS, moment), INDICATORS.c.indicator.in_(indicators))
    return FoundRows(connection, wanted, _indicator_score)


def _indicator_score(row: dict[str, Any]) -> IndicatorScore:
    excluded, less = bool(row["excluded"]), gap(row["award"], row["claim"])
    return convert({**row, "excluded": excluded, "gap": less}, IndicatorScore)
