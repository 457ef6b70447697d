"""What older programs have made, in the hands of this one: tests/golden/ledgers/README.md.

Everything goes through the command line, so these tests outlive whatever is renamed behind it. A
folder that is added there is tested like the others.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copy, copytree
from typing import Any, Final, NamedTuple

import pytest

from tests.support import golden_ledgers
from tests.support.places import Place, Places
from tests.support.postgres import Databases, is_postgres, raw
from tests.support.stranger import strangers_alone
from tests.support.terminal import begun, done, scoretrail

VERSIONS: Final = sorted(one for one in golden_ledgers.FOLDER.iterdir() if one.is_dir())
FROZEN: Final = [one / "frozen" for one in VERSIONS if (one / "frozen").is_dir()]
TWO_STEPS: Final = [one for one in FROZEN if (one / "two-step.gz").is_file()]
ARCHIVED: Final = [one for one in FROZEN if (one / "archived").is_dir()]


class Older(NamedTuple):
    """A ledger of an older program, brought up to this one.

    Attributes:
        ledger: where it is now. Not to be written to.
        kept: the folder of what others hold of it.
    """

    ledger: Place
    kept: Path

    def verifies(self, ledger: Place) -> Any:  # noqa: ANN401 - JSON data is what it is
        """What `verify` says to whoever holds the public key and both checkpoints."""
        held = [word for one in ("held", "newest") for word in ("--checkpoint", self.kept / one)]
        words = map(str, ("--vkey", self.kept / "vkey", *held))
        return done(scoretrail(ledger, "verify", "--json", *words)).json


def version(folder: Path) -> str:
    return folder.name


@pytest.fixture(scope="session", params=VERSIONS, ids=version)
def older(
    request: pytest.FixtureRequest,
    database: Databases | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Older]:
    """The ledger of each version, migrated as its administrator would."""
    folder: Path = request.param
    with Places(tmp_path_factory.mktemp("older"), database) as places:
        place = places.new()
        copytree(folder / "evidence", place.evidence)
        if is_postgres(place.owner):
            kept = folder / "postgresql"
            with raw(place.owner) as connection:
                connection.execute(gzip.decompress((kept / "ledger.sql.gz").read_bytes()).decode())
            said = done(scoretrail(None, "migrate", "--database", place.owner))
            yield Older(place.under(said.out.split()[-1]), kept)
            return
        kept = folder / "sqlite"
        copy(kept / "ledger.sqlite", place.target)
        copy(kept / "ledger.sqlite.projections", place.file(".projections"))
        done(scoretrail(place, "migrate"))
        yield Older(place, kept)


@pytest.fixture(params=VERSIONS, ids=version)
def handed_out(request: pytest.FixtureRequest) -> Path:
    """What has left the house, of the ledger in a file."""
    folder: Path = request.param
    return folder / "handed-out"


@pytest.fixture
def vkey(handed_out: Path) -> str:
    return str(handed_out.parent / "sqlite" / "vkey")


# The ledger ---------------------------------------------------------------------------------------


def test_a_ledger_verifies_against_what_others_hold_of_it(older: Older) -> None:
    then = json.loads((older.kept / "verified.json").read_text(encoding="utf-8"))

    found = older.verifies(older.ledger)

    assert (found["level"], found["breaks"]) == ("L2", [])
    assert found["counted"]["events"] > 0
    assert found["counted"] | then["counted"] == found["counted"]  # nothing is left out since


def test_a_ledger_goes_on(older: Older, places: Places) -> None:
    ledger = places.copy(older.ledger)
    before = older.verifies(ledger)["counted"]["events"]
    opening = ("account", "open", "late", "--organisation", "o", "--role", "auditor")
    done(scoretrail(ledger, "--as", "administrator", *opening))

    found = older.verifies(ledger)

    assert found["breaks"] == []
    assert found["counted"]["events"] > before


@pytest.mark.parametrize("kept", FROZEN, ids=lambda kept: kept.parent.name)
@pytest.mark.sqlite_only("kept as a file alone; tests/life/test_year_end.py has both")
def test_a_frozen_ledger_verifies_and_stays_frozen(kept: Path, places: Places) -> None:
    ledger = places.new()
    copy(kept / "ledger.sqlite", ledger.target)
    done(scoretrail(ledger, "migrate"))

    opening = ("account", "open", "late", "--organisation", "o", "--role", "auditor")
    assert scoretrail(ledger, "--as", "administrator", *opening).code == 1

    found = done(scoretrail(ledger, "verify", "--json", "--vkey", str(kept / "vkey"))).json
    assert (found["level"], found["breaks"]) == ("L1", [])


@pytest.mark.parametrize("kept", ARCHIVED, ids=lambda kept: kept.parent.name)
@pytest.mark.sqlite_only("files alone")
def test_an_archive_verifies(kept: Path) -> None:
    asked = ("verify", "--json", "--vkey", str(kept / "vkey"))

    found = done(scoretrail(None, "--ledger", f"archive:{kept / 'archived'}", *asked)).json

    assert (found["level"], found["breaks"]) == ("L1", [])


@pytest.mark.parametrize("kept", TWO_STEPS, ids=lambda kept: kept.parent.name)
@pytest.mark.sqlite_only("files alone")
def test_a_receipt_in_two_steps_verifies(kept: Path) -> None:
    files = (kept / name for name in ("two-step.gz", "two-step.json"))
    keys = ("--vkey", kept / "vkey", "--vkey", kept.parent / "sqlite" / "vkey")

    said = done(scoretrail(None, "receipt", "verify", *map(str, (*files, *keys)), lang="en"))

    assert "whose checkpoint is at position" in said.out


def test_the_scores_and_bridges_are_what_they_were(older: Older) -> None:
    then = json.loads((older.kept / "reads.json").read_text(encoding="utf-8"))

    assert then
    for words, said in then.items():
        now = done(scoretrail(older.ledger, *words.split())).json
        assert without_what_is_new(now, said) == said, words


def without_what_is_new(now: Any, then: Any) -> Any:  # noqa: ANN401 - JSON data is what it is
    """What is said now, but for the keys that were not there then: keys may be added."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {
            key: without_what_is_new(value, then[key]) for key, value in now.items() if key in then
        }
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [without_what_is_new(*pair) for pair in zip(now, then, strict=True)]
    return now


