"""Look as (以账号查看): a case as somebody sees it who has to say who they are."""

from msgspec.structs import replace

from application.look import point_of, record_of, unknown_case
from ledger.account_registry import Account
from ledger.case import History
from ledger.envelope import StreamId
from ledger.ledger import Ledger
from ledger.sight import parts_in, seen_by
from ledger.values import Invalid
from ledger.verified_reading import AuditedStore, VerifiedReading
from projections.as_of import FINAL, CaseAsOf


def look_as(store: AuditedStore, account: Account, case: StreamId, label: str = FINAL) -> CaseAsOf:
    """A point of a case, of the events that the account sees; everything read is verified.

    What may be seen is judged by the case as it is now: who may see an event today sees it at each
    earlier point, too.

    Args:
        store: where it is.
        account: who looks.
        case: its name.
        label: the point, as `application.look` takes it.

    Raises:
        Invalid: no such point; or no such case, in the same words where there is one that the
            account has no part in.
        ReadingBroken: the case or its rubric does not hold.
    """
    reading = VerifiedReading(store)
    ledger = Ledger(reading)
    seen = visible_record(ledger, account, case)
    return replace(
        point_of(ledger, seen, label), verified=reading.level, left_out=tuple(reading.left_out)
    )


def visible_record(ledger: Ledger, account: Account, case: StreamId) -> History:
    """The events of a case that an account sees.

    Raises:
        Invalid: there is no such case, or the account has no part in it, in the same words; which
            others there are is no business of whoever asks.
    """
    try:
        record = record_of(ledger, case)
    except Invalid:
        raise unknown_case(case) from None
    seen = seen_by(parts_in(account, record.case), record)
    if not seen:
        raise unknown_case(case)
    return seen
