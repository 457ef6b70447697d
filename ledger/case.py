"""The case (评价事项) as its history makes it: only what decisions and the score sheet need.

`evolve` only assigns: no clock, no check, no arithmetic. Tolerates gaps in the history, because a
reader may ask what was true at a business date that later records precede.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal, Self, TypeVar, assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from ledger.envelope import Actor, IdempotencyKey, RecordedEvent
from ledger.events import (
    AccountRecused,
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
    DestructionAppraised,
    DestructionDecided,
    DestructionProposed,
    DocumentRegistered,
    DossierIssued,
    DraftSent,
    EvidenceErased,
    EvidenceFiled,
    FigureConfirmed,
    FigureRestated,
    FigureSubmitted,
    FigureWithdrawn,
    FindingRaised,
    IndicatorExcluded,
    MaterialPublished,
    ObjectionAnswered,
    ObjectionRaised,
    PenaltyRecorded,
    ReasonAmended,
    RecommendationMade,
    RectificationAccepted,
    RectificationRequested,
    RectificationResponded,
    RectificationReturned,
    ReopeningRequested,
    ReportDelivered,
    ResultCorrected,
    ResultIssued,
    ResultPublished,
    ResultReceived,
    RetentionSet,
    RetentionTerm,
    ReviewCommissioned,
    Role,
    RubricPinned,
    RubricRepinned,
    Ruling,
    ScopeDefined,
    ScoreAdjusted,
    ScoreClaimed,
    ScoreConfirmed,
    SelfEvaluationSubmitted,
    StatementMade,
    SubmissionReturned,
    SubtotalPrinted,
    UnitListed,
    WorkAssigned,
)
from ledger.rules.rule import Figures
from ledger.values import (
    AccountId,
    DocumentId,
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


class Award(Struct, frozen=True, kw_only=True, gc=False):
    """A standing award of one indicator, or that the indicator does not apply.

    Attributes:
        version: of the event that made it.
        justification: why, as the event says; the ground where it gives no other reason.
        clause: as cited, may be empty.
        ground: why the rule's result is not taken, may be empty.
        evidence: what it cites.
        countersigned: who signed it as a second person, if anybody.
    """

    version: int
    score: Decimal
    by: AccountId
    justification: str
    clause: str
    ground: str = ""
    evidence: tuple[Sha256, ...] = ()
    countersigned: AccountId | None = None


class Reason(Struct, frozen=True, kw_only=True, gc=False):
    """Why a bonus or penalty item counts what it counts, as it reads now.

    Attributes:
        evidence: what the decision on it cites.
    """

    justification: str
    clause: str
    ground: str = ""
    evidence: tuple[Sha256, ...] = ()


class Objection(Struct, frozen=True, kw_only=True):
    """An objection to a row of the draft, and whether it has been answered.

    Attributes:
        answer: version of the answer; `award` that of the award which the answer leads to.
        item: the bonus or penalty item that is contested, where it is not an indicator.
    """

    version: int
    indicator: IndicatorId
    answer: int | None = None
    award: int | None = None
    item: ItemId | None = None
    penalty: bool = False

    @property
    def answered(self) -> bool:
        """Whether the reviewer has answered it."""
        return self.answer is not None


class Appeal(Struct, frozen=True, kw_only=True):
    """An appeal against issued awards.

    Attributes:
        version: of the event that lodged it.
        contests: the rows, as the appeal names them.
        parties: who made or signed the contested awards; none of them may decide.
        open: until it is withdrawn or decided.
    """

    version: int
    contests: tuple[Contested, ...]
    parties: frozenset[AccountId]
    open: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """The indicators and items that it contests, as a command names them."""
        return tuple(contest.name for contest in self.contests)


class Rectification(Struct, frozen=True, kw_only=True):
    """A request to put findings right.

    Attributes:
        version: of the request, or of the last response to it or return of one.
        due: the last day, where a document or an extension sets one.
    """

    version: int
    due: date | None
    state: Literal["open", "answered", "accepted"] = "open"


Source = tuple[
    Literal[
        "claim",
        "figure",
        "restated",
        "bonus-claim",
        "bonus",
        "penalty",
        "finding",
        "evidence",
        "statement",
    ],
    str,
]
"""What an event says for later ones to answer, by the id of its row, figure, item or file."""

Untold = tuple[Literal["file", "document", "scope"], str]
"""What the agency has and the unit does not know of, by its digest or name."""

_REVIEWERS: Final = frozenset[Role]({"reviewer", "lead-reviewer"})


class Retention(Struct, frozen=True):
    """How long a case is kept.

    Attributes:
        version: of the event that set it.
        starts: the day from which the term counts.
        number: of the schedule that it follows.
        schedule: SHA-256 of its file.
        access_months: how long it is kept who looked at the case; `None` where nothing says so.
    """

    version: int
    term: RetentionTerm
    starts: date
    number: str
    schedule: Sha256 | None = None
    access_months: int | None = None

    @property
    def over(self) -> date | None:
        """The first day after the term; `None` where it has no end."""
        if self.term == "permanent":
            return None
        year = self.starts.year + int(self.term.removesuffix("-years"))
        leap = (self.starts.month, self.starts.day) == (2, 29)
        return date(year, 3, 1) if leap else self.starts.replace(year=year)

    def accesses_until(self, today: date) -> date | None:
        """The day before which no access need be kept; `None` where no term is set for them."""
        if self.access_months is None:
            return None
        if self.access_months >= (today.year - 1) * 12:  # longer than there are dates
            return date.min
        from calendar import monthrange  # noqa: PLC0415 - slow to import, and for that alone

        year, month = divmod(today.year * 12 + today.month - 1 - self.access_months, 12)
        _, last = monthrange(year, month + 1)
        return date(year, month + 1, min(today.day, last))


class Destruction(Struct, frozen=True):
    """A list of files that are to be destroyed.

    Attributes:
        version: of the event that last brought it further.
        number: of the list.
        files: by their SHA-256.
        signers: who proposed, who appraised, who approved, as far as it has come.
        accesses_before: day before which it is forgotten who looked at the case.
    """

    version: int
    number: str
    files: tuple[Sha256, ...]
    signers: tuple[AccountId, ...]
    accesses_before: date | None = None

    @property
    def state(self) -> Literal["proposed", "appraised", "approved"]:
        """How far it has come."""
        states: tuple[Literal["proposed", "appraised", "approved"], ...]
        states = ("proposed", "appraised", "approved")
        return states[len(self.signers) - 1]

    def has_ended(self, erased: Collection[Sha256]) -> bool:
        """Whether it was approved, and every file on it is erased; a list of accesses has none."""
        return self.state == "approved" and not set(self.files) - set(erased)


class Case(Struct, kw_only=True):
    """State folded from a history.

    Attributes:
        version: of the last event; 0 for a case that does not exist.
        figures: as submitted.
        restated: as the reviewer restates them, next to the submitted ones.
        confirmed: the submitted ones that the review prints unchanged.
        assigned: who reviews a row; under `None` all rows that are not assigned by themselves.
        recused: accounts that do nothing more in the case.
        documents: that can be cited.
        units: by id, the units that figures may cover; `scopes` are defined by them.
        statements: what the parties state and what is about no row's score.
        subtotals: the sums that documents print.
        delivered: the agency's report.
        claims: as the unit claims them.
        claims_restated: as the review table prints the self column, the bonus row included.
        awards: as they are now.
        excluded: rows that do not apply to the unit; who decided so takes the place of an award.
        bonus: by item: what was recognised, 0 where refused.
        erased: evidence whose bytes were erased by law.
        retention: how long the case is kept, where that is set.
        destruction: the list of what is to be destroyed, unless it has ended.
        penalty_titles: of the penalty items.
        sources: version of the event that last stated it, for what has no version of its own.
        deciders: who last said what an item counts, and `reasons` why.
        reopening: version and author of a request to reopen that nobody has agreed to yet.
        untold: files, documents and scopes of the agency of which the unit is not informed yet, by
            what they are and their digest or name.
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
    confirmed: set[FigureId] = field(default_factory=set)
    documents: dict[DocumentId, DocumentRegistered] = field(default_factory=dict)
    assigned: dict[IndicatorId | None, AccountId] = field(default_factory=dict)
    recused: set[AccountId] = field(default_factory=set)
    units: dict[ItemId, UnitListed] = field(default_factory=dict)
    scopes: dict[str, tuple[ItemId, ...]] = field(default_factory=dict)
    statements: dict[ItemId, tuple[Role, StatementMade]] = field(default_factory=dict)
    subtotals: dict[ItemId, SubtotalPrinted] = field(default_factory=dict)
    delivered: ReportDelivered | None = None
    evidence: dict[Sha256, Evidence] = field(default_factory=dict)
    claims: dict[IndicatorId, Decimal] = field(default_factory=dict)
    claims_restated: dict[IndicatorId, Decimal] = field(default_factory=dict)
    awards: dict[IndicatorId, Award] = field(default_factory=dict)
    excluded: dict[IndicatorId, Award] = field(default_factory=dict)
    bonus_claims: dict[ItemId, Decimal] = field(default_factory=dict)
    bonus: dict[ItemId, Decimal] = field(default_factory=dict)
    penalties: dict[ItemId, Decimal] = field(default_factory=dict)
    penalty_titles: dict[ItemId, str] = field(default_factory=dict)
    findings: dict[ItemId, str] = field(default_factory=dict)
    recommendations: set[ItemId] = field(default_factory=set)
    objections: dict[ItemId, Objection] = field(default_factory=dict)
    appeals: dict[ItemId, Appeal] = field(default_factory=dict)
    rectifications: dict[ItemId, Rectification] = field(default_factory=dict)
    erased: set[Sha256] = field(default_factory=set)
    retention: Retention | None = None
    destruction: Destruction | None = None
    reopening: tuple[int, AccountId] | None = None
    sources: dict[Source, int] = field(default_factory=dict)
    deciders: dict[Source, AccountId] = field(default_factory=dict)
    reasons: dict[Source, Reason] = field(default_factory=dict)
    untold: set[Untold] = field(default_factory=set)

    @property
    def is_before_the_draft(self) -> bool:
        """Whether the unit is still to be informed of what the agency found."""
        return self.stage in {"open", "submitted"}

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
        return Figures.by_id(self.figures, self.restated)

    @property
    def promises(self) -> list[ItemId]:
        """The measures and promises of the unit, which a response may answer."""
        return [
            item
            for item, (role, made) in self.statements.items()
            if role == "unit" and made.kind in {"measure", "promise"}
        ]

    def stated_in(self, figure: FigureId) -> int:
        """The version of the event that states a figure in force; 0 for one that is not."""
        name: Source = ("restated" if figure in self.restated else "figure", figure)
        return self.sources.get(name, 0)

    @property
    def in_force(self) -> dict[IndicatorId, Award]:
        """What the review says of each row that it has looked at: an award, or not applicable."""
        return {**self.excluded, **self.awards}

    @property
    def awarded(self) -> dict[IndicatorId, Decimal]:
        """The standing awards as scores."""
        return {indicator: award.score for indicator, award in self.awards.items()}

    def reviewer_of(self, row: IndicatorId | None) -> AccountId | None:
        """Whom a row is assigned to, or the case as a whole; `None` where to nobody who may act."""
        for name in (row, None):
            account = self.assigned.get(name)
            if account is not None and account not in self.recused:
                return account
        return None

    def parties(self, contests: Iterable[Contested]) -> frozenset[AccountId]:
        """Who awarded or signed the current scores of the rows that an appeal contests."""
        standing, accounts = self.in_force, set[AccountId | None]()
        for contest in contests:
            if contest.item is not None:
                accounts.add(self.deciders.get(source_of(contest.item, penalty=contest.penalty)))
            elif award := standing.get(contest.indicator):
                accounts |= {award.by, award.countersigned}
        return frozenset(account for account in accounts if account)

    def standing(self) -> tuple[dict[IndicatorId, Decimal], list[Decimal]]:
        """The current scores: awards where there are any, claims elsewhere; rows and bonus."""
        rows = {**self.claims, **self.awarded}
        return rows, list({**self.bonus_claims, **self.bonus}.values())


