"""Logging in through a provider: a certified one, one that lies, and attackers in between."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from httpx2 import Response
from joserfc.jwk import ECKey
from starlette.testclient import TestClient

from ledger.values import instant
from tests.support.desks import PASSWORD, House, house
from tests.support.identity_providers import (
    Elsewhere,
    Lies,
    LyingProvider,
    certified,
    provider,
)
from tests.support.places import Place
from tests.support.ways_in import ORIGIN, at_home
from web.desk import COOKIE
from web.identity import digest
from web.ways_in import ways_in

pytestmark = pytest.mark.server_sample(12)

HOSTS = frozenset({"127.0.0.1", "reviews.example"})
THROUGH = "/login/through/house"


def proved_long_ago(pages: House, desk: TestClient) -> None:
    """The session goes on, while its holder proved who they are eleven minutes ago.

    The clock stays, since providers have their own.
    """
    at = instant(pages.clock() - timedelta(minutes=11))
    pages.kept.mark_session(digest(desk.cookies[COOKIE]), proven_at=at)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with certified(ORIGIN) as found:
        yield found


class TestThroughACertifiedProvider:
    """As it runs: code, PKCE, state, nonce, issuer, keys."""

    @pytest.fixture
    def pages(self, opened: Place, tmp_path: Path, issuer: str) -> Iterator[House]:
        ways = ways_in(ORIGIN, provider(issuer))
        with house(opened, tmp_path, ways=ways, hosts=HOSTS) as made:
            yield made

    def comes_back(
        self, browser: TestClient, purpose: str, name: str = "zhang", **more: str
    ) -> Response:
        leaving = browser.post(THROUGH, data={"purpose": purpose, **more})
        assert leaving.status_code == 200, leaving.text
        where = Elsewhere().logs_in(leaving.text, name)
        assert where.startswith(f"{ORIGIN}{THROUGH}/back?")
        return browser.get(where.removeprefix(ORIGIN))

    def test_an_account_is_linked_and_then_logs_in(self, pages: House, issuer: str) -> None:
        desk = at_home(pages.desk("unit-filer"))
        answer = self.comes_back(desk, "link")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account#ways")
        assert "单位统一身份认证：zhang" in desk.get("/account").text

        door = at_home(pages.door())
        assert "单位统一身份认证" in door.get("/login").text
        answer = self.comes_back(door, "login", next="/cases")
        assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
        flags = set(answer.headers["set-cookie"].split("; "))
        assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= flags
        assert door.get("/cases").status_code == 200
        notes = [one.page for one in pages.identities.notes("unit-filer", 10)]
        assert notes[:2] == ["login through house", "link-added house zhang"]

        # And no longer, once it is unlinked: who had come in so is out.
        desk = at_home(pages.desk("unit-filer"))
        desk.post("/account/ways/end", data={"link": f"{issuer} zhang"})
        assert door.get("/cases").status_code == 303
        again = self.comes_back(at_home(pages.door()), "login")
        assert again.status_code == 401
        assert pages.identities.notes("unit-filer", 1)[0].page.startswith("link-removed")

    def test_who_is_linked_to_no_account_gets_none(self, pages: House) -> None:
        door = at_home(pages.door())
        answer = self.comes_back(door, "login", "unit-filer")  # as an account is called
        assert (answer.status_code, "没有关联账号" in answer.text) == (401, True)
        assert door.get("/cases").status_code == 303
        assert pages.kept.links() == []

    def test_an_administrator_links_and_unlinks(self, pages: House, issuer: str) -> None:
        admin = at_home(pages.desk("administrator"))
        given = {"account": "bureau-officer", "provider": "house", "subject": "li"}
        assert admin.post("/register/links", data=given).status_code == 303
        assert "li" in admin.get("/register").text
        # The account has never had a password, and needs none.
        door = at_home(pages.door())
        assert self.comes_back(door, "login", "li").status_code == 303
        assert door.get("/cases").status_code == 200
        empty = {"account": "bureau-officer", "password": ""}
        assert at_home(pages.door()).post("/login", data=empty).status_code == 401
        gone = {"account": "bureau-officer", "end": f"{issuer} li"}
        assert admin.post("/register/links", data=gone).status_code == 303
        assert door.get("/cases").status_code == 303
        (removed, *_), by = pages.identities.notes("bureau-officer", 10), "administrator"
        assert (removed.account, removed.page.split(" ")[0]) == (by, "link-removed")

    def test_nobody_else_links_for_others(self, pages: House) -> None:
        desk = at_home(pages.desk("unit-filer"))
        given = {"account": "bureau-officer", "provider": "house", "subject": "li"}
        assert desk.post("/register/links", data=given).status_code == 404
        assert pages.kept.links() == []

    def test_where_one_may_only_look_one_logs_in_and_links_nothing(
        self, pages: House, opened: Place, tmp_path: Path, issuer: str
    ) -> None:
        """Given a service that is read-only next to one that is not, over the same logins."""
        desk = at_home(pages.desk("unit-filer"))
        leaving = desk.post(THROUGH, data={"purpose": "link"})
        begun = Elsewhere().logs_in(leaving.text, "zhang").removeprefix(ORIGIN)
        ways = ways_in(ORIGIN, provider(issuer))
        with house(opened, tmp_path, ways=ways, hosts=HOSTS, read_only=True) as looking:
            there = at_home(looking.door())
            there.cookies.update(desk.cookies)
            # When it is begun there, or begun elsewhere and ended there, nothing is linked.
            for answer in (there.post(THROUGH, data={"purpose": "link"}), there.get(begun)):
                assert answer.status_code == 403
                assert "只供查看，不能关联登录" in answer.text
            assert pages.kept.links() == []
            assert THROUGH not in there.get("/account").text
            # While who is linked logs in.
            self.comes_back(desk, "link")
            assert self.comes_back(at_home(looking.door()), "login").status_code == 303

    def test_it_proves_again_who_is_there(self, pages: House) -> None:
        desk = at_home(pages.desk("unit-filer"))
        self.comes_back(desk, "link")
        proved_long_ago(pages, desk)
        token = {"name": "x", "scope": "read", "days": "1"}
        assert desk.post("/account/tokens", data=token).status_code == 403
        assert self.comes_back(desk, "again").status_code == 303
        assert desk.post("/account/tokens", data=token).status_code == 201

    def test_somebody_else_there_proves_nothing(self, pages: House) -> None:
        desk = at_home(pages.desk("unit-filer"))
        self.comes_back(desk, "link")
        proved_long_ago(pages, desk)
        answer = self.comes_back(desk, "again", "somebody-else")
        assert "没有关联" in answer.text
        token = {"name": "x", "scope": "read", "days": "1"}
        assert desk.post("/account/tokens", data=token).status_code == 403

    def test_a_code_is_good_once_and_in_one_browser(self, pages: House) -> None:
        desk = at_home(pages.desk("unit-filer"))
        self.comes_back(desk, "link")
        mine, theirs = at_home(pages.door()), at_home(pages.door())
        theirs.post(THROUGH, data={"purpose": "login"})
        leaving = mine.post(THROUGH, data={"purpose": "login"})
        where = Elsewhere().logs_in(leaving.text, "zhang").removeprefix(ORIGIN)
        # It is brought to another browser, such as by a link that somebody is made to follow.
        assert theirs.get(where).status_code == 401
        assert mine.get(where).status_code == 303
        mine.post("/logout")
        assert mine.get(where).status_code == 401
        # Nor does the code help with a state of one's own: it was asked for with another verifier.
        leaving = mine.post(THROUGH, data={"purpose": "login"})
        code = parse_qs(urlsplit(Elsewhere().logs_in(leaving.text, "zhang")).query)["code"][0]
        other = theirs.post(THROUGH, data={"purpose": "login"})
        (state,) = re.findall(r"state=([\w-]+)", other.text)[:1]
        given = urlencode({"code": code, "state": state, "iss": self.issuer_of(pages)})
        assert theirs.get(f"{THROUGH}/back?{given}").status_code == 401

    @staticmethod
    def issuer_of(pages: House) -> str:
        return str(pages.app.state.office.oidc.providers["house"].issuer)


class TestAProviderThatLies:
    """Or one that somebody speaks for: nobody is let in."""

    @pytest.fixture
    def liar(self) -> Iterator[LyingProvider]:
        made = LyingProvider()
        yield made
        made.close()

    @pytest.fixture
    def pages(self, opened: Place, tmp_path: Path, liar: LyingProvider) -> Iterator[House]:
        other = provider("https://other.example", "other")
        ways = ways_in(ORIGIN, provider(liar.issuer), other)
        with house(opened, tmp_path, ways=ways, hosts=HOSTS) as made:
            admin = at_home(made.desk("administrator"))
            given = {"account": "unit-filer", "provider": "house", "subject": "somebody"}
            assert admin.post("/register/links", data=given).status_code == 303
            yield made

    def comes_back(
        self, browser: TestClient, liar: LyingProvider, purpose: str = "login", **query: str
    ) -> Response:
        leaving = browser.post(THROUGH, data={"purpose": purpose})
        if leaving.status_code != 200:
            return leaving
        told = leaving.text.replace("&amp;", "&")
        (state,), (liar.nonce,) = (
            re.findall(rf"[?&]{name}=([\w-]+)", told)[:1] for name in ("state", "nonce")
        )
        given = {"code": "any", "state": state, "iss": liar.issuer, **query}
        answer = browser.get(f"{THROUGH}/back?{urlencode(given)}")
        assert isinstance(answer, Response)
        return answer

    def test_the_truth_lets_in(self, pages: House, liar: LyingProvider) -> None:
        door = at_home(pages.door())
        assert self.comes_back(door, liar).status_code == 303
        assert len(liar.asked["code_verifier"]) >= 43
        assert liar.known_by.startswith("Basic ")

    @pytest.mark.parametrize(
        "lies",
        [
            Lies(claims={"aud": "another-service"}),
            Lies(claims={"aud": ["scoretrail", "another-service"]}),
            Lies(claims={"aud": None}),
            Lies(claims={"azp": "another-service"}),
            Lies(claims={"nonce": "another"}),
            Lies(claims={"nonce": None}),
            Lies(claims={"iss": "https://other.example"}),
            Lies(claims={"iss": None}),
            Lies(claims={"exp": 1_700_000_000}),
            Lies(claims={"exp": None}),
            Lies(claims={"iat": 4_000_000_000}),
            Lies(claims={"nbf": 4_000_000_000}),
            Lies(claims={"sub": ""}),
            Lies(claims={"sub": None}),
            Lies(claims={"sub": 7}),
            Lies(claims={"sub": "x" * 256}),
            Lies(claims={"sub": "some\0body"}),
            Lies(claims={"sub": "some\ud800body"}),
            Lies(claims={"sub": "nobody-here", "email": "unit-filer@reviews.example"}),
            Lies(alg="none"),
            Lies(alg="HS256"),
            Lies(key=ECKey.generate_key("P-256", {"kid": "one"})),
            Lies(answer=b'{"error": "invalid_grant"}'),
            Lies(answer=b'{"id_token": "x.y.z"}'),
            Lies(answer=b'{"id_token": 7}'),
            Lies(answer=b"[]"),
            Lies(answer=b"<html>"),
            Lies(answer=b'{"id_token": "' + b"x" * 2**21 + b'"}'),
            Lies(described={"issuer": "https://other.example"}),
            Lies(described={"token_endpoint": "http://id.example/token"}),
            Lies(described={"jwks_uri": "file:///etc/passwd"}),
            Lies(described={"jwks_uri": ""}),
            Lies(described={"jwks_uri": None}),
            Lies(described={"token_endpoint": "https://["}),
            Lies(described={"authorization_endpoint": None}),
            Lies(described={"authorization_endpoint": "http://id.example/auth"}),
            Lies(described={"authorization_endpoint": "javascript:alert(1)"}),
        ],
        ids=lambda lies: str(lies)[:60],
    )
    def test_a_lie_does_not(self, pages: House, liar: LyingProvider, lies: Lies) -> None:
        liar.lies, door = lies, at_home(pages.door())
        answer = self.comes_back(door, liar)
        assert answer.status_code == 401
        assert COOKIE not in answer.headers.get("set-cookie", "")
        assert "Traceback" not in answer.text
        assert door.get("/cases").status_code == 303

    @pytest.mark.parametrize(
        "query",
        [
            {"state": "guessed"},
            {"state": ""},
            {"iss": "https://other.example"},
            {"iss": ""},
            {"code": ""},
            {"error": "access_denied"},
        ],
        ids=str,
    )
    def test_nor_does_another_answer(
        self, pages: House, liar: LyingProvider, query: dict[str, str]
    ) -> None:
        assert self.comes_back(at_home(pages.door()), liar, **query).status_code == 401

    def test_nor_an_answer_without_its_issuer_where_it_says_to_name_it(
        self, pages: House, liar: LyingProvider
    ) -> None:
        door = at_home(pages.door())
        leaving = door.post(THROUGH, data={"purpose": "login"}).text.replace("&amp;", "&")
        (state,), (liar.nonce,) = (
            re.findall(rf"[?&]{name}=([\w-]+)", leaving)[:1] for name in ("state", "nonce")
        )
        answer = door.get(f"{THROUGH}/back?{urlencode({'code': 'any', 'state': state})}")
        assert answer.status_code == 401

    def test_nor_one_that_comes_back_by_another_provider(
        self, pages: House, liar: LyingProvider
    ) -> None:
        door = at_home(pages.door())
        leaving = door.post(THROUGH, data={"purpose": "login"}).text.replace("&amp;", "&")
        (state,) = re.findall(r"[?&]state=([\w-]+)", leaving)[:1]
        mixed_up = urlencode({"code": "any", "state": state, "iss": liar.issuer})
        assert door.get(f"/login/through/other/back?{mixed_up}").status_code == 401

    def test_nor_one_that_comes_too_late(self, pages: House, liar: LyingProvider) -> None:
        door = at_home(pages.door())
        leaving = door.post(THROUGH, data={"purpose": "login"}).text.replace("&amp;", "&")
        (state,), (liar.nonce,) = (
            re.findall(rf"[?&]{name}=([\w-]+)", leaving)[:1] for name in ("state", "nonce")
        )
        pages.clock.ahead += timedelta(minutes=11)
        given = urlencode({"code": "any", "state": state, "iss": liar.issuer})
        assert door.get(f"{THROUGH}/back?{given}").status_code == 401

    @pytest.mark.parametrize("auth_time", [None, 1_700_000_000, "now"])
    def test_who_logged_in_there_before_proves_nothing_now(
        self, pages: House, liar: LyingProvider, auth_time: object
    ) -> None:
        desk = at_home(pages.desk("unit-filer"))
        proved_long_ago(pages, desk)
        liar.lies = Lies(claims={"auth_time": auth_time})
        answer = self.comes_back(desk, liar, "again")
        assert (answer.status_code, "不属于本次登录" in answer.text) == (422, True)
        token = {"name": "x", "scope": "read", "days": "1"}
        assert desk.post("/account/tokens", data=token).status_code == 403

    def test_a_disabled_account_is_not_let_in(self, pages: House, liar: LyingProvider) -> None:
        pages.identities.disable("unit-filer")
        assert self.comes_back(at_home(pages.door()), liar).status_code == 401
        assert pages.kept.links() == []

    def test_linking_asks_for_the_password_and_for_the_same_session(
        self, pages: House, liar: LyingProvider
    ) -> None:
        desk = at_home(pages.desk("agency-reviewer"))
        liar.lies = Lies(claims={"sub": "another"})
        proved_long_ago(pages, desk)
        assert self.comes_back(desk, liar, "link").status_code == 403
        leaving = desk.post(THROUGH, data={"purpose": "link", "password": PASSWORD})
        told = leaving.text.replace("&amp;", "&")
        (state,), (liar.nonce,) = (
            re.findall(rf"[?&]{name}=([\w-]+)", told)[:1] for name in ("state", "nonce")
        )
        desk.post("/logout")
        given = {"account": "bureau-officer", "password": PASSWORD}
        pages.identities.give_password("bureau-officer", PASSWORD, initial=False)
        assert desk.post("/login", data=given).status_code == 303
        query = urlencode({"code": "any", "state": state, "iss": liar.issuer})
        answer = desk.get(f"{THROUGH}/back?{query}")
        assert (answer.status_code, "开始时的会话已结束" in answer.text) == (422, True)
        assert [link.account for link in pages.kept.links()] == ["unit-filer"]

    def test_one_person_has_one_account(self, pages: House, liar: LyingProvider) -> None:
        desk = at_home(pages.desk("agency-reviewer"))
        answer = self.comes_back(desk, liar, "link")
        assert "此人已关联账号" in answer.text
        assert [link.account for link in pages.kept.links()] == ["unit-filer"]


def test_a_provider_that_is_not_there_is_told(opened: Place, tmp_path: Path) -> None:
    away = provider("http://127.0.0.1:9")
    with house(opened, tmp_path, ways=ways_in(ORIGIN, away), hosts=HOSTS) as pages:
        answer = at_home(pages.door("en")).post(THROUGH, data={"purpose": "login"})
        assert (answer.status_code, "does not answer" in answer.text) == (401, True)
        assert at_home(pages.door()).post("/login/through/none", data={}).status_code == 400
