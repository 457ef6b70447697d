"""The page that asks for a signature (签名页): in words what would be recorded."""

from collections.abc import Sequence

from starlette.responses import Response

from application.to_sign import to_sign
from ledger.author_signature import together
from ledger.envelope import RecordedEvent
from web.desk import Desk
from web.guard import NOWHERE
from web.signing import sent_again


def page(desk: Desk, recorded: Sequence[RecordedEvent]) -> Response:
    """Ask for a signature of what would be recorded; the form that asked for it is sent again."""
    commands = to_sign(recorded, desk.reading.origin())
    keys = desk.signing.passkeys
    text, _ = together([command.text for command in commands])
    answer = desk.page(
        "sign.html",
        commands=commands,
        text=text,
        action=desk.request.url.path,
        again=[*sent_again(desk.form), *desk.sent_again.items()],
        site=next(iter(keys.values())).rp,
        keys=[[name, passkey.credential] for name, passkey in keys.items()],
    )
    answer.headers["cache-control"] = NOWHERE
    return answer
