"""Who acted, and whether the register of accounts bears it out at that place of the log."""

from collections.abc import Iterator, Sequence

from ledger.account_registry import Account, RegisterOverTime
from ledger.envelope import RecordedEvent
from ledger.language import Text


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
    accounts = RegisterOverTime(register)
    for one in record:
        if wrong := wrong_author(one, accounts.account(one.by.account, one.position)):
            yield one, wrong


def wrong_author(one: RecordedEvent, account: Account | None) -> Text | None:
    """What does not fit between the author of an event and their account, as it then was."""
    by = one.by
    if account is None:
        zh, en = "账号不存在", "there is no such account"
    elif account.organisation != by.organisation:
        zh, en = f"账号属于 {account.organisation}", f"it belongs to {account.organisation}"
    elif by.role not in account.roles:
        zh, en = "当时没有这个角色", "it did not have that role then"
    else:
        return None
    return Text(
        f"由 {by.account}（{by.role}，{by.organisation}）所为，与账号登记不符：{zh}",
        f"is by {by.account} ({by.role}, {by.organisation}), which the register does not bear"
        f" out: {en}",
    )
