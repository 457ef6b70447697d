"""The end of a case, its reopening by two people, and the dossiers that answer for it."""

import re
from typing import Final

from ledger import refusals
from ledger.case import Case
from ledger.commands import CloseCase, IssueDossier, ReopenCase, RequestReopening
from ledger.decide.preconditions import must_be, must_exist, pinned_rubric, row_of
from ledger.editions import Editions
from ledger.events import CaseClosed, CaseEvent, CaseReopened, DossierIssued, ReopeningRequested
from ledger.every_command import event_of
from ledger.rule_editions import RuleEdition, holds, is_wider

ENCLOSURES: Final = frozenset(
    {
        "bridge.json",
        "change-log.en.html",
        "change-log.json",
        "change-log.zh.html",
        "derivations.json",
        "evidence.json",
        "readme.txt",
        "score-sheet.json",
        "score-table.en.html",
        "score-table.zh.html",
    }
)
"""Names of what this program encloses in dossiers (`documents/enclosures.py`)."""

LETTER: Final = re.compile(
    r"(?:result-letter|rectification|appeal-[a-z0-9]+(?:-[a-z0-9]+)*)\.(?:zh|en)\.html"
)
"""Names of the letters among them, which are enclosed from an edition of the rules on."""


def close_case(command: CloseCase, case: Case) -> list[CaseEvent]:
    """Close a case: no appeal may be open, and open rectification needs a reason."""
    must_be(case, "issued")
    if waiting := [name for name, appeal in case.appeals.items() if appeal.open]:
        raise refusals.appeal_open(case.id, waiting)
    unfinished = tuple(name for name, one in case.rectifications.items() if one.state != "accepted")
    if unfinished and not command.reason.strip():
        raise refusals.closing_unjustified(case.id, unfinished)
    return [event_of(CaseClosed, command, unfinished=unfinished)]


def request_reopening(command: RequestReopening, case: Case) -> list[CaseEvent]:
    """Ask for a closed case to be opened again."""
    must_be(case, "closed")
    if case.reopening is not None:
        raise refusals.reopening_requested(case.id, case.reopening[1])
    return [event_of(ReopeningRequested, command)]


def reopen_case(command: ReopenCase, case: Case) -> list[CaseEvent]:
    """Agree to a reopening, which somebody else has requested (`ledger.authority`)."""
    must_be(case, "closed")
    if case.reopening is None:
        raise refusals.no_reopening_requested(case.id)
    version, _ = case.reopening
    return [event_of(CaseReopened, command, request=version)]


def issue_dossier(
    command: IssueDossier, case: Case, editions: Editions, rules: RuleEdition
) -> list[CaseEvent]:
    """Record a dossier, at any stage; it covers everything before it.

    Which program made it, and how far the other streams went, the ledger adds: no case knows that.
    """
    must_exist(case)
    foreign = [
        enclosure.name for enclosure in command.enclosures if enclosure.name not in ENCLOSURES
    ]
    if is_wider("enclosure-name", rules):
        foreign = [name for name in foreign if not LETTER.fullmatch(name)]
    if foreign and holds("enclosure-name", rules):
        raise refusals.enclosure_name(foreign)
    if command.indicator is not None:
        row_of(pinned_rubric(case, editions), command.indicator)
    return [event_of(DossierIssued, command, covers=case.version, program="", streams=())]
