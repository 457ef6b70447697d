from decimal import Decimal

import pytest

from ledger.checks import examine
from ledger.commands import (
    AdjustScore,
    AssignWork,
    CloseCase,
    Command,
    ConfirmScore,
    CountersignAdjustment,
    DeclareConflict,
    EndConflict,
    LinkAccounts,
    OpenAccount,
    RecuseAccount,
    ReopenCase,
    RequestReopening,
)
from ledger.envelope import REGISTER
from ledger.events import (
    AccountRecused,
    AccountsLinked,
    AdjustmentCountersigned,
    ConflictDeclared,
    ConflictEnded,
    WorkAssigned,
)
from ledger.ledger import CommandResult, Ledger
from tests.support.small_case import CASE, ISSUED, OPEN_CASE, SUBMITTED, Story, on
from tests.support.specification import Memory, editions, given, history, moment, told

DAY = "2024-09-20"
ROWS = ("plan", "service")
ASSIGN = AssignWork(account="reviewer", indicators=ROWS, reason="熟悉该单位")
RECUSE = RecuseAccount(account="reviewer", reason="曾在该单位任职")
INTEREST = DeclareConflict(account="reviewer", unit="market-bureau", reason="亲属任职")
ENDED = EndConflict(account="reviewer", unit="market-bureau", reason="亲属已离任")
SECOND = OpenAccount(account="second", organisation="review-agency", roles=("lead-reviewer",))
LINK = LinkAccounts(account="reviewer", also="second", reason="同一人")
ADJUST = AdjustScore(
    indicator="service", award=Decimal(25), justification="有投诉", ground="投诉集中"
)
CONFIRM = ConfirmScore(indicator="plan")
SIGN = CountersignAdjustment(indicator="service")
AWARDED = SUBMITTED + on(DAY, ("reviewer", ADJUST))
TWO_ACCOUNTS: Story = on("2024-01-02", ("admin", SECOND), ("admin", LINK))


def test_the_lead_assigns_rows_or_all_of_the_case() -> None:
    given(SUBMITTED).when(ASSIGN, by="lead").then(
        WorkAssigned(account="reviewer", indicators=ROWS, reason="熟悉该单位")
    )
    whole = AssignWork(account="lead", reason="人手不足")
    given(SUBMITTED).when(whole, by="lead").then(
        WorkAssigned(account="lead", indicators=(), reason="人手不足")
    )


@pytest.mark.parametrize("account", ["reviewer", "clerk", "filer", "auditor"])
def test_nobody_else_assigns(account: str) -> None:
    given(SUBMITTED).when(ASSIGN, by=account).then_refused("role", "核查负责人")


@pytest.mark.parametrize("account", ["filer", "clerk", "other-reviewer", "auditor"])
def test_the_review_is_assigned_to_reviewers_of_the_agency(account: str) -> None:
    assign = AssignWork(account=account, reason="人手不足")
    given(SUBMITTED).when(assign, by="lead").then_refused("not-a-reviewer", account)


def test_there_are_the_account_and_the_rows() -> None:
    nobody = AssignWork(account="nobody", reason="人手不足")
    given(SUBMITTED).when(nobody, by="lead").then_refused("unknown-account", "nobody")
    nothing = AssignWork(account="reviewer", indicators=("nothing",), reason="人手不足")
    given(SUBMITTED).when(nothing, by="lead").then_refused("unknown-indicator", "nothing")


def test_what_is_assigned_is_not_assigned_again_but_to_somebody_else() -> None:
    assigned = SUBMITTED + on(DAY, ("lead", ASSIGN))
    again = AssignWork(account="reviewer", indicators=("plan",), reason="再分一次")
    given(assigned).when(again, by="lead").then_refused("assigned-already", "reviewer")
    other = AssignWork(account="lead", indicators=("plan",), reason="换人")
    given(assigned).when(other, by="lead").then(
        WorkAssigned(account="lead", indicators=("plan",), reason="换人")
    )


def test_a_row_goes_before_the_case_and_who_is_recused_has_neither() -> None:
    whole = AssignWork(account="lead", reason="总负责")
    assigned = SUBMITTED + on(DAY, ("lead", whole), ("lead", ASSIGN))
    case = Ledger(Memory(told(assigned))).history(CASE).case
    assert [case.reviewer_of(row) for row in ("plan", "spending", None)] == [
        *("reviewer", "lead", "lead")
    ]
    recused = assigned + on(DAY, ("reviewer", RECUSE))
    assert Ledger(Memory(told(recused))).history(CASE).case.reviewer_of("plan") == "lead"


def test_who_is_recused_does_nothing_more_in_the_case() -> None:
    recused = SUBMITTED + on(DAY, ("reviewer", RECUSE))
    given(SUBMITTED).when(RECUSE, by="reviewer").then(
        AccountRecused(account="reviewer", reason="曾在该单位任职")
    )
    given(recused).when(CONFIRM, by="reviewer").then_refused("recused", "reviewer")
    given(recused).when(ASSIGN, by="lead").then_refused("recused", "reviewer")
    given(recused).when(RECUSE, by="lead").then_refused("recused-already", "reviewer")


@pytest.mark.parametrize("account", ["lead", "clerk"])
def test_the_lead_and_the_bureau_recuse_others(account: str) -> None:
    given(SUBMITTED).when(RECUSE, by=account).then(
        AccountRecused(account="reviewer", reason="曾在该单位任职")
    )


def test_a_reviewer_recuses_nobody_else_and_an_agency_nobody_of_the_bureau() -> None:
    lead = RecuseAccount(account="lead", reason="曾在该单位任职")
    given(SUBMITTED).when(lead, by="reviewer").then_refused("others-conflict", "lead")
    clerk = RecuseAccount(account="clerk", reason="曾在该单位任职")
    given(SUBMITTED).when(clerk, by="lead").then_refused("others-conflict", "clerk")


