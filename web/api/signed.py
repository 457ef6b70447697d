"""Signatures in the API (接口签名): what is to be signed, and commands that are."""

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from application.author_signing import Prepared, PreparedCommand, read, submit, written
from application.confirmed import Confirmed
from application.to_sign import GivenSignature, to_sign
from ledger.authority import roles_for
from ledger.codec import plain
from ledger.commands import OpenCase
from ledger.envelope import AuthorSignature, is_case
from ledger.ledger import CommandResult, stream_of
from ledger.stored_struct import decode_validated
from ledger.values import Invalid
from web.desk import Desk
from web.step_up import ask_again

HEADER: Final = "author-signature"
"""Where a signature goes with bytes that are no JSON: the same list, in base64."""

BAD: Final = Invalid(
    "signed 应为列表，每项写明 statements、key、scheme、value",
    "signed must be a list, each of it with statements, key, scheme and value",
    field="signed",
)


class SignedTexts(Struct, forbid_unknown_fields=True):
    """A signature, with the statements that were signed by it, in their order."""

    statements: list[str]
    key: str
    scheme: str
    value: str


def take(desk: Desk, body: Mapping[str, Any], *, rehearses: bool) -> None:
    """Let the account sign with what came: with a command, or in a header.

    Raises:
        Invalid: that is not a list of signatures.
    """
    said: Any = body.get("signed")
    header = desk.request.headers.get(HEADER)
    try:
        if said is None and header:
            said = plain(b64decode(header, validate=True))
        given = [] if said is None else _read(desk, said)
    except (msgspec.MsgspecError, ValueError):
        raise BAD from None
    first = given[0]._replace(others=tuple(given[1:])) if given else None
    # A program is never answered by a page.
    signs = desk.signing.demanded or any(key.is_active for key in desk.account.keys.values())
    is_asked = rehearses and not given and signs
    desk.signing = desk.signing._replace(passkeys={}, given=first, is_asked=is_asked)


def _read(desk: Desk, said: object) -> list[GivenSignature]:
    found = []
    for one in msgspec.convert(said, list[SignedTexts]):
        value = {"key": one.key, "scheme": one.scheme, "value": one.value}
        signed: AuthorSignature = decode_validated(value, AuthorSignature)
        found.append(GivenSignature(desk.account.id, one.statements, signed))
    return found


def file_of(desk: Desk, results: Iterable[CommandResult]) -> dict[str, object]:
    """What the author of rehearsed commands would sign, as `scoretrail signature sign` takes it."""
    fresh = [done for done in results if desk.signing.is_asked and not done.repeated]
    origin = desk.reading.origin()
    acts = [
        PreparedCommand(done.envelope, [*act.events], act.text)
        for done in fresh
        for act in to_sign(done.recorded, origin)
    ]
    found: dict[str, object] = plain(written(Prepared(acts)))
    return found


def submitted(desk: Desk, case: str | None, *, confirmed: Confirmed) -> Sequence[CommandResult]:
    """Record what was signed elsewhere, in the case that the address names or in no case.

    Raises:
        Invalid: it is no such file, or about something else.
        Problem: as `application.author_signing.submit` does.
    """
    prepared = read(desk.request.state.body or b"")
    streams = {stream_of(act.command) for act in prepared.acts}
    opens = all(isinstance(act.command.command, OpenCase) for act in prepared.acts)
    fits = streams == {case} if case else opens or not any(map(is_case, streams))
    if not fits or len(streams) != 1 or not all(act.signed for act in prepared.acts):
        raise Invalid(
            "文件中的操作须属于同一处（地址所指），并且都已签名",
            "all commands of the file must be of the one place that the address names, and signed",
        )
    if opens:  # who may not open any case must not learn which there are
        roles_for(OpenCase, desk.account)
    for act in prepared.acts:
        ask_again(desk, act.command.command.__struct_config__.tag)  # type: ignore[arg-type]  # every command has one
    return desk.act(streams.pop(), lambda ledger: submit(ledger, desk.clock, prepared, confirmed))
