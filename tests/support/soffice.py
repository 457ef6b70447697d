"""LibreOffice without a window: it opens files, prints them and saves them anew.

It sees one font only, the one that our own documents bring along, so that every machine that runs
these tests lays the pages out alike.
"""

import os
import subprocess
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Final

import pylopdf_fonts_zh_cn as fonts
import pytest
from pypdf import PdfReader

MISSING: Final = (
    "LibreOffice is not installed, so its view of our files cannot be tested:"
    " apt-get install libreoffice-calc-nogui libreoffice-writer-nogui"
)
FONTS: Final = """<?xml version="1.0"?>
<fontconfig><dir>{folder}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
HARMLESS: Final = (
    "convert ",
    "Overwriting: ",
    "Warning: failed to launch javaldx",  # there is no Java, and nothing of ours needs it
)


class Office:
    """LibreOffice with a profile and a font of its own."""

    def __init__(self, folder: Path) -> None:
        program = which("soffice")
        if program is None:
            pytest.fail(MISSING)
        self._program = program
        self._folder = folder
        config = folder / "fonts.conf"
        config.write_text(
            FONTS.format(folder=Path(fonts.sans_path()).parent, cache=folder / "fonts")
        )
        self._environment = {**os.environ, "FONTCONFIG_FILE": str(config), "LC_ALL": "C.UTF-8"}

    def convert(self, files: Iterable[Path], to: str) -> dict[str, Path]:
        """The files in another format, by their names without the ending.

        LibreOffice says nothing about what it cannot load, and exits with 0: whatever it says is a
        complaint, and so is a file that it did not write.
        """
        files = list(files)
        out = self._folder / f"as-{to}"
        ran = subprocess.run(  # noqa: S603 - LibreOffice itself, on files of ours
            [
                self._program,
                "--headless",
                f"-env:UserInstallation=file://{self._folder}/profile",
                *("--convert-to", to, "--outdir", str(out)),
                *map(str, files),
            ],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        complaints = [
            line
            for line in (ran.stdout + ran.stderr).splitlines()
            if line.strip() and not line.startswith(HARMLESS)
        ]
        assert not complaints, complaints
        made = {file.stem: out / f"{file.stem}.{to}" for file in files}
        assert all(path.is_file() for path in made.values()), ran.stdout
        return made


def words_of(pdf: bytes) -> str:
    """All that a PDF shows, each text as it was set: a cell does not run into the next."""
    return words_and_lines_of(pdf)[0]


def words_and_lines_of(pdf: bytes) -> tuple[str, str]:
    """The same, and line by line: what is set glyph by glyph is a word again in its line."""
    words: list[str] = []
    pages = PdfReader(BytesIO(pdf)).pages
    lines = [page.extract_text(visitor_text=lambda text, *_: words.append(text)) for page in pages]
    return "\n".join(words), "\n".join(lines)


def squeezed(text: str) -> str:
    """A text without white space: each program breaks lines where it likes.

    A place to be filled in is set in Word by narrow lines, which it does not break; the sign of a
    number in a workbook is the spreadsheet's own.
    """
    return "".join(text.split()).replace("＿", "__").replace("−", "-")
