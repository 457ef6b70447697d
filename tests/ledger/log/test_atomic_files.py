import os
from pathlib import Path
from threading import Timer

import pytest

from ledger.log.atomic_files import locked, open_ordinary, sync, translated_errors, write
from ledger.values import Invalid
from tests.support.interruption import lasting


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
    with pytest.raises(Invalid, match="draft"), locked(tmp_path):
        write(tmp_path / "file", b"ours", draft=tmp_path / "draft", mode=0o600)
    assert (tmp_path / "theirs").read_bytes() == b"theirs"


def test_the_bytes_last_before_the_name_does(tmp_path: Path) -> None:
    with lasting() as done:
        write(tmp_path / "file", b"ours", draft=tmp_path / "draft", mode=0o600)
        sync(tmp_path)
    draft, file, folder = (str(one) for one in (tmp_path / "draft", tmp_path / "file", tmp_path))
    assert done == [("fsync", draft), ("replace", file), ("fsync", folder)]


def test_nothing_stays_open(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - the list is of numbers
    write(tmp_path / "file", b"ours", draft=tmp_path / "draft", mode=0o600)
    sync(tmp_path)
    with locked(tmp_path):
        pass
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - the same


def test_an_ordinary_file_is_opened_to_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"ours")

    with open_ordinary(tmp_path / "file") as file:
        assert file.read() == b"ours"


def test_a_pipe_that_nobody_writes_to_is_refused_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    pipe, written = tmp_path / "pipe", list[int]()
    os.mkfifo(pipe)
    writer = Timer(5, lambda: written.append(os.open(pipe, os.O_RDWR)))  # ends the waiting, if any
    writer.start()

    with pytest.raises(Invalid, match="not a regular file"):
        open_ordinary(pipe)

    writer.cancel()
    writer.join()
    assert not written, "it was opened only when somebody wrote to it"


def test_a_folder_is_refused_as_the_system_refuses_one(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError) as refused:
        open_ordinary(tmp_path)
    assert refused.value.filename == str(tmp_path)


def test_what_is_refused_does_not_stay_open(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - the list is of numbers

    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises((Invalid, IsADirectoryError)):
            open_ordinary(path)

    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - the same


def test_only_a_folder_can_be_made_to_last_or_kept_alone(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(NotADirectoryError):
        sync(file)
    with pytest.raises(Invalid), locked(file):
        pass


def test_an_error_names_the_file_where_the_system_does_and_else_the_path(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="inner"), translated_errors(tmp_path / "outer"):
        (tmp_path / "inner").read_bytes()
    with (
        pytest.raises(Invalid, match="outer: cannot be read"),
        translated_errors(tmp_path / "outer"),
    ):
        raise OSError(28, "No space left on device")
