"""Every page of help, in a process of its own for each language."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache

from tests.support.terminal import ROOT

WALK = """
import io, json, os, sys
from contextlib import redirect_stdout
from click import Context, Group
from cli.main import program, run

def pages(command, path):
    out = io.StringIO()
    with redirect_stdout(out):
        code = run([*path, "--help"])
    yield " ".join(path), code, isinstance(command, Group), out.getvalue()
    if isinstance(command, Group):
        context = Context(command)
        for name in command.list_commands(context):
            yield from pages(command.get_command(context, name), (*path, name))

print(json.dumps(list(pages(program(), ()))))
"""


def environment(**changes: str) -> dict[str, str]:
    ours = ("LC_", "LANG", "SCORETRAIL_")
    kept = {name: to for name, to in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "100", **changes}


def child(code: str, *words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code, *words],
        env=environment(**changes),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


@cache
def pages(lang: str, width: int = 100) -> Mapping[str, tuple[int, bool, str]]:
    """Every page of help by its command: exit code, whether it is a group, and its text.

    Args:
        lang: `zh` or `en`.
        width: columns of the screen.

    Commands are worded when they are first imported, so each language needs a process of its own.
    """
    walked = child(WALK, LANG={"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang], COLUMNS=str(width))
    assert walked.returncode == 0, walked.stderr
    return {path: (code, group, text) for path, code, group, text in json.loads(walked.stdout)}