def source_of(item: ItemId, *, penalty: bool) -> Source:
    """What says how much an item counts."""
    return ("penalty" if penalty else "bonus", item)


def evolve(case: Case, version: int, by: Actor, event: CaseEvent) -> None:  # noqa: C901, PLR0912, PLR0915 - one short branch an event
    """Assign what one event changes."""
    case.version = version
    # The branches are tried one after the other, so what most of a history is made of comes first.
    match event:
        case FigureSubmitted():  # most of a history: its fields are looked up once
            figure, name = event.figure, event.figure.id
            case.figures[name] = figure
            case.sources["figure", name] = version
            case.confirmed.discard(name)
        case FigureRestated(figure=figure):
            case.restated[figure.id] = figure
            case.sources["restated", figure.id] = version
            case.confirmed.discard(figure.id)
        case ScoreClaimed():
            case.claims[event.indicator] = event.score
            case.sources["claim", event.indicator] = version
        case ClaimRestated():
            case.claims_restated[event.indicator] = event.score
        case StatementMade():
            case.statements[event.item] = (by.role, event)
            case.sources["statement", event.item] = version
        case FigureConfirmed():
            case.confirmed.add(event.figure)
        case EvidenceFiled(evidence=evidence):
            if evidence.sha256 not in case.evidence:  # the unit files what it does not know of
                case.evidence[evidence.sha256] = evidence
                case.sources["evidence", evidence.sha256] = version
            _keep_from_the_unit(case, by, "file", evidence.sha256)
        case SubtotalPrinted():
            case.subtotals[event.item] = event
        case ScoreConfirmed() | ScoreAdjusted():
            case.awards[event.indicator] = Award(
                version=version,
                score=event.award,
                by=by.account,
                justification=event.justification or event.ground,
                clause=event.clause,
                ground=event.ground,
                evidence=event.evidence,
            )
            case.excluded.pop(event.indicator, None)
        case AdjustmentCountersigned():
            # The version is asked for, because a point in time may leave out what was signed.
            for standing in (case.awards, case.excluded):
                award = standing.get(event.indicator)
                if award and award.version == event.adjustment:
                    standing[event.indicator] = replace(award, countersigned=by.account)
        case CaseOpened():
            case.opened = event
        case RubricPinned() | RubricRepinned():
            case.pinned = event
        case ReviewCommissioned():
            case.commissioned = event
        case FigureWithdrawn():
            case.figures.pop(event.figure, None)
            case.confirmed.discard(event.figure)
        case WorkAssigned():
            for row in event.indicators or (None,):
                case.assigned[row] = event.account
        case AccountRecused():
            case.recused.add(event.account)
        case DocumentRegistered():
            case.documents[event.document] = event
            _keep_from_the_unit(case, by, "document", event.sha256)
        case UnitListed():
            case.units[event.member] = event
        case ScopeDefined():
            case.scopes[event.scope] = event.members
            _keep_from_the_unit(case, by, "scope", event.scope)
        case ReportDelivered():
            case.delivered = event
        case BonusClaimed():
            case.bonus_claims[event.item] = event.points
            case.sources["bonus-claim", event.item] = version
        case SelfEvaluationSubmitted():
            case.submitted = event
            case.stage = "submitted"
        case SubmissionReturned():
            case.stage = "open"
        case IndicatorExcluded():
            case.excluded[event.indicator] = Award(
                version=version,
                score=Decimal(0),
                by=by.account,
                justification=event.justification,
                clause=event.clause,
                ground=event.ground,
                evidence=event.evidence,
            )
            case.awards.pop(event.indicator, None)
        case ReasonAmended(item=str(item)):
            source = source_of(item, penalty=event.penalty)
            if source in case.reasons and case.sources[source] == event.adjustment:
                case.reasons[source] = _amended(case.reasons[source], event)
        case ReasonAmended():
            for standing in (case.awards, case.excluded):
                award = standing.get(event.indicator)
                if award and award.version == event.adjustment:
                    # What was signed before issue is no longer current.
                    signed = award.countersigned if case.issued else None
                    amended = _amended(award, event)
                    standing[event.indicator] = replace(amended, countersigned=signed)
        case AdjustmentWithdrawn():
            for standing in (case.awards, case.excluded):
                award = standing.get(event.indicator)
                if award and award.version == event.adjustment:
                    del standing[event.indicator]
        case BonusRecognised():
            _decide_item(case, event.item, event.points, version, by, event)
        case BonusRefused():
            _decide_item(case, event.item, Decimal(0), version, by, event)
        case PenaltyRecorded():
            _decide_item(case, event.item, event.points, version, by, event, penalty=True)
            case.penalty_titles[event.item] = event.title
        case FindingRaised():
            case.findings[event.finding] = event.title
            case.sources["finding", event.finding] = version
        case RecommendationMade():
            case.recommendations.add(event.recommendation)
        case DraftSent():
            case.stage = "draft"
            case.untold.clear()
        case ObjectionRaised():
            case.objections[event.objection] = Objection(
                version=version, indicator=event.indicator, item=event.item, penalty=event.penalty
            )
        case ObjectionAnswered():
            if objection := case.objections.get(event.objection):
                case.objections[event.objection] = replace(
                    objection, answer=version, award=event.adjustment
                )
        case ResultIssued():
            case.issued = event
            case.stage = "issued"
            case.untold.clear()
        case ResultReceived():
            case.received = event.received
        case ResultCorrected():
            _decide_row(case, event, event, version, by)
        case ResultPublished() | MaterialPublished() | DossierIssued():
            pass
        case AppealLodged():
            case.appeals[event.appeal] = Appeal(
                version=version, contests=event.contests, parties=case.parties(event.contests)
            )
        case AppealWithdrawn():
            if appeal := case.appeals.get(event.appeal):
                case.appeals[event.appeal] = replace(appeal, open=False)
        case AppealDecided():
            if appeal := case.appeals.get(event.appeal):
                case.appeals[event.appeal] = replace(appeal, open=False)
            for ruling in event.rulings:
                _decide_row(case, ruling, event, version, by)
        case RectificationRequested():
            case.rectifications[event.request] = Rectification(version=version, due=event.due)
        case RectificationResponded():
            if request := case.rectifications.get(event.request):
                case.rectifications[event.request] = replace(
                    request, version=version, state="answered"
                )
        case RectificationReturned():
            if request := case.rectifications.get(event.request):
                case.rectifications[event.request] = replace(request, version=version, state="open")
        case RectificationAccepted():
            if request := case.rectifications.get(event.request):
                case.rectifications[event.request] = replace(request, state="accepted")
        case DeadlineExtended():
            if request := case.rectifications.get(event.request):
                case.rectifications[event.request] = replace(request, due=event.due)
        case EvidenceErased():
            case.erased.add(event.sha256)
        case RetentionSet():
            more = event.schedule, event.access_months
            case.retention = Retention(version, event.term, event.starts, event.number, *more)
        case DestructionProposed(number=number, evidence=files, accesses_before=day):
            case.destruction = Destruction(version, number, files, (by.account,), day)
        case DestructionAppraised() | DestructionDecided():
            _sign_off(case, event, version, by)
        case CaseClosed():
            case.stage = "closed"
        case ReopeningRequested():
            case.reopening = (version, by.account)
        case CaseReopened():
            case.reopening = case.destruction = None
            case.stage = "issued"
        case _:
            assert_never(event)


