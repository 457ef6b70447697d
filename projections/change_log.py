"""The change log (变动记录): who, when, what, why, on which evidence, by which clause."""

from decimal import Decimal

from msgspec import Struct

from ledger.envelope import RecordedEvent
from ledger.events import Event, EvidenceFiled
from ledger.moves import Move
from ledger.values import Evidence, IndicatorId, Sha256
from projections.as_of import CaseAsOf


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
    filed: dict[Sha256, Evidence] = {}
    entries = []
    for move in point.moves:
        if isinstance(move.recorded.event, EvidenceFiled):
            filed[move.recorded.event.evidence.sha256] = move.recorded.event.evidence
        for row, causes in move.causes.items():
            if indicator in {None, row}:
                entries.append(_entry(move, row, causes, filed))
    return entries


def _entry(
    move: Move, row: IndicatorId | None, causes: tuple[int, ...], filed: dict[Sha256, Evidence]
) -> ChangeLogRow:
    event = move.recorded.event
    change = move.changes.moves(row) if row else None
    return ChangeLogRow(
        recorded=move.recorded,
        indicator=row,
        before=change.before.score if change else None,
        after=change.after.score if change else None,
        justification=justification_of(event),
        clause=getattr(event, "clause", None) or None,
        evidence=tuple(
            filed.get(sha256, Evidence(sha256=sha256, title="?")) for sha256 in evidence_of(event)
        ),
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
