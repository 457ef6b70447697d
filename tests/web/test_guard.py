"""What every request passes, and every answer carries."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.desks import HOST, OURS, House, house
from tests.support.places import Place
from tests.support.terminal import CASE
from web.guard import BODY_MAX, HEADERS, Limits


@pytest.fixture
def pages(opened: Place, tmp_path: Path) -> Iterator[House]:
    with house(opened, tmp_path) as made:
        yield made


PATHS = ("/login", "/", "/cases", f"/cases/{CASE}", "/cases/none", "/static/app.css", "/nothing")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(pages: House, path: str) -> None:
    answer = pages.desk("unit-filer").get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    kept = "no-store" if path == "/login" else "private, no-cache"
    assert answer.headers["cache-control"] == kept
    assert "server" not in answer.headers


def test_no_page_has_a_script_or_a_style_in_it(pages: House) -> None:
    desk = pages.desk("bureau-officer")
    for path in ("/", "/cases", f"/cases/{CASE}", f"/cases/{CASE}/log", f"/cases/{CASE}/acts"):
        text = desk.get(path).text
        assert "<script>" not in text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
    ],
)
def test_what_another_site_sends_is_not_done(pages: House, headers: dict[str, str]) -> None:
    desk = pages.desk("unit-filer")
    assert desk.post("/logout", headers=headers).status_code == 403
    assert desk.get("/").status_code == 200


def test_what_comes_with_a_cookie_and_does_not_say_from_where_is_not_done(pages: House) -> None:
    desk = pages.desk("unit-filer")
    del desk.headers["sec-fetch-site"]
    assert desk.post("/logout").status_code == 403


def test_an_older_browser_says_it_by_its_origin(pages: House) -> None:
    desk = pages.desk("unit-filer")
    del desk.headers["sec-fetch-site"]
    assert desk.post("/logout", headers={"origin": "https://127.0.0.1"}).status_code == 303


def test_no_other_name_is_made_to_lead_here(pages: House) -> None:
    answer = pages.door().get("/login", headers={"host": "evil.example"})
    assert answer.status_code == 421


def test_a_request_that_is_too_long_is_not_read(pages: House) -> None:
    desk = pages.desk("unit-filer")
    long = desk.post("/logout", headers={"content-length": str(BODY_MAX + 1)})
    assert long.status_code == 413


def test_where_nothing_may_be_done_one_may_look(opened: Place, tmp_path: Path) -> None:
    with house(opened, tmp_path, read_only=True) as made:
        desk = made.desk("unit-filer")
        assert desk.get(f"/cases/{CASE}").status_code == 200
        assert desk.post(f"/cases/{CASE}/acts/claim-score", data={"key": "a"}).status_code == 403
        assert desk.post("/logout").status_code == 303


def test_a_client_that_tries_too_often_waits(pages: House) -> None:
    door = pages.door()
    answers = [door.post("/login", data={"account": "x", "password": "y"}) for _ in range(25)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "60"


def test_what_flows_in_is_spent_and_comes_back() -> None:
    now = [0.0]
    limits = Limits(lambda: now[0])
    assert [limits.allow("one", 3) for _ in range(4)] == [True, True, True, False]
    assert limits.allow("another", 3)
    now[0] = 20
    assert [limits.allow("one", 3) for _ in range(2)] == [True, False]


def test_what_the_server_refuses_by_itself_is_said_in_the_words_of_the_pages(pages: House) -> None:
    broken = {"content-type": "multipart/form-data; boundary=a"}
    for language, words in (
        ("zh", ("没有这一页", "不接受这种请求", "无法读取")),
        ("en", ("no such page", "does not accept", "cannot be read")),
    ):
        desk, door = pages.desk("bureau-officer", language), pages.door(language)
        unknown, wrong_way = desk.get("/nothing"), desk.get("/logout")
        unreadable = desk.post("/upload", content=b"x", headers=broken)
        for answer, status, said in zip(
            (unknown, wrong_way, unreadable), (404, 405, 400), words, strict=True
        ):
            assert answer.status_code == status
            assert said in answer.text
        assert wrong_way.headers["allow"] == "POST"
        assert words[0] in door.get("/nothing").text
    problem = desk.get("/api/v1/nothing")
    assert problem.headers["content-type"] == "application/problem+json"
    assert (problem.status_code, problem.json()["title"]) == (404, "没有这一页。请检查网址。")


def test_what_fails_tells_nothing_and_carries_the_headers(
    pages: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError(CASE)

    monkeypatch.setattr(pages.identities.__class__, "who", fails)
    door = TestClient(pages.app, base_url=HOST, headers=OURS, raise_server_exceptions=False)
    answer = door.get("/cases")
    assert answer.status_code == 500
    assert CASE not in answer.text
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


IN_ADDRESSES = (
    *("/cases?q=%00", "/cases?after=%00", "/portfolio?unit=%00", "/portfolio/work?turn=%00"),
    *("/portfolio?after_case=%00&after_unit=%00", "/cases/%00", "/rubrics/%00/log"),
    *(f"/cases/{CASE}?at=%00", f"/cases/{CASE}/evidence/%00", "/api/v1/cases?q=%00"),
    *(f"/api/v1/cases/{CASE}/log?indicator=%00", "/problems/%00"),
)


@pytest.mark.parametrize("address", IN_ADDRESSES)
def test_a_zero_character_in_an_address_reaches_no_database(pages: House, address: str) -> None:
    """A server of PostgreSQL refuses it as if it were away."""
    assert pages.desk("agency-reviewer").get(address).status_code == 400


def test_a_zero_character_in_a_form_reaches_no_database(pages: House) -> None:
    desk = pages.desk("agency-reviewer", "en")
    for path, sent in (
        ("/login", {"data": {"account": "a\0", "password": "x"}}),
        ("/login", {"data": {"account": "a", "password\0": "x"}}),
        (f"/cases/{CASE}/acts/make-statement", {"data": {"key": "k", "statement": "a\0"}}),
        ("/upload/record", {"data": {"upload": "\0"}}),
        ("/drafts", {"json": {"form": "\0", "fields": {}}}),
    ):
        answer = desk.post(path, **sent)
        assert answer.status_code == 400, path
        assert path == "/drafts" or "cannot be read" in answer.text, path


def test_a_body_that_does_not_say_how_long_it_is_is_cut_off(pages: House) -> None:
    desk, piece = pages.desk("agency-reviewer"), b"x" * 2**20
    form, act = "application/x-www-form-urlencoded", f"/cases/{CASE}/acts/make-statement"
    for path, kind in (("/drafts", "application/json"), (act, form), ("/upload", "text/plain")):
        pieces = (piece for _ in range(BODY_MAX // len(piece) + 2))
        answer = desk.post(path, content=pieces, headers={"content-type": kind})
        assert answer.status_code in {413, 422}, path  # of what is no form nothing is read


@pytest.mark.parametrize("path", ["/login", "/account", "/register", "/register/log"])
def test_pages_about_accounts_are_kept_nowhere(pages: House, path: str) -> None:
    assert pages.desk("administrator").get(path).headers["cache-control"] == "no-store"
