"""The register of accounts: who exists, for which organisation, in which roles."""

import re
from base64 import b64decode
from bisect import bisect_left
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, tzinfo
from hashlib import sha256
from typing import Final, assert_never, cast

from msgspec import Struct, field
from msgspec.structs import replace

from ledger import refusals
from ledger.author_key import SM2_X509, is_public_key
from ledger.commands import (
    CarryAccount,
    CountersignKey,
    DeclareConflict,
    DemandSignatures,
    EndConflict,
    EnrolKey,
    FreezeLedger,
    GrantRole,
    LinkAccounts,
    MergeEntries,
    NamePredecessor,
    OpenAccount,
    RecordRanking,
    RecordYearNotice,
    RegisterCommand,
    RetireKey,
    RevokeRole,
    SetEntryAside,
    SetTimeZone,
    TakeCheckpoint,
)
from ledger.envelope import RecordedEvent
from ledger.events import (
    AccountCarriedOver,
    AccountKeyCountersigned,
    AccountKeyEnrolled,
    AccountKeyRetired,
    AccountOpened,
    AccountsLinked,
    CheckpointTaken,
    ConflictDeclared,
    ConflictEnded,
    EntriesMerged,
    EntrySetAside,
    LedgerFrozen,
    PredecessorNamed,
    RankingRecorded,
    RegisterEvent,
    Role,
    RoleGranted,
    RoleRevoked,
    SignaturesDemanded,
    TimeZoneSet,
    YearNoticeRecorded,
)
from ledger.every_command import event_of, marked, must_be_known
from ledger.last_days import STEPS, NoticeKind, Notices, due_field, fixed_day, notices_in
from ledger.log.tree import SIZE_MAX, ProofError, leaf_hash
from ledger.rule_editions import RuleEdition, holds
from ledger.sm2_certificate import Certificate, certificate_of
from ledger.time_zone import BEIJING_NAME, day_of_instant, zone_of
from ledger.values import (
    AccountId,
    Base64,
    CaseId,
    Instant,
    OrganisationId,
    Scheme,
    Sha256,
    TimeZoneName,
)

OF_NO_ACCOUNT: Final = (
    TimeZoneSet,
    SignaturesDemanded,
    RankingRecorded,
    YearNoticeRecorded,
    LedgerFrozen,
    PredecessorNamed,
    CheckpointTaken,
    EntriesMerged,
    EntrySetAside,
)
"""Events of the register that leave all accounts as they are."""

OF_SIGNERS: Final = (
    AccountOpened,
    RoleGranted,
    RoleRevoked,
    AccountKeyEnrolled,
    AccountKeyCountersigned,
    AccountKeyRetired,
    AccountCarriedOver,
    EntrySetAside,
)
"""Events that decide who may do what, with which keys they sign it, and what is set aside: who
writes them past the program could otherwise make a key of their own somebody else's, and sign with
it."""

NAMES_OF_SIGNERS: Final = frozenset(
    str(kind.__struct_config__.tag)
    for kind in (
        *(OpenAccount, GrantRole, RevokeRole, EnrolKey, CountersignKey, RetireKey),
        *(CarryAccount, SetEntryAside),
    )
)
"""By which commands they are recorded."""

SIGNERS_MIN: Final = 2
"""Administrators who can sign, before signatures are demanded."""


class AuthorKey(Struct, kw_only=True, frozen=True):
    """A key that its account alone holds.

    Attributes:
        scheme: how it signs.
        public: the public key, in the form of its scheme.
        countersigned: whether an administrator has confirmed whose it is.
        retired: whether it signs nothing any more.
    """

    scheme: Scheme
    public: Base64
    countersigned: bool = False
    retired: bool = False

    @property
    def id(self) -> Sha256:
        """By which signatures name it: the SHA-256 of the public key."""
        return sha256(self.public_bytes).hexdigest()

    @property
    def public_bytes(self) -> bytes:
        """The public key."""
        return b64decode(self.public)

    @property
    def certificate(self) -> Certificate | None:
        """What its certificate states, where it has one."""
        with suppress(ProofError):  # written past the program
            return certificate_of(self.public_bytes) if self.scheme == SM2_X509 else None
        return None

    @property
    def is_active(self) -> bool:
        """Whether it may sign now."""
        return self.countersigned and not self.retired

    def is_valid(self, at: Instant) -> bool:
        """Whether it is valid at a moment by what it states itself, as a certificate does."""
        if self.scheme != SM2_X509:
            return True
        stated = self.certificate
        return stated is not None and stated.begins <= at <= stated.ends


