"""Who are you (登录): in, out, and what belongs to one's own account."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from ledger.language import Text
from ledger.problem import Mendable, Problem
from web.desk import COOKIE, Desk, with_session
from web.identity import LoginRefused
from web.pages import shared
from web.step_up import asks_again
from web.store import KeptAccess, KeptLink, KeptPasskey
from web.tokens import DAYS


def form(desk: Desk) -> Response:
    """The page that asks who one is."""
    return login_page(desk)


def login_page(
    desk: Desk, status: int = 200, problem: Problem | None = None, account: str = ""
) -> Response:
    """The same, with why nobody was let in."""
    return desk.page(
        "login.html",
        status,
        problem=problem,
        account=account,
        next=next_page(desk),
        has_passkeys=desk.at_home,
    )


def begin(desk: Desk) -> Response:
    """Let somebody in."""
    given = desk.form
    account, password = str(given.get("account", "")), str(given.get("password", ""))
    try:
        token = desk.office.identities.begin(
            account, password, desk.request.headers.get("user-agent", "")
        )
    except LoginRefused as problem:
        return login_page(desk, 401, problem, account)
    return let_in(desk, token, next_page(desk))


def let_in(desk: Desk, token: str, wanted: str) -> Response:
    """Somebody who has just logged in goes to a page of ours; a session before this one ends."""
    if desk.login:
        desk.office.identities.end(desk.login.token)
        desk.login = None
    return with_session(RedirectResponse(wanted, 303), token)


def end(desk: Desk) -> Response:
    """Let somebody out."""
    if desk.login:
        desk.office.identities.end(desk.login.token)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")
    return answer


def account(desk: Desk) -> Response:
    """One's own account."""
    return account_page(desk)


def account_page(
    desk: Desk, status: int = 200, problem: Problem | None = None, token: str = ""
) -> Response:
    """The same, with what is wrong, or the token that was made and is shown once."""
    identities = desk.office.identities
    return desk.page(
        "account.html",
        status,
        account=desk.account,
        problem=problem,
        sessions=identities.sessions(desk.account.id),
        own=identities.id_of(desk.who),
        lives=[life for life in desk.key_lives if life.account == desk.account.id],
        key=token_hex(16),
        asks_again=asks_again(desk, "enrol-key"),
        token=token,
        tokens=desk.office.tokens.of(desk.account.id),
        ways=ways_of(desk),
        proves_way=asks_again(desk, "change-ways-in"),
        note_words=note_words,
        lasts=DAYS,
        paper_name=shared.name_of,
    )


class WaysOfAccount(NamedTuple):
    """How an account may log in besides its password, and what happened to its logins of late."""

    passkeys: list[KeptPasskey]
    links: list[KeptLink]
    notes: list[KeptAccess]


def ways_of(desk: Desk) -> WaysOfAccount:
    """Those of the account that is logged in."""
    account, office = desk.account.id, desk.office
    return WaysOfAccount(
        office.kept.passkeys_of(account),
        office.kept.links_of(account),
        office.identities.notes(account, LATELY),
    )


LATELY: Final = 20

NOTES: Final[Mapping[str, Text]] = {
    "login": Text("登录：", "logged in: "),
    "login-failed": Text("登录未成功：", "not logged in: "),
    "passkey-added": Text("添加通行密钥 ", "added the passkey "),
    "passkey-removed": Text("删除通行密钥 ", "removed the passkey "),
    "link-added": Text("关联统一登录 ", "linked "),
    "link-removed": Text("取消关联 ", "unlinked "),
    "link-made": Text("制作链接：", "made a link: "),
    "data-taken": Text("下载全部数据，日志条数：", "downloaded all data, entries: "),
    "token-made": Text("制作令牌 ", "made the token "),
    "token-ended": Text("作废令牌 ", "ended the token "),
    "hook-added": Text("登记推送地址：", "registered a web hook at "),
    "hook-skipped": Text("略过推送的事件：", "skipped an event of the web hook at "),
    "passkey-copied": Text("拒绝可能被复制的通行密钥 ", "refused a passkey that may be a copy: "),
}
PLACES: Final[Mapping[str, Text]] = {
    "password": Text("密码", "password"),
    "passkey": Text("通行密钥 ", "passkey "),
    "through": Text("统一登录 ", "provider "),
}
"""How accesses write what happened to a login, and by which way it did."""


def note_words(note: str) -> Text:
    """What happened to a login, in words."""
    what, _, more = note.partition(" ")
    way, _, name = more.partition(" ")
    if what.startswith("login") and way in PLACES:
        told, by = NOTES[what], PLACES[way]
        return Text(f"{told.zh}{by.zh}{name}", f"{told.en}{by.en}{name}")
    return Text(f"{NOTES[what].zh}{more}", f"{NOTES[what].en}{more}")


SAME_PASSWORD: Final = Mendable(
    "新密码与现在的相同，请另设一个",
    "the new password is the present one; choose another",
    rule="password",
    field="password",
)


def change_password(desk: Desk) -> Response:
    """Take another password; all sessions end."""
    identities = desk.office.identities
    old, new = (str(desk.form.get(name, "")) for name in ("old", "password"))
    try:
        desk.proven_now(identities.prove(desk.who, old))
        if new == old:  # who handed out the first one would still know it
            raise SAME_PASSWORD
        identities.give_password(desk.who.account, new, initial=False)
    except Mendable as problem:
        at_the_old_one = isinstance(problem, LoginRefused)
        return account_page(desk, 422, _at(problem, "old") if at_the_old_one else problem)
    return RedirectResponse("/login", 303)


def _at(problem: Problem, field: str) -> Problem:
    """The same problem at another field."""
    return Mendable(*problem.text, rule=problem.rule, field=field)


def end_session(desk: Desk) -> Response:
    """End one of one's own sessions, such as one on a machine that one has left."""
    desk.office.identities.end_one(desk.account.id, desk.typed("session"))
    return RedirectResponse("/account", 303)


def choose_language(desk: Desk) -> Response:
    """Speak this language to the account from here on."""
    language = desk.form.get("language")
    desk.office.kept.keep_language(desk.who.account, "en" if language == "en" else "zh")
    return RedirectResponse(next_page(desk), 303)


def next_page(desk: Desk) -> str:
    """Where to go then: a page of ours that can be looked at."""
    wanted = str(desk.form.get("next") or desk.request.query_params.get("next") or "/")
    parts = urlsplit(wanted)
    ours = not parts.scheme and not parts.netloc and wanted.startswith("/") and "\\" not in wanted
    return wanted if ours and not wanted.startswith("//") and _is_page(desk, parts.path) else "/"


def _is_page(desk: Desk, path: str) -> bool:
    """Whether there is something to look at: not an answer of the API, and not a mere command."""
    asked = {"type": "http", "method": "GET", "path": path, "headers": []}
    return not path.startswith(("/api/", "/static/")) and any(
        route.matches(asked)[0] is Match.FULL for route in desk.request.app.routes
    )
