"""Runs the commands that the guide shows and writes what they print: `python -m docs.transcript`.

A block of the language `console` holds commands behind `$` and their output below. A line `…`
stands for lines left out, `[1]` for the exit code. The tests fail when a page is stale.
"""

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cli.language import Language
from cli.main import run

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = (ROOT / "docs" / "guide.md",)
ENGLISH: Final = '<a id="english"></a>'
LEFT_OUT: Final = "…"
_BLOCK: Final = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LEDGER: Final = re.compile(r"^\$ export SCORETRAIL_LEDGER=(\S+)$", re.MULTILINE)


def replayed(page: str) -> str:
    """The page with the output of its commands as it is now, each language in a fresh ledger."""
    chinese, mark, english = page.partition(ENGLISH)
    return _replayed(chinese, "zh") + mark + _replayed(english, "en")


def _replayed(text: str, language: Language) -> str:
    with TemporaryDirectory() as folder, _at_home(folder, text):
        return _BLOCK.sub(
            lambda block: f"```console\n{_block(block[1], language, folder)}```", text
        )


@contextmanager
def _at_home(folder: str, text: str) -> Iterator[None]:
    """In the root of the repository, with the ledger that the page names in a folder of its own."""
    named = _LEDGER.search(text)
    before, variables = Path.cwd(), dict(os.environ)
    for name in list(os.environ):
        if name.startswith("SCORETRAIL_") or name == "COLUMNS":
            del os.environ[name]
    os.environ["SCORETRAIL_LEDGER"] = f"{folder}/{named[1] if named else 'scoretrail.db'}"
    os.chdir(ROOT)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(variables)


def _block(block: str, language: Language, folder: str) -> str:
    lines = []
    for command, shown in commands(block):
        lines.append(f"$ {command}")
        if command.startswith("scoretrail "):
            code, output = _run(command, language, folder)
            lines += _cut(output, shown) + ([f"[{code}]"] if code else [])
    return "".join(f"{line}\n" for line in lines)


def commands(text: str) -> list[tuple[str, list[str]]]:
    """The commands of a block with the lines below each."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        elif found:
            found[-1][1].append(line)
    return found


def _run(command: str, language: Language, folder: str) -> tuple[int, list[str]]:
    out, err = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["--lang", language, *shlex.split(command)[1:]])
    out.seek(0)
    err.seek(0)
    said = out.read() + (err.read() if code else "")  # answers, and why there is none
    lines = [line.rstrip() for line in said.replace(f"{folder}/", "").splitlines()]
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return code, lines


def _cut(output: Sequence[str], shown: Sequence[str]) -> list[str]:
    """As much of the output as the page shows: what stands before and after its `…`."""
    if LEFT_OUT not in shown:
        return list(output)
    shown = [line for line in shown if not re.fullmatch(r"\[\d+\]", line)]
    before = shown.index(LEFT_OUT)
    after = len(shown) - before - 1
    return [*output[:before], LEFT_OUT, *(output[-after:] if after else ())]


def main() -> None:
    """Write the pages anew."""
    for path in PAGES:
        path.write_text(replayed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
