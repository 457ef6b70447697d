"""The act stands, and signing it fails: what is said then, and how to go on."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support.houses import House, kinds, signed
from tests.support.places import Place, Places
from tests.support.terminal import CASE, RESULT, Said, done, record, scoretrail

LODGE = (
    *("--as", "unit-filer", "--dated", "2025-01-07", "appeal", "lodge", CASE, "outputs"),
    *("--indicator", "output-goals", "--statement", "未完成项系拨款原因"),
)
DECIDE = (
    *("--as", "bureau-officer", "--dated", "2025-01-20"),
    *("appeal", "decide", CASE, "outputs", "--outcome", "rejected"),
    *("--justification", "理由不成立"),
)


def state(house: House) -> Path:
    return house.ledger.file(".key.state")


def lose_state(house: House) -> None:
    state(house).unlink()


def open_key(house: House) -> None:
    house.ledger.key.chmod(0o644)


def contradict(house: House) -> None:
    """The signer remembers a log that was longer."""
    origin, _, root = state(house).read_text().splitlines()
    state(house).write_text(f"{origin}\n999999\n{root}\n")


FAILURES = [lose_state, open_key, contradict]


def stands(said: Said) -> None:
    """It says that the command is recorded, and why there is no receipt."""
    assert said.code == 3
    assert "recorded" in said.out
    assert "the command is recorded" in said.err
    assert "do not repeat it" in said.err
    assert "receipt: " not in said.out


@pytest.mark.parametrize("fail", FAILURES)
def test_an_act_stands_whose_signing_fails(house: House, fail: Callable[[House], None]) -> None:
    """Neither 1 nor 2, which promise that nothing was written."""
    done(scoretrail(house.ledger, *LODGE))
    fail(house)
    before = len(record(house.ledger))
    stands(scoretrail(house.ledger, *DECIDE, lang="en"))
    assert len(record(house.ledger)) == before + 1
    chinese = scoretrail(house.ledger, *DECIDE)
    assert chinese.code == 1, "it is decided already"


@pytest.mark.parametrize("command", ["/no/such/program", "false", "echo junk", "echo 'open"])
def test_an_act_stands_whose_key_command_fails(house: House, command: str) -> None:
    done(scoretrail(house.ledger, *LODGE))
    stands(scoretrail(house.ledger, "--key-command", command, *DECIDE, lang="en"))
    assert scoretrail(house.ledger, "--key-command", command, "checkpoint", "sign").code == 2


@pytest.mark.parametrize("fail", FAILURES)
def test_a_file_of_acts_stands_whose_signing_fails(
    house: House,
    built: Mapping[str, Place],
    tmp_path: Path,
    fail: Callable[[House], None],
    places: Places,
) -> None:
    ledger = places.copy(built["reviewed"])
    done(scoretrail(ledger, "key", "generate", "proof.example/log1"))
    signed(ledger, tmp_path / "first")
    fail(house._replace(ledger=ledger))
    before = len(record(ledger))
    stands(scoretrail(ledger, "apply", str(RESULT), lang="en"))
    assert len(record(ledger)) > before
    again = done(scoretrail(ledger, "apply", str(RESULT), lang="en"))
    assert "0 events recorded" in again.out


@pytest.mark.parametrize("fail", FAILURES)
def test_no_dossier_is_recorded_that_cannot_be_signed(
    house: House, tmp_path: Path, fail: Callable[[House], None]
) -> None:
    fail(house)
    before = record(house.ledger)
    export = ("--as", "bureau-officer", "dossier", "export", CASE, "-o", str(tmp_path / "d.zip"))
    assert scoretrail(house.ledger, *export).code in {2, 3}
    assert record(house.ledger) == before


def test_a_dossier_that_cannot_be_written_says_that_its_issue_is_recorded(
    house: House, tmp_path: Path
) -> None:
    """As when the disk is full by then; a folder that is not there is asked for before."""
    before = len(record(house.ledger))
    to = str(tmp_path / "d.zip")
    Path(to).symlink_to("/dev/full")
    export = ("--as", "bureau-officer", "dossier", "export", CASE, "-o", to)
    said = scoretrail(house.ledger, *export, lang="en")
    assert said.code == 3
    assert "the command is recorded" in said.err
    assert "d.zip" in said.err
    assert len(record(house.ledger)) == before + 1


def test_a_dossier_for_a_folder_that_is_not_there_is_not_issued(
    house: House, tmp_path: Path
) -> None:
    before = record(house.ledger)
    to = str(tmp_path / "no-such-folder" / "d.zip")
    export = ("--as", "bureau-officer", "dossier", "export", CASE, "-o", to)
    said = scoretrail(house.ledger, *export, lang="en")
    assert (said.code, "no-such-folder" in said.err) == (2, True)
    assert record(house.ledger) == before


class TestTheStateOfTheSignerWasLost:
    def resume(self, house: House, checkpoint: Path) -> Said:
        return scoretrail(house.ledger, "checkpoint", "resume", str(checkpoint), lang="en")

    def test_and_is_rebuilt_from_what_was_published(self, house: House, tmp_path: Path) -> None:
        lose_state(house)
        refused = scoretrail(house.ledger, "checkpoint", "sign", lang="en")
        assert refused.code == 2
        assert "checkpoint resume" in refused.err
        before = record(house.ledger)
        done(self.resume(house, house.old))
        assert record(house.ledger) == before
        assert state(house).read_text() == house.new.read_text().partition("\n\n")[0] + "\n", (
            "the ledger keeps a newer one than the one that was published"
        )
        signed(house.ledger, tmp_path / "again")
        assert (tmp_path / "again").read_bytes() == house.new.read_bytes()
        assert kinds(house.verify_against(house.old, house.new)) == set()

    def test_and_stays_lost_where_the_ledger_contradicts_it(
        self, house: House, fork: House
    ) -> None:
        lose_state(house)
        said = self.resume(house, fork.new)
        assert (said.code, said.out) == (3, "")
        assert not state(house).exists()

    def test_and_stays_lost_for_an_older_backup(
        self, house: House, built: Mapping[str, Place], places: Places
    ) -> None:
        ledger = places.copy(built["submitted"])
        ledger.key.write_bytes(house.ledger.key.read_bytes())
        ledger.key.chmod(0o600)
        backup = house._replace(ledger=ledger)
        assert self.resume(backup, house.new).code == 3
        assert not state(backup).exists()
        done(self.resume(backup, house.old))  # the limit: what was published last decides

    def test_not_at_all_and_nothing_is_changed(self, house: House) -> None:
        before = state(house).read_bytes()
        assert self.resume(house, house.old).code == 2
        assert state(house).read_bytes() == before
