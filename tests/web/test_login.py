"""Who gets in, for how long, and what a guess costs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import connect

import pytest

from tests.support.desks import PASSWORD, Clock, House, house
from tests.support.places import Place
from tests.support.terminal import CASE
from web.desk import COOKIE
from web.identity import Identities

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def pages(opened: Place, tmp_path: Path, clock: Clock) -> Iterator[House]:
    with house(opened, tmp_path, clock=clock) as made:
        yield made


def test_nobody_sees_a_page_before_saying_who_they_are(pages: House) -> None:
    answer = pages.door().get("/cases/zhanjiang-amr-2023?at=v3")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/cases/zhanjiang-amr-2023%3Fat%3Dv3"


def test_whoever_logs_in_is_where_they_wanted_to_be(pages: House) -> None:
    pages.identities.give_password("unit-filer", PASSWORD, initial=False)
    given = {"account": "unit-filer", "password": PASSWORD, "next": "/cases"}
    answer = pages.door().post("/login", data=given)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    "elsewhere",
    [
        *(
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "x",
            "/%2f/evil.example",
            "/nowhere",
        ),
        *("/logout", "/account/password", "/drafts", "/api/v1/cases", "/static/app.js"),
    ],
)
def test_a_login_leads_nowhere_else(pages: House, elsewhere: str) -> None:
    pages.identities.give_password("unit-filer", PASSWORD, initial=False)
    given = {"account": "unit-filer", "password": PASSWORD, "next": elsewhere}
    assert pages.door().post("/login", data=given).headers["location"] == "/"


def test_an_unknown_account_and_a_wrong_password_are_told_alike(pages: House) -> None:
    pages.identities.give_password("unit-filer", PASSWORD, initial=False)
    door = pages.door("en")
    wrong = door.post("/login", data={"account": "unit-filer", "password": "guessed-it"})
    nobody = door.post("/login", data={"account": "unit-filex", "password": "guessed-it"})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.text.replace("unit-filer", "") == nobody.text.replace("unit-filex", "")


@pytest.mark.parametrize("account", ["unit-filer", "nobody-at-all"])
def test_after_ten_guesses_nobody_gets_in_for_a_quarter_of_an_hour(
    pages: House, clock: Clock, account: str
) -> None:
    pages.identities.give_password("unit-filer", PASSWORD, initial=False)
    door = pages.door("en")
    for _ in range(10):
        assert door.post("/login", data={"account": account, "password": "x"}).status_code == 401
    locked = door.post("/login", data={"account": account, "password": PASSWORD})
    assert locked.status_code == 401
    assert "try again in 15 minutes" in locked.text
    clock.moment += timedelta(minutes=15)
    later = door.post("/login", data={"account": account, "password": PASSWORD})
    assert later.status_code == (303 if account == "unit-filer" else 401)


def test_a_session_ends_after_half_an_hour_of_nothing(pages: House, clock: Clock) -> None:
    desk = pages.desk("unit-filer")
    for _ in range(4):
        clock.moment += timedelta(minutes=20)
        assert desk.get("/").status_code == 200
    clock.moment += timedelta(minutes=31)
    assert desk.get("/").headers["location"].startswith("/login")


def test_a_page_that_asks_for_news_by_itself_keeps_no_session(pages: House, clock: Clock) -> None:
    desk = pages.desk("unit-filer")
    for _ in range(3):
        assert desk.get(f"/api/v1/cases/{CASE}/head").status_code == 200
        clock.moment += timedelta(minutes=11)
    assert desk.get(f"/api/v1/cases/{CASE}/head").status_code == 401
    assert desk.get("/").status_code == 303


def test_a_session_ends_after_twelve_hours_whatever_is_done(pages: House, clock: Clock) -> None:
    desk = pages.desk("unit-filer")
    for _ in range(36):
        clock.moment += timedelta(minutes=20)
        assert desk.get("/").status_code == 200
    clock.moment += timedelta(minutes=1)
    assert desk.get("/").status_code == 303


def test_whoever_logs_out_is_out_with_the_same_cookie_too(pages: House) -> None:
    desk = pages.desk("unit-filer")
    cookies = dict(desk.cookies)
    desk.post("/logout")
    again = pages.door()
    again.cookies.update(cookies)
    assert again.get("/").status_code == 303


def test_whoever_may_not_log_in_any_more_is_out_at_once(pages: House) -> None:
    desk = pages.desk("unit-filer")
    assert pages.identities.disable("unit-filer")
    assert desk.get("/").status_code == 303
    given = {"account": "unit-filer", "password": PASSWORD}
    assert pages.door().post("/login", data=given).status_code == 401


def test_a_first_password_is_changed_before_anything_else(pages: House) -> None:
    pages.identities.give_password("unit-filer", PASSWORD, initial=True)
    door = pages.door("en")
    door.post("/login", data={"account": "unit-filer", "password": PASSWORD})
    assert door.get("/cases").headers["location"] == "/account"
    assert door.get("/api/v1/cases").status_code == 401
    short = door.post("/account/password", data={"old": PASSWORD, "password": "short"})
    assert (short.status_code, "at least 10 characters" in short.text) == (422, True)
    same = door.post("/account/password", data={"old": PASSWORD, "password": PASSWORD})
    assert (same.status_code, "is the present one" in same.text) == (422, True)
    new = {"old": PASSWORD, "password": "a-better-one"}
    assert door.post("/account/password", data=new).headers["location"] == "/login"
    assert door.get("/").status_code == 303  # every session has ended
    door.post("/login", data={"account": "unit-filer", "password": "a-better-one"})
    assert door.get("/cases").status_code == 200


def test_an_account_that_the_register_does_not_have_sees_nothing(pages: House) -> None:
    desk = pages.desk("ghost")
    assert desk.get("/cases").headers["location"].startswith("/login")


def test_neither_passwords_nor_tokens_can_be_read_from_what_is_kept(
    pages: House, tmp_path: Path
) -> None:
    Identities(pages.kept, pages.clock).give_password("unit-filer", PASSWORD, initial=False)
    desk = pages.desk("unit-filer")
    token = desk.cookies[COOKIE]
    kept = connect(tmp_path / "logins")
    kept.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept.close()
    stored = (tmp_path / "logins").read_bytes()
    assert PASSWORD.encode() not in stored
    assert token.encode() not in stored
    assert b"$argon2id$v=19$m=19456,t=2,p=1$" in stored  # what OWASP asks at least
    assert (tmp_path / "logins").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "common", ["1234567890", "password123", "P@ssw0rd123", "qwertyuiop[]", "aaaaaaaaaaaa"]
)
@pytest.mark.parametrize(
    ("language", "words"), [("zh", "太常见或太容易猜到"), ("en", "common or easily guessed")]
)
def test_a_password_that_many_would_try_is_refused(
    pages: House, common: str, language: str, words: str
) -> None:
    desk = pages.desk("unit-filer", language)
    refused = desk.post("/account/password", data={"old": PASSWORD, "password": common})
    assert (refused.status_code, words in refused.text) == (422, True)
    assert pages.desk("unit-filer").get("/cases").status_code == 200  # the old one still holds


@pytest.mark.parametrize("given", ["湛江渔港的旧灯塔夜里亮", "three boats under snow" * 10])
def test_a_password_of_several_words_is_taken_however_long(pages: House, given: str) -> None:
    pages.desk("unit-filer").post("/account/password", data={"old": PASSWORD, "password": given})
    answer = pages.door().post("/login", data={"account": "unit-filer", "password": given})
    assert answer.status_code == 303