def _sign_off(
    case: Case, event: DestructionAppraised | DestructionDecided, version: int, by: Actor
) -> None:
    """One more account has said yes to a list, or it has ended."""
    destruction = case.destruction
    if event.outcome in {"keep", "refused"}:
        case.destruction = None
    elif destruction:
        signers = (*destruction.signers, by.account)
        case.destruction = replace(destruction, version=version, signers=signers)


def _decide_row(
    case: Case,
    decided: Ruling | ResultCorrected,
    event: AppealDecided | ResultCorrected,
    version: int,
    by: Actor,
) -> None:
    """What a decision after issue gives for a row, or for an item."""
    if decided.item is not None:
        penalty = decided.penalty
        _decide_item(case, decided.item, decided.award, version, by, event, penalty=penalty)
        return
    case.awards[decided.indicator] = Award(
        version=version,
        score=decided.award,
        by=by.account,
        justification=event.justification,
        clause=event.clause,
        evidence=event.evidence,
    )
    case.excluded.pop(decided.indicator, None)


def _keep_from_the_unit(
    case: Case, by: Actor, what: Literal["file", "document", "scope"], name: str
) -> None:
    """Note what the agency has before the unit is informed of it; what the unit states it knows."""
    if by.role in _REVIEWERS and case.is_before_the_draft:
        case.untold.add((what, name))
    else:
        case.untold.discard((what, name))


