"""Python drops docstrings and assertions under -OO: nothing that people see may depend on them."""

import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree
from typing import Final

import pytest

from tests.support.terminal import EXAMPLES, ROOT

GOLDEN: Final = ROOT / "tests" / "golden" / "ledgers" / "v1"
CASE: Final = "parks-2022"
SCRIPT: Final = """
import sys
from cli.main import run
for line in sys.stdin.read().splitlines():
    print(">", line, flush=True)
    print("=", run(line.split()), flush=True)
"""
HELP: Final = (
    *("", "init", "apply", "case", "case open", "submit", "submit figure", "review"),
    *("review adjust", "review countersign", "object", "appeal", "rectify", "account", "rubric"),
    *("score", "bridge", "log", "explain", "check", "verify", "dossier export", "portfolio work"),
)
READS: Final = (
    *(f"{view} {CASE}" for view in ("score", "bridge", "log", "replay", "check", "case show")),
    *(f"{view} {CASE} --json" for view in ("score", "bridge", "log", "check")),
    f"explain {CASE} patrols",
    *(f"document {name} {CASE} --format html" for name in ("score-table", "composite", "register")),
    f"document rectification {CASE} --format html",
    f"document appeal {CASE} --format html",
    *("case list", "account list", "rubric list", "appeal list", "rectify status", "verify"),
    *(f"portfolio {view}" for view in ("scores", "adjustments", "rectification", "work")),
    f"rubric check {EXAMPLES / 'rubric.toml'}",
)
REFUSED: Final = (
    f"--as agency-reviewer review adjust {CASE} patrols 7.50 --justification 三次",
    f"--as bureau case close {CASE}",
    "--as nobody account open other --organisation o",
    "score nowhere",
    f"explain {CASE} nothing",
    f"score {CASE} --at yesterday",
    "score",
)
RECORDED: Final = ("--as administrator account open other --organisation o --role auditor --id k",)


def answers(folder: Path, level: str) -> list[str]:
    """What the program answers to every line at a level of optimisation, line by line."""
    folder.mkdir()
    ledger = folder / "l.db"
    copy(GOLDEN / "sqlite" / "ledger.sqlite", ledger)
    copytree(GOLDEN / "evidence", folder / "l.db.evidence")
    spoken = [*(f"{words} --help" for words in HELP), *READS, *REFUSED, *RECORDED]
    lines = ["--ledger l.db migrate"]
    lines += [f"--lang {lang} --dated 2025-03-01 --ledger l.db {words}".replace("  ", " ")
              for lang in ("zh", "en") for words in spoken]  # fmt: skip
    said = subprocess.run(  # noqa: S603 - this program
        [sys.executable, "-c", SCRIPT],
        input="\n".join(lines),
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTHONOPTIMIZE": level, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return said.stdout.splitlines()


@pytest.mark.slow
def test_the_program_says_the_same_without_docstrings_and_assertions(tmp_path: Path) -> None:
    plain, optimised = (answers(tmp_path / f"level{level}", level) for level in ("", "2"))

    assert optimised == plain
    codes = {int(line[2:]) for line in plain if line.startswith("= ")}
    assert codes == {0, 1, 2}
    assert plain[-1] == "= 0"
