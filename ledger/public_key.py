"""Public keys in DER (公钥): what verifies a signature of bytes, for every scheme that has one."""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ledger.log.tree import ProofError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519_DER: Final = bytes.fromhex("302a300506032b6570032100")
P256_DER: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
"""How a public key of each kind begins (SubjectPublicKeyInfo, RFC 8410 and RFC 5480)."""

POINT_SIZE: Final = 65


def verifies(der: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a key has signed a message: ECDSA with SHA-256 on P-256, or Ed25519.

    Raises:
        ProofError: neither of the two, or a key under which anybody can sign.
        ValueError: no point of the curve.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - as in `author_key`
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - the same
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - the same

    key = loaded(der)
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(SHA256()))
        else:
            key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=256)  # few people sign much, and looking at a key takes longer than using it
def loaded(der: bytes) -> "EllipticCurvePublicKey | Ed25519PublicKey":
    """A key to verify with.

    Raises:
        ProofError: it is of another kind, or one under which anybody can sign.
        ValueError: no point of the curve.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519  # noqa: PLC0415 - see above

    from ledger.log.note import VerifierKey  # noqa: PLC0415 - the same

    if der.startswith(ED25519_DER):
        raw = VerifierKey("author", der[len(ED25519_DER) :]).public  # refuses a weak one
        return ed25519.Ed25519PublicKey.from_public_bytes(raw)
    if der.startswith(P256_DER) and len(der) == len(P256_DER) + POINT_SIZE:
        point = der[len(P256_DER) :]
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    raise ProofError("不支持这种公钥", "no such public keys are verified here")
