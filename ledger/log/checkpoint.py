"""Checkpoints: what a log holds, signed (C2SP tlog-checkpoint, tlog-cosignature).

A checkpoint is a note of three lines: the origin, which is the log's name; the size; the root. The
log signs it; a witness that saw the log only grow cosigns it and says when.
"""

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final, NamedTuple, Self

from ledger.log.cose import CoseKey
from ledger.log.note import (
    SIGNATURE_SIZE,
    Note,
    Signature,
    SigningKey,
    VerifierKey,
    decode_base64,
    encode_base64,
    sign,
)
from ledger.log.tree import EMPTY_ROOT, HASH_SIZE, SIZE_MAX, ProofError, TreeHead

TIME_MAX: Final = 2**63 - 1
"""Seconds since 1970 in the latest cosignature."""

TIME_SIZE: Final = 8
"""Bytes of the time before a cosignature."""

ML_DSA_SIZE: Final = TIME_SIZE + 2420
"""Bytes in a signature of type 06 (FIPS 204, table 2)."""

BRIEF: Final = frozenset({SIGNATURE_SIZE, TIME_SIZE + SIGNATURE_SIZE})
"""Bytes in signatures of the types 01 and 04, by which they are known without a key."""

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")  # 19 digits hold 2**63 - 1


class Checkpoint(NamedTuple):
    """What a log says it holds.

    Attributes:
        origin: the name of the log, best the URL it is served at without the scheme.
        head: the size and the root of its tree.
        extensions: further lines, which are signed and mean nothing to us.
    """

    origin: str
    head: TreeHead
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint that the text of a note holds: `str(checkpoint)` is the same again.

        Raises:
            ProofError: it is not a checkpoint.
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):  # noqa: PLR2004 - three and the end
            raise _malformed(
                "应有三行以上，每行非空并以换行结尾",
                "it must have three or more lines, none of them empty",
            )
        # 1. The origin.
        # 2. The size, in decimal digits without leading zeros.
        # 3. The root, in base64.
        # 4. Extension lines.
        origin, size, root, *extensions = lines
        head = TreeHead(decimal(size), decode_base64(root))
        if len(head.root) != HASH_SIZE:
            raise _malformed(f"{origin} 的根不是 32 字节", f"the root of {origin} is not 32 bytes")
        if head.size == 0 and head.root != EMPTY_ROOT:
            raise _malformed(
                f"{origin} 空树的根不正确", f"the root of {origin} is not that of an empty tree"
            )
        return cls(origin, head, tuple(extensions))

    def __str__(self) -> str:
        root = encode_base64(self.head.root)
        return "".join(
            f"{line}\n" for line in (self.origin, self.head.size, root, *self.extensions)
        )


class WitnessKey(VerifierKey):
    """A public key that cosigns checkpoints: Ed25519, with the time in the signature.

    The time comes before the 64 bytes of the signature: seconds since 1970, 8 bytes, big-endian.
    """

    type: ClassVar[int] = 0x04

    def verifies(self, text: str, value: bytes) -> bool:
        """Whether that is this key's cosignature of a checkpoint's text, at a time that exists."""
        return cosigned_at(value) <= TIME_MAX and super().verifies(text, value)

    def signed(self, text: str, value: bytes) -> tuple[bytes, bytes]:
        """The message of `cosignature/v1`, and the 64 bytes after the time."""
        return _cosigned(text, cosigned_at(value)), value[TIME_SIZE:]


class WitnessSigningKey(SigningKey):
    """A secret key that cosigns checkpoints. It must not be used under another name as well."""

    kind: ClassVar[type[VerifierKey]] = WitnessKey

    def cosign(self, text: str, time: int) -> Signature:
        """State that this is the latest checkpoint seen, and consistent with all seen before.

        The caller has made sure of both.

        Args:
            text: of the checkpoint.
            time: seconds since 1970.

        Raises:
            ProofError: no checkpoint, or no such time.
        """
        Checkpoint.parse(text)
        check_time(time)
        plain = self._ed25519.sign(_cosigned(text, time))
        return Signature(self.name, self.public.key_id, time.to_bytes(TIME_SIZE, "big") + plain)


