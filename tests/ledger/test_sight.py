"""Who sees which events of a case, at each of its stages."""

from collections.abc import Mapping

import pytest

from ledger.account_registry import Account
from ledger.case import History
from ledger.events import Role
from ledger.ledger import Ledger
from ledger.sight import PARTS, Part, in_own_numbers, parts_in, visible_to
from ledger.store import Store
from tests.support.places import Place
from tests.support.terminal import CASE

STAGES = ("opened", "claimed", "submitted", "reviewed", "issued")
TOLD = {"issued"}
"""Stages by which the unit has been told what the agency found."""


def record_of(place: Place) -> History:
    with Store.open(place.owner) as store:
        return Ledger(store).history(CASE)


def someone(role: Role, organisation: str) -> Account:
    return Account(id="somebody", organisation=organisation, roles={role})


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("role", "organisation", "sees"),
    [
        ("unit", "zhanjiang-amr", "own"),
        ("unit", "another-unit", "nothing"),
        ("reviewer", "guangzhou-xianghe", "all"),
        ("lead-reviewer", "guangzhou-xianghe", "all"),
        ("reviewer", "another-agency", "nothing"),
        ("bureau", "zhanjiang-finance", "all"),
        ("bureau", "another-bureau", "nothing"),
        ("auditor", "audit-office", "all"),
        ("administrator", "zhanjiang-finance", "nothing"),
    ],
)
def test_what_an_account_sees_of_a_case(
    built: Mapping[str, Place], stage: str, role: Role, organisation: str, sees: str
) -> None:
    record = record_of(built[stage])
    parts = parts_in(someone(role, organisation), record.case)
    seen = in_own_numbers(visible_to(parts, record))
    by_agency = [each for each in record if PARTS.get(each.by.role) == "agency"]
    if sees == "nothing":
        assert not seen
    elif sees == "all" or stage in TOLD:
        assert seen == record
    else:
        assert list(seen) == [each for each in record if each not in by_agency]
    if stage == "reviewed":
        assert by_agency


def test_an_account_with_two_parts_sees_what_either_sees(built: Mapping[str, Place]) -> None:
    record = record_of(built["reviewed"])
    both = Account(id="both", organisation="zhanjiang-amr", roles={"unit", "auditor"})
    assert in_own_numbers(visible_to(parts_in(both, record.case), record)) == record


@pytest.mark.parametrize("part", ["unit", "agency", "bureau", "auditor"])
def test_nobody_sees_what_is_not_recorded(part: Part) -> None:
    assert not in_own_numbers(visible_to({part}, History()))
