"""The API: the command line's JSON, acts recorded once, problems that say where."""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from application.handle import handle
from ledger.store import Store
from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, record, scoretrail

API = f"/api/v1/cases/{CASE}"
ADJUST = {
    "do": "adjust-score",
    "indicator": "output-goals",
    "award": "16.00",
    "justification": "按五项平均",
    "ground": "报告缺三项",
}
DATED = "2024-12-30"


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


@pytest.fixture
def finished(built: Mapping[str, Place], tmp_path: Path) -> Iterator[House]:
    """The whole reference case. Nothing is recorded in it."""
    with house(built["issued"], tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("/sheet", ("score", CASE)),
        ("/sheet?at=self", ("score", CASE, "--at", "self")),
        ("/bridge", ("bridge", CASE)),
        ("/bridge?baseline=review-table", ("bridge", CASE, "--baseline", "review-table")),
        ("/log", ("log", CASE)),
        ("/log?indicator=e-contracts", ("log", CASE, "--indicator", "e-contracts")),
        ("/indicators/e-contracts", ("explain", CASE, "e-contracts")),
    ],
)
def test_what_is_read_is_what_the_command_line_says(
    finished: House, built: Mapping[str, Place], path: str, command: tuple[str, ...]
) -> None:
    answer = finished.desk("bureau-officer").get(f"{API}{path}")
    said: dict[str, Any] = scoretrail(built["issued"], *command, "--json", lang="zh").json
    assert answer.status_code == 200
    told = answer.json()
    # The command line also says at which point it has read, and how the bytes were verified.
    assert told == {key: said[key] for key in said if key in told or key not in {"at", "verified"}}


def test_entries_are_those_that_are_stored(finished: House, built: Mapping[str, Place]) -> None:
    answer = finished.desk("bureau-officer").get(f"{API}/events?after=480").json()
    stored = [row for row in record(built["issued"]) if row[1] == CASE]
    assert [b64decode(each["entry"]) for each in answer["events"]] == [
        row[4] for row in stored if row[2] > 480
    ]


