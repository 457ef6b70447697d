"""Other ways in than a password (其他登录方式): logging in, proving again, adding and removing."""

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Final, cast, get_args

from starlette.responses import JSONResponse, RedirectResponse, Response

from ledger.problem import Problem
from ledger.values import AccountId, Invalid
from web.api import problems
from web.attempts import Purpose
from web.desk import VISITOR, Desk
from web.identity import LoginRefused
from web.login_passkeys import GivenPasskey, LoginPasskeys, MadePasskey, user_of
from web.pages import login
from web.step_up import FRESH, ask_again

CHANGE: Final = "change-ways-in"


def challenge(desk: Desk) -> Response:
    """What a browser is asked to answer with a passkey, as JSON.

    Raises:
        NotLoggedIn: it is asked for what only somebody can do who is there.
        Invalid: there are no passkeys here, or it is asked for something else.
    """
    passkeys, purpose = _passkeys(desk), desk.typed("purpose")
    if purpose not in get_args(Purpose):
        raise Invalid("没有这种用途", "there is no such purpose", rule="passkey")
    told: dict[str, object] = {"site": passkeys.site}
    visitor = desk.visitor or token_urlsafe(32)
    holder = visitor
    if purpose != "login":
        account, holder = desk.account.id, desk.who.token
        known = [one.credential for one in desk.office.kept.passkeys_of(account)]
        told |= {"user": user_of(account), "account": account, "known": known}
    question = passkeys.ask(holder, cast("Purpose", purpose))
    answer = JSONResponse({"id": question.id, "text": question.text, **told})
    if purpose == "login" and visitor != desk.visitor:
        answer.set_cookie(VISITOR, visitor, secure=True, httponly=True, samesite="lax", path="/")
    return answer


def begin_with_passkey(desk: Desk) -> Response:
    """Let in somebody who has a passkey of an account."""
    agent = desk.request.headers.get("user-agent", "")
    try:
        known = _passkeys(desk).whose(desk.visitor, "login", _given(desk))
        token = desk.office.identities.admit(known.account, agent, f"passkey {known.name}")
    except LoginRefused as problem:
        return login.login_page(desk, 401, problem)
    return login.let_in(desk, token, login.next_page(desk))


def again(desk: Desk) -> Response:
    """The page on which somebody proves once more who they are, by any way that they have."""
    return _again(desk)


def prove_with_password(desk: Desk) -> Response:
    """By the password."""
    try:
        given = desk.typed("password")
        desk.proven_now(desk.office.identities.prove(desk.who, given))
    except LoginRefused as problem:
        return _again(desk, 403, problem)
    return RedirectResponse(login.next_page(desk), 303)


def prove_with_passkey(desk: Desk) -> Response:
    """By a passkey of one's own."""
    try:
        known = _passkeys(desk).whose(desk.who.token, "again", _given(desk))
        if known.account != desk.account.id:
            raise LoginRefused(*NOT_YOURS, rule="login")
    except LoginRefused as problem:
        return _again(desk, 403, problem)
    desk.proven_now(desk.office.identities.proven(desk.who))
    return RedirectResponse(login.next_page(desk), 303)


NOT_YOURS: Final = (
    "这把通行密钥属于另一账号，未予接受",
    "this passkey is of another account, and was not accepted",
)


def add_passkey(desk: Desk) -> Response:
    """Let the account log in with the passkey that its browser has made."""
    # The challenge is of the session as it was when it was asked for.
    holder, account = desk.who.token, desk.account.id
    made = MadePasskey(**_fields(desk, MadePasskey._fields))
    try:
        ask_again(desk, CHANGE)
        _passkeys(desk).add(account, holder, desk.typed("name"), made)
    except Problem as problem:
        return login.account_page(desk, problems.page_status(problem), problem)
    return RedirectResponse("/account#ways", 303)


def end(desk: Desk) -> Response:
    """Take a way in away; sessions elsewhere end."""
    account = desk.account.id
    try:
        ask_again(desk, CHANGE)
        if credential := desk.typed("passkey"):
            _passkeys(desk).end(account, credential)
        if link := desk.typed("link"):
            issuer, _, subject = link.partition(" ")
            end_link(desk, account, issuer, subject)
    except Problem as problem:
        return login.account_page(desk, problems.status_of(problem), problem)
    identities = desk.office.identities
    desk.office.kept.end_other_sessions(account, identities.id_of(desk.who))
    return RedirectResponse("/account#ways", 303)


def end_link(desk: Desk, account: AccountId, issuer: str, subject: str) -> None:
    """Let an account no longer log in so; its sessions end, but for the one that does this."""
    office = desk.office
    if office.kept.end_link_of(account, issuer, subject):
        office.identities.note(account, f"link-removed {issuer} {subject}", desk.account.id)
        office.kept.end_other_sessions(account, office.identities.id_of(desk.who))


def _again(desk: Desk, status: int = 200, problem: Problem | None = None) -> Response:
    ways = login.ways_of(desk)
    fresh = desk.office.clock() - desk.who.proven_at <= FRESH
    return desk.page(
        "again.html",
        status,
        problem=problem,
        fresh=fresh,
        next=str(desk.form.get("next") or "/again"),
        ways=ways,
    )


def _passkeys(desk: Desk) -> LoginPasskeys:
    if desk.office.passkeys is None:
        raise Invalid("这里没有设置通行密钥登录", "passkeys do not log in here", rule="passkey")
    return desk.office.passkeys


def _given(desk: Desk) -> GivenPasskey:
    return GivenPasskey(**_fields(desk, GivenPasskey._fields))


def _fields(desk: Desk, names: tuple[str, ...]) -> Mapping[str, str]:
    return {name: desk.typed(name) for name in names}
