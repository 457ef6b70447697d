"""Passkeys that log in: added, used, proven with again, removed, and attacked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.desks import PASSWORD, House, house
from tests.support.passkeys import PRESENT
from tests.support.places import Place
from tests.support.ways_in import ORIGIN, Holder, at_home, key
from web.desk import COOKIE, VISITOR
from web.ways_in import ways_in

pytestmark = pytest.mark.server_sample(6)

HOSTS = frozenset({"127.0.0.1", "reviews.example"})


@pytest.fixture
def pages(opened: Place, tmp_path: Path) -> Iterator[House]:
    with house(opened, tmp_path, ways=ways_in(ORIGIN), hosts=HOSTS) as made:
        yield made


def holder(pages: House, account: str = "unit-filer", name: bytes = b"a login") -> Holder:
    """Somebody at their desk, who has added a passkey."""
    made = Holder(at_home(pages.desk(account)), key(name))
    answer = made.adds()
    assert answer.status_code == 303, answer.text
    return made


def stranger(pages: House, known: Holder) -> Holder:
    """The same passkey in a browser in which nobody has logged in."""
    return Holder(at_home(pages.door()), known.key)


def notes(pages: House, account: str = "unit-filer") -> list[str]:
    return [one.page for one in pages.identities.notes(account, 100)]


def test_a_passkey_logs_its_account_in(pages: House) -> None:
    given = holder(pages)
    at_the_door = stranger(pages, given)
    page = at_the_door.browser.get("/login")
    assert "用通行密钥登录" in page.text
    answer = at_the_door.logs_in(next="/cases")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert at_the_door.browser.get("/cases").status_code == 200
    assert notes(pages)[:2] == ["login passkey 办公室", "passkey-added 办公室"]
    account = at_the_door.browser.get("/account").text
    assert "最近使用" in account
    assert "添加通行密钥 办公室" in account


def test_its_session_has_the_cookie_of_any_other(pages: House) -> None:
    at_the_door = stranger(pages, holder(pages))
    at_the_door.asked("login")
    at_the_door.browser.get("/login")
    answer = at_the_door.logs_in()
    flags = set(answer.headers["set-cookie"].split("; "))
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= flags


def test_the_page_says_that_it_signs_nothing(pages: House) -> None:
    desk = at_home(pages.desk("unit-filer", "en"))
    text = desk.get("/account").text
    assert "opens these pages and signs nothing that is recorded" in text
    assert "A passkey here signs what you do, and logs nobody in" in text


class TestStepUp:
    """Who has a passkey proves with it who they are, and need not remember a password."""

    def test_it_stands_in_for_the_password(self, pages: House) -> None:
        given = holder(pages)
        pages.clock.ahead += timedelta(minutes=11)
        asked = {"name": "x", "scope": "read", "days": "1"}
        refused = given.browser.post("/account/tokens", data=asked)
        assert refused.status_code == 403
        assert 'href="/again"' in given.browser.get("/account").text
        assert given.proves().status_code == 303
        assert given.browser.post("/account/tokens", data=asked).status_code == 201

    def test_the_password_does_on_the_same_page(self, pages: House) -> None:
        desk = at_home(pages.desk("unit-filer"))
        pages.clock.ahead += timedelta(minutes=11)
        wrong = desk.post("/again", data={"password": "guessed-it"})
        assert wrong.status_code == 403
        assert desk.post("/again", data={"password": PASSWORD}).status_code == 303
        asked = {"name": "x", "scope": "read", "days": "1"}
        assert desk.post("/account/tokens", data=asked).status_code == 201

    def test_a_session_goes_on_by_another_token(self, pages: House) -> None:
        desk = at_home(pages.desk("unit-filer"))
        before = desk.cookies[COOKIE]
        desk.post("/again", data={"password": PASSWORD})
        assert desk.cookies[COOKIE] != before
        assert desk.get("/account").status_code == 200
        old = at_home(pages.door())
        old.cookies.update({COOKIE: before})
        assert old.get("/account").status_code == 303

    def test_adding_one_asks_for_it(self, pages: House) -> None:
        desk = Holder(at_home(pages.desk("unit-filer")), key())
        pages.clock.ahead += timedelta(minutes=11)
        assert desk.adds().status_code == 403
        assert pages.kept.passkeys_of("unit-filer") == []
        assert desk.adds(password=PASSWORD).status_code == 303

    def test_removing_one_asks_for_it_and_ends_the_other_sessions(self, pages: House) -> None:
        given, elsewhere = holder(pages), pages.desk("unit-filer")
        pages.clock.ahead += timedelta(minutes=11)
        gone = {"passkey": given.key.credential}
        assert given.browser.post("/account/ways/end", data=gone).status_code == 403
        assert elsewhere.get("/account").status_code == 200
        proven = {**gone, "password": PASSWORD}
        assert given.browser.post("/account/ways/end", data=proven).status_code == 303
        assert pages.kept.passkeys_of("unit-filer") == []
        assert elsewhere.get("/account").status_code == 303
        assert given.browser.get("/account").status_code == 200


class TestNobodyGetsIn:
    """By what is not the answer of a passkey of the account to a question of this browser's."""

    def test_by_an_answer_that_was_given_before(self, pages: House) -> None:
        at_the_door = stranger(pages, holder(pages))
        given = at_the_door.answers(at_the_door.asked("login"))
        assert at_the_door.browser.post("/login/passkey", data=given).status_code == 303
        at_the_door.browser.post("/logout", headers={"origin": ORIGIN})
        assert at_the_door.browser.post("/login/passkey", data=given).status_code == 401

    def test_by_an_answer_to_what_another_browser_was_asked(self, pages: House) -> None:
        given = holder(pages)
        here, there = stranger(pages, given), stranger(pages, given)
        asked = here.asked("login")
        there.asked("login")
        assert there.browser.post("/login/passkey", data=here.answers(asked)).status_code == 401
        assert here.browser.post("/login/passkey", data=here.answers(asked)).status_code == 303

    def test_by_an_answer_without_a_question(self, pages: House) -> None:
        at_the_door = stranger(pages, holder(pages))
        given = at_the_door.answers({"id": "guessed", "text": "scoretrail-login/1\n"})
        assert at_the_door.browser.post("/login/passkey", data=given).status_code == 401

    def test_by_an_answer_that_comes_too_late(self, pages: House) -> None:
        at_the_door = stranger(pages, holder(pages))
        given = at_the_door.answers(at_the_door.asked("login"))
        pages.clock.ahead += timedelta(minutes=11)
        assert at_the_door.browser.post("/login/passkey", data=given).status_code == 401

    def test_by_an_answer_to_another_purpose(self, pages: House) -> None:
        given = holder(pages)
        asked = given.asked("again")
        given.browser.cookies.set(VISITOR, given.browser.cookies[COOKIE])
        answer = given.browser.post("/login/passkey", data=given.answers(asked))
        assert answer.status_code == 401

    @pytest.mark.parametrize(
        "otherwise",
        [
            {"origin": "https://reviews.example.evil.example"},
            {"origin": "http://reviews.example"},
            {"site": "evil.example"},
            {"flags": PRESENT},
            {"flags": 0},
            {"client": {"crossOrigin": True}},
            {"client": {"type": "webauthn.create"}},
            {"asked": "scoretrail-command/1\n"},
        ],
        ids=str,
    )
    def test_by_what_was_stated_elsewhere_or_otherwise(
        self, pages: House, otherwise: dict[str, Any]
    ) -> None:
        at_the_door = stranger(pages, holder(pages))
        at_the_door.key = at_the_door.key.lying(**otherwise)
        assert at_the_door.logs_in().status_code == 401
        assert at_the_door.browser.get("/cases").status_code == 303

    def test_by_the_passkey_of_another_account(self, pages: House) -> None:
        mine, theirs = holder(pages), holder(pages, "bureau-officer", b"another")
        # It lets in its own account, whatever account the browser says that it is of.
        at_the_door = stranger(pages, theirs)
        assert at_the_door.logs_in("unit-filer").status_code == 401
        # And the name of one is worth nothing with the signature of the other.
        taken = at_the_door.logs_in("unit-filer", credential=mine.key.credential)
        assert taken.status_code == 401
        # Nor does it prove for somebody else's session who is there.
        pages.clock.ahead += timedelta(minutes=11)
        theirs_here = Holder(mine.browser, theirs.key)
        assert theirs_here.proves("bureau-officer").status_code == 403

    def test_by_one_that_was_removed(self, pages: House) -> None:
        given = holder(pages)
        given.browser.post("/account/ways/end", data={"passkey": given.key.credential})
        assert stranger(pages, given).logs_in().status_code == 401
        assert notes(pages)[0] == "passkey-removed 办公室"

    def test_by_one_that_somebody_else_wants_removed(self, pages: House) -> None:
        given, other = holder(pages), pages.desk("bureau-officer")
        other.post("/account/ways/end", data={"passkey": given.key.credential})
        assert stranger(pages, given).logs_in().status_code == 303

    def test_by_a_copy(self, pages: House) -> None:
        given = holder(pages)
        at_the_door = stranger(pages, given)
        at_the_door.key = replace(given.key, count=9000)
        assert at_the_door.logs_in().status_code == 303
        copy = stranger(pages, given)
        copy.key = replace(given.key, count=8999)
        answer = copy.logs_in()
        assert (answer.status_code, "可能已被复制" in answer.text) == (401, True)
        assert notes(pages)[0] == "passkey-copied 办公室"

    def test_by_that_of_a_disabled_account(self, pages: House) -> None:
        given = holder(pages)
        pages.identities.disable("unit-filer")
        assert stranger(pages, given).logs_in().status_code == 401
        # And it does not come back with a password that is given out later.
        pages.identities.give_password("unit-filer", PASSWORD, initial=True)
        assert stranger(pages, given).logs_in().status_code == 401

    def test_after_a_restore(self, pages: House) -> None:
        given = holder(pages)
        pages.kept.disable_all()
        pages.identities.give_password("unit-filer", PASSWORD, initial=False)
        assert stranger(pages, given).logs_in().status_code == 401

    def test_by_a_key_that_signs_for_the_record(self, pages: House) -> None:
        at_the_door = Holder(at_home(pages.door()), key(b"of the record"))
        assert at_the_door.logs_in().status_code == 401


