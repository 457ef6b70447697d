"""Tokens (访问令牌): an account makes them on its own page, and ends them there.

For a program that has an account of its own, which no person logs in to, an administrator does.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from starlette.responses import RedirectResponse, Response

from application.look import accounts
from ledger.problem import Mendable, Problem
from ledger.values import AccountId
from web.api import problems
from web.desk import Desk
from web.pages import login, register, shared
from web.step_up import ask_again, asks_again
from web.tokens import DAYS, MadeToken

DO: Final = "make-token"
OF_A_PERSON: Final = Mendable(
    "这个账号有人登录，令牌由本人在“我的账号”制作",
    "a person logs in to this account, and makes its tokens under “My account”",
    rule="token",
    field="account",
)
NO_CALENDAR: Final = Mendable(
    "请选择只读或办理", "choose reading or acting", rule="token", field="scope"
)


class Program(NamedTuple):
    """An account that no person logs in to, with its tokens."""

    account: AccountId
    tokens: list[MadeToken]


def make(desk: Desk) -> Response:
    """Make a token; the page that follows shows it, and no other ever will."""
    try:
        ask_again(desk, DO)
        token = _made(desk, desk.account.id)
    except Problem as problem:
        return login.account_page(desk, problems.page_status(problem), problem)
    return login.account_page(desk, 201, token=token)


def end(desk: Desk) -> Response:
    """End one of one's own tokens."""
    _end(desk, desk.account.id)
    return RedirectResponse(login.next_page(desk) if "next" in desk.form else "/account", 303)


def of_programs(desk: Desk) -> Response:
    """The tokens of programs, for administrators."""
    register.must_keep_it(desk)
    return _page(desk)


def make_for_program(desk: Desk) -> Response:
    """Make a token for an account that no person logs in to, as an administrator."""
    register.must_keep_it(desk)
    names = ("account", "name", "scope", "cases", "days")
    given = {name: desk.typed(name) for name in names}
    account, kept = given["account"], desk.office.kept
    try:
        ask_again(desk, DO)
        accounts(desk.office.store).account(account)  # a token that nobody is behind is of no use
        if given["scope"] == "calendar":
            raise NO_CALENDAR
        if not kept.admit_program(account):
            raise OF_A_PERSON
        token = _made(desk, account)
    except Problem as problem:
        return _page(desk, problems.page_status(problem), problem=problem, given=given)
    return _page(desk, 201, token=token)


def end_for_program(desk: Desk) -> Response:
    """End a token of such an account, as an administrator."""
    register.must_keep_it(desk)
    account = desk.typed("account")
    if account in desk.office.kept.programs():
        _end(desk, account)
    return RedirectResponse("/register/tokens", 303)


def _made(desk: Desk, account: AccountId) -> str:
    name, scope, cases = map(desk.typed, ("name", "scope", "cases"))
    days = desk.typed_number("days", 0)
    made = desk.office.tokens.make(account, name, scope, cases.split(), days)
    desk.office.identities.note(account, f"token-made {name.strip()}", desk.account.id)
    return made


def _end(desk: Desk, account: AccountId) -> None:
    name = desk.office.tokens.end(account, desk.typed("token"))
    if name is not None:
        desk.office.identities.note(account, f"token-ended {name}", desk.account.id)


def _page(
    desk: Desk,
    status: int = 200,
    *,
    problem: Problem | None = None,
    token: str = "",
    given: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    kept = desk.office.kept
    programs, logins = kept.programs(), kept.logins()
    known = sorted(accounts(desk.office.store).accounts)
    return desk.page(
        "register_tokens.html",
        status,
        programs=[Program(one, desk.office.tokens.of(one)) for one in known if one in programs],
        may_have_one=[one for one in known if one in programs or one not in logins],
        asks_again=asks_again(desk, DO),
        problem=problem,
        token=token,
        given=given,
        lasts=DAYS,
        paper_name=shared.name_of,
    )
