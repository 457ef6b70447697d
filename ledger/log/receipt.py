"""Receipts: proof offline that an entry is in the log (C2SP tlog-proof, `.tlog-proof`)."""

from collections.abc import Iterable
from typing import Final, NamedTuple, Self

from ledger.log.checkpoint import SignedCheckpoint, decimal
from ledger.log.note import Signature, VerifierKey, decode_base64, encode_base64
from ledger.log.tree import HASH_SIZE, PATH_MAX, ProofError, leaf_hash, verify_inclusion

EXTRA_MAX: Final = 65_535
"""Bytes of extra data, which nothing proves."""

_FIRST: Final = "c2sp.org/tlog-proof@v1"
_HEAD_MAX: Final = 100 + EXTRA_MAX * 4 // 3 + PATH_MAX * 45  # base64 of 32 bytes, and a newline


class Receipt(NamedTuple):
    """That an entry is at a position in a log, which is not believed yet.

    Attributes:
        position: its index in the log, from 0.
        path: hashes of 32 bytes, the sibling of its leaf first.
        checkpoint: a signed note, with the cosignatures that it has.
        extra: anything; nobody may trust it.
    """

    position: int
    path: tuple[bytes, ...]
    checkpoint: SignedCheckpoint
    extra: bytes | None = None

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The receipt in these bytes: `bytes(receipt)` is the same again.

        Raises:
            ProofError: it is not a receipt, or above our limits.
        """
        # 1. Everything up to the first empty line is about the entry, the rest is the checkpoint.
        above, blank, below = data.partition(b"\n\n")
        if not blank or len(above) > _HEAD_MAX:
            raise _malformed("没有检查点，或太长", "no checkpoint, or the file is too long")
        try:
            first, *lines = above.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise _malformed("不是 ASCII", "not ASCII") from None
        # 2. What it is.
        if first != _FIRST:
            raise _malformed(f"首行不是 {_FIRST}", f"the first line is not {_FIRST}")
        # 3. Extra data, if any.
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = decode_base64(lines.pop(0).removeprefix("extra "))
        # 4. The index.
        if not lines or not lines[0].startswith("index "):
            raise _malformed("没有 index 行", "there is no index line")
        position = decimal(lines.pop(0).removeprefix("index "))
        # 5. The inclusion proof, one hash per line.
        path = tuple(map(decode_base64, lines))
        if len(path) > PATH_MAX or any(len(digest) != HASH_SIZE for digest in path):
            raise _malformed("证明不是 32 字节的哈希", "a hash of the proof is not 32 bytes")
        # 6. The checkpoint, verbatim.
        return cls(position, path, SignedCheckpoint.parse(below), extra)

    def __bytes__(self) -> bytes:
        extra = [] if self.extra is None else [f"extra {encode_base64(self.extra)}"]
        path = map(encode_base64, self.path)
        above = "\n".join([_FIRST, *extra, f"index {self.position}", *path])
        return above.encode() + b"\n\n" + bytes(self.checkpoint.note)

    def verify(
        self, entry: bytes, log: Iterable[VerifierKey], witnesses: Iterable[VerifierKey] = ()
    ) -> list[tuple[VerifierKey, Signature]]:
        """Check that these bytes are in the log at that place.

        Args:
            entry: the bytes of the entry.
            log: keys of the log; one must have signed.
            witnesses: keys whose signatures must hold where they are, and may be missing.

        Returns:
            The signatures that hold.

        Raises:
            ProofError: it is not shown.
        """
        signatures = self.checkpoint.verify(log, witnesses)
        head = self.checkpoint.checkpoint.head
        verify_inclusion(leaf_hash(entry), self.position, self.path, head)
        return signatures


def _malformed(zh: str, en: str) -> ProofError:
    return ProofError(f"存证证明（tlog-proof）：{zh}", f"receipt (tlog-proof): {en}")
