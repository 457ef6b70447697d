"""Signed acts (已签名的操作): how many of what was done its authors have signed, and what lacks it.

Whether a signature holds is for `verify`: who reads a case every day sees what is there.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from ledger.envelope import RecordedEvent
from ledger.language import Text
from projections.as_of import CaseAsOf

NONE: Final[Mapping[int, date]] = {}


class Signed(NamedTuple):
    """How many commands were recorded, and how many of them their authors have signed.

    Attributes:
        acts: all of them.
        signed: of these, with a signature that is verified here.
        unchecked: with one that nothing here can verify; they are not among the signed.
        lacking: those that have none though it was demanded, by the version of their first event,
            with the day from which on it was.
    """

    acts: int
    signed: int
    unchecked: int = 0
    lacking: Mapping[int, date] = NONE

    @property
    def is_worth_telling(self) -> bool:
        """Whether anybody signs in the case, or should have."""
        return bool(self.signed or self.unchecked or self.lacking)

    @property
    def lacking_words(self) -> Text:
        """What lacks a signature, in a sentence."""
        since, named = min(self.lacking.values()), [f"v{version}" for version in self.lacking]
        return Text(
            f"自 {since} 起须有办理人签名而没有：{'、'.join(named)}",
            f"signatures of authors are demanded from {since} on, and these have none:"
            f" {', '.join(named)}",
        )

    @property
    def words(self) -> Text:
        """In a sentence."""
        if not self.lacking:
            return self.counted
        counted, lacking = self.counted, self.lacking_words
        return Text(f"{counted.zh}；{lacking.zh}", f"{counted.en}; {lacking.en}")

    @property
    def counted(self) -> Text:
        """How many there are."""
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


def signed_in_case(point: CaseAsOf) -> Signed:
    """How many commands of a case are signed, and which are not though they should be."""
    first = {recorded.command.id: recorded for recorded in reversed(point.history)}
    found = {
        one.version: since
        for one in reversed(first.values())
        if (since := point.unsigned_since(one))
    }
    return signed_acts(point.history)._replace(lacking=found)


def signed_in_words(point: CaseAsOf) -> list[Text]:
    """The same in a sentence, where there is something to tell."""
    found = signed_in_case(point)
    return [found.words] if found.is_worth_telling else []
