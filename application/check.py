"""Check (核对): what does not fit together in a case."""

from typing import NamedTuple

from msgspec.structs import replace

from application.clock import Clock
from application.look import point_of, record_of
from application.look_as import visible_record
from ledger.account_registry import Account
from ledger.checks import CheckReport, examine
from ledger.envelope import REGISTER, StreamId
from ledger.ledger import Ledger
from ledger.values import instant
from ledger.verified_reading import AuditedStore, VerifiedReading
from projections.as_of import FINAL, CaseAsOf


class Checked(NamedTuple):
    """What fits together at a point and what does not."""

    point: CaseAsOf
    report: CheckReport


def check(  # noqa: PLR0913 - what is checked, as of when, and who asks
    store: AuditedStore,
    clock: Clock,
    case: StreamId,
    label: str = FINAL,
    *,
    verify: bool = True,
    account: Account | None = None,
) -> Checked:
    """What fits together in a case and what does not, as far as the point goes.

    Args:
        store: where it is.
        clock: when it is asked, which nothing can have been recorded after.
        case: its name.
        label: the point.
        verify: whether the bytes are verified as they are read.
        account: who asks, and is told of nothing that it may not see; `None` for anybody who can
            read the ledger itself.

    Raises:
        Invalid: no such case or point.
        ReadingBroken: the case, its rubric or the register does not hold.
    """
    reading = VerifiedReading(store, verify=verify)
    ledger = Ledger(reading)
    record = visible_record(ledger, account, case) if account else record_of(ledger, case)
    register = ledger.history(REGISTER)
    point = point_of(ledger, record, label)
    report = examine(point.history, point.editions, record, register, instant(clock()))
    seen = replace(point, verified=reading.level, left_out=tuple(reading.left_out))
    return Checked(seen, report)
