"""Files that people hand in: whatever they are, reading them ends."""

from pathlib import Path

import pytest

from intake.batch import read_batch
from intake.files import CARRIED_MAX, WRITTEN_MAX, hand_in, read_bytes, read_rubric
from ledger.values import Invalid
from tests.support.places import Place
from tests.support.terminal import scoretrail


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    """A file with a hole in it: as large as it says, and no burden for the disk."""
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(WRITTEN_MAX + 1)
    return path


def test_a_file_of_the_largest_size_is_read_and_one_more_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100)

    assert read_bytes(path, at_most=100) == b"x" * 100
    with pytest.raises(Invalid, match="MiB"):
        read_bytes(path, at_most=99)


@pytest.mark.parametrize("suffix", [".toml", ".jsonl", ".xlsx"])
def test_a_huge_batch_is_refused_with_the_limit(huge: Path, suffix: str) -> None:
    path = huge.rename(huge.with_suffix(suffix))

    with pytest.raises(Invalid) as refused:
        read_batch(path, account=None, dated=None)  # type: ignore[arg-type]  # it is not asked for

    assert "64 MiB" in refused.value.text.zh
    assert "64 MiB" in refused.value.text.en


def test_a_huge_rubric_is_refused(huge: Path) -> None:
    with pytest.raises(Invalid, match="64 MiB"):
        read_rubric(huge)


def test_evidence_may_be_larger(huge: Path) -> None:
    assert len(hand_in(huge).content) == WRITTEN_MAX + 1
    assert CARRIED_MAX > WRITTEN_MAX


def test_the_command_line_says_the_limit_and_writes_nothing(issued: Place, huge: Path) -> None:
    before = scoretrail(issued, "verify", "--json").json["counted"]

    said = scoretrail(issued, "apply", str(huge.rename(huge.with_suffix(".toml"))))

    assert said.code == 2
    assert "64 MiB" in said.err
    assert scoretrail(issued, "verify", "--json").json["counted"] == before


def test_what_never_ends_is_no_file() -> None:
    with pytest.raises(Invalid, match="普通文件"):
        read_bytes(Path("/dev/zero"))
