"""Odd places and surroundings get a clear end: memory, pipes, devices, time zones, rights."""

import os
import time
from pathlib import Path

import pytest

from tests.support.places import Place
from tests.support.terminal import CASE, scoretrail


@pytest.mark.parametrize("target", [":memory:", ""])
@pytest.mark.parametrize("words", [("init",), ("demo",), ("score", CASE), ("verify",)])
def test_a_ledger_that_would_not_last_is_not_made(
    target: str, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = scoretrail(target, *words, lang="en")

    assert said.code == 2
    assert "memory" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("zone", ["UTC+26", "XXX-99:99:99"])
def test_a_time_zone_that_cannot_be_is_named(
    zone: str, submitted: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        words = ("--as", "agency-reviewer", "review", "confirm", CASE, "e-contracts")
        said = scoretrail(submitted, *words, lang="en")
    finally:
        monkeypatch.undo()
        time.tzset()

    assert said.code == 2
    assert "TZ" in said.err


DOORS = (
    ("apply", "{file}"),
    ("rubric", "check", "{file}"),
    ("import", "{file}"),
    ("import-table", CASE, "{file}"),
    ("--as", "unit-filer", "submit", "evidence", CASE, "{file}"),
    ("verify", "--checkpoint", "{file}"),
    ("verify", "--vkey", "{file}"),
    ("verify", "--policy", "{file}"),
    ("verify", "--tsa-ca", "{file}"),
    ("dossier", "verify", "{file}", "--vkey", "{file}"),
    ("receipt", "verify", "{file}", "{file}", "--vkey", "{file}"),
    ("checkpoint", "verify", "{file}", "--vkey", "{file}"),
    ("checkpoint", "keep", "{file}", "--witness", "{file}"),
    ("checkpoint", "resume", "{file}"),
    ("checkpoint", "witness-key", "{file}"),
    ("--key", "{file}", "key", "show"),
    ("--key", "{file}", "checkpoint", "sign"),
)


@pytest.mark.parametrize("kind", ["pipe", "endless"])
@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_a_pipe_and_a_device_without_end_are_refused_wherever_a_file_is_read(
    kind: str, door: tuple[str, ...], submitted: Place, tmp_path: Path
) -> None:
    """Whoever waits for either would wait for ever."""
    for suffix in (".toml", ".xlsx", ""):
        file = tmp_path / f"{kind}{suffix}"
        if kind == "pipe":
            os.mkfifo(file)
        else:
            file.symlink_to("/dev/zero")
        said = scoretrail(submitted, *(word.format(file=file) for word in door))

        assert said.code in {1, 2, 3}, said
        assert said.err or said.out
