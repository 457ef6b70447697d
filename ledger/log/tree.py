"""The Merkle tree of RFC 6962, restated in RFC 9162 section 2.1, over SHA-256.

The first byte distinguishes a leaf (00) from a node (01), so that no node can pass for an entry.
`MTH`, `PATH`, `PROOF` and the numbered steps are those of the RFC; `D[a:b]` are the entries from
position a up to but not including b. Proofs are made from a `HashReader`, which looks up the hash
over any full subtree: that takes a number of reads in the order of the logarithm of the size.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import ClassVar, Final, NamedTuple, Protocol, Self

from ledger.language import counted
from ledger.problem import Fault

HASH_SIZE: Final = 32
"""Bytes in every hash of the log: SHA-256."""

SIZE_MAX: Final = 2**63 - 1
"""Entries in the largest tree: tiles have 64 levels at most and other programs count in 63 bits."""

PATH_MAX: Final = 64
"""Hashes in the longest proof: one a level, and the one that a consistency proof starts with."""

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root over no entries (RFC 9162, section 2.1.1)."""


class ProofError(Fault):
    """What was offered as a part of the log, or as a proof about it, does not hold.

    `text` says where and what. Nothing that it was offered for may be believed.
    """


class TreeHead(NamedTuple):
    """All that a log holds, in 32 bytes and a number.

    Attributes:
        size: how many entries, from 0.
        root: 32 bytes, the Merkle tree hash over them.
    """

    size: int
    root: bytes