@pytest.mark.parametrize("account", ["reviewer", "clerk", "admin"])
def test_an_interest_in_the_unit_is_declared_once_and_keeps_out_of_its_cases(account: str) -> None:
    given(SUBMITTED).when(INTEREST, by=account).then(
        ConflictDeclared(account="reviewer", unit="market-bureau", reason="亲属任职")
    )
    declared = SUBMITTED + on(DAY, (account, INTEREST))
    given(declared).when(INTEREST, by="admin").then_refused("conflict-known", "market-bureau")
    given(declared).when(CONFIRM, by="reviewer").then_refused("recused", "reviewer")
    given(declared).when(ASSIGN, by="lead").then_refused("recused", "reviewer")


def test_who_has_an_interest_in_a_unit_opens_no_case_of_it() -> None:
    clerk = DeclareConflict(account="clerk", unit=OPEN_CASE.unit, reason="亲属任职")
    declared = on("2024-01-02", ("clerk", clerk))
    given(declared).when(OPEN_CASE, by="clerk").then_refused("recused", "clerk")
    assert _happens(declared, OPEN_CASE, "second-clerk")


def test_an_interest_ends_by_an_administrator_and_not_ones_own() -> None:
    declared = SUBMITTED + on(DAY, ("admin", INTEREST))
    given(declared).when(ENDED, by="reviewer").then_refused("role", "管理员")
    given(declared).when(ENDED, by="admin").then(
        ConflictEnded(account="reviewer", unit="market-bureau", reason="亲属已离任")
    )
    assert _happens(declared + on(DAY, ("admin", ENDED)), CONFIRM, "reviewer")
    given(SUBMITTED).when(ENDED, by="admin").then_refused("no-conflict", "market-bureau")
    own = DeclareConflict(account="admin", unit="market-bureau", reason="亲属任职")
    end = EndConflict(account="admin", unit="market-bureau", reason="亲属已离任")
    given(on(DAY, ("admin", own))).when(end, by="admin").then_refused("own-conflict", "admin")


def test_who_neither_leads_nor_keeps_the_register_declares_nobody_elses() -> None:
    lead = DeclareConflict(account="lead", unit="market-bureau", reason="亲属任职")
    given(SUBMITTED).when(lead, by="reviewer").then_refused("others-conflict", "lead")


def test_accounts_of_one_person_are_linked_once() -> None:
    second = on("2024-01-02", ("admin", SECOND))
    given(second).when(LINK, by="admin").then(
        AccountsLinked(account="reviewer", also="second", reason="同一人")
    )
    back = LinkAccounts(account="second", also="reviewer", reason="同一人")
    given(TWO_ACCOUNTS).when(back, by="admin").then_refused("accounts-linked", "second")
    itself = LinkAccounts(account="second", also="second", reason="同一人")
    given(second).when(itself, by="admin").then_refused("accounts-linked", "second")
    nobody = LinkAccounts(account="second", also="nobody", reason="同一人")
    given(second).when(nobody, by="admin").then_refused("unknown-account", "nobody")


def test_nobody_signs_their_own_award_under_another_account() -> None:
    given(TWO_ACCOUNTS + AWARDED).when(SIGN, by="second").then_refused("own-award", "second")
    given(on("2024-01-02", ("admin", SECOND)) + AWARDED).when(SIGN, by="second").then(
        AdjustmentCountersigned(indicator="service", adjustment=_version(AWARDED), note="")
    )


def test_nobody_approves_their_own_request_under_another_account() -> None:
    third = OpenAccount(account="third", organisation="finance-bureau", roles=("bureau",))
    link = LinkAccounts(account="third", also="clerk", reason="同一人")
    asked = ISSUED + on(
        "2025-07-10", ("clerk", CloseCase()), ("clerk", RequestReopening(reason="漏了"))
    )
    story = on("2024-01-02", ("admin", third), ("admin", link)) + asked
    given(story).when(ReopenCase(), by="third").then_refused("own-request", "third")
    assert _happens(story, ReopenCase(), "second-clerk")


def test_a_recusal_is_of_the_person_under_each_of_their_accounts() -> None:
    recused = TWO_ACCOUNTS + SUBMITTED + on(DAY, ("lead", RECUSE))
    given(recused).when(CONFIRM, by="second").then_refused("recused", "second")
    interest = TWO_ACCOUNTS + SUBMITTED + on(DAY, ("admin", INTEREST))
    given(interest).when(CONFIRM, by="second").then_refused("recused", "second")
    linked_later = SUBMITTED + on(DAY, ("admin", INTEREST), ("admin", SECOND), ("admin", LINK))
    given(linked_later).when(CONFIRM, by="second").then_refused("recused", "second")


@pytest.mark.parametrize("step", [("reviewer", RECUSE), ("admin", INTEREST)])
def test_what_was_done_before_is_named_by_a_check(step: tuple[str, Command]) -> None:
    story = AWARDED + on(DAY, step)
    ledger = Ledger(Memory(told(story)))
    report = examine(ledger.history(CASE), editions(), None, ledger.history(REGISTER), moment(59))
    (found,) = [one for one in report.findings if one.check == "acted-before-recusal"]
    assert found.events == (_version(AWARDED),)
    assert found.severity == "note"


def _version(story: Story) -> int:
    return history(story)[-1].version


def _happens(story: Story, command: Command, by: str) -> bool:
    return isinstance(given(story).when(command, by=by).answer, CommandResult)
