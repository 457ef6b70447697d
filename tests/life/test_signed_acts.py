"""A case whose acts are signed by their authors, on the command line and by file."""

import json
import subprocess
from base64 import b64encode
from datetime import date
from pathlib import Path
from time import sleep

import pytest
from msgspec import to_builtins

from application.author_keys import AuthorsKey, read
from application.look import look
from documents.enclosures import enclosures
from ledger import sm2_certificate
from ledger.author_signature import statement_of
from ledger.codec import canonical, decode
from ledger.envelope import REGISTER
from ledger.log.tree import leaf_hash
from ledger.store import NewEntry, Store
from tests.support.desks import house as desks
from tests.support.places import Place, Places
from tests.support.signers import two_signers
from tests.support.sm2_people import Sm2Person, new_key
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

TWO = (
    BATCH
    + """
[[command]]
do = "claim-score"
indicator = "contract-filing"
score = "1.00"
justification = "按期执行"
"""
)


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
    sheet = done(scoretrail(house, "score", CASE, lang="en")).out
    assert "signed by their authors: 1 of" in sheet
    letter = tmp_path / "letter.html"
    done(scoretrail(house, "document", "result-letter", CASE, "-o", str(letter), lang="en"))
    assert "Signed by their authors: 1 of" in letter.read_text("utf-8")
    assert done(scoretrail(house, "verify", "--json")).json["breaks"] == []


def test_verifiers_demand_signatures_even_if_the_ledger_does_not(house: Place) -> None:
    """Those who run the ledger can leave the demand off as well, with everything after it."""
    done(scoretrail(house, "--as", "unit-filer", "--author-key", key(house), *CLAIM))
    assert done(scoretrail(house, "verify", "--require-signed-from", "2999-01-01")).code == 0
    for about in ((), ("--case", CASE)):
        words = (*about, "--require-signed-from", "2024-01-01", "--json")
        said = scoretrail(house, "verify", *words)
        named = {(one["kind"], one["stream"], one["version"]) for one in said.json["breaks"]}
        last = entries(house)[-1]["version"]
        assert said.code == 3
        assert ("unsigned", CASE, 1) in named
        assert ("unsigned", CASE, last) not in named
    said = scoretrail(house, "verify", "--log", "--require-signed-from", "2024-01-01", lang="en")
    assert (said.code, "drop --case and --require-signed-from" in said.err) == (2, True)


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
    said = scoretrail(house, "--as", "administrator", *demand, lang="en")
    assert (said.code, "at least 2 administrators need" in said.err) == (1, True)
    keeper = two_signers(house)
    done(scoretrail(house, "--as", "administrator", *demand))
    said = scoretrail(house, "--as", "unit-filer", *CLAIM, lang="en")
    assert said.code == 1
    assert "has to be signed by its author" in said.err
    done(scoretrail(house, "--as", "unit-filer", "--author-key", key(house), *CLAIM))
    # Nor is anybody made able to sign by an act that its author has not signed.
    grant = ("--as", "administrator", "account", "grant", "unit-filer", "auditor")
    assert scoretrail(house, *grant).code == 1
    done(scoretrail(house, "--author-key", str(keeper), *grant))
    assert done(scoretrail(house, "verify", "--json")).json["breaks"] == []


OF_THE_AGENCY = f"""
case = "{CASE}"
as = "agency-reviewer"
dated = 2024-07-30

[[command]]
do = "register-document"
document = "review-notes"
title = "核查底稿"
sha256 = "{64 * "0"}"
form = "ocr"
parts = ["一"]
"""


