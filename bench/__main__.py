"""`python -m bench`: every bar, measured; a table in Markdown.

Contenders take turns within one run, and only their ratios mean anything. With `--write` the table
in docs/performance.md is replaced. Files and the server are in the system's folder for temporary
files: TMPDIR=/dev/shm leaves out the disk.
"""

import gc
import os
import re
import sqlite3
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from platform import python_version
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from bench import ROOT
from bench.measure import HEAD, Line, row
from bench.places import SQLITE, Settings, version
from bench.workload import Workload
from cli.start import MADE_BETWEEN
from tests.support.postgres import databases

SUBJECTS: Final = (
    "append",
    "recorders",
    "writers",
    "replay",
    "portfolio",
    "lists",
    "proof",
    "signatures",
    "command_line",
    "memory",
)
"""Modules of this package whose `lines` measure something."""

DOCUMENT: Final = ROOT / "docs" / "performance.md"
BLOCK: Final = re.compile(r"(<!-- bench -->\n).*?(<!-- end of bench -->)", re.DOTALL)
IDLE: Final = 1.0
"""The load up to which a table is written: at 9, medians were wrong by a factor of three."""


def main() -> None:
    """Measure what is asked for and print the table."""
    wanted = _arguments()
    gc.set_threshold(MADE_BETWEEN)  # for all contenders, as the program has it
    written = [*_head(wanted)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = None if wanted.sqlite else stack.enter_context(databases(durable=True))
        written[0] += f", {version(server)}" if server else ""
        settings = Settings(wanted.rounds, wanted.large, folder, Workload(folder), server)
        print("\n".join([*written, "", HEAD]), flush=True)
        written += ["", HEAD]
        for line in _lines(settings, wanted.only):
            written.append(row(line))
            print(written[-1], flush=True)
    if wanted.write:
        block = "\n".join(written)
        text = DOCUMENT.read_text("utf-8")
        DOCUMENT.write_text(BLOCK.sub(lambda old: f"{old[1]}{block}\n{old[2]}", text), "utf-8")


def _arguments() -> Namespace:
    parser = ArgumentParser(description=__doc__, prog="python -m bench")
    parser.add_argument("--rounds", type=int, default=9, help="at least 7 for figures to believe")
    parser.add_argument("--only", nargs="+", choices=SUBJECTS, default=SUBJECTS, help="these")
    parser.add_argument("--large", action="store_true", help="the sizes of the bars: takes long")
    parser.add_argument("--sqlite", action="store_true", help="no server")
    parser.add_argument("--write", action="store_true", help=f"into {DOCUMENT.relative_to(ROOT)}")
    wanted = parser.parse_args()
    if wanted.write and (wanted.sqlite or tuple(wanted.only) != SUBJECTS):
        parser.error("--write is for a whole table")
    if wanted.write and (load := os.getloadavg()[0]) > IDLE:
        parser.error(f"--write is for an idle machine: the load is {load:.1f}")
    return wanted


def _head(wanted: Namespace) -> Iterator[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    sizes = "of the bars" if wanted.large else "smaller than those of the bars (--large)"
    yield f"Python {python_version()}, {SQLITE} {sqlite3.sqlite_version}"
    yield (
        f"{os.cpu_count()} cores, {memory:.0f} GiB; load {os.getloadavg()[0]:.1f} before the run;"
        f" medians of {wanted.rounds} rounds (quartiles of the turns), the processor's least;"
        f" sizes {sizes}"
    )


def _lines(settings: Settings, subjects: tuple[str, ...]) -> Iterator[Line]:
    for name in subjects:
        start = perf_counter()
        yield from import_module(f"bench.{name}").lines(settings)
        print(f"{name}: {perf_counter() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
