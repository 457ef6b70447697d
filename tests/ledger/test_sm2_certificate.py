"""Certificates of SM2: what is looked at of them, and every lie about what they have signed."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Final

import pytest

from ledger import sm2_certificate
from ledger.account_registry import AuthorKey
from ledger.author_key import can_verify, is_public_key, verifies
from ledger.commands import CountersignKey, RetireKey
from ledger.ledger import EnvelopeRefused
from ledger.log.tree import ProofError
from ledger.sm2_certificate import certificate_of
from tests.support.signing_house import FIVE_COMPLAINTS, House, Signed
from tests.support.sm2_people import Sm2Person, der, new_key, openssl
from tests.support.small_case import CUT_SERVICE, SUBMITTED
from tests.support.specification import told
from tests.support.ssh_people import IN_A_FILE

TEXT: Final = "scoretrail-command/1\nwhat is signed\n"


@pytest.fixture(scope="module")
def person() -> Sm2Person:
    return Sm2Person(new_key())


def test_a_key_has_signed_what_it_was_asked_for_and_nothing_else(person: Sm2Person) -> None:
    value = person.value(TEXT)

    assert can_verify("sm2-x509")
    assert verifies("sm2-x509", person.public, TEXT, value)
    assert not verifies("sm2-x509", person.public, TEXT + " ", value)


@pytest.mark.parametrize(
    "lie", ["another text", "another key", "another id", "another digest", "cut", "longer", "none"]
)
def test_what_does_not_hold_is_no_signature(person: Sm2Person, lie: str) -> None:
    liar = {
        "another text": person.lying(asked="something else"),
        "another key": person.lying(secret=new_key()),
        "another id": person.lying(id="87654321"),
        "another digest": person.lying(secret=new_key("prime256v1"), digest="sha256"),
        "cut": person.lying(whole=lambda value: value[:-1]),
        "longer": person.lying(whole=lambda value: value + b"\0"),
        "none": person.lying(whole=lambda _: b""),
    }[lie]
    assert not verifies("sm2-x509", person.public, TEXT, liar.value(TEXT))


def test_openssl_is_asked_unheard(person: Sm2Person, capfd: pytest.CaptureFixture[str]) -> None:
    text = TEXT + "unheard\n"

    assert verifies("sm2-x509", person.public, text, person.value(text))
    assert capfd.readouterr() == ("", "")


def test_what_is_looked_at_of_a_certificate(person: Sm2Person) -> None:
    more = der(0x81, b"\0", b"which of several that are called like that")
    found = certificate_of(Sm2Person(person.secret, behind_the_key=more).public)

    assert (found.subject, found.issuer) == ("CN=lead", "CN=test issuer")
    assert (found.begins, found.ends) == (
        "2026-01-01T00:00:00.000000Z",
        "2030-12-31T23:59:59.000000Z",
    )
    key = openssl("pkey", "-in", "@key", "-pubout", "-outform", "DER", key=person.secret)
    assert found.key == key
    assert found.stated() == {
        "begins": found.begins,
        "ends": found.ends,
        "subject": found.subject,
        "issuer": found.issuer,
        "serial": found.serial,
    }
    assert found.words.en.endswith(f"number {found.serial}, until 2030-12-31")


def known(scheme: str, public: bytes) -> AuthorKey:
    return AuthorKey(scheme=scheme, public=b64encode(public).decode())


@pytest.mark.parametrize(
    ("at", "is_so"),
    [
        ("2025-12-31T23:59:59.999999Z", False),
        ("2026-01-01T00:00:00.000000Z", True),
        ("2030-12-31T23:59:59.000000Z", True),
        ("2030-12-31T23:59:59.000001Z", False),
    ],
)
def test_a_certificate_is_valid_as_long_as_it_says(
    person: Sm2Person, at: str, *, is_so: bool
) -> None:
    assert known("sm2-x509", person.public).is_valid(at) == is_so


def test_other_keys_say_nothing_of_how_long_they_are_valid() -> None:
    assert known("sshsig", IN_A_FILE.public).is_valid("2030-12-31T23:59:59.000000Z")
    assert not known("sm2-x509", b"no certificate").is_valid("2026-12-31T23:59:59.000000Z")


def test_what_is_no_certificate_of_sm2_is_no_key(person: Sm2Person) -> None:
    assert is_public_key("sm2-x509", person.public)
    other = openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout")
    of_another_curve = Sm2Person(other, digest="sha256")
    key = certificate_of(person.public).key
    of_bits = Sm2Person(person.secret, subject="\0lead").public.replace(b"\x0c\5", b"\3\5")
    version_2 = person.public.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020101"))
    with_a_second_one = Sm2Person(person.secret, behind_the_key=der(0x81, b"\0", key))
    for public in (
        of_another_curve.public,
        with_a_second_one.public,
        of_bits,
        version_2,
        person.public[:-1],
        person.public + b"\0",
        b64encode(person.public),
        openssl("pkey", "-in", "@key", "-pubout", "-outform", "DER", key=person.secret),
        b"",
    ):
        assert not is_public_key("sm2-x509", public)
        with pytest.raises(ProofError):
            certificate_of(public)


# In a ledger -------------------------------------------------------------------------------------


@pytest.fixture
def house(person: Sm2Person) -> House:
    house = House(Signed(told(SUBMITTED)))
    house.act("reviewer", person.enrolment("reviewer"), person)
    house.act("admin", CountersignKey(account="reviewer", fingerprint=person.key))
    return house


def test_an_act_is_signed_with_a_certificate_until_it_is_retired(
    house: House, person: Sm2Person
) -> None:
    (award,) = house.act("reviewer", FIVE_COMPLAINTS, person)
    house.refused("author-signature", "reviewer", CUT_SERVICE, person.lying(asked="else"))
    house.act("reviewer", RetireKey(account="reviewer", fingerprint=person.key, reason="到期"))
    house.refused("author-key", "reviewer", CUT_SERVICE, person)

    assert award.signed
    assert award.signed.scheme == "sm2-x509"
    assert house.found() == house.found("register:accounts") == []


@pytest.mark.parametrize(
    ("begins", "ends"), [("261122000000Z", "301231235959Z"), ("200101000000Z", "261120000000Z")]
)
def test_a_certificate_out_of_date_enrols_nothing(house: House, begins: str, ends: str) -> None:
    late = Sm2Person(new_key(), begins=begins, ends=ends)
    house.refused("author-key", "reviewer", late.enrolment("reviewer"), late)


@pytest.fixture
def without_openssl(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer on which nothing verifies SM2."""
    monkeypatch.setattr(sm2_certificate, "PROGRAM", "no-such-program")
    sm2_certificate.can_verify.cache_clear()
    yield
    monkeypatch.undo()
    sm2_certificate.can_verify.cache_clear()


def test_what_nothing_verifies_is_not_recorded(
    house: House, person: Sm2Person, without_openssl: None
) -> None:
    del without_openssl  # from then on: the house was built where there was one
    assert not can_verify("sm2-x509")
    assert can_verify("ed25519")
    text = TEXT + "without openssl\n"
    assert not verifies("sm2-x509", person.public, text, person.value(text))
    house.refused("author-signature", "reviewer", FIVE_COMPLAINTS, person)
    with pytest.raises(EnvelopeRefused, match="no openssl here"):
        house.act("reviewer", FIVE_COMPLAINTS, person)


def test_a_program_that_takes_everything_for_a_signature_verifies_nothing(
    person: Sm2Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = person.value(TEXT)
    monkeypatch.setattr(sm2_certificate, "PROGRAM", "true")
    assert not sm2_certificate.can_verify.__wrapped__()
    assert not verifies("sm2-x509", person.public, TEXT, value + b"\0"), "it is not asked"