def test_what_is_not_signed_as_it_should_be_is_named_wherever_the_case_is_shown(
    house: Place, tmp_path: Path
) -> None:
    """Written past the program by those who run the ledger: found, and seen by everybody."""
    two_signers(house)
    notes, new = tmp_path / "notes.toml", str(house.key.with_name("new.key"))
    notes.write_text(OF_THE_AGENCY, encoding="utf-8")
    done(scoretrail(house, "apply", str(notes)))  # the unit sees nothing of it, nor its number
    filer, claim = ("--as", "unit-filer"), ("submit", "score", CASE, "contract-filing", "1.00")
    done(scoretrail(house, *filer, "--author-key", key(house), *CLAIM))
    old = read(Path(key(house)))
    retirement = ("account", "key", "retire", "unit-filer", old.id, "--reason", "更换")
    done(scoretrail(house, *filer, *retirement))
    enrolled = done(scoretrail(house, *filer, "account", "key", "enroll", new)).out.strip()[-64:]
    countersigning = ("account", "key", "countersign", "unit-filer", enrolled)
    done(scoretrail(house, "--as", "administrator", *countersigning))
    done(scoretrail(house, *filer, "--author-key", new, *claim))
    demand = ("account", "demand-signatures", "2024-01-01", "--only", CASE)
    done(scoretrail(house, "--as", "administrator", *demand))
    quiet = done(scoretrail(house, "score", CASE, lang="en")).out
    assert "signed by their authors: 2 of" in quiet
    assert ";" not in quiet.partition("signed by their authors")[2]

    forged = forge(house, old)
    named = {
        "unsigned": "signatures of authors are demanded from 2024-01-01 on, and there is none",
        "signature": "the signature of its author, unit-filer, does not match what is recorded",
        "key": f"the key of its signature, {old.id[:12]}, was not active for unit-filer then",
    }
    told = [f"{named[kind]}: v{version}" for kind, version in forged.items()]
    counted = "signed by their authors: 2 of"
    for words in (("score", CASE), ("case", "show", CASE)):
        shown = " ".join(done(scoretrail(house, *words, lang="en")).out.split())
        assert all(one in shown for one in [counted, *told]), words
    log = done(scoretrail(house, "log", CASE, "--json", lang="en")).json["entries"]
    faults = {row["version"]: row["signature_fault"] for row in log if "signature_fault" in row}
    found = {one["kind"]: (version, one["text"]) for version, one in faults.items()}
    assert found == {kind: (version, named[kind]) for kind, version in forged.items()}
    since = [row["version"] for row in log if "unsigned_since" in row]
    assert since == [forged["unsigned"]]
    shown = done(scoretrail(house, "log", CASE, "--csv", lang="en")).out
    assert [shown.count(words) for words in named.values()] == [1, 1, 1]
    for kind in ("result-letter", "score-table", "register"):
        file = tmp_path / f"{kind}.html"
        done(scoretrail(house, "document", kind, CASE, "-o", str(file), lang="en"))
        wanted = named.values() if kind == "register" else told
        assert all(words in file.read_text("utf-8") for words in wanted), kind
    with Store.open(house.owner) as store:
        inside = enclosures(look(store, CASE), date(2024, 12, 30))
    for name in ("change-log.en.html", "score-table.en.html"):
        assert all(words in inside[name].decode() for words in named.values()), name
    with desks(house, tmp_path) as pages:
        for account, hidden in (("agency-reviewer", 0), ("unit-filer", 1)):
            seen = [f"{named[kind]}: v{number - hidden}" for kind, number in forged.items()]
            for page in ("", "/log"):
                text = pages.desk(account, "en").get(f"/cases/{CASE}{page}").text
                assert all(words in text for words in seen), (account, page)
    said = scoretrail(house, "verify", "--json", lang="en").json["breaks"]
    breaks = {one["kind"]: (one["version"], one["message"]) for one in said}
    assert {kind: breaks[kind] for kind in named} == found


def forge(house: Place, dead: AuthorsKey) -> dict[str, int]:
    """Acts of the unit's filer that it never did, behind the last one, by what is wrong with them.

    Args:
        house: whose last act is signed with a key that is alive.
        dead: a key of the filer's that is not.
    """
    with Store.open(house.owner) as store:
        origin = leaf_hash(store.stream(REGISTER)[0][1]).hex()

        def written(kind: str) -> int:
            last = store.stream(CASE)[-1][1]
            number: int = json.loads(last)["version"] + 1
            made_up = {**honest, "version": number, "prev": leaf_hash(last).hex()}
            made_up["at"] = "2099-01-01T00:00:00.000000Z"
            made_up["command"] = {**honest["command"], "id": f"made-up-{kind}"}
            if kind == "key":
                text = statement_of([decode(canonical(made_up))], origin).text()
                made_up["signed"] = to_builtins(dead.sign(text))
            elif kind == "unsigned":
                del made_up["signed"]
            store.append([NewEntry(CASE, number, made_up["type"], canonical(made_up))])
            return number

        honest = json.loads(store.stream(CASE)[-1][1])
        return {kind: written(kind) for kind in ("unsigned", "signature", "key")}


# Keys of SSH --------------------------------------------------------------------------------------


@pytest.fixture
def ssh_key(tmp_path: Path) -> Path:
    """A key that an engineer has already."""
    file = tmp_path / "id_ed25519"
    made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "filer@unit", "-f", str(file)]
    subprocess.run(made, check=True)  # noqa: S603 - the system's own
    return file


