"""The case (评价事项) as its history makes it: only what decisions and the score sheet need.

`evolve` only assigns: no clock, no check, no arithmetic. It bears a history with gaps, because a
reader may ask what was true by a business date that later records precede.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never

from msgspec import Struct, field

from ledger.envelope import Actor, RecordedEvent
from ledger.events import (
    AdjustmentCountersigned,
    AdjustmentWithdrawn,
    AppealDecided,
    AppealLodged,
    AppealWithdrawn,
    BonusClaimed,
    BonusRecognised,
    BonusRefused,
    CaseClosed,
    CaseEvent,
    CaseOpened,
    CaseReopened,
    ClaimRestated,
    Contested,
    DeadlineExtended,
    DossierIssued,
    DraftSent,
    EvidenceErased,
    EvidenceFiled,
    FigureRestated,
    FigureSubmitted,
    FigureWithdrawn,
    FindingRaised,
    IndicatorExcluded,
    ObjectionAnswered,
    ObjectionRaised,
    PenaltyRecorded,
    RecommendationMade,
    RectificationAccepted,
    RectificationRequested,
    RectificationResponded,
    RectificationReturned,
    ReopeningRequested,
    ResultCorrected,
    ResultIssued,
    ResultPublished,
    ResultReceived,
    ReviewCommissioned,
    RubricPinned,
    RubricRepinned,
    ScoreAdjusted,
    ScoreClaimed,
    ScoreConfirmed,
    SelfEvaluationSubmitted,
    SubmissionReturned,
)
from ledger.rules.rule import Figures
from ledger.values import (
    AccountId,
    Evidence,
    Figure,
    FigureId,
    IndicatorId,
    ItemId,
    OrganisationId,
    RubricId,
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


class Objection(Struct, kw_only=True):
    """An objection to a row of the draft, and whether it has been answered."""

    version: int
    indicator: IndicatorId
    answered: bool = False


class Appeal(Struct, kw_only=True):
    """An appeal against issued awards.

    Attributes:
        contests: the rows, as the appeal names them.
        parties: who made or signed the contested awards; none of them may decide.
        open: until it is withdrawn or decided.
    """

    contests: tuple[Contested, ...]
    parties: frozenset[AccountId]
    open: bool = True


class Rectification(Struct, kw_only=True):
    """A request to put findings right.

    Attributes:
        due: the last day, where a document or an extension sets one.
    """

    due: date | None
    state: Literal["open", "answered", "accepted"] = "open"


class Case(Struct, kw_only=True):
    """What a history has come to.

    Attributes:
        version: of the last event; 0 for a case that does not exist.
        figures: as submitted.
        restated: as the reviewer restates them, beside the submitted ones.
        claims: as the unit claims them.
        claims_restated: as the review table prints the self column, the bonus row included.
        awards: as they stand.
        excluded: rows that do not apply to the unit; who said so stands in place of an award.
        bonus: by item: what was recognised, 0 where refused.
        erased: evidence whose bytes were erased by law.
        reopening: version and author of a request to reopen that nobody has agreed to yet.
    """

    id: str = ""
    version: int = 0
    stage: Stage = "open"
    opened: CaseOpened | None = None
    pinned: RubricPinned | RubricRepinned | None = None
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
    excluded: dict[IndicatorId, Award] = field(default_factory=dict)
    bonus_claims: dict[ItemId, Decimal] = field(default_factory=dict)
    bonus: dict[ItemId, Decimal] = field(default_factory=dict)
    penalties: dict[ItemId, Decimal] = field(default_factory=dict)
    findings: set[ItemId] = field(default_factory=set)
    recommendations: set[ItemId] = field(default_factory=set)
    objections: dict[ItemId, Objection] = field(default_factory=dict)
    appeals: dict[ItemId, Appeal] = field(default_factory=dict)
    rectifications: dict[ItemId, Rectification] = field(default_factory=dict)
    erased: set[Sha256] = field(default_factory=set)
    reopening: tuple[int, AccountId] | None = None

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

    def parties(self, contests: Iterable[Contested]) -> frozenset[AccountId]:
        """Who made or signed what stands in the rows that an appeal contests."""
        standing = {**self.excluded, **self.awards}
        awards = [standing.get(contested.indicator) for contested in contests]
        return frozenset(
            account
            for award in awards
            if award
            for account in (award.by, award.countersigned)
            if account
        )

    def standing(self) -> tuple[dict[IndicatorId, Decimal], list[Decimal]]:
        """The scores that stand: awards where there are any, claims elsewhere; rows and bonus."""
        rows = {**self.claims, **self.awarded}
        return rows, list({**self.bonus_claims, **self.bonus}.values())


def evolve(case: Case, version: int, by: Actor, event: CaseEvent) -> None:  # noqa: C901, PLR0912, PLR0915 - one short branch an event
    """Assign what one event changes."""
    case.version = version
    # The branches are tried one after the other, so what most of a history is made of comes first.
    match event:
        case FigureSubmitted(figure=figure):
            case.figures[figure.id] = figure
        case FigureRestated(figure=figure):
            case.restated[figure.id] = figure
        case ClaimRestated():
            case.claims_restated[event.indicator] = event.score
        case ScoreClaimed():
            case.claims[event.indicator] = event.score
        case EvidenceFiled(evidence=evidence):
            case.evidence[evidence.sha256] = evidence
        case CaseOpened():
            case.opened = event
        case RubricPinned() | RubricRepinned():
            case.pinned = event
        case ReviewCommissioned():
            case.commissioned = event
        case FigureWithdrawn():
            case.figures.pop(event.figure, None)
        case BonusClaimed():
            case.bonus_claims[event.item] = event.points
        case SelfEvaluationSubmitted():
            case.submitted = event
            case.stage = "submitted"
        case SubmissionReturned():
            case.stage = "open"
        case ScoreConfirmed() | ScoreAdjusted():
            case.awards[event.indicator] = Award(
                version=version,
                score=event.award,
                by=by.account,
                stated=bool(event.clause or event.ground),
            )
            case.excluded.pop(event.indicator, None)
        case IndicatorExcluded():
            case.excluded[event.indicator] = Award(
                version=version, score=Decimal(0), by=by.account, stated=True
            )
            case.awards.pop(event.indicator, None)
        case AdjustmentCountersigned():
            # The version is asked for, because a point in time may leave out what was signed.
            for standing in (case.awards, case.excluded):
                award = standing.get(event.indicator)
                if award and award.version == event.adjustment:
                    award.countersigned = by.account
        case AdjustmentWithdrawn():
            for standing in (case.awards, case.excluded):
                award = standing.get(event.indicator)
                if award and award.version == event.adjustment:
                    del standing[event.indicator]
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
        case ObjectionRaised():
            case.objections[event.objection] = Objection(version=version, indicator=event.indicator)
        case ObjectionAnswered():
            if objection := case.objections.get(event.objection):
                objection.answered = True
        case ResultIssued():
            case.issued = event
            case.stage = "issued"
        case ResultReceived():
            case.received = event.received
        case ResultCorrected():
            case.awards[event.indicator] = Award(
                version=version, score=event.award, by=by.account, stated=True
            )
            case.excluded.pop(event.indicator, None)
        case ResultPublished() | DossierIssued():
            pass
        case AppealLodged():
            case.appeals[event.appeal] = Appeal(
                contests=event.contests, parties=case.parties(event.contests)
            )
        case AppealWithdrawn():
            if appeal := case.appeals.get(event.appeal):
                appeal.open = False
        case AppealDecided():
            if appeal := case.appeals.get(event.appeal):
                appeal.open = False
            for ruling in event.rulings:
                case.awards[ruling.indicator] = Award(
                    version=version, score=ruling.award, by=by.account, stated=True
                )
                case.excluded.pop(ruling.indicator, None)
        case RectificationRequested():
            case.rectifications[event.request] = Rectification(due=event.due)
        case RectificationResponded():
            if request := case.rectifications.get(event.request):
                request.state = "answered"
        case RectificationReturned():
            if request := case.rectifications.get(event.request):
                request.state = "open"
        case RectificationAccepted():
            if request := case.rectifications.get(event.request):
                request.state = "accepted"
        case DeadlineExtended():
            if request := case.rectifications.get(event.request):
                request.due = event.due
        case EvidenceErased():
            case.erased.add(event.sha256)
        case CaseClosed():
            case.stage = "closed"
        case ReopeningRequested():
            case.reopening = (version, by.account)
        case CaseReopened():
            case.reopening = None
            case.stage = "issued"
        case _:
            assert_never(event)


def fold(history: Iterable[RecordedEvent]) -> Case:
    """The case that a history has come to."""
    case = Case()
    for recorded in history:
        case.id = recorded.case
        evolve(case, recorded.version, recorded.by, recorded.event)  # type: ignore[arg-type]  # a case's stream holds case events only; `decide` writes no others
    return case


def pinned_rubrics(history: Iterable[RecordedEvent]) -> list[RubricId]:
    """The rubrics that a case has pinned, each once, the last one last."""
    names: dict[RubricId, None] = {}
    for one in history:
        if isinstance(one.event, RubricPinned | RubricRepinned):
            names.pop(one.event.rubric, None)
            names[one.event.rubric] = None
    return list(names)
