"""Tiles: the tree cut into files that any web server can serve (C2SP tlog-tiles).

A tile is up to 256 hashes of one level side by side; level 0 holds the hashes of the entries, and
every level above holds one hash for each *full* tile below. So a full tile never changes, and all
nodes in between come from hashing a tile. Entry bundles hold the entries under a tile of level 0.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from typing import Final, NamedTuple, TypeAlias

from ledger.log.tree import HASH_SIZE, HashReader, ProofError, TreeHead, root_from

TILE_HEIGHT: Final = 8
"""Levels of the tree in one level of tiles."""

TILE_WIDTH: Final = 256
"""Hashes in a full tile."""

ENTRY_MAX: Final = 65_535
"""Bytes in one entry: bundles give the length in 16 bits."""


class Tile(NamedTuple):
    """One tile.

    Attributes:
        level: from 0, whose hashes are those of the entries.
        number: its index in the level, from 0.
        width: how many hashes it has: 256 in a full tile, 1 to 255 in a partial one.
    """

    level: int
    number: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where it is served: `tile/<L>/<N>[.p/<W>]`."""
        return f"tile/{self.level}/{_place(self)}"

    @property
    def bundle_path(self) -> str:
        """Where the entries under a tile of level 0 are served: `tile/entries/<N>[.p/<W>]`."""
        return f"tile/entries/{_place(self)}"

    @property
    def full(self) -> bool:
        """Whether it is full, and so never changes."""
        return self.width == TILE_WIDTH


TileReader: TypeAlias = Callable[[Tile], bytes]
"""Looks up the bytes of a tile: `width` hashes of 32 bytes."""


def _place(tile: Tile) -> str:
    """The number in groups of three digits, all but the last marked by an x."""
    rest, last = divmod(tile.number, 1000)
    place = f"{last:03}"
    while rest:
        rest, group = divmod(rest, 1000)
        place = f"x{group:03}/{place}"
    return place if tile.full else f"{place}.p/{tile.width}"


def tiles(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles of a tree, lower levels first; on each, a partial one comes last.

    Args:
        size: of the tree.
        since: leave out what a tree of this size, which is not larger, has already.
    """
    level = 0
    while hashes := size >> TILE_HEIGHT * level:
        known = since >> TILE_HEIGHT * level
        for first in range(known - known % TILE_WIDTH, hashes, TILE_WIDTH):
            if hashes > known:
                yield Tile(level, first // TILE_WIDTH, min(TILE_WIDTH, hashes - first))
        level += 1


def subtree_root(data: bytes) -> bytes:
    """The root over hashes side by side, as many as a power of two; 32 bytes.

    Of a full tile, that is its hash at the level above.
    """
    while len(data) > HASH_SIZE:
        data = _parents(data)
    return data


def _parents(data: bytes) -> bytes:
    """The hashes above hashes side by side; an odd one at the end has none yet."""
    # Left and right are already side by side; `node_hash` would take twice the time, and this is
    # where the time of a proof goes.
    pairs = range(0, len(data) - HASH_SIZE, 2 * HASH_SIZE)
    return b"".join([sha256(b"\x01" + data[at : at + 2 * HASH_SIZE]).digest() for at in pairs])


def _nodes(data: bytes) -> list[bytes]:
    """The nodes of a tile, level by level: its hashes first, at last those below its own root."""
    levels = [data]
    for _ in range(1, TILE_HEIGHT):
        levels.append(_parents(levels[-1]))
    return levels


# All but the full tiles of the lowest level are few, and nearly every proof leads through them, so
# they are hashed once for many. Nothing is believed for that: other bytes are another tile.
_few_nodes = lru_cache(maxsize=64)(_nodes)


def hash_reader(read_tile: TileReader, size: int) -> HashReader:
    """Look up the nodes of a tree in its tiles, reading each tile once.

    Args:
        read_tile: where the tiles are.
        size: of the tree.

    Returns:
        A reader which raises `ProofError` where a tile has the wrong length, and where the tree has
        no such node.
    """

    @cache
    def nodes(level: int, number: int) -> list[bytes]:
        width = min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - number * TILE_WIDTH)
        tile = Tile(level, number, width)
        data = read_tile(tile) if width > 0 else b""
        if len(data) != HASH_SIZE * max(width, 0):
            raise ProofError(
                f"{tile.path}：应有 {HASH_SIZE * width} 字节，实有 {len(data)} 字节",
                f"{tile.path}: it has {len(data)} bytes, not {HASH_SIZE * width}",
            )
        return _nodes(data) if tile.full and not level else _few_nodes(data)

    def read(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        number, place = divmod(index, TILE_WIDTH >> height)
        node = nodes(tile_level, number)[height][place * HASH_SIZE : (place + 1) * HASH_SIZE]
        if not node:
            raise ProofError(
                f"第 {level} 层：{size} 条的日志中没有第 {index} 个节点",
                f"level {level}: a log of {size} has no node {index}",
            )
        return node

    return read


def check_tiles(head: TreeHead, read_tile: TileReader) -> None:
    """See that every tile of a tree is there and holds what the root says.

    Raises:
        ProofError: one is missing, too short or too long, or holds something else.
    """
    kept = lru_cache(maxsize=64)(read_tile)  # a tile is asked for by each of those below it
    # From the root down, each tile has the hash that the one above gives it.
    if root_from(hash_reader(kept, head.size), head.size) != head.root:
        raise ProofError("瓦片算不出日志的根", "the tiles do not give the root of the log")
    for tile in tiles(head.size):
        if tile.full and subtree_root(kept(tile)) != _above(tile, head.size, kept):
            raise ProofError(
                f"{tile.path} 与上一层不符", f"{tile.path} does not match the level above"
            )


def _above(tile: Tile, size: int, read: TileReader) -> bytes:
    """The hash of a full tile in the level above."""
    level = tile.level + 1
    number, place = divmod(tile.number, TILE_WIDTH)
    width = min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - number * TILE_WIDTH)
    data = read(Tile(level, number, width))
    return data[place * HASH_SIZE : (place + 1) * HASH_SIZE]


def write_bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: before each entry its length in two bytes, big-endian.

    Args:
        entries: 1 to 256, of up to 65,535 bytes each.
    """
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_bundle(tile: Tile, data: bytes) -> list[bytes]:
    """The entries in the bundle under a tile of level 0, as many as the tile has hashes.

    Raises:
        ProofError: more or fewer bytes than that.
    """
    entries = []
    at = 0
    for _ in range(tile.width):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    if at != len(data):
        raise ProofError(
            f"{tile.bundle_path}：按条目长度应有 {at} 字节，实有 {len(data)} 字节",
            f"{tile.bundle_path}: its entries take {at} bytes, but it has {len(data)}",
        )
    return entries
