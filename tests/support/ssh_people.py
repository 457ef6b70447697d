"""People with SSH keys in memory, who sign as `ssh-keygen` and an agent do, or lie about it."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import new, sha256
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.commands import EnrolKey
from ledger.envelope import AuthorSignature

EDWARDS: Final = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
CURVE: Final = ec.derive_private_key(int.from_bytes(b"an SSH key of the tests"), ec.SECP256R1())
NAMESPACE: Final = b"scoretrail-command"


def string(data: bytes) -> bytes:
    """A string of SSH (RFC 4251, section 5)."""
    return len(data).to_bytes(4, "big") + data


def number(value: int) -> bytes:
    """A whole number of SSH, which is not below 0."""
    return string(value.to_bytes(value.bit_length() // 8 + 1, "big"))


@dataclass(frozen=True)
class SshPerson:
    """Somebody's key; what an attacker alters is a field.

    Attributes:
        application: for which a security key has made it; `None` of a key in a file.
        flags: what the security key states: 1 is a touch.
        claimed: the public key in the signature, where it is not the one that signs.
        count: how often a security key says to have been used.
        inner: alters the bytes of the signature itself.
        behind: what follows the signature.
        whole: alters the signature when it is whole.
    """

    secret: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey = EDWARDS
    application: bytes | None = None
    namespace: bytes = NAMESPACE
    reserved: bytes = b""
    hash: str = "sha512"
    version: int = 1
    flags: int = 1
    claimed: bytes | None = None
    kind_stated: bytes | None = None
    count: bytes = b"\0\0\0\7"
    inner: Callable[[bytes], bytes] = bytes
    behind: bytes = b""
    asked: str | None = None
    whole: Callable[[bytes], bytes] = bytes

    @property
    def kind(self) -> bytes:
        if isinstance(self.secret, ec.EllipticCurvePrivateKey):
            return b"ecdsa-sha2-nistp256"
        return b"ssh-ed25519" if self.application is None else b"sk-ssh-ed25519@openssh.com"

    @property
    def public(self) -> bytes:
        """As it is enrolled, and as it is in an `id_….pub` file."""
        if isinstance(self.secret, ec.EllipticCurvePrivateKey):
            form = (Encoding.X962, PublicFormat.UncompressedPoint)
            point = self.secret.public_key().public_bytes(*form)
            return string(self.kind) + string(b"nistp256") + string(point)
        raw = self.secret.public_key().public_bytes_raw()
        more = b"" if self.application is None else string(self.application)
        return string(self.kind) + string(raw) + more

    @property
    def id(self) -> str:
        return sha256(self.public).hexdigest()

    @property
    def key(self) -> str:
        """By which signatures name it."""
        return self.id

    def lying(self, **more: Any) -> "SshPerson":  # noqa: ANN401 - any field
        """The same, signing in another way."""
        return replace(self, **more)

    def enrolment(self, account: str) -> EnrolKey:
        public = b64encode(self.public).decode()
        return EnrolKey(account=account, scheme="sshsig", public=public)

    def value(self, text: str) -> bytes:
        """The signature of a text, without armour."""
        digest = new(self.hash, (self.asked or text).encode()).digest()
        parts = (self.namespace, self.reserved, self.hash.encode(), digest)
        message, behind = b"SSHSIG" + b"".join(map(string, parts)), self.behind
        if isinstance(self.secret, ec.EllipticCurvePrivateKey):
            r, s = decode_dss_signature(self.secret.sign(message, ec.ECDSA(SHA256())))
            signature = number(r) + number(s)
        else:
            if self.application is not None:
                used = bytes([self.flags]) + self.count
                behind = used + behind
                digests = (sha256(self.application).digest(), sha256(message).digest())
                message = digests[0] + used + digests[1]
            signature = self.secret.sign(message)
        kind = self.kind_stated or self.kind
        fields = (
            self.public if self.claimed is None else self.claimed,
            *parts[:3],
            string(kind) + string(self.inner(signature)) + behind,
        )
        value = b"SSHSIG" + self.version.to_bytes(4, "big") + b"".join(map(string, fields))
        return self.whole(value)

    def __call__(self, text: str) -> AuthorSignature:
        """Sign as an archive asks for it (`Sign`)."""
        value = b64encode(self.value(text)).decode()
        return AuthorSignature(key=self.id, scheme="sshsig", value=value)


IN_A_FILE: Final = SshPerson()
ON_A_CURVE: Final = SshPerson(secret=CURVE)
TOUCHED: Final = SshPerson(application=b"ssh:")
