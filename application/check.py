"""Check (核对): what does not fit together in a case."""

from application.look import point_of, record_of
from ledger.checks import Discrepancy, check_case
from ledger.envelope import REGISTER, StreamId
from ledger.ledger import EventStore, Ledger
from projections.as_of import FINAL


def check(store: EventStore, case: StreamId, label: str = FINAL) -> list[Discrepancy]:
    """What does not fit together in a case, as far as the point goes.

    Raises:
        Invalid: no such case or point.
    """
    ledger = Ledger(store)
    record = record_of(ledger, case)
    point = point_of(ledger, record, label)
    return check_case(point.history, point.editions, record, ledger.history(REGISTER))