class SignedCheckpoint(NamedTuple):
    """A checkpoint with its signatures, none of which is believed yet."""

    checkpoint: Checkpoint
    note: Note

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The checkpoint in a signed note.

        Raises:
            ProofError: it is not a note, or no checkpoint is in it.
        """
        note = Note.parse(data)
        return cls(Checkpoint.parse(note.text), note)

    def brief(self) -> Self:
        """The same with Ed25519 signatures and cosignatures only, as receipts carry it."""
        lines = (line for line in self.note.signatures if len(line.value) in BRIEF)
        return self._replace(note=self.note._replace(signatures=tuple(lines)))

    def handed_out(self) -> Self:
        """The same without the root as COSE, which stays in the ledger.

        Programs that do not know that line pass over it, and over a damage of it.
        """
        lines = (
            line
            for line in self.note.signatures
            if len(line.value) in BRIEF or len(line.value) >= ML_DSA_SIZE
        )
        return self._replace(note=self.note._replace(signatures=tuple(lines)))

    def verify(
        self, log: Iterable[VerifierKey], witnesses: Iterable[VerifierKey] = ()
    ) -> list[tuple[VerifierKey, Signature]]:
        """The signatures of the log and of witnesses that are trusted.

        Args:
            log: keys of the log, which have its name; two while one takes over from the other. One
                must have signed.
            witnesses: keys whose signatures must hold where they are, and may be missing.

        Raises:
            ProofError: the log has not signed it, or one of these signatures is false.
        """
        own = set(log)
        plain = [key for key in own if key.type == VerifierKey.type]
        roots = [CoseKey(key.name, key.public) for key in plain]  # false ones are refused as well
        found = self.note.verify([*own, *witnesses, *roots])
        signatures = [(key, line) for key, line in found if key not in roots]
        if not any(key in own and key.name == self.checkpoint.origin for key, _ in signatures):
            raise _malformed(
                f"{self.checkpoint.origin} 没有日志自己的签名",
                f"{self.checkpoint.origin} is not signed by the log",
            )
        return signatures


def sign_checkpoint(checkpoint: Checkpoint, keys: Sequence[SigningKey]) -> Note:
    """A checkpoint signed by the log. The caller has made sure that the log only grew.

    Args:
        checkpoint: what the log holds.
        keys: of the log; two while one takes over from the other.

    Raises:
        ProofError: it cannot be written down as a checkpoint.
    """
    text = str(checkpoint)
    if Checkpoint.parse(text) != checkpoint:
        raise _malformed("有一行含换行", "there is a newline inside a line")
    return sign(text, keys)


def check_time(time: int) -> None:
    """Check that a cosignature can state a time, in seconds since 1970.

    Raises:
        ProofError: it cannot.
    """
    if not 0 <= time <= TIME_MAX:
        raise _malformed(f"联署时间 {time} 不可用", f"not a valid time of a cosignature: {time}")


def cosigned_at(value: bytes) -> int:
    """When a witness says it cosigned: seconds since 1970."""
    return int.from_bytes(value[:TIME_SIZE], "big")


def decimal(text: str) -> int:
    """A number from 0 to 2**63 - 1 in decimal digits without leading zeros.

    Raises:
        ProofError: it is not written like that.
    """
    if not _DECIMAL.fullmatch(text) or int(text) > SIZE_MAX:
        raise _malformed(f"不是规范的数：{text[:40]!r}", f"not a number as wanted: {text[:40]!r}")
    return int(text)


def _cosigned(text: str, time: int) -> bytes:
    """What a witness signs (C2SP tlog-cosignature, "Ed25519 signed message")."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _malformed(zh: str, en: str) -> ProofError:
    return ProofError(f"检查点：{zh}", f"checkpoint: {en}")