def _decide_item(  # noqa: PLR0913, PLR0917 - what an event says of an item
    case: Case,
    item: ItemId,
    points: Decimal,
    version: int,
    by: Actor,
    event: BonusRecognised | BonusRefused | PenaltyRecorded | AppealDecided | ResultCorrected,
    *,
    penalty: bool = False,
) -> None:
    (case.penalties if penalty else case.bonus)[item] = points
    source = source_of(item, penalty=penalty)
    case.sources[source] = version
    case.deciders[source] = by.account
    case.reasons[source] = Reason(
        justification=event.justification,
        clause=event.clause,
        evidence=() if isinstance(event, BonusRefused) else event.evidence,
    )


Stated = TypeVar("Stated", Award, Reason)


def _amended(stated: Stated, event: ReasonAmended) -> Stated:
    """A reason as it reads once it is amended: what is not said stays."""
    return replace(
        stated,
        justification=event.justification or stated.justification,
        clause=event.clause or stated.clause,
        ground=event.ground or stated.ground,
        evidence=event.evidence or stated.evidence,
    )


def fold(history: Iterable[RecordedEvent]) -> Case:
    """Fold events into the state of a case."""
    case = Case()
    recorded: RecordedEvent | None = None
    for recorded in history:
        evolve(case, recorded.version, recorded.by, recorded.event)  # type: ignore[arg-type]  # a case's stream holds case events only; `decide` writes no others
    if recorded:
        case.id = recorded.case
    return case


