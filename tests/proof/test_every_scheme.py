"""What anybody finds of an act that its author did not sign like that, in every way of signing.

Each lie is told by whoever runs the log: its links, ends and signatures of the log all fit. It is
found by the rules (`verify`), by both programs for strangers and the page for any browser, by the
one in Go that shares no code with ours, and by somebody who has read the format document only.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from shutil import which
from typing import Final

import pytest

from ledger import sm2_certificate
from ledger.account_registry import RegisterOverTime
from ledger.checks.every_stream import violations
from ledger.codec import canonical, decode
from ledger.envelope import REGISTER, RecordedEvent
from ledger.log.tree import leaf_hash
from projections.signed_commands import count_signed
from tests.support import format_only, small_dossier
from tests.support.lying_log import Entries, linked, the
from tests.support.signed_story import ADMIN, LEAD, Person, signed_log
from tests.support.signing_house import OF_SIGNATURES
from tests.support.sm2_people import Sm2Person, new_key
from tests.support.small_case import CASE
from tests.support.specification import editions
from tests.support.ssh_people import CURVE, EDWARDS, IN_A_FILE, ON_A_CURVE, TOUCHED
from tests.support.stranger import strangers
from tests.support.strangers_in_go import Verifier, published

pytestmark = pytest.mark.slow

Lie = Callable[[Entries], object]

VKEY: Final = str(small_dossier.KEY.public)
SM2: Final = Sm2Person(new_key())
PEOPLE: Final[dict[str, Person]] = {
    "passkey": LEAD,
    "ssh ed25519": IN_A_FILE,
    "ssh ecdsa": ON_A_CURVE,
    "ssh security key": TOUCHED,
    "sm2": SM2,
}
ACT: Final = "AdjustmentCountersigned"


@cache
def log_of(who: str) -> tuple[bytes, ...]:
    """A log in which the lead signs like that."""
    return signed_log(PEOPLE[who])


def altered(entries: Entries) -> None:
    the(entries, ACT, "lead")["data"]["indicator"] = "plan"


def back_dated(entries: Entries) -> None:
    the(entries, ACT, "lead")["dated"] = "2024-12-30"


def given_to_somebody_else(entries: Entries) -> None:
    the(entries, ACT, "lead")["by"] = the(entries, "ScoreAdjusted")["by"]


def in_another_case(entries: Entries) -> None:
    for entry in entries:
        if entry["case"] == CASE:
            entry["case"] = "other-2023"


def once_more(entries: Entries) -> None:
    """The same act as if its author had done it again."""
    act = the(entries, ACT, "lead")
    again = json.loads(json.dumps(act))
    again["command"]["id"] = "again"
    entries.insert(entries.index(act) + 1, again)


def signed_by(person: Person) -> Lie:
    """Signed in another way, or by another, under the name of the lead's key."""

    def lie(entries: Entries) -> None:
        act = the(entries, ACT, "lead")
        text = format_only.text_of([act], leaf_hash(canonical(entries[0])).hex())
        act["signed"]["value"] = b64encode(person.value(text)).decode()

    return lie


def of_another_scheme(entries: Entries) -> None:
    the(entries, ACT, "lead")["signed"]["scheme"] = "ed25519"


def after_its_retirement(entries: Entries) -> None:
    enrolled = the(entries, "AccountKeyCountersigned", "admin")
    retired = json.loads(json.dumps(the(entries, "AccountKeyRetired", "admin")))
    retired["command"]["id"] = "retired"
    retired["data"] |= {"account": "lead", "fingerprint": enrolled["data"]["fingerprint"]}
    entries.insert(entries.index(enrolled) + 1, retired)


def enrolled_by_another(entries: Entries) -> None:
    """The operator enrols a key of the lead's that the lead does not hold."""
    enrolment = the(entries, "AccountKeyEnrolled", "lead")
    enrolment["signed"]["value"] = b64encode(bytes(64)).decode()


