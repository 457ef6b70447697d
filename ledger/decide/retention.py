"""How long a case is kept, and the destruction of its files by two accounts after that.

A list is proposed and appraised; somebody who has done neither decides on it. What can be
destroyed are the bytes of evidence files; entries of the log cannot (`docs/trust.md`).
"""

from datetime import date

from ledger import refusals
from ledger.case import Case
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


def set_retention(command: SetRetention, case: Case) -> list[CaseEvent]:
    """Set how long a case is kept, or change it while no list is under way."""
    must_exist(case)
    if case.destruction:
        raise refusals.destruction_open(case.id, case.destruction.number)
    kept, asked = case.retention, (command.term, command.starts, command.number)
    if kept and (kept.term, kept.starts, kept.number) == asked:
        raise refusals.same_retention(case.id)
    return [RetentionSet(term=command.term, starts=command.starts, number=command.number)]


def propose_destruction(command: ProposeDestruction, case: Case, dated: date) -> list[CaseEvent]:
    """Put files of a closed case on a list, once the term is over."""
    must_be(case, "closed")
    if case.retention is None:
        raise refusals.no_retention(case.id)
    over = case.retention.over
    if over is None:
        raise refusals.kept_permanently(case.id)
    if dated < over:
        raise refusals.term_not_over(case.id, over)
    if case.destruction:
        raise refusals.destruction_open(case.id, case.destruction.number)
    must_be_filed(case, command.evidence)
    for sha256 in command.evidence:
        if sha256 in case.erased:
            raise refusals.evidence_erased(sha256)
    if not command.evidence:
        raise refusals.nothing_to_destroy(case.id)
    return [
        DestructionProposed(number=command.number, evidence=command.evidence, reason=command.reason)
    ]


def appraise_destruction(command: AppraiseDestruction, case: Case) -> list[CaseEvent]:
    """Appraise what is on a list, which may be done by the account that proposed it."""
    must_be(case, "closed")
    _list(case, command.number, "proposed")
    return [
        DestructionAppraised(
            number=command.number,
            outcome=command.outcome,
            justification=command.justification,
        )
    ]


def decide_destruction(command: DecideDestruction, case: Case) -> list[CaseEvent]:
    """Decide on a list that was appraised."""
    must_be(case, "closed")
    _list(case, command.number, "appraised")
    return [DestructionDecided(number=command.number, outcome=command.outcome, note=command.note)]


def _list(case: Case, number: str, state: str) -> None:
    """Allow a step on the list of that number only, and only where it waits for it."""
    found = case.destruction
    if found is None or (found.number, found.state) != (number, state):
        raise refusals.no_such_list(case.id, number, found.number if found else "-")
