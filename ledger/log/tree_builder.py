"""A tree rebuilt from the hashes of its entries, to compare it with stated heads."""

from collections.abc import Iterable
from itertools import chain

from ledger.log.tiles import TILE_HEIGHT, TILE_WIDTH, subtree_root
from ledger.log.tree import CompactRange, TreeHead


class TreeBuilder:
    """Takes each hash with its position, in nearly any order, and keeps the heads that are wanted.

    What comes before its turn waits. Where many write at once that is a few; only in a log with a
    hole it is everything after the hole.

    Attributes:
        heads: by size: the empty tree, the sizes wanted as far as the tree has grown, and at last
            the whole tree.
    """

    def __init__(self, sizes: Iterable[int] = ()) -> None:
        """Begin with an empty tree.

        Args:
            sizes: at which a head is wanted.
        """
        self._sizes = frozenset(sizes)
        self._frontier = CompactRange()
        self._tile: list[bytes] = []  # hashes beyond the frontier, fewer than a full tile
        self._size = 0
        self._waiting: dict[int, bytes] = {}
        self.heads = {0: self._frontier.head()}

    def place(self, position: int, leaf: bytes) -> None:
        """Take the hash of the entry at a position, from 0; 32 bytes."""
        if position != self._size:
            self._waiting[position] = leaf
            return
        self._grow(leaf)
        while self._waiting and (follower := self._waiting.pop(self._size, None)):
            self._grow(follower)

    def end(self) -> list[int]:
        """Close the ranks where there are holes, and keep the head of the whole tree.

        Returns:
            The positions that nothing was placed at, and those beyond the number of entries.
        """
        size = self._size + len(self._waiting)
        holes = (place for place in range(self._size, size) if place not in self._waiting)
        beyond = (place for place in self._waiting if not self._size <= place < size)
        odd = sorted(chain(holes, beyond))
        for _, leaf in sorted(self._waiting.items()):
            self._grow(leaf)
        self._waiting.clear()
        self.heads[self._size] = self._head()
        return odd

    def _grow(self, leaf: bytes) -> None:
        tile = self._tile
        tile.append(leaf)
        self._size += 1
        if len(tile) == TILE_WIDTH:
            # Hashed as a whole, which takes half the time of one after the other.
            self._frontier.append(subtree_root(b"".join(tile)), TILE_HEIGHT)
            tile.clear()
        if self._size in self._sizes:
            self.heads[self._size] = self._head()

    def _head(self) -> TreeHead:
        frontier = CompactRange.parse(self._frontier.size, bytes(self._frontier))
        for leaf in self._tile:
            frontier.append(leaf)
        return frontier.head()
