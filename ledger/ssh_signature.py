"""SSH keys (SSH 密钥): what `ssh-keygen -Y sign` writes for a text, and what verifies it.

The public key is the one of an `id_….pub` file, the value what is between the lines of an
armoured signature (OpenSSH's PROTOCOL.sshsig). Keys are Ed25519 (RFC 8709), ECDSA on P-256 (RFC
5656) and Ed25519 in a security key (PROTOCOL.u2f), which signs only while somebody touches it. What
has to hold is written out in `docs/formats/signatures.md`.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import new, sha256
from typing import Final, NamedTuple

from ledger import public_key
from ledger.log.tree import ProofError

NAMESPACE: Final = "scoretrail-command"
"""Keeps what is signed elsewhere with the same key, such as a commit, from counting here."""

MAGIC: Final = b"SSHSIG"
VERSION: Final = b"\0\0\0\1"
HASHES: Final = frozenset({b"sha256", b"sha512"})
"""With which a text may be hashed before it is signed; `ssh-keygen` takes the latter."""

ED25519: Final = b"ssh-ed25519"
P256: Final = b"ecdsa-sha2-nistp256"
TOUCHED: Final = b"sk-ssh-ed25519@openssh.com"

LENGTH: Final = 4
"""Bytes in which a string of SSH states how long it is."""

PRESENT: Final = 0b1
AFTER_A_TOUCH: Final = 5
"""Bytes after the signature of a security key: its flags, and how often it has signed."""


class SshKey(NamedTuple):
    """A public key.

    Attributes:
        kind: by its name in SSH.
        der: the same key as SubjectPublicKeyInfo.
        application: for which a security key has made it; empty of others.
    """

    kind: bytes
    der: bytes
    application: bytes = b""


class SshSignature(NamedTuple):
    """The parts of a signature (PROTOCOL.sshsig), in their order."""

    public: bytes
    namespace: bytes
    reserved: bytes
    hash: bytes
    signature: bytes

    @classmethod
    def parse(cls, value: bytes) -> "SshSignature | None":
        """The parts of a value; `None` where it is not that."""
        begin = MAGIC + VERSION
        with suppress(ValueError):
            parts, rest = strings(value.removeprefix(begin), len(cls._fields))
            if value.startswith(begin) and not rest:
                return cls(*parts)
        return None


def strings(data: bytes, count: int) -> tuple[list[bytes], bytes]:
    """So many strings of SSH (RFC 4251, section 5) from the start of bytes, and what follows.

    Raises:
        ValueError: they are cut short.
    """
    found = []
    for _ in range(count):
        end = LENGTH + int.from_bytes(data[:LENGTH])
        if len(data) < end:
            raise ValueError("a string that is not whole")
        found.append(data[LENGTH:end])
        data = data[end:]
    return found, data


def joined(parts: Sequence[bytes]) -> bytes:
    """Strings of SSH, each after its length."""
    return b"".join(len(part).to_bytes(LENGTH) + part for part in parts)


@lru_cache(maxsize=256)
def key_of(public: bytes) -> SshKey:
    """The key in the bytes that are enrolled.

    Raises:
        ProofError: they are of another kind, or nothing can be verified with them.
    """
    with suppress(ValueError):
        (kind,), _ = strings(public, 1)
        count = {ED25519: 2, P256: 3, TOUCHED: 3}.get(kind, 1)
        (_, *parts), rest = strings(public, count)
        if parts and not rest:
            key = SshKey(kind, public_key.ED25519_DER + parts[0], *parts[1:])
            if kind == P256:
                key = SshKey(kind, public_key.P256_DER + parts[1])
            if kind != P256 or parts[0] == b"nistp256":
                public_key.loaded(key.der)
                return key
    raise ProofError("不是可用的 SSH 公钥", "this is no SSH key that can be used here")


def verifies(public: bytes, text: str, value: bytes) -> bool:
    """Whether an SSH key has signed a text, for our purpose and no other.

    Raises:
        ProofError: there is no such key.
    """
    key, given = key_of(public), SshSignature.parse(value)
    if (
        given is None
        or (given.public, given.namespace, given.reserved) != (public, NAMESPACE.encode(), b"")
        or given.hash not in HASHES
    ):
        return False
    digest = new(given.hash.decode(), text.encode()).digest()
    message = MAGIC + joined((given.namespace, given.reserved, given.hash, digest))
    try:
        (kind, signature), rest = strings(given.signature, 2)
        if key.kind == TOUCHED:
            touched = len(rest) == AFTER_A_TOUCH and rest[0] & PRESENT
            message = sha256(key.application).digest() + rest + sha256(message).digest()
        else:
            touched = not rest
        if key.kind == P256:
            signature = _in_der(signature)
    except ValueError:
        return False
    return bool(touched) and kind == key.kind and public_key.verifies(key.der, message, signature)


def _in_der(signature: bytes) -> bytes:
    """A signature of ECDSA as others write it: SSH writes its two numbers as two strings.

    Raises:
        ValueError: they are not two.
    """
    from cryptography.hazmat.primitives.asymmetric.utils import (  # noqa: PLC0415 - as in `author_key`
        encode_dss_signature,
    )

    numbers, rest = strings(signature, 2)
    if rest:
        raise ValueError("more than two numbers")
    r, s = (int.from_bytes(number) for number in numbers)
    return encode_dss_signature(r, s)