# What has left the house --------------------------------------------------------------------------


def test_a_dossier_verifies(handed_out: Path, vkey: str) -> None:
    held = handed_out.parent / "sqlite" / "held"
    dossiers = sorted(handed_out.glob("*.zip"))

    assert dossiers
    for file in dossiers:
        words = ("--vkey", vkey, "--checkpoint", str(held), "--json")
        assert done(scoretrail(None, "dossier", "verify", str(file), *words)).json["level"] == "L2"
        assert strangers_alone(file, Path(vkey).read_text().strip(), held).code == 0


def test_a_receipt_verifies_with_its_entry_and_with_no_other(handed_out: Path, vkey: str) -> None:
    receipts = sorted((handed_out / "receipts").glob("*.tlog-proof"))

    assert len(receipts) > 1
    for at, file in enumerate(receipts):
        entry, other = (receipts[at - back].with_suffix(".json") for back in (0, 1))
        words = ("receipt", "verify", str(file))
        done(scoretrail(None, *words, str(entry), "--vkey", vkey))
        assert scoretrail(None, *words, str(other), "--vkey", vkey).code == 3


def test_what_is_published_is_taken_by_a_witness_who_saw_it_smaller(
    handed_out: Path, vkey: str, tmp_path: Path
) -> None:
    public, key, seen = handed_out / "public", tmp_path / "witness.key", tmp_path / "seen"
    done(scoretrail(None, "checkpoint", "verify", str(public / "checkpoint"), "--vkey", vkey))
    done(scoretrail(None, "--key", str(key), "key", "generate", "witness.example/w"))
    copy(handed_out.parent / "sqlite" / "held", seen)

    words = ("--witness-key", str(key), "--vkey", vkey, "--seen", str(seen))
    done(scoretrail(None, "checkpoint", "cosign", str(public), *words, "-o", str(tmp_path / "out")))

    assert seen.read_bytes().startswith((public / "checkpoint").read_bytes().partition(b"\n\n")[0])


def test_the_export_of_a_case_is_imported_as_it_stands(
    handed_out: Path, places: Places, tmp_path: Path
) -> None:
    (file,) = (one for one in handed_out.glob("*.jsonl") if one.stem != "ledger")
    ledger = places.for_import()

    done(scoretrail(ledger, "import", str(file)))

    assert done(scoretrail(ledger, "verify", "--json")).json["breaks"] == []
    again = tmp_path / "again.jsonl"
    done(scoretrail(ledger, "export", file.stem, "-o", str(again)))
    assert again.read_bytes() == file.read_bytes()


def test_the_export_of_a_ledger_is_imported_as_it_stands(
    handed_out: Path, vkey: str, places: Places, tmp_path: Path
) -> None:
    file, newest = handed_out / "ledger.jsonl", handed_out.parent / "sqlite" / "newest"
    ledger = places.for_import()
    if is_postgres(ledger.target):
        ledger = begun(places.new(), "2025-03-01", "--empty")

    done(scoretrail(ledger, "import", str(file)))

    words = ("--vkey", vkey, "--checkpoint", str(newest))
    assert done(scoretrail(ledger, "verify", "--json", *words)).json["breaks"] == []
    again = tmp_path / "again.jsonl"
    done(scoretrail(ledger, "export", "--all", "-o", str(again)))
    assert lines(again) == lines(file)


def lines(file: Path) -> list[bytes]:
    """Entries and checkpoints, byte by byte. The first line is about the file, and may grow."""
    _, *rest = file.read_bytes().splitlines()
    return rest


# The script that keeps them -----------------------------------------------------------------------


@pytest.mark.parametrize("folder", VERSIONS, ids=version)
def test_what_was_kept_once_is_never_made_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["golden_ledgers.py", folder.name])

    with pytest.raises(SystemExit, match="stays as it is"):
        golden_ledgers.main()
