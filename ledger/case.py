"""The case (评价事项) as its history makes it: only what decisions and the score sheet need.

`evolve` only assigns: no clock, no check, no arithmetic. It bears a history with gaps, because a
reader may ask what was true by a business date that later records precede.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import assert_never

from msgspec import Struct, field

from ledger.events import (
    AdjustmentCountersigned,
    AdjustmentWithdrawn,
    BonusClaimed,
    BonusRecognised,
    BonusRefused,
    CaseEvent,
    CaseOpened,
    ClaimRestated,
    DraftSent,
    EvidenceFiled,
    FigureRestated,
    FigureSubmitted,
    FigureWithdrawn,
    FindingRaised,
    PenaltyRecorded,
    RecommendationMade,
    ResultCorrected,
    ResultIssued,
    ResultPublished,
    ResultReceived,
    ReviewCommissioned,
    RubricPinned,
    ScoreAdjusted,
    ScoreClaimed,
    ScoreConfirmed,
    SelfEvaluationSubmitted,
    SubmissionReturned,
)
from ledger.recorded import By, Recorded
from ledger.rules.rule import Figures
from ledger.values import (
    AccountId,
    Evidence,
    Figure,
    FigureId,
    IndicatorId,
    ItemId,
    OrganisationId,
    Sha256,
    Stage,
)


class Award(Struct, kw_only=True):
    """A standing award of one indicator.

    Attributes:
        version: of the event that made it.
        stated: whether a clause or a ground was given.
        countersigned: who signed it as a second person, if anybody.
    """

    version: int
    score: Decimal
    by: AccountId
    stated: bool
    countersigned: AccountId | None = None


class Case(Struct, kw_only=True):
    """What a history has come to.

    Attributes:
        version: of the last event; 0 for a case that does not exist.
        figures: as submitted.
        restated: as the reviewer restates them, beside the submitted ones.
        claims: as the unit claims them.
        claims_restated: as the review table prints the self column, the bonus row included.
        awards: as they stand.
        bonus: by item: what was recognised, 0 where refused.
    """

    id: str = ""
    version: int = 0
    stage: Stage = "open"
    opened: CaseOpened | None = None
    pinned: RubricPinned | None = None
    commissioned: ReviewCommissioned | None = None
    submitted: SelfEvaluationSubmitted | None = None
    issued: ResultIssued | None = None
    received: date | None = None
    figures: dict[FigureId, Figure] = field(default_factory=dict)
    restated: dict[FigureId, Figure] = field(default_factory=dict)
    evidence: dict[Sha256, Evidence] = field(default_factory=dict)
    claims: dict[IndicatorId, Decimal] = field(default_factory=dict)
    claims_restated: dict[IndicatorId, Decimal] = field(default_factory=dict)
    awards: dict[IndicatorId, Award] = field(default_factory=dict)
    bonus_claims: dict[ItemId, Decimal] = field(default_factory=dict)
    bonus: dict[ItemId, Decimal] = field(default_factory=dict)
    penalties: dict[ItemId, Decimal] = field(default_factory=dict)
    findings: set[ItemId] = field(default_factory=set)
    recommendations: set[ItemId] = field(default_factory=set)

    @property
    def unit(self) -> OrganisationId | None:
        """The reviewed department."""
        return self.opened.unit if self.opened else None

    @property
    def bureau(self) -> OrganisationId | None:
        """The finance bureau."""
        return self.opened.bureau if self.opened else None

    @property
    def agency(self) -> OrganisationId | None:
        """The reviewing agency, once commissioned."""
        return self.commissioned.agency if self.commissioned else None

    @property
    def figures_in_force(self) -> Figures:
        """The reviewer's figures where there are any, the unit's elsewhere."""
        return Figures({**self.figures, **self.restated}.values())

    @property
    def awarded(self) -> dict[IndicatorId, Decimal]:
        """The standing awards as scores."""
        return {indicator: award.score for indicator, award in self.awards.items()}

    def standing(self) -> tuple[dict[IndicatorId, Decimal], list[Decimal]]:
        """The scores that stand: awards where there are any, claims elsewhere; rows and bonus."""
        rows = {**self.claims, **self.awarded}
        return rows, list({**self.bonus_claims, **self.bonus}.values())


def evolve(case: Case, version: int, by: By, event: CaseEvent) -> None:  # noqa: C901, PLR0912, PLR0915 - one short branch an event, in the order of the events
    """Assign what one event changes."""
    case.version = version
    match event:
        case CaseOpened():
            case.opened = event
        case RubricPinned():
            case.pinned = event
        case ReviewCommissioned():
            case.commissioned = event
        case FigureSubmitted(figure=figure):
            case.figures[figure.id] = figure
        case FigureWithdrawn():
            case.figures.pop(event.figure, None)
        case EvidenceFiled(evidence=evidence):
            case.evidence[evidence.sha256] = evidence
        case ScoreClaimed():
            case.claims[event.indicator] = event.score
        case BonusClaimed():
            case.bonus_claims[event.item] = event.points
        case SelfEvaluationSubmitted():
            case.submitted = event
            case.stage = "submitted"
        case SubmissionReturned():
            case.stage = "open"
        case FigureRestated(figure=figure):
            case.restated[figure.id] = figure
        case ClaimRestated():
            case.claims_restated[event.indicator] = event.score
        case ScoreConfirmed() | ScoreAdjusted():
            case.awards[event.indicator] = Award(
                version=version,
                score=event.award,
                by=by.account,
                stated=bool(event.clause or event.ground),
            )
        case AdjustmentCountersigned():
            if award := case.awards.get(event.indicator):
                award.countersigned = by.account
        case AdjustmentWithdrawn():
            case.awards.pop(event.indicator, None)
        case BonusRecognised():
            case.bonus[event.item] = event.points
        case BonusRefused():
            case.bonus[event.item] = Decimal(0)
        case PenaltyRecorded():
            case.penalties[event.item] = event.points
        case FindingRaised():
            case.findings.add(event.finding)
        case RecommendationMade():
            case.recommendations.add(event.recommendation)
        case DraftSent():
            case.stage = "draft"
        case ResultIssued():
            case.issued = event
            case.stage = "issued"
        case ResultReceived():
            case.received = event.received
        case ResultCorrected():
            case.awards[event.indicator] = Award(
                version=version, score=event.award, by=by.account, stated=True
            )
        case ResultPublished():
            pass
        case _:
            assert_never(event)


def fold(history: Iterable[Recorded]) -> Case:
    """The case that a history has come to."""
    case = Case()
    for recorded in history:
        case.id = recorded.case
        evolve(case, recorded.version, recorded.by, recorded.event)  # type: ignore[arg-type]  # a case's stream holds case events only; `decide` writes no others
    return case
