"""What the record of a case rests on: documents, whom they cover, what they state and print.

And what the review says of the figures that were submitted: the same, something else, or nothing.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct

from ledger import terms
from ledger.envelope import RecordedEvent
from ledger.events import (
    CaseEvent,
    Column,
    DocumentForm,
    DocumentRegistered,
    MaterialPublished,
    RectificationResponded,
    ScopeDefined,
    StatementKind,
    StatementMade,
    SubtotalPrinted,
    UnitListed,
)
from ledger.language import Say
from ledger.values import DocumentId, FigureId, IndicatorId, ItemId, OrganisationId, Sha256
from projections.as_of import CaseAsOf

E = TypeVar("E", bound=CaseEvent)


class SourceDocument(Struct, frozen=True, kw_only=True):
    """A registered document, and how many events cite it."""

    version: int
    document: DocumentId
    title: str
    number: str | None
    printed_date: date | None
    form: DocumentForm
    sha256: Sha256
    parts: tuple[str, ...]
    cited: int


class ListedUnit(Struct, frozen=True, kw_only=True):
    """A unit that figures may cover."""

    version: int
    member: ItemId
    name: str
    within: ItemId | None


class DefinedScope(Struct, frozen=True, kw_only=True):
    """A scope, by the units that it covers."""

    version: int
    scope: str
    members: tuple[ItemId, ...]


class Statement(Struct, frozen=True, kw_only=True):
    """What a party states; `answered_by` are the versions of responses that answer it."""

    version: int
    organisation: OrganisationId
    item: ItemId
    kind: StatementKind
    statement: str
    indicators: tuple[IndicatorId, ...]
    findings: tuple[ItemId, ...]
    answered_by: tuple[int, ...]


class PrintedSum(Struct, frozen=True, kw_only=True):
    """A sum as a document prints it."""

    version: int
    item: ItemId
    label: str
    path: tuple[str, ...]
    column: Column
    printed_weight: Decimal | None
    printed_score: Decimal | None
    printed_rate: Decimal | None


class Publication(Struct, frozen=True, kw_only=True):
    """Something that was made public, and when."""

    version: int
    dated: date
    title: str
    place: str
    document: DocumentId | None
    sha256: Sha256 | None


class PrintedFigures(Struct, frozen=True, kw_only=True):
    """The submitted figures by what the review says of them; `silent`: it prints nothing."""

    confirmed: tuple[FigureId, ...]
    restated: tuple[FigureId, ...]
    silent: tuple[FigureId, ...]


class Sources(Struct, frozen=True, kw_only=True):
    """All of it. The fields are the keys of the command line's contract."""

    case: str
    documents: tuple[SourceDocument, ...]
    units: tuple[ListedUnit, ...]
    scopes: tuple[DefinedScope, ...]
    statements: tuple[Statement, ...]
    sums: tuple[PrintedSum, ...]
    published: tuple[Publication, ...]
    figures: PrintedFigures


def sources(point: CaseAsOf) -> Sources:
    """What the record of a case rests on by a point."""
    case = point.case
    cited: Counter[DocumentId] = Counter()
    for recorded in point.history:
        cited.update({place.document for place in getattr(recorded.event, "cites", ())})
    answers: dict[ItemId, list[int]] = {}
    for recorded, response in _of(point, RectificationResponded):
        for promise in response.promises:
            answers.setdefault(promise, []).append(recorded.version)
    return Sources(
        case=case.id,
        documents=tuple(
            SourceDocument(
                version=recorded.version,
                document=event.document,
                title=event.title,
                number=event.number or None,
                printed_date=event.printed_date,
                form=event.form,
                sha256=event.sha256,
                parts=event.parts,
                cited=cited[event.document],
            )
            for recorded, event in _of(point, DocumentRegistered)
        ),
        units=tuple(
            ListedUnit(
                version=recorded.version, member=event.member, name=event.name, within=event.within
            )
            for recorded, event in _of(point, UnitListed)
        ),
        scopes=tuple(
            DefinedScope(version=recorded.version, scope=event.scope, members=event.members)
            for recorded, event in _of(point, ScopeDefined)
        ),
        statements=tuple(
            Statement(
                version=recorded.version,
                organisation=recorded.by.organisation,
                item=event.item,
                kind=event.kind,
                statement=event.statement,
                indicators=event.indicators,
                findings=event.findings,
                answered_by=tuple(answers.get(event.item, ())),
            )
            for recorded, event in _of(point, StatementMade)
        ),
        sums=tuple(
            PrintedSum(
                version=recorded.version,
                item=event.item,
                label=event.label,
                path=event.path,
                column=event.column,
                printed_weight=event.printed_weight,
                printed_score=event.printed_score,
                printed_rate=event.printed_rate,
            )
            for recorded, event in _of(point, SubtotalPrinted)
        ),
        published=tuple(
            Publication(
                version=recorded.version,
                dated=recorded.dated,
                title=event.title,
                place=event.place,
                document=event.document,
                sha256=event.sha256,
            )
            for recorded, event in _of(point, MaterialPublished)
        ),
        figures=PrintedFigures(
            confirmed=tuple(figure for figure in case.figures if figure in case.confirmed),
            restated=tuple(figure for figure in case.figures if figure in case.restated),
            silent=tuple(
                figure
                for figure in case.figures
                if figure not in case.confirmed and figure not in case.restated
            ),
        ),
    )


def _of(point: CaseAsOf, kind: type[E]) -> Iterator[tuple[RecordedEvent, E]]:
    """The events of a kind, oldest first."""
    for recorded in point.history:
        if isinstance(recorded.event, kind):
            yield recorded, recorded.event


def lines(found: Sources, say: Say) -> list[tuple[str, ...]]:
    """All of it for a table, oldest first: version, id, what it is, and its words."""
    kinds = {name: say(*title) for name, title in terms.EVENTS.items()}
    rows = sorted(
        [
            *(
                (
                    registered.version,
                    registered.document,
                    say(*terms.DOCUMENT_FORMS[registered.form]),
                    f"{registered.title} {registered.number or ''}".strip(),
                )
                for registered in found.documents
            ),
            *(
                (
                    stated.version,
                    stated.item,
                    say(*terms.STATEMENT_KINDS[stated.kind]),
                    stated.statement,
                )
                for stated in found.statements
            ),
            *((unit.version, unit.member, kinds["UnitListed"], unit.name) for unit in found.units),
            *(
                (defined.version, defined.scope, kinds["ScopeDefined"], ", ".join(defined.members))
                for defined in found.scopes
            ),
            *(
                (
                    subtotal.version,
                    subtotal.item,
                    kinds["SubtotalPrinted"],
                    subtotal.label
                    + ("" if subtotal.printed_score is None else f" {subtotal.printed_score}"),
                )
                for subtotal in found.sums
            ),
            *(
                (
                    material.version,
                    material.document or "",
                    kinds["MaterialPublished"],
                    f"{material.title} {material.place}",
                )
                for material in found.published
            ),
        ]
    )
    return [(str(version), *words) for version, *words in rows]
