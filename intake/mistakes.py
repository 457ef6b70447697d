"""Mistakes (错处): everything that is wrong with what was handed in, reported at once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ledger.values import Invalid


class Mistakes(Invalid):
    """Several things are wrong; a line each.

    Attributes:
        all: each of them.
    """

    def __init__(self, mistakes: Sequence[Invalid]) -> None:
        self.all = tuple(mistakes)
        zh, en = ("\n".join(lines) for lines in zip(*(m.text for m in mistakes), strict=True))
        super().__init__(zh, en, rule=mistakes[0].rule, subject=mistakes[0].subject)


class Gathered:
    """Mistakes as they are found; what is sound goes on being read."""

    def __init__(self) -> None:
        self._found: list[Invalid] = []

    @contextmanager
    def one(self) -> Iterator[None]:
        """Do something, and keep what is wrong with it."""
        try:
            yield
        except Invalid as mistake:
            self._found += each(mistake)

    def tell(self) -> None:
        """Tell what was found.

        Raises:
            Invalid: the one mistake, or `Mistakes`.
        """
        if self._found:
            raise whole(self._found)


def whole(mistakes: Sequence[Invalid]) -> Invalid:
    """One mistake as it is, several as one."""
    return mistakes[0] if len(mistakes) == 1 else Mistakes(mistakes)


def each(mistake: Invalid) -> Sequence[Invalid]:
    """The single mistakes of one that may be several."""
    return mistake.all if isinstance(mistake, Mistakes) else [mistake]
