"""Who are you (登录): in, out, and what belongs to one's own account."""

from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response

from ledger.problem import Mendable
from web.desk import COOKIE, Desk
from web.identity import LoginRefused


def form(desk: Desk) -> Response:
    """The page that asks who one is."""
    return desk.page("login.html", problem=None, account="", next=_next(desk))


def begin(desk: Desk) -> Response:
    """Let somebody in."""
    given = desk.request.state.form
    account, password = str(given.get("account", "")), str(given.get("password", ""))
    try:
        token = desk.office.identities.begin(
            account, password, desk.request.headers.get("user-agent", "")
        )
    except LoginRefused as problem:
        return desk.page("login.html", 401, problem=problem, account=account, next=_next(desk))
    answer = RedirectResponse(_next(desk), 303)
    answer.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="lax", path="/")
    return answer


def end(desk: Desk) -> Response:
    """Let somebody out."""
    if desk.login:
        desk.office.identities.end(desk.login.token)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")
    return answer


def account(desk: Desk) -> Response:
    """One's own account."""
    return desk.page("account.html", account=desk.account, problem=None)


def change_password(desk: Desk) -> Response:
    """Take another password; all sessions end."""
    given, identities = desk.request.state.form, desk.office.identities
    try:
        identities.prove(desk.who, str(given.get("old", "")))
        identities.give_password(desk.who.account, str(given.get("password", "")), initial=False)
    except Mendable as problem:
        return desk.page("account.html", 422, account=desk.account, problem=problem)
    return RedirectResponse("/login", 303)


def choose_language(desk: Desk) -> Response:
    """Speak this language to the account from here on."""
    language = desk.request.state.form.get("language")
    desk.office.kept.keep_language(desk.who.account, "en" if language == "en" else "zh")
    return RedirectResponse(_next(desk), 303)


def _next(desk: Desk) -> str:
    """Where to go then: an address of ours, and one that can be looked at."""
    given = desk.request.state.form
    wanted = str((given or desk.request.query_params).get("next") or "/")
    parts = urlsplit(wanted)
    ours = not parts.scheme and not parts.netloc and wanted.startswith("/") and "\\" not in wanted
    return wanted if ours and not wanted.startswith("//") else "/"
