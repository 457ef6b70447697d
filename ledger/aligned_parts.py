"""The tree of a log from aligned parts (对齐的段): each is hashed apart, and only roots are joined.

A part has 2**HEIGHT positions, the first of which is a multiple of that, so that the hash over it
is one node of the whole tree (RFC 9162, section 2.1). That node is all that is joined; of a part in
which the log ends, or a head is wanted, it is the root up to there. Nothing here knows who hashes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from ledger.log.tree import HASH_SIZE, CompactRange, TreeHead, leaf_hash, node_hash
from ledger.log.tree_builder import TreeBuilder

HEIGHT: Final = 14
"""Of the subtree over a part: 16,384 entries."""

_POSITION: Final = 8
_MODULUS: Final = 2**256


class Placed(NamedTuple):
    """Which entries were seen at which positions: walks that agree in both have seen the same.

    Attributes:
        entries: how many.
        total: of a hash over position and leaf hash of each, modulo 2**256; in any order.
    """

    entries: int = 0
    total: int = 0

    def __or__(self, other: "Placed") -> "Placed":
        """What two walks have seen that have seen nothing twice."""
        return Placed(self.entries + other.entries, (self.total + other.total) % _MODULUS)


class Placing:
    """Takes the hashes of entries with their positions, in any order, to know them again."""

    def __init__(self) -> None:
        self._count = self._total = 0

    def place(self, position: int, leaf: bytes) -> None:
        """Take the hash of the entry at a position; 32 bytes."""
        at = position.to_bytes(_POSITION, signed=True)  # a broken table may say anything
        self._count += 1
        self._total += int.from_bytes(sha256(at + leaf).digest())

    def end(self) -> list[int]:
        """No gap of a share says anything of the whole."""
        return []

    def placed(self) -> Placed:
        """What was taken."""
        return Placed(self._count, self._total % _MODULUS)


class AlignedPart(NamedTuple):
    """What was hashed of a part.

    Attributes:
        start: its first position.
        roots: over its entries from there, by the size of the log up to where they go: at its end,
            and at each size that was wanted.
        placed: its entries.
        is_dense: whether there is an entry at each position as far as there are entries.
    """

    start: int
    roots: dict[int, bytes]
    placed: Placed
    is_dense: bool


def aligned_part(
    start: int, entries: Iterable[tuple[int, bytes]], sizes: Iterable[int]
) -> AlignedPart:
    """Hash a part.

    Args:
        start: its first position.
        entries: with their positions.
        sizes: of the log, within the part, at which its head is wanted.
    """
    tree, placing = TreeBuilder(size - start for size in sizes), Placing()
    for position, entry in entries:
        leaf = leaf_hash(entry)
        tree.place(position - start, leaf)
        placing.place(position, leaf)
    odd = tree.end()
    roots = {start + size: head.root for size, head in tree.heads.items() if size}
    return AlignedPart(start, roots, placing.placed(), not odd)


class LogTree(TreeBuilder):
    """The tree of a log, grown from its leaves or joined from its parts.

    Attributes:
        sizes: at which heads are wanted.
    """

    def __init__(self, sizes: Iterable[int] = ()) -> None:
        """Begin with an empty tree."""
        self.sizes: Sequence[int] = sorted({*sizes})
        super().__init__(self.sizes)

    def parts(self, size: int) -> list[tuple[range, Sequence[int]]]:
        """The positions of each part of a log of that size, with the sizes wanted in it."""
        width, wanted = 1 << HEIGHT, self.sizes
        return [
            (
                range(start, min(start + width, size)),
                wanted[bisect_right(wanted, start) : bisect_right(wanted, start + width)],
            )
            for start in range(0, size, width)
        ]

    def join(self, parts: Iterable[AlignedPart]) -> bool:
        """Take all parts, in their order, in place of the leaves.

        Returns:
            Whether they fit together; where they do not, nothing was taken.
        """
        edge, heads = CompactRange(), dict(self.heads)
        for part in parts:
            if not part.is_dense or (part.roots and part.start != edge.size):
                return False
            for size, root in part.roots.items():
                heads[size] = TreeHead(size, _over(edge, root))
            if full := part.roots.get(part.start + (1 << HEIGHT)):
                edge.append(full, HEIGHT)
        self.heads = heads
        return True


def _over(edge: CompactRange, root: bytes) -> bytes:
    """The root over full subtrees and what follows them, which is smaller than each of them."""
    left = bytes(edge)
    for start in range(len(left) - HASH_SIZE, -1, -HASH_SIZE):
        root = node_hash(left[start : start + HASH_SIZE], root)
    return root
