"""Passkeys: what holds of what they sign, and every lie about it."""

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Final

import pytest
from msgspec.structs import replace

from ledger.author_key import WEBAUTHN, is_public_key, verifies
from ledger.codec import canonical
from ledger.commands import CountersignKey, RetireKey
from ledger.passkey import Assertion, count_of, was_made
from tests.support.passkeys import ATTESTED, EDWARDS, PRESENT, RECOGNISED, Authenticator
from tests.support.signing_house import FIVE_COMPLAINTS, House, Signed
from tests.support.small_case import CUT_SERVICE, SUBMITTED
from tests.support.specification import told

TEXT: Final = "scoretrail-command/1\nwhat is signed\n"
PASSKEY: Final = Authenticator()
STOLEN: Final = Authenticator(secret=EDWARDS)


@pytest.mark.parametrize("passkey", [PASSKEY, STOLEN], ids=["P-256", "Ed25519"])
def test_a_passkey_has_signed_what_it_was_asked_for_and_nothing_else(
    passkey: Authenticator,
) -> None:
    value = passkey.value(TEXT)

    assert verifies(WEBAUTHN, passkey.public, TEXT, value)
    assert not verifies("webauthn", passkey.public, TEXT + " ", value)
    assert bytes(Assertion.parse(value) or b"") == value


def test_an_answer_may_be_empty_in_all_its_parts() -> None:
    assert Assertion.parse(bytes(4)) == Assertion(b"", b"", b"")


LIES: Final = {
    "another challenge": PASSKEY.lying(asked="something else"),
    "another origin": PASSKEY.lying(client={"origin": "https://reviews.example.evil.example"}),
    "another port": PASSKEY.lying(client={"origin": "https://reviews.example:444"}),
    "in a frame of elsewhere": PASSKEY.lying(client={"crossOrigin": True}),
    "another site": PASSKEY.lying(site="evil.example"),
    "another ceremony": PASSKEY.lying(client={"type": "webauthn.create"}),
    "nobody was there": PASSKEY.lying(flags=RECOGNISED),
    "nobody was recognised": PASSKEY.lying(flags=PRESENT),
    "another key": PASSKEY.lying(secret=EDWARDS),
    "a challenge that is padded": PASSKEY.lying(client={"challenge": "="}),
    "a challenge that is none": PASSKEY.lying(client={"challenge": None}),
    "a statement cut short": PASSKEY.lying(states=lambda stated: stated[:-1]),
}


@pytest.mark.parametrize("name", LIES)
def test_what_does_not_hold_is_no_signature(name: str) -> None:
    assert not verifies("webauthn", PASSKEY.public, TEXT, LIES[name].value(TEXT))


def test_every_bit_of_a_signature_counts() -> None:
    value = PASSKEY.value(TEXT)
    for at in range(len(value)):
        altered = bytearray(value)
        altered[at] ^= 1
        assert not verifies("webauthn", PASSKEY.public, TEXT, bytes(altered)), at


@pytest.mark.parametrize("size", [0, 1, 2, 30, 38, 40, 60])
def test_a_signature_that_is_cut_short_is_none(size: int) -> None:
    assert not verifies("webauthn", PASSKEY.public, TEXT, PASSKEY.value(TEXT)[:size])


def without_its_end(what: dict[str, str]) -> dict[str, str]:
    return what | {"key": b64encode(PASSKEY.der[:-1]).decode()}


OTHER_FORMS: Final[dict[str, Callable[[dict[str, str]], bytes]]] = {
    "not canonical": lambda what: json.dumps(what).encode(),
    "a key more": lambda what: canonical(what | {"more": "x"}),
    "a key less": lambda what: canonical({name: what[name] for name in ("key", "origin", "rp")}),
    "another site than that of its pages": lambda what: canonical(what | {"rp": "evil.example"}),
    "the end of a name": lambda what: canonical(what | {"rp": "iews.example"}),
    "no site": lambda what: canonical(what | {"rp": ""}),
    "no site of pages whose name ends in a dot": lambda what: canonical(
        what | {"origin": what["origin"] + ".", "rp": ""}
    ),
    "pages that anybody can alter on their way": lambda what: canonical(
        what | {"origin": "http://reviews.example"}
    ),
    "an address of a page": lambda what: canonical(what | {"origin": what["origin"] + "/a"}),
    "a credential without a name": lambda what: canonical(what | {"credential": ""}),
    "a credential that is not base64": lambda what: canonical(
        what | {"credential": "!" + what["credential"]}
    ),
    "a key that is not base64": lambda what: canonical(what | {"key": "!" + what["key"]}),
    "cut short": lambda what: canonical(without_its_end(what)),
    "no point of the curve": lambda what: canonical(
        what | {"key": b64encode(PASSKEY.der[:-1] + b"\0").decode()}
    ),
    "for which anybody signs": lambda what: canonical(
        what | {"key": b64encode(STOLEN.der[:12] + bytes(32)).decode()}
    ),
    "no JSON": lambda _: b"\xff",
}


