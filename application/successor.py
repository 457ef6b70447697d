"""The ledger of the next year (下一年度记录库): what it goes on from, and what is carried over.

It names the final checkpoint of the one before, and takes from it who may act, with which keys, and
by which rubrics. Cases stay where they are.
"""

from collections.abc import Iterator, Sequence

from application.recording import record
from application.year_end import FinalCheckpoint, Office, final_checkpoint
from ledger import refusals
from ledger.account_registry import Account, fold_register
from ledger.commands import CarryAccount, NamePredecessor, PublishRubric, RegisterCommand
from ledger.editions import fold_editions
from ledger.envelope import REGISTER, RecordedEvent, rubric_of
from ledger.events import (
    AccountCarriedOver,
    AccountOpened,
    CarriedKey,
    PredecessorNamed,
    RubricPublished,
)
from ledger.language import Text, counted
from ledger.ledger import Ledger
from ledger.log.note import VerifierKey
from ledger.practice import must_be_asked_for
from ledger.store import Store
from ledger.values import Invalid


def succeed(
    office: Office, before: Store, log: Sequence[VerifierKey]
) -> tuple[FinalCheckpoint, int]:
    """Name the ledger that this one goes on from, and carry its accounts over.

    Args:
        office: who does, in the ledger of the next year.
        before: the frozen ledger.
        log: its public keys, as they were published.

    Returns:
        Its final checkpoint, and how many accounts were carried over.

    Raises:
        Invalid: it is not frozen, or its log is not what was signed.
        ProofError: nobody of these keys has signed.
        OnlyPractice: one of the two is for practice, and the other is not.
        EnvelopeRefused: the account may not, or this ledger goes on from another one.
    """
    last = final_checkpoint(before, log)
    origin, (size, root), _ = last.signed.checkpoint
    must_be_asked_for(origin, practice=Ledger(office.store).practice)
    named = NamePredecessor(
        year=last.year, origin=origin, size=size, root=root.hex(), vkey=last.vkey
    )
    commands: list[RegisterCommand] = [named, *accounts_of(Ledger(before).history(REGISTER))]
    record(Ledger(office.store), office.clock, [office.envelope(command) for command in commands])
    return last, len(commands) - 1


def publish_rubrics(office: Office, before: Store) -> list[str]:
    """Publish the newest edition of each rubric of the ledger before, unchanged.

    Each says where it comes from; what is there already is passed over.

    Args:
        office: who does, in the ledger of the next year.
        before: the frozen ledger.

    Returns:
        The rubrics, each with its edition.

    Raises:
        Invalid: this ledger does not go on from that one.
        EnvelopeRefused: the account may not.
    """
    ledger, old = Ledger(office.store), Ledger(before)
    named = predecessor_of(office.store, before)
    published = []
    for stream in old.streams():
        rubric = rubric_of(stream)
        if rubric is None or (newest := old.editions(rubric).newest) is None:
            continue
        published.append(f"{rubric} {newest}")
        if newest in fold_editions(ledger.history(stream)).published:
            continue
        source = old.editions(rubric).published[newest].source
        at = _position_of(old.history(stream), newest)
        note = f"由 {named.origin} 第 {at} 位结转 / carried over from {named.origin}, entry {at}"
        office.record(PublishRubric(source=source, transcriber_note=note))
    return published


def predecessor_of(store: Store, before: Store) -> PredecessorNamed:
    """The ledger that this one goes on from, which is to be that one.

    Raises:
        Invalid: it is another one.
        CommandRefused: this ledger goes on from none.
    """
    named = Ledger(store).register().predecessor
    if named is None:
        raise refusals.no_predecessor()
    if (named.size, named.root) != (before.size(), before.head().root.hex()):
        raise Invalid(
            f"{before.place} 不是本记录库所登记的上一年度记录库（{named.origin}）。",
            f"{before.place} is not the ledger that this one goes on from ({named.origin}).",
            rule="other-predecessor",
        )
    return named


def accounts_of(register: Sequence[RecordedEvent]) -> Iterator[CarryAccount]:
    """What carries the accounts over that have a role, each with what it can do and sign with."""
    accounts = fold_register(register).accounts
    for recorded in register:
        event = recorded.event
        if not isinstance(event, AccountOpened | AccountCarriedOver):
            continue
        if (account := accounts.pop(event.account, None)) and account.roles:
            yield _carried(account, recorded.position or 0)


def _carried(account: Account, position: int) -> CarryAccount:
    active = [key for _, key in sorted(account.keys.items()) if key.is_active]
    return CarryAccount(
        account=account.id,
        organisation=account.organisation,
        position=position,
        roles=tuple(sorted(account.roles)),
        keys=tuple(CarriedKey(scheme=key.scheme, public=key.public) for key in active),
        conflicts=tuple(sorted(account.conflicts)),
        linked=tuple(sorted(account.linked)),
    )


def _position_of(history: Sequence[RecordedEvent], edition: str) -> int:
    return next(
        recorded.position or 0
        for recorded in history
        if isinstance(recorded.event, RubricPublished) and recorded.event.edition == edition
    )


def in_words(last: FinalCheckpoint, accounts: int) -> Text:
    """What this ledger goes on from."""
    origin, (size, _), _ = last.signed.checkpoint
    return Text(
        f"由 {last.year} 年度的 {origin}（{size} 条）结转，账号 {accounts} 个",
        f"goes on from {origin} of {last.year} ({counted(size, 'entry', 'entries')}),"
        f" {counted(accounts, 'account')} carried over",
    )
