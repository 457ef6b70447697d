"""An authenticator in memory, and a browser around it that may lie about what it asks for."""

import json
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.codec import canonical
from ledger.commands import EnrolKey
from ledger.envelope import AuthorSignature

ORIGIN: Final = "https://reviews.example"
PRESENT: Final = 0b1
RECOGNISED: Final = 0b100
ATTESTED: Final = 0b1000000
_SECRET: Final = ec.derive_private_key(int.from_bytes(b"a passkey of the tests"), ec.SECP256R1())
EDWARDS: Final = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@dataclass(frozen=True)
class Authenticator:
    """A passkey and what is signed with it; what a browser or an attacker alters is a field.

    Attributes:
        client: what the browser states besides, or otherwise.
        asked: another text than the one that is shown.
        count: how often it says to have been used.
        states: alters its statement before it signs.
    """

    secret: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey = _SECRET
    origin: str = ORIGIN
    site: str = "reviews.example"
    made_for: str = "reviews.example"
    flags: int = PRESENT | RECOGNISED
    client: dict[str, Any] = field(default_factory=dict)
    asked: str | None = None
    count: int = 7
    states: Callable[[bytes], bytes] = bytes

    @property
    def der(self) -> bytes:
        return self.secret.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def credential(self) -> str:
        """By which the authenticator knows it."""
        return b64encode(sha256(self.der).digest()).decode()

    @property
    def public(self) -> bytes:
        """As it is enrolled."""
        return canonical(
            {
                "credential": self.credential,
                "key": b64encode(self.der).decode(),
                "origin": self.origin,
                "rp": self.made_for,
            }
        )

    @property
    def id(self) -> str:
        return sha256(self.public).hexdigest()

    @property
    def key(self) -> str:
        """By which signatures name it."""
        return self.id

    def lying(self, **more: Any) -> "Authenticator":  # noqa: ANN401 - any field
        """The same, asked in another way."""
        return replace(self, **more)

    def enrolment(self, account: str) -> EnrolKey:
        public = b64encode(self.public).decode()
        return EnrolKey(account=account, scheme="webauthn", public=public)

    def value(self, text: str) -> bytes:
        """What comes of it when a page asks for a signature of a text."""
        said, client = self._says("webauthn.get", text)
        signed = said + sha256(client).digest()
        if isinstance(self.secret, ec.EllipticCurvePrivateKey):
            signature = self.secret.sign(signed, ec.ECDSA(SHA256()))
        else:
            signature = self.secret.sign(signed)
        parts = (said, client)
        return b"".join(len(part).to_bytes(2, "big") + part for part in parts) + signature

    def made(self, text: str) -> tuple[bytes, bytes]:
        """What it and the browser state when it is made, asked with a text."""
        said, client = self._says("webauthn.create", text)
        name = b64decode(self.credential)
        new = bytes(16) + len(name).to_bytes(2, "big") + name
        return said[:32] + bytes([said[32] | ATTESTED]) + said[33:] + new, client

    def _says(self, kind: str, text: str) -> tuple[bytes, bytes]:
        challenge = urlsafe_b64encode(sha256((self.asked or text).encode()).digest())
        told: dict[str, Any] = {"type": kind, "challenge": challenge.decode().rstrip("=")}
        told |= {"origin": self.origin, "crossOrigin": False, **self.client}
        told["other_keys_can_be_added_here"] = "do not compare clientDataJSON against a template"
        count = self.count.to_bytes(4, "big")
        said = sha256(self.site.encode()).digest() + bytes([self.flags]) + count
        return self.states(said), json.dumps(told).encode()

    def __call__(self, text: str) -> AuthorSignature:
        """Sign as an archive asks for it (`Sign`)."""
        value = b64encode(self.value(text)).decode()
        return AuthorSignature(key=self.id, scheme="webauthn", value=value)
