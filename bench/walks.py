"""How far a reader has to walk: what runs for three questions, and how often the record is read.

    python -m bench.walks [--files]

Each walk is a few command lines, each in a process of its own as people start it, on an example
that was recorded before. A file of the project is entered when the body of a function in it runs;
it is not entered by being imported, nor by what runs while something is being imported. What is
counted besides stands in `CALLS`, by the place and name of functions: whoever moves or renames one
names the new place there, so that figures from before and after are measured by one program.
"""

import json
import os
import subprocess
import sys
import threading
from argparse import REMAINDER, ArgumentParser
from collections import Counter
from contextlib import redirect_stdout
from inspect import CO_OPTIMIZED
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Final, NamedTuple

from bench import ROOT
from cli.main import run
from tests.support.workbooks import Book

CALLS: Final = {
    "opened": {("ledger/store/store.py", "Store.open")},
    "read": {
        ("ledger/store/store.py", "Store.stream"),
        ("ledger/store/store.py", "Store.read"),
        ("ledger/store/store.py", "Store.audited"),
    },
    "folded": {("ledger/case.py", "fold")},
}
"""Functions whose calls are counted: the store opened, a stream read, a case folded."""

ASIDE: Final = {".venv", "bench", "docs", "tests"}
"""Folders with Python files that are not the program's."""

PROGRAM: Final = str(Path(sys.executable).with_name("scoretrail"))
EXAMPLE: Final = ROOT / "examples" / "zhanjiang-2023"
CASE: Final = "zhanjiang-amr-2023"
UNIT, REVIEWER, OFFICER = (
    ("--as", account) for account in ("unit-filer", "agency-reviewer", "bureau-officer")
)


class Walk(NamedTuple):
    """One way through the program.

    Attributes:
        title: from where to where.
        files: how many files of the example are recorded before.
        lines: the command lines, in the folder of the ledger.
    """

    title: str
    files: int
    lines: tuple[tuple[str, ...], ...]


WALKS: Final = (
    Walk(
        "指标值：从表格的一格到得分表 / a figure, from a form's cell to the sheet",
        1,
        ((*UNIT, "apply", "form.xlsx"), ("score", CASE)),
    ),
    Walk(
        "理由：从 review adjust 到卷宗 / a justification, from review adjust to the dossier",
        2,
        (
            (
                *(*REVIEWER, "review", "adjust", CASE, "output-goals", "16"),
                *("--justification", "三项未完成", "--ground", "考虑客观因素"),
            ),
            (*OFFICER, "dossier", "export", CASE, "-o", "answer.zip"),
        ),
    ),
    Walk(
        "得分：从规则到 score --at / a score, from its rule to score --at",
        4,
        (("score", CASE, "--at", "issued"),),
    ),
)


class Seen(NamedTuple):
    """What ran for a command line.

    Attributes:
        files: of the project, that were entered.
        calls: how often each of `CALLS` was made.
    """

    files: set[str]
    calls: Counter[str]


def main() -> None:
    """Go every walk and print the table; or run one command line and say what it entered."""
    parser = ArgumentParser(description="How far a reader has to walk.")
    parser.add_argument("--files", action="store_true", help="name the files, too")
    parser.add_argument(
        "--watch", nargs=REMAINDER, metavar="WORD", help="one command line, watched"
    )
    wanted = parser.parse_args()
    if wanted.watch:
        seen = watched(wanted.watch)
        print(json.dumps([sorted(seen.files), seen.calls]))
        return
    _check_places()
    print("| 走法 / walk | 文件 files | " + " | ".join(CALLS) + " |")
    print("|---|--:|" + "--:|" * len(CALLS))
    for walk in WALKS:
        lines = gone(walk)
        files = set().union(*(seen.files for seen in lines))
        calls = (" + ".join(str(seen.calls[name]) for seen in lines) for name in CALLS)
        print(f"| {walk.title} | {len(files)} | {' | '.join(calls)} |")
        if wanted.files:
            print("", *sorted(files), "", sep="\n")


def _check_places() -> None:
    """A function that was moved would be counted as never called."""
    for file, function in set().union(*CALLS.values()):
        path, name = ROOT / file, function.rpartition(".")[2]
        if not path.exists() or f"def {name}(" not in path.read_text(encoding="utf-8"):
            sys.exit(f"{function} is no longer in {file}: say in CALLS where it is now")


def gone(walk: Walk) -> list[Seen]:
    """What runs for each line of a walk, on a ledger of its own with a key that signs."""
    lines = []
    with TemporaryDirectory() as folder:
        _run([PROGRAM, "--dated", "2024-07-30", "init"], folder)
        _run([PROGRAM, "key", "generate", "walks.example/log"], folder)
        for file in sorted(EXAMPLE.glob("[1-9]-*.toml"))[: walk.files]:
            _run([PROGRAM, "apply", str(file)], folder)
        if "form.xlsx" in walk.lines[0]:
            _fill_in(Path(folder))
        for line in walk.lines:
            watch = [sys.executable, "-m", "bench.walks", "--watch", "--lang", "en", *line]
            files, calls = json.loads(_run(watch, folder).splitlines()[-1])
            lines.append(Seen(set(files), Counter(calls)))
    return lines


def _fill_in(folder: Path) -> None:
    """The form for the unit, with one figure typed into it."""
    form = ("form", "self-evaluation", "--case", CASE, "-o", "form.xlsx")
    _run([PROGRAM, "--lang", "en", *form], str(folder))
    book = Book(folder / "form.xlsx")
    row = "marketplace-contracts"
    values = {"name": "电子卖场合同", "value": "0", "unit": "份"}
    book.put("Figures", {book.ref("Figures", row, key): value for key, value in values.items()})
    book.save()


def _run(line: list[str], folder: str) -> str:
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(line, cwd=folder, env=own, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        sys.exit(f"{line}: {done.stderr}")
    return done.stdout


def watched(words: list[str]) -> Seen:
    """Run one command line in this process and watch what is called."""
    seen = Seen(set(), Counter())
    importing = 0
    names = {place: name for name, places in CALLS.items() for place in places}

    def watch(frame: FrameType, event: str, _: object) -> None:
        nonlocal importing
        code = frame.f_code
        if code.co_name == "<module>":
            importing += {"call": 1, "return": -1}.get(event, 0)
        elif event == "call" and not importing and code.co_flags & CO_OPTIMIZED:
            file = files.get(code.co_filename)
            if file is None:
                file = files[code.co_filename] = _of_project(code.co_filename)
            if file:
                seen.files.add(file)
                if name := names.get((file, code.co_qualname)):
                    seen.calls[name] += 1

    files: dict[str, str] = {}
    threading.setprofile(watch)
    sys.setprofile(watch)
    with redirect_stdout(StringIO()):
        code = run(words)
    sys.setprofile(None)
    if code:
        sys.exit(code)
    return seen


def _of_project(filename: str) -> str:
    """The path of a file of the project in it; empty for any other."""
    path = Path(filename)
    if not path.is_relative_to(ROOT):
        return ""
    inside = path.relative_to(ROOT)
    return "" if inside.parts[0] in ASIDE else inside.as_posix()


if __name__ == "__main__":
    main()
