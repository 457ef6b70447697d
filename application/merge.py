"""Merge (并入): entries that were recorded elsewhere become part of a ledger that has records.

Nobody can tell from an entry whether its author recorded it, so this is a command of an
administrator, who answers for it: the register says what was merged. Every entry must pass what a
replay asks of those that are there: rights, rules and digests, each by the edition of the rules
that it names. It may be an older one than is in use here; `verify` lets those pass which the
register says were merged, and no others.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

from application.clock import Clock
from ledger import refusals
from ledger.account_registry import RegisterOverTime
from ledger.author_key import can_verify
from ledger.case import pinned_rubrics
from ledger.checks.every_stream import Violation, violations
from ledger.commands import CommandEnvelope, MergeEntries
from ledger.editions import Editions
from ledger.envelope import REGISTER, RecordedEvent, StreamId
from ledger.events import MergedStream
from ledger.language import Text
from ledger.ledger import DryRunStore, Ledger
from ledger.log.tree import leaf_hash
from ledger.store import NewEntry, Store
from ledger.values import AccountId, Invalid, instant

SHOWN: Final = 5
"""How many entries are named that do not pass; there may be thousands."""


def merge(
    store: Store,
    clock: Clock,
    account: AccountId | None,
    entries: Sequence[RecordedEvent],
    key: str,
) -> int:
    """Write entries that continue what a ledger has, and who answers for them.

    Args:
        store: the ledger.
        clock: when.
        account: who answers.
        entries: that are not there yet, of any streams, each in version order.
        key: idempotency key of the command.

    Returns:
        How many entries were merged, besides the event itself.

    Raises:
        Invalid: nobody answers.
        EnvelopeRefused: the account may not merge.
        CommandRefused: an entry that no rule would have let pass.
        VersionConflict: somebody else was faster; nothing was written.
    """
    if not entries:
        return 0
    if account is None:
        raise Invalid(
            "并入已有记录的记录库，或导入搁置了其他条目的文件，须由管理员办理。请指明账号",
            "merging into a ledger that has records, or importing a file that sets other entries"
            " aside, must be done by an administrator. Name the account",
            rule="no-account",
        )
    if not all(can_verify(entry.signed.scheme) for entry in entries if entry.signed):
        raise refusals.signature_not_verifiable(account)  # nobody answers for what none can verify
    moment, beside = clock(), _Beside(store)
    beside.append(
        [NewEntry(entry.case, entry.version, entry.type, entry.entry) for entry in entries]
    )
    day = moment.astimezone(Ledger(beside).zone()).date()
    envelope = CommandEnvelope(case=None, by=account, dated=day, id=key, command=_command(entries))
    # 1. Who may, as the ledger is: what is to be merged gives nobody a right to merge it, unless
    # nothing is there yet.
    if store.streams():
        Ledger(DryRunStore(store)).handle([envelope], instant(moment))
    # 2. What may be, as the ledger would be.
    if against := list(_examined(beside, entries)):
        raise refusals.merge_irregular(
            len(against), [_told(violation) for violation in against[:SHOWN]]
        )
    # 3. Both at once: the entries, and who answers for them.
    Ledger(beside).handle([envelope], instant(moment))
    store.append_all(beside.appended)
    return len(entries)


class _Beside(DryRunStore):
    """The ledger as it would be after the merge, with the positions it would have."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._size = store.size()

    def stream(
        self, case_id: str, upto: int | None = None, *, strict: bool = True
    ) -> list[tuple[int | None, bytes]]:
        """What is stored, and after all of it what would have been."""
        places = {leaf_hash(one.entry): self._size + at for at, one in enumerate(self.appended)}
        return [
            (places.get(leaf_hash(entry)) if position is None else position, entry)
            for position, entry in super().stream(case_id, upto, strict=strict)
        ]


def _command(entries: Sequence[RecordedEvent]) -> MergeEntries:
    streams: dict[StreamId, MergedStream] = {}
    for entry in entries:
        since = streams[entry.case].first if entry.case in streams else entry.version
        streams[entry.case] = MergedStream(
            stream=entry.case,
            first=since,
            version=entry.version,
            leaf=leaf_hash(entry.entry).hex(),
        )
    content = b"".join(entry.entry + b"\n" for entry in entries)
    return MergeEntries(
        sha256=sha256(content).hexdigest(),
        streams=tuple(streams[name] for name in sorted(streams)),
    )


def _examined(beside: _Beside, entries: Sequence[RecordedEvent]) -> Iterator[Violation]:
    """The entries that a replay of the ledger, as it would be, speaks against."""
    fresh = {(entry.case, entry.version) for entry in entries}
    ledger = Ledger(beside)
    register = RegisterOverTime(ledger.history(REGISTER))
    for name in dict.fromkeys(entry.case for entry in entries):
        for violation in _against(ledger, name, register):
            if (violation.recorded.case, violation.recorded.version) in fresh:
                yield violation


def _against(ledger: Ledger, name: StreamId, register: RegisterOverTime) -> Iterator[Violation]:
    record = ledger.history(name)
    rubrics = pinned_rubrics(record)
    editions = ledger.editions(rubrics[-1]) if rubrics else Editions()
    return violations(name, record, register, editions)


def _told(against: Violation) -> Text:
    one, why = against.recorded, against.text
    return Text(
        f"{one.case} 第 {one.version} 条 {one.type}：{why.zh}",
        f"{one.case} v{one.version} {one.type}: {why.en}",
    )
