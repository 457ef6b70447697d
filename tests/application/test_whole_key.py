"""A key of an author is called by the beginning of its digest."""

import pytest

from application.whole_key import with_whole_key
from ledger.account_registry import Account, AccountRegistry, AuthorKey
from ledger.author_key import ED25519
from ledger.values import Invalid


def register(*keys: str) -> AccountRegistry:
    enrolled = {key: AuthorKey(scheme=ED25519, public="", countersigned=True) for key in keys}
    account = Account(id="agency-reviewer", organisation="agency", keys=enrolled)
    return AccountRegistry(accounts={account.id: account})


@pytest.mark.parametrize("begun", ["abcd", "ABCD00", "abcd" + "0" * 60])
def test_a_key_is_called_by_the_beginning_of_its_digest(begun: str) -> None:
    asked = {"do": "countersign-key", "account": "agency-reviewer", "fingerprint": begun}

    whole = with_whole_key(lambda: register("abcd" + "0" * 60, "ab" + "1" * 62), asked)

    assert whole == {**asked, "fingerprint": "abcd" + "0" * 60}


def test_a_beginning_that_several_keys_have_is_asked_about() -> None:
    asked = {"account": "agency-reviewer", "fingerprint": "abcd"}

    with pytest.raises(Invalid, match="abcd") as refused:
        with_whole_key(lambda: register("abcd" + "0" * 60, "abcd" + "1" * 60), asked)

    assert refused.value.field == "fingerprint"


@pytest.mark.parametrize("begun", ["abc", "ffff", "", None, 5])
def test_what_begins_no_key_is_left_as_it_is(begun: object) -> None:
    asked = {"account": "agency-reviewer", "fingerprint": begun}

    assert with_whole_key(lambda: register("abcd" + "0" * 60), asked) == asked
    assert with_whole_key(register, {**asked, "account": "nobody"})["fingerprint"] == begun