def copied(case: Case) -> Case:
    """A case of one's own, to go on from. What it holds is replaced by events, never changed."""
    own = copy(case)
    for name in own.__struct_fields__:
        held = getattr(own, name)
        if isinstance(held, dict | set):
            setattr(own, name, held.copy())
    return own


class History(tuple[RecordedEvent, ...]):  # noqa: SLOT001 - it keeps its state
    """The events of a stream in version order, as they were read; a case is folded from them once.

    A caller that folds further events into it takes a copy.
    """

    @classmethod
    def of(cls, events: Iterable[RecordedEvent]) -> Self:
        """A history as it is, or one of these events."""
        return events if isinstance(events, cls) else cls(events)

    @cached_property
    def case(self) -> Case:
        """Fold the history of a case into its state. It is shared, so nobody changes it."""
        return fold(self)

    @cached_property
    def decisions(self) -> Mapping[IdempotencyKey, tuple[int, str]]:
        """Version and number of each decision after issue, by the command that recorded it.

        A figure that one of them restates is where the decision is: the document that the figure
        had before holds another value.
        """
        return {
            recorded.command: (recorded.version, recorded.event.number)
            for recorded in self
            if isinstance(recorded.event, ResultCorrected | AppealDecided)
        }

    def followed_by(self, events: Sequence[RecordedEvent]) -> "History":
        """This history with later events after it, which continue from its state."""
        whole = History((*self, *events))
        if "case" in self.__dict__:
            case = copied(self.case)
            for recorded in events:
                evolve(case, recorded.version, recorded.by, recorded.event)  # type: ignore[arg-type]  # as in `fold`
                case.id = recorded.case
            whole.case = case
        return whole


def pinned_rubrics(history: Iterable[RecordedEvent]) -> list[RubricId]:
    """The rubrics that a case has pinned, each once, the last one last."""
    names: dict[RubricId, None] = {}
    for recorded in history:
        if isinstance(recorded.event, RubricPinned | RubricRepinned):
            names.pop(recorded.event.rubric, None)
            names[recorded.event.rubric] = None
    return list(names)
