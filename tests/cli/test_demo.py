"""The first screen of `make demo` tells the story: 80 columns and 24 lines, before any table."""

import os
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.support.places import Places
from tests.support.terminal import ROOT, done, scoretrail

LINES = 24


def first_screen(shown: str, columns: int) -> list[str]:
    """What a terminal of so many columns shows first: longer lines take several of its own."""
    lines: list[str] = []
    for line in shown.splitlines():
        lines += [line, *[""] * (max(cell_len(line.rstrip()) - 1, 0) // columns)]
    return lines[:LINES]


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "zh",
            (
                "自评 100.00 分（优） → 核查 93.89 分（优）",
                "按标准至多 88.48 分（良）",
                "起决定作用的是“部门整体绩效目标产出指标完成情况”",
                "88.64 分（良）",
                "合同签订时效性",
                "+1.50",
                "标准无法确定的（可得）",
                "“三公”经费控制情况 0.00～1.00",
            ),
        ),
        (
            "en",
            (
                "claimed 100.00 (优) → awarded 93.89 (优)",
                "by the standard at most 88.48 (良)",
                "Decisive: output-goals",
                "88.64 (良)",
                "contract-signing",
                "+1.50",
                "left open by the standard",
                "three-public 0.00–1.00",
            ),
        ),
    ],
)
def test_the_first_screen_tells_the_story(
    lang: str, said: tuple[str, ...], columns: int, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("cli.table.PIPE_WIDTH", columns)
    shown = done(scoretrail(places.new(), "demo", lang=lang)).out

    screen = "\n".join(first_screen(shown, columns))
    unwrapped = "".join(screen.split())
    for words in said:
        assert "".join(words.split()) in unwrapped, words


@pytest.mark.slow
@pytest.mark.sqlite_only("what it prints about a server names no address")
@pytest.mark.parametrize(("lang", "ledger"), [("zh", "演示 一.db"), ("en", "demo.db")])
def test_it_says_where_its_ledger_is_and_ends_with_commands_that_run(
    lang: str, ledger: str, tmp_path: Path
) -> None:
    program = Path(sys.executable).with_name("scoretrail")
    environment = {**os.environ, "PYTHONUTF8": "1"}

    def run(*words: str) -> str:
        ended = subprocess.run(  # noqa: S603 - our own program
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    shown = run(str(program), "--lang", lang, "--ledger", ledger, "demo").splitlines()
    headings = [line for line, below in pairwise(shown) if set(below) == {"="}]
    assert len(headings) == 5
    *_, place = (line for line in shown if line.startswith(("记录库：", "Ledger: ")))
    assert ledger in place
    commands = shown[-5:]
    for command in commands:
        run(*shlex.split(command))
    assert (tmp_path / "score-table.pdf").stat().st_size > 10_000
    assert str(ROOT) in " ".join(commands)
