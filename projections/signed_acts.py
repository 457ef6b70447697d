"""Signed acts (已签名的操作): how many of what was done its authors have signed."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from ledger.envelope import RecordedEvent
from ledger.language import Text


class Signed(NamedTuple):
    """How many commands were recorded, and how many of them their authors have signed.

    Attributes:
        acts: all of them.
        signed: of these, with a signature that is verified here.
        unchecked: with one that nothing here can verify; they are not among the signed.
    """

    acts: int
    signed: int
    unchecked: int = 0

    @property
    def words(self) -> Text:
        """In a sentence."""
        zh = f"办理人签名：{self.acts} 个操作中 {self.signed} 个有签名"
        en = f"signed by their authors: {self.signed} of {self.acts} commands"
        if not self.unchecked:
            return Text(zh, en)
        return Text(
            f"{zh}；另有 {self.unchecked} 个的签名未核验：{UNCHECKED.zh}",
            f"{en}; {self.unchecked} more have signatures that were NOT CHECKED: {UNCHECKED.en}",
        )


UNCHECKED: Final = Text(
    "此处没有能核验 SM2 的 openssl（3.0 以上）",
    "there is no openssl here that verifies SM2 (version 3.0 or later)",
)


def signed_acts(record: Iterable[RecordedEvent]) -> Signed:
    """How many commands events were recorded by, and how many of them are signed.

    Args:
        record: events of any streams.
    """
    from ledger.author_key import can_verify  # noqa: PLC0415 - needs the library for signatures

    acts = {(one.case, one.command.id): one.signed for one in record}
    signed = [signed for signed in acts.values() if signed is not None]
    checked = sum(can_verify(one.scheme) for one in signed)
    return Signed(len(acts), checked, len(signed) - checked)


def signed_in_words(record: Sequence[RecordedEvent]) -> list[Text]:
    """The same in a sentence, where authors have signed any."""
    return [signed_acts(record).words] if any(one.signed for one in record) else []
