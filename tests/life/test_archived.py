"""Given a frozen ledger, when it is archived and its database gone, it answers as before."""

import gzip
import json
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from application.archived import archive
from application.look import look
from application.place import LedgerPlace
from ledger.archive import ArchivedStore, write_archive
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.stamp import TimeStamp
from ledger.objects import ObjectsInFolder
from ledger.store import DatabaseDamaged, DatabaseUnavailable, FrozenLedger, LedgerNotFound, Store
from ledger.values import Invalid
from tests.support.object_storage import object_storage
from tests.support.places import Place
from tests.support.terminal import CASE, Said, done, scoretrail

DAY = "2024-12-31"
AT_MOST = 250
"""Bytes an event."""

REFUSED, NO_LEDGER, NOT_SHOWN, UNREADABLE = 1, 2, 3, 5

READS = [
    ("score", CASE),
    ("score", CASE, "--at", "self", "--json"),
    ("score", CASE, "--at", "2024-08-15", "--known", "2026-12-31T00:00Z", "--csv"),
    ("bridge", CASE),
    ("explain", CASE, "output-goals"),
    ("log", CASE),
    ("log", CASE, "--json"),
    ("replay", CASE, "--json"),
    ("check", CASE),
    ("case", "list"),
    ("case", "show", CASE),
    ("evidence", "list", CASE),
    ("account", "list"),
    ("portfolio", "adjustments", "--csv"),
    ("portfolio", "scores", "--json"),
    ("search", "佐证"),
    ("archive", "list"),
    ("export", CASE),
]


class Office:
    """A ledger with the whole reference case, frozen, with a dossier and its archive."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place, self.folder = place, folder / "archived"
        self.dossier = folder / "dossier.zip"
        self.run("administrator", "key", "generate", "city.example/2024")
        self.run("bureau-officer", "dossier", "export", CASE, "-o", str(self.dossier))
        self.run("administrator", "year", "freeze", "2024", "--reason", "整改在下年办理")
        self.vkey = place.file(".key.pub").read_text("utf-8").strip()

    def run(self, account: str, *words: str) -> Said:
        return done(scoretrail(self.place, "--as", account, "--dated", DAY, *words, lang="en"))

    def archive(self) -> str:
        """The target under which its archive is read."""
        written = ("archive", "write", self.place.target, str(self.folder), "--vkey", self.vkey)
        assert "archived in" in self.run("administrator", *written).out
        return f"archive:{self.folder}"


@pytest.fixture
def office(issued: Place, tmp_path: Path) -> Office:
    return Office(issued, tmp_path)


def ask(place: Place | str, *words: str) -> Said:
    named = ("--ledger", place) if isinstance(place, str) else ()
    at = None if isinstance(place, str) else place
    return scoretrail(at, *named, "--dated", DAY, *words, lang="en")


@pytest.mark.slow
def test_it_answers_as_before_without_its_database(office: Office, tmp_path: Path) -> None:
    vkey = ("--vkey", office.vkey)
    proof = tmp_path / "proof"
    receipt = ("receipt", "issue", CASE, "--version", "57", "-o", str(proof))
    reads = [*READS, ("verify", *vkey), ("verify", "--json", *vkey), receipt]
    before = [ask(office.place, *words) for words in reads]
    proven = proof.read_bytes()
    with Store.open(office.place.target) as store:
        version = len(store.read(CASE))
    target = office.archive()
    if Path(office.place.target).is_file():
        Path(office.place.target).rename(tmp_path / "gone")

    after = [ask(target, *words) for words in reads]

    assert [said.code for said in before] == [0] * len(reads)
    for words, was, now in zip(reads, before, after, strict=True):
        assert (now.code, now.out) == (was.code, was.out), (words, now.err)
    assert proof.read_bytes() == proven
    once_more = tmp_path / "once-more.zip"
    export = ("dossier", "export", CASE, "-o", str(once_more))
    assert ask(target, *export, "--issued", f"v{version}").code == 0
    assert once_more.read_bytes() == office.dossier.read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("--issued", "v4"), 2, f"Try: scoretrail log {CASE} --type DossierIssued"),
        (("--issued", "v9999"), 2, "event 9999 issued no dossier"),
        (("--issued", "v4", "--purpose", "申诉"), 2, "--issued goes without other options"),
        (("--issued", "v4", "--archive"), 2, "--issued goes without other options"),
        ((), 1, "frozen"),
    ],
)
def test_no_other_dossier_is_handed_out_of_a_frozen_ledger(
    office: Office, tmp_path: Path, words: tuple[str, ...], code: int, why: str
) -> None:
    file = tmp_path / "none.zip"
    who = ("--as", "bureau-officer")

    said = ask(office.place, *who, "dossier", "export", CASE, "-o", str(file), *words)

    assert (said.code, file.exists()) == (code, False)
    assert why in said.err


class BreaksOff(ObjectsInFolder):
    """A disk that goes away after so many objects."""

    def __init__(self, folder: Path, left: int) -> None:
        super().__init__(folder)
        self.left = left

    def put(self, name: str, data: bytes) -> None:
        if not self.left:
            raise DatabaseUnavailable(self.place, "gone")
        self.left -= 1
        super().put(name, data)


class Counted(ObjectsInFolder):
    """A folder that remembers what it was asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: list[str] = []

    def get(self, name: str) -> bytes | None:
        self.asked.append(name)
        return super().get(name)


