"""Passkeys (通行密钥): what an authenticator signs for a browser, and what verifies it.

A passkey signs no text but a challenge, among statements of the authenticator and of the browser
(WebAuthn level 2, sections 6.1, 5.8.1 and 7.2). What has to hold of them is written out in
`docs/formats/signatures.md`. What the browser states is never compared with a template: Chromium
adds keys at random so that nobody does.
"""

import re
from base64 import b64decode, urlsafe_b64encode
from contextlib import suppress
from hashlib import sha256
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from ledger import public_key
from ledger.log.tree import ProofError

FLAGS_AT: Final = 32
DATA_MIN: Final = 37
"""Bytes of an authenticator's statement: the digest of the site, the flags, a counter."""

NAME_AT: Final = 55
"""Where it names a new key: after those, the length of the name and what model it is."""

NEW_KEY: Final = 0b100_0000
"""The flag that it does."""

PRESENT_AND_VERIFIED: Final = 0b101
"""Its holder was there (bit 0) and was recognised: by a PIN, a finger or a face (bit 2)."""

SITE: Final = re.compile(
    r"https://([a-z0-9.-]{1,253})(:[0-9]{1,5})?|http://(localhost)(:[0-9]{1,5})?"
)


class Passkey(Struct, frozen=True, forbid_unknown_fields=True):
    """A public key of the scheme, as it is enrolled: canonical JSON of these.

    Attributes:
        credential: what the authenticator calls it, base64.
        key: SubjectPublicKeyInfo (DER) of a P-256 or Ed25519 key, base64.
        origin: of the pages on which it was made, and alone signs.
        rp: the site that it is for: the host of the origin, or a domain that this belongs to.
    """

    credential: str
    key: str
    origin: str
    rp: str

    @property
    def public(self) -> bytes:
        """The key in DER."""
        return b64decode(self.key)


class Assertion(NamedTuple):
    """What comes back from an authenticator.

    Attributes:
        authenticator: what it states itself (authenticatorData).
        client: what the browser states (clientDataJSON).
        signature: of the first and the digest of the second.
    """

    authenticator: bytes
    client: bytes
    signature: bytes

    def __bytes__(self) -> bytes:
        """The value of a signature: the first two, each after its length in two bytes; the last."""
        parts = (self.authenticator, self.client)
        return b"".join(len(part).to_bytes(2, "big") + part for part in parts) + self.signature

    @classmethod
    def parse(cls, value: bytes) -> "Assertion | None":
        """The same back again; `None` where it is not that."""
        parts = []
        for _ in range(2):
            end = 2 + int.from_bytes(value[:2], "big")
            if len(value) < end:
                return None
            parts.append(value[2:end])
            value = value[end:]
        return cls(parts[0], parts[1], value)


class _Client(Struct):
    type: str
    challenge: str
    origin: str
    cross: bool = msgspec.field(name="crossOrigin", default=False)


def passkey_of(public: bytes) -> Passkey:
    """A passkey from the bytes that are enrolled.

    Raises:
        ProofError: they are not in that form, or it is a key that nothing can be verified with.
    """
    with suppress(msgspec.MsgspecError, ValueError):
        passkey = msgspec.json.decode(public, type=Passkey)
        site = SITE.fullmatch(passkey.origin)
        if (
            site
            and msgspec.json.encode(passkey, order="sorted") == public
            and f".{site[1] or site[3]}".endswith(f".{passkey.rp}")
            and passkey.rp
            and b64decode(passkey.credential, validate=True)
        ):
            public_key.loaded(b64decode(passkey.key, validate=True))
            return passkey
    raise ProofError("不是通行密钥的公钥", "this is no public key of a passkey")


def challenge_of(text: str) -> bytes:
    """What a passkey is asked to sign for a text."""
    return sha256(text.encode()).digest()


def verifies(public: bytes, text: str, value: bytes) -> bool:
    """Whether a passkey has signed a text on the pages that it was made on, its holder recognised.

    Raises:
        ProofError: there is no such key.
    """
    passkey, given = passkey_of(public), Assertion.parse(value)
    if given is None:
        return False
    if not _stated(passkey, "webauthn.get", text, given.authenticator, given.client):
        return False
    signed = given.authenticator + sha256(given.client).digest()
    return public_key.verifies(passkey.public, signed, given.signature)


def was_made(public: bytes, text: str, authenticator: bytes, client: bytes) -> bool:
    """Whether a browser says to have made a passkey on these pages when it was asked with a text.

    Nothing is signed by that: what its holder does next with the key is.
    """
    try:
        passkey = passkey_of(public)
    except ProofError:
        return False
    if not _stated(passkey, "webauthn.create", text, authenticator, client):
        return False
    name = b64decode(passkey.credential)
    named = len(name).to_bytes(2, "big") + name
    return bool(authenticator[FLAGS_AT] & NEW_KEY) and authenticator[NAME_AT - 2 :].startswith(
        named
    )


def count_of(authenticator: bytes) -> int:
    """How often an authenticator says to have been used; 0 where it does not count."""
    return int.from_bytes(authenticator[FLAGS_AT + 1 : DATA_MIN], "big")


def _stated(
    passkey: Passkey, kind: str, text: str, authenticator: bytes, by_browser: bytes
) -> bool:
    """Whether both statements are of this passkey, its pages, this text, and a known holder."""
    if len(authenticator) < DATA_MIN:
        return False
    try:
        client = msgspec.json.decode(by_browser, type=_Client)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    flags = authenticator[FLAGS_AT]
    return (
        client.type == kind
        and client.challenge == urlsafe_b64encode(challenge_of(text)).rstrip(b"=").decode()
        and client.origin == passkey.origin
        and not client.cross
        and authenticator[:FLAGS_AT] == sha256(passkey.rp.encode()).digest()
        and flags & PRESENT_AND_VERIFIED == PRESENT_AND_VERIFIED
    )
