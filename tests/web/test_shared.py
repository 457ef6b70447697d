"""Papers by link: who has the address opens one paper, as far as its maker sees it now."""

import csv
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Final

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from application.handle import handle
from ledger.store import Store
from tests.support.desks import HOST, PASSWORD, House, house
from tests.support.places import Place
from tests.support.terminal import CASE, record
from web.guard import SANDBOX
from web.tokens import GRACE, PREFIX, SHARED_DAYS_MAX, SHARED_MAX

pytestmark = pytest.mark.server_sample(6)

TABLE: Final = "/documents/score-table.html"
LOG: Final = "/log?form=csv"
MADE: Final = {"name": "分管领导审阅", "paper": TABLE, "days": "7"}
LINK: Final = re.compile(rf"<code>(/shared/{PREFIX}[\w-]{{43}})</code>")


@pytest.fixture
def pages(reviewed: Place, tmp_path: Path) -> Iterator[House]:
    with house(reviewed, tmp_path) as made:
        yield made


def link_of(pages: House, account: str = "agency-reviewer", **otherwise: str) -> str:
    answer = asked_for(pages, account, **otherwise)
    assert answer.status_code == 201, answer.text
    (link,) = LINK.findall(answer.text)
    return str(link)


def asked_for(pages: House, account: str, **otherwise: str) -> Response:
    return pages.desk(account).post(f"/cases/{CASE}/shared", data={**MADE, **otherwise})


def stranger(pages: House, **headers: str) -> TestClient:
    """Somebody who has an address and nothing else."""
    return TestClient(pages.app, base_url=HOST, headers=headers, follow_redirects=False)


def revoke(place: Place, pages: House, account: str, role: str) -> None:
    gone = {"do": "revoke-role", "account": account, "role": role, "reason": "轮岗"}
    with Store.open(place.target) as store:
        handle(store, pages.clock, "administrator", gone, key=f"gone-{role}")