def objects_in(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.sqlite_only("what is written into objects")
class TestTheObjects:
    def test_take_few_bytes_and_stay_as_they_are(self, office: Office) -> None:
        office.archive()
        once = objects_in(office.folder)
        office.archive()
        assert objects_in(office.folder) == once
        with Store.open(office.place.target) as store:
            size = store.size()
        without_files = sum(
            len(data) for name, data in once.items() if not name.startswith("evidence/")
        )
        assert without_files <= AT_MOST * size

    def test_are_few_that_a_score_needs(self, office: Office) -> None:
        office.archive()
        objects = Counted(office.folder)
        look(ArchivedStore(objects), CASE)
        names = [name for name in objects.asked if not name.startswith("tile/")]
        tiles = [name for name in objects.asked if name.startswith("tile/")]
        assert names == ["checkpoint", "streams.json.gz"]
        assert sorted(tiles) == sorted(set(tiles)), "each of them once"

    def test_are_no_archive_until_all_are_there(self, office: Office, tmp_path: Path) -> None:
        office.archive()
        whole = objects_in(office.folder)
        with Store.open(office.place.target) as store:
            kept = store.last_checkpoint()
            assert kept
            final = SignedCheckpoint.parse(kept.note)
            evidence = LedgerPlace(office.place.target).evidence()
            for left in range(len(whole)):
                folder = tmp_path / f"broken-{left}"
                with pytest.raises(DatabaseUnavailable):
                    write_archive(store, final, evidence, BreaksOff(folder, left))
                with pytest.raises(LedgerNotFound):
                    ArchivedStore(ObjectsInFolder(folder))
                write_archive(store, final, evidence, ObjectsInFolder(folder))
                assert objects_in(folder) == whole

    def test_that_are_others_are_never_replaced(self, office: Office) -> None:
        office.folder.mkdir()
        (office.folder / "streams.json.gz").write_bytes(b"another archive")
        with pytest.raises(Invalid, match="was not replaced"):
            archive(LedgerPlace(office.place.target), str(office.folder), office.vkey)
        assert (office.folder / "streams.json.gz").read_bytes() == b"another archive"

    def test_that_were_changed_show_no_other_score_and_do_not_verify(self, office: Office) -> None:
        target = office.archive()
        true, whole = ask(target, "score", CASE, "--json").out, objects_in(office.folder)
        for name, data in whole.items():
            path = office.folder / name
            refused = {NOT_SHOWN, UNREADABLE}
            half = len(data) // 2
            for changed in (None, data[:-1], data[:half] + b"?" + data[half + 1 :]):
                path.unlink()
                if changed is not None:
                    path.write_bytes(changed)
                elif name == "checkpoint":
                    refused = {NO_LEDGER}
                said = ask(target, "score", CASE, "--json")
                assert said.code in refused or (said.code, said.out) == (0, true), (name, said)
                verified = ask(target, "verify", "--vkey", office.vkey)
                assert verified.code in refused, (name, changed, verified)
                path.unlink(missing_ok=True)
                path.write_bytes(data)
                refused = {NOT_SHOWN, UNREADABLE}

    def test_with_a_stream_that_is_said_to_be_shorter_do_not_verify(self, office: Office) -> None:
        """Given an index that leaves the last events of the case out."""
        target = office.archive()
        path = office.folder / "streams.json.gz"
        index = json.loads(gzip.decompress(path.read_bytes()))
        index[CASE] = index[CASE][:-5]
        path.write_bytes(gzip.compress(json.dumps(index).encode()))
        assert ask(target, "verify", "--vkey", office.vkey).code == 3

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("kept.json.gz", {"checkpoints": [], "evidence": None, "stamps": []}),
            ("streams.json.gz", {CASE: []}),
            ("streams.json.gz", {CASE: [-1]}),
            ("streams.json.gz", {CASE: [2**40]}),
        ],
        ids=str,
    )
    def test_that_say_what_cannot_be_are_told(
        self, office: Office, name: str, said: object
    ) -> None:
        target = office.archive()
        (office.folder / name).write_bytes(gzip.compress(json.dumps(said).encode()))
        with LedgerPlace(target).open() as store:
            for ask_it in (store.last_checkpoint, lambda: store.read(CASE), store.integrity_faults):
                with suppress(DatabaseDamaged):
                    ask_it()
            with pytest.raises(DatabaseDamaged, match=name):
                store.ends([CASE]) if name.startswith("streams") else store.last_checkpoint()

    def test_that_unpack_to_more_than_there_can_be_take_no_memory(self, office: Office) -> None:
        target = office.archive()
        (bundle,) = office.folder.glob("tile/entries/*.p/*.gz")
        bundle.write_bytes(gzip.compress(bytes(2**27), 1))
        tracemalloc.start()
        try:
            with LedgerPlace(target).open() as store, pytest.raises(DatabaseDamaged):
                store.read(CASE)
            assert tracemalloc.get_traced_memory()[1] < 2**26
        finally:
            tracemalloc.stop()

    def test_take_nothing_up(self, office: Office) -> None:
        target = office.archive()
        said = ask(target, "--as", "bureau-officer", "case", "close", CASE)
        assert (said.code, "frozen" in said.err) == (REFUSED, True), said
        with LedgerPlace(target).open() as store, pytest.raises(FrozenLedger):
            store.keep_stamp(TimeStamp(b"", b""))
        with pytest.raises(FrozenLedger):
            LedgerPlace(target).evidence().keep(b"more")


