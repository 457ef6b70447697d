"""Look as (以账号查看): a case as somebody sees it who has to say who they are.

What is made of a case for those who see the same of it is made once, and kept for as long as
nothing is recorded in it (`ledger.followed_reading`).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from ledger import refusals
from ledger.account_registry import Account, AccountRegistry, fold_register
from ledger.author_proofs import NOTHING_SIGNED, AuthorProofs, is_proven
from ledger.case import History, fold, pinned_rubrics
from ledger.editions import Editions
from ledger.envelope import REGISTER, RecordedEvent, StreamId, is_case
from ledger.events import SignaturesDemanded
from ledger.followed_reading import FollowedReading
from ledger.last_days import notices_in
from ledger.sight import PARTIES, in_own_numbers, parts_in, visible_to
from ledger.time_zone import zone_of
from ledger.values import RubricId
from projections.as_of import CaseAsOf, at

REGISTRY: Final = "registry"
PROOFS: Final = "proofs"


class Sight(NamedTuple):
    """What an account sees of a case.

    Attributes:
        history: the events, in its own numbers.
        versions: the number that each of them has in the case.
        rubric: that the case has pinned in them.
    """

    history: History
    versions: tuple[int, ...]
    rubric: RubricId | None


def accounts_as_of(reading: FollowedReading) -> AccountRegistry:
    """The accounts as a reading finds them. They are shared, so nobody changes them."""
    kept = reading.kept(REGISTER)
    if kept is None:
        return fold_register(reading.read(REGISTER).history)
    if REGISTRY not in kept.made:
        kept.made[REGISTRY] = fold_register(kept.read.history)
    registry: AccountRegistry = kept.made[REGISTRY]
    return registry


def look_as(reading: FollowedReading, account: Account, case: StreamId) -> CaseAsOf:
    """The case as it is now, of the events that the account sees; everything read is verified.

    What may be seen is judged by the case as it is now: who may see an event today sees it at each
    earlier point as well (`CaseAsOf.earlier`).

    Args:
        reading: of the ledger, for one request.
        account: who looks.
        case: its name.

    Raises:
        Invalid: no such case, in the same words where there is one that the account has no part in.
        ReadingBroken: the case or its rubric does not hold.
    """
    seen, versions, rubric = _sight(reading, account, case)
    editions = reading.editions(rubric) if rubric else Editions()
    kept = reading.kept(case)
    # A reader that sees as many of the events sees the same ones, and the same results.
    before: CaseAsOf | None = kept.made.get(len(seen)) if kept else None
    notices = notices_in(reading.read(REGISTER).history)
    proofs = _proofs(reading, case).numbered(versions)
    is_same = before and before.notices == notices and before.proofs is proofs
    if before and is_same and (before.editions is editions or not rubric):
        return before
    register = accounts_as_of(reading)
    zone = zone_of(register.time_zone)
    point = replace(
        at(seen, editions, zone=zone, notices=notices, proofs=proofs, practice=register.practice),
        verified=reading.level,
        left_out=reading.left_out,
    )
    if kept:
        kept.made[len(seen)] = point
    return point


def visible_version(reading: FollowedReading, account: Account, case: StreamId) -> int:
    """The number of the last event of a case that an account sees, as it sees it.

    Raises:
        Invalid: as `look_as` does.
    """
    return len(_sight(reading, account, case).history)


def recorded_version(
    reading: FollowedReading, account: Account, case: StreamId, number: int
) -> int:
    """The version that an event has in the case which an account sees under a number.

    Raises:
        Invalid: as `look_as` does.
        CommandRefused: it sees no event of that number.
    """
    versions = _sight(reading, account, case).versions
    if number > len(versions):
        raise refusals.seen_ahead(case, number, len(versions))
    return versions[number - 1] if number else 0


def as_seen(
    reading: FollowedReading, account: Account, case: StreamId, recorded: Sequence[RecordedEvent]
) -> list[RecordedEvent]:
    """Events of a case, read or only tried, as an account sees them that sees the case."""
    whole = reading.read(case).history
    behind = [event for event in recorded if event.version > len(whole)]
    visible = visible_to(parts_in(account, whole.case), [*whole, *behind])
    wanted = {event.version for event in recorded}
    return [
        seen
        for seen, event in zip(in_own_numbers(visible), visible, strict=True)
        if event.version in wanted
    ]


def _sight(reading: FollowedReading, account: Account, case: StreamId) -> Sight:
    """What an account sees of a case.

    Raises:
        Invalid: there is no such case, or the account has no part in it, in the same words; which
            others there are is not shown to the caller.
    """
    if not is_case(case) or not _may_have_a_part(reading, account, case):
        raise refusals.unknown_case(case)
    record = reading.read(case).history
    parts, kept = parts_in(account, record.case), reading.kept(case)
    if kept and parts in kept.made:
        sight: Sight = kept.made[parts]
    else:
        visible = visible_to(parts, record)
        sight = Sight(
            in_own_numbers(visible),
            tuple(recorded.version for recorded in visible),
            next(reversed(pinned_rubrics(visible)), None),
        )
        if kept:
            kept.made[parts] = sight
    if not sight.history:
        raise refusals.unknown_case(case)
    return sight


def _proofs(reading: FollowedReading, case: StreamId) -> AuthorProofs:
    """The signatures of a case, verified once for as long as it and the register do not go on."""
    register, record = reading.read(REGISTER).history, reading.read(case).history
    if not (is_proven(record) or any(isinstance(r.event, SignaturesDemanded) for r in register)):
        return NOTHING_SIGNED
    kept = reading.kept(case)
    before: tuple[History, AuthorProofs] | None = kept.made.get(PROOFS) if kept else None
    if before and before[0] is register:
        return before[1]
    proofs = AuthorProofs(record, register)
    if kept:
        kept.made[PROOFS] = register, proofs
    return proofs


def _may_have_a_part(reading: FollowedReading, account: Account, case: StreamId) -> bool:
    """Whether it is worth reading the case: a stranger must not notice by the time that it takes.

    The few entries that name its parties are believed here, and only to refuse.
    """
    if reading.is_kept(case):
        return True
    parties = fold(event for kind in PARTIES for event in reading.of_kind(case, kind))
    return bool(parts_in(account, parties))