def test_a_read_says_its_version_and_is_not_sent_twice(finished: House) -> None:
    desk = finished.desk("bureau-officer")
    tag = desk.get(f"{API}/sheet").headers["etag"]
    again = desk.get(f"{API}/sheet", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_poll_of_what_is_at_hand_knows_at_once_who_may_look_no_more(
    pages: House, submitted: Place
) -> None:
    desks = {name: pages.desk(name) for name in ("unit-filer", "agency-reviewer", "administrator")}
    for desk in desks.values():
        desk.get(f"{API}/head")
    assert [desk.get(f"{API}/head").status_code for desk in desks.values()] == [200, 200, 404]

    revoked = {"do": "revoke-role", "account": "agency-reviewer", "role": "reviewer"}
    revoked["reason"] = "调离"
    with Store.open(submitted.target) as store:
        handle(store, pages.clock, "administrator", revoked, key="revoked")
    pages.identities.disable("unit-filer")

    assert [desk.get(f"{API}/head").status_code for desk in desks.values()] == [401, 404, 404]


def test_whoever_is_not_there_is_told_so_as_a_problem(finished: House) -> None:
    answer = finished.door().get(f"{API}/sheet")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def send(
    house_: House, body: object, account: str = "agency-reviewer", query: str = "", **headers: str
) -> Any:  # noqa: ANN401 - an answer
    given = {"idempotency-key": "act-1", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return house_.desk(account).post(f"{API}/commands{query}", json=body, headers=given)


class TestActs:
    def test_one_is_recorded_once_under_its_key(self, pages: House, submitted: Place) -> None:
        before = len(record(submitted))
        body = {"dated": DATED, "command": ADJUST}
        first, again = send(pages, body), send(pages, body)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["events"][0]["type"] == "ScoreAdjusted"
        assert [e["version"] for e in again.json()["events"]] == [
            e["version"] for e in first.json()["events"]
        ]
        assert len(record(submitted)) == before + 1

    def test_the_same_key_with_other_content_is_refused(self, pages: House) -> None:
        send(pages, {"dated": DATED, "command": ADJUST})
        other = send(pages, {"dated": DATED, "command": {**ADJUST, "award": "15.00"}})
        assert (other.status_code, other.json()["rule"]) == (422, "command-id")

    def test_several_are_recorded_all_or_none(self, pages: House, submitted: Place) -> None:
        before = len(record(submitted))
        wrong = {**ADJUST, "indicator": "e-contracts", "award": "99"}
        refused = send(pages, {"dated": DATED, "commands": [ADJUST, wrong]})
        assert refused.status_code == 422
        assert len(record(submitted)) == before
        confirm = {"do": "confirm-score", "indicator": "expenditure-rate", "ground": "x"}
        done = send(pages, {"dated": DATED, "commands": [ADJUST, confirm]}, idempotency_key="two")
        assert (done.status_code, len(done.json()["events"])) == (201, 2)

    def test_a_rehearsal_writes_nothing(self, pages: House, submitted: Place) -> None:
        before = len(record(submitted))
        answer = send(pages, {"dated": DATED, "command": ADJUST}, query="?rehearse=1")
        assert (answer.status_code, answer.json()["events"][0]["position"]) == (200, None)
        assert len(record(submitted)) == before

    def test_what_moved_on_since_it_was_looked_at_is_refused(self, pages: House) -> None:
        version = pages.desk("agency-reviewer").get(API).json()["version"]
        send(pages, {"dated": DATED, "command": ADJUST}, account="agency-lead")
        late = send(
            pages,
            {"dated": DATED, "command": {**ADJUST, "award": "15.00"}},
            idempotency_key="act-2",
            if_match=f'"{version}"',
        )
        assert (late.status_code, late.json()["rule"]) == (412, "moved-on")

    def test_a_request_without_a_key_is_asked_for_one(self, pages: House) -> None:
        body = {"dated": DATED, "command": ADJUST}
        answer = pages.desk("agency-reviewer").post(f"{API}/commands", json=body)
        assert answer.status_code == 428

    @pytest.mark.parametrize(
        ("command", "pointer"),
        [
            ({**ADJUST, "award": "8,5"}, "/command/award"),
            ({**ADJUST, "more": "x"}, "/command/more"),
            ({"do": "adjust-score"}, "/command"),
            ({"do": "nothing-like-it"}, "/command/do"),
        ],
    )
    def test_what_has_not_the_form_is_told_where(
        self, pages: House, command: dict[str, str], pointer: str
    ) -> None:
        answer = send(pages, {"dated": DATED, "command": command})
        assert answer.status_code == 400
        assert pointer in [error["pointer"] for error in answer.json()["errors"]]

    @pytest.mark.parametrize(
        "body",
        ["", "[]", "{", '{"command": []}', '{"command": {"do": "adjust-score", "award": 1.5}}'],
    )
    def test_what_is_no_request_is_told_so(self, pages: House, body: str) -> None:
        answer = pages.desk("agency-reviewer").post(
            f"{API}/commands",
            content=body,
            headers={"idempotency-key": "x", "content-type": "application/json"},
        )
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize(
        "command",
        [
            {"do": "restate-figure"},
            {"do": "restate-figure", "figure": "spent", "reason": "x"},
            {"do": "restate-figure", "figure": {"id": 1}, "reason": "x"},
            {**ADJUST, "evidence": [1]},
            {**ADJUST, "evidence": "all of it"},
        ],
    )
    def test_what_has_parts_of_another_form_is_told_so(
        self, pages: House, command: dict[str, object]
    ) -> None:
        assert send(pages, {"dated": DATED, "command": command}).status_code == 400

    @pytest.mark.parametrize(
        "more",
        [
            {"dated": "2024/9/2"},
            {"dated": 7},
            {"confirm_dates": "2024-12-30"},
            {"confirm_dates": ["30.12."]},
        ],
    )
    def test_what_stands_beside_an_act_is_looked_at_too(
        self, pages: House, more: dict[str, object]
    ) -> None:
        assert send(pages, {"dated": DATED, "command": ADJUST, **more}).status_code == 400

    def test_a_body_of_another_kind_is_no_request(self, pages: House) -> None:
        desk, key = pages.desk("agency-reviewer"), {"idempotency-key": "x"}
        assert desk.post(f"{API}/commands", data={"a": "b"}, headers=key).status_code == 400

    def test_acts_of_a_case_are_done_at_its_address_only(self, pages: House) -> None:
        """Else a stranger would be told by the refusal that there is one."""
        told = {
            case: pages.desk("administrator")
            .post(
                "/api/v1/commands",
                json={"case": case, "dated": DATED, "command": ADJUST},
                headers={"idempotency-key": "x"},
            )
            .text
            for case in (CASE, "zhanjiang-amr-2099")
        }
        assert len({*told.values()}) == 1

    def test_evidence_that_the_account_does_not_see_has_no_name_for_it(self, pages: House) -> None:
        reviewer = pages.desk("agency-reviewer")
        path = f"/cases/{CASE}/acts/file-evidence"
        for content in (b"one", b"two"):
            given = {"title": "抽查记录", "dated": DATED, "key": content.decode()}
            file = {"file": ("a.txt", content, "text/plain")}
            assert reviewer.post(path, data=given, files=file).status_code == 303
        command = {"do": "claim-score", "indicator": "e-contracts", "score": "0.39"}
        asked = send(
            pages,
            {"dated": DATED, "command": {**command, "evidence": ["抽查记录"]}},
            account="unit-filer",
        )
        assert asked.status_code == 400
        assert "there is no evidence" in asked.json()["title_en"]

    def test_nobody_acts_for_another_party(self, pages: House) -> None:
        answer = send(pages, {"dated": DATED, "command": ADJUST}, account="unit-filer")
        assert (answer.status_code, answer.json()["rule"]) == (422, "role")

    def test_nobody_acts_in_a_case_that_they_do_not_see(self, pages: House) -> None:
        answer = send(pages, {"dated": DATED, "command": ADJUST}, account="administrator")
        assert (answer.status_code, answer.json()["rule"]) == (404, "unknown-case")

    def test_a_case_is_opened_by_the_bureau(self, pages: House) -> None:
        body = {
            "case": "demo-2024",
            "dated": "2024-12-31",
            "command": {
                "do": "open-case",
                "title": "2024年度整体绩效",
                "year": 2024,
                "unit": "zhanjiang-amr",
                "unit_name": "湛江市市场监督管理局",
                "bureau": "zhanjiang-finance",
                "bureau_name": "湛江市财政局",
            },
        }
        desk = pages.desk("bureau-officer")
        answer = desk.post("/api/v1/commands", json=body, headers={"idempotency-key": "open"})
        assert answer.status_code == 201, answer.text
        assert desk.get("/api/v1/cases/demo-2024").json()["year"] == 2024


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/bridge?baseline=none", 400),
        ("/bridge?from=nowhere", 400),
        ("/log?indicator=none", 400),
        ("/indicators/none", 400),
        ("/sheet?at=v9999", 400),
        ("/sheet?at=9999-99-99", 400),
    ],
)
def test_what_there_is_not_is_told_on_page_and_in_answer(
    finished: House, path: str, status: int
) -> None:
    desk = finished.desk("bureau-officer")
    assert desk.get(f"{API}{path}").status_code == status
    page = f"/cases/{CASE}{path.replace('/sheet', '')}"
    assert desk.get(page).status_code == status