class Account(Struct, kw_only=True):
    """One account with its present roles, and its keys by what signatures call them.

    Attributes:
        conflicts: the units that its holder has an interest in, by any of their accounts.
        linked: the other accounts of its holder.
    """

    id: AccountId
    organisation: OrganisationId
    roles: set[Role] = field(default_factory=set)
    keys: dict[Sha256, AuthorKey] = field(default_factory=dict)
    conflicts: frozenset[OrganisationId] = frozenset()
    linked: frozenset[AccountId] = frozenset()

    @property
    def persons(self) -> frozenset[AccountId]:
        """All accounts of its holder."""
        return self.linked | {self.id}


class AccountRegistry(Struct):
    """The accounts, and the other facts of the register.

    Attributes:
        accounts: all of them, by id.
        set_aside: the leaf hashes of entries that were set aside, by position.
        time_zone: of the ledger, by its name; `None` where none was set, which is Beijing.
        is_in_use: whether anything may have been recorded outside of the register: an account had
            a role other than the administrator's, or entries were merged.
        demanded: from which day on signatures are demanded, by case; under `None` everywhere.
        signers_demanded: from which day on a case demands them of what decides who signs.
        rankings: the root of the ranking in force, by year.
        notices: the number of the last notice, by bureau, year and the rubric that it is for.
        practice: whether nothing in the ledger is real, as its first entry says.
        frozen: the year of the ledger, once nothing is recorded in it any more.
        predecessor: the ledger that it goes on from, if any.
        taken: size and root, in base64, of the last checkpoint taken up of each log, by its name.
    """

    accounts: dict[AccountId, Account] = field(default_factory=dict)
    set_aside: dict[int, set[Sha256]] = field(default_factory=dict)
    time_zone: TimeZoneName | None = None
    is_in_use: bool = False
    demanded: dict[CaseId | None, date] = field(default_factory=dict)
    signers_demanded: date | None = None
    rankings: dict[int, Sha256] = field(default_factory=dict)
    notices: dict[NoticeKind, str] = field(default_factory=dict)
    practice: bool = False
    frozen: int | None = None
    predecessor: PredecessorNamed | None = None
    taken: dict[str, tuple[int, str]] = field(default_factory=dict)

    def account(self, account: AccountId) -> Account:
        """The account of that id.

        Raises:
            CommandRefused: nobody opened it.
        """
        if found := self.accounts.get(account):
            return found
        raise refusals.unknown_account(account, self.accounts)

    def demand(self, stream: str, *, of_signers: bool = False) -> date | None:
        """From which day on what is recorded in a stream must be signed; `None` where never.

        Args:
            stream: where it is recorded.
            of_signers: whether it decides who signs: `OF_SIGNERS`.
        """
        since = [self.demanded[only] for only in (None, stream) if only in self.demanded]
        if of_signers and self.signers_demanded is not None:
            since.append(self.signers_demanded)
        return min(since, default=None)


