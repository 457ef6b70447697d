"""Create (建立): a new ledger with its first account, and an older one brought up to date."""

from datetime import date
from typing import NamedTuple

from application.admit import admit_program
from application.clock import Clock
from application.confirmed import NOTHING, Confirmed
from application.log_keys import Chance
from ledger import refusals
from ledger.ledger import Ledger
from ledger.store import LedgerExists, Store, StoreError
from ledger.store import migrate as bring_up
from ledger.time_zone import is_known, zone_of
from ledger.values import AccountId, OrganisationId, TimeZoneName, instant


class MigratedLedger(NamedTuple):
    """The result of bringing a ledger up to date.

    Attributes:
        since: the revision that it had; `None` where it was up to date already.
        address: for the program, on a server; its password is shown only now, and only where the
            role is new. `None` for a file.
    """

    since: str | None
    address: str | None


def create_store(target: str, zone: TimeZoneName | None = None) -> Store:
    """A new ledger, or an empty one that an interrupted process has left.

    Args:
        target: where.
        zone: the time zone that it is to have.

    Raises:
        CommandRefused: there is no such zone; nothing was made.
        LedgerExists: there is something else already.
    """
    if zone is not None and not is_known(zone):
        raise refusals.unknown_time_zone(zone)
    try:
        return Store.create(target)
    except LedgerExists as exists:
        try:
            store = Store.open(target)
        except StoreError:
            raise exists from None
        if store.streams():
            store.close()
            raise
        return store


def create_first_account(  # noqa: PLR0913, PLR0917 - who, for whom and when
    store: Store,
    clock: Clock,
    administrator: AccountId,
    organisation: OrganisationId,
    dated: date | None = None,
    confirmed: Confirmed = NOTHING,
    zone: TimeZoneName | None = None,
    *,
    practice: bool = False,
) -> None:
    """Open the account that opens all others, and set the time zone where one is given.

    Args:
        store: an empty one.
        clock: when.
        administrator: its id.
        organisation: that it belongs to.
        dated: business date.
        confirmed: what is meant so, although it looks like a slip.
        zone: the time zone of the ledger.
        practice: whether nothing in it will be real; that cannot be changed later.

    Raises:
        CommandRefused: the date looks like a slip and is not confirmed, or there is no such zone.
    """
    moment = clock()
    day = dated or moment.astimezone(zone_of(zone)).date()
    first = administrator, organisation, day, instant(moment)
    Ledger(store).initialise(*first, confirmed.dates, zone, practice=practice)


def migrate(target: str, role: str | None, chance: Chance) -> MigratedLedger:
    """Bring a ledger up to date, and the program's role, even after an interruption.

    Raises:
        StoreError: it is not there, or is of a newer program.
    """
    since = bring_up(target)
    return MigratedLedger(since, admit_program(target, role, chance))
