"""Tokens of programs that have accounts of their own, made by an administrator."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from tests.support.desks import HOST, PASSWORD, House, house
from tests.support.places import Place
from tests.support.terminal import CASE
from web.tokens import PREFIX

pytestmark = pytest.mark.server_sample(6)

TOOL: Final = "agency-tool"
MADE: Final = {"account": TOOL, "name": "评审系统", "scope": "act", "cases": "", "days": "90"}
FOUND: Final = re.compile(rf"<code>({PREFIX}[\w-]{{43}})</code>")


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    """A house in which an account was opened for a program."""
    with house(submitted, tmp_path) as made:
        given = {"account": TOOL, "organisation": "guangzhou-xianghe", "roles": ["reviewer"]}
        answer = made.desk("administrator").post("/acts/open-account", data={"key": "k", **given})
        assert answer.status_code == 303, answer.text
        yield made


def asked_for(pages: House, **otherwise: str) -> Any:  # noqa: ANN401 - an answer
    return pages.desk("administrator").post("/register/tokens", data={**MADE, **otherwise})


def token_of(pages: House, **otherwise: str) -> str:
    answer = asked_for(pages, **otherwise)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    (token,) = FOUND.findall(answer.text)
    return str(token)


def status(pages: House, token: str) -> int:
    tool = TestClient(pages.app, base_url=HOST, headers={"authorization": f"Bearer {token}"})
    return int(tool.get(f"/api/v1/cases/{CASE}/sheet").status_code)


def test_a_program_acts_under_an_account_that_nobody_has_logged_in_to(pages: House) -> None:
    token = token_of(pages)
    assert status(pages, token) == 200
    desk = pages.desk("administrator", "en")
    text = desk.get("/register/tokens").text
    assert MADE["name"] in text
    assert token not in text
    assert "programs only" in desk.get("/register").text
    (note,) = pages.identities.notes(TOOL, 9)
    assert (note.account, note.page) == ("administrator", f"token-made {MADE['name']}")


def test_nobody_logs_in_to_it_for_that(pages: House) -> None:
    token_of(pages)
    for password in ("", " ", PASSWORD):
        given = {"account": TOOL, "password": password}
        assert pages.door().post("/login", data=given).status_code == 401


def test_the_administrator_ends_it_and_that_is_kept(pages: House) -> None:
    token = token_of(pages)
    (one,) = pages.app.state.office.tokens.of(TOOL)
    pages.desk("administrator").post(
        "/register/tokens/end", data={"account": TOOL, "token": one.id}
    )
    assert status(pages, token) == 401
    assert pages.identities.notes(TOOL, 1)[0].page == f"token-ended {MADE['name']}"
    assert status(pages, token_of(pages)) == 200


def test_it_ends_when_the_account_becomes_a_persons_or_is_disabled(pages: House) -> None:
    token = token_of(pages)
    desk = pages.desk("administrator")
    desk.post("/register/login", data={"account": TOOL, "disable": "1"})
    assert status(pages, token) == 401
    token = token_of(pages)
    desk.post("/register/login", data={"account": TOOL, "give": "1"})
    assert status(pages, token) == 401
    assert asked_for(pages).status_code == 422


class TestNot:
    @pytest.mark.parametrize("person", ["agency-reviewer", "administrator"])
    def test_for_an_account_that_a_person_logs_in_to(self, pages: House, person: str) -> None:
        pages.desk(person)
        answer = asked_for(pages, account=person)
        assert (answer.status_code, 'id="account-problem"' in answer.text) == (422, True)
        assert pages.kept.tokens_of(person) == []

    def test_to_end_a_token_of_such_an_account(self, pages: House) -> None:
        pages.desk("agency-reviewer")
        pages.app.state.office.tokens.make("agency-reviewer", "x", "read", (), 9)
        (one,) = pages.kept.tokens_of("agency-reviewer")
        gone = {"account": "agency-reviewer", "token": one.token_sha256}
        pages.desk("administrator").post("/register/tokens/end", data=gone)
        assert pages.kept.tokens_of("agency-reviewer") == [one]

    @pytest.mark.parametrize("account", ["unit-filer", "bureau-officer"])
    def test_by_anybody_else(self, pages: House, account: str) -> None:
        desk = pages.desk(account)
        assert desk.get("/register/tokens").status_code == 404
        for address in ("/register/tokens", "/register/tokens/end"):
            assert desk.post(address, data=MADE).status_code == 404
        assert pages.kept.tokens_of(TOOL) == []

    def test_for_an_account_that_there_is_not(self, pages: House) -> None:
        assert asked_for(pages, account="ghost").status_code == 422
        assert "ghost" not in pages.kept.logins()

    @pytest.mark.parametrize(
        ("otherwise", "field"),
        [({"scope": "calendar"}, "scope"), ({"name": " "}, "name"), ({"days": "367"}, "days")],
    )
    def test_of_another_kind(self, pages: House, otherwise: dict[str, str], field: str) -> None:
        answer = asked_for(pages, **otherwise)
        assert (answer.status_code, f'id="{field}-problem"' in answer.text) == (422, True)
        assert pages.kept.tokens_of(TOOL) == []

    def test_without_the_password_of_late(self, pages: House) -> None:
        desk = pages.desk("administrator")
        pages.clock.ahead += timedelta(minutes=11)
        assert desk.post("/register/tokens", data=MADE).status_code == 403
        answer = desk.post("/register/tokens", data={**MADE, "password": PASSWORD})
        assert answer.status_code == 201
