"""A program that shares no code with ours, built on Go's own sumdb, agrees with what we publish.

Where continuous integration runs, a missing Go is a failure and not a skip: otherwise nobody would
notice that this was no longer checked.
"""

import os
from pathlib import Path

import pytest

from tests.support.golden_files import ENVELOPES, misshapen
from tests.support.houses import House, exported, signed
from tests.support.strangers_in_go import Verifier, published
from tests.support.terminal import CASE, done, scoretrail


@pytest.fixture
def public(house: House, tmp_path: Path) -> Path:
    """What the house publishes: a full tile, partial ones and two levels."""
    done(scoretrail(house.ledger, "publish", str(tmp_path / "public")))
    return tmp_path / "public"


def test_go_audits_what_is_published(house: House, public: Path, goverify: Verifier) -> None:
    said = goverify(house.vkey, public, "-held", house.old, "-held", house.new)
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.count("consistent with the checkpoint of ") == 2
    assert len(list(public.rglob("tile/*/*"))) > 3


def test_go_verifies_a_receipt_of_ours(
    house: House, public: Path, goverify: Verifier, tmp_path: Path
) -> None:
    receipt, entry = tmp_path / "v173.tlog-proof", tmp_path / "v173.json"
    issue = ("receipt", "issue", CASE, "--version", "173")
    done(scoretrail(house.ledger, *issue, "-o", str(receipt), "--entry", str(entry)))
    assert goverify(house.vkey, public, "-receipt", receipt, entry).returncode == 0
    entry.write_bytes(entry.read_bytes() + b" ")
    assert goverify(house.vkey, public, "-receipt", receipt, entry).returncode == 3


def test_go_verifies_while_the_log_grows(
    house: House, public: Path, goverify: Verifier, tmp_path: Path
) -> None:
    for number in range(3):
        exported(house.ledger, tmp_path / f"{number}.zip")
        held = signed(house.ledger, tmp_path / f"held{number}")
        done(scoretrail(house.ledger, "publish", str(public)))
        assert goverify(house.vkey, public, "-held", house.old, "-held", held).returncode == 0


@pytest.mark.sqlite_only("changed are files that have left the ledger")
def test_go_refuses_every_file_with_a_flipped_byte(
    house: House, public: Path, goverify: Verifier
) -> None:
    files = [one for one in sorted(public.rglob("*")) if one.is_file() and one.stat().st_size]
    assert len(files) > 5
    for file in files:
        sound = file.read_bytes()
        # Of a checkpoint's lines Go knows the first; the one with COSE in it is not its own.
        end = len(sound) - (file.name == "checkpoint" and len(sound.splitlines()[-1]) + 1)
        for place in (0, end // 2, end - 2):
            flipped = bytearray(sound)
            flipped[place] ^= 4
            file.write_bytes(flipped)
            assert goverify(house.vkey, public).returncode == 3, (file, place)
        file.write_bytes(sound)
    assert goverify(house.vkey, public).returncode == 0


@pytest.mark.sqlite_only("changed are files that have left the ledger")
def test_go_waits_for_no_pipe_and_no_device(
    house: House, public: Path, goverify: Verifier, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert goverify(house.vkey, public, "-held", pipe).returncode == 3
    assert goverify(house.vkey, public, "-receipt", "/dev/zero", pipe).returncode == 3
    for named in ("checkpoint", "tile/0/000", "tile/entries/000"):
        sound = (public / named).read_bytes()
        for other in (pipe, Path("/dev/zero")):
            (public / named).unlink()
            (public / named).symlink_to(other)
            assert goverify(house.vkey, public).returncode == 3
        (public / named).unlink()
        (public / named).write_bytes(sound)
    assert goverify(house.vkey, public).returncode == 0


def test_go_sees_a_fork_and_a_rollback(
    house: House, fork: House, public: Path, goverify: Verifier, tmp_path: Path
) -> None:
    assert goverify(house.vkey, public, "-held", fork.new).returncode == 3
    exported(house.ledger, tmp_path / "more.zip")
    newer = signed(house.ledger, tmp_path / "newer")
    assert "rollback" in goverify(house.vkey, public, "-held", newer).stdout


def test_go_refuses_another_key(public: Path, goverify: Verifier) -> None:
    other = "proof.example/log1+9c4820c1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    assert goverify(other, public).returncode == 3


def test_go_knows_the_keys_of_an_entry(goverify: Verifier, tmp_path: Path) -> None:
    def audits(folder: Path, *entries: bytes) -> int:
        return goverify(published(folder, entries), folder).returncode

    sound = [path.read_bytes() for path in sorted(ENVELOPES.glob("*.json"))]
    assert audits(tmp_path / "sound", *sound) == 0
    for number, entry in enumerate(misshapen()):
        assert audits(tmp_path / str(number), *sound, entry) == 3, entry