EVERYBODY: Final[dict[str, Lie]] = {
    "altered": altered,
    "back-dated": back_dated,
    "given to somebody else": given_to_somebody_else,
    "replayed in another case": in_another_case,
    "replayed in its own": once_more,
    "said to be of another scheme": of_another_scheme,
    "after its key was retired": after_its_retirement,
    "a key that its owner does not hold": enrolled_by_another,
}
FILE, CURVED, TOUCH = "ssh ed25519", "ssh ecdsa", "ssh security key"
SSH: Final[dict[str, tuple[str, Lie]]] = {
    "made up by the operator": (FILE, signed_by(IN_A_FILE.lying(secret=CURVE))),
    "made up under the name of the key": (
        CURVED,
        signed_by(ON_A_CURVE.lying(secret=EDWARDS, claimed=ON_A_CURVE.public)),
    ),
    "signed for another purpose": (FILE, signed_by(IN_A_FILE.lying(namespace=b"git"))),
    "something reserved": (FILE, signed_by(IN_A_FILE.lying(reserved=b"x"))),
    "another text": (CURVED, signed_by(ON_A_CURVE.lying(asked="else"))),
    "another version": (FILE, signed_by(IN_A_FILE.lying(version=2))),
    "an unusual hash": (FILE, signed_by(IN_A_FILE.lying(hash="sha1"))),
    "said to be of another kind": (FILE, signed_by(IN_A_FILE.lying(kind_stated=b"ssh-rsa"))),
    "something behind it": (FILE, signed_by(IN_A_FILE.lying(behind=b"\0"))),
    "something behind two numbers": (CURVED, signed_by(ON_A_CURVE.lying(behind=b"\0"))),
    "something behind the whole": (
        FILE,
        signed_by(IN_A_FILE.lying(whole=lambda value: value + b"\0")),
    ),
    "cut short": (FILE, signed_by(IN_A_FILE.lying(whole=lambda value: value[:-1]))),
    "a security key that nobody touched": (TOUCH, signed_by(TOUCHED.lying(flags=0))),
    "a security key for logins": (
        TOUCH,
        signed_by(TOUCHED.lying(application=b"ssh:logins", claimed=TOUCHED.public)),
    ),
}
CERTIFIED: Final[dict[str, Lie]] = {
    "made up by the operator": signed_by(SM2.lying(secret=new_key())),
    "another text": signed_by(SM2.lying(asked="else")),
    "under another id": signed_by(SM2.lying(id="somebody else")),
    "with another digest": signed_by(SM2.lying(secret=new_key("prime256v1"), digest="sha256")),
    "cut short": signed_by(SM2.lying(whole=lambda value: value[:-1])),
    "something behind it": signed_by(SM2.lying(whole=lambda value: value + b"\0")),
}
LIES: Final = {
    **{f"{who}: {how}": (who, EVERYBODY[how]) for who in PEOPLE for how in EVERYBODY},
    **{f"ssh: {how}": lie for how, lie in SSH.items()},
    **{f"sm2: {how}": ("sm2", lie) for how, lie in CERTIFIED.items()},
}


def found_by_the_rules(log: list[bytes]) -> set[str]:
    """What a replay finds of signatures (`verify`)."""
    streams: dict[str, list[RecordedEvent]] = {}
    for position, entry in enumerate(log):
        event = decode(entry, position=position)
        streams.setdefault(event.case, []).append(event)
    register = RegisterOverTime(streams[REGISTER])
    found = {
        one.rule
        for name, record in streams.items()
        for one in violations(name, record, register, editions())
    }
    return found & OF_SIGNATURES


def dossier_of(log: list[bytes], folder: Path) -> Path:
    file = folder / "signed.zip"
    file.write_bytes(small_dossier.packed(small_dossier.files(log)))
    return file


@pytest.mark.parametrize("who", PEOPLE)
def test_what_is_signed_holds_for_everybody(who: str, tmp_path: Path, goverify: Verifier) -> None:
    log = list(log_of(who))
    in_go = 10 if who == "sm2" else 12

    assert found_by_the_rules(log) == set()
    assert format_only.findings(log) == []
    said = strangers(dossier_of(log, tmp_path), VKEY)
    assert said.code == 0, said.out
    assert "signed by their authors: 12 of " in said.out
    audited = goverify(published(tmp_path / "log", log), tmp_path / "log", "-authors")
    assert audited.returncode == 0, audited.stdout
    assert f"signed by their authors: {in_go} of " in audited.stdout
    assert ("NOT CHECKED: the signatures of 2 acts" in audited.stdout) == (who == "sm2")


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_found_by_everybody(name: str, tmp_path: Path, goverify: Verifier) -> None:
    who, lie = LIES[name]
    entries = [json.loads(entry) for entry in log_of(who)]
    lie(entries)
    log = linked(entries)

    assert found_by_the_rules(log)
    assert format_only.findings(log)
    said = strangers(dossier_of(log, tmp_path), VKEY, page=who != "sm2")
    assert said.code == 3
    audited = goverify(published(tmp_path / "log", log), tmp_path / "log", "-authors")
    if who != "sm2":
        assert audited.returncode == 3, audited.stdout
    else:
        assert audited.returncode == 3 or "NOT CHECKED: the signatures of" in audited.stdout


