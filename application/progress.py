"""How a front door may watch what takes long."""

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

from ledger.language import Text

T = TypeVar("T")

VERIFYING: Final = Text("正在核验", "verifying")


class Watch(Protocol):
    """Passes on what goes by, and may show how far it has come."""

    def __call__(self, some: Iterable[T], doing: Text, total: int | None) -> Iterable[T]:
        """The same.

        Args:
            some: what goes by.
            doing: what is being done with it.
            total: how many there will be, where that is known.
        """


def unwatched(some: Iterable[T], doing: Text, total: int | None) -> Iterable[T]:
    """The same, and nobody looks."""
    del doing, total
    return some
