import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.note import SigningKey
from ledger.log.publish import publish, published
from ledger.log.tiles import Tile, parse_bundle, tiles
from ledger.log.tree import ProofError, TreeHead, tree_head
from ledger.values import Invalid
from tests.support import naive_log as naive
from tests.support.interruption import interruptions, lasting
from tests.support.signed_log import LOG, STRANGER, TIME, WITNESS

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "public" / "log"


@cache
def read_tile(tile: Tile) -> bytes:
    return naive.tile(*tile, naive.LEAVES)


def read_entries(start: int, end: int) -> list[bytes]:
    return [b"entry %d" % position for position in range(start, end)]


def checkpoint(size: int, key: SigningKey = LOG) -> SignedCheckpoint:
    head = tree_head(naive.LEAVES[:size])
    return SignedCheckpoint.parse(bytes(sign_checkpoint(Checkpoint(key.name, head), [key])))


def bring(folder: Path, size: int) -> None:
    publish(folder, checkpoint(size), read_tile, read_entries)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def served(size: int) -> set[str]:
    """The paths that a client may ask for who has seen the checkpoint of that size."""
    bundles = {tile.bundle_path for tile in tiles(size) if tile.level == 0}
    return {"checkpoint"} | bundles | {tile.path for tile in tiles(size)}


def audited(folder: Path) -> int | None:
    """The size of the log in a folder as a stranger finds it, every byte of it checked."""
    if not (folder / "checkpoint").exists():
        return None
    signed = SignedCheckpoint.parse((folder / "checkpoint").read_bytes())
    signed.verify([LOG.public])
    size, root = signed.checkpoint.head
    leaves = []
    for tile in tiles(size):
        data = (folder / tile.path).read_bytes()
        if tile.level == 0:
            entries = parse_bundle(tile, (folder / tile.bundle_path).read_bytes())
            leaves += [naive.leaf(entry) for entry in entries]
        assert data == naive.tile(*tile, leaves)
    assert root == naive.mth(leaves)
    assert leaves == naive.LEAVES[:size]
    return size


def written(file: Path) -> tuple[int, int, int]:
    """Which file it is and when it was written, not when it was read."""
    about = file.stat()
    return about.st_ino, about.st_size, about.st_mtime_ns


class TestPublishing:
    def test_writes_what_the_specification_asks_for(self, folder: Path) -> None:
        bring(folder, 70_000)
        assert files(folder) == served(70_000)
        assert (folder / "tile/entries/273.p/112").read_bytes().endswith(b"\0\x0bentry 69999")
        assert audited(folder) == 70_000

    def test_goes_on_from_any_size_to_any_other(self, folder: Path) -> None:
        sizes = [0, 1, 3, 3, 255, 256, 257, 511, 512, 1000]
        wanted = set()
        for size in sizes:
            bring(folder, size)
            wanted |= served(size)
            assert audited(folder) == size
            assert files(folder) == wanted

    def test_never_touches_a_file_again_but_the_checkpoint(self, folder: Path) -> None:
        bring(folder, 300)
        before = {name: written(folder / name) for name in files(folder) - {"checkpoint"}}
        bring(folder, 300)
        bring(folder, 600)
        assert all(written(folder / name) == was for name, was in before.items())

    def test_replaces_nothing_that_is_no_file(self, folder: Path) -> None:
        bring(folder, 300)
        for kind in (Path.mkdir, os.mkfifo):
            (folder / "tile" / "0" / "000").unlink()
            kind(folder / "tile" / "0" / "000")
            with pytest.raises(ProofError):
                bring(folder, 600)
            if kind is Path.mkdir:
                (folder / "tile" / "0" / "000").rmdir()
                (folder / "tile" / "0" / "000").touch()

    def test_takes_up_a_cosignature_that_came_later(self, folder: Path) -> None:
        bring(folder, 3)
        signed = checkpoint(3)
        note = signed.note
        line = WITNESS.cosign(note.text, TIME)
        cosigned = signed._replace(note=note._replace(signatures=(*note.signatures, line)))
        publish(folder, cosigned, read_tile, read_entries)
        found = published(folder)
        assert found
        assert len(found.verify([LOG.public], [WITNESS.public])) == 2

    def test_lasts_before_the_checkpoint_says_so_and_the_checkpoint_lasts_too(
        self, folder: Path
    ) -> None:
        bring(folder, 3)
        with lasting() as done:
            bring(folder, 300)
        said = done.index(("replace", str(folder / "checkpoint")))
        assert done[said:] == [("replace", str(folder / "checkpoint")), ("fsync", str(folder))]
        written = [Path(name) for what, name in done[:said] if what == "replace"]
        assert written
        for file in written:
            last = done.index(("replace", str(file)))
            for parent in (one for one in file.parents if one.is_relative_to(folder)):
                assert ("fsync", str(parent)) in done[last:said]

    def test_is_for_everybody_to_read(self, folder: Path) -> None:
        bring(folder, 3)
        assert {(folder / name).stat().st_mode & 0o777 for name in files(folder)} == {0o644}

    def test_finds_nothing_where_nothing_was_published(self, folder: Path) -> None:
        assert published(folder) is None


