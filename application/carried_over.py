"""What a ledger took over (结转核验) is what the ledger before had: accounts and cited results.

Both ledgers are needed for that. What this one has by itself, the receipts of what it cites, is
verified with every command of a case.
"""

from collections.abc import Iterator, Sequence

from application.successor import accounts_of
from ledger.cited_outcome import OUTCOMES
from ledger.commands import CarryAccount
from ledger.entry_verification import VerificationFailure, event_break
from ledger.envelope import REGISTER, RecordedEvent, is_case
from ledger.events import AccountCarriedOver, CaseOpened, CitedOutcome, PredecessorNamed
from ledger.language import Text
from ledger.ledger import Ledger
from ledger.log.receipt import Receipt
from ledger.log.tree import leaf_hash
from ledger.store import Store


def carried_over(store: Store, before: Store) -> Iterator[VerificationFailure]:
    """Where a ledger differs from the one that it goes on from; both are verified by themselves.

    Args:
        store: the ledger.
        before: the frozen one, whose final checkpoint was verified.
    """
    register = Ledger(store).history(REGISTER)
    named = {
        recorded: (event.size, event.root)
        for recorded in register
        if isinstance(event := recorded.event, PredecessorNamed)
    }
    if not named:
        return
    ((where, head),) = named.items()
    if head != (before.size(), before.head().root.hex()):
        yield _differs(
            where,
            "登记的最终检查点与该记录库不符",
            "the last checkpoint that it names is not that of the ledger before",
        )
        return
    yield from _accounts(register, before, where)
    for case in filter(is_case, Ledger(store).streams()):
        opened = Ledger(store).history(case, 1)
        if opened and isinstance(event := opened[0].event, CaseOpened) and event.last_year:
            yield from _cited(opened[0], event, event.last_year, before)


def _accounts(
    register: Sequence[RecordedEvent], before: Store, named: RecordedEvent
) -> Iterator[VerificationFailure]:
    """Accounts that were left out, made up, or carried over with something else."""
    there = {account.account: account for account in accounts_of(Ledger(before).history(REGISTER))}
    for recorded in register:
        if not isinstance(event := recorded.event, AccountCarriedOver):
            continue
        expected = there.pop(event.account, None)
        if expected is None or _stated(event) != _stated(expected):
            yield _differs(
                recorded,
                f"账号 {event.account} 在上一年度记录库冻结时不是这样",
                f"the account {event.account} was another when the ledger before was frozen",
            )
    for account in there:
        yield _differs(
            named, f"账号 {account} 没有结转", f"the account {account} was not carried over"
        )


def _stated(account: AccountCarriedOver | CarryAccount) -> tuple[object, ...]:
    what = (account.roles, account.keys, account.conflicts, account.linked)
    return account.organisation, account.position, *what


def _cited(
    opened: RecordedEvent, event: CaseOpened, cited: CitedOutcome, before: Store
) -> Iterator[VerificationFailure]:
    """A cited result that is not the last one of that unit's case."""
    entry = before.entry_at(Receipt.parse(cited.receipt.encode()).position)
    record = Ledger(before).history(cited.case)
    last = next((one for one in reversed(record) if isinstance(one.event, OUTCOMES)), None)
    stated = None if last is None else (last.version, leaf_hash(last.entry).hex(), last.entry)
    is_there = entry is not None and stated == (cited.version, cited.leaf, entry.entry)
    if not is_there or record.case.unit != event.unit:
        yield _differs(
            opened,
            f"所引用的不是该单位上年的最后结果（{cited.case} 第 {cited.version} 条）",
            f"what it cites is not the unit's last result of the year before ({cited.case}"
            f" v{cited.version})",
        )


def _differs(recorded: RecordedEvent, zh: str, en: str) -> VerificationFailure:
    return event_break("predecessor", recorded, Text(zh, en))
