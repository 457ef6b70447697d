"""The replay (回放): a case event by event, and what each one changed in the standing score."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from msgspec.structs import asdict

from ledger.case import Case
from ledger.case_totals import standing_totals
from ledger.editions import Editions
from ledger.moves import apply
from projections.as_of import CaseAsOf
from projections.change_log import ChangeLogRow, change_log


class ReplayStep(ChangeLogRow, frozen=True, kw_only=True, gc=False):
    """One step of a replay: a row of the log with the standing totals around it.

    Attributes:
        total_before: standing total before the event, or `None` before a rubric is pinned.
        total_after: standing total after it.
        given_before: whether any row had a score, so that there was a total that somebody gave.
        given_after: the same after it.
    """

    stage: str
    total_before: Decimal | None
    total_after: Decimal | None
    given_before: bool
    given_after: bool

    @property
    def shown(self) -> tuple[Decimal | None, Decimal | None]:
        """Both totals as people are shown them: missing is not zero."""
        return (
            self.total_before if self.given_before else None,
            self.total_after if self.given_after else None,
        )


def replay(point: CaseAsOf) -> Iterator[ReplayStep]:
    """The frames of a case up to a point. Before a rubric is pinned there are no totals."""
    case = Case()
    before, given = None, False
    recorded = {event.version: event for event in point.history}
    for version, rows in groupby(change_log(point), key=attrgetter("version")):
        apply(case, recorded[version])
        after, given_after = _total(case, point.editions)
        for row in rows:
            yield ReplayStep(
                **asdict(row),
                stage=case.stage,
                total_before=before,
                total_after=after,
                given_before=given,
                given_after=given_after,
            )
            before, given = after, given_after


def _total(case: Case, editions: Editions) -> tuple[Decimal | None, bool]:
    if case.pinned is None:
        return None, False
    rubric = editions.rubric(case.pinned.edition)
    _, totals = standing_totals(case, rubric)
    return totals.total, totals.given
