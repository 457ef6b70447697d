"""How long a case is kept, and the destruction of its files by two accounts after that.

A list is proposed and appraised; somebody who has done neither decides on it. What can be
destroyed are the bytes of evidence files; entries of the log cannot (`docs/trust.md`).
"""

from datetime import date

from ledger import refusals
from ledger.case import Case, Retention
from ledger.commands import (
    AppraiseDestruction,
    DecideDestruction,
    ProposeDestruction,
    SetRetention,
)
from ledger.decide.preconditions import must_be, must_be_filed, must_exist
from ledger.events import (
    CaseEvent,
    DestructionAppraised,
    DestructionDecided,
    DestructionProposed,
    RetentionSet,
)
from ledger.every_command import event_of


def set_retention(command: SetRetention, case: Case) -> list[CaseEvent]:
    """Set how long a case is kept, or change it while no list is under way."""
    must_exist(case)
    if case.destruction and not case.destruction.has_ended(case.erased):
        raise refusals.destruction_open(case.id, case.destruction.number)
    version = case.retention.version if case.retention else 0
    schedule, months = command.schedule or None, command.access_months or None
    asked = command.term, command.starts, command.number, schedule, months
    if case.retention == Retention(version, *asked):
        raise refusals.same_retention(case.id)
    return [event_of(RetentionSet, command, schedule=schedule, access_months=months)]


def propose_destruction(command: ProposeDestruction, case: Case, dated: date) -> list[CaseEvent]:
    """Put files of a closed case on a list, once the term is over; or who looked at it, earlier."""
    if command.accesses_before and not command.evidence:
        must_exist(case)
    else:
        must_be(case, "closed")
    if case.retention is None:
        raise refusals.no_retention(case.id)
    if command.accesses_before:
        _check_accesses(case, case.retention, command.accesses_before, dated)
    else:
        _check_term(case, case.retention, dated)
    if command.evidence and command.accesses_before:
        _check_term(case, case.retention, dated)
    listed = case.destruction
    if listed and not listed.has_ended(case.erased):
        raise refusals.destruction_open(case.id, listed.number)
    must_be_filed(case, command.evidence)
    for sha256 in command.evidence:
        if sha256 in case.erased:
            raise refusals.evidence_erased(sha256)
    if not command.evidence and not command.accesses_before:
        raise refusals.nothing_to_destroy(case.id)
    return [event_of(DestructionProposed, command, accesses_before=command.accesses_before or None)]


def _check_term(case: Case, kept: Retention, dated: date) -> None:
    if kept.over is None:
        raise refusals.kept_permanently(case.id)
    if dated < kept.over:
        raise refusals.term_not_over(case.id, kept.over)


def _check_accesses(case: Case, kept: Retention, before: date, dated: date) -> None:
    until = kept.accesses_until(dated)
    if until is None:
        raise refusals.no_access_term(case.id)
    if before > until:
        raise refusals.accesses_still_kept(case.id, until)


def appraise_destruction(command: AppraiseDestruction, case: Case) -> list[CaseEvent]:
    """Appraise what is on a list, which may be done by the account that proposed it."""
    if case.destruction is None or case.destruction.files:
        must_be(case, "closed")
    _list(case, command.number, "proposed")
    return [event_of(DestructionAppraised, command)]


def decide_destruction(command: DecideDestruction, case: Case) -> list[CaseEvent]:
    """Decide on a list that was appraised."""
    if case.destruction is None or case.destruction.files:
        must_be(case, "closed")
    _list(case, command.number, "appraised")
    return [event_of(DestructionDecided, command)]


def _list(case: Case, number: str, state: str) -> None:
    """Allow a step on the list of that number only, and only where it waits for it."""
    found = case.destruction
    if found is None or (found.number, found.state) != (number, state):
        raise refusals.no_such_list(case.id, number, found.number if found else "-")
