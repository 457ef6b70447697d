"""The application (网页服务): every address with the page or answer behind it, in one table."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial, wraps
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from application.place import LedgerPlace
from application.to_sign import ToBeSigned
from ledger.language import Language, Text
from ledger.problem import Problem
from ledger.values import Invalid
from web.api import openapi, problems, rules
from web.api.routes import API
from web.desk import COOKIE, HERE, Desk, NotLoggedIn, Office, with_session
from web.guard import Guard
from web.identity import Identities, Login
from web.pages import (
    accesses,
    acting,
    assigning,
    assigning_cases,
    bridge,
    by_list,
    calendar,
    cases,
    checks,
    comparison,
    deadlines,
    drafts,
    evidence,
    health,
    hooks,
    indicator,
    log,
    login,
    materials,
    papers,
    parquet,
    passkeys,
    portfolio,
    providers,
    rectification,
    register,
    rubric_draft,
    rubrics,
    search,
    several,
    shared,
    sheet,
    sign,
    table,
    tokens,
    uploading,
    ways_in,
)
from web.store import LoginsAway, WebStore
from web.tokens import TokenRefused
from web.ways_in import WaysIn

Page = Callable[[Desk], Response]


class Asking(NamedTuple):
    """How an address is asked for.

    Attributes:
        is_open: whether nobody need be logged in.
        is_poll: whether pages ask for it by themselves, again and again.
        is_feed: whether what it gives is cut to the cases that a token names.
        route: the address, with the names of what differs.
    """

    is_open: bool = False
    is_poll: bool = False
    is_feed: bool = False
    route: str = ""


OPEN_TO_ALL: Final = {
    *("/login", "/login/challenge", "/login/passkey", "/logout"),
    *("/login/through/{provider}", "/login/through/{provider}/back"),
    *("/openapi.json", "/problems/{rule}", "/health/live", "/health/ready"),
    *("/deadlines/{secret}", "/shared/{secret}"),
}
"""What is there for somebody who has not logged in. Anything without a line here asks who it is."""

OPEN_TO_NEWCOMERS: Final = {"/account", "/account/password", "/account/language", "/logout"}
"""What is there for somebody who has not yet chosen a password."""

NOBODY: Final = Invalid("请先登录", "log in first", rule="not-logged-in")
NEWCOMER: Final = Invalid(
    "请先修改初始密码", "change your initial password first", rule="not-logged-in"
)
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

PAGES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/login", login.form),
    ("POST", "/login", login.begin),
    ("POST", "/login/challenge", ways_in.challenge),
    ("POST", "/login/passkey", ways_in.begin_with_passkey),
    ("POST", "/login/through/{provider}", providers.leave),
    ("GET", "/login/through/{provider}/back", providers.back),
    ("POST", "/logout", login.end),
    ("GET", "/again", ways_in.again),
    ("POST", "/again", ways_in.prove_with_password),
    ("POST", "/again/passkey", ways_in.prove_with_passkey),
    ("GET", "/account", login.account),
    ("POST", "/account/password", login.change_password),
    ("POST", "/account/language", login.choose_language),
    ("POST", "/account/sessions", login.end_session),
    ("POST", "/account/passkeys", passkeys.enrol),
    ("POST", "/account/ways/passkey", ways_in.add_passkey),
    ("POST", "/account/ways/end", ways_in.end),
    ("POST", "/account/tokens", tokens.make),
    ("POST", "/account/tokens/end", tokens.end),
    ("GET", "/health/live", health.live),
    ("GET", "/health/ready", health.ready),
    ("GET", "/deadlines/{secret}", deadlines.by_address),
    ("GET", "/shared/{secret}", shared.by_address),
    ("GET", "/hooks", hooks.page),
    ("POST", "/hooks", hooks.make),
    ("POST", "/hooks/change", hooks.change),
    ("GET", "/", cases.work),
    ("GET", "/register", register.page),
    ("GET", "/register/log", log.of_register),
    ("POST", "/register/login", register.login),
    ("GET", "/register/tokens", tokens.of_programs),
    ("POST", "/register/tokens", tokens.make_for_program),
    ("POST", "/register/tokens/end", tokens.end_for_program),
    ("POST", "/register/links", providers.link_for),
    ("GET", "/acts/{do}", acting.form),
    ("POST", "/acts/{do}", acting.record),
    ("GET", "/calendar", calendar.page),
    ("GET", "/cases", cases.listed),
    ("GET", "/cases/{case}", sheet.page),
    ("GET", "/cases/{case}/bridge", bridge.page),
    ("GET", "/cases/{case}/log", log.page),
    ("POST", "/cases/{case}/log", log.since),
    ("GET", "/cases/{case}/accesses", accesses.page),
    ("GET", "/cases/{case}/checks", checks.page),
    ("GET", "/cases/{case}/materials", materials.page),
    ("GET", "/cases/{case}/rectification", rectification.page),
    ("GET", "/cases/{case}/papers", papers.page),
    ("GET", "/cases/{case}/shared", shared.form),
    ("POST", "/cases/{case}/shared", shared.make),
    ("GET", "/cases/{case}/documents/{name}", papers.document),
    ("GET", "/cases/{case}/receipts/{name}", papers.receipt),
    ("GET", "/cases/{case}/dossiers/{name}", papers.dossier),
    ("GET", "/cases/{case}/indicators/{row}", indicator.page),
    ("GET", "/cases/{case}/evidence/{sha256}", evidence.file),
    ("GET", "/search", search.page),
    ("GET", "/portfolio", portfolio.page),
    ("GET", "/portfolio/compare", comparison.page),
    ("GET", "/portfolio/parquet", parquet.download),
    ("GET", "/portfolio/{view}", portfolio.page),
    ("GET", "/rubrics", rubrics.listed),
    ("GET", "/rubrics/{rubric}", rubrics.page),
    ("GET", "/rubrics/{rubric}/difference", rubrics.difference),
    ("GET", "/rubrics/{rubric}/log", log.of_rubric),
    ("GET", "/rubric-draft", rubric_draft.form),
    ("POST", "/rubric-draft", rubric_draft.look_over),
    ("POST", "/rubric-draft/check", rubric_draft.correct),
    ("GET", "/assign", assigning_cases.page),
    ("POST", "/assign", assigning_cases.record),
    ("GET", "/cases/{case}/assign", assigning.page),
    ("POST", "/cases/{case}/assign", assigning.record),
    ("GET", "/cases/{case}/confirm", several.page_of(several.CONFIRM)),
    ("POST", "/cases/{case}/confirm", several.recorder_of(several.CONFIRM)),
    ("GET", "/cases/{case}/countersign", several.page_of(several.COUNTERSIGN)),
    ("POST", "/cases/{case}/countersign", several.recorder_of(several.COUNTERSIGN)),
    ("GET", "/lists/{name}", by_list.empty_list),
    ("GET", "/upload/list", by_list.page),
    ("POST", "/upload/list", by_list.look_over),
    ("POST", "/upload/list/record", by_list.record),
    ("GET", "/upload/list/report/{upload}", by_list.report),
    ("GET", "/upload", uploading.form),
    ("POST", "/upload", uploading.look_over),
    ("POST", "/upload/record", uploading.record),
    ("GET", "/cases/{case}/forms/{kind}", uploading.empty_form),
    ("GET", "/openapi.json", openapi.page),
    ("GET", "/problems/{rule}", rules.page),
    ("POST", "/drafts", drafts.keep),
    ("GET", "/cases/{case}/table", table.form),
    ("POST", "/cases/{case}/table", table.look_over),
    ("POST", "/cases/{case}/table/record", table.record),
    ("GET", "/cases/{case}/table/filled/{upload}", table.filled_in),
    ("GET", "/cases/{case}/acts", acting.offered),
    ("GET", "/cases/{case}/acts/{do}", acting.form),
    ("POST", "/cases/{case}/acts/{do}", acting.record),
)


def create_app(  # noqa: PLR0913 - what is served, and how
    place: LedgerPlace,
    kept: WebStore,
    clock: Callable[[], datetime],
    *,
    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost"}),
    read_only: bool = False,
    ways: WaysIn | None = None,
    identities: Identities | None = None,
) -> Starlette:
    """The pages over a ledger.

    Args:
        place: the ledger and what is next to it.
        kept: logins, sessions and drafts; closed at the end.
        clock: aware of its zone.
        hosts: names that the service is called by.
        read_only: whether nothing may be recorded.
        ways: in, besides a password, if any.
        identities: who may log in, where not as `kept` and `clock` alone make them.
    """
    office = Office(place, kept, clock, ways, read_only=read_only, identities=identities)

    @asynccontextmanager
    async def open_as_long_as_it_serves(app: Starlette) -> AsyncIterator[None]:
        del app
        yield
        office.close()

    app = Starlette(
        routes=[
            *(  # the polls first: they are asked for more often than all others
                Route(path, _answering(office, each.answer, asking), methods=[each.method])
                for each in sorted(API, key=lambda each: not each.poll)
                for path in (f"/api/v1{each.path}",)
                for asking in (Asking(each.open, each.poll, each.feed, path),)
            ),
            *(
                Route(
                    path,
                    _answering(office, page, Asking(path in OPEN_TO_ALL, route=path)),
                    methods=[how],
                )
                for how, path, page in PAGES
            ),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(Guard, hosts=hosts, read_only=read_only)],
        exception_handlers={HTTPException: _said_by(office)},
        lifespan=open_as_long_as_it_serves,
    )
    app.state.office = office
    return app


NO_PAGE: Final = Text("没有这一页。请检查网址。", "There is no such page. Check the address.")
NOT_SO: Final = Text(
    "该网址不接受这种请求。请从页面上办理。",
    "This address does not accept such a request. Use the pages.",
)
TOO_LARGE: Final = Text(
    "提交的内容超过 20 MB。请减少或分次提交。",
    "What was sent is larger than 20 MB. Send less at a time.",
)
UNREADABLE: Final = Text(
    "提交的内容无法读取。请返回后重新提交。",
    "What was sent cannot be read. Go back and send it again.",
)


def _said_by(office: Office) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What the server itself refuses, such as an unknown address, in the words of the pages."""

    async def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
        of_status = {
            HTTPStatus.NOT_FOUND: NO_PAGE,
            HTTPStatus.METHOD_NOT_ALLOWED: NOT_SO,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_LARGE,
        }
        text = of_status.get(HTTPStatus(status), UNREADABLE)
        request.state.form = request.state.body = None
        request.state.is_poll = False

        def page(desk: Desk) -> Response:
            if request.url.path.startswith("/api/"):
                return problems.answer(status, "", *text)
            return desk.page("problem.html", status, problem=Invalid(*text))

        said = await run_in_threadpool(_answer, office, page, request, Asking(is_open=True))
        said.headers.update(getattr(error, "headers", None) or {})  # such as Allow of 405
        return said

    return answer


