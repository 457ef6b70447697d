"""Which event changed which row, from what to what; and which earlier events it answers.

Nothing here knows what an event does: `case.evolve` alone does. What the event is about is compared
before and after it. Log, explanation, bridge, replay, portfolio and documents ask here.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Generic, Literal, NamedTuple, TypeVar, assert_never

from msgspec import Struct

from ledger import events as e
from ledger.case import Award, Case, Reason, Rectification, Source, evolve, source_of
from ledger.envelope import RecordedEvent
from ledger.subjects import Subjects, subjects_of
from ledger.values import AccountId, Figure, FigureId, IndicatorId, ItemId, Stage

S = TypeVar("S")


class IndicatorState(NamedTuple):
    """All that a case holds of one indicator, apart from its figures.

    Attributes:
        claim: as the unit claims it, by the event of version `claimed`.
        restated: the claim as the review prints it.
        award: the current one, with its ground and signature.
        excluded: who says that the indicator does not apply.
    """

    claim: Decimal | None
    claimed: int | None
    restated: Decimal | None
    award: Award | None
    excluded: Award | None

    @property
    def score(self) -> Decimal | None:
        """The current score: the award, else the claim; `None` where the row does not apply."""
        if self.excluded:
            return None
        return self.award.score if self.award else self.claim

    @property
    def in_force(self) -> Award | None:
        """What the review says of it: an award, or that it does not apply."""
        return self.award or self.excluded

    @property
    def source(self) -> tuple[int | None, int | None]:
        """The versions of the events that say its claim, and its award or exclusion."""
        return self.claimed, self.in_force.version if self.in_force else None


class FigureState(NamedTuple):
    """A figure as submitted and as the review restates it."""

    submitted: Figure | None
    restated: Figure | None


class ItemState(NamedTuple):
    """A bonus or penalty item: points as claimed, as recognised and as taken away.

    Attributes:
        decided: version of the event that states what is recognised.
        reasons: why the bonus, and the penalty, count what they count, as it reads now.
    """

    claimed: Decimal | None
    recognised: Decimal | None
    decided: int | None
    penalty: Decimal | None
    reasons: tuple[Reason | None, Reason | None] = (None, None)


class CaseState(NamedTuple):
    """What concerns every row of a case at once."""

    stage: Stage
    opened: e.CaseOpened | None
    pinned: e.RubricPinned | e.RubricRepinned | None
    commissioned: e.ReviewCommissioned | None
    submitted: e.SelfEvaluationSubmitted | None
    issued: e.ResultIssued | None
    reopening: tuple[int, AccountId] | None


class Change(NamedTuple, Generic[S]):
    """A state before and after an event; the two differ."""

    before: S
    after: S


class Changes(NamedTuple):
    """What an event changed: only what differs after it."""

    indicators: dict[IndicatorId, Change[IndicatorState]]
    figures: dict[FigureId, Change[FigureState]]
    items: dict[ItemId, Change[ItemState]]
    requests: dict[ItemId, Change[Rectification | None]]
    case: Change[CaseState] | None

    def moves(self, indicator: IndicatorId) -> Change[IndicatorState] | None:
        """The change of a row, if the event says its claim, its award or that it does not apply.

        A signature or a restated claim moves no score.
        """
        change = self.indicators.get(indicator)
        return change if change and change.before.source != change.after.source else None

    @property
    def moves_any(self) -> bool:
        """Whether the event moves the score of any row."""
        return any(map(self.moves, self.indicators))

    def moves_items(self, kind: Literal["bonus", "penalty"]) -> bool:
        """Whether the event changes what a bonus, or a penalty, counts."""
        return any(
            before.penalty != after.penalty
            if kind == "penalty"
            else (before.claimed, before.recognised) != (after.claimed, after.recognised)
            for before, after in self.items.values()
        )


class Move(Struct, frozen=True, kw_only=True, gc=False):
    """One event: what it is about, what it changed, and what it answers.

    Attributes:
        subjects: what it is about, as it names them.
        rows: the indicators that it is about; none for an event about the case or its items.
        changes: what differs after it.
        causes: by row, or by `None` where there is no row: the earlier versions that it answers,
            replaces or signs.
    """

    recorded: RecordedEvent
    subjects: Subjects
    rows: tuple[IndicatorId, ...]
    changes: Changes
    causes: dict[IndicatorId | None, tuple[int, ...]]


def moves(history: Iterable[RecordedEvent], case: Case | None = None) -> Iterator[Move]:
    """What each event of a history did, oldest first. A history may have gaps.

    Args:
        history: of a case.
        case: a new one, for callers that look at the state on the way.
    """
    case = case or Case()
    for recorded in history:
        event: e.CaseEvent = recorded.event  # type: ignore[assignment]  # a case's stream holds case events only
        subjects = subjects_of(event)
        rows = _rows(subjects, case)
        about = (*rows, None) if not rows or _name_items(subjects) else rows
        causes = {row: _causes(event, recorded.version, row, case) for row in about}
        changes = _apply(case, recorded, event, subjects)
        yield Move(recorded=recorded, subjects=subjects, rows=rows, changes=changes, causes=causes)


def apply(case: Case, recorded: RecordedEvent) -> Changes:
    """Let a case evolve by one event, and say what that changed.

    Only what the event is about is compared; nothing else changes.
    """
    event: e.CaseEvent = recorded.event  # type: ignore[assignment]  # a case's stream holds case events only
    return _apply(case, recorded, event, subjects_of(event))


def _apply(case: Case, recorded: RecordedEvent, event: e.CaseEvent, subjects: Subjects) -> Changes:
    indicators: dict[IndicatorId, IndicatorState] = {}
    figures: dict[FigureId, FigureState] = {}
    items: dict[ItemId, ItemState] = {}
    requests: dict[ItemId, Rectification | None] = {}
    whole: CaseState | None = None
    for kind, name in subjects:
        if kind == "indicator":
            indicators[name] = indicator_state(case, name)
        elif kind == "figure":
            figures[name] = figure_state(case, name)
        elif kind == "item":
            items[name] = item_state(case, name)
        elif kind == "request":
            requests[name] = request_state(case, name)
        elif kind == "case":
            whole = case_state(case)
    case.id = recorded.case
    evolve(case, recorded.version, recorded.by, event)
    return Changes(
        _differing(indicators, indicator_state, case) if indicators else {},
        _differing(figures, figure_state, case) if figures else {},
        _differing(items, item_state, case) if items else {},
        _differing(requests, request_state, case) if requests else {},
        Change(whole, now) if whole and (now := case_state(case)) != whole else None,
    )


def _differing(
    before: dict[str, S], state: Callable[[Case, str], S], case: Case
) -> dict[str, Change[S]]:
    changes: dict[str, Change[S]] = {}
    for name, was in before.items():
        now = state(case, name)
        if now != was:
            changes[name] = Change(was, now)
    return changes


def indicator_state(case: Case, indicator: IndicatorId) -> IndicatorState:
    """All that a case holds of one indicator."""
    return IndicatorState(
        case.claims.get(indicator),
        case.sources.get(("claim", indicator)),
        case.claims_restated.get(indicator),
        case.awards.get(indicator),
        case.excluded.get(indicator),
    )


def figure_state(case: Case, figure: FigureId) -> FigureState:
    """All that a case holds of one figure."""
    return FigureState(case.figures.get(figure), case.restated.get(figure))


def item_state(case: Case, item: ItemId) -> ItemState:
    """All that a case holds of one bonus or penalty item."""
    return ItemState(
        case.bonus_claims.get(item),
        case.bonus.get(item),
        case.sources.get(("bonus", item)),
        case.penalties.get(item),
        (case.reasons.get(("bonus", item)), case.reasons.get(("penalty", item))),
    )


def request_state(case: Case, request: ItemId) -> Rectification | None:
    """The state of a rectification request; `None` before it is made."""
    return case.rectifications.get(request)


def case_state(case: Case) -> CaseState:
    """What a case holds for all of its rows at once."""
    return CaseState(
        case.stage,
        case.opened,
        case.pinned,
        case.commissioned,
        case.submitted,
        case.issued,
        case.reopening,
    )


def _rows(subjects: Subjects, case: Case) -> tuple[IndicatorId, ...]:
    """The indicators that an event is about, each once: contested ones before those it names."""
    rows: dict[IndicatorId, None] = {}
    for kind, name in subjects:
        if kind == "indicator":
            rows[name] = None
        elif kind == "figure":
            reported = (case.figures.get(name), case.restated.get(name))
            rows.update({figure.indicator: None for figure in reported if figure})
        elif kind == "appeal" and (appeal := case.appeals.get(name)):
            contests = [contested for contested in appeal.contests if contested.item is None]
            rows.update({contested.indicator: None for contested in contests})
    return tuple(rows)


def _causes(  # noqa: C901, PLR0911, PLR0912 - one line per kind of answer
    event: e.CaseEvent, version: int, row: IndicatorId | None, case: Case
) -> tuple[int, ...]:
    """The versions that an event answers as far as a row is concerned, from the case before it."""
    match event:
        case e.FigureSubmitted() | e.EvidenceFiled() | e.BonusClaimed():
            return ()
        case e.FigureRestated(figure=figure):
            return _known(case.stated_in(figure.id))
        case e.FigureWithdrawn() | e.FigureConfirmed():
            return _sources(case, ("figure", event.figure))
        case e.ScoreClaimed() | e.ClaimRestated():
            return _sources(case, ("claim", event.indicator))
        case e.ScoreConfirmed() | e.ScoreAdjusted():
            return (*_replaced(case, event.indicator), *_answers_leading_to(case, version))
        case e.IndicatorExcluded():
            return _replaced(case, event.indicator)
        case e.ResultCorrected():
            return _contested(case, event, row)
        case e.ReasonAmended(item=str(item)):
            return _sources(case, source_of(item, penalty=event.penalty))
        case e.AdjustmentCountersigned() | e.ReasonAmended() | e.AdjustmentWithdrawn():
            award = indicator_state(case, event.indicator).in_force
            return (award.version,) if award and award.version == event.adjustment else ()
        case e.BonusRecognised() | e.BonusRefused():
            said = _sources(case, ("bonus-claim", event.item), ("bonus", event.item))
            return (*said[-1:], *_answers_leading_to(case, version))
        case e.PenaltyRecorded():
            said = _sources(case, ("penalty", event.item))
            return (*said, *_answers_leading_to(case, version))
        case e.RecommendationMade() | e.RectificationRequested() | e.StatementMade():
            return _sources(case, *(("finding", finding) for finding in event.findings))
        case e.ObjectionRaised():
            return _contested(case, event, row)
        case e.ObjectionAnswered():
            objection = case.objections.get(event.objection)
            return (objection.version,) if objection else ()
        case e.AppealLodged():
            contested = [_contested(case, contest, row) for contest in event.contests]
            return tuple(version for versions in contested for version in versions)
        case e.AppealWithdrawn():
            return _known(appeal.version if (appeal := case.appeals.get(event.appeal)) else 0)
        case e.AppealDecided():
            lodged = _known(appeal.version if (appeal := case.appeals.get(event.appeal)) else 0)
            ruled = [_contested(case, ruling, row) for ruling in event.rulings]
            return (*lodged, *(version for versions in ruled for version in versions))
        case (
            e.RectificationResponded()
            | e.RectificationReturned()
            | e.RectificationAccepted()
            | e.DeadlineExtended()
        ):
            request = case.rectifications.get(event.request)
            promises = getattr(event, "promises", ())
            promised = _sources(case, *(("statement", promise) for promise in promises))
            return (request.version, *promised) if request else promised
        case e.EvidenceErased():
            return _sources(case, ("evidence", event.sha256))
        case e.DestructionProposed():
            return _known(case.retention.version if case.retention else 0)
        case e.DestructionAppraised() | e.DestructionDecided():
            return _known(case.destruction.version if case.destruction else 0)
        case e.CaseReopened():
            return (case.reopening[0],) if case.reopening else ()
        case (
            e.CaseOpened()
            | e.RubricPinned()
            | e.RubricRepinned()
            | e.ReviewCommissioned()
            | e.WorkAssigned()
            | e.AccountRecused()
            | e.DocumentRegistered()
            | e.UnitListed()
            | e.ScopeDefined()
            | e.SubtotalPrinted()
            | e.MaterialPublished()
            | e.ReportDelivered()
            | e.SelfEvaluationSubmitted()
            | e.SubmissionReturned()
            | e.FindingRaised()
            | e.DraftSent()
            | e.ResultIssued()
            | e.ResultReceived()
            | e.ResultPublished()
            | e.RetentionSet()
            | e.CaseClosed()
            | e.ReopeningRequested()
            | e.DossierIssued()
        ):
            return ()
        case _:
            assert_never(event)


def _known(version: int) -> tuple[int, ...]:
    return (version,) if version else ()


def _sources(case: Case, *names: Source) -> tuple[int, ...]:
    return tuple(case.sources[name] for name in names if name in case.sources)


def _replaced(case: Case, row: IndicatorId | None) -> tuple[int, ...]:
    """The event in force for a row: its award or exclusion, else its claim."""
    claimed, said = indicator_state(case, row or "").source
    return _known(said or claimed or 0)


def _name_items(subjects: Subjects) -> bool:
    """Whether an event about rows is about bonus or penalty items as well."""
    return any(kind == "item" for kind, _ in subjects)


def _contested(
    case: Case,
    said: e.ObjectionRaised | e.ResultCorrected | e.Contested | e.Ruling,
    row: IndicatorId | None,
) -> tuple[int, ...]:
    """The event that decided a contested or newly decided score, as far as a row is concerned."""
    if said.item is not None:
        source = source_of(said.item, penalty=said.penalty)
        return () if row is not None else _sources(case, source)
    return _replaced(case, row) if row == said.indicator else ()


def _answers_leading_to(case: Case, version: int) -> tuple[int, ...]:
    """The answer to an objection that brings the award of a version and comes before it."""
    return tuple(
        objection.answer
        for objection in case.objections.values()
        if objection.award == version and objection.answer is not None
    )
