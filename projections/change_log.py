"""The change log (变动记录): who, when, what, why, on which evidence, by which clause."""

from collections.abc import Mapping
from datetime import date, tzinfo
from decimal import Decimal
from functools import cache
from typing import Final, Literal, NamedTuple

from msgspec import UNSET, Struct, UnsetType

from ledger import terms
from ledger.author_proofs import SignatureFault
from ledger.effects import effects_of
from ledger.envelope import Actor, RecordedEvent
from ledger.events import (
    BonusClaimed,
    BonusRecognised,
    DocumentRegistered,
    Event,
    EvidenceFiled,
    PenaltyRecorded,
    ReasonAmended,
)
from ledger.language import Language, in_language, speaker
from ledger.moves import Changes, Move
from ledger.time_zone import day_of_instant
from ledger.values import (
    DocumentId,
    Figure,
    FigureId,
    IndicatorId,
    Instant,
    ItemId,
    Scheme,
    Sha256,
)
from projections import formatting
from projections.as_of import CaseAsOf
from projections.facts import (
    NOT_FOR_PEOPLE,
    VERSIONS,
    Fact,
    Facts,
    Quantity,
    Reader,
    facts_of,
    figure_before,
    labelled,
    points_of,
    written,
)
from projections.provenance import CitedPlace, cite, cited_places


class CitedEvidence(Struct, frozen=True, gc=False):
    """A file that an event cites; `number` is `None` where the file has none."""

    sha256: Sha256
    title: str
    number: str | None


class FigureChange(Struct, frozen=True, kw_only=True, gc=False):
    """A figure as an event states it; `before` and `after` are `None` where it is missing."""

    id: FigureId
    name: str
    unit: str | None
    before: str | None
    after: str | None
    target: str | None


class BonusChange(Struct, frozen=True, kw_only=True, gc=False):
    """The points that a bonus or penalty item counts; `None` before anything is stated."""

    item: ItemId
    before: Decimal | None
    after: Decimal | None


class SignedWith(Struct, frozen=True, kw_only=True, gc=False):
    """The key with which its author has signed an event, by its SHA-256, and how it signs."""

    key: Sha256
    scheme: Scheme

    def words(self, language: Language) -> str:
        """As every list and document names it: the beginning of its SHA-256 is enough there."""
        return formatting.aside(self.key[:12], self.scheme, language)


