"""Signing by page: what an account does is signed with its passkey before it is recorded."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.support.desks import House, house
from tests.support.pages_signed import answered, asked, enrolled, sent
from tests.support.passkeys import EDWARDS, PRESENT, Authenticator
from tests.support.places import Place
from tests.support.signers import two_signers
from tests.support.terminal import CASE, done, entries, scoretrail

ROW: Final = "output-goals"
ADJUST: Final = f"/cases/{CASE}/acts/adjust-score"
WORDS: Final = "报告只列出其中五项的完成值，\r\n按附件一第一条计分。"
PASSKEY: Final = Authenticator()
GIVEN: Final = {"indicator": ROW, "award": "16.00", "justification": WORDS, "ground": "酌情"}


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


@pytest.fixture
def desk(pages: House) -> TestClient:
    """The reviewer's, with a countersigned passkey."""
    desk = pages.desk("agency-reviewer", "en")
    enrolled(desk, pages.desk("administrator"), "agency-reviewer", PASSKEY)
    return desk


def last(ledger: Place) -> dict[str, Any]:
    found: dict[str, Any] = entries(ledger)[-1]
    return found


def demand(ledger: Place) -> None:
    """Signatures in the case, from a day on that has come."""
    two_signers(ledger)
    words = ("account", "demand-signatures", "2024-01-01", "--only", CASE)
    done(scoretrail(ledger, "--as", "administrator", *words))


def sound(ledger: Place) -> bool:
    broken: list[object] = done(scoretrail(ledger, "verify", "--json")).json["breaks"]
    return broken == []


def test_an_act_is_shown_signed_and_recorded(desk: TestClient, submitted: Place) -> None:
    before = len(entries(submitted))
    given = GIVEN | {"key": "k1", "dated": "2024-12-30", "sign": "sign"}
    page = asked(sent(desk, ADJUST, given, PASSKEY))

    assert len(entries(submitted)) == before, "nothing is recorded before it is signed"
    assert page.text.startswith("scoretrail-command/1\n")
    answer = answered(desk, page, PASSKEY)
    assert answer.status_code == 303, answer.text
    assert last(submitted)["signed"]["scheme"] == "webauthn"
    assert last(submitted)["data"]["justification"] == WORDS.replace("\r", "")
    assert sound(submitted)


def test_where_it_is_not_demanded_it_is_offered(desk: TestClient, submitted: Place) -> None:
    text = desk.get(ADJUST).text
    assert 'name="sign"' in text
    assert "Not signed: record" in text
    assert desk.post(ADJUST, data=GIVEN | {"key": "k1"}).status_code == 303
    assert "signed" not in last(submitted)


def test_what_is_changed_after_it_was_signed_is_not_recorded(
    desk: TestClient, submitted: Place
) -> None:
    page = asked(sent(desk, ADJUST, GIVEN | {"key": "k1", "sign": "sign"}, PASSKEY))
    before = len(entries(submitted))
    answer = answered(desk, page, PASSKEY, award="17.00")
    assert answer.status_code == 422
    assert "prepare and sign it again" in answer.text
    assert 'value="17.00"' in answer.text, "what was typed is there"
    assert len(entries(submitted)) == before


@pytest.mark.parametrize(
    "other",
    [
        PASSKEY.lying(flags=PRESENT),
        PASSKEY.lying(asked="something else"),
        PASSKEY.lying(client={"origin": "https://evil.example"}),
        PASSKEY.lying(secret=EDWARDS),
    ],
    ids=["nobody recognised", "another challenge", "another page", "made up by the operator"],
)
def test_what_is_no_signature_of_the_author_records_nothing(
    desk: TestClient, submitted: Place, other: Authenticator
) -> None:
    page = asked(sent(desk, ADJUST, GIVEN | {"key": "k1", "sign": "sign"}, PASSKEY))
    before = len(entries(submitted))
    answer = answered(desk, page, other)
    assert answer.status_code in {403, 422}, answer.text
    assert len(entries(submitted)) == before