@pytest.mark.parametrize(
    ("begins", "ends"), [("261122000000Z", "301231235959Z"), ("200101000000Z", "261121000000Z")]
)
def test_a_certificate_that_was_not_valid_then_is_found(
    begins: str, ends: str, tmp_path: Path
) -> None:
    """The operator records what a certificate has signed that is out of date, or not begun."""
    entries = [json.loads(entry) for entry in log_of("sm2")]
    lead = Sm2Person(SM2.secret, begins=begins, ends=ends)
    origin = leaf_hash(canonical(entries[0])).hex()
    enrolment = the(entries, "AccountKeyEnrolled", "lead")
    enrolment["data"]["public"] = b64encode(lead.public).decode()
    countersigned = the(entries, "AccountKeyCountersigned", "admin")
    countersigned["data"]["fingerprint"] = lead.key
    by_admin = ADMIN.sign(format_only.text_of([countersigned], origin)).value
    countersigned["signed"]["value"] = b64encode(by_admin).decode()
    for act in (enrolment, the(entries, ACT, "lead")):
        value = b64encode(lead.value(format_only.text_of([act], origin))).decode()
        act["signed"] |= {"key": lead.key, "value": value}
    log = linked(entries)

    assert "author-key" in found_by_the_rules(log)
    assert format_only.findings(log)
    said = strangers(dossier_of(log, tmp_path), VKEY, page=False)
    assert (said.code, "not valid then" in said.out) == (3, True)


def test_where_nothing_verifies_sm2_it_is_reported_and_never_as_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = list(log_of("sm2"))
    monkeypatch.setattr("ledger.sm2_certificate.PROGRAM", "no-such-program")
    sm2_certificate.can_verify.cache_clear()
    try:
        assert found_by_the_rules(log) == set()
        acts = count_signed([decode(entry, position=at) for at, entry in enumerate(log)])
        assert (acts.signed, acts.unchecked) == (10, 2)
        assert "2 more have signatures that were NOT CHECKED" in acts.words.en
    finally:
        monkeypatch.undo()
        sm2_certificate.can_verify.cache_clear()


def test_strangers_whose_openssl_does_not_know_sm2_are_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = dossier_of(list(log_of("sm2")), tmp_path)
    older = tmp_path / "openssl"
    older.write_text(
        f'#!/bin/sh\ncase $1 in list|x509|dgst) exit 1; esac\nexec {which("openssl")} "$@"\n'
    )
    older.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    said = strangers(file, VKEY, page=False)

    assert said.code == 0, said.out
    assert "signed by their authors: 10 of " in said.out
    assert "\nNOT CHECKED: 2 signatures of SM2" in said.out


def test_go_looks_at_signatures_where_it_is_asked_to(tmp_path: Path, goverify: Verifier) -> None:
    entries = [json.loads(entry) for entry in log_of("ssh ed25519")]
    altered(entries)
    vkey = published(tmp_path / "log", linked(entries))

    assert goverify(vkey, tmp_path / "log").returncode == 0, "the log itself holds"
    assert "has not signed that" in goverify(vkey, tmp_path / "log", "-authors").stdout


def test_go_demands_signatures_as_the_register_does(tmp_path: Path, goverify: Verifier) -> None:
    entries = [json.loads(entry) for entry in log_of("ssh ed25519")]
    demand = the(entries, "SignaturesDemanded", "admin")
    demand["data"] |= {"since": "2026-11-22", "only": CASE}
    # The author of the demand has signed it anew; then an act has lost its signature.
    text = format_only.text_of([demand], leaf_hash(canonical(entries[0])).hex())
    if "signed" in demand:
        demand["signed"]["value"] = b64encode(text.encode()).decode()
    last = the(entries, ACT, "lead")
    del last["signed"]
    last["at"] = "2026-11-21T16:00:00.000000Z"
    vkey = published(tmp_path / "log", linked(entries))

    assert "not signed by its author" in goverify(vkey, tmp_path / "log", "-authors").stdout
