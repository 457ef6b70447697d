"""Check (核对): what does not fit together in a case."""

from typing import NamedTuple

from msgspec.structs import replace

from application.clock import Clock
from application.look import point_of, record_of
from application.look_as import look_as
from ledger.account_registry import Account
from ledger.checks import CheckReport, examine
from ledger.envelope import REGISTER, StreamId
from ledger.followed_reading import FollowedReading
from ledger.ledger import Ledger
from ledger.values import instant
from ledger.verified_reading import AuditedStore, VerifiedReading
from projections.as_of import FINAL, CaseAsOf


class Checked(NamedTuple):
    """What fits together at a point and what does not."""

    point: CaseAsOf
    report: CheckReport


def check(
    store: AuditedStore,
    clock: Clock,
    case: StreamId,
    label: str = FINAL,
    *,
    verify: bool = True,
) -> Checked:
    """What fits together in a case and what does not, as far as the point goes.

    Args:
        store: where it is.
        clock: when it is asked, which nothing can have been recorded after.
        case: its name.
        label: the point.
        verify: whether the bytes are verified as they are read.

    Raises:
        Invalid: no such case or point.
        ReadingBroken: the case, its rubric or the register does not hold.
    """
    reading = VerifiedReading(store, verify=verify)
    ledger = Ledger(reading)
    record = record_of(ledger, case)
    register = ledger.history(REGISTER)
    point = point_of(ledger, record, label)
    report = examine(point.history, point.editions, record, register, instant(clock()))
    seen = replace(point, verified=reading.level, left_out=tuple(reading.left_out))
    return Checked(seen, report)


def check_as(
    reading: FollowedReading, clock: Clock, account: Account, case: StreamId, label: str = FINAL
) -> Checked:
    """The same for an account, which is shown nothing that it may not see.

    Raises:
        Invalid: no such case or point, or none that it may see.
        ReadingBroken: the case, its rubric or the register does not hold.
    """
    now = look_as(reading, account, case)
    point = now if label == FINAL else now.earlier(label)
    register = reading.read(REGISTER).history
    report = examine(point.history, point.editions, now.history, register, instant(clock()))
    return Checked(point, report)
