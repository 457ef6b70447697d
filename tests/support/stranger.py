"""The program for strangers, `tools/verify_dossier.py`, as they run it and as fast as tests can.

Whatever it is asked, the page for strangers, `tools/verify.html`, is asked too, in Chromium. Both
share nothing but the documents that they were written from, and must agree.
"""

import atexit
import os
import re
import subprocess
import sys
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Final, cast
from unittest.mock import patch

from tests.support.chromium import CHROMIUM, chromium_alone
from tests.support.terminal import ROOT, Said
from tests.support.verify_page import VerifyPage

OURS: Final = ROOT / "tools" / "verify_dossier.py"
STRANGER: Path = OURS
"""Not final: whoever tries a wrong program on the tests puts that one here."""

PAGE_TOO: bool = True
"""Not final: forks of a process, in which mutants are tried, cannot share a browser."""

USAGE: Final = 1


def strangers(file: Path, *words: str | Path, page: bool = True) -> Said:
    """What it says of a file, in this process, which spares the tests a new Python each time.

    Args:
        file: a dossier.
        words: the rest of the command line.
        page: whether the page has to find the same; it verifies no signature of SM2.
    """
    out, err = StringIO(), StringIO()
    argv = [str(STRANGER), str(file), *map(str, words)]
    code: object = 0
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "argv", argv):
        try:
            run_path(str(STRANGER), run_name="__main__")
        except SystemExit as end:
            code = end.code
    if not isinstance(code, int):  # as Python does with words at the end of a program
        return Said(USAGE, out.getvalue(), f"{code}\n")
    said = Said(code, out.getvalue(), err.getvalue())
    if page and PAGE_TOO and file.is_file() and STRANGER == OURS and (opened := _page()):
        _agrees(opened, said, file, *words)
    return said


@cache
def _page() -> VerifyPage | None:
    """The page in a browser that lives as long as these tests; none where there is no browser."""
    if CHROMIUM is None and os.environ.get("CI") != "true":
        return None
    until = ExitStack()
    atexit.register(until.close)
    profile = until.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
    return VerifyPage(until.enter_context(chromium_alone(Path(profile))))


def page_believes_place(proof: Path, vkey: str) -> bool | None:
    """Whether the page verifies the proof of a place; None where there is no browser."""
    opened = _page() if PAGE_TOO else None
    return opened.believes_place(proof.read_bytes(), vkey) if opened else None


def page_believes_two_steps(receipt: Path, entry: Path, vkeys: str) -> bool | None:
    """The same of a receipt in two steps, with a key of each log."""
    opened = _page() if PAGE_TOO else None
    if opened is None:
        return None
    return opened.believes_two_steps(receipt.read_bytes(), entry.read_bytes(), vkeys)


def _agrees(page: VerifyPage, said: Said, file: Path, *words: str | Path) -> None:
    vkey, *held = words
    since: str | Path = ""
    if "--require-signed-from" in held:
        *held, _, since = held
    notes = [Path(one).read_bytes() for one in held if Path(one).is_file()]
    if len(notes) != len(held):
        return
    verdict, *more = page.verdict(file.read_bytes(), str(vkey), notes, str(since))
    assert (verdict == "VERIFIED") == (said.code == 0), (said, verdict, more)
    if said.code == 0:
        case, version, at, compared, signed, unchecked = cast("list[Any]", more)
        first = f"VERIFIED: {case}, complete to version {version} of {at}\n"
        assert said.out.startswith(first) or "note: " in said.out
        assert bool(compared) == ("\nconsistent with the checkpoint held\n" in said.out)
        told = re.search(r"signed by their authors: (\d+) of", said.out)
        assert signed + unchecked == int(told[1] if told else 0)


def strangers_alone(file: Path, *words: str | Path) -> Said:
    """The same by a Python of its own that knows nothing of ours, nor of any library."""
    ran = subprocess.run(  # noqa: S603 - our own script on a file of this test
        [sys.executable, "-I", "-S", str(STRANGER), str(file), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    return Said(ran.returncode, ran.stdout, ran.stderr)


def parts() -> ModuleType:
    """Its functions, without running it."""
    module = ModuleType("stranger")
    exec(compile(STRANGER.read_bytes(), STRANGER, "exec"), vars(module))  # noqa: S102 - our own
    return module
