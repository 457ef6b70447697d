"""SSH keys: what holds of what they sign, and every lie about it."""

import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec.structs import replace

from ledger.author_key import SSHSIG, is_public_key, verifies
from ledger.commands import CountersignKey, RetireKey
from ledger.ssh_signature import SshSignature
from tests.support import format_only
from tests.support.signing_house import FIVE_COMPLAINTS, House, Signed
from tests.support.small_case import CUT_SERVICE, SUBMITTED
from tests.support.specification import told
from tests.support.ssh_people import (
    CURVE,
    IN_A_FILE,
    ON_A_CURVE,
    TOUCHED,
    SshPerson,
    string,
)

TEXT: Final = "scoretrail-command/1\nwhat is signed\n"
PEOPLE: Final = {"Ed25519": IN_A_FILE, "P-256": ON_A_CURVE, "a security key": TOUCHED}


@pytest.fixture(params=PEOPLE)
def person(request: pytest.FixtureRequest) -> SshPerson:
    return PEOPLE[request.param]


@pytest.mark.parametrize("hash_", ["sha256", "sha512"])
def test_a_key_has_signed_what_it_was_asked_for_and_nothing_else(
    person: SshPerson, hash_: str
) -> None:
    value = person.lying(hash=hash_).value(TEXT)

    assert verifies(SSHSIG, person.public, TEXT, value)
    assert not verifies("sshsig", person.public, TEXT + " ", value)
    assert format_only.by_sshsig(person.public, TEXT.encode(), value), "nor for ssh-keygen"


def test_every_bit_of_a_signature_counts(person: SshPerson) -> None:
    value = person.value(TEXT)
    for at in range(len(value)):
        altered = bytearray(value)
        altered[at] ^= 1
        assert not verifies("sshsig", person.public, TEXT, bytes(altered)), at


def test_a_signature_that_is_cut_short_or_goes_on_is_none(person: SshPerson) -> None:
    value = person.value(TEXT)
    for size in range(len(value)):
        assert not verifies("sshsig", person.public, TEXT, value[:size]), size
    assert not verifies("sshsig", person.public, TEXT, value + b"\0")
    assert not verifies("sshsig", person.public, TEXT, value[len(b"SSHSIG\0\0\0\1") :])


LIES: Final[dict[str, dict[str, Any]]] = {
    "another text": {"asked": "something else"},
    "for another purpose": {"namespace": b"git"},
    "for no purpose": {"namespace": b""},
    "something reserved": {"reserved": b"x"},
    "a hash that is not used": {"hash": "sha1"},
    "another version": {"version": 2},
    "another key": {"secret": SshPerson(secret=CURVE).secret, "application": None},
    "another key under this one's name": {"claimed": IN_A_FILE.public, "secret": CURVE},
    "another kind": {"kind_stated": b"ssh-rsa"},
    "something behind it": {"behind": b"\0"},
}


@pytest.mark.parametrize("name", LIES)
def test_what_does_not_hold_is_no_signature(name: str) -> None:
    assert not verifies("sshsig", IN_A_FILE.public, TEXT, IN_A_FILE.lying(**LIES[name]).value(TEXT))


def test_a_security_key_that_nobody_has_touched_signs_nothing() -> None:
    assert not verifies("sshsig", TOUCHED.public, TEXT, TOUCHED.lying(flags=4).value(TEXT))
    assert not verifies("sshsig", TOUCHED.public, TEXT, TOUCHED.lying(behind=b"\0").value(TEXT))
    in_a_file = IN_A_FILE.lying(kind_stated=TOUCHED.kind, claimed=TOUCHED.public)
    assert not verifies("sshsig", TOUCHED.public, TEXT, in_a_file.value(TEXT))
    for_logins = TOUCHED.lying(application=b"ssh:logins", claimed=TOUCHED.public)
    assert not verifies("sshsig", TOUCHED.public, TEXT, for_logins.value(TEXT))


def test_two_numbers_on_a_curve_and_no_third() -> None:
    parts = SshSignature.parse(ON_A_CURVE.value(TEXT))
    assert parts
    end = len(string(b"ecdsa-sha2-nistp256"))
    numbers = parts.signature[end + 4 :]
    longer = parts.signature[:end] + string(numbers + string(b"\1"))
    assert not verifies(
        "sshsig", ON_A_CURVE.public, TEXT, written(parts._replace(signature=longer))
    )
    nothing = parts.signature[:end] + string(b"")
    assert not verifies(
        "sshsig", ON_A_CURVE.public, TEXT, written(parts._replace(signature=nothing))
    )


