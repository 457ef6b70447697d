"""Passkeys (通行密钥): an account enrols one on its own page; from there on it signs with it."""

from secrets import token_hex

from starlette.responses import RedirectResponse, Response

from ledger.problem import Problem
from ledger.values import Invalid
from web.api import problems
from web.desk import Desk
from web.pages import login
from web.signing import enrolled, public_of
from web.step_up import ask_again

ENROL = "enrol-key"


def enrol(desk: Desk) -> Response:
    """Enrol what the browser has made; it is signed with that very passkey first."""
    given, origin = desk.form, desk.request.headers.get("origin", "")
    passkey = enrolled(given, origin)
    try:
        ask_again(desk, ENROL)
        if passkey is None:
            raise Invalid(
                "浏览器没有给出通行密钥，请重试",
                "the browser has handed over no passkey; try again",
                rule="public-key",
            )
        command = {
            "do": ENROL,
            "account": desk.account.id,
            "scheme": "webauthn",
            "public": public_of(passkey),
        }
        desk.record({str(given.get("key") or token_hex(16)): command}, case=None)
    except Problem as problem:
        return login.account_page(desk, problems.page_status(problem), problem)
    return RedirectResponse("/account", 303)