def _answering(office: Office, page: Page, asking: Asking) -> Callable[[Request], object]:
    """A page as the server calls it: in a thread, with the form that was sent read before.

    A poll of what is at hand waits for nothing, and a thread would cost more than its answer.
    """

    @wraps(page)
    async def answer(request: Request) -> Response:
        state, kind = request.state, request.headers.get("content-type", "")
        state.form, state.body = None, None
        state.route, state.is_poll = asking.route, asking.is_poll
        if request.method == "POST":
            try:
                if kind.startswith("application/json") or request.url.path.startswith("/api/"):
                    state.body = await request.body()
                else:
                    state.form = await request.form()
            except ClientDisconnect:  # the guard has cut it off
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE) from None
            if any("\0" in text for text in _texts(state.form)):  # no browser sends it
                raise HTTPException(HTTPStatus.BAD_REQUEST)
        if asking.is_poll and office.has_at_hand(request.path_params["case"]):
            return _answer(office, page, request, asking)
        return await run_in_threadpool(_answer, office, page, request, asking)

    return answer


def _texts(form: FormData | None) -> Iterator[str]:
    """The names of the fields of a form, and what was filled in."""
    for name, value in form.multi_items() if form else ():
        yield name
        if isinstance(value, str):
            yield value


def _answer(office: Office, page: Page, request: Request, asking: Asking) -> Response:
    is_page = not request.url.path.startswith("/api/")
    try:
        login = _login(office, request, asking, is_page=is_page)
    except (TokenRefused, LoginsAway) as problem:
        login, asking = None, Asking(is_open=True)
        page = partial(_told, problem=problem)
    desk = Desk(office, request, login, language_of(request, login.language if login else None))
    answer = _answer_at(desk, page, is_open=asking.is_open)
    if login and desk.login and desk.login.token != login.token:
        with_session(answer, desk.login.token)
    return answer


