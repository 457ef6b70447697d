"""The documents themselves, whom they cover, and what they state apart from scores."""

from ledger import refusals
from ledger.case import Case
from ledger.commands import (
    DefineScope,
    ListUnit,
    MakeStatement,
    PrintSubtotal,
    PublishMaterial,
    RegisterDocument,
)
from ledger.decide.preconditions import is_untold, must_be, must_be_printable, pinned_rubric, row_of
from ledger.editions import Editions
from ledger.envelope import Actor
from ledger.events import (
    CaseEvent,
    DocumentRegistered,
    MaterialPublished,
    ScopeDefined,
    StatementMade,
    SubtotalPrinted,
    UnitListed,
)
from ledger.every_command import event_of, must_be_registered
from ledger.rubric import Rubric


def register_document(command: RegisterDocument, case: Case, by: Actor) -> list[CaseEvent]:
    """Register a document, once; the unit also one that the agency has and it must not know of."""
    must_be(case, "open", "submitted", "draft", "issued")
    untold = is_untold(case, by, "document", command.sha256)
    for document, registered in case.documents.items():
        is_same_file = command.sha256 == registered.sha256 and not untold
        if command.document == document or is_same_file:
            raise refusals.document_registered(document, registered.title)
    return [event_of(DocumentRegistered, command)]


def list_unit(command: ListUnit, case: Case) -> list[CaseEvent]:
    """List a unit, once, under one that is listed already."""
    must_be(case, "open", "submitted", "draft")
    if command.member in case.units:
        raise refusals.unit_listed(command.member)
    if command.within is not None:
        _must_be_listed(case, command.within)
    return [event_of(UnitListed, command)]


def define_scope(command: DefineScope, case: Case) -> list[CaseEvent]:
    """Define a scope by listed units, once: figures rest on it."""
    must_be(case, "open", "submitted", "draft")
    if command.scope in case.scopes:
        raise refusals.scope_defined(command.scope)
    for member in command.members:
        _must_be_listed(case, member)
    return [event_of(ScopeDefined, command)]


def _must_be_listed(case: Case, member: str) -> None:
    if member not in case.units:
        raise refusals.unknown_unit(member, case.units)


def make_statement(command: MakeStatement, case: Case, editions: Editions) -> list[CaseEvent]:
    """Record what a party states, about rows and findings that there are."""
    must_be(case, "open", "submitted", "draft", "issued")
    if command.item in case.statements:
        raise refusals.statement_exists(command.item)
    for indicator in command.indicators:
        row_of(pinned_rubric(case, editions), indicator)
    for finding in command.findings:
        if finding not in case.findings:
            raise refusals.unknown_finding(finding, sorted(case.findings))
    return [event_of(StatementMade, command)]


def print_subtotal(command: PrintSubtotal, case: Case, editions: Editions) -> list[CaseEvent]:
    """Record a printed sum of levels that the rubric has."""
    must_be(case, "open", "submitted", "draft")
    rubric = pinned_rubric(case, editions)
    if command.item in case.subtotals:
        raise refusals.subtotal_exists(command.item)
    if not _is_level(rubric, command.path):
        raise refusals.unknown_level(command.path)
    must_be_printable(command.printed_weight, command.printed_score, command.printed_rate)
    return [event_of(SubtotalPrinted, command)]


def _is_level(rubric: Rubric, path: tuple[str, ...]) -> bool:
    """Whether rows of a rubric are under a path, or its bonus or penalty is called so."""
    extras = [(extra.name,) for extra in (rubric.bonus, rubric.penalty) if extra]
    return path in extras or any(row.path[: len(path)] == path for row in rubric.indicators)


def publish_material(command: PublishMaterial, case: Case) -> list[CaseEvent]:
    """Record that something was made public, at any time."""
    must_be(case, "open", "submitted", "draft", "issued", "closed")
    must_be_registered(command.document, case)
    return [event_of(MaterialPublished, command)]
