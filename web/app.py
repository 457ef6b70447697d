"""The application (网页服务): every address with the page or answer behind it, in one table."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import wraps
from typing import Final
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from application.outcome import Outcome, outcome_of
from application.place import LedgerPlace
from ledger.language import Language
from ledger.problem import Problem
from web.desk import COOKIE, HERE, Desk, NotLoggedIn, Office
from web.guard import Guard
from web.pages import acting, bridge, cases, evidence, indicator, log, login, sheet

Page = Callable[[Desk], Response]

STATUS: dict[Outcome, int] = {
    "refused": 422,
    "unusable": 400,
    "broken": 500,
    "conflict": 409,
    "unreachable": 503,
}
UNKNOWN: Final = {"unknown-case": 404}
OPEN_TO_NEWCOMERS: Final = {"/account", "/account/password", "/account/language", "/logout"}
"""What is there for somebody who has not yet chosen a password."""

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

PAGES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/login", login.form),
    ("POST", "/login", login.begin),
    ("POST", "/logout", login.end),
    ("GET", "/account", login.account),
    ("POST", "/account/password", login.change_password),
    ("POST", "/account/language", login.choose_language),
    ("GET", "/", cases.work),
    ("GET", "/cases", cases.listed),
    ("GET", "/cases/{case}", sheet.page),
    ("GET", "/cases/{case}/bridge", bridge.page),
    ("GET", "/cases/{case}/log", log.page),
    ("GET", "/cases/{case}/indicators/{row}", indicator.page),
    ("GET", "/cases/{case}/evidence/{sha256}", evidence.file),
    ("GET", "/cases/{case}/acts", acting.offered),
    ("GET", "/cases/{case}/acts/{do}", acting.form),
    ("POST", "/cases/{case}/acts/{do}", acting.record),
)


def create_app(
    place: LedgerPlace,
    clock: Callable[[], datetime],
    *,
    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost"}),
    read_only: bool = False,
) -> Starlette:
    """The pages over a ledger.

    Args:
        place: the ledger and what lies beside it.
        clock: aware of its zone.
        hosts: names that the service is called by.
        read_only: whether nothing may be recorded.
    """
    office = Office(place, clock)

    @asynccontextmanager
    async def open_as_long_as_it_serves(app: Starlette) -> AsyncIterator[None]:
        del app
        yield
        office.close()

    app = Starlette(
        routes=[
            *(Route(path, _answering(office, page), methods=[how]) for how, path, page in PAGES),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(Guard, hosts=hosts, read_only=read_only)],
        lifespan=open_as_long_as_it_serves,
    )
    app.state.office = office
    return app


def _answering(office: Office, page: Page) -> Callable[[Request], object]:
    """A page as the server calls it: in a thread, with the form that was sent read before."""

    @wraps(page)
    async def answer(request: Request) -> Response:
        form = await request.form() if request.method == "POST" else None
        request.state.form = form
        return await run_in_threadpool(_answer, office, page, request)

    return answer


def _answer(office: Office, page: Page, request: Request) -> Response:
    login = office.identities.who(request.cookies.get(COOKIE, ""))
    desk = Desk(office, request, login, language_of(request, login.language if login else None))
    if login and login.initial and request.url.path not in OPEN_TO_NEWCOMERS:
        return RedirectResponse("/account", 303)
    try:
        return page(desk)
    except NotLoggedIn:
        # Back to where one was, but never to an address that only takes what is sent to it.
        back = request.url.path if request.method == "GET" else "/"
        if request.method == "GET" and request.url.query:
            back += f"?{request.url.query}"
        return RedirectResponse(f"/login?next={quote(back)}", 303)
    except Problem as problem:
        return told(desk, problem)


def told(desk: Desk, problem: Problem) -> Response:
    """A page that says what went wrong."""
    status = UNKNOWN.get(problem.rule) or STATUS[outcome_of(problem)]
    return desk.page("problem.html", status, problem=problem)


def language_of(request: Request, chosen: str | None) -> Language:
    """The language of a request: as its address says, as the account chose, as the browser asks."""
    asked = request.query_params.get("lang") or chosen
    for language in LANGUAGES:
        if asked == language:
            return language
    wanted = request.headers.get("accept-language", "").lower()
    zh, en = wanted.find("zh"), wanted.find("en")
    return "en" if en >= 0 and (zh < 0 or en < zh) else "zh"
