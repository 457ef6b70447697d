"""What the store keeps of the tree over its entries, and what can be proven from that."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.checkpoint import (
    Checkpoint,
    SignedCheckpoint,
    WitnessSigningKey,
    sign_checkpoint,
)
from ledger.log.note import Signature, SigningKey
from ledger.log.publish import publish, published
from ledger.log.receipt import Receipt
from ledger.log.signer import Signer
from ledger.log.stamp import TimeStamp
from ledger.log.tiles import Tile, tiles
from ledger.log.tree import (
    EMPTY_ROOT,
    ProofError,
    TreeHead,
    consistency_proof,
    inclusion_proof,
    root_from,
)
from ledger.store import MEMORY, DatabaseDamaged, NewEntry, Store, StoredCheckpoint
from tests.support import naive_log as naive
from tests.support.postgres import raw

pytestmark = pytest.mark.slow

KEY = SigningKey("reviews.example/log1", bytes(range(32)))
AT = "2026-11-22T01:02:03.000004Z"
LONG = 66_000


@pytest.fixture(scope="module")
def long() -> Iterator[Store]:
    """A ledger whose log has tiles on three levels."""
    with Store.create(MEMORY) as made:
        grow(made, LONG)
        yield made


def grow(store: Store, size: int) -> None:
    """Append in one batch what makes the log that of `naive_log`, up to that size."""
    start = store.size()
    store.append([NewEntry("a", n + 1, "Raw", b"entry %d" % n) for n in range(start, size)])


def signed(size: int, root: bytes | None = None) -> SignedCheckpoint:
    head = TreeHead(size, root or naive.mth(naive.LEAVES[:size]))
    return SignedCheckpoint.parse(bytes(sign_checkpoint(Checkpoint(KEY.name, head), [KEY])))


class TestTheHead:
    def test_of_a_new_ledger_is_that_of_the_empty_tree(self, store: Store) -> None:
        assert store.head() == TreeHead(0, EMPTY_ROOT)

    def test_is_that_of_all_entries_after_every_seal(self, store: Store) -> None:
        for size in (1, 2, 3, 7, 8, 255, 256, 257, 600):
            grow(store, size)
            assert store.head() == TreeHead(size, naive.mth(naive.LEAVES[:size]))

    def test_does_not_change_where_nothing_was_written(self, store: Store) -> None:
        grow(store, 5)
        store.seal()
        store.seal(thorough=True)
        assert store.head() == TreeHead(5, naive.mth(naive.LEAVES[:5]))

    def test_of_a_broken_frontier_stops_all_writing(self, store: Store, store_target: str) -> None:
        grow(store, 5)
        with raw(store_target) as connection:
            connection.execute("UPDATE log_state SET frontier = ?", (bytes(32),))
        with pytest.raises(DatabaseDamaged, match=r"frontier|compact range"):
            store.head()
        with pytest.raises(DatabaseDamaged, match=r"frontier|compact range"):
            grow(store, 6)
        assert store.size() == len(store.read("a")) == 5


class TestAnAudit:
    def test_sees_one_moment_whatever_is_appended_meanwhile(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ledger.store.audit.BATCH", 2)
        grow(store, 5)
        with store.auditing() as audit:
            rows = audit.rows()
            before = [next(rows)]
            grow(store, 9)
            found = [*before, *rows]
            assert (audit.size, audit.head()) == (5, TreeHead(5, naive.mth(naive.LEAVES[:5])))
        assert [row[0] for row in found] == list(range(5))
        assert [row[1] for row in found] == naive.LEAVES[:5]
        assert store.head().size == len(list(store.audit())) == 9

    def test_sees_no_place_that_was_given_meanwhile(self, store: Store) -> None:
        grow(store, 2)
        store.append_unsealed([NewEntry("a", 3, "Raw", b"waiting")])
        with store.auditing() as audit:
            assert len(store.seal()) == 1
            assert [row[:2] for row in audit.rows()][2:] == [(None, None)]
            assert [row[:2] for row in audit.rows("a")][2:] == [(None, None)]
        assert [row.position for row in store.audit("a")] == [0, 1, 2]

    @pytest.mark.parametrize("size", [0, 1, 4, 5, 6])
    def test_walks_through_all_events_in_batches_of_any_size(
        self, store: Store, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ledger.store.audit.BATCH", 2)
        grow(store, size)
        store.append([NewEntry("b", 1, "Raw", b"other")])
        for case, places in (("a", [*range(size)]), ("b", [size]), ("c", [])):
            assert [row.position for row in store.audit(case)] == places
        assert [row.position for row in store.audit()] == [*range(size + 1)]

    @pytest.mark.parametrize("size", [0, 1, 4, 5, 6])
    def test_gives_what_is_sealed_in_its_order(
        self, store: Store, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ledger.store.audit.BATCH", 2)
        grow(store, size)
        store.append_unsealed([NewEntry("b", 1, "Raw", b"waiting")])
        with store.auditing() as audit:
            store.seal()
            found = list(audit.entries())
        assert found == [*enumerate(store.entries(0, size))]

    def test_is_not_kept_busy_by_a_size_that_is_a_lie(
        self, store: Store, store_target: str
    ) -> None:
        grow(store, 5)
        with raw(store_target) as connection:
            connection.execute("UPDATE log_state SET size = ?", (2**62,))
        with store.auditing() as audit:
            assert len(list(audit.entries())) == 5

    def test_of_a_new_ledger_finds_nothing(self, store: Store) -> None:
        with store.auditing() as audit:
            assert [*audit.rows(), *audit.entries()] == []
            assert audit.head() == TreeHead(0, EMPTY_ROOT)

    def test_reads_the_events_where_the_log_does_not_fit_together(
        self, store: Store, store_target: str
    ) -> None:
        grow(store, 5)
        with raw(store_target) as connection:
            connection.execute("UPDATE log_state SET frontier = ?", (bytes(32),))
        with store.auditing() as audit:
            assert len(list(audit.rows())) == 5
            with pytest.raises(DatabaseDamaged, match=r"frontier|compact range"):
                audit.head()


class TestTiles:
    @given(sizes=st.lists(st.integers(1, 1200), min_size=1, max_size=5, unique=True).map(sorted))
    def test_do_not_depend_on_how_the_log_was_batched(self, sizes: list[int]) -> None:
        with Store.create(MEMORY) as store:
            for size in sizes:
                grow(store, size)
            leaves = naive.LEAVES[: sizes[-1]]
            for tile in tiles(sizes[-1]):
                assert store.tile(tile) == naive.tile(*tile, leaves)

    def test_are_there_for_every_older_size(self, store: Store) -> None:
        grow(store, 700)
        for size in (1, 255, 256, 300, 512, 699):
            for tile in tiles(size):
                assert store.tile(tile) == naive.tile(*tile, naive.LEAVES[:size])

    def test_of_three_levels(self, long: Store) -> None:
        for tile in (Tile(0, 257, 208), Tile(1, 0), Tile(1, 1, 1), Tile(2, 0, 1)):
            assert long.tile(tile) == naive.tile(*tile, naive.LEAVES)

    def test_are_kept_once_they_are_full_and_never_changed(
        self, store: Store, store_target: str
    ) -> None:
        kept = []
        for size in (255, 256, 511, 512, 513):
            grow(store, size)
            with raw(store_target) as connection:
                kept.append(connection.execute("SELECT * FROM tiles ORDER BY number").fetchall())
        assert [len(rows) for rows in kept] == [0, 1, 1, 2, 2]
        assert kept[1] == kept[4][:1]
        level, number, root, data = kept[1][0]
        assert (level, number, data) == (0, 0, b"".join(naive.LEAVES[:256]))
        assert root == naive.mth(naive.LEAVES[:256])

    def test_that_are_lost_are_made_again_from_the_leaves(
        self, store: Store, store_target: str
    ) -> None:
        grow(store, 300)
        with raw(store_target) as connection:
            connection.execute("DELETE FROM tiles")
        assert store.tile(Tile(0, 0)) == b"".join(naive.LEAVES[:256])
        with pytest.raises(DatabaseDamaged, match="tile/1/000"):
            store.tile(Tile(1, 0, 1))

    def test_of_what_is_not_there_are_not_made_up(self, store: Store) -> None:
        grow(store, 5)
        for tile in (Tile(0, 0, 6), Tile(0, 0), Tile(0, 1, 1), Tile(1, 0, 1)):
            with pytest.raises(DatabaseDamaged, match=tile.path):
                store.tile(tile)


class TestProofs:
    @pytest.mark.parametrize("size", [1, 3, 256, 300, 600])
    def test_are_those_of_the_rfc(self, store: Store, size: int) -> None:
        grow(store, 600)
        leaves = naive.LEAVES[:size]
        for at in {0, size // 2, size - 1}:
            read = store.hashes(size)
            assert root_from(read, size) == naive.mth(leaves)
            assert inclusion_proof(read, at, size) == naive.path(at, leaves)
            assert consistency_proof(read, at + 1, size) == naive.proof(at + 1, leaves)

    def test_of_a_long_log_take_a_tile_or_two_of_each_level(
        self, long: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tile, read = long.tile, list[Tile]()

        def reading(wanted: Tile) -> bytes:
            read.append(wanted)
            return tile(wanted)

        monkeypatch.setattr(long, "tile", reading)
        for at in (0, 255, 40_000, 65_535, 65_536, LONG - 1):
            read.clear()
            proof = inclusion_proof(long.hashes(LONG), at, LONG)
            assert proof == naive.path(at, naive.LEAVES[:LONG])
            assert len(read) <= 5
            read.clear()
            consistency_proof(long.hashes(LONG), at + 1, LONG)
            assert len(read) <= 5

    def test_are_not_made_of_entries_that_are_not_sealed(self, store: Store) -> None:
        grow(store, 3)
        with pytest.raises(DatabaseDamaged):
            inclusion_proof(store.hashes(4), 0, 4)
        with pytest.raises(ProofError, match="no position 3"):
            inclusion_proof(store.hashes(3), 3, 3)


class TestEntries:
    def test_are_read_from_one_position_up_to_another(self, store: Store) -> None:
        grow(store, 5)
        assert store.entries(1, 3) == [b"entry 1", b"entry 2"]
        assert store.entries(3, 9) == [b"entry 3", b"entry 4"]
        assert store.entries(5, 9) == []


class TestCheckpoints:
    def test_come_back_to_the_bit_in_the_order_of_their_sizes(self, store: Store) -> None:
        assert store.checkpoints() == []
        assert store.last_checkpoint() is None
        for size in (3, 9, 5):
            store.keep_checkpoint(signed(size), AT)
        kept = [
            StoredCheckpoint(size, naive.mth(naive.LEAVES[:size]), bytes(signed(size).note), AT)
            for size in (3, 5, 9)
        ]
        assert store.checkpoints() == kept
        assert store.last_checkpoint() == kept[-1]

    def test_are_kept_once(self, store: Store) -> None:
        store.keep_checkpoint(signed(3), AT)
        store.keep_checkpoint(signed(3), "2027-01-01T00:00:00.000000Z")
        assert [kept.signed_at for kept in store.checkpoints()] == [AT]

    def test_of_one_size_have_one_root(self, store: Store) -> None:
        store.keep_checkpoint(signed(3), AT)
        with pytest.raises(ProofError, match="another root"):
            store.keep_checkpoint(signed(3, bytes(32)), AT)
        assert [kept.root for kept in store.checkpoints()] == [naive.mth(naive.LEAVES[:3])]


class TestWhatOthersSayOfACheckpoint:
    WITNESSES = tuple(WitnessSigningKey(f"w{n}", bytes([n]) * 32) for n in range(3))

    def cosignatures(self, size: int) -> list[Signature]:
        text = signed(size).note.text
        return [one.cosign(text, 7) for one in self.WITNESSES]

    def test_stands_below_it_from_then_on_each_once(self, store: Store) -> None:
        for size in (3, 5):
            store.keep_checkpoint(signed(size), AT)
        first, *others = self.cosignatures(3)
        for some in ([first], others, [first, *others]):
            store.keep_cosignatures(3, some)
        kept, other = (SignedCheckpoint.parse(one.note) for one in store.checkpoints())
        keys = [one.public for one in self.WITNESSES]
        assert len(kept.verify([KEY.public], keys)) == 4
        assert bytes(other.note) == bytes(signed(5).note)

    def test_includes_time_stamps_to_the_bit_each_once(self, store: Store) -> None:
        assert store.stamps() == []
        both = [TimeStamp(b"note", b"one"), TimeStamp(b"note", b"\x00other\xff")]
        for one in (*both, *both):
            store.keep_stamp(one)
        assert sorted(store.stamps()) == sorted(both)


def test_from_an_entry_to_a_receipt_and_a_published_log(store: Store, tmp_path: Path) -> None:
    Signer.start(tmp_path / "state", KEY.name)
    signer = Signer([KEY], tmp_path / "state")
    for size in (300, 700):
        grow(store, size)
        note = signer.sign(store.head(), store.hashes(size))
        checkpoint = SignedCheckpoint.parse(bytes(note))
        store.keep_checkpoint(checkpoint, AT)
        publish(tmp_path / "public", checkpoint, store.tile, store.entries)
        assert published(tmp_path / "public") == checkpoint
        path = tuple(inclusion_proof(store.hashes(size), 123, size))
        receipt = Receipt.parse(bytes(Receipt(123, path, checkpoint)))
        assert receipt.verify(store.entries(123, 124)[0], [KEY.public])


def test_a_ledger_restored_from_an_old_backup_is_not_signed(tmp_path: Path) -> None:
    Signer.start(tmp_path / "state", KEY.name)
    signer = Signer([KEY], tmp_path / "state")
    with Store.create(MEMORY) as store:
        grow(store, 400)
        signer.sign(store.head(), store.hashes(400))
    with Store.create(MEMORY) as restored:
        grow(restored, 350)
        with pytest.raises(ProofError, match="not signed"):
            signer.sign(restored.head(), restored.hashes(350))
        restored.append([NewEntry("b", n, "Raw", b"other %d" % n) for n in range(1, 101)])
        with pytest.raises(ProofError, match="not signed"):
            signer.sign(restored.head(), restored.hashes(450))


def test_a_tile_that_was_changed_is_found_when_it_is_used(store: Store, store_target: str) -> None:
    grow(store, 600)
    with raw(store_target) as connection:
        connection.execute("UPDATE tiles SET data = ? WHERE number = 1", (bytes(8192),))
    assert root_from(store.hashes(600), 600) == store.head().root  # it is not read for the root
    proof = inclusion_proof(store.hashes(600), 300, 600)
    receipt = Receipt(300, tuple(proof), signed(600))
    with pytest.raises(ProofError, match="another root"):
        receipt.verify(b"entry 300", [KEY.public])
