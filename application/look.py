"""Look (查看): a case at a point, or what is next to the cases; read once, folded once."""

from collections.abc import Iterable
from datetime import tzinfo

from msgspec.structs import asdict, replace

from ledger import refusals
from ledger.account_registry import Account, AccountRegistry, AuthorKey
from ledger.case import History, pinned_rubrics
from ledger.editions import Editions
from ledger.envelope import StreamId, is_case, rubric_of
from ledger.last_days import Notices
from ledger.ledger import EventStore, Ledger
from ledger.values import Invalid
from ledger.verified_reading import AuditedStore, VerifiedReading
from projections.as_of import FINAL, CaseAsOf, at, last_needed


def look(
    store: AuditedStore,
    case: StreamId,
    label: str = FINAL,
    *,
    verify: bool = True,
    any_stream: bool = False,
) -> CaseAsOf:
    """A point of a case, from bytes that were verified as they were read.

    Args:
        store: where it is.
        case: its name.
        label: the point, in a form of `projections.as_of`.
        verify: whether to; otherwise the bytes are believed.
        any_stream: whether it may be `register:accounts` or `rubric:ID`, of which a log is shown.

    Raises:
        Invalid: no such case or point.
        ReadingBroken: the case or its rubric does not hold.
    """
    reading = VerifiedReading(store, verify=verify)
    return replace(
        point_in(reading, case, label, any_stream=any_stream),
        verified=reading.level,
        left_out=tuple(reading.left_out),
    )


def look_at_both(
    store: AuditedStore, case: StreamId, start: str, end: str, *, verify: bool = True
) -> tuple[CaseAsOf, CaseAsOf]:
    """Two points of a case, read once; the rest is as for one.

    Raises:
        Invalid: no such case or point.
        ReadingBroken: the case or its rubric does not hold.
    """
    whole = look(store, case, verify=verify)
    read = {"verified": whole.verified, "left_out": whole.left_out}
    first, second = (
        whole if label == whole.label else replace(whole.earlier(label), **read)
        for label in (start, end)
    )
    return first, second


def point_in(
    store: EventStore, case: StreamId, label: str = FINAL, *, any_stream: bool = False
) -> CaseAsOf:
    """A point of a case, from bytes that are believed or that the store itself verifies.

    Raises:
        Invalid: no such case or point.
    """
    ledger = Ledger(store)
    return point_of(ledger, record_of(ledger, case, last_needed(label), any_stream), label)


def accounts(store: EventStore) -> AccountRegistry:
    """The accounts as they are now."""
    return Ledger(store).register()


def listed_accounts(listed: Iterable[Account]) -> list[dict[str, object]]:
    """Accounts with what they act for and as."""
    return [
        {"id": account.id, "organisation": account.organisation, "roles": sorted(account.roles)}
        for account in listed
    ]


def author_keys(listed: Iterable[Account]) -> list[dict[str, object]]:
    """The keys of accounts, each with whose it is, how signatures name it, and its certificate."""

    def stated(key: AuthorKey) -> dict[str, object]:
        found = key.certificate
        return {"certificate": found.stated()} if found else {}

    return [
        {"account": account.id, "key": name, **asdict(key), **stated(key)}
        for account in listed
        for name, key in account.keys.items()
    ]


def time_zone(store: EventStore) -> tzinfo:
    """The time zone of the ledger, whose days date what is recorded.

    Raises:
        CommandRefused: this computer does not know it.
    """
    return Ledger(store).zone()


def notices(store: EventStore) -> Notices:
    """The notices of years, oldest first."""
    return Ledger(store).notices()


def rubrics(store: EventStore) -> dict[str, Editions]:
    """What was published, by the name of the rubric."""
    ledger = Ledger(store)
    names = [rubric_of(name) for name in ledger.streams()]
    return {name: ledger.editions(name) for name in names if name is not None}


def published_rubric(store: EventStore, name: str) -> str:
    """The text of an edition that was published.

    Args:
        store: where.
        name: `id@edition`, or an id for its newest edition.

    Raises:
        Invalid: there is no rubric of that id.
        CommandRefused: it has no such edition.
    """
    id_, _, edition = name.partition("@")
    ledger = Ledger(store)
    editions = ledger.editions(id_)
    if not editions.published:
        raise Invalid(
            f"没有指标体系 {id_}。请查看指标体系列表。",
            f"There is no rubric {id_}. See the list of rubrics.",
            rule="no-such-rubric",
            subject=id_,
            known=filter(None, map(rubric_of, ledger.streams())),
        )
    chosen = edition or next(reversed(editions.published))
    editions.digest(chosen)
    return editions.published[chosen].source


def record_of(
    ledger: Ledger,
    case: StreamId,
    upto: int | None = None,
    any_stream: bool = False,  # noqa: FBT001, FBT002 - as in `look`
) -> History:
    """The events of a case that exists; of any stream, where it may be another.

    Raises:
        Invalid: there is none of that name.
    """
    there = is_case(case) or (any_stream and case in ledger.streams())
    record = ledger.history(case, upto) if there else History()
    if not record:
        known = (name for name in ledger.streams() if any_stream or is_case(name))
        raise refusals.unknown_case(case, known)
    return record


def point_of(
    ledger: Ledger, record: History, label: str = FINAL, upto: int | None = None
) -> CaseAsOf:
    """A point of a record that has been read.

    Args:
        ledger: that it was read from.
        record: of the case.
        label: the point.
        upto: the last version of the register that counts; all of it where it is `None`.

    Raises:
        Invalid: no such point.
    """
    names = pinned_rubrics(record)  # none, where it is of no case
    editions = ledger.editions(names[-1]) if names else Editions()
    notices, practice = ledger.notices(upto), ledger.practice
    stated = editions, label, ledger.zone(), notices
    return at(record, *stated, practice=practice, proofs=ledger.proofs(record, upto))
