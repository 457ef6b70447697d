"""A ledger moves to the other database and back: what was proven before is proven after."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copy, copytree

import pytest

from tests.support.authority import Authority
from tests.support.houses import House, kinds
from tests.support.places import Place, Places, administrator
from tests.support.postgres import Databases, raw
from tests.support.terminal import CASE, ROOT, Said, begun, done, record, scoretrail


@pytest.fixture
def elsewhere(
    database: Databases | None, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Place]:
    """Where an export can go on the other database."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with Places(folder, request.getfixturevalue("server") if database is None else None) as others:
        yield others.for_import()


def exported(ledger: Place, to: Path, *words: str) -> Path:
    done(scoretrail(ledger, "export", "--all", "-o", str(to), *words))
    return to


@pytest.fixture
def whole(house: House, tmp_path: Path) -> Path:
    """The export of a whole ledger."""
    return exported(house.ledger, tmp_path / "whole.jsonl")


def tables(ledger: Place) -> list[list[tuple[object, ...]]]:
    """Whatever a ledger holds of its log, as the tables have it."""
    with raw(ledger.owner) as connection:
        return [
            [tuple(row) for row in connection.execute(query).fetchall()]
            for query in (
                "SELECT id, case_id, version, type, entry FROM events ORDER BY id",
                "SELECT position, event_id, hash FROM leaves ORDER BY position",
                "SELECT level, number, root, data FROM tiles ORDER BY level, number",
                "SELECT size, frontier FROM log_state",
                "SELECT size, root, note, signed_at FROM checkpoints ORDER BY size",
            )
        ]


def with_key(house: House, ledger: Place) -> tuple[str, ...]:
    """The words that name a ledger elsewhere and the key that has moved with it."""
    return (*ledger.words, "--key", str(house.ledger.key))


class TestThereAndBack:
    def test_is_the_same_file_and_the_same_tables(
        self, house: House, whole: Path, elsewhere: Place, places: Places, tmp_path: Path
    ) -> None:
        back = places.for_import()
        done(scoretrail(elsewhere, "import", str(whole)))
        again = exported(elsewhere, tmp_path / "again.jsonl")
        done(scoretrail(back, "import", str(again)))
        last = exported(back, tmp_path / "last.jsonl")

        assert whole.read_bytes() == again.read_bytes() == last.read_bytes()
        assert tables(house.ledger) == tables(elsewhere) == tables(back)
        assert len(tables(elsewhere)[4]) >= 3

    def test_keeps_cosignatures_and_time_stamps(
        self, house: House, elsewhere: Place, tmp_path: Path
    ) -> None:
        authority = Authority.found(tmp_path / "tsa")
        public, cosigned, reply = (tmp_path / name for name in ("public", "cosigned", "x.tsr"))
        witness = tmp_path / "witness.key"
        done(scoretrail(None, "--key", str(witness), "key", "generate", "witness.example/w1"))
        key = done(scoretrail(None, "checkpoint", "witness-key", str(witness))).out.strip()
        done(scoretrail(house.ledger, "publish", str(public)))
        words = ("--vkey", house.vkey, "--witness-key", str(witness))
        seen = ("--seen", str(tmp_path / "seen"), "-o", str(cosigned))
        done(scoretrail(None, "checkpoint", "cosign", str(public), *words, *seen))
        done(scoretrail(house.ledger, "checkpoint", "keep", str(cosigned), "--witness", key))
        asked = ("checkpoint", "request-stamp", str(cosigned), "-o", str(tmp_path / "x.tsq"))
        done(scoretrail(None, *asked))
        authority.stamp(tmp_path / "x.tsq", reply)
        kept = ("checkpoint", "keep-stamp", str(cosigned), str(reply))
        by = ("--request", str(tmp_path / "x.tsq"), "--tsa-ca", str(authority.ca))
        done(scoretrail(house.ledger, *kept, *by))

        whole = exported(house.ledger, tmp_path / "whole.jsonl")
        done(scoretrail(elsewhere, "import", str(whole)))

        trust = ("--vkey", house.vkey, "--witness", key, "--tsa-ca", str(authority.ca))
        assert done(scoretrail(elsewhere, "verify", "--json", *trust)).json["level"] == "L4"
        assert exported(elsewhere, tmp_path / "again").read_bytes() == whole.read_bytes()

    def test_shows_the_same_to_whoever_looks(
        self, house: House, whole: Path, elsewhere: Place
    ) -> None:
        done(scoretrail(elsewhere, "import", str(whole)))
        for words in (("score", CASE), ("log", CASE), ("bridge", CASE)):
            there = done(scoretrail(elsewhere, *words, "--json"))
            assert there.out == done(scoretrail(house.ledger, *words, "--json")).out


