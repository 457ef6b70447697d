"""The lives of keys (密钥的启用与停用): who enrolled, countersigned and retired each, and when."""

from collections.abc import Iterable
from typing import NamedTuple

from ledger.account_registry import AuthorKey
from ledger.envelope import RecordedEvent
from ledger.events import AccountKeyCountersigned, AccountKeyEnrolled, AccountKeyRetired
from ledger.values import AccountId, Sha256


class KeyLife(NamedTuple):
    """A key and what was recorded of it.

    Attributes:
        account: whose.
        key: what signatures call it.
        scheme: how it signs.
        enrolled: by its account.
        countersigned: by an administrator; `None` before that.
        retired: `None` while it may sign.
    """

    account: AccountId
    key: Sha256
    scheme: str
    enrolled: RecordedEvent
    countersigned: RecordedEvent | None = None
    retired: RecordedEvent | None = None

    @property
    def stations(self) -> list[RecordedEvent]:
        """All that was recorded of it, in order."""
        return [one for one in (self.enrolled, self.countersigned, self.retired) if one]


def key_lives(register: Iterable[RecordedEvent]) -> list[KeyLife]:
    """Every key, in the order of enrolment.

    Args:
        register: the events of the register, oldest first.
    """
    lives: dict[tuple[AccountId, Sha256], KeyLife] = {}
    for recorded in register:
        event = recorded.event
        if isinstance(event, AccountKeyEnrolled):
            key = AuthorKey(scheme=event.scheme, public=event.public).id
            new = KeyLife(event.account, key, event.scheme, recorded)
            lives.setdefault((event.account, key), new)
        elif isinstance(event, AccountKeyCountersigned | AccountKeyRetired):
            about = event.account, event.fingerprint
            if (life := lives.get(about)) and isinstance(event, AccountKeyRetired):
                lives[about] = life._replace(retired=recorded)
            elif life:
                lives[about] = life._replace(countersigned=recorded)
    return [*lives.values()]
