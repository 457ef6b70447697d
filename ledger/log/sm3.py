"""A second tree over the same entries, hashed with SM3 (GB/T 32905), and what a signer says of it.

Its shape is that of RFC 9162, section 2.1; only the hash is another one. A signer grows both trees
from the bytes of the entries, so that one cannot be about other entries than the other, and neither
is taken from the database.
"""

from collections.abc import Iterable
from typing import ClassVar, Final, NamedTuple, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SM3, Hash

from ledger.language import Text
from ledger.log.checkpoint import decimal
from ledger.log.note import decode_base64, encode_base64
from ledger.log.tree import HASH_SIZE, CompactRange, ProofError, TreeHead, leaf_hash
from ledger.values import Invalid

STATEMENT: Final = "scoretrail-sm3/1"
"""The first line of a statement, by which it passes for no checkpoint, nor one for it."""

_STATE: Final = "scoretrail-sm3-state/1"


def sm3(data: bytes) -> bytes:
    """The SM3 hash of some bytes; 32 bytes.

    Raises:
        Invalid: the library was built without it.
    """
    try:
        digest = Hash(SM3())
    except UnsupportedAlgorithm:
        raise Invalid(
            "此处的 OpenSSL 不支持 SM3，不能计算 SM3 根。请换用支持 SM3 的 cryptography。",
            "OpenSSL here was built without SM3, so there is no SM3 root. Install a cryptography"
            " that has it.",
        ) from None
    digest.update(data)
    return digest.finalize()


def sm3_leaf(entry: bytes) -> bytes:
    """The SM3 hash of one entry: that of 00 and the entry."""
    return sm3(b"\x00" + entry)


def sm3_node(left: bytes, right: bytes) -> bytes:
    """The SM3 hash above two hashes: that of 01, left and right."""
    return sm3(b"\x01" + left + right)


class Sm3Range(CompactRange):
    """The right edge of a tree whose hashes are those of SM3."""

    node: "staticmethod[[bytes, bytes], bytes]" = staticmethod(sm3_node)
    empty: ClassVar[bytes] = bytes.fromhex(
        "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"
    )  # of no bytes


class Sm3Statement(NamedTuple):
    """What a signer says of a log: the roots of both trees over the same entries.

    Attributes:
        origin: the name of the log.
        size: how many entries.
        sm3: the root of the tree over SM3, 32 bytes.
        sha256: the root that the checkpoint of that size has.
    """

    origin: str
    size: int
    sm3: bytes
    sha256: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """The statement that a text holds: `str(statement)` is the same again.

        Raises:
            ProofError: it is none.
        """
        lines = text.split("\n")
        if len(lines) != 6 or lines[0] != STATEMENT or not lines[1] or lines[5]:  # noqa: PLR2004 - five and the end
            raise ProofError(
                f"不是 SM3 陈述：应有五行，首行为 {STATEMENT}",
                f"not an SM3 statement: it has five lines, the first of which is {STATEMENT}",
            )
        made = cls(lines[1], decimal(lines[2]), decode_base64(lines[3]), decode_base64(lines[4]))
        if {len(made.sm3), len(made.sha256)} != {HASH_SIZE}:
            raise ProofError("SM3 陈述：根不是 32 字节", "SM3 statement: a root is not 32 bytes")
        return made

    def __str__(self) -> str:
        roots = encode_base64(self.sm3), encode_base64(self.sha256)
        return "".join(f"{line}\n" for line in (STATEMENT, self.origin, self.size, *roots))


class HeldSm3(NamedTuple):
    """A statement that a verifier brings along.

    Attributes:
        statement: its content.
        signed: whether its signature holds; `None` where that was not verified.
        why: why it was not.
    """

    statement: Sm3Statement
    signed: bool | None
    why: Text | None = None


class BothTrees:
    """The trees over SM3 and SHA-256, grown together from the bytes of the entries."""

    def __init__(
        self, by_sm3: Sm3Range | None = None, by_sha256: CompactRange | None = None
    ) -> None:
        """Begin with trees of the same size; with empty ones where there are none."""
        self._sm3, self._sha256 = by_sm3 or Sm3Range(), by_sha256 or CompactRange()

    @classmethod
    def parse(cls, text: str, origin: str) -> Self:
        """The trees of a log as `state` has written them.

        Raises:
            ProofError: it is no such text, or of another log.
        """
        lines = text.split("\n")
        if len(lines) != 6 or lines[:2] != [_STATE, origin] or lines[5]:  # noqa: PLR2004 - as in `Sm3Statement`
            raise ProofError(
                f"不是日志 {origin} 的 SM3 记录", f"not the SM3 state of the log {origin}"
            )
        size = decimal(lines[2])
        edges = decode_base64(lines[3]), decode_base64(lines[4])
        return cls(Sm3Range.parse(size, edges[0]), CompactRange.parse(size, edges[1]))

    def state(self, origin: str) -> str:
        """What it takes to go on growing them, as text."""
        edges = (encode_base64(bytes(edge)) for edge in (self._sm3, self._sha256))
        return "".join(f"{line}\n" for line in (_STATE, origin, self.size, *edges))

    @property
    def size(self) -> int:
        """How many entries they have."""
        return self._sha256.size

    def take_in(self, entries: Iterable[bytes]) -> None:
        """Add the next entries to both."""
        for entry in entries:
            self._sm3.append(sm3_leaf(entry))
            self._sha256.append(leaf_hash(entry))

    def heads(self) -> tuple[TreeHead, TreeHead]:
        """The heads over SM3 and over SHA-256."""
        return self._sm3.head(), self._sha256.head()

    def statement(self, origin: str) -> Sm3Statement:
        """What there is to say of a log that has these entries."""
        by_sm3, by_sha256 = self.heads()
        return Sm3Statement(origin, self.size, by_sm3.root, by_sha256.root)
