"""A case whose acts are signed by their authors, on the command line and by file."""

import json
from pathlib import Path

import pytest

from tests.support.places import Place, Places
from tests.support.stranger import strangers
from tests.support.terminal import CASE, OPENING, begun, done, entries, scoretrail

CLAIM = ("submit", "score", CASE, "e-contracts", "1.00")
BATCH = f"""
case = "{CASE}"
as = "unit-filer"
dated = 2024-07-30

[[command]]
do = "claim-score"
indicator = "e-contracts"
score = "1.00"
justification = "合同均已备案"
"""


@pytest.fixture
def house(places: Places) -> Place:
    """A case that was opened; the unit's filer has a countersigned key."""
    ledger = begun(places.ledger(), "2024-01-05")
    done(scoretrail(ledger, "--as", "administrator", "apply", str(OPENING)))
    said = done(scoretrail(ledger, "--as", "unit-filer", "account", "key", "enroll", key(ledger)))
    shown = said.out.strip()[-64:]
    listed = done(scoretrail(ledger, "account", "key", "list", "--json")).json["keys"]
    assert [(one["account"], one["key"]) for one in listed] == [("unit-filer", shown)]
    countersigning = ("account", "key", "countersign", "unit-filer", shown)
    done(scoretrail(ledger, "--as", "administrator", *countersigning))
    return ledger


def key(ledger: Place) -> str:
    return str(ledger.key.with_name("unit-filer.key"))


def test_acts_are_signed_and_anybody_can_tell(house: Place, tmp_path: Path) -> None:
    done(scoretrail(house, "--as", "unit-filer", "--author-key", key(house), *CLAIM))
    claim = entries(house)[-1]
    assert claim["signed"]["scheme"] == "ed25519"

    log = done(scoretrail(house, "log", CASE, "--json")).json["entries"]
    assert {name: log[-1]["signed"][name] for name in ("key", "scheme")} == {
        "key": claim["signed"]["key"],
        "scheme": "ed25519",
    }
    assert log[0]["signed"] is None
    vkey = done(scoretrail(house, "key", "generate", "test.example/log")).out.split()[-1]
    file = tmp_path / "dossier.zip"
    done(scoretrail(house, "--as", "bureau-officer", "dossier", "export", CASE, "-o", str(file)))
    done(scoretrail(None, "dossier", "verify", str(file), "--vkey", vkey))
    late = ("--require-signed-from", "2024-01-01")
    said = scoretrail(None, "dossier", "verify", str(file), "--vkey", vkey, *late, lang="en")
    assert (said.code, "signatures of authors are demanded" in said.err) == (3, True)
    said = done(scoretrail(None, "dossier", "verify", str(file), "--vkey", vkey, lang="en"))
    assert "signed by their authors: 2 of" in said.out
    assert claim["signed"]["key"][:12] in done(scoretrail(house, "log", CASE, lang="en")).out
    told = strangers(file, vkey)
    assert told.code == 0
    assert "signed by their authors: 2 of" in told.out
    assert done(scoretrail(house, "verify", "--json")).json["breaks"] == []


def test_what_is_carried_to_the_key_is_recorded_as_it_was_signed(
    house: Place, tmp_path: Path
) -> None:
    batch, unsigned, signed = (tmp_path / name for name in ("a.toml", "to-sign.json", "s.json"))
    batch.write_text(BATCH, encoding="utf-8")
    before = len(entries(house))
    done(scoretrail(house, "signature", "prepare", str(batch), "-o", str(unsigned)))
    signing = ("signature", "sign", str(unsigned), "--key", key(house), "--yes")
    shown = done(scoretrail(None, *signing, "-o", str(signed)))
    assert "合同均已备案" in shown.out
    assert len(entries(house)) == before, "nothing is recorded until it is submitted"
    done(scoretrail(house, "signature", "submit", str(signed)))
    assert entries(house)[-1]["signed"]["scheme"] == "ed25519"
    done(scoretrail(house, "signature", "submit", str(signed)))
    assert len(entries(house)) == before + 1, "submitted twice, recorded once"


def test_a_file_that_shows_one_thing_and_has_another_signed_is_refused(
    house: Place, tmp_path: Path
) -> None:
    batch, unsigned = tmp_path / "a.toml", tmp_path / "to-sign.json"
    batch.write_text(BATCH, encoding="utf-8")
    done(scoretrail(house, "signature", "prepare", str(batch), "-o", str(unsigned)))
    lie = json.loads(unsigned.read_text(encoding="utf-8"))
    lie["acts"][0]["events"][0]["data"]["score"] = "0.10"
    unsigned.write_text(json.dumps(lie), encoding="utf-8")
    signing = ("signature", "sign", str(unsigned), "--key", key(house), "--yes")
    said = scoretrail(None, *signing, "-o", str(tmp_path / "s.json"), lang="en")

    assert said.code == 2
    assert "Do not sign it" in said.err
    assert not (tmp_path / "s.json").exists()


def test_what_was_submitted_otherwise_than_signed_is_refused(house: Place, tmp_path: Path) -> None:
    batch, unsigned, signed = (tmp_path / name for name in ("a.toml", "to-sign.json", "s.json"))
    batch.write_text(BATCH, encoding="utf-8")
    done(scoretrail(house, "signature", "prepare", str(batch), "-o", str(unsigned)))
    signing = ("signature", "sign", str(unsigned), "--key", key(house), "--yes")
    done(scoretrail(None, *signing, "-o", str(signed)))
    before = entries(house)
    file = json.loads(signed.read_text(encoding="utf-8"))
    file["acts"][0]["command"]["command"]["score"] = "0.10"
    signed.write_text(json.dumps(file), encoding="utf-8")
    said = scoretrail(house, "signature", "submit", str(signed), lang="en")

    assert said.code == 1
    assert "does not match what would be recorded" in said.err
    assert entries(house) == before


def test_a_case_that_demands_signatures_refuses_unsigned_acts(house: Place) -> None:
    demand = ("account", "demand-signatures", "2024-01-01", "--only", CASE)
    done(scoretrail(house, "--as", "administrator", *demand))
    said = scoretrail(house, "--as", "unit-filer", *CLAIM, lang="en")
    assert said.code == 1
    assert "has to be signed by its author" in said.err
    done(scoretrail(house, "--as", "unit-filer", "--author-key", key(house), *CLAIM))
    assert done(scoretrail(house, "verify", "--json")).json["breaks"] == []


def test_the_number_of_a_person_is_asked_about_on_this_way_too(
    house: Place, tmp_path: Path
) -> None:
    batch, unsigned, signed = (tmp_path / name for name in ("a.toml", "to-sign.json", "s.json"))
    batch.write_text(BATCH.replace("均已备案", "联系人 13812345678"), encoding="utf-8")
    preparing = ("signature", "prepare", str(batch), "-o", str(unsigned))
    assert scoretrail(house, *preparing).code == 2
    assert not unsigned.exists()
    done(scoretrail(house, "--confirm-personal-number", *preparing))
    signing = ("signature", "sign", str(unsigned), "--key", key(house), "--yes")
    done(scoretrail(None, *signing, "-o", str(signed)))
    before = entries(house)
    assert scoretrail(house, "signature", "submit", str(signed)).code == 2
    assert entries(house) == before
    done(scoretrail(house, "--confirm-personal-number", "signature", "submit", str(signed)))
