"""Claim, award, gap and grade of every case, at any point: a step function of its totals."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Index, select

from ledger.events import (
    AdjustmentWithdrawn,
    AppealDecided,
    BonusClaimed,
    BonusRecognised,
    BonusRefused,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    DraftSent,
    Event,
    IndicatorExcluded,
    PenaltyRecorded,
    ResultCorrected,
    ResultIssued,
    RubricPinned,
    RubricRepinned,
    ScoreAdjusted,
    ScoreClaimed,
    ScoreConfirmed,
    SelfEvaluationSubmitted,
    SubmissionReturned,
)
from ledger.rubric import Rubric
from ledger.totals import awarded_totals, claimed_totals
from projections.points import Moment
from projections.portfolio.cases import CASES, IDENTITY, Chosen
from projections.portfolio.steps import (
    AXES,
    Life,
    Row,
    Rows,
    State,
    holds,
    span_columns,
    spans,
    states,
)
from projections.portfolio.tables import count, found, maybe, table, words

SCORES: Final = table(
    "scores",
    *span_columns(),
    words("stage"),
    words("rubric"),
    words("edition"),
    words("claim"),
    maybe("claim_grade"),
    count("claim_pending"),
    words("award"),
    maybe("grade"),
    count("pending"),
    maybe("gap"),
)
Index(f"{SCORES.name}_by_moment", SCORES.c.axis, SCORES.c.until, SCORES.c.since)
TABLE = SCORES

MOVING: Final[frozenset[type[Event]]] = frozenset(
    {
        CaseOpened,
        RubricPinned,
        RubricRepinned,
        ScoreClaimed,
        BonusClaimed,
        SelfEvaluationSubmitted,
        SubmissionReturned,
        ScoreConfirmed,
        ScoreAdjusted,
        IndicatorExcluded,
        AdjustmentWithdrawn,
        BonusRecognised,
        BonusRefused,
        PenaltyRecorded,
        DraftSent,
        ResultIssued,
        ResultCorrected,
        AppealDecided,
        CaseClosed,
        CaseReopened,
    }
)
"""What can change a row of this view; nothing is worked out again for other events."""


def rows(life: Life) -> Iterator[Row]:
    """The totals of a case on every axis."""
    for axis in AXES:
        yield from spans(life.id, axis, _scored(life, axis))


def moved(life: Life, axis: str) -> Iterator[tuple[State, Rubric]]:
    """The states at which the case has a rubric and something that counts came in."""
    for state in states(life.history, axis):
        if not MOVING.isdisjoint(type(one.event) for one in state.events):
            rubric = life.rubric(state.case)
            if rubric is not None and state.case.opened is not None:
                yield state, rubric


def _scored(life: Life, axis: str) -> Iterator[tuple[State, Rows]]:
    for state, rubric in moved(life, axis):
        claim = claimed_totals(state.case, rubric)
        award = awarded_totals(state.case, rubric)
        gap = None if award.pending or claim.pending else str(award.total - claim.total)
        values = (
            state.case.stage,
            rubric.id,
            rubric.edition,
            str(claim.total),
            claim.grade,
            claim.pending,
            str(award.total),
            award.grade,
            award.pending,
            gap,
        )
        yield state, {(): values}


class Score(Struct, frozen=True, kw_only=True):
    """A case at a point.

    Attributes:
        case: its id.
        version: of the last event that counted when this began to hold.
        since: the day or instant from which it holds, or the stage.
        claim: the unit's total; `claim_pending` rows are not claimed yet.
        award: the review's total; `pending` rows have no award yet and count nothing.
        gap: award less claim; `None` while rows are pending.
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
    claim: Decimal
    claim_grade: str | None
    claim_pending: int
    award: Decimal
    grade: str | None
    pending: int
    gap: Decimal | None


def scores(
    connection: Connection, moment: Moment, chosen: Chosen, grades: Sequence[str] = ()
) -> list[Score]:
    """Every chosen case at a moment, in the order of years, units and ids.

    Args:
        connection: over the tables, in a transaction.
        moment: as `moment_over_cases` gives it.
        chosen: which cases, by their rubric and stage at that moment.
        grades: of the award; all where none is named.
    """
    columns = SCORES.c
    wanted = (
        select(*IDENTITY, *[one for one in columns if one.name not in _LEFT_OUT])
        .join_from(SCORES, CASES, CASES.c.case_id == columns.case_id)
        .where(holds(SCORES, moment))
        .where(*chosen.conditions(rubric=columns.rubric, stage=columns.stage))
        .order_by(CASES.c.year, CASES.c.unit, CASES.c.case_id)
    )
    if grades:
        wanted = wanted.where(columns.grade.in_(grades))
    return [_score(row) for row in found(connection, wanted)]


_LEFT_OUT: Final = {"case_id", "axis", "until"}


def _score(row: dict[str, Any]) -> Score:
    for name in ("claim", "award", "gap"):
        row[name] = None if row[name] is None else Decimal(row[name])
    return Score(case=row.pop("case_id"), **row)
