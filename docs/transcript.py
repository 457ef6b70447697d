"""Runs the commands that the guide shows and writes what they print: `python -m docs.transcript`.

A block of the language `console` holds commands behind `$` and their output below. A line `…`
stands for lines left out, `[1]` for the exit code. A block `toml FILE` is such a file; a table
below `<!-- FILE -->` is what a person fills in on the sheet that its first heading names. The tests
fail when a page is stale.
"""

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Final

from cli.language import Language
from cli.main import run
from tests.support.workbooks import Book

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = (ROOT / "docs" / "guide.md",)
ENGLISH: Final = '<a id="english"></a>'
LEFT_OUT: Final = "…"
_BLOCK: Final = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PART: Final = re.compile(
    r"^```console\n(?P<commands>.*?)^```$"
    r"|^```toml (?P<file>\S+)\n(?P<content>.*?)^```$"
    r"|^<!-- (?P<form>\S+\.xlsx) -->\n\n(?P<table>(?:^\|[^\n]*\n)+)",
    re.DOTALL | re.MULTILINE,
)


def replayed(page: str) -> str:
    """The page with the output of its commands as it is now, each language in a fresh folder."""
    chinese, mark, english = page.partition(ENGLISH)
    with TemporaryDirectory() as zh, TemporaryDirectory() as en:
        first, second = replayed_in(Path(zh), chinese, "zh"), replayed_in(Path(en), english, "en")
    return first + mark + second


def replayed_in(folder: Path, text: str, language: Language) -> str:
    """The text in one language, with the output of its commands as it is now.

    Args:
        folder: where they run; what they write stays there.
        text: of a page.
        language: of the output.
    """
    with _at_home(folder):
        return _PART.sub(lambda part: _part(part, language, f"{folder}"), text)


@contextmanager
def _at_home(folder: Path) -> Iterator[None]:
    """In a folder of its own, as a clone with its examples."""
    before, variables = Path.cwd(), dict(os.environ)
    for name in list(os.environ):
        if name.startswith("SCORETRAIL_") or name == "COLUMNS":
            del os.environ[name]
    (folder / "examples").symlink_to(ROOT / "examples")
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(variables)


def _part(part: re.Match[str], language: Language, folder: str) -> str:
    if part["file"]:
        Path(part["file"]).write_text(part["content"], encoding="utf-8")
    elif part["form"]:
        fill_in(Path(part["form"]), part["table"])
    else:
        return f"```console\n{_block(part['commands'], language, folder)}```"
    return part[0]


def fill_in(form: Path, table: str) -> None:
    """Fill in a sheet of a form.

    Args:
        form: the workbook.
        table: in Markdown: the sheet and the headings of columns; then a row of the sheet by its
            id, with what is filled in.
    """
    cells = ([cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines())
    headings, _, *rows = cells
    sheet, book = headings[0], Book(form)
    columns = [book.column_under(sheet, heading) for heading in headings[1:]]
    for id_, *filled in rows:
        row = book.row_or_next(sheet, id_)
        typed = dict(zip((book.column_of(sheet, "id"), *columns), (id_, *filled), strict=True))
        book.put(sheet, {f"{column}{row}": cell for column, cell in typed.items() if cell})
    book.save()


def _block(block: str, language: Language, folder: str) -> str:
    lines = []
    for command, shown in commands(block):
        lines.append(f"$ {command}")
        if command.startswith("export "):
            for word in shlex.split(command)[1:]:
                name, _, value = word.partition("=")
                os.environ[name] = value
        elif command.startswith("cp "):
            copyfile(*shlex.split(command)[1:])
        elif command.startswith("scoretrail "):
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