class TestAfterTheMove:
    def test_checkpoints_held_outside_still_fit(
        self, house: House, whole: Path, elsewhere: Place
    ) -> None:
        done(scoretrail(elsewhere, "import", str(whole)))
        held = ("--checkpoint", str(house.old), "--checkpoint", str(house.new))
        said = scoretrail(elsewhere, "verify", "--json", "--vkey", house.vkey, *held)
        assert kinds(said) == set()
        assert said.json["level"] == "L2"

    def test_receipts_and_dossiers_made_before_still_hold(
        self, house: House, whole: Path, elsewhere: Place, tmp_path: Path
    ) -> None:
        receipt, entry = tmp_path / "r.tlog-proof", tmp_path / "r.json"
        words = ("--version", "100", "-o", str(receipt), "--entry", str(entry))
        done(scoretrail(house.ledger, "receipt", "issue", CASE, *words))
        done(scoretrail(elsewhere, "import", str(whole)))
        with administrator(house.ledger) as connection:
            connection.execute("DELETE FROM events")

        proof = (str(receipt), str(entry), "--vkey", house.vkey)
        done(scoretrail(elsewhere, "receipt", "verify", *proof))
        since = done(scoretrail(elsewhere, "log", CASE, "--since", str(receipt), "--json")).json
        assert since["entries"][0]["version"] == 101
        later = signed_there(house, elsewhere, tmp_path / "later")
        held = ("--vkey", house.vkey, "--checkpoint", str(later))
        done(scoretrail(elsewhere, "dossier", "verify", str(house.dossier), *held))

    def test_a_receipt_of_an_entry_from_before_is_the_same_bytes(
        self, house: House, whole: Path, elsewhere: Place, tmp_path: Path
    ) -> None:
        words = ("receipt", "issue", CASE, "--version", "100", "-o")
        done(scoretrail(house.ledger, *words, str(tmp_path / "before")))
        done(scoretrail(elsewhere, "import", str(whole)))
        done(scoretrail(None, *with_key(house, elsewhere), *words, str(tmp_path / "after")))
        assert (tmp_path / "before").read_bytes() == (tmp_path / "after").read_bytes()

    def test_the_case_and_the_signer_go_on(
        self, house: House, whole: Path, elsewhere: Place, places: Places, tmp_path: Path
    ) -> None:
        done(scoretrail(elsewhere, "import", str(whole)))
        goes_on(elsewhere)
        later = signed_there(house, elsewhere, tmp_path / "later")
        held = ("--checkpoint", str(house.old), "--checkpoint", str(later))
        said = scoretrail(elsewhere, "verify", "--json", "--vkey", house.vkey, *held)
        assert kinds(said) == set()
        # And back: an export of what went on is taken by the other database, too.
        again = exported(elsewhere, tmp_path / "again.jsonl")
        done(scoretrail(back := places.for_import(), "import", str(again)))
        assert tables(back) == tables(elsewhere)


def goes_on(target: Place) -> None:
    """The next act of the case."""
    words = ("--as", "unit-filer", "review", "receive", CASE, "--on", "2025-01-07")
    done(scoretrail(target, *words))


def signed_there(house: House, target: Place, to: Path) -> Path:
    done(scoretrail(None, *with_key(house, target), "checkpoint", "sign", "-o", str(to)))
    return to


