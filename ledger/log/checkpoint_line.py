"""A checkpoint in one line, for paper and QR codes (docs/formats/log.md, section 11).

`<origin> <size> <root> [<signature>...]`: the three lines of a checkpoint (C2SP tlog-checkpoint),
and what the log has signed below them with Ed25519, so that the signed note can be made again from
the line. Root and signatures have a length of their own: wherever paper or a telephone breaks the
line, it can be read again.
"""

from typing import Final, NamedTuple, Self

from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, decimal
from ledger.log.note import KEY_SIZE, Note, Signature, decode_base64, encode_base64
from ledger.log.tree import ProofError, TreeHead

LINE_MAX: Final = 2_000
"""Characters in a line that is read; one with two signatures has some 280."""

ROOT_LENGTH: Final = 44
"""Characters of a root in base64."""

SIGNATURE_LENGTH: Final = 92
"""Characters in base64 of a key's id and its Ed25519 signature, 68 bytes."""

SIGNATURE_SIZE: Final = 2 * KEY_SIZE
"""Bytes of an Ed25519 signature (RFC 8032)."""


class CheckpointLine(NamedTuple):
    """A checkpoint with what the log has signed, which is not believed yet.

    Attributes:
        checkpoint: without extensions, which have no place in the line.
        signatures: of the log, by Ed25519; none where the line is what is printed in words.
    """

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...] = ()

    @classmethod
    def of(cls, signed: SignedCheckpoint) -> Self:
        """The line of a signed checkpoint: cosignatures and other kinds of signatures stay out.

        Raises:
            ProofError: it has extension lines, or a blank in its origin.
        """
        checkpoint, note = signed
        own = (
            signature
            for signature in note.signatures
            if (signature.name, len(signature.value)) == (checkpoint.origin, SIGNATURE_SIZE)
        )
        line = cls(checkpoint, tuple(own))
        if cls.parse(str(line)) != line:
            raise _malformed(
                f"{checkpoint.origin} 的检查点不能写成一行",
                f"the checkpoint of {checkpoint.origin} cannot be written in one line",
            )
        return line

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint that a line states, however it was broken on its way.

        Raises:
            ProofError: it is not such a line.
        """
        words = text.split() if len(text) <= LINE_MAX else []
        origin, size, *codes = *words, "", ""  # too few of them have no root
        code = "".join(codes)
        root, below = code[:ROOT_LENGTH], code[ROOT_LENGTH:]
        if len(root) != ROOT_LENGTH or len(below) % SIGNATURE_LENGTH:
            raise _malformed(
                "应为一行：来源、条数、根摘要，其后可有签名。可能不完整，请重新扫描或抄录",
                "it must be one line: origin, size, root, and perhaps signatures; it may be"
                " incomplete, so scan or copy it again",
            )
        starts = range(0, len(below), SIGNATURE_LENGTH)
        signatures = (below[start : start + SIGNATURE_LENGTH] for start in starts)
        head = TreeHead(decimal(size), decode_base64(root))
        return cls(
            # Read again as the text that is signed, with all that is asked of one.
            Checkpoint.parse(str(Checkpoint(origin, head))),
            tuple(Signature.parse(f"\u2014 {origin} {signature}") for signature in signatures),
        )

    @property
    def signed(self) -> SignedCheckpoint:
        """The signed note that the line was made of, without what is not in the line."""
        return SignedCheckpoint(self.checkpoint, Note(str(self.checkpoint), self.signatures))

    @property
    def in_words(self) -> str:
        """What people compare: origin, size and root."""
        return self._replace(signatures=()).__str__()

    def __str__(self) -> str:
        origin, (size, root), _ = self.checkpoint
        codes = (encode_base64(line.key_id + line.value) for line in self.signatures)
        return " ".join([origin, str(size), encode_base64(root), *codes])


def _malformed(zh: str, en: str) -> ProofError:
    return ProofError(f"检查点一行：{zh}", f"checkpoint line: {en}")
