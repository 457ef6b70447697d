"""What rules gave (已知结果), so that a row whose figures are the same is not worked out again.

Points of one case differ in few figures. A result is taken again where everything that its rule
read reads the same; what a rule reads is not guessed but noted while it reads.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from ledger.rubric import Rubric
from ledger.rules.rule import Figures, RuleResult
from ledger.values import Figure, FigureId, IndicatorId

MOST: Final = 4
"""Results of a row that are kept: the figures of the unit and of the review, then and now."""


class _Noted(Figures):
    """Figures of which it is noted what was read."""

    def __init__(self, figures: Figures) -> None:
        super().__init__(figures)
        self.names = figures.names
        self.read: dict[FigureId, Figure | None] = {}
        self.whole = False

    def called(self, names: Mapping[FigureId, str]) -> "_Noted":
        """The same, which goes on noting."""
        self.names = names
        return self

    def __iter__(self) -> Iterator[Figure]:
        self.whole = True
        return super().__iter__()

    def get(self, figure: FigureId) -> Figure | None:
        """The figure of that id, which is noted."""
        found = self.read[figure] = super().get(figure)
        return found


class _Known(NamedTuple):
    """A result of a row, and what it was made of: some figures, or all of them."""

    rubric: Rubric
    ids: tuple[FigureId, ...] | None
    read: tuple[Figure | None, ...]
    result: RuleResult

    def holds(self, rubric: Rubric, figures: Figures) -> bool:
        """Whether the same would be read."""
        now = figures if self.ids is None else map(figures.get, self.ids)
        return rubric is self.rubric and tuple(now) == self.read


class KnownResults:
    """Results of the rules of one case, as one reader sees it."""

    def __init__(self) -> None:
        """Begin without any."""
        self._known: dict[IndicatorId, tuple[_Known, ...]] = {}

    def of(self, rubric: Rubric, figures: Figures) -> dict[IndicatorId, RuleResult]:
        """What the rules of all rows give from these figures, in the rubric's order."""
        return {row: self._result(rubric, row, figures) for row in rubric.by_id}

    def _result(self, rubric: Rubric, row: IndicatorId, figures: Figures) -> RuleResult:
        before = self._known.get(row, ())
        for known in before:
            if known.holds(rubric, figures):
                return known.result
        noted = _Noted(figures)
        result = rubric.rule_result(rubric.by_id[row], noted)
        ids = None if noted.whole else tuple(noted.read)
        read = tuple(figures) if noted.whole else tuple(noted.read.values())
        self._known[row] = (_Known(rubric, ids, read, result), *before[: MOST - 1])
        return result
