"""Check (核对): what does not fit together in a case."""

from typing import NamedTuple

from msgspec.structs import replace

from application.clock import Clock
from application.look import point_of, record_of
from application.look_as import look_as
from ledger.account_registry import Account
from ledger.case import History
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


class _Kept(NamedTuple):
    """What was found, and what it rests on: another account, or another day, may change it."""

    point: CaseAsOf
    register: History
    day: str
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
    register, moment = reading.read(REGISTER).history, instant(clock())
    if label != FINAL:
        point = now.earlier(label)
        report = examine(point.history, point.editions, now.history, register, moment)
        return Checked(point, report)
    kept = reading.kept(case)
    place, day = (_Kept, len(now.history)), moment[: len("2026-11-29")]
    before: _Kept | None = kept.made.get(place) if kept else None
    if before and before.point is now and before.register is register and before.day == day:
        return Checked(now, before.report)
    report = examine(now.history, now.editions, now.history, register, moment)
    if kept and all(recorded.at <= moment for recorded in now.history):
        kept.made[place] = _Kept(now, register, day, report)
    return Checked(now, report)
