"""Who works on a case, and who keeps out of it (分工与回避)."""

from ledger import refusals
from ledger.case import Case
from ledger.commands import AssignWork, RecuseAccount
from ledger.decide.preconditions import must_be, pinned_rubric, row_of
from ledger.editions import Editions
from ledger.events import AccountRecused, CaseEvent, WorkAssigned
from ledger.every_command import event_of


def assign_work(command: AssignWork, case: Case, editions: Editions) -> list[CaseEvent]:
    """Assign the case or rows that there are, to somebody who is not recused from it."""
    must_be(case, "open", "submitted", "draft", "issued")
    for indicator in command.indicators:
        row_of(pinned_rubric(case, editions), indicator)
    if command.account in case.recused:
        raise refusals.recused(command.account)
    if all(case.assigned.get(row) == command.account for row in command.indicators or (None,)):
        raise refusals.assigned_already(command.account)
    return [event_of(WorkAssigned, command)]


def recuse_account(command: RecuseAccount, case: Case) -> list[CaseEvent]:
    """Recuse an account, once."""
    must_be(case, "open", "submitted", "draft", "issued")
    if command.account in case.recused:
        raise refusals.recused_already(command.account)
    return [event_of(AccountRecused, command)]
