"""Progress bars on stderr, where somebody looks."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from rich.console import Console
from rich.progress import Progress, track

from cli.language import t
from ledger.language import Text

T = TypeVar("T")

CATCHING_UP: Final = Text("正在更新总览", "catching up")


def watched(some: Iterable[T], doing: Text, total: int | None) -> Iterable[T]:
    """The same, with a bar that says how far it has come."""
    return track(
        some,
        description=t(doing.zh, doing.en),
        console=Console(stderr=True),
        total=total,
        disable=not sys.stderr.isatty(),
    )


@contextmanager
def watching(doing: Text = CATCHING_UP) -> Iterator[Callable[[int, int], None]]:
    """A bar that is told how many of how many are done."""
    with Progress(
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task(t(doing.zh, doing.en), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
