from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.log.tiles import (
    ENTRY_MAX,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    check_tiles,
    hash_reader,
    parse_bundle,
    subtree_root,
    tiles,
    write_bundle,
)
from ledger.log.tree import (
    ProofError,
    consistency_proof,
    inclusion_proof,
    root_from,
    tree_head,
    verify_consistency,
)
from tests.support import naive_log as naive

Tiles = dict[Tile, bytes]


def grown(*sizes: int) -> Tiles:
    """Every tile that a log has written by the time it has grown to each of these sizes in turn."""
    written: Tiles = {}
    for since, size in pairwise((0, *sizes)):
        for tile in tiles(size, since):
            first, last = tile.number * 256, tile.number * 256 + tile.width
            if tile.level == 0:
                written[tile] = b"".join(naive.LEAVES[first:last])
            else:
                below = [written[Tile(tile.level - 1, number)] for number in range(first, last)]
                written[tile] = b"".join(map(subtree_root, below))
    return written


LONG = grown(70_000)


class TestAPath:
    @pytest.mark.parametrize(
        ("tile", "path"),
        [
            (Tile(0, 0), "tile/0/000"),
            (Tile(0, 0, 3), "tile/0/000.p/3"),
            (Tile(1, 999), "tile/1/999"),
            (Tile(1, 1000), "tile/1/x001/000"),
            (Tile(2, 1_234_067), "tile/2/x001/x234/067"),
            (Tile(63, 1_000_000, 255), "tile/63/x001/x000/000.p/255"),
        ],
    )
    def test_has_its_number_in_groups_of_three(self, tile: Tile, path: str) -> None:
        assert tile.path == path

    def test_of_a_bundle_is_that_of_the_tile_above_its_entries(self) -> None:
        assert Tile(0, 1_234_067, 7).bundle_path == "tile/entries/x001/x234/067.p/7"

    def test_is_one_tile_s_only(self) -> None:
        assert len({tile.path for tile in tiles(70_000)}) == len(list(tiles(70_000)))


class TestTheLayout:
    @pytest.mark.parametrize(
        ("size", "full", "partial"),
        [
            (0, [], []),
            (1, [0], [Tile(0, 0, 1)]),
            (255, [0], [Tile(0, 0, 255)]),
            (256, [1, 0], [Tile(1, 0, 1)]),
            (257, [1, 0], [Tile(0, 1, 1), Tile(1, 0, 1)]),
            (65_535, [255, 0], [Tile(0, 255, 255), Tile(1, 0, 255)]),
            (65_536, [256, 1, 0], [Tile(2, 0, 1)]),
            (65_537, [256, 1, 0], [Tile(0, 256, 1), Tile(2, 0, 1)]),
            (70_000, [273, 1, 0], [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]),
        ],
    )
    def test_is_that_of_the_specification(
        self, size: int, full: list[int], partial: list[Tile]
    ) -> None:
        found = list(tiles(size))
        assert [tile for tile in found if not tile.full] == partial
        whole = [tile for tile in found if tile.full]
        expected = [Tile(level, n) for level, count in enumerate(full) for n in range(count)]
        assert whole == expected

    def test_has_64_levels_at_most(self) -> None:
        assert max(tile.level for tile in tiles(2**63 - 1, since=2**63 - 2)) < 64

    @given(size=st.integers(0, 70_000), since=st.integers(0, 70_000))
    def test_since_an_older_size_is_what_that_had_not(self, size: int, since: int) -> None:
        since = min(since, size)
        assert set(tiles(size, since)) == set(tiles(size)) - set(tiles(since))

    @given(sizes=st.lists(st.integers(1, 20_000), min_size=1, max_size=6, unique=True).map(sorted))
    def test_full_tiles_do_not_depend_on_how_the_log_was_batched(self, sizes: list[int]) -> None:
        at_once = {tile: LONG[tile] for tile in tiles(sizes[-1]) if tile.full}
        assert {tile: data for tile, data in grown(*sizes).items() if tile.full} == at_once


class TestTheContent:
    @pytest.mark.parametrize("tile", [tile for tile in LONG if tile.level or not tile.full])
    def test_is_that_of_the_specification(self, tile: Tile) -> None:
        assert LONG[tile] == naive.tile(*tile, naive.LEAVES)

    def test_gives_every_node_that_it_holds(self) -> None:
        read = hash_reader(LONG.__getitem__, 70_000)
        for tile, data in LONG.items():
            first = tile.number * TILE_WIDTH
            nodes = [read(TILE_HEIGHT * tile.level, first + i) for i in range(tile.width)]
            assert b"".join(nodes) == data

    def test_of_the_worked_example(self) -> None:
        tile = Tile(0, 0, 3)
        bundle = write_bundle([b"alpha", b"beta", b"gamma"])
        assert bundle == bytes.fromhex("0005 616c706861 0004 62657461 0005 67616d6d61")
        assert parse_bundle(tile, bundle) == [b"alpha", b"beta", b"gamma"]