class TestNoneIsAdded:
    """That was not made on these pages, just now, by somebody whom it knows."""

    @pytest.mark.parametrize(
        "otherwise",
        [
            {"origin": "https://evil.example"},
            {"site": "evil.example"},
            {"flags": PRESENT},
            {"client": {"type": "webauthn.get"}},
            {"asked": "another text"},
        ],
        ids=str,
    )
    def test_as_it_is_stated(self, pages: House, otherwise: dict[str, Any]) -> None:
        desk = Holder(at_home(pages.desk("unit-filer")), key().lying(**otherwise))
        assert desk.adds().status_code == 422
        assert pages.kept.passkeys_of("unit-filer") == []

    @pytest.mark.parametrize(
        "otherwise",
        [
            {"attempt": "guessed"},
            {"credential": "bm9uZQ=="},
            {"credential": ""},
            {"public": "bm9uZQ=="},
            {"authenticator": ""},
            {"authenticator": "!"},
            {"client": "e30="},
            {"name": " "},
            {"name": "x" * 101},
        ],
        ids=str,
    )
    def test_as_it_is_sent(self, pages: House, otherwise: dict[str, str]) -> None:
        desk = Holder(at_home(pages.desk("unit-filer")), key())
        assert desk.adds(**otherwise).status_code == 422
        assert pages.kept.passkeys_of("unit-filer") == []

    def test_twice(self, pages: House) -> None:
        given = holder(pages)
        again = Holder(at_home(pages.desk("bureau-officer")), given.key)
        assert again.adds().status_code == 422
        assert pages.kept.passkeys_of("bureau-officer") == []

    def test_by_nobody(self, pages: House) -> None:
        door = at_home(pages.door())
        asked = door.post("/login/challenge", data={"purpose": "new"})
        assert asked.status_code == 303
        assert door.post("/account/ways/passkey", data={}).status_code == 303


def test_where_none_are_set_up_none_are_offered(opened: Place, tmp_path: Path) -> None:
    with house(opened, tmp_path) as pages:
        door = pages.door()
        assert "通行密钥" not in door.get("/login").text
        assert door.post("/login/challenge", data={"purpose": "login"}).status_code == 400
        assert "/account/ways/passkey" not in pages.desk("unit-filer").get("/account").text
