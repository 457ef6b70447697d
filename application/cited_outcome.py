"""The next case (下一年度的事项) where last year's is in the ledger that this one goes on from.

What opens it is as within one ledger; besides, last year's result is cited by a receipt.
"""

from collections.abc import Callable
from typing import Any

from msgspec.structs import asdict, replace

from application.look import look as look_in
from application.next_year import NextCase, next_case
from application.place import LedgerPlace
from application.receipts import receipt
from application.successor import predecessor_of
from ledger.cited_outcome import OUTCOMES
from ledger.envelope import StreamId
from ledger.events import CitedOutcome
from ledger.ledger import Ledger
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.tree import leaf_hash
from ledger.store import Store
from ledger.values import Invalid
from projections.as_of import CaseAsOf


def next_from(
    store: Store,
    look: Callable[[StreamId], CaseAsOf],
    like: StreamId,
    before: str | None = None,
    **given: Any,  # noqa: ANN401 - of `next_case`
) -> NextCase:
    """The next case of a unit, from last year's in this ledger or in the one before.

    Args:
        store: of the next case.
        look: reads a case of this ledger.
        like: last year's case.
        before: where the ledger before is, if last year's case is there.
        given: what is different, as for `next_case`.

    Raises:
        Invalid: there is no such case, or that ledger is not the one that this one goes on from.
        CommandRefused: this ledger goes on from none, or has no such edition.
    """
    if before is None:
        return next_case(look(like), **given)
    with LedgerPlace(before).open() as old:
        predecessor_of(store, old)
        point = look_in(old, like)
        rubric = point.case.pinned.rubric if point.case.pinned else ""
        editions = Ledger(store).editions(rubric)
        if rubric and editions.newest is None:
            raise Invalid(
                f"本记录库尚未发布指标体系 {rubric}。请先结转指标体系。",
                f"The rubric {rubric} is not published in this ledger. Carry the rubrics over"
                " first.",
            )
        found = next_case(point, editions=editions, **given)
        if cited := cited_outcome(old, point):
            opening, *rest = found.commands
            return replace(found, commands=[opening | {"last_year": asdict(cited)}, *rest])
    return found


def cited_outcome(old: Store, point: CaseAsOf) -> CitedOutcome | None:
    """The result of a case of a frozen ledger, to be cited; `None` where none was issued.

    Args:
        old: the frozen ledger, whose last checkpoint is signed.
        point: the case as it was left.
    """
    stated = [recorded for recorded in point.history if isinstance(recorded.event, OUTCOMES)]
    kept = old.last_checkpoint()
    if not stated or kept is None or (position := stated[-1].position) is None:
        return None
    proof = receipt(old, position, SignedCheckpoint.parse(kept.note).brief())
    return CitedOutcome(
        case=point.case.id,
        version=stated[-1].version,
        leaf=leaf_hash(stated[-1].entry).hex(),
        receipt=bytes(proof).decode(),
    )
