"""Cases to be assigned (待分配的评价事项): those that an agency reviews, each with its reviewer."""

from typing import NamedTuple

from ledger.account_registry import Account
from ledger.case import fold
from ledger.decide.stages import STAGES_OF
from ledger.envelope import StreamId
from ledger.events import WorkAssigned
from ledger.followed_reading import FollowedReading
from ledger.store import Store
from ledger.values import AccountId, Stage
from projections.portfolio.case_pages import CaseSearch, page_of_cases


class AssignableCase(NamedTuple):
    """A case that can be assigned as a whole.

    Attributes:
        unit: its name.
        awards: how many rows are reviewed.
        to: the account that all rows go to that are not assigned by themselves; empty where to
            nobody.
        apart: how many rows are assigned by themselves.
    """

    case: StreamId
    unit: str
    year: int
    stage: Stage
    awards: int
    to: AccountId
    apart: int


def assignable(  # noqa: PLR0913 - what a page may be asked for
    store: Store,
    reading: FollowedReading,
    account: Account,
    *,
    words: str = "",
    year: int | None = None,
    after: StreamId = "",
    limit: int = 50,
) -> tuple[list[AssignableCase], StreamId]:
    """The cases that the account's organisation reviews and that may still be assigned.

    Its part sees every entry of them. Like other lists, this one is of what is stored; what is
    recorded from it is decided on entries that are verified.

    Args:
        store: of the ledger.
        reading: of the same.
        account: who asks.
        words: see `CaseSearch`, as for the others.
        year: of those.
        after: of those.
        limit: how many cases are looked at, at most.

    Returns:
        Them, in the order of their ids, and the id after which there are more; empty where there
        are none.
    """
    wanted = CaseSearch({"agency": account.organisation}, words, year, None, after, limit + 1)
    rows = page_of_cases(store, ("unit_name", "year", "stage", "awards"), wanted)
    found = []
    for case, unit, of_year, stage, awards in rows[:limit]:
        if stage in STAGES_OF["assign-work"]:
            assigned = fold(reading.of_kind(case, WorkAssigned)).assigned
            apart = len(assigned.keys() - {None})
            to = assigned.get(None, "")
            found.append(AssignableCase(case, unit, of_year, stage, awards, to, apart))
    return found, rows[limit - 1][0] if len(rows) > limit else ""
