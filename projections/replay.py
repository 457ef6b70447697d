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
        total_before: standing total before the event, or `None` before any row has a score.
        total_after: standing total after it.
    """

    stage: str
    total_before: Decimal | None
    total_after: Decimal | None


def replay(point: CaseAsOf) -> Iterator[ReplayStep]:
    """The frames of a case up to a point. Before a row has a score there are no totals."""
    case = Case()
    before: Decimal | None = None
    recorded = {event.version: event for event in point.history}
    for version, rows in groupby(change_log(point), key=attrgetter("version")):
        apply(case, recorded[version])
        after = _total(case, point.editions)
        for row in rows:
            yield ReplayStep(
                **asdict(row), stage=case.stage, total_before=before, total_after=after
            )
            before = after


def _total(case: Case, editions: Editions) -> Decimal | None:
    if case.pinned is None:
        return None
    rubric = editions.rubric(case.pinned.edition)
    return standing_totals(case, rubric)[1].shown("total")
