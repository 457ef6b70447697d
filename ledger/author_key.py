"""Keys of authors: one door for every scheme by which a command can be signed.

A scheme is a function of a public key, a text and a value. `cryptography` is imported when there is
a signature, which most commands never meet.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from ledger import public_key
from ledger.log.tree import ProofError

ED25519: Final = "ed25519"
"""RFC 8032: 32 bytes of public key, 64 of signature, over the text in UTF-8."""

WEBAUTHN: Final = "webauthn"
"""A passkey: `ledger.passkey`."""

SSHSIG: Final = "sshsig"
"""A key that people use with SSH: `ledger.ssh_signature`."""

SM2_X509: Final = "sm2-x509"
"""A key with a certificate, which `openssl` verifies: `ledger.sm2_certificate`."""


def _ed25519(public: bytes, text: str, value: bytes) -> bool:
    return public_key.verifies(public_key.ED25519_DER + public, text.encode(), value)


def _webauthn(public: bytes, text: str, value: bytes) -> bool:
    from ledger import passkey  # noqa: PLC0415 - see above

    return passkey.verifies(public, text, value)


def _sshsig(public: bytes, text: str, value: bytes) -> bool:
    from ledger import ssh_signature  # noqa: PLC0415 - see above

    return ssh_signature.verifies(public, text, value)


def _sm2_x509(public: bytes, text: str, value: bytes) -> bool:
    from ledger import sm2_certificate  # noqa: PLC0415 - see above

    return sm2_certificate.verifies(public, text, value)


SCHEMES: Final[Mapping[str, Callable[[bytes, str, bytes], bool]]] = {
    ED25519: _ed25519,
    WEBAUTHN: _webauthn,
    SSHSIG: _sshsig,
    SM2_X509: _sm2_x509,
}
"""By name: whether a public key has signed a text with that value."""


def is_public_key(scheme: str, public: bytes) -> bool:
    """Whether a scheme can verify with that public key, and not everybody can sign for it."""
    from ledger import sm2_certificate  # noqa: PLC0415 - see above

    with suppress(ProofError):
        if scheme == SM2_X509:  # whether or not there is a program here that verifies with it
            return bool(sm2_certificate.certificate_of(public))
        verifies(scheme, public, "", b"")
        return scheme in SCHEMES
    return False


def can_verify(scheme: str) -> bool:
    """Whether signatures of a scheme can be verified here: those of SM2 need another program."""
    if scheme != SM2_X509:
        return True
    from ledger import sm2_certificate  # noqa: PLC0415 - see above

    return sm2_certificate.can_verify()


def verifies(scheme: str, public: bytes, text: str, value: bytes) -> bool:
    """Whether a text was signed under a public key.

    Raises:
        ProofError: no such key, or one under which anybody can sign.
    """
    return scheme in SCHEMES and SCHEMES[scheme](public, text, value)