@pytest.mark.parametrize("signature", ["none", f"{PASSKEY.id} ", f"{PASSKEY.id} =", "x y z"])
def test_a_damaged_signature_is_told_and_records_nothing(
    desk: TestClient, submitted: Place, signature: str
) -> None:
    page = asked(sent(desk, ADJUST, GIVEN | {"key": "k1", "sign": "sign"}, PASSKEY))
    before = len(entries(submitted))
    answer = answered(desk, page, PASSKEY, signature=signature)
    assert answer.status_code in {400, 403, 422}
    assert "sign" in answer.text
    assert len(entries(submitted)) == before


def test_somebody_who_was_faster_is_told_of_before_and_after_signing(
    pages: House, desk: TestClient, submitted: Place
) -> None:
    seen = str(len([one for one in entries(submitted) if one["case"] == CASE]))
    given = GIVEN | {"key": "k1", "seen": seen}
    page = asked(sent(desk, ADJUST, given | {"sign": "sign"}, PASSKEY))
    other = pages.desk("agency-lead", "en")
    assert other.post(ADJUST, data=given | {"key": "k2", "award": "15.00"}).status_code == 303
    assert answered(desk, page, PASSKEY).status_code == 409
    assert sent(desk, ADJUST, given | {"sign": "sign"}, PASSKEY).status_code == 409
    assert last(submitted)["by"]["account"] == "agency-lead"


# Where signatures are demanded -------------------------------------------------------------------


BATCH: Final = f"""case = "{CASE}"
dated = 2024-12-30
[[command]]
do = "confirm-score"
indicator = "e-contracts"
[[command]]
do = "confirm-score"
indicator = "benefit-goals"
ground = "附件齐全"
"""


def uploaded(desk: TestClient) -> dict[str, str]:
    answer = desk.post("/upload", files=[("file", ("a.toml", BATCH, "application/octet-stream"))])
    (waiting,) = re.findall(r'name="upload" value="([0-9a-f]+)"', answer.text)
    return {"upload": waiting}


def in_a_table(desk: TestClient) -> Response:
    """A table as it was delivered, with all that it asks answered."""
    content = (
        "三级指标,分值,自评得分,核查得分,得扣分原因\n部门预算资金支出率,10,10.00,9.00,未达标\n"
    )
    files = {"file": ("复核表.csv", content.encode(), "application/octet-stream")}
    where = f"/cases/{CASE}/table"
    shown = desk.post(where, data={"side": "review"}, files=files)
    for pressed in ({"answers": "1", "asks-partial": "1", "partial": "on"}, {"record": "1"}):
        (upload,) = re.findall(r'name="upload" value="([0-9a-f]+)"', shown.text)
        given = {"upload": upload, "side": "review", **pressed}
        shown = desk.post(f"{where}/record", data=given)
    answer: Response = shown
    return answer


def test_every_door_refuses_what_is_not_signed(pages: House, submitted: Place) -> None:
    demand(submitted)
    before = len(entries(submitted))
    desk, bureau = pages.desk("agency-reviewer", "en"), pages.desk("bureau-officer", "en")
    api, command = f"/api/v1/cases/{CASE}", {"do": "adjust-score", **GIVEN}
    file = {"file": ("a.txt", b"a", "text/plain")}
    key = {"idempotency-key": "k1"}
    told = desk.post("/upload", files=[("file", ("a.toml", BATCH, "text/plain"))])
    answers = {
        "a form": desk.post(ADJUST, data=GIVEN),
        "a form with a file": pages.desk("unit-filer", "en").post(
            f"/cases/{CASE}/acts/file-evidence", data={"title": "x"}, files=file
        ),
        "a dossier": bureau.post(f"/cases/{CASE}/acts/issue-dossier", data={"key": "k2"}),
        "several": desk.post(f"/cases/{CASE}/confirm", data={"row": "e-contracts"}),
        "a batch": told,
        "a table": in_a_table(desk),
        "the API": desk.post(f"{api}/commands", json={"command": command}, headers=key),
        "the API, a file": pages.desk("unit-filer").post(
            f"{api}/evidence?name=a.txt", content=b"a", headers=key
        ),
        "the API, a dossier": bureau.post(f"{api}/dossiers", json={}, headers=key),
    }
    for door, answer in answers.items():
        assert answer.status_code >= 400, door
        assert "signed by its author" in answer.text or "办理人签名" in answer.text, door
    assert len(entries(submitted)) == before