def evolve_register(register: AccountRegistry, event: RegisterEvent) -> None:  # noqa: C901, PLR0912 - one branch per kind of event
    """Assign what one event changes."""
    match event:
        case AccountOpened():
            register.practice |= event.practice and not register.accounts
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
        case AccountKeyEnrolled() | AccountKeyCountersigned() | AccountKeyRetired():
            if account := register.accounts.get(event.account):
                _evolve_keys(account.keys, event)
        case ConflictDeclared() | ConflictEnded() | AccountsLinked():
            _evolve_interests(register.accounts, event)
        case AccountCarriedOver():
            register.is_in_use |= {*event.roles} != {"administrator"}
            _evolve_carried(register.accounts, event)
        case LedgerFrozen():
            register.frozen = event.year
        case PredecessorNamed():
            register.predecessor = event
        case CheckpointTaken():
            if head := head_in(event.checkpoint):
                register.taken[head[0]] = head[1:]
        case SignaturesDemanded():
            register.demanded.setdefault(event.only, event.since)
            if event.accounts:
                days = [day for day in (register.signers_demanded, event.since) if day]
                register.signers_demanded = min(days)
        case RankingRecorded():
            register.rankings[event.year] = event.root
        case YearNoticeRecorded():
            register.notices[event.bureau, event.year, event.rubric] = event.number
        case EntriesMerged():
            register.is_in_use = True
        case EntrySetAside():
            register.set_aside.setdefault(event.position, set()).add(event.leaf)
        case _:
            assert_never(event)


def _evolve_interests(
    accounts: dict[AccountId, Account], event: ConflictDeclared | ConflictEnded | AccountsLinked
) -> None:
    account = accounts.get(event.account)
    if account is None:
        return
    if isinstance(event, AccountsLinked):
        also = accounts.get(event.also)
        persons = account.persons | (also.persons if also else frozenset())
        conflicts = account.conflicts | (also.conflicts if also else frozenset())
    else:
        persons, unit = account.persons, {event.unit}
        is_new = isinstance(event, ConflictDeclared)
        conflicts = account.conflicts | unit if is_new else account.conflicts - unit
    for name in persons:
        if one := accounts.get(name):
            one.conflicts, one.linked = conflicts, persons - {name}


def _evolve_carried(accounts: dict[AccountId, Account], event: AccountCarriedOver) -> None:
    fresh = Account(id=event.account, organisation=event.organisation)
    account = accounts.setdefault(event.account, fresh)
    account.roles.update(event.roles)
    for key in event.keys:
        carried = AuthorKey(scheme=key.scheme, public=key.public, countersigned=True)
        account.keys.setdefault(carried.id, carried)
    persons = account.persons.union(
        *(accounts[also].persons for also in event.linked if also in accounts)
    )
    conflicts = frozenset(event.conflicts).union(*(accounts[name].conflicts for name in persons))
    for name in persons:
        accounts[name].conflicts, accounts[name].linked = conflicts, persons - {name}


def _evolve_keys(
    keys: dict[Sha256, AuthorKey],
    event: AccountKeyEnrolled | AccountKeyCountersigned | AccountKeyRetired,
) -> None:
    match event:
        case AccountKeyEnrolled():
            enrolled = AuthorKey(scheme=event.scheme, public=event.public)
            keys.setdefault(enrolled.id, enrolled)
        case AccountKeyCountersigned():
            if key := keys.get(event.fingerprint):
                keys[event.fingerprint] = replace(key, countersigned=True)
        case AccountKeyRetired():
            if key := keys.get(event.fingerprint):
                keys[event.fingerprint] = replace(key, retired=True)
        case _:
            assert_never(event)


def fold_register(history: Iterable[RecordedEvent]) -> AccountRegistry:
    """The account registry folded from a history."""
    register = AccountRegistry()
    for recorded in history:
        evolve_register(register, recorded.event)  # type: ignore[arg-type]  # the register's stream holds register events only; `decide_register` writes no others
    return register