def written(parts: SshSignature) -> bytes:
    return b"SSHSIG\0\0\0\1" + b"".join(map(string, parts))


RAW: Final = IN_A_FILE.public[-32:]
NO_KEYS: Final = {
    "of another kind": string(b"ssh-rsa") + string(b"\1\0\1") + string(RAW * 8),
    "of another kind, of as many bytes": string(b"ssh-ed448") + string(RAW),
    "a kind alone": string(b"ssh-rsa"),
    "without its bytes": string(b"ssh-ed25519"),
    "cut short": IN_A_FILE.public[:-1],
    "too long": string(b"ssh-ed25519") + string(RAW + b"\0"),
    "with something behind it": IN_A_FILE.public + b"\0",
    "for which anybody signs": string(b"ssh-ed25519") + string(bytes(32)),
    "on another curve": ON_A_CURVE.public.replace(b"nistp256", b"nistp384"),
    "no point of its curve": ON_A_CURVE.public[:-1] + bytes([ON_A_CURVE.public[-1] ^ 1]),
    "the line of a file": b"ssh-ed25519 " + b64encode(IN_A_FILE.public),
    "nothing": b"",
}


@pytest.mark.parametrize("name", NO_KEYS)
def test_what_cannot_verify_is_no_key(name: str) -> None:
    assert not is_public_key("sshsig", NO_KEYS[name])


def test_these_are_keys(person: SshPerson) -> None:
    assert is_public_key("sshsig", person.public)
    assert not is_public_key("ed25519", person.public)


@pytest.mark.parametrize("kind", [["-t", "ed25519"], ["-t", "ecdsa", "-b", "256"]])
def test_what_ssh_keygen_signs_is_verified(tmp_path: Path, kind: list[str]) -> None:
    file = tmp_path / "id"
    made = ["ssh-keygen", "-q", *kind, "-N", "", "-f", str(file)]
    subprocess.run(made, check=True)  # noqa: S603 - the system's own
    public = b64decode(file.with_suffix(".pub").read_text("ascii").split()[1])
    asked = ["ssh-keygen", "-Y", "sign", "-n", "scoretrail-command", "-f", str(file)]
    done = subprocess.run(asked, input=TEXT.encode(), capture_output=True, check=True)  # noqa: S603 - the same
    value = b64decode(b"".join(done.stdout.splitlines()[1:-1]))

    assert verifies("sshsig", public, TEXT, value)
    assert not verifies("sshsig", public, TEXT[:-1], value)


# In a ledger -------------------------------------------------------------------------------------


@pytest.fixture
def house() -> House:
    house = House(Signed(told(SUBMITTED)))
    house.act("reviewer", IN_A_FILE.enrolment("reviewer"), IN_A_FILE)
    house.act("admin", CountersignKey(account="reviewer", fingerprint=IN_A_FILE.id))
    return house


def test_an_act_is_signed_with_an_ssh_key_until_it_is_retired(house: House) -> None:
    (award,) = house.act("reviewer", FIVE_COMPLAINTS, IN_A_FILE)
    retirement = RetireKey(account="reviewer", fingerprint=IN_A_FILE.id, reason="更换")
    house.act("reviewer", retirement)
    house.refused("author-key", "reviewer", CUT_SERVICE, IN_A_FILE)

    assert award.signed
    assert award.signed.scheme == "sshsig"
    assert house.found() == house.found("register:accounts") == []


def test_an_ssh_key_that_did_not_sign_its_enrolment_is_refused(house: House) -> None:
    house.refused("author-key", "reviewer", ON_A_CURVE.enrolment("reviewer"), IN_A_FILE)
    for_git = ON_A_CURVE.lying(namespace=b"git")
    house.refused("author-signature", "reviewer", ON_A_CURVE.enrolment("reviewer"), for_git)


def test_a_signature_of_another_key_or_scheme_is_refused(house: House) -> None:
    house.refused("author-key", "reviewer", FIVE_COMPLAINTS, TOUCHED)
    mislabelled = replace(IN_A_FILE("whatever"), scheme="webauthn")
    house.refused("author-signature", "reviewer", FIVE_COMPLAINTS, signed=mislabelled)
