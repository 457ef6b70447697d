"""Whichever byte is changed of whatever the log consists of, it never verifies as something else.

Every byte, and in CI a sample: of every entry, of every leaf, of every tile, of a kept checkpoint,
of a receipt, and of a dossier, with the checksums of the archive made to fit, as a forger would.
What does not depend on the byte is worked out once and then at hand, or half a million changes
would take an hour. One bit of each byte, another one than in the byte before; `make every-bit`
changes all eight of them, one at a time.
"""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from ledger import dossier as dossiers
from ledger.codec import EntryLocation, decode
from ledger.dossier import parse, verify
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import VerifierKey
from ledger.log.policy import TrustPolicy
from ledger.log.receipt import Receipt
from ledger.log.tiles import Tile
from ledger.log.tree import ProofError
from ledger.log.tree_builder import TreeBuilder
from ledger.log_verification import Trust, Verification, read_kept, verify_log, verify_tiles
from ledger.log_verification import verify as verify_rows
from ledger.store import AuditRow, Store, StoredCheckpoint
from ledger.values import Invalid
from tests.support.houses import House, exported
from tests.support.places import Places
from tests.support.postgres import Databases
from tests.support.sample import some
from tests.support.small_dossier import unpacked
from tests.support.terminal import done, scoretrail

pytestmark = pytest.mark.sqlite_only("changed are bytes in memory, wherever they were read from")

EVERY_BIT = "EVERY_BIT" in os.environ
LONG = 5_000


def flips(data: bytes, places: Iterable[int] | None = None) -> Iterator[bytes]:
    """The same with one bit the other way, in each byte or in those at the places."""
    flipped = bytearray(data)
    for turn, place in enumerate(range(len(data)) if places is None else places):
        for bit in range(8) if EVERY_BIT else (turn % 8,):
            flipped[place] ^= 1 << bit
            yield bytes(flipped)
            flipped[place] ^= 1 << bit


@pytest.fixture(scope="module")
def rows(house_as_built: House) -> list[AuditRow]:
    with Store.open(house_as_built.ledger.target) as store:
        return list(store.audit())


def breaks(row: AuditRow) -> set[str]:
    verify_rows(result := Verification(), [row])
    return {one.kind for one in result.breaks}