class RegisterOverTime:
    """The accounts as they were at every log position.

    Attributes:
        origin: leaf hash of the register's first entry, by which the signatures of authors name
            the ledger; empty where there is none.
    """

    def __init__(self, history: Iterable[RecordedEvent], signed_from: date | None = None) -> None:
        """Follow the register.

        Args:
            history: of its stream.
            signed_from: from which day on a verifier demands signatures of everything.
        """
        register, history = AccountRegistry(), sorted(history, key=_place)
        self._changes: dict[AccountId, list[tuple[int, Account]]] = {}
        self._demands = [one for one in history if isinstance(one.event, SignaturesDemanded)]
        self._signed_from = signed_from
        self.origin: Sha256 = ""
        for recorded in history:
            if recorded.version == 1:
                self.origin = leaf_hash(recorded.entry).hex()
            event: RegisterEvent = recorded.event  # type: ignore[assignment]  # as in `fold_register`
            evolve_register(register, event)
            if isinstance(event, OF_NO_ACCOUNT):
                continue
            if account := register.accounts.get(event.account):
                for name in account.persons:  # an interest is of all accounts of one person
                    if one := register.accounts.get(name):
                        now = replace(one, roles=set(one.roles), keys=dict(one.keys))
                        self._changes.setdefault(name, []).append((_place(recorded), now))

        self._frozen = next((one for one in history if isinstance(one.event, LedgerFrozen)), None)
        self._before = next(
            (one for one in history if isinstance(one.event, PredecessorNamed)), None
        )
        self._zone, self._set_aside = register.time_zone, register.set_aside
        self._notices = notices_in(history)

    @property
    def zone(self) -> tzinfo:
        """The time zone of the ledger."""
        return zone_of(self._zone)

    def unsigned_since(self, first: RecordedEvent, latest: Instant) -> date | None:
        """From which day on signatures were demanded of a command that has none.

        Args:
            first: the command, by the first of its events.
            latest: when the latest event before it in its stream was recorded; what states that it
                was recorded earlier was recorded then at the earliest.

        Returns:
            `None` where it is signed or need not be.
        """
        if first.signed is not None:
            return None
        days = [self._signed_from] if self._signed_from else []
        for demand in self._demands:
            event = cast("SignaturesDemanded", demand.event)
            of_signers = event.accounts and isinstance(first.event, OF_SIGNERS)
            reaches = of_signers or event.only in {None, first.case}
            if reaches and _place(demand) < _place(first):
                days.append(event.since)
        since = min(days, default=None)
        if since is None or day_of_instant(max(first.at, latest), self.zone) < since:
            return None
        return since

    def is_set_aside(self, recorded: RecordedEvent) -> bool:
        """Whether somebody has set an event aside: of one that can be read, its moment."""
        leaves = self._set_aside.get(_place(recorded))
        return leaves is not None and leaf_hash(recorded.entry).hex() in leaves

    def frozen_before(self, recorded: RecordedEvent) -> int | None:
        """The year of the ledger, where an event comes after its freeze; else `None`."""
        if self._frozen is None or _place(recorded) <= _place(self._frozen):
            return None
        return cast("LedgerFrozen", self._frozen.event).year

    def predecessor(self, position: int | None) -> PredecessorNamed | None:
        """The ledger that this one goes on from, before a log position, see `account`."""
        before, named = SIZE_MAX if position is None else position, self._before
        return cast("PredecessorNamed", named.event) if named and _place(named) < before else None

    def notices(self, position: int | None) -> Notices:
        """The notices of years before a log position, see `account`."""
        before = SIZE_MAX if position is None else position
        return tuple(one for one in self._notices if _place(one) < before)

    def changes(self, account: AccountId) -> list[tuple[int, Account]]:
        """What an account became, each with its log position; nothing that has no position yet."""
        return [change for change in self._changes.get(account, []) if change[0] < SIZE_MAX]

    def __len__(self) -> int:
        """How many accounts were ever opened."""
        return len(self._changes)

    def account(self, account: AccountId, position: int | None) -> Account | None:
        """An account before a log position; `None` where nobody had opened it yet.

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
            not, the time zone is set already or the ledger in use, the key is enrolled,
            countersigned or retired already or is none, signatures are demanded already, the
            conflict of interest is declared already or is not, the accounts are linked already, the
            entry is set aside already, the ledger is frozen, or goes on from another one, or from
            none.
    """
    must_not_be_frozen(register)
    must_be_known(command, rules)
    return marked(command, _events(command, register, rules, leaf))


def must_not_be_frozen(register: AccountRegistry) -> None:
    """Record nothing in a ledger after its last entry.

    Raises:
        CommandRefused: it is frozen.
    """
    if register.frozen is not None:
        raise refusals.ledger_frozen(register.frozen)