class TestTheSignerIsNotFooled:
    def test_by_an_export_that_is_older_than_what_it_signed(
        self, house: House, built: Mapping[str, Place], elsewhere: Place, tmp_path: Path
    ) -> None:
        old = exported(built["submitted"], tmp_path / "old.jsonl")
        done(scoretrail(elsewhere, "import", str(old)))
        refused(scoretrail(None, *with_key(house, elsewhere), "checkpoint", "sign", lang="en"))

    def test_by_two_ledgers_that_both_went_on(
        self, house: House, whole: Path, elsewhere: Place, tmp_path: Path
    ) -> None:
        done(scoretrail(elsewhere, "import", str(whole)))
        goes_on(elsewhere)
        signed_there(house, elsewhere, tmp_path / "there")
        refused(scoretrail(house.ledger, "checkpoint", "sign", lang="en"))  # it is behind
        goes_on_otherwise(house)
        refused(scoretrail(house.ledger, "checkpoint", "sign", lang="en"))  # it is another one

    def test_by_a_file_where_the_key_lies_already(
        self, house: House, built: Mapping[str, Place], places: Places, tmp_path: Path
    ) -> None:
        old = exported(built["submitted"], tmp_path / "old.jsonl")
        new = places.for_import()
        for what in (".key", ".key.state"):
            copy(house.ledger.file(what), new.file(what))
        done(scoretrail(new, "import", str(old)))
        refused(scoretrail(new, "checkpoint", "sign", lang="en"))
        state = house.ledger.file(".key.state").read_text()
        assert new.file(".key.state").read_text() == state


def goes_on_otherwise(house: House) -> None:
    """Two acts that the other ledger knows nothing of."""
    for name in ("one", "two"):
        words = ("--as", "administrator", "account", "open", name, "--organisation", "o")
        done(scoretrail(house.ledger, *words, "--role", "auditor"))


def refused(said: Said) -> None:
    assert (said.code, said.out) == (3, "")
    assert "not signed" in said.err


class TestEvidence:
    def test_goes_along_in_a_folder(self, house: House, elsewhere: Place, tmp_path: Path) -> None:
        filed = {one.name for one in house.ledger.evidence.glob("*/*")}
        carried = tmp_path / "carried"
        file = exported(house.ledger, tmp_path / "whole", "--with-evidence", str(carried))
        assert {one.name for one in carried.glob("*/*")} == filed
        words = ("import", str(file), "--with-evidence", str(carried))
        said = done(scoretrail(elsewhere, *words, lang="en"))
        assert f"evidence: {len(filed)} present, 0 missing" in said.err
        assert {one.name for one in elsewhere.evidence.glob("*/*")} == filed
        verified = done(scoretrail(elsewhere, "verify", "--json")).json
        assert verified["counted"]["evidence"] == len(filed)

    def test_that_is_missing_or_altered_is_named_at_both_ends(
        self, house: House, places: Places, tmp_path: Path
    ) -> None:
        gone, changed, *_ = sorted(house.ledger.evidence.glob("*/*"))
        gone.unlink()
        changed.write_bytes(b"something else")
        carried = tmp_path / "carried"
        file, along = str(tmp_path / "whole"), ("--with-evidence", str(carried))
        out = done(scoretrail(house.ledger, "export", "--all", "-o", file, *along, lang="en"))
        into = done(scoretrail(places.for_import(), "import", file, *along, lang="en"))
        for said, second in ((out, "altered"), (into, "missing")):
            lines = [line for line in said.err.splitlines() if f"{CASE} '" in line]
            assert len(lines) == 2
            assert any(line.startswith("evidence missing") and gone.name in line for line in lines)
            assert any(
                line.startswith(f"evidence {second}") and changed.name in line for line in lines
            )
            assert "2 missing" in said.err

    def test_left_behind_is_said_to_be(self, whole: Path, places: Places) -> None:
        said = done(scoretrail(places.for_import(), "import", str(whole), lang="en"))
        assert "evidence files were not checked" in said.err

    def test_that_lies_beside_is_looked_at(self, house: House, whole: Path, places: Places) -> None:
        other = places.for_import()
        copytree(house.ledger.evidence, other.evidence)
        said = done(scoretrail(other, "import", str(whole), lang="en"))
        assert "present, 0 missing" in said.err


