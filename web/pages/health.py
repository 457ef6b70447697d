"""Health (运行状况): for what watches the service and for the proxy; nothing about any case."""

from starlette.responses import PlainTextResponse, Response

from ledger.problem import Problem
from web.desk import Desk


def live(desk: Desk) -> Response:
    """The process answers."""
    del desk
    return PlainTextResponse("ok\n")


def ready(desk: Desk) -> Response:
    """Whether the ledger and the login data answer: without them no page is of use."""
    parts = {"ledger": _ledger_answers(desk), "logins": desk.office.kept.answers()}
    text = "".join(f"{name} {'ok' if well else 'away'}\n" for name, well in parts.items())
    return PlainTextResponse(text, 200 if all(parts.values()) else 503)


def _ledger_answers(desk: Desk) -> bool:
    try:
        desk.office.store.size()
    except Problem:
        return False
    return True
