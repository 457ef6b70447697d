"""First sight (初见): from which log position on an account could see each event of a case.

Most events are seen where they are. What the agency found comes into the unit's sight with the
draft, a case into an agency's with its commission, and all cases of an organisation into the sight
of an account that is given a role there. Who follows the log must be given what came before
such an entry together with it.
"""

from collections.abc import Sequence
from itertools import pairwise

from ledger.account_registry import Account
from ledger.case import History, fold
from ledger.envelope import RecordedEvent
from ledger.sight import PARTIES, WIDENING, parts_in, visible_to


def first_sight(
    changes: Sequence[tuple[int, Account]], account: Account, record: History
) -> dict[int, int]:
    """The log position with which the account could see an event at first, by its version.

    Args:
        changes: what the account became, with the places of that in the log.
        account: as it is now, which decides alone what is seen at all.
        record: of the case; what has no position in the log yet is seen by nobody.
    """
    placed = [(one.position, one) for one in record if one.position is not None]
    starts = {place for place, _ in changes}
    starts |= {place for place, one in placed if isinstance(one.event, WIDENING)}
    ordered: list[int | None] = [*sorted(starts), None]
    since: dict[int, int] = {}
    for start, end in pairwise(ordered):
        assert start is not None  # noqa: S101 - for types: only the last one is none
        there = [one for place, one in placed if end is None or place < end]
        then = [one for place, one in changes if place <= start]
        if there and then:
            for place, one in _visible(then[-1], there):
                since.setdefault(one.version, max(place, start))
    seen_now = {one.version for _, one in _visible(account, [one for _, one in placed], record)}
    return {version: place for version, place in since.items() if version in seen_now}


def _visible(
    account: Account, there: Sequence[RecordedEvent], record: Sequence[RecordedEvent] = ()
) -> list[tuple[int, RecordedEvent]]:
    """What an account sees of the first events of a case, as the whole of them decides."""
    parts = parts_in(account, fold(one for one in there if isinstance(one.event, PARTIES)))
    return [
        (one.position, one)
        for one in visible_to(parts, record or there)
        if one.position is not None
    ]