@pytest.mark.parametrize("name", OTHER_FORMS)
def test_what_cannot_verify_is_no_key(name: str) -> None:
    assert is_public_key("webauthn", PASSKEY.public)
    assert not is_public_key("webauthn", OTHER_FORMS[name](json.loads(PASSKEY.public)))


def test_a_domain_above_that_of_the_pages_is_a_site_of_theirs() -> None:
    assert is_public_key("webauthn", PASSKEY.lying(made_for="example").public)


def test_a_computer_is_a_site_for_itself() -> None:
    here = PASSKEY.lying(origin="http://localhost:8000", made_for="localhost", site="localhost")
    assert verifies(WEBAUTHN, here.public, TEXT, here.value(TEXT))


# Made anew ---------------------------------------------------------------------------------------


def test_a_passkey_is_made_for_what_was_asked_and_counts_its_uses() -> None:
    authenticator, client = PASSKEY.lying(count=0x01020304).made(TEXT)

    assert was_made(PASSKEY.public, TEXT, authenticator, client)
    assert not was_made(PASSKEY.public, TEXT + " ", authenticator, client)
    assert not was_made(b"no passkey", TEXT, authenticator, client)
    assert count_of(authenticator) == 0x01020304


def test_a_statement_that_names_no_new_key_or_another_one_makes_none() -> None:
    authenticator, client = PASSKEY.made(TEXT)
    flags = authenticator[32] & ~ATTESTED
    of_none = authenticator[:32] + bytes([flags]) + authenticator[33:]
    of_another, _ = STOLEN.made(TEXT)

    assert not was_made(PASSKEY.public, TEXT, of_none, client)
    assert not was_made(PASSKEY.public, TEXT, of_another, client)
    assert not was_made(PASSKEY.public, TEXT, authenticator[:-1], client)


# In a ledger -------------------------------------------------------------------------------------


@pytest.fixture
def house() -> House:
    house = House(Signed(told(SUBMITTED)))
    house.act("reviewer", PASSKEY.enrolment("reviewer"), PASSKEY)
    house.act("admin", CountersignKey(account="reviewer", fingerprint=PASSKEY.id))
    return house


def test_an_act_is_signed_with_a_passkey_until_it_is_retired(house: House) -> None:
    (award,) = house.act("reviewer", FIVE_COMPLAINTS, PASSKEY)
    retirement = RetireKey(account="reviewer", fingerprint=PASSKEY.id, reason="遗失")
    house.act("reviewer", retirement)
    house.refused("author-key", "reviewer", CUT_SERVICE, PASSKEY)

    assert award.signed
    assert award.signed.scheme == "webauthn"
    assert house.found() == house.found("register:accounts") == []


def test_a_passkey_that_did_not_sign_its_enrolment_is_refused(house: House) -> None:
    house.refused("author-key", "reviewer", STOLEN.enrolment("reviewer"), PASSKEY)
    unrecognised = STOLEN.lying(flags=PRESENT)
    house.refused("author-signature", "reviewer", STOLEN.enrolment("reviewer"), unrecognised)


def test_a_signature_of_another_key_or_scheme_is_refused(house: House) -> None:
    house.refused("author-key", "reviewer", FIVE_COMPLAINTS, STOLEN)
    mislabelled = replace(PASSKEY("whatever"), scheme="ed25519")
    house.refused("author-signature", "reviewer", FIVE_COMPLAINTS, signed=mislabelled)
