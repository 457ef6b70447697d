"""Claim, award, gap and grade of every case, at any point: a step function of its totals."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final

from msgspec import Struct, convert
from sqlalchemy import ColumnElement, Connection, Index, Select, Table, select, tuple_

from ledger.rubric import Totals
from projections.as_of import PointInTime
from projections.portfolio.cases import ORDER, CaseFilter, fields_of, with_cases
from projections.portfolio.found_rows import FoundRows
from projections.portfolio.steps import (
    CaseScores,
    FoldedCase,
    Rows,
    ViewRow,
    holds,
    span_table,
    spans,
)
from projections.portfolio.tables import count, optional_words, words

SCORES: Final = span_table(
    "scores",
    (),
    words("stage", "rubric", "edition"),
    optional_words("claim", "claim_grade"),
    count("claim_pending"),
    optional_words("award", "grade"),
    count("pending", "bonus_undecided"),
    optional_words("gap"),
)
Index(f"{SCORES.name}_by_moment", SCORES.c.axis, SCORES.c.until, SCORES.c.since)
Place = tuple[int, str, str]
"""A case in a list: its year, its unit and its id."""


def rows(folded: FoldedCase) -> Iterator[ViewRow]:
    """The totals of a case on every axis."""
    return spans(folded, _totals)


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
    wanted = (
        select(*fields_of(Score, SCORES))
        .select_from(with_cases(SCORES))
        .where(holds(SCORES, moment, of_few=limit is not None))
        .where(*chosen.conditions(rubric=SCORES.c.rubric, stage=SCORES.c.stage))
        .order_by(*ORDER)
        .limit(limit)
    )
    if after:
        wanted = wanted.where(tuple_(*ORDER) > tuple_(*after))
    if grades:
        wanted = wanted.where(SCORES.c.grade.in_(grades))
    return FoundRows(connection, wanted, partial(convert, type=Score))


def in_scored_cases(
    fields: Sequence[ColumnElement[Any]], view: Table, moment: PointInTime, chosen: CaseFilter
) -> Select[Any]:
    """Rows of a view by indicator, year, unit and case.

    Args:
        fields: what is wanted of each row, of its case and of the scores of that.
        view: which has rows of indicators.
        moment: as `moment_over_cases` gives it.
        chosen: which cases, by their rubric and stage at that moment.
    """
    scores = (SCORES.c.case_key == view.c.case_key) & holds(SCORES, moment)
    return (
        select(*fields)
        .select_from(with_cases(view).join(SCORES, scores))
        .where(*chosen.conditions(rubric=SCORES.c.rubric, stage=SCORES.c.stage))
        .order_by(view.c.indicator, *ORDER)
    )


def gap(award: str | None, claim: str | None) -> Decimal | None:
    """Award less claim; `None` where one of them is missing."""
    return None if award is None or claim is None else Decimal(award) - Decimal(claim)
