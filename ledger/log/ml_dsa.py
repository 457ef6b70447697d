"""ML-DSA-44 (FIPS 204) below checkpoints, next to Ed25519: for the day when that can be forged.

A signature of the log and a cosignature of a witness are the same thing here (C2SP
tlog-cosignature, "ML-DSA-44 signed message"): the signer's name, a time, and the head of the tree.
The log states no time. No two signatures are the same bytes, also of the same head.
"""

from functools import cached_property
from typing import ClassVar, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from ledger.log.checkpoint import TIME_MAX, TIME_SIZE, Checkpoint, check_time, cosigned_at
from ledger.log.note import Signature, SigningKey, VerifierKey, is_key_name
from ledger.log.tree import ProofError

PUBLIC_SIZE: Final = 1312
"""Bytes in a public key (FIPS 204, table 2)."""

NAME_MAX: Final = 255
"""Bytes in the name of a signer or a log, of which one more says how many they are."""

_LABEL: Final = b"subtree/v1\n\0"


class MlDsaKey(VerifierKey):
    """A public key that signs and cosigns checkpoints with ML-DSA-44.

    The time comes before the 2,420 bytes of the signature: seconds since 1970, 8 bytes, big-endian;
    0 where none is stated.
    """

    type: ClassVar[int] = 0x06

    def __post_init__(self) -> None:
        if not is_key_name(self.name) or len(self.name.encode()) > NAME_MAX:
            raise ProofError(f"密钥名不可用：{self.name!r}", f"not a key name: {self.name!r}")
        if len(self.public) != PUBLIC_SIZE:
            raise ProofError(
                f"{self.name} 的公钥不能用：不是 {PUBLIC_SIZE} 字节",
                f"the public key of {self.name} is unusable: not {PUBLIC_SIZE} bytes",
            )

    def verifies(self, text: str, value: bytes) -> bool:
        """Whether that is this key's signature of a checkpoint's text, at a time that exists."""
        time = cosigned_at(value)
        try:
            message = _signed(self.name, time, Checkpoint.parse(text))
            key = MLDSA44PublicKey.from_public_bytes(self.public)
            key.verify(value[TIME_SIZE:], message)
        except (InvalidSignature, ProofError):
            return False
        return time <= TIME_MAX


class MlDsaSigningKey(SigningKey):
    """A secret key that signs and cosigns checkpoints; its seed is the `xi` of FIPS 204."""

    kind: ClassVar[type[VerifierKey]] = MlDsaKey

    @cached_property
    def public(self) -> VerifierKey:
        """What others need to verify."""
        return MlDsaKey(self.name, self._ml_dsa.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """The log's own signature of a checkpoint's text, without a time.

        Raises:
            ProofError: no checkpoint, or one whose origin is too long.
        """
        return self.cosign(text, 0)

    def cosign(self, text: str, time: int) -> Signature:
        """State that this is the latest checkpoint seen, and consistent with all seen before.

        Args:
            text: of the checkpoint.
            time: seconds since 1970; 0 states none.

        Raises:
            ProofError: no checkpoint, one whose origin is too long, or no such time.
        """
        check_time(time)
        plain = self._ml_dsa.sign(_signed(self.name, time, Checkpoint.parse(text)))
        return Signature(self.name, self.public.key_id, time.to_bytes(TIME_SIZE, "big") + plain)

    @cached_property
    def _ml_dsa(self) -> MLDSA44PrivateKey:
        return MLDSA44PrivateKey.from_seed_bytes(self.seed)


def _signed(name: str, time: int, checkpoint: Checkpoint) -> bytes:
    """`cosigned_message`: a head is the subtree from 0 to its size."""
    start, (size, root) = 0, checkpoint.head
    numbers = [number.to_bytes(8, "big") for number in (time, start, size)]
    return b"".join(
        (_LABEL, _opaque(name), numbers[0], _opaque(checkpoint.origin), *numbers[1:], root)
    )


def _opaque(name: str) -> bytes:
    """`opaque<1..2^8-1>` (RFC 8446, section 3.4)."""
    data = name.encode()
    if len(data) > NAME_MAX:
        raise ProofError(
            f"检查点：名称超过 {NAME_MAX} 字节，不能用 ML-DSA-44 签名",
            f"checkpoint: a name of more than {NAME_MAX} bytes cannot be signed with ML-DSA-44",
        )
    return bytes([len(data)]) + data