class TestTheCommandLine:
    def test_fills_a_new_ledger(self, house: House, whole: Path, places: Places) -> None:
        new = places.for_import()
        said = done(scoretrail(new, "import", str(whole), lang="en"))
        head = json.loads(whole.read_bytes().splitlines()[0])
        assert f"{head['size']} entries, {head['checkpoints']} checkpoints" in said.err
        assert head["root"] in said.err
        assert record(new) == record(house.ledger)
        assert not list(new.beside.parent.glob(f"{new.beside.name}.*"))

    def test_fills_none_from_a_broken_file(
        self, whole: Path, places: Places, tmp_path: Path
    ) -> None:
        new = places.for_import()
        broken = tmp_path / "broken.jsonl"
        broken.write_bytes(whole.read_bytes()[:-100])
        said = scoretrail(new, "import", str(broken), lang="en")
        assert (said.code, said.out) == (2, "")
        assert "is cut off" in said.err
        assert new.is_empty()
        assert not list(new.beside.parent.glob(f"{new.beside.name}*"))

    def test_takes_an_empty_ledger_that_init_has_made(
        self, house: House, whole: Path, places: Places
    ) -> None:
        new = places.new()
        done(scoretrail(new, "init", "--empty"))
        done(scoretrail(new, "import", str(whole)))
        assert record(new) == record(house.ledger)

    def test_takes_no_other(self, house: House, whole: Path) -> None:
        before = record(house.ledger)
        said = scoretrail(house.ledger, "import", str(whole), lang="en")
        assert (said.code, said.out) == (1, "")
        assert "empty" in said.err
        assert record(house.ledger) == before

    def test_serves_the_role_that_may_only_append(
        self, server: Databases, whole: Path, tmp_path: Path
    ) -> None:
        with Places(tmp_path, server) as others:
            role = begun(others.new(), "2025-01-06", "--empty")
            done(scoretrail(role, "import", str(whole)))
            assert exported(role, tmp_path / "again.jsonl").read_bytes() == whole.read_bytes()
            goes_on(role)

    def test_writes_to_stdout_and_says_the_rest_to_stderr(self, house: House, whole: Path) -> None:
        said = done(scoretrail(house.ledger, "export", "--all", lang="en"))
        assert said.out.encode() == whole.read_bytes()
        assert "checkpoints, 0 time stamps, root" in said.err

    def test_keeps_the_file_that_is_there_where_the_ledger_is_broken(
        self, house: House, whole: Path, tmp_path: Path
    ) -> None:
        before = whole.read_bytes()
        with administrator(house.ledger) as connection:
            connection.execute("UPDATE events SET entry = ? WHERE id = 200", (b"{}",))
        said = scoretrail(house.ledger, "export", "--all", "-o", str(whole), lang="en")
        assert (said.code, said.out) == (3, "")
        assert "scoretrail verify" in said.err
        assert whole.read_bytes() == before
        assert not list(tmp_path.glob("*.part"))

    @pytest.mark.parametrize("words", [(), ("--all", CASE), (CASE, "--with-evidence", "x")])
    def test_wants_a_case_or_all(self, words: tuple[str, ...], house: House) -> None:
        assert scoretrail(house.ledger, "export", *words).code == 2

    def test_of_one_case_takes_no_evidence(
        self, house: House, places: Places, tmp_path: Path
    ) -> None:
        other = places.for_import()
        done(scoretrail(house.ledger, "export", CASE, "-o", str(tmp_path / "case")))
        words = ("import", str(tmp_path / "case"), "--with-evidence", str(ROOT))
        assert scoretrail(other, *words).code == 2
        assert other.is_empty()
