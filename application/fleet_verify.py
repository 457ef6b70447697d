"""A ledger of a fleet is verified (逐个核验): by itself, and with the one that it goes on from."""

from collections.abc import Sequence

from application.carried_over import carried_over
from application.cluster import Cluster
from application.handed_over import TrustPolicy, read_log_keys
from application.place import LedgerPlace
from application.verify import verify
from application.year_end import final_checkpoint
from intake.fleet_file import Member
from ledger.entry_verification import VerificationFailure
from ledger.language import Text, counted
from ledger.ledger import Ledger
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log_verification import Trust
from ledger.practice import is_marked
from ledger.store import Store


def verified(
    members: Sequence[Member],
    workers: int | Cluster,
    member: Member,
    store: Store,
    last: SignedCheckpoint | None,
) -> tuple[Text, bool]:
    """What is found of a ledger, in words, and whether somebody has to look into it.

    Args:
        members: all that are listed.
        workers: processes, or those of a cluster.
        member: the ledger, which is open.
        store: of it.
        last: what was taken up of it.
    """
    keys = tuple(read_log_keys([member.vkey]))
    policy = TrustPolicy(log=keys, practice=is_marked(member.origin))
    place = LedgerPlace(member.target)
    found = verify(
        *(store, place),
        Trust(policy=policy, held=(last,) if last else ()),
        workers=1 if place.archive else workers,
    )
    if member.state != "live":
        final_checkpoint(store, keys)
    if found.holds:
        found.breaks += _before(members, store)
    if not found.breaks:
        return Text(f"相符（{found.level}）", f"all hold ({found.level})"), not found.holds
    zh, en = found.breaks[0].message
    count = len(found.breaks)
    return Text(f"{count} 处不符：{zh}", f"{counted(count, 'break')}: {en}"), True


def _before(members: Sequence[Member], store: Store) -> list[VerificationFailure]:
    """Where a ledger differs from the one that it goes on from, if that is listed as well."""
    named = Ledger(store).register().predecessor
    for member in members:
        if named is not None and member.origin == named.origin:
            with LedgerPlace(member.target).open() as before:
                return [*carried_over(store, before)]
    return []
