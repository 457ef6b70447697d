"""The log as anybody may have it (对外的日志): the last checkpoint and hashes, never an entry."""

import re
from typing import Final

from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.tiles import TILE_HEIGHT, TILE_WIDTH, Tile
from ledger.log.tree import ProofError
from ledger.store import Store

_TILE: Final = re.compile(
    r"(?P<level>[0-7])/(?P<number>(x\d{3}/){0,4}\d{3})(\.p/(?P<width>[1-9]\d{0,2}))?", re.ASCII
)
"""The address of a tile (C2SP tlog-tiles). That of the entries below one is none."""


def served_checkpoint(store: Store) -> bytes | None:
    """The last checkpoint that was signed; `None` before there is one."""
    kept = store.last_checkpoint()
    return bytes(SignedCheckpoint.parse(kept.note).handed_out().note) if kept else None


def served_tile(store: Store, path: str) -> bytes | None:
    """The hashes of a tile that the last checkpoint covers; `None` where there is none there.

    Args:
        store: of the ledger.
        path: what comes behind `tile/`.
    """
    named, kept = _TILE.fullmatch(path), store.last_checkpoint()
    if named is None or kept is None:
        return None
    number = int(named["number"].replace("x", "").replace("/", ""))
    tile = Tile(int(named["level"]), number, int(named["width"] or TILE_WIDTH))
    if tile.number * TILE_WIDTH + tile.width > kept.size >> TILE_HEIGHT * tile.level:
        return None
    try:
        return store.tile(tile)
    except ProofError:
        return None