class HashReader(Protocol):
    """Looks up the hash over a full subtree."""

    def __call__(self, level: int, index: int, /) -> bytes:
        """`MTH(D[index * 2**level : (index + 1) * 2**level])`, 32 bytes."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry of the log: SHA-256 of 00 and the entry (RFC 9162, section 2.1.1).

    Args:
        entry: the bytes exactly as stored, of any length.

    Returns:
        32 bytes.
    """
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash above two hashes: SHA-256 of 01, left and right (RFC 9162, section 2.1.1).

    Args:
        left: 32 bytes, the tree over the earlier entries.
        right: 32 bytes, the tree over the later ones.

    Returns:
        32 bytes.
    """
    return sha256(b"\x01" + left + right).digest()


# --- Growing -------------------------------------------------------------------------------------


class CompactRange:
    """The right edge of a growing tree: what it takes to append to it and to know its root.

    It holds the hash of one full subtree for each bit that is set in the size, the largest first;
    64 hashes at most. A tree over another hash of 32 bytes is a subclass.
    """

    node: "staticmethod[[bytes, bytes], bytes]" = staticmethod(node_hash)
    empty: ClassVar[bytes] = EMPTY_ROOT

    def __init__(self) -> None:
        self.size = 0
        self._hashes: list[bytes] = []

    @classmethod
    def parse(cls, size: int, data: bytes) -> Self:
        """The frontier of a tree of that size, from the bytes that `bytes(frontier)` gave.

        Raises:
            ProofError: their number does not fit the size.
        """
        if len(data) != HASH_SIZE * size.bit_count():
            raise ProofError(
                f"紧凑区间：{size} 条的树应有 {HASH_SIZE * size.bit_count()} 字节，实有"
                f" {len(data)} 字节",
                f"compact range: a tree of {size} has {HASH_SIZE * size.bit_count()} bytes, not"
                f" {len(data)}",
            )
        frontier = cls()
        frontier.size = size
        starts = range(0, len(data), HASH_SIZE)
        frontier._hashes = [data[at : at + HASH_SIZE] for at in starts]
        return frontier

    def append(self, node: bytes, height: int = 0) -> None:
        """Add the next entry, or 2**height of them at once.

        Args:
            node: the hash of the entry, or over the full subtree; 32 bytes.
            height: of the subtree; the size so far is a multiple of its width.
        """
        self._hashes.append(node)
        # Two full subtrees of one size are one of twice the size: the carry of a binary counter.
        carry = self.size >> height
        while carry & 1:
            right, left = self._hashes.pop(), self._hashes.pop()
            self._hashes.append(self.node(left, right))
            carry >>= 1
        self.size += 1 << height

    def head(self) -> TreeHead:
        """The size and the root of the tree as it is now."""
        if not self._hashes:
            return TreeHead(0, self.empty)
        *larger, root = self._hashes
        for left in reversed(larger):
            root = self.node(left, root)
        return TreeHead(self.size, root)

    def __bytes__(self) -> bytes:
        return b"".join(self._hashes)


def tree_head(leaves: Iterable[bytes]) -> TreeHead:
    """The tree over these leaf hashes, 32 bytes each: `MTH(D[n])` of RFC 9162, section 2.1.1."""
    frontier = CompactRange()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.head()


# --- Proofs --------------------------------------------------------------------------------------


def root_from(read: HashReader, size: int) -> bytes:
    """The root over the first `size` entries, 32 bytes."""
    return _mth(read, 0, size) if size else EMPTY_ROOT


def inclusion_proof(read: HashReader, index: int, size: int) -> list[bytes]:
    """`PATH(index, D[size])`: what leads from an entry to the root (RFC 9162, section 2.1.3.1).

    Returns:
        Up to 63 hashes of 32 bytes, the sibling of the leaf first.

    Raises:
        ProofError: the tree has no such entry.
    """
    _check_index(index, size)

    def path(start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if index < middle:
            return [*path(start, middle), _mth(read, middle, end)]
        return [*path(middle, end), _mth(read, start, middle)]

    return path(0, size)


def consistency_proof(read: HashReader, old: int, new: int) -> list[bytes]:
    """`PROOF(old, D[new])`: the tree only grew (RFC 9162, section 2.1.4.1).

    Args:
        read: hashes of the newer tree.
        old: the size it had; from 0, which needs no proof.
        new: the size it has; if it is `old`, the proof is empty as well.

    Returns:
        Up to 64 hashes of 32 bytes.

    Raises:
        ProofError: the newer tree is the smaller one.
    """
    _check_growth(old, new)

    def subproof(start: int, end: int, *, known: bool) -> list[bytes]:
        if end == old:
            return [] if known else [_mth(read, start, end)]
        middle = start + _split(end - start)
        if old <= middle:
            return [*subproof(start, middle, known=known), _mth(read, middle, end)]
        return [*subproof(middle, end, known=False), _mth(read, start, middle)]

    return subproof(0, new, known=True) if old else []


def _split(width: int) -> int:
    """The k of the RFC: the largest power of two below the width, which is at least 2."""
    return 1 << ((width - 1).bit_length() - 1)


def _mth(read: HashReader, start: int, end: int) -> bytes:
    """`MTH(D[start:end])` of a range as the RFC splits off: `start` is a multiple of 2**level."""
    width = end - start
    level = (width - 1).bit_length()
    if width == 1 << level:
        return read(level, start >> level)
    middle = start + _split(width)
    return node_hash(_mth(read, start, middle), _mth(read, middle, end))


# --- Verification --------------------------------------------------------------------------------

_above: Final = lru_cache(node_hash)
"""The same, as the paths of entries next to each other have most of their nodes in common."""


def verify_inclusion(leaf: bytes, index: int, proof: Sequence[bytes], head: TreeHead) -> None:
    """Check that an entry is in a tree at a place (RFC 9162, section 2.1.3.2).

    Args:
        leaf: the hash of the entry, 32 bytes, computed by the caller.
        index: its position, from 0.
        proof: up to 63 hashes of 32 bytes.
        head: the tree.

    Raises:
        ProofError: it is not shown to be there.
    """
    if inclusion_root(leaf, index, proof, head.size) != head.root:
        raise _no_inclusion(index, head.size, "算出的根不符", "it leads to another root")


def inclusion_root(leaf: bytes, index: int, proof: Sequence[bytes], size: int) -> bytes:
    """The root that an inclusion proof leads to, 32 bytes, for the caller to compare.

    Raises:
        ProofError: no tree of that size has such a proof.
    """
    _check_hashes("包含证明", "inclusion proof", proof, leaf)
    # 1. The place is one of the tree's.
    _check_index(index, size)
    # 2. fn is the place, sn the last one: both climb level by level.
    fn, sn = index, size - 1
    # 3. r is the hash that was climbed to.
    r = leaf
    # 4. One hash of the path a level.
    for p in proof:
        if sn == 0:
            raise _no_inclusion(index, size, "证明太长", "the proof is too long")
        if fn & 1 or fn == sn:
            r = _above(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = _above(r, p)
        fn, sn = fn >> 1, sn >> 1
    # 5. At the top.
    if sn != 0:
        raise _no_inclusion(index, size, "证明太短", "the proof is too short")
    return r


def verify_consistency(old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> None:
    """Check that a tree only grew since an older one (RFC 9162, section 2.1.4.2).

    The RFC leaves out two cases that need no proof: the same size has the same root, and anything
    has grown from nothing.

    Args:
        old: the tree that is believed already.
        new: the tree that allegedly holds the same entries first.
        proof: up to 64 hashes of 32 bytes.

    Raises:
        ProofError: it is not shown; most often because the past was rewritten.
    """
    _check_hashes("一致性证明", "consistency proof", proof, old.root, new.root)
    _check_growth(old.size, new.size)
    if old.size in {0, new.size}:
        _check_trivial(old, new, proof)
        return
    # 1. An empty path proves nothing.
    if not proof:
        raise _no_consistency(old, new, "证明为空", "the proof is empty")
    # 2. A full old tree is a node of the new one, so its hash goes without saying.
    path = list(proof) if old.size.bit_count() > 1 else [old.root, *proof]
    # 3. fn is the last place of the old tree, sn of the new one.
    fn, sn = old.size - 1, new.size - 1
    # 4. Up to the largest full subtree at the old tree's right edge.
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    # 5. fr grows to the old root, sr to the new one.
    fr = sr = path[0]
    # 6. One hash of the path a level.
    for c in path[1:]:
        if sn == 0:
            raise _no_consistency(old, new, "证明太长", "the proof is too long")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    # 7. At the top, and both roots are met.
    if sn != 0:
        raise _no_consistency(old, new, "证明太短", "the proof is too short")
    if (fr, sr) != (old.root, new.root):
        raise _no_consistency(old, new, "算出的根不符", "it leads to other roots")


def verify_extension(old: TreeHead, new: TreeHead, read: HashReader) -> None:
    """Check by the hashes of a tree that it has its root, and only grew since an older one.

    Args:
        old: the tree that is believed already.
        new: the tree that allegedly holds the same entries first.
        read: hashes of the newer tree.

    Raises:
        ProofError: it is not shown.
    """
    verify_consistency(old, new, consistency_proof(read, old.size, new.size))
    if root_from(read, new.size) != new.root:
        raise ProofError(
            f"{new.size} 条的日志，瓦片算出的根不符",
            f"the tiles of a log of {new.size} give another root",
        )


def _check_trivial(old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> None:
    if proof:
        raise _no_consistency(old, new, "本应没有证明", "there should be no proof")
    if old.size == 0 and old.root != EMPTY_ROOT:
        raise _no_consistency(old, new, "空树的根不对", "no empty tree has that root")
    if old.size == new.size and old.root != new.root:
        raise _no_consistency(old, new, "同样大小，根不同", "the same size has two roots")


def _check_hashes(zh: str, en: str, proof: Sequence[bytes], *ends: bytes) -> None:
    if len(proof) > PATH_MAX:
        raise ProofError(f"{zh}：多于 {PATH_MAX} 个哈希", f"{en}: more than {PATH_MAX} hashes")
    if {HASH_SIZE} != {len(end) for end in (*ends, *proof)}:
        raise ProofError(
            f"{zh}：哈希不是 {HASH_SIZE} 字节", f"{en}: a hash is not {HASH_SIZE} bytes"
        )


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size <= SIZE_MAX:
        raise ProofError(
            f"包含证明：{size} 条的日志中没有位置 {index}",
            f"inclusion proof: a log of {size} has no position {index}",
        )


def _check_growth(old: int, new: int) -> None:
    if not 0 <= old <= new <= SIZE_MAX:
        raise ProofError(
            f"一致性证明：日志从 {old} 条变成了 {new} 条",
            f"consistency proof: the log went from {counted(old, 'entry', 'entries')} to {new}",
        )


def _no_inclusion(index: int, size: int, zh: str, en: str) -> ProofError:
    return ProofError(
        f"包含证明：位置 {index}，日志共 {size} 条：{zh}",
        f"inclusion proof: position {index} in a log of {size}: {en}",
    )


def _no_consistency(old: TreeHead, new: TreeHead, zh: str, en: str) -> ProofError:
    return ProofError(
        f"一致性证明：从 {old.size} 条到 {new.size} 条：{zh}",
        f"consistency proof: from {counted(old.size, 'entry', 'entries')} to {new.size}: {en}",
    )
