"""The program as people start it, against the smallest program that click can make.

And a read that verifies what it shows, against the same read that believes it.
"""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from bench.measure import Line, Task, compared, race
from bench.places import Settings
from cli.demo import CASE

HELLO: Final = "import click; click.command()(lambda: click.echo('hello'))()"
PROGRAM: Final = str(Path(sys.executable).with_name("scoretrail"))


def lines(settings: Settings) -> Iterator[Line]:
    """Help, and the score of one case."""
    ledger = ("--ledger", str(settings.workload.demo))
    for work, words, bar in (
        ("命令行 / command line: --help", ("--help",), 1.3),
        ("命令行：一个事项的得分 / the score of one case", (*ledger, "score", CASE), 6.5),
    ):
        times = race(
            settings.rounds,
            raw=Task(_run, lambda: (sys.executable, "-c", HELLO)),
            ours=Task(_run, partial(tuple, (PROGRAM, *words))),
            times=2,
        )
        yield compared(work, "", times, bar)
    times = race(
        settings.rounds,
        raw=Task(_run, lambda: (PROGRAM, *ledger, "--unverified", "score", CASE)),
        ours=Task(_run, lambda: (PROGRAM, *ledger, "score", CASE)),
        times=4,
    )
    yield compared("同上，核验所示的字节 / the same, its bytes verified", "", times, 1.2)


def _run(words: tuple[str, ...]) -> None:
    subprocess.run(words, capture_output=True, check=True)  # noqa: S603 - this interpreter, our program