class ChangeLogRow(Struct, frozen=True, kw_only=True, gc=False):
    """One event as the log shows it; `None` and empty where an event has no such thing.

    The fields are the keys of the command line's contract.

    Attributes:
        type: of the event; `at` is when it was recorded, `dated` its business date.
        recorded_late_days: how many days lie between the two: 0 where it was recorded on that very
            day, negative where it is dated later.
        subject: id of what it is about: an indicator, a figure, an objection, an appeal, a request.
        indicator: the row it is about, if any.
        before: the standing score of the row before the event, where it moves one.
        after: the standing score after it.
        figure: the figure that it states or withdraws.
        bonus: the item whose points it states.
        justification: the reason, in the author's words; `ground` why the rule's result was not
            taken.
        outcome: of an objection or an appeal, as the archive names it.
        requested: the score that an objection asks for.
        number: the document number of the command.
        facts: everything that the event says, field by field.
        cites: where the command is printed, in registered documents of the case.
        transcriber_note: what the transcriber adds; no party's word.
        undocumented: whether no document records the command.
        caused_by: versions of the events that this one answers or replaces.
        answers: those of them that it does not take the place of.
        verified: the level to which the bytes of the case were verified while it was read; `None`
            where they were believed.
        signed: by what its author has signed it; `None` where they have not.
        unsigned_since: from which day on it should have been; left out where it need not be.
        signature_fault: what is wrong with that; left out where nothing is.
    """

    version: int
    position: int | None
    type: str
    at: Instant
    dated: date
    recorded_late_days: int
    by: Actor
    subject: str | None
    indicator: IndicatorId | None
    before: Decimal | None
    after: Decimal | None
    figure: FigureChange | None
    bonus: BonusChange | None
    justification: str | None
    ground: str | None
    clause: str | None
    outcome: str | None
    requested: Decimal | None
    number: str | None
    facts: Facts
    evidence: tuple[CitedEvidence, ...]
    cites: tuple[CitedPlace, ...]
    transcriber_note: str | None
    undocumented: bool
    caused_by: tuple[int, ...]
    answers: tuple[int, ...]
    verified: Literal["L0"] | None
    signed: SignedWith | None
    unsigned_since: date | UnsetType = UNSET
    signature_fault: SignatureFault | UnsetType = UNSET

    def change(self, language: Language) -> str:
        """What moves, from what to what: a score, the points of an item, a figure with its unit."""
        if (self.before, self.after) != (None, None):
            return _arrow(self.before, self.after)
        if self.bonus:
            return _arrow(self.bonus.before, self.bonus.after)
        for fact in self.facts:
            if fact.field == "figure.value":
                before, value = (
                    formatting.quantity(end.value, end.unit, language, formatting.iso_day)
                    if isinstance(end, Quantity)
                    else None
                    for end in (fact.before, fact.value)
                )
                return _arrow(before, value)
        return ""

    def content(self, reader: Reader, columns: tuple[str, ...] = ()) -> list[str]:
        """What the event says, what it answers and how it is signed, in words, one line each.

        Left out are the row and its scores, which every view has in columns of their own, and the
        files, which are among the `sources`.

        Args:
            reader: of the words.
            columns: other fields that the view shows in columns of their own.
        """
        left_out = _left_out(columns)
        facts = [
            fact for fact in self.facts if fact.field not in left_out and not self._in_columns(fact)
        ]
        lines = written(self.type, facts, reader)
        if self.caused_by:
            named = {fact.value for fact in facts if fact.field in VERSIONS}
            answered = [version for version in self.answers if version not in named]
            replaced = [version for version in self.caused_by if version not in self.answers]
            for term, versions in ((terms.ANSWERED, answered), (terms.REPLACED, replaced)):
                if versions:
                    words = " ".join(f"v{version}" for version in versions)
                    lines.append(labelled(term, words, reader))
        if signature := self._signature(reader.language):
            lines.append(labelled(terms.SIGNED_WITH, signature, reader))
        return lines

    def _signature(self, language: Language) -> str:
        key = [self.signed.words(language)] if self.signed else []
        fault, say = self.signature_fault, speaker(language)
        wrong = [in_language(fault.text, language)] if fault is not UNSET else []
        return say("；", "; ").join([*key, *wrong])

    def sources(self, language: Language) -> list[str]:
        """The files and the printed places that it rests on, one line each."""
        say = speaker(language)
        files = [
            formatting.aside(file.title, file.number or "", language) for file in self.evidence
        ]
        return [*files, *(cite(place, say) for place in self.cites)]

    def _in_columns(self, fact: Fact) -> bool:
        if fact.field in SCORES:
            return fact.value == self.after and fact.before in {None, self.before}
        return fact.value == self.indicator and fact.field.endswith(".indicator")


SCORES: Final = frozenset({"score", "award", "rulings.award"})
"""Fields that say the score of a row."""


@cache
def _left_out(columns: tuple[str, ...]) -> frozenset[str]:
    return frozenset({*NOT_FOR_PEOPLE, "evidence.title", "evidence.number", *columns})


VALUES: Final = frozenset(
    {"figure", "restated figure", "claim", "restated claim", "award", "bonus claim", "item"}
)
"""Kinds of effects of which a later one takes the place of an earlier one."""


def _arrow(before: object, after: object) -> str:
    """`20.00 → 16.00`; a dash where there is nothing, because missing is not zero."""
    return f"{'-' if before is None else before} → {'-' if after is None else after}"


def change_log(point: CaseAsOf, indicator: IndicatorId | None = None) -> list[ChangeLogRow]:
    """Every event by the point, oldest first; those about one indicator, if it is given.

    An event about several rows, such as an appeal, gives an entry for each of them. One of the
    register or of a rubric is about no row and moves none.
    """
    every = [*map(_of_no_case, point.history)] if point.is_of_no_case else point.moves
    earlier = _Earlier(
        {}, {}, point.case.documents, point.zone, point.verified, point.proofs.faults
    )
    entries = []
    for move in every:
        event = earlier.events[move.recorded.version] = move.recorded.event
        if isinstance(event, EvidenceFiled):
            file = event.evidence
            earlier.files[file.sha256] = CitedEvidence(file.sha256, file.title, file.number or None)
        for row, causes in move.causes.items():
            if indicator in {None, row}:
                entries.append(_entry(move, row, causes, earlier))
    return entries


