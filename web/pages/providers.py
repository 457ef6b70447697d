"""Through a provider (统一身份认证): to log in, to prove again, to link an account, to unlink."""

from secrets import token_urlsafe
from typing import TYPE_CHECKING, Final

from starlette.responses import RedirectResponse, Response

from application.look import accounts
from ledger.problem import Mendable, Problem
from ledger.values import AccountId, Invalid, instant
from web.api import problems
from web.desk import VISITOR, Desk
from web.identity import LoginRefused
from web.pages import login, register
from web.pages.ways_in import CHANGE, end_link
from web.step_up import FRESH, ProveAgain, ask_again
from web.store import KeptLink
from web.ways_in import Provider

if TYPE_CHECKING:
    from web.oidc import Oidc, Person


def leave(desk: Desk) -> Response:
    """Send a browser to a provider, to log in, to prove again, or to link its account.

    Raises:
        NotLoggedIn: only somebody can do so who is there.
        Invalid: there is no such provider.
    """
    oidc, provider = _at(desk)
    purpose = desk.typed("purpose")
    visitor, session = desk.visitor or token_urlsafe(32), ""
    try:
        if purpose not in {"login", "again"}:
            purpose = "link"
            _must_not_be_read_only(desk)
            ask_again(desk, CHANGE)
        if purpose != "login":
            assert desk.account  # noqa: S101 - what has none raises
            session = desk.office.identities.id_of(desk.who)
        address = oidc.begin(
            provider,
            visitor,
            prove_again=purpose == "again",
            purpose=purpose,
            session=session,
            next=login.next_page(desk),
        )
    except Problem as problem:
        return _not_so(desk, problem)
    # A page and not a mere redirect: where the form may lead is limited to these pages (CSP).
    answer = desk.page("leaving.html", provider=provider, address=address)
    if visitor != desk.visitor:
        answer.set_cookie(VISITOR, visitor, secure=True, httponly=True, samesite="lax", path="/")
    return answer


def back(desk: Desk) -> Response:
    """Somebody comes back from a provider.

    Raises:
        Invalid: there is no such provider.
    """
    oidc, provider = _at(desk)
    try:
        person = oidc.finish(provider, desk.visitor, desk.request.query_params)
        if person.wanted["purpose"] == "login":
            return _let_in(desk, provider, person)
        # It was begun in this very session, which has not ended.
        if desk.login is None or person.wanted["session"] != desk.office.identities.id_of(desk.who):
            raise LoginRefused(*ENDED, rule="login")
        if person.wanted["purpose"] == "again":
            return _prove(desk, person)
        return _link(desk, provider, person)
    except Problem as problem:
        return _not_so(desk, problem)


def link_for(desk: Desk) -> Response:
    """Link an account to a person of a provider, or unlink it, as an administrator.

    Raises:
        Invalid: nobody else may.
    """
    register.must_keep_it(desk)
    given = {name: desk.typed(name) for name in ("account", "provider", "subject")}
    account = given["account"]
    try:
        ask_again(desk, CHANGE)
        if "end" in desk.form:
            issuer, _, subject = str(desk.form["end"]).partition(" ")
            end_link(desk, account, issuer, subject)
        else:
            accounts(desk.office.store).account(account)  # a login that nobody is behind is no use
            _, provider = _at(desk, given["provider"])
            if not given["subject"].strip():
                raise Mendable(*NO_SUBJECT, rule="link", field="subject")
            keep_link(desk, account, provider, given["subject"].strip(), admits=True)
    except Problem as problem:
        return register.page_of(desk, 403, problem=problem)
    return RedirectResponse("/register#links", 303)


def keep_link(
    desk: Desk, account: AccountId, provider: Provider, subject: str, *, admits: bool = False
) -> None:
    """Let an account log in as a person of a provider.

    Raises:
        Mendable: that person has an account already.
    """
    office, now = desk.office, instant(desk.office.clock())
    made = KeptLink(provider.issuer, subject, account, now, None)
    if not office.kept.keep_link(made, admits=admits):
        raise Mendable(*TAKEN, rule="link", field="subject")
    office.identities.note(account, f"link-added {provider.name} {subject}", desk.account.id)


def _let_in(desk: Desk, provider: Provider, person: "Person") -> Response:
    office = desk.office
    link = office.kept.link(person.issuer, person.subject)
    if link is None:
        raise LoginRefused(
            f"您在“{provider.zh}”的身份（{person.subject}）没有关联账号。"
            "请用密码登录后在“我的账号”关联，或请管理员关联",
            f"no account is linked to you ({person.subject}) at “{provider.en}”. Log in by password"
            " and link yours under “My account”, or ask an administrator to",
            rule="login",
        )
    agent = desk.request.headers.get("user-agent", "")
    token = office.identities.admit(link.account, agent, f"through {provider.name}")
    office.kept.use_link(person.issuer, person.subject, instant(office.clock()))
    return login.let_in(desk, token, person.wanted["next"])


def _prove(desk: Desk, person: "Person") -> Response:
    office = desk.office
    link = office.kept.link(person.issuer, person.subject)
    if link is None or link.account != desk.account.id:
        raise LoginRefused(*SOMEBODY_ELSE, rule="login")
    office.kept.use_link(person.issuer, person.subject, instant(office.clock()))
    desk.proven_now(office.identities.proven(desk.who))
    return RedirectResponse(person.wanted["next"], 303)


def _link(desk: Desk, provider: Provider, person: "Person") -> Response:
    _must_not_be_read_only(desk)  # it may have begun at a service that is not
    if desk.office.clock() - desk.who.proven_at > 2 * FRESH:  # it has taken too long there
        raise ProveAgain
    keep_link(desk, desk.account.id, provider, person.subject)
    return RedirectResponse("/account#ways", 303)


def _must_not_be_read_only(desk: Desk) -> None:
    """See that this service may do more than look: a login that it links is good elsewhere.

    Raises:
        Invalid: it may not.
    """
    if desk.office.read_only:
        raise Invalid(
            "此处只供查看，不能关联登录。请在可以办理的地址上关联",
            "this is for looking only and links no login; link yours where one can act",
            rule="read-only",
        )


def _at(desk: Desk, name: str = "") -> "tuple[Oidc, Provider]":
    oidc = desk.office.oidc
    name = name or str(desk.request.path_params.get("provider", ""))
    if oidc is None or name not in oidc.providers:
        raise Invalid("没有这个登录方式", "there is no such way to log in", rule="provider")
    return oidc, oidc.providers[name]


def _not_so(desk: Desk, problem: Problem) -> Response:
    if desk.login is None:
        return login.login_page(desk, 401, problem)
    return login.account_page(desk, problems.page_status(problem), problem)


ENDED: Final = (
    "开始时的会话已结束，未予办理。请重新登录后再试",
    "the session in which this began has ended; nothing was done. Log in and try again",
)
SOMEBODY_ELSE: Final = (
    "在那里登录的人与本账号没有关联，未予验证",
    "the person who logged in there is not linked to this account; nothing was proven",
)
TAKEN: Final = (
    "此人已关联账号（一人只关联一个），请先取消原有的关联",
    "this person is linked to an account already, and is to one only; end that link first",
)
NO_SUBJECT: Final = (
    "请填写此人在提供方的标识（sub）",
    "give what the provider calls the person (sub)",
)
