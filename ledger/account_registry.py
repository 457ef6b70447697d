"""The register of accounts: who exists, for which organisation, in which roles."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import assert_never

from msgspec import Struct, field

from ledger import refusals
from ledger.commands import (
    GrantRole,
    MergeEntries,
    OpenAccount,
    RegisterCommand,
    RevokeRole,
    SetEntryAside,
    SetTimeZone,
)
from ledger.envelope import RecordedEvent
from ledger.events import (
    AccountOpened,
    EntriesMerged,
    EntrySetAside,
    RegisterEvent,
    Role,
    RoleGranted,
    RoleRevoked,
    TimeZoneSet,
)
from ledger.every_act import marked, must_be_known
from ledger.log.tree import SIZE_MAX
from ledger.rule_editions import RuleEdition
from ledger.time_zone import BEIJING_NAME
from ledger.values import AccountId, OrganisationId, Sha256, TimeZoneName


class Account(Struct, kw_only=True):
    """One account with its present roles."""

    id: AccountId
    organisation: OrganisationId
    roles: set[Role] = field(default_factory=set)


class AccountRegistry(Struct):
    """The accounts, and the other facts of the register.

    Attributes:
        accounts: all of them, by id.
        set_aside: the leaf hashes of entries that were set aside, by position.
        time_zone: of the ledger, by its name; `None` where none was set, which is Beijing.
        is_in_use: whether anything may have been recorded outside of the register: an account had
            a role other than the administrator's, or entries were merged.
    """

    accounts: dict[AccountId, Account] = field(default_factory=dict)
    set_aside: dict[int, set[Sha256]] = field(default_factory=dict)
    time_zone: TimeZoneName | None = None
    is_in_use: bool = False

    def account(self, account: AccountId) -> Account:
        """The account of that id.

        Raises:
            CommandRefused: nobody opened it.
        """
        if found := self.accounts.get(account):
            return found
        raise refusals.unknown_account(account, self.accounts)


def evolve_register(register: AccountRegistry, event: RegisterEvent) -> None:
    """Assign what one event changes."""
    match event:
        case AccountOpened():
            register.accounts[event.account] = Account(
                id=event.account, organisation=event.organisation
            )
        case RoleGranted():
            register.is_in_use |= event.role != "administrator"
            if account := register.accounts.get(event.account):
                account.roles.add(event.role)
        case RoleRevoked():
            if account := register.accounts.get(event.account):
                account.roles.discard(event.role)
        case TimeZoneSet():
            register.time_zone = event.zone
        case EntriesMerged():
            register.is_in_use = True
        case EntrySetAside():
            register.set_aside.setdefault(event.position, set()).add(event.leaf)
        case _:
            assert_never(event)


def fold_register(history: Iterable[RecordedEvent]) -> AccountRegistry:
    """The account registry folded from a history."""
    register = AccountRegistry()
    for recorded in history:
        evolve_register(register, recorded.event)  # type: ignore[arg-type]  # the register's stream holds register events only; `decide_register` writes no others
    return register


class RegisterOverTime:
    """The accounts as they were at every place of the log."""

    def __init__(self, history: Iterable[RecordedEvent]) -> None:
        register = AccountRegistry()
        self._changes: dict[AccountId, list[tuple[int, Account]]] = {}
        for recorded in sorted(history, key=_place):
            event: RegisterEvent = recorded.event  # type: ignore[assignment]  # as in `fold_register`
            evolve_register(register, event)
            if isinstance(event, TimeZoneSet | EntriesMerged | EntrySetAside):
                continue
            if account := register.accounts.get(event.account):
                now = Account(
                    id=account.id, organisation=account.organisation, roles=set(account.roles)
                )
                self._changes.setdefault(account.id, []).append((_place(recorded), now))

    def __len__(self) -> int:
        """How many accounts were ever opened."""
        return len(self._changes)

    def account(self, account: AccountId, position: int | None) -> Account | None:
        """An account before a place of the log; `None` where nobody had opened it yet.

        Args:
            account: its id.
            position: the place; what has none comes after everything that has.
        """
        before = SIZE_MAX if position is None else position
        changes = self._changes.get(account, [])
        found = bisect_left(changes, before, key=lambda change: change[0])
        return changes[found - 1][1] if found else None


def _place(recorded: RecordedEvent) -> int:
    return SIZE_MAX if recorded.position is None else recorded.position


def decide_register(
    command: RegisterCommand,
    register: AccountRegistry,
    rules: RuleEdition,
    leaf: Sha256 | None = None,
) -> list[RegisterEvent]:
    """What a command does to the register.

    Args:
        command: what is asked for.
        register: as it is.
        rules: the edition of the rules to judge by.
        leaf: leaf hash of the entry that is to be set aside, which the register does not know.

    Raises:
        CommandRefused: the account exists already or does not, the role is held already or is
            not, the time zone is set already or the ledger in use, or the entry is set aside
            already.
    """
    must_be_known(command, rules)
    return marked(command, _events(command, register, leaf))


def _events(  # noqa: C901, PLR0912 - a rule a kind of command
    command: RegisterCommand, register: AccountRegistry, leaf: Sha256 | None
) -> list[RegisterEvent]:
    match command:
        case OpenAccount():
            if command.account in register.accounts:
                raise refusals.account_exists(command.account)
            return [
                AccountOpened(account=command.account, organisation=command.organisation),
                *(RoleGranted(account=command.account, role=role) for role in command.roles),
            ]
        case GrantRole():
            if command.role in register.account(command.account).roles:
                raise refusals.role_held(command.account, command.role)
            return [RoleGranted(account=command.account, role=command.role)]
        case RevokeRole():
            if command.role not in register.account(command.account).roles:
                raise refusals.role_not_held(command.account, command.role)
            holders = [
                account for account in register.accounts.values() if command.role in account.roles
            ]
            if command.role == "administrator" and len(holders) == 1:
                raise refusals.last_administrator(command.account)
            return [RoleRevoked(account=command.account, role=command.role, reason=command.reason)]
        case SetTimeZone():
            if register.is_in_use or register.time_zone is not None:
                raise refusals.time_zone_is_set(register.time_zone or BEIJING_NAME)
            return [TimeZoneSet(zone=command.zone)]
        case MergeEntries():
            return [EntriesMerged(sha256=command.sha256, streams=command.streams)]
        case SetEntryAside():
            assert leaf  # noqa: S101 - the caller has looked
            # A forged command that names another entry there keeps nobody from naming this one.
            if leaf in register.set_aside.get(command.position, ()):
                raise refusals.already_set_aside(command.position)
            return [EntrySetAside(position=command.position, leaf=leaf, reason=command.reason)]
        case _:
            assert_never(command)
