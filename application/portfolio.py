"""Portfolio (评价总览): views over all cases, from tables that are brought up to the log first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Final, Literal

from ledger.language import Text, counted
from ledger.store import LockTimeout, ProjectionTransaction, ReadOnly, Store
from projections.as_of import moment_over_cases
from projections.portfolio import Watch, nobody
from projections.portfolio.adjustments import (
    GROUPS,
    Adjustment,
    AwardFilter,
    adjustments,
    scoring_patterns,
)
from projections.portfolio.case_writer import Folding
from projections.portfolio.cases import CaseFilter
from projections.portfolio.catch_up import (
    ProjectionPosition,
    catch_up,
    position,
)
from projections.portfolio.comparison import DIMENSIONS, Comparison, compared_years
from projections.portfolio.folded_tables import AT_ANY_POINT, tables_at
from projections.portfolio.indicators import IndicatorScore, indicator_scores
from projections.portfolio.rectification_view import OpenRequest, requests
from projections.portfolio.scores_view import Place, Score, scores
from projections.portfolio.work_view import Work, work

__all__ = [
    "DIMENSIONS",
    "GROUPS",
    "AwardFilter",
    "CaseFilter",
    "Place",
    "Portfolio",
    "ProjectionPosition",
    "portfolio",
    "scoring_patterns",
]

Hindrance = Literal["read-only", "busy"]
WHY_BEHIND: Final[Mapping[Hindrance, Text]] = {
    "read-only": Text("没有写入总览表的权限", "this user may not write the tables"),
    "busy": Text("总览表正由他人更新", "someone else is updating them"),
}


class Portfolio:
    """The tables in one state, for questions about the chosen cases at a point.

    Attributes:
        place: how far into the log they go.
        chosen: which cases.
        behind: why they do not go to its end; `None` where they do.
    """

    def __init__(
        self,
        beside: ProjectionTransaction,
        label: str,
        chosen: CaseFilter,
        place: ProjectionPosition,
        behind: Hindrance | None,
    ) -> None:
        self.connection = beside.connection
        self._tables = partial(tables_at, beside.connection, label, chosen)
        self._moment = moment_over_cases(label)
        self.chosen = chosen
        self.place, self.behind = place, behind

    @property
    def note(self) -> Text | None:
        """Why the tables do not show the whole log, where they do not."""
        if self.behind is None:
            return None
        zh, en = WHY_BEHIND[self.behind]
        taken, size = self.place.taken, counted(self.place.size, "event")
        return Text(
            f"注意：{zh}，以下截至日志第 {taken} 条（现有 {self.place.size} 条）",
            f"note: {en}; showing the state at {taken} of {size}",
        )

    def scores(
        self, grades: Sequence[str], after: Place | None = None, limit: int | None = None
    ) -> Iterable[Score]:
        """Claim, award, gap and grade of every case; of those grades, where any is named.

        A part of the list begins after a case, named by year, unit and id, and is so long at most.
        """
        with self._tables("scores") as tables:
            return scores(tables, self._moment, self.chosen, grades, after, limit)

    def indicators(self, names: Sequence[str]) -> Iterable[IndicatorScore]:
        """The same of single indicators."""
        with self._tables("scores", "indicators") as tables:
            return indicator_scores(tables, self._moment, self.chosen, names)

    def adjustments(self, indicators: Sequence[str]) -> Iterable[Adjustment]:
        """The current awards; of all indicators where none is named."""
        with self._tables("scores", "adjustments") as tables:
            return adjustments(tables, self._moment, self.chosen, indicators)

    def comparison(self, by: str) -> Comparison:
        """The chosen years compared, or all that there are, by one of `DIMENSIONS`."""
        with self._tables(*AT_ANY_POINT) as tables:
            return compared_years(tables, self._moment, self.chosen, by)

    def requests(
        self, today: date, states: Sequence[str], *, overdue: bool = False
    ) -> list[OpenRequest]:
        """Requests for rectification, overdue as on a day; only those, where it is wanted so."""
        with self._tables("requests") as tables:
            found = requests(tables, self.chosen, today, states)
        return [request for request in found if request.overdue or not overdue]

    def work(  # noqa: PLR0913 - what the list may be asked for
        self,
        today: date,
        turns: Sequence[str],
        *,
        days: int = 0,
        overdue: bool = False,
        deciders: Sequence[str] = (),
        accounts: Sequence[str] = (),
    ) -> list[Work]:
        """What has waited for so many days on a day; only what is over its last, where wanted.

        Where `deciders` are named, only signatures that are lacking on awards so decided; where
        `accounts` are, only what is assigned to them.
        """
        with self._tables("work") as tables:
            found = work(tables, self.chosen, today, turns)
        late = [task for task in found if not overdue or task.is_overdue]
        return [
            task
            for task in late
            if task.days >= days
            and (not deciders or task.decided_by in deciders)
            and (not accounts or task.assigned in accounts)
        ]


@contextmanager
def portfolio(
    store: Store, label: str, chosen: CaseFilter, watch: Watch = nobody, by: Folding | None = None
) -> Iterator[Portfolio]:
    """The tables, brought up to the log where that can be done.

    Args:
        store: of the ledger.
        label: the point; no version, which is of one case.
        chosen: which cases.
        watch: called with the position that the tables have reached.
        by: how many cases are folded; one after the other where that is not said.

    Raises:
        Invalid: no such point.
        LockTimeout: they cannot be read yet, and somebody else is at it.
        ReadOnly: they cannot be read yet, and this user may not write them.
    """
    moment_over_cases(label)  # a mistyped point is reported before anything is made
    hindrance = _catch_up(store, watch, by)
    with store.projection_transaction(writing=False) as beside:
        place = position(beside.connection)
        if place is None:
            raise hindrance or LockTimeout(store.place)
        if hindrance and not place.taken:  # they are being made for the first time
            raise hindrance
        behind: Hindrance | None = None
        if hindrance and place.taken < place.size:
            behind = "read-only" if isinstance(hindrance, ReadOnly) else "busy"
        yield Portfolio(beside, label, chosen, place, behind)


def _catch_up(store: Store, watch: Watch, by: Folding | None) -> LockTimeout | ReadOnly | None:
    """Bring the tables up to the log; what keeps them from it."""
    with store.projection_transaction(writing=False) as beside:
        place = position(beside.connection)
    if place is not None and place.taken == place.size:
        return None
    try:
        catch_up(store, watch=watch, folding=by)
    except (LockTimeout, ReadOnly) as hindrance:
        if place is None:
            raise
        return hindrance
    return None
