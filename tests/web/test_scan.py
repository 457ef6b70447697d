"""A stranger at a running server: what they try, address by address, and find nothing by.

What they may find all the same is in the table of threats of `docs/security.md`.
"""

import os
import random
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.support.desks import PASSWORD, Later
from tests.support.places import Place
from tests.support.terminal import CASE
from web.api.routes import API
from web.app import PAGES
from web.desk import COOKIE
from web.guard import BODY_MAX, headers_of
from web.identity import Identities
from web.store import WebStore

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only("a process; its answers are those of all")]

NOWHERE: Final = "zhanjiang-amr-2099"
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECTED")
ROUTES: Final = sorted(
    {path for _, path, _ in PAGES} | {f"/api/v1{one.path}" for one in API} | {"/static/app.js"}
)
TO_ALL: Final = {"/openapi.json", "/static/app.js", *(one for one in ROUTES if "/tile/" in one)}
"""What is the same for everybody, and may be kept by anybody between."""
ELSEWHERE: Final = ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:x")
TELLS: Final = ("Traceback", "sqlalchemy", "sqlite3", "/site-packages/", "starlette", "uvicorn")


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    cookies: list[str]
    text: str


class Server:
    """A process of the service, and requests to it byte for byte as one wishes."""

    def __init__(self, address: str, process: int) -> None:
        self.host, self._process = urlsplit(address).netloc, process

    @property
    def spent(self) -> float:
        """Seconds that it has worked: a busy machine makes it wait, and not work."""
        told = Path(f"/proc/{self._process}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    def asked(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = HTTPConnection(self.host, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            told = {name.lower(): value for name, value in answer.getheaders()}
            cookies = [value for name, value in answer.getheaders() if name == "set-cookie"]
            return Answer(answer.status, told, cookies, text)
        finally:
            connection.close()

    def sent(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """A form of ours, from an address of one's own: limits are of each."""
        form = {
            "content_type": "application/x-www-form-urlencoded",
            "sec_fetch_site": "same-origin",
        }
        return self.asked("POST", path, urlencode(fields).encode(), **form, **headers)

    def raw(self, content: bytes) -> bytes:
        host, _, port = self.host.partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def session(self, account: str) -> str:
        answer = self.sent(
            "/login", {"account": account, "password": PASSWORD}, x_forwarded_for=_from()
        )
        (cookie,) = answer.cookies
        return cookie.partition(";")[0]


@pytest.fixture
def server(opened: Place) -> Iterator[Server]:
    logins = f"{opened.target}.web"
    kept = WebStore(logins)
    identities = Identities(kept, Later())
    for account in ("unit-filer", "agency-reviewer", "administrator"):
        identities.give_password(account, PASSWORD, initial=False)
    identities.give_password("bureau-officer", PASSWORD, initial=False)
    identities.disable("bureau-officer")
    kept.close()
    with _process(opened.target, logins) as server:
        yield server


@contextmanager
def _process(target: str, logins: str) -> Iterator[Server]:
    line = [sys.executable, "-m", "web", target, f"--logins={logins}", "--port=0", "--lang=en"]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    try:
        assert process.stdout is not None
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert found
        yield Server(found[0], process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _from() -> str:
    """An address that has asked for nothing yet."""
    return ".".join(str(random.randrange(1, 255)) for _ in range(4))  # noqa: S311 - no secret


def filled(path: str, case: str = CASE) -> str:
    """An address with something in each of its places."""
    path = path.replace("{case}", case).replace("{row}", "output-goals")
    return re.sub(r"{\w+(:path)?}", "none", path)


def test_every_answer_to_every_method_is_dressed_alike_and_tells_nothing(server: Server) -> None:
    cookie = server.session("unit-filer")
    for path in ROUTES:
        for method in METHODS:
            for held in ("", cookie):
                answer = server.asked(method, filled(path), cookie=held, x_forwarded_for=_from())
                where = f"{method} {path} {'in a session' if held else ''}"
                assert answer.status < 500, where
                for name, value in headers_of(path).items():
                    if name != "cache-control":
                        assert answer.headers.get(name) == value, f"{where}: {name}"
                kept = answer.headers["cache-control"]
                assert kept in {"no-store", "private, no-cache"} or path in TO_ALL, where
                unsaid = {"server", "x-powered-by", "access-control-allow-origin"}
                assert not unsaid & answer.headers.keys(), where
                kind = answer.headers.get("content-type", "")
                assert not kind.startswith("text/") or "charset=utf-8" in kind, where
                assert not [word for word in TELLS if word in answer.text], where
                for cookie_set in answer.cookies:
                    flags = {part.strip().lower() for part in cookie_set.split(";")[1:]}
                    assert cookie_set.startswith("__Host-"), where
                    assert {"secure", "httponly", "samesite=lax", "path=/"} <= flags, where
                if method not in {"GET", "HEAD", "POST"}:
                    assert answer.status in {403, 405, 429}, where
                if path.startswith("/logout"):
                    cookie = server.session("unit-filer")


def test_nobody_is_sent_elsewhere(server: Server) -> None:
    cookie = server.session("unit-filer")
    for path in ROUTES:
        for elsewhere in ELSEWHERE:
            query = f"{filled(path)}?{urlencode({'next': elsewhere, 'lang': elsewhere})}"
            answers = [
                server.asked("GET", query),
                server.asked("GET", f"/{quote(elsewhere)}"),
                server.asked("GET", elsewhere if elsewhere.startswith("/") else f"/{elsewhere}"),
            ]
            if path not in {"/logout", "/account/password"}:
                fields = {"next": elsewhere, "language": "zh"}
                answers.append(server.sent(filled(path), fields, cookie=cookie))
            for answer in answers:
                to = answer.headers.get("location", "/")
                assert to.startswith("/"), f"{path} {elsewhere}: {to}"
                assert not to.startswith(("//", "/\\")), f"{path} {elsewhere}: {to}"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1:80/?", "127.0.0.1@evil.example", "127.0.0.1:evil", "", "[::1]"],
)
def test_no_other_name_is_answered_for(server: Server, host: str) -> None:
    answer = server.raw(
        f"GET /login HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.split(b" ")[1] in {b"400", b"421"}, answer[:200]


def test_what_is_too_long_is_not_read(server: Server) -> None:
    for request in (
        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + b"x" * 200_000 + b"\r\n\r\n",
        (
            b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"
        ),
        (
            b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n"
        ),
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ):
        try:
            answer = server.raw(request)
        except OSError:  # closed while it was being sent
            continue
        assert answer == b"" or 400 <= int(answer.split(b" ")[1]) < 500, answer[:200]
    long = server.asked("POST", "/login", b"", content_length=str(BODY_MAX + 1))
    assert long.status == 413
    assert server.asked("GET", "/login").status == 200


def test_an_account_is_not_known_by_an_answer_or_by_its_time(server: Server) -> None:
    """There is one, there is none, and one may not log in any more."""
    told: dict[str, list[Answer]] = {}
    spent: dict[str, float] = {}
    for account in ("agency-reviewer", "unit-filer", "no-such-one", "bureau-officer"):
        before = server.spent
        fields = {"account": account, "password": "guessed-it"}
        for _ in range(9):  # the tenth meets the lock, of an unknown account as well
            answer = server.sent("/login", fields, x_forwarded_for=_from())
            told.setdefault(account, []).append(answer)
        spent[account] = server.spent - before
    shown = {
        (
            one.status,
            one.text.replace(account, ""),
            str({**one.headers, "date": "", "content-length": ""}),
        )
        for account, answers in told.items()
        for one in answers
    }
    assert len(shown) == 1
    del spent["agency-reviewer"]  # the first one warms it up
    assert max(spent.values()) < 1.3 * min(spent.values()) + 0.05, spent


def test_a_passkey_is_not_known_by_an_answer(server: Server) -> None:
    """Nor is it said whether an account has one: nobody is asked for an account."""
    asked = [
        server.sent("/login/challenge", {"purpose": "login", "account": account})
        for account in ("unit-filer", "no-such-one")
    ]
    assert [one.status for one in asked] == [400, 400] or len({len(one.text) for one in asked}) == 1
    for purpose in ("new", "again"):
        assert server.sent("/login/challenge", {"purpose": purpose}).status in {303, 400}


def test_a_case_is_not_known_by_an_answer_or_by_its_time(server: Server) -> None:
    cookie = server.session("administrator")  # who keeps the register and sees no case
    for path in [path for path in ROUTES if "{case}" in path]:
        said = []
        for case in (CASE, NOWHERE):
            answer = server.asked("GET", filled(path, case), cookie=cookie)
            headers = {**answer.headers, "date": ""}
            said.append(
                (answer.status, answer.text.replace(case, ""), str(headers).replace(case, ""))
            )
        assert said[0] == said[1], path
    spent = []
    for case in (CASE, NOWHERE):
        before = server.spent
        for _ in range(40):
            server.asked("GET", f"/cases/{case}", cookie=cookie)
        spent.append(server.spent - before)
    assert max(spent) < 1.3 * min(spent) + 0.05, spent


def test_no_address_breaks_by_what_is_sent_to_it(server: Server) -> None:
    """Bytes, signs of other languages of machines, and whatever a seed makes of them."""
    chance = random.Random(22)  # noqa: S311 - no secret
    bad = [
        *("'\"--", "{{7*7}}", "<script>alert(1)</script>", "../../etc/passwd", "%s%n", "\r\nx: y"),
        *("𝕏" * 300, "-1", "9" * 400, "null", "[]", "\ud7ff", "＇", "${jndi:x}", "\u202e"),
    ]
    names = (
        "q",
        "at",
        "known",
        "from",
        "to",
        "after",
        "before",
        "limit",
        "year",
        "form",
        "key",
        "do",
    )
    for path in ROUTES:
        for _ in range(3):
            # Wrong passwords at other addresses have locked that account by then.
            cookie = server.session("unit-filer") if path == "/logout" else _once(server)
            values = {name: chance.choice(bad) for name in chance.sample(names, 5)}
            place = re.sub(r"{\w+(:path)?}", lambda _: quote(chance.choice(bad), safe=""), path)
            for answer in (
                server.asked("GET", f"{filled(path)}?{urlencode(values)}", cookie=cookie),
                server.asked("GET", place, cookie=cookie),
                server.sent(filled(path), values, cookie=cookie, x_forwarded_for=_from()),
                server.asked(
                    "POST",
                    filled(path),
                    chance.randbytes(200),
                    cookie=cookie,
                    sec_fetch_site="same-origin",
                    content_type=chance.choice(
                        ["application/json", "multipart/form-data; boundary=x", "text/plain"]
                    ),
                    x_forwarded_for=_from(),
                ),
            ):
                assert answer.status < 500, f"{path} {values}: {answer.text[:300]}"
                is_page = answer.headers.get("content-type", "").startswith("text/html")
                assert not is_page or "<script>alert" not in answer.text, path
                assert "x" not in answer.headers, path


_SESSIONS: Final[dict[str, str]] = {}


def _once(server: Server) -> str:
    if server.host not in _SESSIONS:
        _SESSIONS[server.host] = server.session("agency-reviewer")
    return _SESSIONS[server.host]


def test_whoever_says_to_come_from_elsewhere_each_time_meets_the_lock_of_the_account(
    server: Server,
) -> None:
    """On the server's own machine anybody can say so; a proxy says whose address it is."""
    fields = {"account": "unit-filer", "password": "guessed-it"}
    answers = [server.sent("/login", fields, x_forwarded_for=_from()) for _ in range(11)]
    assert "too many" in answers[-1].text or "错误次数过多" in answers[-1].text


def test_a_session_is_not_had_by_guessing(server: Server) -> None:
    for guess in ("", "x", "A" * 43, "' OR 1=1 --", "%00"):
        answer = server.asked("GET", "/cases", cookie=f"{COOKIE}={guess}")
        assert answer.headers["location"].startswith("/login")
