"""Signatures through the API: handed in with a command, or in a file that was signed elsewhere."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from tests.support.desks import House, house
from tests.support.pages_signed import enrolled
from tests.support.passkeys import Authenticator
from tests.support.places import Place
from tests.support.terminal import CASE, done, entries, scoretrail
from tests.web.test_signing import demand, last, sound

API: Final = f"/api/v1/cases/{CASE}"
PASSKEY: Final = Authenticator()
ADJUST: Final = {
    "do": "adjust-score",
    "indicator": "output-goals",
    "award": "16.00",
    "justification": "按五项平均",
    "ground": "报告缺三项",
}
DATED: Final = "2024-12-30"
BATCH: Final = f"""
case = "{CASE}"
as = "agency-reviewer"
dated = {DATED}

[[command]]
do = "confirm-score"
indicator = "e-contracts"
"""


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


@pytest.fixture
def desk(pages: House, submitted: Place) -> TestClient:
    desk = pages.desk("agency-reviewer", "en")
    enrolled(desk, pages.desk("administrator"), "agency-reviewer", PASSKEY)
    demand(submitted)
    return desk


def sent(desk: TestClient, body: dict[str, Any], key: str, query: str = "") -> Any:  # noqa: ANN401 - an answer
    return desk.post(f"{API}/commands{query}", json=body, headers={"idempotency-key": key})


def by(passkey: Authenticator, *statements: str, shown: str = "") -> dict[str, Any]:
    value = b64encode(passkey.value(shown or statements[0])).decode()
    return {"key": passkey.id, "scheme": "webauthn", "value": value, "statements": [*statements]}


def test_what_is_to_be_signed_is_told_and_the_signature_comes_with_the_command(
    desk: TestClient, submitted: Place
) -> None:
    body = {"dated": DATED, "command": ADJUST}
    before = len(entries(submitted))
    assert sent(desk, body, "k1").json()["rule"] == "unsigned"
    told = sent(desk, body, "k1", "?rehearse=1").json()["to_sign"]
    (act,) = told["acts"]
    assert len(entries(submitted)) == before

    answer = sent(desk, body | {"signed": [by(PASSKEY, act["text"])]}, "k1")
    assert answer.status_code == 201, answer.text
    assert last(submitted)["signed"]["scheme"] == "webauthn"
    again = sent(desk, body | {"signed": [by(PASSKEY, act["text"])]}, "k1")
    assert (again.status_code, len(entries(submitted))) == (200, before + 1)
    assert sound(submitted)


@pytest.mark.parametrize(
    ("signed", "status", "rule"),
    [
        ([by(PASSKEY, "something else")], 422, "author-signature"),
        ([], 422, "unsigned"),
        ("none", 400, "form"),
        ([{"key": "x"}], 400, "form"),
        ([by(PASSKEY, "x") | {"value": "?"}], 400, "form"),
    ],
)
def test_what_is_no_signature_of_it_records_nothing(
    desk: TestClient, submitted: Place, signed: object, status: int, rule: str
) -> None:
    before = len(entries(submitted))
    answer = sent(desk, {"command": ADJUST, "signed": signed}, "k1")
    assert answer.status_code == status, answer.text
    assert len(entries(submitted)) == before
    assert rule in {answer.json()["rule"], "form"}


def test_a_file_is_handed_in_with_its_signature_in_a_header(pages: House, submitted: Place) -> None:
    filer = pages.desk("unit-filer", "en")
    enrolled(filer, pages.desk("administrator"), "unit-filer", PASSKEY)
    demand(submitted)
    where, key = f"{API}/evidence?name=a.txt&dated={DATED}", {"idempotency-key": "k1"}
    told = filer.post(f"{where}&rehearse=1", content=b"a", headers=key).json()["to_sign"]
    said = b64encode(json.dumps([by(PASSKEY, told["acts"][0]["text"])]).encode()).decode()
    answer = filer.post(where, content=b"a", headers=key | {"author-signature": said})
    assert answer.status_code == 201, answer.text
    assert last(submitted)["type"] == "EvidenceFiled"
    assert sound(submitted)


def test_what_was_signed_with_a_key_file_is_submitted(
    pages: House, submitted: Place, tmp_path: Path
) -> None:
    key, file = str(tmp_path / "reviewer.key"), tmp_path / "batch.toml"
    unsigned, signed = tmp_path / "u.json", tmp_path / "s.json"
    file.write_text(BATCH, encoding="utf-8")
    enrolling = ("--as", "agency-reviewer", "account", "key", "enroll", key)
    name = done(scoretrail(submitted, *enrolling)).out.strip()[-64:]
    countersigning = ("account", "key", "countersign", "agency-reviewer", name)
    done(scoretrail(submitted, "--as", "administrator", *countersigning))
    demand(submitted)
    done(scoretrail(submitted, "signature", "prepare", str(file), "-o", str(unsigned)))
    signing = ("signature", "sign", str(unsigned), "--key", key, "--yes", "-o", str(signed))
    desk, bureau = pages.desk("agency-reviewer", "en"), pages.desk("bureau-officer")
    before = len(entries(submitted))

    assert desk.post(f"{API}/signed", content=unsigned.read_bytes()).status_code == 400
    done(scoretrail(None, *signing))
    theirs = bureau.post(f"{API}/signed", content=signed.read_bytes())
    assert theirs.status_code >= 400, "nobody else submits it as their own"
    assert desk.post("/api/v1/signed", content=signed.read_bytes()).status_code == 400
    assert desk.post(f"{API}/signed", content=b"{}").status_code == 400
    assert len(entries(submitted)) == before
    answer = desk.post(f"{API}/signed", content=signed.read_bytes())
    assert answer.status_code == 201, answer.text
    assert desk.post(f"{API}/signed", content=signed.read_bytes()).status_code == 200
    assert last(submitted)["signed"]["key"] == name

    # And what the API prepares is what that command signs.
    told = sent(desk, {"dated": DATED, "command": ADJUST}, "k9", "?rehearse=1").json()["to_sign"]
    unsigned.write_text(json.dumps(told), encoding="utf-8")
    done(scoretrail(None, *signing))
    answer = desk.post(f"{API}/signed", content=signed.read_bytes())
    assert answer.status_code == 201, answer.text
    assert len(entries(submitted)) == before + 2
    assert sound(submitted)
