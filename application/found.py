"""Found (建立): a new ledger with its first account, and an older one brought up to date."""

from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from application.clock import Clock
from application.sign import Chance
from ledger.ledger import Ledger
from ledger.store import LedgerExists, Store, StoreError, admit
from ledger.store import migrate as bring_up
from ledger.values import AccountId, OrganisationId, instant

PASSWORD_SIZE = 24
"""Bytes by chance in the password of the program's role."""


class MigratedLedger(NamedTuple):
    """What bringing a ledger up to date has come to.

    Attributes:
        since: the revision that it had; `None` where it was up to date already.
        address: for the program, on a server; its password is shown only now, and only where the
            role is new. `None` for a file.
    """

    since: str | None
    address: str | None


def create_store(target: str) -> Store:
    """A new ledger, or one in which nothing was recorded: whoever made it was stopped then.

    Raises:
        LedgerExists: there is something else already.
    """
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


def create_first_account(
    store: Store,
    clock: Clock,
    administrator: AccountId,
    organisation: OrganisationId,
    dated: date | None = None,
) -> None:
    """Open the account that opens all others."""
    moment = clock()
    Ledger(store).initialise(administrator, organisation, dated or moment.date(), instant(moment))


def admit_program(target: str, role: str | None, chance: Chance) -> str | None:
    """Make a role on a server that can only append and read, or give it its rights again.

    Args:
        target: URL of the ledger's owner.
        role: its name; after the database where it is not given: roles are known to the whole
            server.
        chance: where its password comes from.

    Returns:
        The address for the program, with the password where it is new; `None` for a file.
    """
    if "://" not in target:
        return None
    name = role or f"{urlsplit(target).path.strip('/') or 'scoretrail'}_app"
    return admit(target, name, chance(PASSWORD_SIZE).hex())


def is_new(address: str) -> bool:
    """Whether an address for the program holds a password, which nobody knew before."""
    return bool(urlsplit(address).password)


def migrate(target: str, role: str | None, chance: Chance) -> MigratedLedger:
    """Bring a ledger up to date, and the program's role with it: whoever did so may have stopped.

    Raises:
        StoreError: it is not there, or is of a newer program.
    """
    since = bring_up(target)
    return MigratedLedger(since, admit_program(target, role, chance))
