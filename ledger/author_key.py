"""Keys of authors: one door for every scheme by which a command can be signed.

A scheme is a function of a public key, a text and a value. `cryptography` is imported when there is
a signature, which most commands never meet.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from ledger.log.tree import ProofError

ED25519: Final = "ed25519"
"""RFC 8032: 32 bytes of public key, 64 of signature, over the text in UTF-8."""

WEBAUTHN: Final = "webauthn"
"""A passkey: `ledger.passkey`."""

SSHSIG: Final = "sshsig"
"""A key that people use with SSH: `ledger.ssh_signature`."""

OWNER: Final = "author"
"""What a key is called where its class wants a name; no author signs it."""


def _ed25519(public: bytes, text: str, value: bytes) -> bool:
    from ledger.log.note import VerifierKey  # noqa: PLC0415 - see above

    return VerifierKey(OWNER, public).verifies(text, value)


def _webauthn(public: bytes, text: str, value: bytes) -> bool:
    from ledger import passkey  # noqa: PLC0415 - see above

    return passkey.verifies(public, text, value)


def _sshsig(public: bytes, text: str, value: bytes) -> bool:
    from ledger import ssh_signature  # noqa: PLC0415 - see above

    return ssh_signature.verifies(public, text, value)


SCHEMES: Final[Mapping[str, Callable[[bytes, str, bytes], bool]]] = {
    ED25519: _ed25519,
    WEBAUTHN: _webauthn,
    SSHSIG: _sshsig,
}
"""By name: whether a public key has signed a text with that value."""


def is_public_key(scheme: str, public: bytes) -> bool:
    """Whether a scheme can verify with that public key, and not everybody can sign for it."""
    with suppress(ProofError):
        verifies(scheme, public, "", b"")
        return scheme in SCHEMES
    return False


def verifies(scheme: str, public: bytes, text: str, value: bytes) -> bool:
    """Whether a text was signed under a public key.

    Raises:
        ProofError: no such key, or one under which anybody can sign.
    """
    return scheme in SCHEMES and SCHEMES[scheme](public, text, value)
