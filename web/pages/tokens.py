"""Tokens (访问令牌): an account makes them on its own page, and ends them there."""

from starlette.responses import RedirectResponse, Response

from ledger.problem import Problem
from web.api import problems
from web.desk import Desk
from web.pages import login
from web.step_up import ask_again


def make(desk: Desk) -> Response:
    """Make a token; the page that follows shows it, and no other ever will."""
    given = {name: str(desk.form.get(name) or "") for name in ("name", "scope", "cases", "days")}
    days = int(given["days"][:9]) if given["days"].isascii() and given["days"].isdigit() else 0
    try:
        ask_again(desk, "make-token", str(desk.form.get("password") or ""))
        token = desk.office.tokens.make(
            desk.account.id, given["name"], given["scope"], given["cases"].split(), days
        )
    except Problem as problem:
        status = problems.status_of(problem)
        return login.account_page(desk, {400: 422}.get(status, status), problem)
    return login.account_page(desk, 201, token=token)


def end(desk: Desk) -> Response:
    """End one of one's own tokens."""
    desk.office.tokens.end(desk.account.id, str(desk.form.get("token") or ""))
    return RedirectResponse("/account", 303)