def _events(  # noqa: C901, PLR0911, PLR0912, PLR0915 - one rule per kind of command
    command: RegisterCommand, register: AccountRegistry, rules: RuleEdition, leaf: Sha256 | None
) -> list[RegisterEvent]:
    match command:
        case OpenAccount():
            if command.account in register.accounts:
                raise refusals.account_exists(command.account)
            return [
                event_of(AccountOpened, command),
                *(RoleGranted(account=command.account, role=role) for role in command.roles),
            ]
        case GrantRole():
            if command.role in register.account(command.account).roles:
                raise refusals.role_held(command.account, command.role)
            return [event_of(RoleGranted, command)]
        case RevokeRole():
            if command.role not in register.account(command.account).roles:
                raise refusals.role_not_held(command.account, command.role)
            holders = [
                account for account in register.accounts.values() if command.role in account.roles
            ]
            if command.role == "administrator" and len(holders) == 1:
                raise refusals.last_administrator(command.account)
            return [event_of(RoleRevoked, command)]
        case SetTimeZone():
            if register.is_in_use or register.time_zone is not None:
                raise refusals.time_zone_is_set(register.time_zone or BEIJING_NAME)
            return [event_of(TimeZoneSet, command)]
        case EnrolKey():
            if not is_public_key(command.scheme, b64decode(command.public)):
                raise refusals.no_public_key(command.scheme)
            key = AuthorKey(scheme=command.scheme, public=command.public)
            for holder in register.accounts.values():
                if key.id in holder.keys:  # nobody else's either
                    raise refusals.key_known(holder.id, key.id)
            return [event_of(AccountKeyEnrolled, command)]
        case CountersignKey(account=account, fingerprint=named):
            if _key(register, command).countersigned:
                raise refusals.key_countersigned(account, named)
            return [event_of(AccountKeyCountersigned, command)]
        case RetireKey():
            _key(register, command)
            return [event_of(AccountKeyRetired, command)]
        case DemandSignatures():
            if command.only in register.demanded:
                raise refusals.signatures_demanded(str(register.demanded[command.only]))
            # If one loses their key, the other can countersign a new one.
            able = [one for one in register.accounts.values() if "administrator" in one.roles]
            able = [one for one in able if any(key.is_active for key in one.keys.values())]
            accounts = command.only is not None and holds("too-few-signers", rules)
            if (command.only is None or accounts) and len(able) < SIGNERS_MIN:
                raise refusals.too_few_signers(SIGNERS_MIN)
            return [event_of(SignaturesDemanded, command, accounts=accounts)]
        case DeclareConflict(account=account, unit=unit):
            if unit in register.account(account).conflicts:
                raise refusals.conflict_known(account, unit)
            return [event_of(ConflictDeclared, command)]
        case EndConflict(account=account, unit=unit):
            if unit not in register.account(account).conflicts:
                raise refusals.no_conflict(account, unit)
            return [event_of(ConflictEnded, command)]
        case LinkAccounts(account=account, also=also):
            if register.account(also).id in register.account(account).persons:
                raise refusals.accounts_linked(account, also)
            return [event_of(AccountsLinked, command)]
        case RecordRanking():
            _check_replaced(command, register)
            return [event_of(RankingRecorded, command)]
        case RecordYearNotice():
            _check_notice(command, register)
            return [event_of(YearNoticeRecorded, command)]
        case FreezeLedger():
            return [event_of(LedgerFrozen, command)]
        case NamePredecessor():
            if register.predecessor is not None:
                raise refusals.predecessor_named(register.predecessor.origin)
            return [event_of(PredecessorNamed, command)]
        case CarryAccount():
            _check_carried(command, register)
            return [event_of(AccountCarriedOver, command)]
        case TakeCheckpoint():
            _check_growth(command, register)
            return [event_of(CheckpointTaken, command)]
        case MergeEntries():
            return [event_of(EntriesMerged, command)]
        case SetEntryAside():
            assert leaf  # noqa: S101 - the caller has looked
            # A forged command that names another entry there keeps nobody from naming this one.
            if leaf in register.set_aside.get(command.position, ()):
                raise refusals.already_set_aside(command.position)
            return [EntrySetAside(position=command.position, leaf=leaf, reason=command.reason)]
        case _:
            assert_never(command)


