"""The program for strangers, `tools/verify_dossier.py`, as they run it and as fast as tests can."""

import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from runpy import run_path
from types import ModuleType
from typing import Final
from unittest.mock import patch

from tests.support.terminal import ROOT, Said

STRANGER: Path = ROOT / "tools" / "verify_dossier.py"
"""Not final: whoever tries a wrong program on the tests puts that one here."""

USAGE: Final = 1


def strangers(file: Path, *words: str | Path) -> Said:
    """What it says of a file, in this process, which spares the tests a new Python each time."""
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
    return Said(code, out.getvalue(), err.getvalue())


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
