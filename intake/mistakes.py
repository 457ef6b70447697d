"""Mistakes (填写错误): everything that is wrong with what was handed in, reported at once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from ledger.language import Text
from ledger.values import Invalid


class CellRef(NamedTuple):
    """A cell of a workbook: its sheet by name, and letters and number such as `F12`."""

    sheet: str
    ref: str


class Misfilled(Invalid):
    """Something is wrong with a cell of a workbook.

    Attributes:
        cell: which.
        what: what is wrong, without where.
    """

    def __init__(self, zh: str, en: str, *, cell: CellRef, what: Text, rule: str = "") -> None:
        self.cell, self.what = cell, what
        super().__init__(zh, en, rule=rule)


def misfilled(where: Text, what: Text, cell: CellRef, *, rule: str = "") -> Misfilled:
    """What is wrong with a cell, after where it is."""
    return Misfilled(
        f"{where.zh}：{what.zh}",
        f"{where.en}: {what.en}",
        cell=cell,
        what=what,
        rule=rule,
    )


class Mistakes(Invalid):
    """Several things are wrong; one line for each.

    Attributes:
        all: each of them.
    """

    def __init__(self, mistakes: Sequence[Invalid]) -> None:
        self.all = tuple(mistakes)
        zh, en = ("\n".join(lines) for lines in zip(*(m.text for m in mistakes), strict=True))
        super().__init__(zh, en, rule=mistakes[0].rule, subject=mistakes[0].subject)


class MistakeCollector:
    """Collects mistakes as they are found, so that reading can go on."""

    def __init__(self) -> None:
        self._found: list[Invalid] = []

    @property
    def found(self) -> Sequence[Invalid]:
        """What was found so far."""
        return tuple(self._found)

    def add(self, mistake: Invalid) -> None:
        """Keep a mistake, or each of several."""
        self._found += each(mistake)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Do something, and keep what is wrong with it."""
        try:
            yield
        except Invalid as mistake:
            self.add(mistake)

    def raise_all(self) -> None:
        """Raise what was found, if anything.

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