def _of_no_case(recorded: RecordedEvent) -> Move:
    nothing = Changes({}, {}, {}, {}, None)
    return Move(recorded=recorded, subjects=(), rows=(), changes=nothing, causes={None: ()})


class _Earlier(NamedTuple):
    """What an event can refer to; the zone of its days; how far verified; faults of signatures."""

    events: dict[int, Event]
    files: dict[Sha256, CitedEvidence]
    documents: Mapping[DocumentId, DocumentRegistered]
    zone: tzinfo
    verified: Literal["L0"] | None
    faults: Mapping[int, SignatureFault]


def _entry(
    move: Move, row: IndicatorId | None, causes: tuple[int, ...], earlier: _Earlier
) -> ChangeLogRow:
    recorded, event, signed = move.recorded, move.recorded.event, move.recorded.signed
    change = move.changes.moves(row) if row else None
    fault = earlier.faults.get(recorded.version)
    return ChangeLogRow(
        version=recorded.version,
        position=recorded.position,
        type=recorded.type,
        at=recorded.at,
        dated=recorded.dated,
        recorded_late_days=(day_of_instant(recorded.at, earlier.zone) - recorded.dated).days,
        by=recorded.by,
        subject=next((name for _, name in move.subjects if name), None),
        indicator=row,
        before=change.before.score if change else None,
        after=change.after.score if change else None,
        figure=_figure(move),
        bonus=None if row else _bonus(move),
        justification=justification_of(event),
        ground=getattr(event, "ground", None) or None,
        clause=getattr(event, "clause", None) or None,
        outcome=getattr(event, "outcome", None),
        requested=getattr(event, "requested", None),
        number=getattr(event, "number", None) or None,
        facts=facts_of(event, move.changes, row),
        evidence=tuple(
            earlier.files.get(sha256, CitedEvidence(sha256, "?", None))
            for sha256 in evidence_of(event)
        ),
        cites=cited_places(event, earlier.documents),
        transcriber_note=event.transcriber_note or None,
        undocumented=event.undocumented,
        caused_by=causes,
        answers=_answers(event, causes, earlier) if causes else (),
        verified=earlier.verified,
        signed=SignedWith(key=signed.key, scheme=signed.scheme) if signed else None,
        unsigned_since=(fault and fault.since) or UNSET,
        signature_fault=fault or UNSET,
    )


def _answers(event: Event, causes: tuple[int, ...], earlier: _Earlier) -> tuple[int, ...]:
    """Those of its causes that an event does not take the place of."""
    replaced = {effect for effect in effects_of(event) if effect.kind in VALUES}
    return tuple(
        version for version in causes if replaced.isdisjoint(effects_of(earlier.events[version]))
    )


def _figure(move: Move) -> FigureChange | None:
    event = move.recorded.event
    figure = getattr(event, "figure", None)
    if isinstance(figure, Figure):
        before, after = figure_before(event, move.changes), figure.value
    elif isinstance(figure, str) and (change := move.changes.figures.get(figure)):
        before = figure = change.before.submitted
        after = None
    if not isinstance(figure, Figure):
        return None
    return FigureChange(
        id=figure.id,
        name=figure.name,
        unit=figure.unit or None,
        before=before.value if before else None,
        after=after,
        target=formatting.target_text(figure.target),
    )


def _bonus(move: Move) -> BonusChange | None:
    """The item whose points an event says; `None` where it states none, or several."""
    event, changed = move.recorded.event, list(move.changes.items.items())
    if isinstance(event, ReasonAmended):
        return None
    if len(changed) == 1:
        ((item, change),) = changed
        return BonusChange(
            item=item, before=points_of(change.before, event), after=points_of(change.after, event)
        )
    if isinstance(event, BonusClaimed | BonusRecognised | PenaltyRecorded):  # said again
        return BonusChange(item=event.item, before=event.points, after=event.points)
    return None


def justification_of(event: Event) -> str | None:
    """The reason, in the author's words; `None` where the event gives no reason."""
    for name in ("justification", "reason", "statement", "demand", "ground", "note"):
        if words := getattr(event, name, None):
            return str(words)
    return None


def evidence_of(event: Event) -> tuple[Sha256, ...]:
    """The SHA-256 of the files that an event cites or files."""
    if isinstance(event, EvidenceFiled):
        return (event.evidence.sha256,)
    return tuple(getattr(event, "evidence", ()))