def test_the_rows_of_a_bonus_have_a_page_or_are_told(finished: House) -> None:
    desk = finished.desk("bureau-officer")
    for name in ("bonus", "commendation", "penalty"):
        assert desk.get(f"/cases/{CASE}/indicators/{name}").status_code in {200, 400}


def test_lists_come_a_page_at_a_time(pages: House) -> None:
    desk = pages.desk("bureau-officer")
    assert [case["case"] for case in desk.get("/api/v1/cases").json()["cases"]] == [CASE]
    assert desk.get("/api/v1/cases?year=2022").json()["cases"] == []
    assert json.loads(desk.get("/api/v1/cases?q=none-of-them").content)["cases"] == []


@pytest.mark.parametrize(
    ("content", "digest", "rule"),
    [(b"", None, "no-content"), (b"abc", f"sha-256=:{'A' * 43}=:", "content-digest")],
)
def test_a_file_that_did_not_arrive_is_not_recorded(
    pages: House, submitted: Place, content: bytes, digest: str | None, rule: str
) -> None:
    before = len(record(submitted))
    told = {"idempotency-key": "k"} | ({"content-digest": digest} if digest else {})
    answer = pages.desk("unit-filer").post(f"{API}/evidence?name=a", content=content, headers=told)
    assert (answer.status_code, answer.json()["rule"]) == (400, rule)
    assert pages.desk("unit-filer").get(f"/problems/{rule}").status_code == 200
    assert len(record(submitted)) == before