class TestItOpens:
    """One paper, to who has its address."""

    @pytest.mark.parametrize("paper", [TABLE, "/documents/score-table.xlsx", LOG])
    def test_what_its_maker_would_be_handed(self, pages: House, paper: str) -> None:
        mine = pages.desk("agency-reviewer").get(f"/cases/{CASE}{paper}")
        theirs = stranger(pages).get(link_of(pages, paper=paper))
        assert theirs.status_code == 200
        assert theirs.headers["content-type"] == mine.headers["content-type"]
        if not paper.endswith("xlsx"):  # a workbook has the instant in it
            assert theirs.content == mine.content

    def test_no_more_than_its_maker_sees(self, pages: House, reviewed: Place) -> None:
        """Given a unit to which the agency has not sent its draft."""
        unit = stranger(pages).get(link_of(pages, "unit-filer", paper=LOG)).text
        agency = stranger(pages).get(link_of(pages, paper=LOG)).text
        rows = [list(csv.reader(StringIO(text.removeprefix("\ufeff")))) for text in (unit, agency)]
        assert len(rows[1]) - 1 == len([row for row in record(reviewed) if row[1] == CASE])
        assert len(rows[0]) < len(rows[1])
        assert "agency-reviewer" not in unit

    def test_nothing_that_is_kept_or_handed_on(self, pages: House) -> None:
        answer = stranger(pages).get(link_of(pages))
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["content-security-policy"] == SANDBOX
        assert answer.headers["content-disposition"] == "inline"
        assert not answer.cookies

    def test_and_who_did_is_in_the_record_without_the_secret(
        self, pages: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        link = link_of(pages)
        stranger(pages).get(link)
        newest = pages.kept.accesses(CASE)[0]
        assert (newest.account, newest.page) == ("agency-reviewer", "link score-table.html")
        text = pages.desk("bureau-officer", "en").get(f"/cases/{CASE}/accesses").text
        assert "by a link: score-table.html" in text
        told = pages.desk("agency-reviewer", "en").get("/account").text
        assert f"made a link: {CASE}{TABLE}" in told
        secret = link.removeprefix("/shared/")
        ours = [one for one in caplog.records if not one.name.startswith("httpx")]  # the test's own
        assert ours
        assert not [one for one in ours if secret in one.getMessage()]
        for file in tmp_path.glob("logins*"):
            assert secret.encode() not in file.read_bytes()

    def test_as_its_maker_sees_when_it_was_last_used(self, pages: House) -> None:
        desk, link = pages.desk("agency-reviewer", "en"), link_of(pages)
        for address in (f"/cases/{CASE}/shared", "/account"):
            assert "not used yet" in desk.get(address).text
        stranger(pages).get(link)
        for address in (f"/cases/{CASE}/shared", "/account"):
            assert "not used yet" not in desk.get(address).text


class TestItDoesNotOpen:
    """Anything else, or anything any longer; and it does not say which."""

    def is_nowhere(self, pages: House, link: str) -> bool:
        answer, nowhere = (
            stranger(pages).get(one) for one in (link, f"/shared/{PREFIX}{'A' * 43}")
        )
        assert nowhere.status_code == 404
        assert answer.status_code in {200, 404}
        if answer.status_code == 404:
            assert answer.text == nowhere.text
            assert dict(answer.headers) == dict(nowhere.headers)
        return answer.status_code == 404

    @pytest.mark.parametrize("way", ["ended", "password", "disabled", "too old", "restored"])
    def test_once_it_has_ended(self, pages: House, way: str) -> None:
        link = link_of(pages)
        assert not self.is_nowhere(pages, link)
        if way == "ended":
            (one,) = pages.app.state.office.tokens.of("agency-reviewer")
            back = {"token": one.id, "next": f"/cases/{CASE}/shared"}
            answer = pages.desk("agency-reviewer").post("/account/tokens/end", data=back)
            assert answer.headers["location"] == f"/cases/{CASE}/shared"
        elif way == "password":
            pages.identities.give_password("agency-reviewer", PASSWORD, initial=False)
        elif way == "disabled":
            pages.identities.disable("agency-reviewer")
        elif way == "restored":
            pages.kept.disable_all()
        else:
            pages.clock.ahead += timedelta(days=7, minutes=1)
        assert self.is_nowhere(pages, link)

    def test_once_its_maker_sees_the_case_no_longer(self, pages: House, reviewed: Place) -> None:
        link = link_of(pages)
        revoke(reviewed, pages, "agency-reviewer", "reviewer")
        assert self.is_nowhere(pages, link)

    @pytest.mark.parametrize(
        "more", ["/documents/score-table.pdf", "?name=log", "/../log", ".pdf", "%2f..%2flog"]
    )
    def test_another_paper(self, pages: House, more: str) -> None:
        link = link_of(pages)
        answer = stranger(pages).get(f"{link}{more}")
        assert answer.status_code in {200, 404}
        if answer.status_code == 200:  # what is asked besides changes nothing
            assert answer.content == stranger(pages).get(link).content

    def test_another_paper_by_a_query_of_its_reader(self, pages: House) -> None:
        """Given a list that an address can cut, put another way, or show as it once was."""
        link = link_of(pages, paper=LOG)
        whole = stranger(pages).get(link).content
        for query in ("?since=9", "?by=unit-filer", "?at=v3", "?form=html", "?known=2024-01-01"):
            assert stranger(pages).get(f"{link}{query}").content == whole

    def test_the_api_or_a_page_or_a_calendar(self, pages: House) -> None:
        secret = link_of(pages).removeprefix("/shared/")
        tool = stranger(pages, authorization=f"Bearer {secret}")
        for path in (f"/api/v1/cases/{CASE}/sheet", "/api/v1/feed", "/api/v1/deadlines"):
            assert tool.get(path).status_code == 401
        assert tool.get(f"/cases/{CASE}{TABLE}").status_code == 303
        assert tool.get(f"/deadlines/{secret}.ics").status_code == 404

    @pytest.mark.parametrize("scope", ["read", "act", "calendar"])
    def test_by_another_token(self, pages: House, scope: str) -> None:
        pages.desk("agency-reviewer")
        made = pages.app.state.office.tokens.make("agency-reviewer", "x", scope, [CASE], 9)
        assert self.is_nowhere(pages, f"/shared/{made}")

    def test_anything_that_is_sent_to_it(self, pages: House) -> None:
        assert stranger(pages).post(link_of(pages)).status_code == 405


class TestItIsMade:
    """By who may see the paper, on the page of the case."""

    @pytest.mark.parametrize("account", ["administrator", "unit-filer"])
    def test_by_nobody_who_does_not_see_the_case(
        self, pages: House, reviewed: Place, account: str
    ) -> None:
        if account == "unit-filer":
            revoke(reviewed, pages, "unit-filer", "unit")
        assert asked_for(pages, account).status_code == 404
        assert pages.desk(account).get(f"/cases/{CASE}/shared").status_code == 404
        assert pages.kept.tokens_of(account) == []

    @pytest.mark.parametrize(
        ("otherwise", "field"),
        [
            ({"paper": "/documents/result-letter.pdf"}, "paper"),  # there is none yet
            ({"paper": "/documents/score-table.exe"}, "paper"),
            ({"paper": "/../another/log?form=csv"}, "paper"),
            ({"paper": "/accesses"}, "paper"),
            ({"paper": ""}, "paper"),
            ({"name": " "}, "name"),
            ({"days": "0"}, "days"),
            ({"days": str(SHARED_DAYS_MAX + 1)}, "days"),
        ],
    )
    def test_of_a_paper_that_there_is_for_so_long(
        self, pages: House, otherwise: dict[str, str], field: str
    ) -> None:
        answer = asked_for(pages, "agency-reviewer", **otherwise)
        assert answer.status_code == 422
        assert f'id="{field}-problem"' in answer.text
        assert pages.kept.tokens_of("agency-reviewer") == []

    def test_by_who_has_given_the_password_of_late(self, pages: House) -> None:
        desk, address = pages.desk("agency-reviewer"), f"/cases/{CASE}/shared"
        pages.clock.ahead += timedelta(minutes=11)
        assert desk.post(address, data=MADE).status_code == 403
        assert desk.post(address, data={**MADE, "password": PASSWORD}).status_code == 201

    def test_so_many_times(self, pages: House) -> None:
        pages.desk("agency-reviewer")
        tokens = pages.app.state.office.tokens
        for number in range(SHARED_MAX):
            tokens.share("agency-reviewer", str(number), CASE, TABLE, 1)
        assert asked_for(pages, "agency-reviewer").status_code == 422
        pages.clock.ahead += timedelta(days=2)
        assert asked_for(pages, "agency-reviewer").status_code == 201

    def test_and_is_forgotten_a_while_after_it_has_ended(self, pages: House) -> None:
        link_of(pages)
        pages.clock.ahead += timedelta(days=8)
        assert "ended" in pages.desk("agency-reviewer", "en").get(f"/cases/{CASE}/shared").text
        pages.clock.ahead += GRACE
        assert MADE["name"] not in pages.desk("agency-reviewer").get("/account").text
        link_of(pages, name="another")
        assert [one.name for one in pages.kept.tokens_of("agency-reviewer")] == ["another"]
