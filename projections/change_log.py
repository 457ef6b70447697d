"""The change log (变动记录): who, when, what, why, on which evidence, by which clause."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from ledger.envelope import Actor
from ledger.events import DocumentRegistered, Event, EvidenceFiled
from ledger.moves import Move
from ledger.values import DocumentId, IndicatorId, Instant, Sha256
from projections.as_of import CaseAsOf
from projections.provenance import CitedPlace, cited_places


class CitedEvidence(Struct, frozen=True):
    """A file that an event cites; `number` is `None` where the file has none."""

    sha256: Sha256
    title: str
    number: str | None


class ChangeLogRow(Struct, frozen=True, kw_only=True):
    """One event as the log shows it; `None` and empty where an event has no such thing.

    The fields are the keys of the command line's contract.

    Attributes:
        type: of the event; `at` is when it was recorded, `dated` its business date.
        indicator: the row it is about, if any.
        before: the standing score of the row before the event, where it moves one.
        after: the standing score after it.
        cites: where the act is printed, in registered documents of the case.
        transcriber_note: what the transcriber adds; no party's word.
        undocumented: whether no document records the act.
        caused_by: versions of the events that this one answers or replaces.
    """

    version: int
    position: int | None
    type: str
    at: Instant
    dated: date
    by: Actor
    indicator: IndicatorId | None
    before: Decimal | None
    after: Decimal | None
    justification: str | None
    clause: str | None
    evidence: tuple[CitedEvidence, ...]
    cites: tuple[CitedPlace, ...]
    transcriber_note: str | None
    undocumented: bool
    caused_by: tuple[int, ...]


def change_log(point: CaseAsOf, indicator: IndicatorId | None = None) -> list[ChangeLogRow]:
    """Every event by the point, oldest first; those about one indicator, if it is given.

    An event about several rows, such as an appeal, gives an entry for each of them.
    """
    filed: dict[Sha256, CitedEvidence] = {}
    entries = []
    for move in point.moves:
        if isinstance(move.recorded.event, EvidenceFiled):
            file = move.recorded.event.evidence
            filed[file.sha256] = CitedEvidence(file.sha256, file.title, file.number or None)
        for row, causes in move.causes.items():
            if indicator in {None, row}:
                entries.append(_entry(move, row, causes, filed, point.case.documents))
    return entries


def _entry(
    move: Move,
    row: IndicatorId | None,
    causes: tuple[int, ...],
    filed: dict[Sha256, CitedEvidence],
    documents: dict[DocumentId, DocumentRegistered],
) -> ChangeLogRow:
    recorded, event = move.recorded, move.recorded.event
    change = move.changes.moves(row) if row else None
    return ChangeLogRow(
        version=recorded.version,
        position=recorded.position,
        type=recorded.type,
        at=recorded.at,
        dated=recorded.dated,
        by=recorded.by,
        indicator=row,
        before=change.before.score if change else None,
        after=change.after.score if change else None,
        justification=justification_of(event),
        clause=getattr(event, "clause", None) or None,
        evidence=tuple(
            filed.get(sha256, CitedEvidence(sha256, "?", None)) for sha256 in evidence_of(event)
        ),
        cites=cited_places(event, documents),
        transcriber_note=event.transcriber_note or None,
        undocumented=event.undocumented,
        caused_by=causes,
    )


def justification_of(event: Event) -> str | None:
    """Why, in the words of whoever acted; `None` where the event gives no reason."""
    for name in ("justification", "reason", "statement", "demand", "ground", "note"):
        if words := getattr(event, name, None):
            return str(words)
    return None


def evidence_of(event: Event) -> tuple[Sha256, ...]:
    """The SHA-256 of the files that an event cites or files."""
    if isinstance(event, EvidenceFiled):
        return (event.evidence.sha256,)
    return tuple(getattr(event, "evidence", ()))
