"""The change log (变动记录): who, when, what, why, on which evidence, by which clause."""

from decimal import Decimal

from msgspec import Struct

from ledger.envelope import RecordedEvent
from ledger.events import (
    AdjustmentCountersigned,
    AdjustmentWithdrawn,
    AppealDecided,
    AppealLodged,
    AppealWithdrawn,
    BonusClaimed,
    BonusRecognised,
    BonusRefused,
    CaseReopened,
    ClaimRestated,
    DeadlineExtended,
    Event,
    EvidenceErased,
    EvidenceFiled,
    FigureRestated,
    FigureSubmitted,
    FigureWithdrawn,
    FindingRaised,
    IndicatorExcluded,
    ObjectionAnswered,
    ObjectionRaised,
    RecommendationMade,
    RectificationAccepted,
    RectificationRequested,
    RectificationResponded,
    RectificationReturned,
    ReopeningRequested,
    ResultCorrected,
    ScoreAdjusted,
    ScoreClaimed,
    ScoreConfirmed,
)
from ledger.values import Evidence, FigureId, IndicatorId, ItemId, Sha256
from projections.as_of import CaseAsOf

Thing = tuple[str, str]
"""What an event makes and a later one answers: its kind and its id."""


class ChangeLogRow(Struct, frozen=True, kw_only=True):
    """One event as the log shows it; `None` and empty where an event has no such thing.

    Attributes:
        indicator: the row it is about, if any.
        before: the standing score of the row before the event, where it moves one.
        after: the standing score after it.
        caused_by: versions of the events that this one answers or replaces.
    """

    recorded: RecordedEvent
    indicator: IndicatorId | None
    before: Decimal | None
    after: Decimal | None
    justification: str | None
    clause: str | None
    evidence: tuple[Evidence, ...]
    caused_by: tuple[int, ...]


def change_log(point: CaseAsOf, indicator: IndicatorId | None = None) -> list[ChangeLogRow]:
    """Every event by the point, oldest first; those about one indicator, if it is given.

    An event about several rows, such as an appeal, gives an entry for each of them.
    """
    memory = _Memory()
    entries = [entry for recorded in point.history for entry in memory.entries(recorded)]
    return [entry for entry in entries if indicator in {None, entry.indicator}]


def justification_of(event: Event) -> str | None:
    """Why, in the words of whoever acted; `None` where the event gives no reason."""
    for name in ("justification", "reason", "statement", "demand", "ground", "note"):
        if words := getattr(event, name, None):
            return str(words)
    return None


def evidence_of(event: Event) -> tuple[Sha256, ...]:
    """The SHA-256 of the files that an event cites or files."""
    match event:
        case EvidenceFiled(evidence=evidence):
            return (evidence.sha256,)
        case _:
            return tuple(getattr(event, "evidence", ()))


class _Memory:
    """What a log remembers on its way through a history."""

    def __init__(self) -> None:
        self._claims: dict[IndicatorId, Decimal] = {}
        self._scores: dict[IndicatorId, Decimal] = {}
        self._evidence: dict[Sha256, Evidence] = {}
        self._figures: dict[FigureId, IndicatorId] = {}
        self._contested: dict[ItemId, tuple[IndicatorId, ...]] = {}
        self._made: dict[Thing, int] = {}

    def entries(self, recorded: RecordedEvent) -> list[ChangeLogRow]:
        """The entries of an event, one a row that it is about; one without a row otherwise."""
        event = recorded.event
        rows = self._rows(event)
        causes = {row: self._causes(recorded, row) for row in rows}
        before = {row: self._scores.get(row) for row in rows if row}
        self._remember(recorded)
        return [
            ChangeLogRow(
                recorded=recorded,
                indicator=row,
                before=before[row] if row and _moves(event, row) else None,
                after=self._scores.get(row) if row and _moves(event, row) else None,
                justification=justification_of(event),
                clause=getattr(event, "clause", None) or None,
                evidence=tuple(
                    self._evidence.get(sha256, Evidence(sha256=sha256, title="?"))
                    for sha256 in evidence_of(event)
                ),
                caused_by=causes[row],
            )
            for row in rows
        ]

    def _rows(self, event: Event) -> tuple[IndicatorId | None, ...]:
        match event:
            case FigureSubmitted(figure=figure) | FigureRestated(figure=figure):
                return (figure.indicator,)
            case FigureWithdrawn(figure=figure_id):
                return (self._figures.get(figure_id),)
            case FindingRaised(indicators=indicators):
                return indicators or (None,)
            case AppealLodged(contests=contests):
                return tuple(one.indicator for one in contests)
            case AppealDecided(appeal=appeal) | AppealWithdrawn(appeal=appeal):
                return self._contested.get(appeal) or (None,)
            case _:
                return (getattr(event, "indicator", None),)

    def _causes(self, recorded: RecordedEvent, row: IndicatorId | None) -> tuple[int, ...]:
        things = (*_answers(recorded.event, row), ("award", str(recorded.version)))
        return tuple(self._made[thing] for thing in things if thing in self._made)

    def _remember(self, recorded: RecordedEvent) -> None:  # noqa: C901 - one line an event
        event, version = recorded.event, recorded.version
        for thing in _makes(event):
            self._made[thing] = version
        match event:
            case FigureSubmitted(figure=figure) | FigureRestated(figure=figure):
                self._figures[figure.id] = figure.indicator
            case EvidenceFiled(evidence=evidence):
                self._evidence[evidence.sha256] = evidence
            case ScoreClaimed():
                self._claims[event.indicator] = event.score
                self._scores[event.indicator] = event.score
            case ScoreConfirmed() | ScoreAdjusted() | ResultCorrected():
                self._scores[event.indicator] = event.award
            case AdjustmentWithdrawn() if event.indicator in self._claims:
                self._scores[event.indicator] = self._claims[event.indicator]
            case AdjustmentWithdrawn():  # by a business date the claim may not be there yet
                self._scores.pop(event.indicator, None)
            case IndicatorExcluded():
                self._scores.pop(event.indicator, None)
            case AppealLodged():
                self._contested[event.appeal] = tuple(one.indicator for one in event.contests)
            case AppealDecided():
                self._scores.update({one.indicator: one.award for one in event.rulings})
            case _:
                pass