@pytest.fixture
def engineer(places: Places, ssh_key: Path) -> Place:
    """A case that was opened; the unit's filer has a countersigned key of SSH."""
    ledger = begun(places.ledger(), "2024-01-05")
    done(scoretrail(ledger, "--as", "administrator", "apply", str(OPENING)))
    said = done(scoretrail(ledger, "--as", "unit-filer", "account", "key", "enroll", str(ssh_key)))
    countersigning = ("account", "key", "countersign", "unit-filer", said.out.strip()[-64:])
    done(scoretrail(ledger, "--as", "administrator", *countersigning))
    return ledger


def test_acts_are_signed_with_a_key_of_ssh(engineer: Place, ssh_key: Path, tmp_path: Path) -> None:
    done(scoretrail(engineer, "--as", "unit-filer", "--author-key", str(ssh_key), *CLAIM))
    assert entries(engineer)[-1]["signed"]["scheme"] == "sshsig"

    vkey = done(scoretrail(engineer, "key", "generate", "test.example/log")).out.split()[-1]
    file = tmp_path / "dossier.zip"
    export = ("--as", "bureau-officer", "dossier", "export", CASE, "-o", str(file))
    done(scoretrail(engineer, *export))
    said = done(scoretrail(None, "dossier", "verify", str(file), "--vkey", vkey, lang="en"))
    assert "signed by their authors: 2 of" in said.out
    assert "signed by their authors: 2 of" in strangers(file, vkey).out
    assert done(scoretrail(engineer, "verify", "--json")).json["breaks"] == []


def test_several_acts_take_one_signature(engineer: Place, ssh_key: Path, tmp_path: Path) -> None:
    batch = tmp_path / "a.toml"
    batch.write_text(TWO, encoding="utf-8")
    done(scoretrail(engineer, "--author-key", str(ssh_key), "apply", str(batch)))

    first, second = (entry["signed"] for entry in entries(engineer)[-2:])
    assert first["value"] == second["value"]
    assert [one["among"]["index"] for one in (first, second)] == [0, 1]
    assert done(scoretrail(engineer, "verify", "--json")).json["breaks"] == []


