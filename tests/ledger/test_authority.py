from typing import get_args

import pytest

from ledger.account_registry import Account
from ledger.authority import MAY, authorise
from ledger.case import Case, fold
from ledger.commands import (
    AdjustScore,
    ClaimScore,
    Command,
    CommissionReview,
    DeclareConflict,
    EnrolKey,
    FileEvidence,
    IssueResult,
    OpenAccount,
    RetireKey,
    SubmitSelfEvaluation,
)
from ledger.envelope import Actor
from ledger.events import Role
from ledger.refusals import CommandRefused
from ledger.rule_editions import CURRENT
from tests.support.small_case import CUT_SERVICE, OPEN_CASE, OPENED, REPORT, SUBMITTED
from tests.support.specification import history

CASE = fold(history(SUBMITTED))
FILE = FileEvidence(evidence=REPORT)


def account(organisation: str, *roles: Role) -> Account:
    return Account(id="somebody", organisation=organisation, roles=set(roles))


def test_every_command_says_who_may_ask_for_it() -> None:
    assert set(MAY) == set(get_args(Command))
    assert all(MAY.values())


def test_an_auditor_writes_nothing_but_of_their_own_keys_and_interests() -> None:
    allowed = {command for command, roles in MAY.items() if "auditor" in roles}

    assert allowed == {EnrolKey, RetireKey, DeclareConflict}


def test_an_administrator_touches_no_case() -> None:
    """Whoever opens accounts neither claims nor scores nor issues."""
    for command in (ClaimScore, AdjustScore, IssueResult, SubmitSelfEvaluation):
        assert "administrator" not in MAY[command]


def test_who_acts_is_recorded_in_the_role_that_allows_it() -> None:
    both = account("review-agency", "unit", "lead-reviewer")

    assert authorise(CUT_SERVICE, CASE, both, CURRENT) == Actor(
        account="somebody", role="lead-reviewer", organisation="review-agency"
    )


@pytest.mark.parametrize("role", ["unit", "bureau", "auditor", "administrator"])
def test_without_the_role_the_right_organisation_does_not_help(role: Role) -> None:
    with pytest.raises(CommandRefused) as refused:
        authorise(CUT_SERVICE, CASE, account("review-agency", role), CURRENT)

    assert refused.value.rule == "role"


def test_without_the_organisation_the_right_role_does_not_help() -> None:
    with pytest.raises(CommandRefused) as refused:
        authorise(CUT_SERVICE, CASE, account("market-bureau", "reviewer", "lead-reviewer"), CURRENT)

    assert refused.value.rule == "organisation"
    assert "review-agency" in refused.value.text.en


def test_the_role_that_has_a_part_in_the_case_is_found_among_several() -> None:
    """The unit's own people may file, even if they review elsewhere."""
    both = account("finance-bureau", "reviewer", "bureau")

    assert authorise(FILE, CASE, both, CURRENT).role == "bureau"


def test_an_account_whose_last_role_was_revoked_does_nothing() -> None:
    with pytest.raises(CommandRefused) as refused:
        authorise(FILE, CASE, account("market-bureau"), CURRENT)

    assert refused.value.rule == "role"


def test_before_an_agency_is_commissioned_nobody_reviews() -> None:
    uncommissioned = fold(history(OPENED[:2]))

    with pytest.raises(CommandRefused) as refused:
        authorise(CUT_SERVICE, uncommissioned, account("review-agency", "reviewer"), CURRENT)

    assert refused.value.rule == "no-agency"
    assert "尚未委托" in refused.value.text.zh


def test_a_bureau_opens_cases_of_its_own_only() -> None:
    own = account("finance-bureau", "bureau")

    assert authorise(OPEN_CASE, Case(), own, CURRENT).role == "bureau"
    with pytest.raises(CommandRefused) as refused:
        authorise(OPEN_CASE, Case(), account("other-finance", "bureau"), CURRENT)

    assert refused.value.rule == "organisation"


def test_a_case_of_one_bureau_is_not_commissioned_by_another() -> None:
    commission = CommissionReview(agency="a", agency_name="甲")
    with pytest.raises(CommandRefused):
        authorise(commission, CASE, account("other-finance", "bureau"), CURRENT)


def test_accounts_are_the_administrators_business_wherever_it_sits() -> None:
    opening = OpenAccount(account="new", organisation="anything")

    archivist = account("archive", "administrator")

    assert authorise(opening, Case(), archivist, CURRENT).role == "administrator"