class TestReadingNodes:
    @given(size=st.integers(1, 1200), at=st.integers(0, 1199))
    @example(size=66_000, at=65_400)
    def test_gives_the_proofs_that_the_rfc_defines(self, size: int, at: int) -> None:
        index = at % size
        leaves = naive.LEAVES[:size]
        read = hash_reader(grown(size).__getitem__, size)
        assert root_from(read, size) == naive.mth(leaves) == tree_head(leaves).root
        assert inclusion_proof(read, index, size) == naive.path(index, leaves)
        assert consistency_proof(read, index + 1, size) == naive.proof(index + 1, leaves)

    def test_hashes_once_what_many_proofs_have_in_common(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hashed: list[bytes] = []

        def counted(data: bytes) -> object:
            hashed.append(data)
            return sha256(data)

        monkeypatch.setattr("ledger.log.tiles.sha256", counted)

        def work(index: int) -> int:
            hashed.clear()
            inclusion_proof(hash_reader(LONG.__getitem__, 70_000), index, 70_000)
            return len(hashed)

        work(0)
        below_its_root = 128 + 64 + 32 + 16 + 8 + 4 + 2
        assert work(12_345) == work(12_345) == work(65_000) == below_its_root, "of its own leaves"
        assert work(69_999) == 0, "the last tile of leaves is every proof's"

    @pytest.mark.parametrize("tile", [Tile(1, 0), Tile(1, 1, 17), Tile(0, 273, 112)])
    def test_of_other_tiles_gives_other_nodes_whatever_was_read_before(self, tile: Tile) -> None:
        """The tiles that many proofs have in common are hashed once for all of them."""
        sound = hash_reader(LONG.__getitem__, 70_000)
        changed = {**LONG, tile: bytes(32) + LONG[tile][32:]}
        first = (tile.level * 8 + 3, tile.number * 32)
        assert sound(*first) == hash_reader(dict(LONG).__getitem__, 70_000)(*first)
        assert sound(*first) != hash_reader(changed.__getitem__, 70_000)(*first)

    def test_reads_each_tile_once_and_few_of_them(self) -> None:
        reads = []

        def read_tile(tile: Tile) -> bytes:
            reads.append(tile)
            return LONG[tile]

        read = hash_reader(read_tile, 70_000)
        proof = consistency_proof(read, 65_000, 70_000)
        old, new = tree_head(naive.LEAVES[:65_000]), tree_head(naive.LEAVES)
        verify_consistency(old, new, proof)
        inclusion_proof(read, 12_345, 70_000)
        assert len(reads) == len(set(reads)) <= 7

    @pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0"])
    def test_of_a_tile_of_the_wrong_length_is_refused(
        self, change: Callable[[bytes], bytes]
    ) -> None:
        read = hash_reader(lambda tile: change(LONG[tile]), 70_000)
        with pytest.raises(ProofError, match="tile/0/000"):
            read(0, 0)

    @pytest.mark.parametrize(
        ("level", "index"), [(0, 70_000), (0, 80_000), (4, 4375), (8, 273), (16, 1), (24, 0)]
    )
    def test_that_are_not_full_subtrees_of_the_log_is_refused(self, level: int, index: int) -> None:
        with pytest.raises(ProofError, match="70000"):
            hash_reader(LONG.__getitem__, 70_000)(level, index)


class TestABundle:
    @given(entries=st.lists(st.binary(max_size=40), min_size=1, max_size=256))
    def test_comes_back(self, entries: list[bytes]) -> None:
        assert parse_bundle(Tile(0, 0, len(entries)), write_bundle(entries)) == entries

    def test_of_the_longest_entries_comes_back(self) -> None:
        entries = [bytes([n]) * ENTRY_MAX for n in range(256)]
        assert parse_bundle(Tile(0, 0), write_bundle(entries)) == entries

    def test_takes_no_longer_entry(self) -> None:
        with pytest.raises(OverflowError):
            write_bundle([bytes(ENTRY_MAX + 1)])

    @pytest.mark.parametrize(
        ("width", "data"),
        [
            (3, b""),
            (3, b"\0\1a\0\1b\0\1"),
            (3, b"\0\1a\0\1b\0"),
            (3, b"\0\1a\0\1b\0\1c\0"),
            (2, b"\0\1a\0\1b\0\1c"),
            (1, b"\xff\xffa"),
        ],
    )
    def test_of_more_or_fewer_bytes_is_refused(self, width: int, data: bytes) -> None:
        with pytest.raises(ProofError, match="tile/entries/007"):
            parse_bundle(Tile(0, 7, width), data)


def test_tiles_of_three_levels_are_checked_against_the_level_above() -> None:
    """With 70,000 entries, a tile of the second level is the second of its level as well."""
    head = tree_head(naive.LEAVES)
    check_tiles(head, LONG.__getitem__)
    for tile in (Tile(0, 0), Tile(0, 272), Tile(1, 0)):
        changed = {**LONG, tile: sha256(LONG[tile][:32]).digest() + LONG[tile][32:]}
        with pytest.raises(ProofError):
            check_tiles(head, changed.__getitem__)


@pytest.mark.parametrize("size", [1, 7, 255, 256, 257, 600])
def test_tiles_that_give_another_root_are_refused(size: int) -> None:
    """One leaf is another; each tile by itself is well formed."""
    written = grown(size)
    head = tree_head(naive.LEAVES[:size])
    check_tiles(head, written.__getitem__)
    changed = {
        tile: sha256(data[:32]).digest() + data[32:] if tile.level == 0 else data
        for tile, data in written.items()
    }

    with pytest.raises(ProofError):
        check_tiles(head, changed.__getitem__)
