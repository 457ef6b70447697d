"""Look as (以账号查看): a case as somebody sees it who has to say who they are.

What is made of a case for those who see the same of it is made once, and kept for as long as
nothing is recorded in it (`ledger.followed_reading`).
"""

from typing import Final

from msgspec.structs import replace

from application.look import unknown_case
from ledger.account_registry import Account, AccountRegistry, fold_register
from ledger.case import History, fold, pinned_rubrics
from ledger.editions import Editions
from ledger.envelope import REGISTER, StreamId, is_case
from ledger.events import CaseOpened, ReviewCommissioned
from ledger.followed_reading import FollowedReading
from ledger.sight import parts_in, seen_by
from ledger.values import RubricId
from projections.as_of import CaseAsOf, at

REGISTRY: Final = "registry"


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
    seen, rubric = _visible(reading, account, case)
    editions = reading.editions(rubric) if rubric else Editions()
    kept = reading.kept(case)
    # A reader that sees as many of the events sees the same ones, and the same results.
    before: CaseAsOf | None = kept.made.get(len(seen)) if kept else None
    if before and (before.editions is editions or not rubric):
        return before
    point = replace(at(seen, editions), verified=reading.level, left_out=reading.left_out)
    if kept:
        kept.made[len(seen)] = point
    return point


def visible_version(reading: FollowedReading, account: Account, case: StreamId) -> int:
    """The version of the last event of a case that an account sees.

    Raises:
        Invalid: as `look_as` does.
    """
    seen, _ = _visible(reading, account, case)
    return seen[-1].version


def _visible(
    reading: FollowedReading, account: Account, case: StreamId
) -> tuple[History, RubricId | None]:
    """The events of a case that an account sees, and the rubric that the case has pinned in them.

    Raises:
        Invalid: there is no such case, or the account has no part in it, in the same words; which
            others there are is not shown to the caller.
    """
    if not is_case(case) or not _may_have_a_part(reading, account, case):
        raise unknown_case(case)
    record = reading.read(case).history
    parts, kept = parts_in(account, record.case), reading.kept(case)
    if kept and parts in kept.made:
        seen, rubric = kept.made[parts]
    else:
        seen = seen_by(parts, record)
        rubric = next(reversed(pinned_rubrics(seen)), None)
        if kept:
            kept.made[parts] = seen, rubric
    if not seen:
        raise unknown_case(case)
    return seen, rubric


def _may_have_a_part(reading: FollowedReading, account: Account, case: StreamId) -> bool:
    """Whether it is worth reading the case: a stranger must not notice by the time that it takes.

    The few entries that name its parties are believed here, and only to refuse.
    """
    if reading.is_kept(case):
        return True
    parties = fold(
        event for kind in (CaseOpened, ReviewCommissioned) for event in reading.of_kind(case, kind)
    )
    return bool(parts_in(account, parties))
