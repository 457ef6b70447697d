"""The change log (变动记录): who, when, what, why, on which evidence, by which clause."""

from decimal import Decimal

from msgspec import Struct

from ledger.events import (
    AdjustmentCountersigned,
    AdjustmentWithdrawn,
    BonusClaimed,
    BonusRecognised,
    BonusRefused,
    ClaimRestated,
    Event,
    EvidenceFiled,
    FigureRestated,
    FigureSubmitted,
    FigureWithdrawn,
    FindingRaised,
    RecommendationMade,
    ResultCorrected,
    ScoreAdjusted,
    ScoreClaimed,
    ScoreConfirmed,
)
from ledger.recorded import Recorded
from ledger.values import Evidence, IndicatorId, Sha256
from projections.points import Point


class LogEntry(Struct, frozen=True, kw_only=True):
    """One event as the log shows it; `None` and empty where an event has no such thing.

    Attributes:
        indicator: the row it is about, where it is about one.
        before: the standing score of the row before the event, where it moves one.
        after: the standing score after it.
        caused_by: versions of the events that this one answers or replaces.
    """

    recorded: Recorded
    indicator: IndicatorId | None
    before: Decimal | None
    after: Decimal | None
    justification: str | None
    clause: str | None
    evidence: tuple[Evidence, ...]
    caused_by: tuple[int, ...]


def change_log(point: Point, indicator: IndicatorId | None = None) -> list[LogEntry]:
    """Every event by the point, oldest first; those about one indicator, if it is given.

    The log of an indicator holds its figures, claims, awards, signatures and findings.
    """
    memory = _Memory()
    entries = [memory.entry(recorded) for recorded in point.history]
    if indicator is None:
        return entries
    return [entry for entry in entries if indicator in concerns(entry.recorded.event)]


def concerns(event: Event) -> tuple[IndicatorId, ...]:
    """The indicators that an event is about."""
    match event:
        case FigureSubmitted(figure=figure) | FigureRestated(figure=figure):
            return (figure.indicator,)
        case FindingRaised(indicators=indicators):
            return indicators
        case _:
            indicator = getattr(event, "indicator", None)
            return (indicator,) if indicator else ()


def justification_of(event: Event) -> str | None:
    """Why, in the words of whoever acted; `None` where the event gives no reason."""
    for name in ("justification", "reason", "statement", "note"):
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
        self._made: dict[tuple[str, str], int] = {}

    def entry(self, recorded: Recorded) -> LogEntry:
        event = recorded.event
        about = concerns(event)
        indicator = about[0] if len(about) == 1 else None
        before = self._scores.get(indicator) if indicator else None
        causes = tuple(self._made[key] for key in _answers(event) if key in self._made)
        moved = self._take(recorded)
        return LogEntry(
            recorded=recorded,
            indicator=indicator,
            before=before if moved else None,
            after=self._scores.get(indicator) if moved and indicator else None,
            justification=justification_of(event),
            clause=getattr(event, "clause", None) or None,
            evidence=tuple(
                self._evidence.get(sha256, Evidence(sha256=sha256, title="?"))
                for sha256 in evidence_of(event)
            ),
            caused_by=causes,
        )

    def _take(self, recorded: Recorded) -> bool:
        """Remember an event; whether it moves the standing score of a row."""
        event = recorded.event
        for key in _makes(event):
            self._made[key] = recorded.version
        match event:
            case EvidenceFiled(evidence=evidence):
                self._evidence[evidence.sha256] = evidence
                return False
            case ScoreClaimed():
                self._claims[event.indicator] = event.score
                self._scores[event.indicator] = event.score
            case ScoreConfirmed() | ScoreAdjusted() | ResultCorrected():
                self._scores[event.indicator] = event.award
            case AdjustmentWithdrawn() if event.indicator in self._claims:
                self._scores[event.indicator] = self._claims[event.indicator]
            case AdjustmentWithdrawn():  # by a business date the claim may not be there yet
                self._scores.pop(event.indicator, None)
            case _:
                return False
        return True


def _makes(event: Event) -> tuple[tuple[str, str], ...]:
    """The things that an event brings into being, for later ones to answer."""
    match event:
        case FigureSubmitted(figure=figure) | FigureRestated(figure=figure):
            return (("figure", figure.id),)
        case ScoreClaimed() | ScoreConfirmed() | ScoreAdjusted() | ResultCorrected():
            return (("score", event.indicator),)
        case BonusClaimed() | BonusRecognised() | BonusRefused():
            return (("bonus", event.item),)
        case FindingRaised():
            return (("finding", event.finding),)
        case _:
            return ()


def _answers(event: Event) -> tuple[tuple[str, str], ...]:
    """The things that an event answers, replaces or signs."""
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
            | AdjustmentCountersigned()
            | AdjustmentWithdrawn()
            | ResultCorrected()
        ):
            return (("score", event.indicator),)
        case BonusRecognised() | BonusRefused():
            return (("bonus", event.item),)
        case RecommendationMade():
            return tuple(("finding", finding) for finding in event.findings)
        case _:
            return ()


def entry_json(entry: LogEntry) -> dict[str, object]:
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
