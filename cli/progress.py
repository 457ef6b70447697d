"""Progress bars on stderr, where somebody looks."""

import sys
from collections.abc import Iterable
from typing import TypeVar

from rich.console import Console
from rich.progress import track

from cli.language import t
from ledger.language import Text

T = TypeVar("T")


def watched(some: Iterable[T], doing: Text, total: int | None) -> Iterable[T]:
    """The same, with a bar that says how far it has come."""
    return track(
        some,
        description=t(doing.zh, doing.en),
        console=Console(stderr=True),
        total=total,
        disable=not sys.stderr.isatty(),
    )