def _moves(event: Event, row: IndicatorId) -> bool:
    """Whether an event moves the standing score of a row."""
    match event:
        case (
            ScoreClaimed()
            | ScoreConfirmed()
            | ScoreAdjusted()
            | IndicatorExcluded()
            | AdjustmentWithdrawn()
            | ResultCorrected()
        ):
            return event.indicator == row
        case AppealDecided():
            return any(one.indicator == row for one in event.rulings)
        case _:
            return False


def _makes(event: Event) -> tuple[Thing, ...]:  # noqa: C901, PLR0911 - one line a kind of thing
    """The things that an event brings into being, for later ones to answer."""
    match event:
        case FigureSubmitted(figure=figure) | FigureRestated(figure=figure):
            return (("figure", figure.id),)
        case EvidenceFiled(evidence=evidence):
            return (("evidence", evidence.sha256),)
        case (
            ScoreClaimed()
            | ScoreConfirmed()
            | ScoreAdjusted()
            | IndicatorExcluded()
            | ResultCorrected()
        ):
            return (("score", event.indicator),)
        case BonusClaimed() | BonusRecognised() | BonusRefused():
            return (("bonus", event.item),)
        case FindingRaised():
            return (("finding", event.finding),)
        case ObjectionRaised():
            return (("objection", event.objection),)
        case ObjectionAnswered() if event.adjustment is not None:
            # The answer stands before the award that it brings, and the award names it as a cause.
            return (("award", str(event.adjustment)),)
        case AppealLodged():
            return (("appeal", event.appeal),)
        case AppealDecided():
            return tuple(("score", one.indicator) for one in event.rulings)
        case RectificationRequested() | RectificationResponded() | RectificationReturned():
            return (("rectification", event.request),)
        case ReopeningRequested():
            return (("reopening", ""),)
        case _:
            return ()


def _answers(event: Event, row: IndicatorId | None) -> tuple[Thing, ...]:  # noqa: C901, PLR0911 - one line a kind of thing
    """The things that an event answers, replaces or signs, as far as a row is concerned."""
    match event:
        case FigureRestated(figure=figure):
            return (("figure", figure.id),)
        case FigureWithdrawn():
            return (("figure", event.figure),)
        case (
            ScoreClaimed()
            | ClaimRestated()
            | ScoreConfirmed()
            | ScoreAdjusted()
            | IndicatorExcluded()
            | AdjustmentCountersigned()
            | AdjustmentWithdrawn()
            | ResultCorrected()
            | ObjectionRaised()
            | AppealLodged()
        ):
            return (("score", row or ""),)
        case BonusRecognised() | BonusRefused():
            return (("bonus", event.item),)
        case RecommendationMade() | RectificationRequested():
            return tuple(("finding", finding) for finding in event.findings)
        case ObjectionAnswered():
            return (("objection", event.objection),)
        case AppealDecided() if _moves(event, row or ""):
            return (("appeal", event.appeal), ("score", row or ""))
        case AppealWithdrawn() | AppealDecided():
            return (("appeal", event.appeal),)
        case (
            RectificationResponded()
            | RectificationReturned()
            | RectificationAccepted()
            | DeadlineExtended()
        ):
            return (("rectification", event.request),)
        case EvidenceErased():
            return (("evidence", event.sha256),)
        case CaseReopened():
            return (("reopening", ""),)
        case _:
            return ()


def entry_json(entry: ChangeLogRow) -> dict[str, object]:
    """An entry of the log with the stable keys of the command line's contract."""
    recorded = entry.recorded
    return {
        "version": recorded.version,
        "position": recorded.position,
        "type": recorded.type,
        "at": recorded.at,
        "dated": recorded.dated.isoformat(),
        "by": {
            "account": recorded.by.account,
            "role": recorded.by.role,
            "organisation": recorded.by.organisation,
        },
        "indicator": entry.indicator,
        "before": None if entry.before is None else str(entry.before),
        "after": None if entry.after is None else str(entry.after),
        "justification": entry.justification,
        "clause": entry.clause,
        "evidence": [
            {"sha256": one.sha256, "title": one.title, "number": one.number or None}
            for one in entry.evidence
        ],
        "caused_by": list(entry.caused_by),
    }
