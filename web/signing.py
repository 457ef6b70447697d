"""Signing by page (网页签名): what the account signs with a passkey before it is recorded.

A form whose command is to be signed is answered by a page that shows in words what will be
recorded. The browser signs that, and the form is sent again with the signature. Nothing is kept in
between: what would be recorded is worked out again, and is what was signed, or is not recorded.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec
from starlette.datastructures import FormData

from application.to_sign import GivenSignature, passkeys_of
from ledger.account_registry import NAMES_OF_SIGNERS, Account, AccountRegistry, AuthorKey
from ledger.author_key import WEBAUTHN
from ledger.codec import canonical
from ledger.envelope import AuthorSignature, Sign, StreamId
from ledger.passkey import Passkey
from ledger.stored_struct import decode_validated
from ledger.values import Invalid, Sha256

SIGNATURE: Final = "signature"
STATEMENT: Final = "statement"
PRESSED: Final = "sign"
KEPT: Final = "kept"
"""What a form has besides its own fields: the signature, what it is one of, the button, and what a
file that was sent with it said, which no browser would send again."""

NOT_AGAIN: Final = {SIGNATURE, STATEMENT, PRESSED, "password"}
"""Of these, what is not sent again."""


class Signing(NamedTuple):
    """How an account signs what it does with a request.

    Attributes:
        passkeys: with which it can sign on these pages, by what signatures call them.
        demanded: whether what it does has to be signed.
        pressed: whether it wants to.
        given: the signature that came with the request.
        is_asked: whether a program asks what would have to be signed.
    """

    passkeys: Mapping[Sha256, Passkey]
    demanded: bool
    pressed: bool
    given: GivenSignature | None
    is_asked: bool = False

    @property
    def asks(self) -> bool:
        """Whether it is asked for a signature before anything is recorded."""
        if self.given is not None:
            return False
        return self.is_asked or (bool(self.passkeys) and (self.pressed or self.demanded))

    @property
    def signs(self) -> bool:
        """Whether what it does will be signed, or is."""
        return self.asks or self.given is not None

    @property
    def sign(self) -> Sign | None:
        """Signs with the signature that came."""
        return self.given.of if self.given else None


def signing_of(  # noqa: PLR0913, PLR0917 - who, where, what, when, and what was sent
    register: AccountRegistry,
    account: Account,
    stream: StreamId | None,
    do: str,
    today: date,
    form: FormData,
    origin: str,
) -> Signing:
    """How an account signs what it does with a request.

    Args:
        register: the accounts as they are.
        account: who acts.
        stream: in which; `None` where that is not known yet, and any may demand a signature.
        do: the name of the command; empty where that is not known.
        today: the day on which it would be recorded.
        form: that was sent.
        origin: of the page that sent it, or empty where nothing was sent.

    Raises:
        Invalid: what came as a signature is none.
    """
    passkeys = passkeys_of(account, origin)
    if new := enrolled(form, origin):
        passkeys = {_id(new): new}
    of_signers, streams = do in NAMES_OF_SIGNERS, [stream] if stream else register.demanded
    demanded = any(demands(register, one or "", today, of_signers=of_signers) for one in streams)
    pressed = PRESSED in form or form.get("record") == PRESSED or new is not None
    return Signing(passkeys, demanded, pressed, _given(account, form))


def demands(register: AccountRegistry, stream: StreamId, today: date, *, of_signers: bool) -> bool:
    """Whether what is recorded in a stream today has to be signed; see `demand` there."""
    since = register.demand(stream, of_signers=of_signers)
    return since is not None and since <= today


def enrolled(form: FormData, origin: str) -> Passkey | None:
    """The passkey that a browser has just made on our pages; `None` where it has made none."""
    if not (form.get("credential") and form.get("public")):
        return None
    host = urlsplit(origin).hostname or ""
    return Passkey(str(form["credential"]), str(form["public"]), origin, host)


def public_of(passkey: Passkey) -> str:
    """What is enrolled, in base64."""
    return b64encode(canonical(passkey)).decode()


def sent_again(form: FormData) -> Iterator[tuple[str, str]]:
    """What was filled in, but for files and secrets, so that it can be sent with a signature."""
    for name, value in form.multi_items():
        if isinstance(value, str) and name not in NOT_AGAIN:
            yield name, value


def kept(fields: Mapping[str, object]) -> str:
    """The fields of a command whose form had a file, as they are sent again."""
    return canonical(fields).decode()


def kept_of(form: FormData) -> dict[str, object] | None:
    """The same back again; `None` where the form had no file.

    Raises:
        Invalid: they are not such.
    """
    if KEPT not in form:
        return None
    try:
        fields = json.loads(str(form[KEPT]))
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise Invalid("表单内容已损坏，请重新填写", "the form is damaged; fill it in again")
    return fields


def _id(passkey: Passkey) -> Sha256:
    return AuthorKey(scheme=WEBAUTHN, public=public_of(passkey)).id


def _given(account: Account, form: FormData) -> GivenSignature | None:
    if not form.get(SIGNATURE):
        return None
    key, _, value = str(form[SIGNATURE]).partition(" ")
    try:
        signed: AuthorSignature = decode_validated(
            {"key": key, "scheme": WEBAUTHN, "value": value}, AuthorSignature
        )
    except msgspec.ValidationError:
        raise Invalid(
            "签名已损坏，请重新签名",
            "the signature is damaged; sign again",
            rule="author-signature",
        ) from None
    # A browser sends every line feed as two signs.
    texts = [str(text).replace("\r\n", "\n") for text in form.getlist(STATEMENT)]
    return GivenSignature(account.id, texts, signed)
