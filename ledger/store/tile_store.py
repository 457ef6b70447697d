"""The tiles of the log in the database: what is full is kept, the rest is made when asked for.

A row holds a full tile next to its root. So a partial tile of any level is read from up to 255
rows: of leaves on level 0, and above of the roots of the tiles below. A proof needs a tile or two
of each level, so it takes a number of reads in the order of the logarithm of the log's size.
"""

from ledger.log.tiles import TILE_WIDTH, Tile, subtree_root, tiles
from ledger.log.tree import HASH_SIZE, ProofError
from ledger.store.database import TILES, Transaction

_DATA = "SELECT data FROM main.tiles WHERE level = ? AND number = ?"
_LEAVES = "SELECT hash FROM main.leaves WHERE position >= ? AND position < ? ORDER BY position"
_ROOTS = (
    "SELECT root FROM main.tiles WHERE level = ? AND number >= ? AND number < ? ORDER BY number"
)


def keep_tiles(transaction: Transaction, since: int, size: int) -> None:
    """Keep the tiles that have become full while the log grew from one size to another.

    Args:
        transaction: that has written the leaves.
        since: the size before.
        size: the size now.

    Raises:
        ProofError: a leaf or a tile is missing.
    """
    if size // TILE_WIDTH == since // TILE_WIDTH:
        return  # as nearly always
    for tile in tiles(size, since):  # lower levels first: those above are made of them
        if tile.full:
            data = _made(transaction, tile)
            transaction.insert(TILES, [(tile.level, tile.number, subtree_root(data), data)])


def read_tile(transaction: Transaction, tile: Tile) -> bytes:
    """The bytes of a tile, full or partial.

    Raises:
        ProofError: a leaf or a tile is missing.
    """
    if tile.full:
        kept = transaction.execute(_DATA, (tile.level, tile.number)).fetchone()
        if kept:
            data: bytes = kept[0]
            return data
    return _made(transaction, tile)


def _made(transaction: Transaction, tile: Tile) -> bytes:
    first = tile.number * TILE_WIDTH
    end = first + tile.width
    if tile.level == 0:
        rows = transaction.execute(_LEAVES, (first, end)).fetchall()
    else:
        rows = transaction.execute(_ROOTS, (tile.level - 1, first, end)).fetchall()
    data = b"".join(found for (found,) in rows)
    if len(data) != HASH_SIZE * tile.width:
        raise ProofError(
            f"{tile.path}：应有 {tile.width} 个哈希，记录库中有 {len(rows)} 个",
            f"{tile.path}: it has {tile.width} hashes, of which the ledger holds {len(rows)}",
        )
    return data
