"""The register (登记): who exists, what they may do, and who may log in.

Accounts and roles are in the ledger; who may log in is kept next to it, since a login is no
event.
"""

from secrets import token_hex

from starlette.responses import RedirectResponse, Response

from application.look import accounts
from ledger.language import Text
from ledger.problem import Problem
from ledger.values import Invalid
from web.desk import Desk
from web.not_found import not_found
from web.pages.acting import ways_outside_cases
from web.step_up import FRESH, ask_again, asks_again

LOGIN = "open-account"
"""Giving or taking a login weighs as much as opening an account."""


def page(desk: Desk) -> Response:
    """The accounts, for administrators."""
    must_keep_it(desk)
    return page_of(desk)


def login(desk: Desk) -> Response:
    """Give an account a first password, which is shown once, or let it log in no longer."""
    must_keep_it(desk)
    identities, account = desk.office.identities, desk.typed("account")
    takes = "disable" in desk.form
    try:
        accounts(desk.office.store).account(account)  # a login that nobody is behind is of no use
        ask_again(desk, LOGIN)
        if takes and account == desk.who.account:
            raise Invalid(
                "不能停用自己的登录", "you cannot take your own login away", rule="own-login"
            )
    except Problem as problem:
        asked = "disable" if takes else "give"
        return page_of(desk, 403, problem=problem, account=account, asked=asked)
    if takes:
        identities.disable(account)
        return RedirectResponse("/register", 303)
    password = token_hex(8)
    identities.give_password(account, password, initial=True)
    return page_of(desk, given=(account, password))


def must_keep_it(desk: Desk) -> None:
    """See that the account keeps the register.

    Raises:
        Invalid: it does not.
    """
    if "administrator" not in desk.account.roles:
        raise not_found("登记由管理员办理", "the register is kept by administrators")


def page_of(  # noqa: PLR0913 - what the page may have to show
    desk: Desk,
    status: int = 200,
    *,
    problem: Problem | None = None,
    account: str = "",
    asked: str = "",
    given: tuple[str, str] | None = None,
) -> Response:
    """The accounts, with what is wrong, or a password that was given out and is shown once."""
    fresh = desk.office.clock() - desk.who.proven_at <= FRESH
    register = accounts(desk.office.store)
    can_set = not register.is_in_use and register.time_zone is None
    return desk.page(
        "register.html",
        status,
        people=sorted(register.accounts.values(), key=lambda one: one.id),
        lives=desk.key_lives,
        logins=desk.office.kept.logins(),
        programs=desk.office.kept.programs(),
        links=desk.office.kept.links(),
        asks_again=asks_again(desk, "change-ways-in"),
        ways=ways_outside_cases(
            desk,
            *("open-account", *(["set-time-zone"] if can_set else []), "countersign-key"),
            *("retire-key", "demand-signatures", "declare-conflict", "end-conflict"),
            *("link-accounts", "set-entry-aside"),
        ),
        wrong=[("password" if problem.field == "password" else "", Text("", ""), problem.sentence)]
        if problem
        else [],
        account=account,
        asked=asked if problem and not fresh else "",
        given=given,
    )
