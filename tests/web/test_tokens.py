"""Tokens of programs: made once, for so much and so long, and good for the API only."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.desks import HOST, PASSWORD, House, house
from tests.support.places import Place
from tests.support.terminal import CASE, record
from web.tokens import DAYS_MAX, GRACE, PREFIX

pytestmark = pytest.mark.server_sample(6)

API = f"/api/v1/cases/{CASE}"
ACT = {
    "dated": "2024-12-30",
    "command": {
        "do": "adjust-score",
        "indicator": "output-goals",
        "award": "16.00",
        "justification": "按五项平均",
        "ground": "报告缺三项",
    },
}
MADE = {"name": "自评系统", "scope": "act", "cases": "", "days": "90"}
KEY = {"idempotency-key": "of-a-program-0001"}
FOUND = re.compile(rf"<code>({PREFIX}[\w-]{{43}})</code>")


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


def made(pages: House, account: str = "agency-reviewer", **otherwise: str) -> str:
    """A token that an account has made on its page."""
    answer = pages.desk(account).post("/account/tokens", data={**MADE, **otherwise})
    assert answer.status_code == 201, answer.text
    (token,) = FOUND.findall(answer.text)
    return str(token)


def program(pages: House, token: str) -> TestClient:
    """A program, which sends its token and is no browser."""
    headers = {"authorization": f"Bearer {token}"}
    return TestClient(pages.app, base_url=HOST, headers=headers, follow_redirects=False)


def test_a_program_reads_and_acts_as_its_account(pages: House, submitted: Place) -> None:
    tool = program(pages, made(pages))
    assert tool.get(f"{API}/sheet").json()["case"] == CASE
    answer = tool.post(f"{API}/commands", json=ACT, headers=KEY)
    assert answer.status_code == 201
    assert [row[1] for row in record(submitted)][-1] == CASE
    assert '"account":"agency-reviewer"' in record(submitted)[-1][4].decode()
    assert tool.post(f"{API}/commands", json=ACT, headers=KEY).status_code == 200


def test_it_is_shown_once_and_kept_as_a_hash(pages: House, tmp_path: Path) -> None:
    token = made(pages)
    text = pages.desk("agency-reviewer").get("/account").text
    assert "自评系统" in text
    assert token not in text
    for file in tmp_path.glob("logins*"):
        assert token.encode() not in file.read_bytes()


def test_its_account_sees_when_it_was_last_used(pages: House) -> None:
    token = made(pages)
    desk = pages.desk("agency-reviewer", "en")
    assert "not used yet" in desk.get("/account").text
    program(pages, token).get(f"{API}/head")
    assert "not used yet" not in desk.get("/account").text


@pytest.mark.parametrize(
    ("otherwise", "field"),
    [
        ({"name": " "}, "name"),
        ({"scope": "everything"}, "scope"),
        ({"days": "0"}, "days"),
        ({"days": str(DAYS_MAX + 1)}, "days"),
        ({"days": "为期三月"}, "days"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    pages: House, otherwise: dict[str, str], field: str
) -> None:
    desk = pages.desk("agency-reviewer")
    answer = desk.post("/account/tokens", data={**MADE, **otherwise})
    assert answer.status_code == 422
    assert f'id="{field}-problem"' in answer.text
    if "name" not in otherwise:  # what was typed is there again
        assert f'value="{MADE["name"]}"' in answer.text
    assert pages.kept.tokens_of("agency-reviewer") == []


def test_it_is_made_by_who_has_given_the_password_of_late(pages: House) -> None:
    desk = pages.desk("agency-reviewer")
    pages.clock.ahead += timedelta(minutes=11)
    assert desk.post("/account/tokens", data=MADE).status_code == 403
    answer = desk.post("/account/tokens", data={**MADE, "password": PASSWORD})
    assert answer.status_code == 201


class TestItDoesNotReach:
    """Beyond what its account, its scope, its cases and its days allow."""

    def test_what_its_account_may_not_do(self, pages: House, submitted: Place) -> None:
        tool, before = program(pages, made(pages, "unit-filer")), record(submitted)
        assert tool.post(f"{API}/commands", json=ACT, headers=KEY).status_code == 422
        assert tool.get("/api/v1/cases/zhanjiang-amr-2099/sheet").status_code == 404
        assert record(submitted) == before

    @pytest.mark.parametrize("asked", ["", "?rehearse=1"])
    def test_to_act_where_it_is_for_reading(
        self, pages: House, submitted: Place, asked: str
    ) -> None:
        tool, before = program(pages, made(pages, scope="read")), record(submitted)
        answer = tool.post(f"{API}/commands{asked}", json=ACT, headers=KEY)
        assert (answer.status_code, answer.json()["rule"]) == (403, "token-scope")
        assert tool.get(f"{API}/sheet").status_code == 200
        assert record(submitted) == before

    @pytest.mark.parametrize(
        "path", [f"{API}/sheet", "/api/v1/cases/zhanjiang-amr-2099/sheet", "/api/v1/cases"]
    )
    def test_other_cases_whether_they_are_there_or_not(self, pages: House, path: str) -> None:
        tool = program(pages, made(pages, cases="another-2024"))
        answer = tool.get(path)
        assert (answer.status_code, answer.json()["rule"]) == (403, "token-scope")

    def test_its_own_case_when_it_names_it(self, pages: House) -> None:
        tool = program(pages, made(pages, cases=f"another-2024 {CASE}"))
        assert tool.get(f"{API}/sheet").status_code == 200

    @pytest.mark.parametrize("path", ["/", "/account", f"/cases/{CASE}", "/register"])
    def test_any_page(self, pages: House, path: str) -> None:
        answer = program(pages, made(pages)).get(path)
        assert answer.headers["location"].startswith("/login")

    def test_another_token(self, pages: House) -> None:
        tool = program(pages, made(pages))
        assert tool.post("/account/tokens", data=MADE).status_code == 303
        assert len(pages.kept.tokens_of("agency-reviewer")) == 1

    def test_what_asks_for_the_password_again(self, pages: House, submitted: Place) -> None:
        tool, before = program(pages, made(pages, "bureau-officer")), record(submitted)
        answer = tool.post(f"{API}/dossiers", json={}, headers=KEY)
        assert (answer.status_code, answer.json()["rule"]) == (403, "step-up")
        assert record(submitted) == before


class TestItEnds:
    """And is nobody's then: a program is told to prove itself, and nothing else."""

    def refused(self, pages: House, token: str) -> bool:
        answer = program(pages, token).get(f"{API}/sheet")
        assert answer.status_code in {200, 401}
        if answer.status_code == 401:
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["rule"] == "not-logged-in"
        return answer.status_code == 401

    def test_after_its_days(self, pages: House) -> None:
        token = made(pages, days="1")
        pages.clock.ahead += timedelta(hours=23)
        assert not self.refused(pages, token)
        pages.clock.ahead += timedelta(hours=2)
        assert self.refused(pages, token)

    def test_and_is_shown_for_a_while_and_forgotten_then(self, pages: House) -> None:
        made(pages, days="1")
        pages.clock.ahead += timedelta(days=2)
        desk = pages.desk("agency-reviewer", "en")
        assert "· ended " in desk.get("/account").text
        pages.clock.ahead += GRACE
        assert "· ended " not in pages.desk("agency-reviewer", "en").get("/account").text
        made(pages, "unit-filer")
        assert pages.kept.tokens_of("agency-reviewer") == []

    def test_by_its_account_alone(self, pages: House) -> None:
        token = made(pages)
        ((id_, *_),) = pages.kept.tokens_of("agency-reviewer")
        pages.desk("bureau-officer").post("/account/tokens/end", data={"token": id_})
        assert not self.refused(pages, token)
        pages.desk("agency-reviewer").post("/account/tokens/end", data={"token": id_})
        assert self.refused(pages, token)

    def test_with_another_password(self, pages: House) -> None:
        token = made(pages)
        pages.identities.give_password("agency-reviewer", "another-password", initial=False)
        assert self.refused(pages, token)

    def test_with_its_login_and_stays_ended(self, pages: House) -> None:
        token = made(pages)
        pages.identities.disable("agency-reviewer")
        assert self.refused(pages, token)
        pages.identities.give_password("agency-reviewer", PASSWORD, initial=False)
        assert self.refused(pages, token)

    def test_with_all_logins_after_a_restore(self, pages: House) -> None:
        token = made(pages)
        pages.kept.disable_all()
        assert self.refused(pages, token)

    @pytest.mark.parametrize(
        "sent",
        ["Bearer ", "Bearer stk_guessed", "Basic dTpw", "", "bearer\tx", "Bearer " + "x" * 9999],
    )
    def test_what_is_no_token(self, pages: House, sent: str) -> None:
        tool = TestClient(pages.app, base_url=HOST, headers={"authorization": sent})
        assert tool.get(f"{API}/sheet").status_code == 401

    def test_a_session_does_not_help_a_token_that_is_none(self, pages: House) -> None:
        desk = pages.desk("agency-reviewer")
        assert desk.get(f"{API}/sheet").status_code == 200
        answer = desk.get(f"{API}/sheet", headers={"authorization": "Bearer stk_guessed"})
        assert answer.status_code == 401
