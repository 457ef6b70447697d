"""The end of a case, its reopening by two people, and the dossiers that answer for it."""

from ledger.case import Case
from ledger.commands import CloseCase, CommandRefused, IssueDossier, ReopenCase, RequestReopening
from ledger.decide.preconditions import must_be, must_exist, must_say, pinned_rubric, row_of
from ledger.editions import Editions
from ledger.envelope import Actor
from ledger.events import CaseClosed, CaseEvent, CaseReopened, DossierIssued, ReopeningRequested


def close_case(command: CloseCase, case: Case) -> list[CaseEvent]:
    """Close a case: no appeal may be open, and open rectification needs a reason."""
    must_be(case, "issued")
    if waiting := [name for name, appeal in case.appeals.items() if appeal.open]:
        raise CommandRefused(
            "appeal-open",
            f"还有未决的申诉：{'、'.join(waiting)}；请先决定",
            f"appeals are open: {', '.join(waiting)}; decide them first",
        )
    unfinished = tuple(name for name, one in case.rectifications.items() if one.state != "accepted")
    if unfinished:
        must_say(
            command.reason,
            f"还有整改没有完成：{'、'.join(unfinished)}；确要办结请写明原因（reason）",
            f"rectification is unfinished: {', '.join(unfinished)}; to close all the same give a"
            " reason",
        )
    return [CaseClosed(unfinished=unfinished, reason=command.reason)]


def request_reopening(command: RequestReopening, case: Case) -> list[CaseEvent]:
    """Ask for a closed case to be opened again."""
    must_be(case, "closed")
    if case.reopening is not None:
        raise CommandRefused(
            "reopening-requested",
            f"{case.reopening[1]} 已申请重启；请由另一账号同意（reopen）",
            f"{case.reopening[1]} has asked for it already; another account must agree (reopen)",
        )
    return [ReopeningRequested(reason=command.reason)]


def reopen_case(command: ReopenCase, case: Case, by: Actor) -> list[CaseEvent]:
    """Agree to a reopening; whoever asked for it cannot."""
    must_be(case, "closed")
    if case.reopening is None:
        raise CommandRefused(
            "no-reopening-requested",
            "还没有人申请重启；请先申请（request-reopening）并写明原因",
            "nobody has asked for a reopening; first request it with a reason (request-reopening)",
        )
    version, asked_by = case.reopening
    if asked_by == by.account:
        raise CommandRefused(
            "own-request",
            f"{by.account} 不能同意自己的申请；请由另一账号同意",
            f"{by.account} cannot agree to a request of their own; another account must",
        )
    return [CaseReopened(request=version, note=command.note)]


def issue_dossier(command: IssueDossier, case: Case, editions: Editions) -> list[CaseEvent]:
    """Record a dossier, at any stage; it covers everything that stands before it."""
    must_exist(case)
    if command.indicator is not None:
        row_of(pinned_rubric(case, editions), command.indicator)
    return [
        DossierIssued(
            covers=case.version,
            indicator=command.indicator,
            purpose=command.purpose,
            enclosures=command.enclosures,
        )
    ]