def test_a_key_in_an_agent_signs_through_its_public_file(
    engineer: Place, ssh_key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = tmp_path / "agent"
    command = ["ssh-agent", "-D", "-a", str(socket)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as agent:  # noqa: S603 - the same
        try:
            while not socket.exists():
                sleep(0.05)
            monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
            subprocess.run(["ssh-add", "-q", str(ssh_key)], check=True)  # noqa: S603, S607 - the same
            ssh_key.rename(tmp_path / "elsewhere")
            public = str(ssh_key.with_suffix(".pub"))
            done(scoretrail(engineer, "--as", "unit-filer", "--author-key", public, *CLAIM))
        finally:
            agent.terminate()
    assert entries(engineer)[-1]["signed"]["scheme"] == "sshsig"


def test_people_sign_what_was_prepared_by_ssh_keygen_themselves(
    engineer: Place, ssh_key: Path, tmp_path: Path
) -> None:
    batch, unsigned, text = (tmp_path / name for name in ("a.toml", "to-sign.json", "to-sign.txt"))
    batch.write_text(TWO, encoding="utf-8")
    before = len(entries(engineer))
    done(scoretrail(engineer, "signature", "prepare", str(batch), "-o", str(unsigned)))
    shown = done(scoretrail(None, "signature", "sign", str(unsigned), "--yes", "-o", str(text)))
    assert "合同均已备案" in shown.out
    asked = ["ssh-keygen", "-Y", "sign", "-n", "scoretrail-command", "-f", str(ssh_key), str(text)]
    subprocess.run(asked, check=True, capture_output=True)  # noqa: S603 - the system's own
    submit = ("signature", "submit", str(unsigned), "--signature", f"{text}.sig")
    done(scoretrail(engineer, *submit))
    done(scoretrail(engineer, *submit))

    assert len(entries(engineer)) == before + 2, "submitted twice, recorded once"
    assert done(scoretrail(engineer, "verify", "--json")).json["breaks"] == []
    elsewhere = scoretrail(engineer, *submit[:-1], str(batch), lang="en")
    assert (elsewhere.code, "not a signature that ssh-keygen" in elsewhere.err) == (2, True)


def test_what_is_signed_for_another_purpose_is_refused(
    engineer: Place, ssh_key: Path, tmp_path: Path
) -> None:
    batch, unsigned, text = (tmp_path / name for name in ("a.toml", "to-sign.json", "to-sign.txt"))
    batch.write_text(BATCH, encoding="utf-8")
    done(scoretrail(engineer, "signature", "prepare", str(batch), "-o", str(unsigned)))
    done(scoretrail(None, "signature", "sign", str(unsigned), "--yes", "-o", str(text)))
    asked = ["ssh-keygen", "-Y", "sign", "-n", "file", "-f", str(ssh_key), str(text)]
    subprocess.run(asked, check=True, capture_output=True)  # noqa: S603 - the system's own
    before = entries(engineer)
    submit = ("signature", "submit", str(unsigned), "--signature", f"{text}.sig")
    said = scoretrail(engineer, *submit, lang="en")

    assert (said.code, "does not match what would be recorded" in said.err) == (1, True)
    assert entries(engineer) == before


def test_a_key_of_ssh_that_cannot_sign_is_told_as_such(
    engineer: Place, ssh_key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    before = entries(engineer)
    acting = ("--as", "unit-filer", "--author-key")
    ssh_key.rename(tmp_path / "elsewhere")
    said = scoretrail(engineer, *acting, str(ssh_key.with_suffix(".pub")), *CLAIM, lang="en")
    assert (said.code, "the SSH key has not signed" in said.err) == (2, True)
    other = tmp_path / "id_rsa.pub"
    other.write_text("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 filer@unit", encoding="ascii")
    said = scoretrail(engineer, *acting, str(other), *CLAIM, lang="en")
    assert (said.code, "not an SSH key that can be used here" in said.err) == (2, True)
    monkeypatch.setattr("application.ssh_keys.PROGRAM", "no-such-program")
    said = scoretrail(engineer, *acting, str(tmp_path / "elsewhere"), *CLAIM, lang="en")
    assert (said.code, "Install OpenSSH" in said.err) == (2, True)
    assert entries(engineer) == before


def test_one_signature_is_of_one_person(engineer: Place, ssh_key: Path, tmp_path: Path) -> None:
    batch, unsigned, signed = (tmp_path / name for name in ("a.toml", "to-sign.json", "s.json"))
    batch.write_text(TWO, encoding="utf-8")
    done(scoretrail(engineer, "signature", "prepare", str(batch), "-o", str(unsigned)))
    two = json.loads(unsigned.read_text(encoding="utf-8"))
    act = two["acts"][1]
    act["command"]["by"] = "unit-lead"
    act["text"] = act["text"].replace("unit-filer", "unit-lead")
    unsigned.write_text(json.dumps(two), encoding="utf-8")
    signing = ("signature", "sign", str(unsigned), "--key", str(ssh_key), "--yes")
    said = scoretrail(None, *signing, "-o", str(signed), lang="en")

    assert (said.code, "must be of one account" in said.err) == (2, True)
    assert not signed.exists()


# Certificates of SM2 -----------------------------------------------------------------------------


@pytest.fixture
def official(places: Places, tmp_path: Path) -> tuple[Place, tuple[str, ...], Sm2Person]:
    """A case that was opened; the unit's filer has a countersigned certificate in a UKey.

    What follows is how they act, and who they are: their UKey's program is `openssl` with a key.
    """
    person, ledger = (
        Sm2Person(new_key(), subject="unit-filer"),
        begun(places.ledger(), "2024-01-05"),
    )
    key, certificate = tmp_path / "in-the-ukey.pem", tmp_path / "filer.cer"
    key.write_bytes(person.secret)
    certificate.write_bytes(person.public)
    command = f"openssl dgst -sm3 -sigopt distid:1234567812345678 -sign '{key}'"
    signing = ("--as", "unit-filer", "--author-key-command", command)
    done(scoretrail(ledger, "--as", "administrator", "apply", str(OPENING)))
    said = done(scoretrail(ledger, *signing, "account", "key", "enroll", str(certificate)))
    countersigning = ("account", "key", "countersign", "unit-filer", said.out.strip()[-64:])
    done(scoretrail(ledger, "--as", "administrator", *countersigning))
    return ledger, (*signing, "--author-key", str(certificate)), person


def test_acts_are_signed_with_a_certificate(
    official: tuple[Place, tuple[str, ...], Sm2Person], tmp_path: Path
) -> None:
    ledger, signing, person = official
    listed = done(scoretrail(ledger, "account", "key", "list", lang="en")).out
    assert "certificate of CN=unit-filer, issued by CN=test issuer" in " ".join(listed.split())
    stated = done(scoretrail(ledger, "account", "key", "list", "--json")).json["keys"][0]
    assert stated["certificate"]["ends"] == "2030-12-31T23:59:59.000000Z"
    done(scoretrail(ledger, *signing, *CLAIM))
    signed = entries(ledger)[-1]["signed"]
    assert (signed["scheme"], signed["key"]) == ("sm2-x509", person.key)

    vkey = done(scoretrail(ledger, "key", "generate", "test.example/log")).out.split()[-1]
    file = tmp_path / "dossier.zip"
    done(scoretrail(ledger, "--as", "bureau-officer", "dossier", "export", CASE, "-o", str(file)))
    said = done(scoretrail(None, "dossier", "verify", str(file), "--vkey", vkey, lang="en"))
    assert "signed by their authors: 2 of" in said.out
    assert "signed by their authors: 2 of" in strangers(file, vkey).out
    assert done(scoretrail(ledger, "verify", "--json")).json["breaks"] == []


def test_where_no_openssl_verifies_sm2_nothing_is_recorded_and_nothing_is_said_to_hold(
    official: tuple[Place, tuple[str, ...], Sm2Person],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger, signing, _ = official
    vkey = done(scoretrail(ledger, "key", "generate", "test.example/log")).out.split()[-1]
    file = tmp_path / "dossier.zip"
    done(scoretrail(ledger, "--as", "bureau-officer", "dossier", "export", CASE, "-o", str(file)))
    before = entries(ledger)
    monkeypatch.setattr("ledger.sm2_certificate.PROGRAM", "no-such-program")
    sm2_certificate.can_verify.cache_clear()
    try:
        said = scoretrail(ledger, *signing, *CLAIM, lang="en")
        assert (said.code, "no openssl here that verifies SM2" in said.err) == (1, True)
        assert entries(ledger) == before
        told = done(scoretrail(ledger, "verify", lang="en")).out
        assert "the signatures of 1 command were NOT CHECKED" in " ".join(told.split())
        checking = ("dossier", "verify", str(file), "--vkey", vkey)
        told = done(scoretrail(None, *checking, lang="en")).out
        assert "signed by their authors: 0 of" in told
        assert "1 more have signatures that were NOT CHECKED" in " ".join(told.split())
        report = done(scoretrail(None, *checking, "--json")).json
        assert (report["signed"], report["unchecked"]) == (0, 1)
    finally:
        monkeypatch.undo()
        sm2_certificate.can_verify.cache_clear()


def test_what_another_program_has_signed_with_a_certificate_is_submitted(
    official: tuple[Place, tuple[str, ...], Sm2Person], tmp_path: Path
) -> None:
    ledger, signing, person = official
    batch, unsigned, text = (tmp_path / name for name in ("a.toml", "to-sign.json", "to-sign.txt"))
    batch.write_text(TWO, encoding="utf-8")
    before = len(entries(ledger))
    done(scoretrail(ledger, "signature", "prepare", str(batch), "-o", str(unsigned)))
    done(scoretrail(None, "signature", "sign", str(unsigned), "--yes", "-o", str(text)))
    signature, certificate = tmp_path / "to-sign.sig", signing[-1]
    signature.write_bytes(b64encode(person.value(text.read_text(encoding="utf-8"))))
    submit = ("signature", "submit", str(unsigned), "--signature", str(signature))
    done(scoretrail(ledger, *submit, "--certificate", certificate))
    assert len(entries(ledger)) == before + 2
    assert scoretrail(ledger, *submit).code == 2, "it is no signature of ssh-keygen"

    signed = tmp_path / "signed.json"
    command = signing[signing.index("--author-key-command") + 1]
    again = ("--author-key-command", command, "signature", "sign", str(unsigned), "--yes")
    done(scoretrail(None, *again, "--key", certificate, "-o", str(signed)))
    assert json.loads(signed.read_text(encoding="utf-8"))["acts"][1]["signed"]["among"]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("no-such-program", "cannot be run"),
        ("'", "cannot be run"),
        ("false", "exit code 1"),
        ("echo no", "is no signature"),
        ("", "name the command that signs"),
    ],
)
def test_a_command_that_does_not_sign_is_told_as_such(
    official: tuple[Place, tuple[str, ...], Sm2Person], command: str, why: str
) -> None:
    ledger, signing, _ = official
    before = entries(ledger)
    acting = ("--as", "unit-filer", "--author-key", signing[-1], "--author-key-command", command)
    said = scoretrail(ledger, *acting, *CLAIM, lang="en")
    assert (said.code, why in said.err) == (2, True), said.err
    assert entries(ledger) == before


def test_what_is_no_certificate_of_sm2_is_told_as_such(
    official: tuple[Place, tuple[str, ...], Sm2Person], tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    other.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "ascii")
    acting = ("--as", "unit-filer", "--author-key", str(other))
    said = scoretrail(official[0], *acting, *CLAIM, lang="en")
    assert (said.code, "not a certificate of SM2" in said.err) == (2, True)


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
