"""Who acted, and whether the register of accounts bears it out at that place of the log."""

from collections.abc import Iterator, Sequence
from typing import cast

from ledger.account_registry import AccountRegistry, evolve_register
from ledger.envelope import RecordedEvent
from ledger.events import RegisterEvent
from ledger.language import Text
from ledger.log.tree import SIZE_MAX


def unregistered(
    record: Sequence[RecordedEvent], register: Sequence[RecordedEvent]
) -> Iterator[tuple[RecordedEvent, Text]]:
    """Every act of an account that the register did not have, or not so, when it was recorded.

    Args:
        record: events in the order of the log.
        register: every event of the register.

    Yields:
        The event, and what the register says against it.
    """
    waiting = sorted(register, key=_position, reverse=True)
    known = AccountRegistry()
    for one in record:
        while waiting and _position(waiting[-1]) < _position(one):
            evolve_register(known, cast("RegisterEvent", waiting.pop().event))
        account = known.accounts.get(one.by.account)
        if account is None:
            zh, en = "账号不存在", "there is no such account"
        elif account.organisation != one.by.organisation:
            zh, en = f"账号属于 {account.organisation}", f"it belongs to {account.organisation}"
        elif one.by.role not in account.roles:
            zh, en = "当时没有这个角色", "it did not have that role then"
        else:
            continue
        yield (
            one,
            Text(
                f"由 {one.by.account}（{one.by.role}，{one.by.organisation}）所为，"
                f"与账号登记不符：{zh}",
                f"is by {one.by.account} ({one.by.role}, {one.by.organisation}), which the"
                f" register does not bear out: {en}",
            ),
        )


def _position(recorded: RecordedEvent) -> int:
    """The place in the log; what has none comes after everything that has."""
    return SIZE_MAX if recorded.position is None else recorded.position
