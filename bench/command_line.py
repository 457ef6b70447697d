"""The program as people start it, against the smallest program that click can make.

A read that verifies what it shows, against the same read that believes it; and the log of a long
case against its score, where printing takes longest.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from bench.measure import Line, Task, compared, race
from bench.places import Settings
from cli.demo import CASE
from ledger.store import Store

HELLO: Final = "import click; click.command()(lambda: click.echo('hello'))()"
PROGRAM: Final = str(Path(sys.executable).with_name("scoretrail"))


def lines(settings: Settings) -> Iterator[Line]:
    """Help, and the score of one case."""
    ledger = ("--ledger", str(settings.workload.demo))
    for work, words, bar in (
        ("命令行 / command line: --help", ("--help",), 1.3),
        ("命令行：一个事项的得分 / the score of one case", (*ledger, "score", CASE), 3.5),
        ("命令行：核验日志 / verify --log", (*ledger, "verify", "--log"), 3.5),
    ):
        times = race(
            settings.rounds,
            raw=Task(_run, lambda: (sys.executable, "-c", HELLO)),
            ours=Task(_run, partial(tuple, (PROGRAM, *words))),
            times=2,
        )
        yield compared(work, "", times, bar, by_processor=True)
    times = race(
        settings.rounds,
        raw=Task(_run, lambda: (PROGRAM, *ledger, "--unverified", "score", CASE)),
        ours=Task(_run, lambda: (PROGRAM, *ledger, "score", CASE)),
        times=4,
    )
    yield compared("同上，核验所示的字节 / the same, its bytes verified", "", times, 1.2)
    large = _large_case(settings)
    forms: dict[str, tuple[str, ...]] = {"JSON": ("--json",), "CSV": ("--csv",)}
    wide = {f"宽 {width} / {width} columns": ("env", f"COLUMNS={width}") for width in WIDTHS}
    for work in (*wide, *forms):
        terminal = wide.get(work, ())
        words = (*terminal, *large, "log", LARGE, *forms.get(work, ()))
        times = race(
            settings.rounds,
            raw=Task(_run, partial(tuple, (*terminal, *large, "score", LARGE))),
            ours=Task(_run, partial(tuple, words)),
            times=2,
        )
        name = f"{LARGE_EVENTS:,} 条的变动记录 / its log against its score"
        yield compared(f"{name}, {work}", "", times, 2, by_processor=True)


LARGE: Final = "large-case"
LARGE_EVENTS: Final = 4_000
WIDTHS: Final = (80, 120, 160, 200)
"""Of a terminal: at the first two the log is in blocks, at the others in columns."""


def _large_case(settings: Settings) -> tuple[str, ...]:
    """A ledger with a case of so many events, as the program is told of it."""
    path = settings.folder / "large.db"
    with Store.create(path) as store:
        store.append(settings.workload.ground)
        store.append(settings.workload.named(LARGE, LARGE_EVENTS))
    return (PROGRAM, "--ledger", str(path))


def _run(words: tuple[str, ...]) -> None:
    subprocess.run(words, capture_output=True, check=True, env=_compiled())  # noqa: S603 - this interpreter, our program


def _compiled() -> dict[str, str]:
    """The environment in which the interpreter keeps what it has compiled, as where it is used."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