def test_only_a_frozen_ledger_is_archived(issued: Place, tmp_path: Path) -> None:
    done(scoretrail(issued, "key", "generate", "city.example/2024"))
    said = scoretrail(issued, "archive", "write", issued.target, str(tmp_path / "x"), lang="en")
    assert (said.code, "is not frozen" in said.err) == (NO_LEDGER, True), said


@pytest.mark.sqlite_only("what is written into objects")
class TestOnObjectStorage:
    def test_it_answers_as_in_a_folder(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        in_folder = office.archive()
        reads = [*READS, ("verify", "--json", "--vkey", office.vkey)]
        with object_storage(monkeypatch) as address:
            written = ("archive", "write", office.place.target, address, "--vkey", office.vkey)
            office.run("administrator", *written)
            office.run("administrator", *written)
            for words in reads:
                there, here = ask(f"archive:{address}", *words), ask(in_folder, *words)
                assert (there.code, there.out) == (here.code, here.out), (words, there.err)
            said = ask(f"archive:{address}/elsewhere", "score", CASE)
            assert (said.code, "no ledger is archived there" in said.err) == (NO_LEDGER, True)
        away = ask(f"archive:{address}", "score", CASE)
        assert (away.code, "the storage service did not do what was asked" in away.err) == (
            UNREADABLE,
            True,
        )
        assert "127.0.0.1" not in away.err
