"""The guide: every command in it runs, and prints what it says."""

import shlex
from typing import Any

import pytest

from cli.main import run
from docs import transcript
from tests.support.places import Place, Places
from tests.support.terminal import entries

pytestmark = pytest.mark.slow

PAGE = (transcript.ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
LIFE = transcript.ROOT / "examples" / "whole-life"
SAME = ("type", "version", "dated", "by", "data")


def shown(text: str) -> list[str]:
    return [
        command
        for block in transcript._BLOCK.findall(text)  # noqa: SLF001 - the reader of blocks itself
        for command, _ in transcript.commands(block)
    ]


@pytest.mark.sqlite_only("the page shows a ledger in a file; below, the commands run on both")
def test_every_command_prints_what_the_page_shows() -> None:
    assert transcript.replayed(PAGE) == PAGE, "run: python -m docs.transcript"


def test_both_languages_show_the_same_commands() -> None:
    chinese, _, english = PAGE.partition(transcript.ENGLISH)

    assert shown(chinese) == shown(english)
    assert len(shown(chinese)) > 50


@pytest.mark.sqlite_only("the same page")
def test_a_page_that_promises_something_else_is_stale() -> None:
    wrong = PAGE.replace("97.00 → 82.70", "97.00 → 83.70")

    assert wrong != PAGE
    assert transcript.replayed(wrong) == PAGE


def test_the_commands_and_the_files_of_acts_tell_the_same_life(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ledgers = {name: places.new() for name in ("commands", "files")}
    monkeypatch.chdir(transcript.ROOT)
    for name, ledger in ledgers.items():
        for variable, value in ledger.environment.items():
            monkeypatch.setenv(variable, value)
        commands = ["scoretrail --dated 2023-03-01 init"]
        commands += [f"scoretrail apply {file}" for file in sorted(LIFE.glob("[1-9]-*.toml"))]
        if name == "commands":
            commands = shown(PAGE.partition(transcript.ENGLISH)[0])
        for command in commands:
            if command.startswith("scoretrail "):
                run(shlex.split(command)[1:])
    capsys.readouterr()

    by_command, by_file = (told(ledger) for ledger in ledgers.values())
    assert len(by_file) == 67
    assert by_command[:67] == by_file
    assert [entry["type"] for entry in by_command[67:]] == ["EvidenceErased"]


def told(ledger: Place) -> list[dict[str, Any]]:
    return [{name: one[name] for name in SAME} for one in entries(ledger, "parks-2022")]