def test_a_case_that_demands_signatures_is_worked_on_by_page(
    desk: TestClient, submitted: Place
) -> None:
    demand(submitted)
    before = len(entries(submitted))
    assert "Not signed" not in desk.get(ADJUST).text
    # One row, several rows, and a file of commands; all is asked for without a button for it.
    page = asked(sent(desk, ADJUST, GIVEN | {"key": "k1"}, PASSKEY))
    assert answered(desk, page, PASSKEY).status_code == 303
    rows = {"row": ["expenditure-rate", "e-contracts"], "key": "k2"}
    page = asked(sent(desk, f"/cases/{CASE}/confirm", rows, PASSKEY))
    assert page.text.startswith("scoretrail-commands/1\n2\n")
    assert answered(desk, page, PASSKEY).status_code == 303
    page = asked(sent(desk, "/upload/record", uploaded(desk), PASSKEY))
    assert answered(desk, page, PASSKEY).status_code == 200

    made = entries(submitted)[before:]
    assert all(one["signed"]["scheme"] == "webauthn" for one in made)
    assert [one["signed"].get("among", {}).get("size") for one in made] == [None, 2, 2, 2, 2]
    assert sound(submitted)


def test_a_file_is_signed_for_and_filed(pages: House, submitted: Place) -> None:
    filer, passkey = pages.desk("unit-filer", "en"), PASSKEY.lying(secret=EDWARDS)
    enrolled(filer, pages.desk("administrator"), "unit-filer", passkey)
    demand(submitted)
    file = {"file": ("a.txt", b"what was spent", "text/plain")}
    given = {"title": "支出明细", "key": "k1"}
    answer = sent(filer, f"/cases/{CASE}/acts/file-evidence", given, passkey, files=file)
    assert answered(filer, asked(answer), passkey).status_code == 303
    assert last(submitted)["data"]["evidence"]["title"] == "支出明细"
    assert sound(submitted)


def test_what_an_author_signs_does_not_show_how_much_they_do_not_see(
    pages: House, submitted: Place
) -> None:
    reviewer, filer = pages.desk("agency-reviewer", "en"), pages.desk("unit-filer", "en")
    assert reviewer.post(ADJUST, data=GIVEN | {"key": "hidden"}).status_code == 303
    passkey = PASSKEY.lying(secret=EDWARDS)
    enrolled(filer, pages.desk("administrator"), "unit-filer", passkey)
    address = f"/cases/{CASE}/acts/file-evidence"
    first = {"file": ("b.txt", b"before", "text/plain")}
    assert filer.post(address, data={"key": "k0", "title": "y"}, files=first).status_code == 303
    (seen,) = re.findall(r'name="seen" value="([0-9]+)"', filer.get(address).text)
    file = {"file": ("a.txt", b"what was spent", "text/plain")}
    given = {"title": "x", "key": "k1", "seen": seen, "sign": "sign"}
    page = asked(sent(filer, address, given, passkey, files=file))
    before = len(entries(submitted))
    assert page.text.splitlines()[6] == "-", "the true number would count what is hidden"
    assert answered(filer, page, passkey).status_code == 303
    assert len(entries(submitted)) == before + 1
    assert "seen" not in last(submitted)


def test_a_key_is_listed_with_its_life_and_retired_by_its_holder(
    pages: House, desk: TestClient
) -> None:
    text = desk.get("/account").text
    assert PASSKEY.id in text
    assert "can sign" in text
    away = f"/acts/retire-key?account=agency-reviewer&amp;fingerprint={PASSKEY.id}"
    assert away in text
    named = {"account": "agency-reviewer", "fingerprint": PASSKEY.id, "reason": "lost", "key": "k"}
    answer = desk.post("/acts/retire-key", data=named)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "retired" in desk.get("/account").text
    assert 'name="sign"' not in desk.get(ADJUST).text
    assert PASSKEY.id in pages.desk("administrator", "en").get("/register").text
