"""Signed commands (已签名的操作): how many their authors have signed, and what lacks it.

What is wrong with signatures is what `verify` finds (`ledger.author_proofs`).
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from ledger.author_key import can_verify
from ledger.author_proofs import SignatureFault, by_command
from ledger.envelope import RecordedEvent
from ledger.language import Text
from projections.as_of import CaseAsOf

NONE: Final[Mapping[int, SignatureFault]] = {}


class Signed(NamedTuple):
    """How many commands were recorded, and how many of them their authors have signed.

    Attributes:
        acts: all of them.
        signed: of these, with a signature that is verified here and holds.
        unchecked: with one that nothing here can verify; they are not among the signed.
        faults: what is wrong with others, and the versions of their first events.
    """

    acts: int
    signed: int
    unchecked: int = 0
    faults: tuple[tuple[Text, tuple[int, ...]], ...] = ()

    @property
    def is_worth_telling(self) -> bool:
        """Whether anybody signs in the case, or should have."""
        return bool(self.signed or self.unchecked or self.faults)

    @property
    def fault_words(self) -> Text:
        """What lacks a sound signature and why, in a sentence."""
        named = [(text, [f"v{version}" for version in found]) for text, found in self.faults]
        return Text(
            "；".join(f"{text.zh}：{'、'.join(versions)}" for text, versions in named),
            "; ".join(f"{text.en}: {', '.join(versions)}" for text, versions in named),
        )

    @property
    def words(self) -> Text:
        """In a sentence."""
        if not self.faults:
            return self.counted
        counted, faults = self.counted, self.fault_words
        return Text(f"{counted.zh}；{faults.zh}", f"{counted.en}; {faults.en}")

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


def count_signed(
    record: Iterable[RecordedEvent], faults: Mapping[int, SignatureFault] = NONE
) -> Signed:
    """How many commands events were recorded by, and how many of them are signed.

    Args:
        record: events of any streams.
        faults: what is wrong with their signatures, by version, where they are of one.
    """
    first_events = {(one.case, one.command.id): one for one in record}
    sound = [
        one.signed for one in first_events.values() if one.signed and one.version not in faults
    ]
    checked = sum(can_verify(signed.scheme) for signed in sound)
    return Signed(len(first_events), checked, len(sound) - checked)


def signed_in_case(point: CaseAsOf) -> Signed:
    """How many commands of a case are signed, and which not as they should be."""
    faults, named = point.proofs.faults, dict[Text, list[int]]()
    for first, *_ in by_command(point.history) if faults else ():
        if fault := faults.get(first.version):
            named.setdefault(fault.text, []).append(first.version)
    found = tuple((text, tuple(versions)) for text, versions in named.items())
    return count_signed(point.history, faults)._replace(faults=found)


def signed_in_words(point: CaseAsOf) -> list[Text]:
    """The same in a sentence, where there is something to tell."""
    found = signed_in_case(point)
    return [found.words] if found.is_worth_telling else []
