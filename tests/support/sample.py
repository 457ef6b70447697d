"""How much a test tries: a sample of it each time, and all of it in `make long`."""

import os
from collections.abc import Sequence
from typing import Final, TypeVar

T = TypeVar("T")

LONG: Final = "LONG" in os.environ

SLOW: Final = int(os.environ.get("SLOW", "1"))
"""Of so many cells of a slow test the first runs, and of so many slow tests of a file the first on
a server as well: all of them, or a sample in CI."""


QUICK: Final = int(os.environ.get("QUICK", "1"))
"""Of so many cells of a test the first runs, and of so many tests of a file that write files (a
ledger is one) the first: all of them, or a sample in `make quick`."""


def so_many(usual: int, in_full: int) -> int:
    """How often something is tried."""
    return in_full if LONG else usual


def some(everything: Sequence[T]) -> Sequence[T]:
    """What one test tries, one after the other: all of it, or in CI the first and each `SLOW`th."""
    return everything[::SLOW]
