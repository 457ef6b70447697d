"""Dossiers: ours and a stranger's program agree on what holds and on what was tampered with."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.dossier import parse, verify, write
from ledger.log.note import VerifierKey
from ledger.log.tree import ProofError
from ledger.values import Invalid
from tests.support.attacks import ON_DOSSIERS, Files, places, without
from tests.support.houses import House, exported, signed
from tests.support.places import Places
from tests.support.small_dossier import packed, unpacked
from tests.support.stranger import strangers, strangers_alone
from tests.support.terminal import CASE, Said, done, scoretrail

OTHER_KEY = "proof.example/log1+9c4820c1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


def ours(file: Path, vkey: str, *held: Path) -> Said:
    """What `scoretrail dossier verify` says, which needs no ledger."""
    words = [word for one in held for word in ("--checkpoint", str(one))]
    return scoretrail(None, "dossier", "verify", str(file), "--vkey", vkey, *words, "--json")


def both_refuse(file: Path, vkey: str, *held: Path) -> None:
    assert ours(file, vkey, *held).code == 3
    stranger = strangers(file, vkey, *held)
    assert (stranger.code, stranger.out[:12], stranger.err) == (3, "NOT VERIFIED", "")


def test_a_dossier_verifies_by_both_programs(house_as_built: House) -> None:
    house = house_as_built
    said = done(ours(house.dossier, house.vkey, house.old)).json
    stranger = strangers_alone(house.dossier, house.vkey, house.old)

    assert (said["case"], said["level"], said["drift"]) == (CASE, "L2", [])
    assert stranger.code == 0, stranger.out
    assert f"VERIFIED: {CASE}, complete to version {said['version']}" in stranger.out
    assert "consistent with the checkpoint held" in stranger.out


def test_without_a_checkpoint_from_outside_both_say_so(house_as_built: House) -> None:
    assert done(ours(house_as_built.dossier, house_as_built.vkey)).json["level"] == "L1"
    stranger = strangers(house_as_built.dossier, house_as_built.vkey)
    assert stranger.code == 0
    assert "not compared with any other checkpoint" in stranger.out


def test_packing_it_again_changes_nothing(house_as_built: House) -> None:
    """So that the tampered ones below are refused for what was done to them."""
    data = house_as_built.dossier.read_bytes()
    assert packed(unpacked(data)) == write(parse(data)) == data


@pytest.mark.sqlite_only("tampered with is a file that has left the ledger")
@pytest.mark.parametrize("tamper", ON_DOSSIERS, ids=lambda one: str(one.__name__))
def test_both_refuse_what_was_tampered_with(
    tamper: Callable[[Files], Files], house_as_built: House, tmp_path: Path
) -> None:
    files = unpacked(house_as_built.dossier.read_bytes())
    tampered = tamper(files)
    assert tampered != files
    file = tmp_path / "tampered.zip"
    file.write_bytes(packed(tampered))
    both_refuse(file, house_as_built.vkey)


@pytest.mark.sqlite_only("tampered with is a file that has left the ledger")
@pytest.mark.parametrize("part", [0, 1, 100, 0.5, -1])
def test_both_refuse_a_file_cut_short(part: float, house_as_built: House, tmp_path: Path) -> None:
    data = house_as_built.dossier.read_bytes()
    file = tmp_path / "short.zip"
    file.write_bytes(data[: int(len(data) * part) if part == 0.5 else int(part)])
    said = ours(file, house_as_built.vkey)
    assert (said.code, "原文件" in said.err) == (2, True)
    assert strangers(file, house_as_built.vkey).code == 3


@pytest.mark.sqlite_only("tampered with is a file that has left the ledger")
def test_both_refuse_another_key_of_the_same_name(house_as_built: House) -> None:
    both_refuse(house_as_built.dossier, OTHER_KEY)


def test_both_refuse_the_checkpoint_of_another_dossier(
    house: House, house_as_built: House, tmp_path: Path
) -> None:
    later = exported(house.ledger, tmp_path / "later.zip")
    files = unpacked(house_as_built.dossier.read_bytes())
    files["checkpoint"] = unpacked(later.read_bytes())["checkpoint"]
    file = tmp_path / "mixed.zip"
    file.write_bytes(packed(files))
    both_refuse(file, house.vkey)


def test_both_refuse_an_older_dossier_with_a_newer_end(house: House, tmp_path: Path) -> None:
    """Its entries after the first export are left out, and the last of all is put there."""
    later = unpacked(exported(house.ledger, tmp_path / "later.zip").read_bytes())
    file = tmp_path / "gap.zip"
    file.write_bytes(packed(without(later, places(later)[-2])))
    both_refuse(file, house.vkey)


def test_the_dossier_of_another_case_is_not_taken_for_this_one(
    house: House, tmp_path: Path
) -> None:
    """It holds, and both say whose it is."""
    done(
        scoretrail(
            *(house.ledger, "--as", "bureau-officer", "--dated", "2025-01-06"),
            *("case", "open", "parks-2022", "--title", "绿化", "--year", "2022"),
            *("--unit", "parks", "--unit-name", "公园", "--bureau", "zhanjiang-finance"),
            *("--bureau-name", "湛江市财政局"),
        )
    )
    pin = (
        *("case", "pin", "parks-2022", "--rubric", "zhanjiang-departments-2023"),
        *("--edition", "2024-1"),
    )
    done(scoretrail(house.ledger, "--as", "bureau-officer", "--dated", "2025-01-06", *pin))
    other = exported(house.ledger, tmp_path / "parks.zip", case="parks-2022")
    assert done(ours(other, house.vkey)).json["case"] == "parks-2022"
    assert "VERIFIED: parks-2022," in strangers(other, house.vkey).out
    files = {
        **unpacked(house.dossier.read_bytes()),
        **{n: c for n, c in unpacked(other.read_bytes()).items() if n.startswith("enclosures/")},
    }
    file = tmp_path / "mixed.zip"
    file.write_bytes(packed(files))
    both_refuse(file, house.vkey)


@pytest.mark.sqlite_only("tampered with is a file that has left the ledger")
def test_no_flipped_byte_verifies_with_other_content(house_as_built: House) -> None:
    """Every 9,001st byte of the file, and many of its checkpoint and of one proof."""
    data = house_as_built.dossier.read_bytes()
    keys = [VerifierKey.parse(house_as_built.vkey)]
    checkpoint = data.index(parse(data).checkpoint)
    proof = data.index(b"c2sp.org/tlog-proof@v1")
    every = {
        *range(0, len(data), 9_001),
        *range(checkpoint - 40, checkpoint + len(parse(data).checkpoint), 2),
        *range(proof - 60, proof + 600, 13),
        *range(len(data) - 22, len(data)),
    }
    for place in sorted(every):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        with pytest.raises((ProofError, Invalid)):
            verify(parse(bytes(flipped)), keys)


class TestACheckpointThatTheReaderHolds:
    def test_fits(self, house_as_built: House) -> None:
        house = house_as_built
        assert done(ours(house.dossier, house.vkey, house.old, house.new)).json["level"] == "L2"
        assert strangers(house.dossier, house.vkey, house.new).code == 0

    def test_of_a_fork_of_the_same_length_is_refused(self, house: House, fork: House) -> None:
        both_refuse(house.dossier, house.vkey, fork.new)

    def test_of_a_shorter_fork_is_refused_although_a_proof_was_asked_for(
        self, house: House, fork: House, tmp_path: Path
    ) -> None:
        asked = exported(house.ledger, tmp_path / "asked.zip", "--checkpoint", str(fork.new))
        both_refuse(asked, house.vkey, fork.new)

    def test_that_is_newer_is_answered_by_a_newer_dossier(
        self, house: House, tmp_path: Path
    ) -> None:
        exported(house.ledger, tmp_path / "more.zip")
        newer = signed(house.ledger, tmp_path / "newer")
        both_refuse(house.dossier, house.vkey, newer)
        said = ours(house.dossier, house.vkey, newer).err
        assert "请索取新的卷宗" in said
        asked = exported(house.ledger, tmp_path / "asked.zip", "--checkpoint", str(newer))
        assert done(ours(asked, house.vkey, newer)).json["level"] == "L2"
        assert strangers(asked, house.vkey, newer).code == 0

    def test_of_another_log_is_refused(self, house: House, places: Places, tmp_path: Path) -> None:
        other = places.copy(house.ledger)
        done(scoretrail(other, "key", "generate", "other.example/log1"))
        both_refuse(house.dossier, house.vkey, signed(other, tmp_path / "other"))
