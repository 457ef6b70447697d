"""People with a certificate of SM2, who sign by the stock `openssl`, or lie about it.

The certificate is put together here, byte by byte, so that it is valid when the test wants it to
be; who has issued it is for the administrator to look at who countersigns it.
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from ledger.commands import EnrolKey
from ledger.envelope import AuthorSignature
from tests.support.system_programs import answer_of

ID: Final = "1234567812345678"
SIGNED_WITH_SM3: Final = bytes.fromhex("300a06082a811ccf55018375")
"""The algorithm of the certificate's own signature (GM/T 0006)."""


def openssl(*words: str, **files: bytes) -> bytes:
    """What the system's `openssl` answers about files, see `answer_of`."""
    return answer_of("openssl", *words, **files)


def new_key(curve: str = "SM2") -> bytes:
    """A private key, in PEM."""
    return openssl("ecparam", "-name", curve, "-genkey", "-noout")


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes(2, "big").lstrip(b"\0")
    return bytes([tag, 0x80 + len(length)]) + length + content


def name(text: str) -> bytes:
    """A name of one part: CN."""
    return der(0x30, der(0x31, der(0x30, bytes.fromhex("0603550403"), der(0x0C, text.encode()))))


@dataclass(frozen=True)
class Sm2Person:
    """Somebody's certificate and the key of it; what an attacker alters is a field."""

    secret: bytes
    subject: str = "lead"
    begins: str = "260101000000Z"
    ends: str = "301231235959Z"
    id: str = ID
    digest: str = "sm3"
    asked: str | None = None
    whole: Callable[[bytes], bytes] = bytes
    certificate: bytes = b""
    behind_the_key: bytes = b""

    @cached_property
    def public(self) -> bytes:
        """The certificate, as it is enrolled."""
        if self.certificate:
            return self.certificate
        key = openssl("pkey", "-in", "@key", "-pubout", "-outform", "DER", key=self.secret)
        valid = der(0x30, der(0x17, self.begins.encode()), der(0x17, self.ends.encode()))
        body = der(
            0x30,
            der(0xA0, der(0x02, b"\2")),
            der(0x02, b"\1" + sha256(self.subject.encode()).digest()[:7]),
            SIGNED_WITH_SM3,
            name("test issuer"),
            valid,
            name(self.subject),
            key,
            self.behind_the_key,
        )
        return der(0x30, body, SIGNED_WITH_SM3, der(0x03, b"\0", self._sign(body)))

    @property
    def key(self) -> str:
        """By which signatures name it."""
        return sha256(self.public).hexdigest()

    def lying(self, **more: Any) -> "Sm2Person":  # noqa: ANN401 - any field
        """The same, signing in another way, under the certificate that it has."""
        return replace(self, **{"certificate": self.public, **more})

    def enrolment(self, account: str) -> EnrolKey:
        public = b64encode(self.public).decode()
        return EnrolKey(account=account, scheme="sm2-x509", public=public)

    def value(self, text: str) -> bytes:
        return self.whole(self._sign((self.asked or text).encode()))

    def _sign(self, data: bytes) -> bytes:
        how = ["-sigopt", f"distid:{self.id}"] if self.digest == "sm3" else []
        words = ("dgst", f"-{self.digest}", "-sign", "@key", *how, "@data")
        return openssl(*words, key=self.secret, data=data)

    def __call__(self, text: str) -> AuthorSignature:
        """Sign as an archive asks for it (`Sign`)."""
        value = b64encode(self.value(text)).decode()
        return AuthorSignature(key=self.key, scheme="sm2-x509", value=value)