def _check_carried(command: CarryAccount, register: AccountRegistry) -> None:
    """Nobody who can act already is given roles or keys by carrying an account over.

    Raises:
        CommandRefused: no ledger before is named, or the account is there, other than as the first
            administrator, or belongs to another organisation, or a key is somebody's.
    """
    if register.predecessor is None:
        raise refusals.no_predecessor()
    present = register.accounts.get(command.account)
    if present is not None and (
        present.organisation != command.organisation
        or present.keys
        or present.roles != {"administrator"}
    ):
        raise refusals.account_exists(command.account)
    for carried in command.keys:
        key = AuthorKey(scheme=carried.scheme, public=carried.public)
        if not is_public_key(carried.scheme, key.public_bytes):
            raise refusals.no_public_key(carried.scheme)
        for holder in register.accounts.values():
            if key.id in holder.keys:
                raise refusals.key_known(holder.id, key.id)


def head_in(checkpoint: str) -> tuple[str, int, str] | None:
    """The log, the size and the root, in base64, that a signed checkpoint states.

    Whether it is signed, and is one in every detail, is for those to verify who take it up.
    """
    origin, size, root, *rest = [*checkpoint.split("\n"), "", "", ""]
    if not (origin and root and any(rest)) or not re.fullmatch(r"0|[1-9][0-9]{0,18}", size):
        return None
    return origin, int(size), root


def _check_growth(command: TakeCheckpoint, register: AccountRegistry) -> None:
    """A log only grows, and is taken up where it has.

    Raises:
        CommandRefused: it is not a checkpoint, or is what was taken up last, or contradicts that.
    """
    head = head_in(command.checkpoint)
    if head is None:
        raise refusals.no_checkpoint()
    origin, size, root = head
    last, known = register.taken.get(origin, (0, root))
    if size < last or (size == last and root != known):
        raise refusals.log_rewritten(origin, last, size)
    if origin in register.taken and size == last:
        raise refusals.checkpoint_taken(origin, size)


def _check_replaced(command: RecordRanking, register: AccountRegistry) -> None:
    """One ranking of a year is in force, and what takes its place names it and the reason.

    Raises:
        CommandRefused: there is one already, or another one than is named, or no reason.
    """
    present = register.rankings.get(command.year)
    if command.replaces != present or command.root == present:
        raise refusals.ranking_replaced(command.year, present or "")
    if present and not command.reason:
        raise refusals.ranking_unjustified(command.year)


def _check_notice(command: RecordYearNotice, register: AccountRegistry) -> None:
    """A notice sets a last day at least, each that there is, and names the one that it amends.

    Raises:
        CommandRefused: it does not.
    """
    present = register.notices.get((command.bureau, command.year, command.rubric))
    if command.amends != present:
        raise refusals.notice_in_force(command.year, present or "")
    if command.number == present:
        raise refusals.notice_recorded(command.year, command.number)
    rules = {step: rule for step in STEPS if (rule := getattr(command, due_field(step)))}
    if not rules:
        raise refusals.notice_without_days(command.year)
    for step, rule in rules.items():
        if fixed_day(rule) is None and (step == "submission" or not rule.endswith("d")):
            raise refusals.no_last_day(due_field(step), rule)


def _key(register: AccountRegistry, command: CountersignKey | RetireKey) -> AuthorKey:
    """The key that a command names, where it is not retired.

    Raises:
        CommandRefused: the account has no such key, or it is retired.
    """
    key = register.account(command.account).keys.get(command.fingerprint)
    if key is None:
        raise refusals.unknown_key(command.account, command.fingerprint)
    if key.retired:
        raise refusals.key_retired(command.account, command.fingerprint)
    return key