class TestRefusals:
    def test_of_an_older_log_or_another_past(self, folder: Path) -> None:
        bring(folder, 300)
        other = Checkpoint(LOG.name, TreeHead(300, naive.mth(naive.LEAVES[1:301])))
        fork = SignedCheckpoint.parse(bytes(sign_checkpoint(other, [LOG])))
        for signed in (checkpoint(299), checkpoint(0), fork):
            with pytest.raises(ProofError):
                publish(folder, signed, read_tile, read_entries)
        assert audited(folder) == 300

    def test_of_another_log(self, folder: Path) -> None:
        bring(folder, 3)
        other = SigningKey("other.example/log", bytes(32))
        with pytest.raises(ProofError, match=r"not other\.example/log"):
            publish(folder, checkpoint(5, other), read_tile, read_entries)
        assert audited(folder) == 3

    def test_of_tiles_or_entries_that_are_not_the_checkpoint_s(self, folder: Path) -> None:
        def blank(tile: Tile) -> bytes:
            return bytes(len(read_tile(tile)))

        with pytest.raises(ProofError, match="give another root"):
            publish(folder, checkpoint(3), blank, read_entries)
        bring(folder, 3)
        with pytest.raises(ProofError, match="consistency"):
            publish(folder, checkpoint(9), blank, read_entries)
        for wrong in (lambda *_: [], lambda start, end: [b"x"] * (end - start)):
            with pytest.raises(ProofError, match="do not hash"):
                publish(folder, checkpoint(9), read_tile, wrong)
        assert audited(folder) == 3

    def test_of_replacing_a_file_by_other_bytes(self, folder: Path) -> None:
        bring(folder, 3)
        path = folder / "tile/0/000.p/9"
        path.write_bytes(b"something else")
        with pytest.raises(ProofError, match="not replaced"):
            bring(folder, 9)
        assert path.read_bytes() == b"something else"
        assert audited(folder) == 3

    def test_of_a_folder_that_holds_something_else(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "checkpoint").write_bytes(b"junk")
        with pytest.raises(ProofError):
            bring(folder, 3)
        with pytest.raises(Invalid, match=r"checkpoint: .*is not a folder"):
            bring(folder / "checkpoint", 3)

    def test_does_not_look_at_keys_which_is_for_the_caller(self, folder: Path) -> None:
        publish(folder, checkpoint(3, STRANGER), read_tile, read_entries)
        with pytest.raises(ProofError):
            audited(folder)


@pytest.mark.parametrize(("before", "after"), [(None, 3), (3, 3), (3, 300), (250, 258)])
def test_interrupted_anywhere_leaves_a_whole_log_and_goes_on(
    folder: Path, tmp_path: Path, before: int | None, after: int
) -> None:
    start = tmp_path / "start"
    start.mkdir()
    if before is not None:
        bring(start, before)
    copytree(start, folder)

    for _ in interruptions(lambda: bring(folder, after)):
        assert audited(folder) in {before, after}
        bring(folder, after)
        assert audited(folder) == after
        assert files(folder) == files(start) | served(after)
        rmtree(folder)
        copytree(start, folder)
    assert audited(folder) == after


def test_interrupted_again_and_again_gets_there(folder: Path) -> None:
    """Each run goes on from what the one before has left."""
    stops = sum(1 for _ in interruptions(lambda: bring(folder, 300)))
    assert stops > 20
    assert audited(folder) == 300
    assert files(folder) == served(300)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a bit": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "cut short": lambda data: data[:-1],
    "empty": lambda data: data[:0],
    "too long": lambda data: data + b"\0",
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("size", [600, 700])
def test_a_damaged_file_of_those_published_before_is_named_and_never_confirmed(
    folder: Path, damage: str, size: int
) -> None:
    """Also where nothing new has come, and where only newer files would be written."""
    bring(folder, 600)
    pristine = folder.with_name("pristine")
    copytree(folder, pristine)
    for name in sorted(served(600) & served(size) - {"checkpoint"}):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(DAMAGE[damage](whole))

        with pytest.raises(ProofError) as refused:
            bring(folder, size)
        assert str(folder / name) in refused.value.text.en

        rmtree(folder)
        copytree(pristine, folder)


def test_a_file_that_was_lost_is_published_again(folder: Path) -> None:
    bring(folder, 600)
    for name in sorted(served(600) - {"checkpoint"}):
        (folder / name).unlink()
        bring(folder, 600)
        assert audited(folder) == 600
