"""The log as a folder of static files that any web server can serve (C2SP tlog-tiles).

Steps, numbered again where they are done; whenever they are interrupted, the folder holds a whole
log, the older or the newer one, and the next run goes on:

1. what is published already, and that the new log is that one grown;
2. entry bundles and tiles: those that are new or were lost are written, those that are there are
   compared, and none is ever replaced by other bytes;
3. all of them made to last;
4. the checkpoint, which makes them a part of the log.
"""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from ledger.log.atomic_files import PUBLIC, locked, sync, translated_errors, write
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.tiles import TILE_WIDTH, Tile, TileReader, hash_reader, tiles, write_bundle
from ledger.log.tree import EMPTY_ROOT, ProofError, TreeHead, leaf_hash, verify_extension

CHECKPOINT: Final = "checkpoint"
"""The file that changes; every other one stays as it was first written."""

EntryReader: TypeAlias = Callable[[int, int], list[bytes]]
"""Looks up the entries from one position up to another."""

_DRAFT: Final = ".draft"


def publish(
    folder: Path, signed: SignedCheckpoint, read_tile: TileReader, read_entries: EntryReader
) -> None:
    """Bring a folder to a checkpoint. Doing it again changes nothing.

    Args:
        folder: made where it is missing.
        signed: the checkpoint, with the cosignatures it has.
        read_tile: the tiles of the log.
        read_entries: its entries.

    Raises:
        ProofError: the checkpoint is not of the log in the folder, grown; or the tiles and entries
            are not those of the checkpoint. The folder still holds the log it held.
        Invalid: the folder cannot be written.
    """
    with translated_errors(folder):
        if folder.is_file():
            raise NotADirectoryError(errno.ENOTDIR, "", str(folder))
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        # 1. What is published already.
        known = published(folder)
        since = known.checkpoint.head if known else TreeHead(0, EMPTY_ROOT)
        head = signed.checkpoint.head
        _check(signed, known, since, read_tile)
        # 2. What is new, and whether what is there is still what the log has.
        touched = {folder}
        for tile in tiles(head.size):
            data = read_tile(tile)
            if tile.level == 0:
                bundle = _bundle(tile, data, read_entries)
                touched |= _keep(folder, tile.bundle_path, bundle)
            touched |= _keep(folder, tile.path, data)
        # 3. Before the checkpoint says that they are there, they are.
        for path in sorted(touched):
            sync(path)
        # 4. The checkpoint.
        _write(folder, folder / CHECKPOINT, bytes(signed.note))
        sync(folder)


def published(folder: Path) -> SignedCheckpoint | None:
    """The checkpoint in a folder, if there is one; nobody has verified it.

    Raises:
        ProofError: the file is not a checkpoint.
    """
    path = folder / CHECKPOINT
    return SignedCheckpoint.parse(path.read_bytes()) if path.is_file() else None


def published_tiles(folder: Path) -> TileReader:
    """The tiles in a folder; nobody has verified them.

    Returns:
        A reader which raises `ProofError` where a tile is missing.
    """

    def read(tile: Tile) -> bytes:
        path = folder / tile.path
        if not path.is_file():
            raise ProofError(f"{path} 没有公布", f"{path} is not published")
        with translated_errors(path):
            return path.read_bytes()

    return read


def _check(
    signed: SignedCheckpoint, known: SignedCheckpoint | None, since: TreeHead, read_tile: TileReader
) -> None:
    origin, head, _ = signed.checkpoint
    if known and known.checkpoint.origin != origin:
        raise ProofError(
            f"{known.checkpoint.origin} 公布在这里，不是 {origin}",
            f"{known.checkpoint.origin} is published here, not {origin}",
        )
    verify_extension(since, head, hash_reader(read_tile, head.size))


def _bundle(tile: Tile, data: bytes, read_entries: EntryReader) -> bytes:
    first = tile.number * TILE_WIDTH
    entries = read_entries(first, first + tile.width)
    if b"".join(map(leaf_hash, entries)) != data:
        raise ProofError(
            f"{tile.bundle_path}：条目与瓦片中的叶哈希不符",
            f"{tile.bundle_path}: the entries do not hash to the leaves in the tile",
        )
    return write_bundle(entries)


def _keep(folder: Path, name: str, data: bytes) -> set[Path]:
    """Write a file that never changes; the folders that have to be synced for it."""
    path = folder / name
    if path.exists():
        if not path.is_file() or path.read_bytes() != data:
            raise ProofError(
                f"{path} 的内容与日志不同，未覆盖。请查明原因，移走该文件后重新公布",
                f"{path} differs from the log and was not replaced. Find out the cause, move the"
                " file away and publish again",
            )
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(folder, path, data)
    return {parent for parent in path.parents if parent.is_relative_to(folder)}


def _write(folder: Path, path: Path, data: bytes) -> None:
    write(path, data, draft=folder / _DRAFT, mode=PUBLIC)
