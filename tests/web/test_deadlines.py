"""The calendar of deadlines: a program subscribes to an address that opens nothing else."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import icalendar
import pytest
from starlette.testclient import TestClient

from application.handle import handle
from ledger.store import Store
from tests.support.desks import HOST, PASSWORD, House, house
from tests.support.places import Place
from tests.support.terminal import CASE
from web.tokens import PREFIX

pytestmark = pytest.mark.server_sample(4)

MADE: Final = {"name": "日历", "scope": "calendar", "cases": "", "days": "90"}
LINK: Final = re.compile(rf"<code>(/deadlines/{PREFIX}[\w-]{{43}}\.ics)</code>")


@pytest.fixture
def pages(reviewed: Place, tmp_path: Path) -> Iterator[House]:
    """A draft that the unit has to answer by a day."""
    with house(reviewed, tmp_path) as made:
        draft = {"do": "send-draft", "number": "征求意见〔2024〕1号", "respond_by": "2026-12-20"}
        with Store.open(reviewed.target) as store:
            handle(store, made.clock, "agency-reviewer", draft, key="the-draft", case=CASE)
        yield made


def link_of(pages: House, account: str = "unit-filer", **otherwise: str) -> str:
    answer = pages.desk(account).post("/account/tokens", data={**MADE, **otherwise})
    assert answer.status_code == 201, answer.text
    (link,) = LINK.findall(answer.text)
    return str(link)


def program(pages: House, **headers: str) -> TestClient:
    """A calendar program, which knows an address and sends nothing else."""
    return TestClient(pages.app, base_url=HOST, headers=headers, follow_redirects=False)


def events(text: str) -> list[Any]:
    return [*icalendar.Calendar.from_ical(text).walk("VEVENT")]


def test_it_has_the_last_day_of_what_waits_for_the_account(pages: House) -> None:
    link = link_of(pages)
    answer = program(pages).get(link)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))
    (event,) = events(answer.text)
    assert event["dtstart"].dt.isoformat() == "2026-12-20"
    assert "湛江市市场监督管理局 2023" in str(event["summary"])
    assert event["uid"] == events(program(pages).get(link).text)[0]["uid"]
    assert events(program(pages).get(link_of(pages, "administrator")).text) == []


def test_it_is_limited_to_the_cases_that_are_named(pages: House) -> None:
    assert events(program(pages).get(link_of(pages, cases="other-2023")).text) == []
    assert len(events(program(pages).get(link_of(pages, cases=CASE)).text)) == 1


def test_its_secret_opens_nothing_else(pages: House) -> None:
    secret = link_of(pages).removeprefix("/deadlines/").removesuffix(".ics")
    tool = program(pages, authorization=f"Bearer {secret}")
    for path in ("/api/v1/deadlines", "/api/v1/feed", f"/api/v1/cases/{CASE}/sheet"):
        assert tool.get(path).status_code == 401
    assert tool.get(f"/cases/{CASE}").status_code == 303


def test_a_token_of_a_program_is_no_address(pages: House) -> None:
    pages.desk("unit-filer")
    token = pages.app.state.office.tokens.make("unit-filer", "接口", "read", (), 9)
    assert program(pages).get(f"/deadlines/{token}.ics").status_code == 404
    by_token = program(pages, authorization=f"Bearer {token}").get("/api/v1/deadlines")
    assert len(events(by_token.text)) == 1


@pytest.mark.parametrize("end", ["ended", "password", "disabled", "too old", "guessed"])
def test_it_is_nobodys_once_it_was_ended(pages: House, end: str) -> None:
    link = link_of(pages)
    if end == "ended":
        (token,) = pages.app.state.office.tokens.of("unit-filer")
        pages.desk("unit-filer").post("/account/tokens/end", data={"token": token.id})
    elif end == "password":
        pages.identities.give_password("unit-filer", PASSWORD, initial=False)
    elif end == "disabled":
        pages.identities.disable("unit-filer")
    elif end == "too old":
        pages.clock.ahead += timedelta(days=91)
    else:
        link = f"/deadlines/{PREFIX}{'A' * 43}.ics"
    answer = program(pages).get(link)
    assert answer.status_code == 404
    assert "BEGIN:VCALENDAR" not in answer.text
