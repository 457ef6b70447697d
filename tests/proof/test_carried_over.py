"""An account that goes on from the ledger before signs with its key, for everybody alike."""

import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.log.note import SigningKey
from tests.proof.test_every_scheme import VKEY, dossier_of, found_by_the_rules
from tests.support import format_only
from tests.support.lying_log import Entries, linked, the
from tests.support.signed_story import signed_log
from tests.support.signing_house import KEY
from tests.support.ssh_people import IN_A_FILE
from tests.support.stranger import strangers
from tests.support.strangers_in_go import Verifier, published


def carried(account: str, scheme: str, public: bytes) -> dict[str, object]:
    """What an account goes on with: a role and a key."""
    key = {"scheme": scheme, "public": b64encode(public).decode()}
    return {
        "account": account,
        "organisation": "agency",
        "position": 3,
        "roles": ["lead-reviewer"],
        "keys": [key],
        "conflicts": [],
        "linked": [],
    }


LEAD = carried("lead", "sshsig", IN_A_FILE.public)


def of_lead(entries: Entries, *types: str) -> Entries:
    return [one for one in entries if one["type"] in types and one["data"]["account"] == "lead"]


def without_enrolment() -> Entries:
    """The story, in which the lead neither enrols a key nor has one countersigned."""
    entries = [json.loads(entry) for entry in signed_log(IN_A_FILE)]
    for one in of_lead(entries, "AccountKeyEnrolled", "AccountKeyCountersigned"):
        entries.remove(one)
    return entries


def carried_over() -> Entries:
    """The same, in which the lead's account goes on from the ledger before."""
    entries = without_enrolment()
    (opened,) = of_lead(entries, "AccountOpened")
    opened |= {"type": "AccountCarriedOver", "data": LEAD, "v": 1}
    (granted,) = of_lead(entries, "RoleGranted")
    entries.remove(granted)
    return entries


def test_its_signature_holds_for_everybody(tmp_path: Path, goverify: Verifier) -> None:
    log = linked(carried_over())
    assert found_by_the_rules(log) == set()
    assert format_only.findings(log) == []
    said = strangers(dossier_of(log, tmp_path), VKEY)
    assert said.code == 0, said.out
    assert "signed by their authors: 10 of " in said.out
    audited = goverify(published(tmp_path / "log", log), tmp_path / "log", "-authors")
    assert audited.returncode == 0, audited.stdout


@pytest.mark.parametrize("later", [False, True], ids=["who has none", "who has one"])
def test_an_administrator_goes_on_with_a_key_who_has_none(tmp_path: Path, *, later: bool) -> None:
    """Of who opens the ledger, the account is there before it goes on with anything."""
    entries = carried_over()
    (lead,) = of_lead(entries, "AccountCarriedOver")
    first = json.loads(json.dumps(lead | {"by": entries[0]["by"]}))
    key = SigningKey("admin", bytes(range(5, 37))).public.public
    first["data"] = carried("admin", "ed25519", key) | {"roles": ["administrator"]}
    first["command"]["id"] = "carried"
    begun = next(one for one in entries if one["data"].get("role") == "administrator")
    enrolled = the(entries, "AccountKeyCountersigned", "second")
    at = entries.index(enrolled if later else begun) + 1
    entries.insert(at, first)
    said = strangers(dossier_of(linked(entries), tmp_path), VKEY)
    assert said.code == (3 if later else 0), said.out
    assert ("gives keys to somebody who could act already" in said.out) == later


@pytest.mark.parametrize("gives", [{}, {"keys": [], "roles": []}], ids=["more", "nothing"])
def test_somebody_who_could_act_already_does_not_go_on(
    tmp_path: Path, gives: dict[str, object]
) -> None:
    entries = carried_over()
    del the(entries, "SignaturesDemanded", "admin")["data"]["accounts"]
    (lead,) = of_lead(entries, "AccountCarriedOver")
    third = json.loads(json.dumps(lead | {"command": {"id": "third", "sha256": "a" * 64}}))
    key = SigningKey("third", bytes(range(6, 38))).public.public
    third["data"] = carried("third", "ed25519", key) | gives
    entries.insert(entries.index(the(entries, "AdjustmentCountersigned", "lead")), third)
    said = strangers(dossier_of(linked(entries), tmp_path), VKEY)
    assert (said.code, "could act already" in said.out) == (3, True)


def to_somebody_who_acts() -> Entries:
    """The operator gives the lead, who has acted already, a key that an administrator holds."""
    entries = without_enrolment()
    act = the(entries, "AdjustmentCountersigned", "lead")
    again = json.loads(json.dumps(the(entries, "SignaturesDemanded", "admin")))
    again |= {"type": "AccountCarriedOver", "data": LEAD}
    again["command"]["id"] = "x"
    again.pop("signed", None)
    entries.insert(entries.index(act), again)
    return entries


def unsigned_though_demanded() -> Entries:
    """After signatures were demanded, the operator makes an account with a key up."""
    entries = to_somebody_who_acts()
    made_up = next(one for one in entries if one["type"] == "AccountCarriedOver")
    made_up["data"] = carried("made-up", "sshsig", IN_A_FILE.public)
    return entries


def by_nobody_who_may() -> Entries:
    entries = carried_over()
    next(one for one in entries if one["type"] == "AccountCarriedOver")["by"] = the(
        entries, "ScoreAdjusted"
    )["by"]
    return entries


def with_the_key_of_another() -> Entries:
    """The lead goes on with a key that the reviewer enrols, or has enrolled."""
    entries = carried_over()
    (lead,) = of_lead(entries, "AccountCarriedOver")
    entries.remove(lead)
    enrolled = the(entries, "AccountKeyCountersigned", "admin")
    lead["data"] = carried("lead", "ed25519", KEY.public.public)
    entries.insert(entries.index(enrolled) + 1, lead)
    return entries


@pytest.mark.parametrize(
    "lie",
    [to_somebody_who_acts, unsigned_though_demanded, by_nobody_who_may, with_the_key_of_another],
    ids=lambda lie: str(lie.__name__),
)
def test_a_lie_about_it_is_found_by_strangers(
    lie: Callable[[], Entries], tmp_path: Path, goverify: Verifier
) -> None:
    log = linked(lie())
    said = strangers(dossier_of(log, tmp_path), VKEY)
    assert said.code == 3, said.out
    audited = goverify(published(tmp_path / "log", log), tmp_path / "log", "-authors")
    assert audited.returncode == 3, audited.stdout
