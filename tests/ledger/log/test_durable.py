import os
from pathlib import Path

import pytest

from ledger.log.durable import alone, write
from ledger.values import Invalid


def test_a_system_that_takes_little_at_a_time_gets_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = os.write
    monkeypatch.setattr(os, "write", lambda file, data: whole(file, data[:3]))
    write(tmp_path / "file", b"0123456789", draft=tmp_path / "draft", mode=0o600)
    assert (tmp_path / "file").read_bytes() == b"0123456789"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_draft_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"theirs")
    (tmp_path / "draft").symlink_to(tmp_path / "theirs")
    with pytest.raises(Invalid, match="draft"), alone(tmp_path):
        write(tmp_path / "file", b"ours", draft=tmp_path / "draft", mode=0o600)
    assert (tmp_path / "theirs").read_bytes() == b"theirs"
