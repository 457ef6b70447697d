"""Odd places and surroundings get a clear end: memory, pipes, devices, time zones, rights."""

import os
import time
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from tests.support.places import Place
from tests.support.terminal import CASE, done, entries, scoretrail


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


@pytest.mark.parametrize("target", ["postgresql://u:secret@[", "postgresql://[::1/x"])
@pytest.mark.parametrize("words", [("account", "database-role", "x"), ("init",), ("verify",)])
def test_an_address_that_cannot_be_read_is_told_without_its_password(
    target: str, words: tuple[str, ...]
) -> None:
    said = scoretrail(target, *words, lang="en")
    assert (said.code, said.out) == (2, "")
    assert "the address cannot be read" in said.err
    assert "secret" not in said.err


class EarlyInBeijing(datetime):
    """Seven in the morning in Beijing, and still the day before in Greenwich."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2027, 11, 28, 23, 0, tzinfo=UTC).astimezone(tz)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "UTC+26", "XXX-99:99:99"])
def test_an_act_is_dated_by_the_day_in_beijing_wherever_the_machine_stands(
    zone: str, submitted: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.session.datetime", EarlyInBeijing)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        words = ("--as", "agency-reviewer", "review", "confirm", CASE, "e-contracts")
        done(scoretrail(submitted, *words))
    finally:
        monkeypatch.undo()
        time.tzset()

    last = entries(submitted)[-1]
    assert (last["dated"], last["at"][:10]) == ("2027-11-29", "2027-11-28")


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
