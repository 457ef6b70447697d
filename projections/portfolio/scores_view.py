"""Claim, award, gap and grade of every case, at any point: a step function of its totals."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Index, select, tuple_

from ledger.rubric import Totals
from projections.as_of import PointInTime
from projections.portfolio.cases import CASES, IDENTITY, CaseFilter
from projections.portfolio.found_rows import FoundRows
from projections.portfolio.steps import (
    CaseScores,
    FoldedCase,
    Rows,
    ViewRow,
    holds,
    span_columns,
    spans,
)
from projections.portfolio.tables import count, optional_text, table, words

SCORES: Final = table(
    "scores",
    *span_columns(),
    words("stage"),
    words("rubric"),
    words("edition"),
    optional_text("claim"),
    optional_text("claim_grade"),
    count("claim_pending"),
    optional_text("award"),
    optional_text("grade"),
    count("pending"),
    count("bonus_undecided"),
    optional_text("gap"),
)
Index(f"{SCORES.name}_by_moment", SCORES.c.axis, SCORES.c.until, SCORES.c.since)
TABLE = SCORES
Place = tuple[int, str, str]
"""A case in a list: its year, its unit and its id."""


def rows(life: FoldedCase) -> Iterator[ViewRow]:
    """The totals of a case on every axis."""
    return spans(life, _totals)


def _totals(tally: CaseScores) -> Rows:
    claim, award = tally.claim, tally.award
    gap = str(award.total - claim.total) if award.is_whole and not claim.pending else None
    totals = (
        tally.stage,
        tally.rubric.id,
        tally.rubric.edition,
        _shown(claim),
        claim.grade,
        claim.pending,
        _shown(award),
        award.grade,
        award.pending,
        award.bonus_undecided,
        gap,
    )
    return {(): totals}


def _shown(totals: Totals) -> str | None:
    """The total as a table holds it; nothing where no row has a score."""
    total = totals.shown("total")
    return None if total is None else str(total)


class Score(Struct, frozen=True, kw_only=True):
    """A case at a point.

    Attributes:
        case: its id.
        version: of the last event that counted when this began to hold.
        since: the day or instant from which it holds, or the stage.
        claim: the unit's total, `None` before any row is claimed, as `claim_pending` are not yet.
        award: the review's total, `None` before any row has an award, as `pending` have not yet.
        bonus_undecided: claimed bonus items that wait for a decision and count nothing in `award`.
        gap: award less claim; `None` while rows are pending or bonus items undecided.
    """

    case: str
    unit: str
    unit_name: str
    year: int
    rubric: str
    edition: str
    stage: str
    version: int
    since: str
    claim: Decimal | None
    claim_grade: str | None
    claim_pending: int
    award: Decimal | None
    grade: str | None
    pending: int
    bonus_undecided: int
    gap: Decimal | None


def scores(  # noqa: PLR0913, PLR0917 - which cases, when, and which part of the list
    connection: Connection,
    moment: PointInTime,
    chosen: CaseFilter,
    grades: Sequence[str] = (),
    after: Place | None = None,
    limit: int | None = None,
) -> FoundRows[Score]:
    """Every chosen case at a moment, in the order of years, units and ids.

    Args:
        connection: over the tables, in a transaction.
        moment: as `moment_over_cases` gives it.
        chosen: which cases, by their rubric and stage at that moment.
        grades: of the award; all where none is named.
        after: year, unit and id of the case that the part before ended with.
        limit: how many at most; all of them where it is `None`.
    """
    columns = SCORES.c
    order = (CASES.c.year, CASES.c.unit, CASES.c.case_id)
    wanted = (
        select(*IDENTITY, *[column for column in columns if column.name not in _LEFT_OUT])
        .join_from(SCORES, CASES, CASES.c.life == columns.life)
        .where(holds(SCORES, moment, of_few=limit is not None))
        .where(*chosen.conditions(rubric=columns.rubric, stage=columns.stage))
        .order_by(*order)
        .limit(limit)
    )
    if after:
        wanted = wanted.where(tuple_(*order) > tuple_(*after))
    if grades:
        wanted = wanted.where(columns.grade.in_(grades))
    return FoundRows(connection, wanted, _score)


_LEFT_OUT: Final = {"life", "axis", "until"}


def _score(row: dict[str, Any]) -> Score:
    for name in ("claim", "award", "gap"):
        row[name] = None if row[name] is None else Decimal(row[name])
    return Score(case=row.pop("case_id"), **row)