def _answer_at(desk: Desk, page: Page, *, is_open: bool) -> Response:
    request, login = desk.request, desk.login
    is_page = not request.url.path.startswith("/api/")
    try:
        if login and login.initial and request.url.path not in OPEN_TO_NEWCOMERS:
            return (
                RedirectResponse("/account", 303) if is_page else problems.response(desk, NEWCOMER)
            )
        if not is_open:
            desk.account  # noqa: B018 - an unknown reader is asked who they are, on any page
        return page(desk)
    except ToBeSigned as asked:
        return sign.page(desk, asked.recorded)
    except NotLoggedIn:
        drafted = request.url.path == "/drafts"  # asked for by a script, which must know
        return problems.response(desk, NOBODY) if drafted or not is_page else _ask_who(desk)
    except Problem as problem:
        return _told(desk, problem)


def _told(desk: Desk, problem: Problem) -> Response:
    if desk.request.url.path.startswith("/api/"):
        return problems.response(desk, problem)
    return desk.page("problem.html", problems.status_of(problem), problem=problem)


def _login(office: Office, request: Request, asking: Asking, *, is_page: bool) -> Login | None:
    """Who is there: whose token a program sends to the API, else whose session a browser has.

    Raises:
        TokenRefused: the token does not reach so far.
    """
    sent = request.headers.get("authorization")
    if sent is not None and not is_page:
        case = request.path_params.get("case")
        return office.tokens.who(sent, request.method, case, is_feed=asking.is_feed)
    # A page that asks by itself whether there is news is nobody who is still there.
    return office.identities.who(request.cookies.get(COOKIE, ""), asks=not asking.is_poll)


def _ask_who(desk: Desk) -> Response:
    """Back to where one was, but never to an address that only takes what is sent to it.

    The form that was sent is where they come back to. What was sent is kept for whose session it
    was; where nobody knows whose, as after a browser was closed, its window still has it.
    """
    request = desk.request
    back = "/"
    if request.method == "GET":
        back = desk.here
    elif desk.form.get("form"):
        drafts.rescue(desk)
        back = acting.back_to(desk)
    return RedirectResponse(f"/login?next={quote(back)}", 303)


def language_of(request: Request, chosen: str | None) -> Language:
    """The language of a request: as its address says, as the account chose, as the browser asks."""
    asked = request.query_params.get("lang") or chosen
    for language in LANGUAGES:
        if asked == language:
            return language
    wanted = request.headers.get("accept-language", "").lower()
    zh, en = wanted.find("zh"), wanted.find("en")
    return "en" if en >= 0 and (zh < 0 or en < zh) else "zh"
