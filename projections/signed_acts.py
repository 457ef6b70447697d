"""Signed acts (已签名的操作): how many of what was done its authors have signed."""

from collections.abc import Iterable
from typing import NamedTuple

from ledger.envelope import RecordedEvent
from ledger.language import Text


class Signed(NamedTuple):
    """How many commands were recorded, and how many of them their authors have signed."""

    acts: int
    signed: int

    @property
    def words(self) -> Text:
        """In a sentence."""
        return Text(
            f"办理人签名：{self.acts} 个操作中 {self.signed} 个有签名",
            f"signed by their authors: {self.signed} of {self.acts} commands",
        )


def signed_acts(record: Iterable[RecordedEvent]) -> Signed:
    """How many commands events were recorded by, and how many of them are signed.

    Args:
        record: events of any streams.
    """
    acts = {(one.case, one.command.id): one.signed is not None for one in record}
    return Signed(len(acts), sum(acts.values()))
