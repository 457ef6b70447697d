from pathlib import Path
from shutil import rmtree

import pytest

from ledger.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from ledger.log.note import Note, SigningKey
from ledger.log.publish import publish
from ledger.log.tiles import Tile
from ledger.log.tree import ProofError, leaf_hash, tree_head
from ledger.log.witness import cosign
from ledger.values import Invalid
from tests.support import naive_log as naive
from tests.support.interruption import Stopped, interruptions, lasting
from tests.support.signed_log import LOG, STRANGER, TIME, WITNESS

FORK = [*naive.LEAVES[:3], leaf_hash(b"other"), *naive.LEAVES[4:]]


@pytest.fixture
def public(tmp_path: Path) -> Path:
    return tmp_path / "public"


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    (tmp_path / "office").mkdir()
    return tmp_path / "office" / "seen"


def bring(
    folder: Path, size: int, leaves: list[bytes] = naive.LEAVES, key: SigningKey = LOG
) -> None:
    """Publish a log of that size; entries that the witness never asks for are left out."""
    checkpoint = Checkpoint(key.name, tree_head(leaves[:size]))
    signed = SignedCheckpoint.parse(bytes(sign_checkpoint(checkpoint, [key])))

    def read(tile: Tile) -> bytes:
        return naive.tile(*tile, leaves)

    def entries(start: int, end: int) -> list[bytes]:
        named = {leaf_hash(b"other"): b"other"}
        return [
            named.get(leaves[position], b"entry %d" % position) for position in range(start, end)
        ]

    publish(folder, signed, read, entries)


def ask(folder: Path, seen: Path, time: int = TIME) -> Note:
    return cosign(folder, seen, [LOG.public], [WITNESS], time)


def size_seen(seen: Path) -> int:
    return SignedCheckpoint.parse(seen.read_bytes()).checkpoint.head.size


def test_what_was_seen_lasts_before_it_is_cosigned_and_anybody_may_read_it(
    public: Path, seen: Path
) -> None:
    bring(public, 3)
    with lasting() as done:
        ask(public, seen)
    assert done[-2:] == [("replace", str(seen)), ("fsync", str(seen.parent))]
    assert seen.stat().st_mode & 0o777 == 0o644


def test_cosigns_what_grows_with_nothing_but_what_is_published(public: Path, seen: Path) -> None:
    for size in (0, 1, 3, 3, 256, 257, 1000):
        bring(public, size)
        signed = SignedCheckpoint.parse(bytes(ask(public, seen)))
        assert signed.checkpoint.head == tree_head(naive.LEAVES[:size])
        keys = [key for key, _ in signed.verify([LOG.public], [WITNESS.public])]
        assert keys == [LOG.public, WITNESS.public]
        assert seen.read_bytes() == (public / "checkpoint").read_bytes()


def test_asks_for_no_entries(public: Path, seen: Path) -> None:
    """They may be for others' eyes: tiles and the checkpoint are enough."""
    bring(public, 300)
    rmtree(public / "tile" / "entries")
    assert ask(public, seen)


@pytest.mark.parametrize("size", [0, 3, 299])
def test_refuses_a_log_that_became_shorter(
    public: Path, seen: Path, tmp_path: Path, size: int
) -> None:
    bring(public, 300)
    ask(public, seen)
    bring(tmp_path / "older", size)
    with pytest.raises(ProofError):
        ask(tmp_path / "older", seen)
    assert size_seen(seen) == 300


@pytest.mark.parametrize("size", [300, 301, 600])
def test_refuses_another_past(public: Path, seen: Path, tmp_path: Path, size: int) -> None:
    bring(public, 300)
    ask(public, seen)
    bring(tmp_path / "fork", size, FORK)
    with pytest.raises(ProofError):
        ask(tmp_path / "fork", seen)
    assert size_seen(seen) == 300


def test_refuses_tiles_that_are_not_the_checkpoint_s(public: Path, seen: Path) -> None:
    """Seen for the first time, too: nothing older tells against them."""
    bring(public, 3)
    tile = public / "tile" / "0" / "000.p" / "3"
    tile.write_bytes(b"".join(FORK[1:4]))
    with pytest.raises(ProofError, match="another root"):
        ask(public, seen)
    tile.write_bytes(b"short")
    with pytest.raises(ProofError, match="5 bytes"):
        ask(public, seen)
    tile.unlink()
    with pytest.raises(ProofError, match="not published"):
        ask(public, seen)
    assert not seen.exists()


def test_refuses_what_the_log_has_not_signed(public: Path, seen: Path, tmp_path: Path) -> None:
    bring(public, 3, key=STRANGER)
    with pytest.raises(ProofError):
        ask(public, seen)
    assert not seen.exists()
    bring(tmp_path / "true", 3)
    seen.write_bytes((public / "checkpoint").read_bytes())
    with pytest.raises(ProofError):
        ask(tmp_path / "true", seen)


def test_remembers_one_log_a_file(public: Path, seen: Path) -> None:
    other = SigningKey("other.example/log", LOG.seed)
    bring(public, 3, key=other)
    cosign(public, seen, [other.public], [WITNESS], TIME)
    rmtree(public)
    bring(public, 5)
    with pytest.raises(ProofError, match="another log"):
        cosign(public, seen, [LOG.public, other.public], [WITNESS], TIME)


def test_says_so_where_nothing_is_published(tmp_path: Path, seen: Path) -> None:
    with pytest.raises(Invalid, match="no checkpoint is published") as refused:
        ask(tmp_path, seen)
    assert (refused.value.rule, refused.value.subject) == ("nothing-published", str(tmp_path))


def test_interrupted_anywhere_has_seen_the_old_or_the_new(public: Path, seen: Path) -> None:
    bring(public, 3)
    ask(public, seen)
    old = seen.read_bytes()
    bring(public, 5)
    for _ in interruptions(lambda: ask(public, seen)):
        assert size_seen(seen) in {3, 5}
        seen.write_bytes(old)
    assert size_seen(seen) == 5


def test_nothing_is_cosigned_that_is_not_remembered(
    public: Path, seen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(public, 3)

    def cosigned(*_: object) -> None:
        assert size_seen(seen) == 3, "cosigned before it was remembered"
        raise Stopped

    monkeypatch.setattr("ledger.log.checkpoint.WitnessSigningKey.cosign", cosigned)
    with pytest.raises(Stopped):
        ask(public, seen)


@pytest.mark.parametrize("tile", [Tile(0, 0, 256), Tile(0, 1, 256), Tile(0, 2, 88), Tile(1, 0, 2)])
@pytest.mark.parametrize("damage", ["a bit", "cut short", "missing"])
def test_nothing_is_cosigned_that_cannot_be_read_whole(
    public: Path, seen: Path, tile: Tile, damage: str
) -> None:
    """A proof that the log grew leads past most tiles; a witness stands for all of them."""
    bring(public, 600)
    path = public / tile.path
    data = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(bytes([data[0] ^ 1]) + data[1:] if damage == "a bit" else data[:-1])

    with pytest.raises(ProofError):
        ask(public, seen)
    assert not seen.exists()

    path.write_bytes(data)
    ask(public, seen)
    assert size_seen(seen) == 600