def test_of_every_entry_and_of_every_leaf(
    rows: list[AuditRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever an entry says after the change: it is not read again for each."""
    for row in some(rows):
        said = decode(row.entry, row.position)

        def at_hand(_: bytes, __: int | None, said: EntryLocation = said) -> EntryLocation:
            return said

        monkeypatch.setattr("ledger.entry_verification.check", at_hand)
        assert row.hash
        assert "leaf" not in breaks(row)
        for flipped in flips(row.entry):
            assert "leaf" in breaks(row._replace(entry=flipped)), (row.position, flipped)
        for flipped in flips(row.hash):
            assert "leaf" in breaks(row._replace(hash=flipped)), (row.position, flipped)


def test_of_an_entry_of_each_kind_however_it_reads_then(rows: list[AuditRow]) -> None:
    shortest: dict[str, AuditRow] = {}
    for row in sorted(rows, key=lambda one: -len(one.entry)):
        shortest[row.type] = row
    assert len(shortest) > 10
    for row in shortest.values():
        places = range(0, len(row.entry), 1 if len(row.entry) < LONG else 97)
        for flipped in flips(row.entry, some(places)):
            assert "leaf" in breaks(row._replace(entry=flipped)), (row.type, flipped)


def test_of_every_tile(house_as_built: House) -> None:
    with Store.open(house_as_built.ledger.target) as store:
        head = store.head()
        read: dict[Tile, bytes] = {}

        def reading(tile: Tile) -> bytes:
            read[tile] = store.tile(tile)
            return read[tile]

        verify_tiles(sound := Verification(), head, reading)
    assert sound.breaks == []
    assert len(read) == 3  # a full one, a partial one, and one above them
    for tile, data in read.items():
        for flipped in flips(data):
            result = Verification()
            verify_tiles(result, head, {**read, tile: flipped}.__getitem__)
            assert [one.kind for one in result.breaks] == ["tile"], tile.path


def test_of_a_checkpoint_that_is_kept(house_as_built: House) -> None:
    with Store.open(house_as_built.ledger.target) as store:
        head, stored = store.head(), store.checkpoints()
        growth = TreeBuilder(range(head.size))  # whichever size it may say
        verify_rows(Verification(), store.audit(), growth)
    trust = Trust(policy=TrustPolicy.of([VerifierKey.parse(house_as_built.vkey)], []))

    def broken(one: StoredCheckpoint) -> bool:
        result = Verification()
        kept = read_kept(result, [one])
        verify_log(result, growth.heads, head, kept, trust)
        return bool(result.breaks) or not result.signatures

    assert not broken(stored[-1])
    # A line with another key's id is one that nobody here knows: that of the root as COSE is left.
    brief = SignedCheckpoint.parse(stored[-1].note).brief().note
    for flipped in flips(bytes(brief)):
        assert broken(stored[-1]._replace(note=flipped)), flipped


def test_of_a_receipt_and_its_entry(house: House, tmp_path: Path) -> None:
    receipt, entry = tmp_path / "receipt", tmp_path / "entry"
    issue = ("receipt", "issue", "zhanjiang-amr-2023", "--version", "173")
    done(scoretrail(house.ledger, *issue, "-o", str(receipt), "--entry", str(entry)))
    keys = [VerifierKey.parse(house.vkey)]
    sound, bound = receipt.read_bytes(), entry.read_bytes()
    Receipt.parse(sound).verify(bound, keys)
    for flipped in flips(sound):
        with pytest.raises(ProofError):
            Receipt.parse(flipped).verify(bound, keys)
    for flipped in flips(bound):
        with pytest.raises(ProofError):
            Receipt.parse(sound).verify(flipped, keys)


@pytest.fixture(scope="module")
def dossier(
    database: Databases | None, house_as_built: House, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[bytes]:
    """Of a small case, so that all of it can be gone through."""
    folder = tmp_path_factory.mktemp("small")
    with Places(folder, database) as places:
        yield of_a_small_case(house_as_built.copy(places), folder)


def of_a_small_case(house: House, folder: Path) -> bytes:
    act = ("--as", "bureau-officer", "--dated", "2025-01-06", "case")
    opened = (
        *("open", "small-2022", "--title", "小", "--year", "2022", "--unit", "small"),
        *("--unit-name", "小", "--bureau", "zhanjiang-finance"),
        *("--bureau-name", "湛江市财政局"),
    )
    pinned = ("--rubric", "zhanjiang-departments-2023", "--edition", "2024-1")
    done(scoretrail(house.ledger, *act, *opened))
    done(scoretrail(house.ledger, *act, "pin", "small-2022", *pinned))
    words = ("--checkpoint", str(house.old))
    return exported(house.ledger, folder / "small.zip", *words, case="small-2022").read_bytes()


@pytest.fixture(scope="module")
def keys(house_as_built: House) -> list[VerifierKey]:
    return [VerifierKey.parse(house_as_built.vkey)]


@pytest.fixture
def _signatures_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a signature is true is asked once of the same bytes."""
    monkeypatch.setattr(VerifierKey, "verifies", cache(VerifierKey.verifies))


@pytest.mark.usefixtures("_signatures_at_hand")
class TestOfADossierWithFittingChecksums:
    """As if it had been packed again: the archive's own checksums are of no help then."""

    def test_every_entry_and_its_receipt(self, dossier: bytes, keys: list[VerifierKey]) -> None:
        sound = parse(dossier)
        for position, entry in sound.entries.items():
            # Receipts are verified in the order in which they are given: this one comes first.
            receipts = {position: sound.receipts[position], **sound.receipts}
            verify(sound._replace(receipts=receipts), keys)
            for flipped in flips(entry, some(range(len(entry)))):
                entries = {**sound.entries, position: flipped}
                with pytest.raises(ProofError, match="another root"):
                    verify(sound._replace(entries=entries, receipts=receipts), keys)
            for flipped in flips(receipts[position], some(range(len(receipts[position])))):
                with pytest.raises(ProofError):
                    verify(sound._replace(receipts={**receipts, position: flipped}), keys)

    def test_every_enclosure(
        self, dossier: bytes, keys: list[VerifierKey], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Entries and receipts do not depend on it: here they have been verified already."""
        sound = parse(dossier)
        streams = vars(dossiers)["_streams"](sound)
        monkeypatch.setattr(dossiers, "_check_receipt", lambda *_: None)
        monkeypatch.setattr(dossiers, "_streams", lambda _: streams)
        monkeypatch.setattr(Receipt, "parse", lambda _: None)
        verify(sound, keys)
        for name, content in sound.enclosures.items():
            for flipped in flips(content, some(range(len(content)))):
                with pytest.raises(ProofError, match=f"the enclosure {name} is"):
                    verify(sound._replace(enclosures={**sound.enclosures, name: flipped}), keys)

    def test_the_checkpoint_and_the_growth_since_another(
        self, dossier: bytes, keys: list[VerifierKey], house_as_built: House
    ) -> None:
        sound = parse(dossier)
        held = [SignedCheckpoint.parse(house_as_built.old.read_bytes())]
        verify(sound, keys, held=held)
        for flipped in flips(sound.checkpoint):
            with pytest.raises(ProofError):
                verify(sound._replace(checkpoint=flipped), keys)
        size = held[0].checkpoint.head.size
        path = sound.consistency[size]
        for at, one in enumerate(path):
            for flipped in flips(one):
                forged = {size: [*path[:at], flipped, *path[at + 1 :]]}
                with pytest.raises(ProofError):
                    verify(sound._replace(consistency=forged), keys, held=held)


def test_of_the_archive_of_a_dossier(dossier: bytes) -> None:
    """Headers, names, directory, and the ends of the content; the rest of it is told above."""
    files = unpacked(dossier)
    inside: set[int] = set()
    for content in files.values():
        start = dossier.index(content)
        inside.update(range(start + 3, start + len(content) - 3))
    outside = [place for place in range(len(dossier)) if place not in inside]
    assert len(outside) > 100 * len(files)
    for flipped in flips(dossier, some(outside)):
        with pytest.raises((ProofError, Invalid)):
            parse(flipped)
