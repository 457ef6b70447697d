"""Progress bars on stderr, where somebody looks."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from cli.language import t
from ledger.language import Text

T = TypeVar("T")

CATCHING_UP: Final = Text("正在更新总览", "catching up")


def watched(some: Iterable[T], doing: Text, total: int | None) -> Iterable[T]:
    """The same, with a bar that shows the progress."""
    if not sys.stderr.isatty():
        return some
    from rich.console import Console  # noqa: PLC0415 - slow to import, and nobody looks elsewhere
    from rich.progress import track  # noqa: PLC0415 - the same

    console = Console(stderr=True)
    return track(some, description=t(doing.zh, doing.en), console=console, total=total)


@contextmanager
def watching(doing: Text = CATCHING_UP) -> Iterator[Callable[[int, int], None]]:
    """A bar that is given how many of how many are done."""
    if not sys.stderr.isatty():
        yield lambda done, total: None  # noqa: ARG005 - nobody looks
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import, and nobody looks elsewhere
    from rich.progress import Progress  # noqa: PLC0415 - the same

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(t(doing.zh, doing.en), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
