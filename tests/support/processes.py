"""Processes that run command lines and can be raced and killed.

To start Python and import the program takes far longer than to run it, so a warm process does that
once and forks for every command line.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, Literal, NamedTuple, Self

import pytest

from tests.support.places import Place
from tests.support.terminal import ROOT, given

_WARM: Final = """
import json, os, signal, sys, time
import cli.apply, cli.review, cli.verify, ledger.ledger, ledger.store
from cli.main import run
run(["--ledger", os.devnull, "verify"])
for line in sys.stdin:
    words, moment, heard = json.loads(line)
    child = os.fork()
    if not child:
        for stream in (1, 2):
            os.dup2(os.open(heard, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
        while time.monotonic() < moment:
            pass
        code = run(words)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    if sys.stdin.readline() == "kill\\n":
        os.kill(child, signal.SIGKILL)  # not waited for yet, so the id is its own
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Ended(NamedTuple):
    """How a command line ended: its exit code, or the negative number of a signal; what it said."""

    code: int
    heard: str


class Warm:
    """A warm process. It runs one command line at a time."""

    def __init__(self, folder: Path, name: str) -> None:
        self._heard = folder / f"{name}.txt"
        self._errors = (folder / f"{name}.errors.txt").open("w")
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", _WARM],
            env={**os.environ, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def start(self, ledger: Place, *words: str, moment: float = 0) -> None:
        """Run a command line in a process of its own, not before a moment of the clock."""
        self._heard.write_text("")
        self._ledger = ledger
        line = ["--lang", "en", *given(ledger), *words]
        self._tell(json.dumps([line, moment, str(self._heard)]))

    def ended(self, how: Literal["wait", "kill"] = "wait") -> Ended:
        """How it ended: by itself, or killed now if it has not."""
        self._tell(how)
        assert self._process.stdout
        code = int(self._process.stdout.readline())
        while how == "kill" and self._ledger.visitors():
            time.sleep(0.002)  # a server may not have noticed yet, and go on with what it was told
        return Ended(code, self._heard.read_text())

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
        self._errors.close()


def printed(line: str, into: Path, process: "subprocess.Popen[bytes]", patience: float) -> str:
    """What a process that serves prints of where it listens.

    Args:
        line: the pattern of the line, whose first group is the address.
        into: the file that it prints to.
        process: it has failed where it ends instead.
        patience: seconds that it may take.
    """
    for _ in range(int(patience * 10)):
        if found := re.search(line, into.read_text()):
            return found[1]
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    pytest.fail(f"{process.args!r} does not listen: {into.read_text()}")
