"""Receipts in two steps (两级存证证明): an entry is in a log, and that log's checkpoint in another.

The upper level's ledger holds the checkpoint of the first log as an entry of its own, so who
trusts one key of each needs nothing else. The file holds, one below the other with empty lines
between: the inclusion proof of the entry without its checkpoint, the entry of the upper ledger that
holds that checkpoint, and the receipt of it (docs/formats/two-step.md).
"""

from typing import Final, NamedTuple, Self

import msgspec

from ledger.codec import UnreadableEntry, decode
from ledger.envelope import REGISTER, RecordedEvent
from ledger.events import CheckpointTaken
from ledger.language import Text
from ledger.ledger import Ledger
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import Signature, VerifierKey
from ledger.log.policy import TrustPolicy
from ledger.log.receipt import Receipt
from ledger.log.tree import ProofError, inclusion_proof
from ledger.practice import must_be_asked_for
from ledger.store import Store
from ledger.store.entries import Entry
from ledger.values import Invalid

FIRST: Final = b"scoretrail/two-step@v1\n"
_PROOF: Final = b"c2sp.org/tlog-proof@v1\n"


class TwoStepReceipt(NamedTuple):
    """That an entry is in a log whose checkpoint is in another one; neither is believed yet.

    Attributes:
        inner: of the entry, under the checkpoint that the upper ledger has taken up.
        taken: the entry of the upper ledger that holds that checkpoint.
        outer: of that entry.
    """

    inner: Receipt
    taken: bytes
    outer: Receipt

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The receipt in these bytes: `bytes(receipt)` is the same again.

        Raises:
            ProofError: it is none.
        """
        above, _, rest = data.removeprefix(FIRST).partition(b"\n\n")
        taken, between, outer = rest.partition(b"\n\n")
        if not data.startswith(FIRST) or not between:
            raise _malformed("不完整", "it is not whole")
        note = _checkpoint_in(taken)
        return cls(Receipt.parse(_PROOF + above + b"\n\n" + note), taken, Receipt.parse(outer))

    def __bytes__(self) -> bytes:
        above = bytes(self.inner).removeprefix(_PROOF).partition(b"\n\n")[0]
        return FIRST + b"\n\n".join((above, self.taken, bytes(self.outer)))

    def verify(self, entry: bytes, policy: TrustPolicy) -> list[tuple[VerifierKey, Signature]]:
        """Check that these bytes are in the first log, and its checkpoint in the upper one.

        Raises:
            ProofError: it is not shown, or one of the two logs is not trusted.
        """
        lower, upper = self.inner.checkpoint.checkpoint.origin, self.outer.checkpoint.checkpoint
        if lower == upper.origin:
            raise _malformed("两级是同一日志", "both steps are of one log")
        signatures = self.outer.verify(self.taken, policy.log, policy.witnesses)
        return [*signatures, *self.inner.verify(entry, policy.log)]


class VerifiedTwoSteps(NamedTuple):
    """What a receipt in two steps proves.

    Attributes:
        log: the name of the log that the entry is in.
        position: of the entry; `size` of that log.
        upper: the name of the upper log.
        upper_position: of the entry there that holds the checkpoint; `upper_size` of that log.
    """

    log: str
    position: int
    size: int
    upper: str
    upper_position: int
    upper_size: int

    def sentence(self) -> Text:
        """The same in words."""
        return Text(
            f"相符：在日志 {self.log} 的位置 {self.position}（{self.size} 条），其检查点在上级日志"
            f" {self.upper} 的位置 {self.upper_position}（{self.upper_size} 条）",
            f"verified: position {self.position} in {self.log} of {self.size}, whose checkpoint is"
            f" at position {self.upper_position} in {self.upper} of {self.upper_size}",
        )


def verify_two_steps(held: TwoStepReceipt, entry: bytes, policy: TrustPolicy) -> VerifiedTwoSteps:
    """Check a receipt in two steps, with a public key of each log.

    Raises:
        ProofError: it is not shown, or nobody that is trusted says so.
        OnlyPractice: it is of a practice ledger, and that was not asked for; or the reverse.
    """
    lower, upper = held.inner.checkpoint.checkpoint, held.outer.checkpoint.checkpoint
    must_be_asked_for(lower.origin, practice=policy.practice)
    policy.check(key for key, _ in held.verify(entry, policy))
    return VerifiedTwoSteps(
        *(lower.origin, held.inner.position, lower.head.size),
        *(upper.origin, held.outer.position, upper.head.size),
    )


def checkpoints_taken(upper: Store) -> dict[str, SignedCheckpoint]:
    """What an upper ledger has taken up last of each log, by its name."""
    return {signed.checkpoint.origin: signed for signed, _ in _every_taken(upper)}


def issue_two_steps(store: Store, entry: Entry, upper: Store) -> bytes:
    """The receipt of an entry under the first checkpoint that the upper ledger has taken up of it.

    Args:
        store: the ledger of the entry.
        entry: one that has its position.
        upper: the upper ledger; nothing is signed there.

    Raises:
        Invalid: the upper ledger has not taken it up, or not signed that yet.
    """
    kept = store.last_checkpoint()
    origin = SignedCheckpoint.parse(kept.note).checkpoint.origin if kept else ""
    position = entry.position or 0
    for signed, taken in _every_taken(upper):
        size = signed.checkpoint.head.size
        if signed.checkpoint.origin != origin or size <= position or taken.position is None:
            continue
        covering = next((one for one in upper.checkpoints() if one.size > taken.position), None)
        if covering is None:
            break
        path = tuple(inclusion_proof(store.hashes(size), position, size))
        above = SignedCheckpoint.parse(covering.note).brief()
        total = above.checkpoint.head.size
        outer = tuple(inclusion_proof(upper.hashes(total), taken.position, total))
        return bytes(
            TwoStepReceipt(
                Receipt(position, path, signed), taken.entry, Receipt(taken.position, outer, above)
            )
        )
    raise Invalid(
        f"上级记录库 {upper.place} 尚未登记 {origin or store.place} 含有这一条的检查点，或登记后尚"
        "未签名。",
        f"The upper ledger {upper.place} has not taken up a checkpoint of {origin or store.place}"
        " that covers this entry, or has not signed since.",
        rule="not-taken-up",
    )


def _every_taken(upper: Store) -> list[tuple[SignedCheckpoint, RecordedEvent]]:
    return [
        (SignedCheckpoint.parse(recorded.event.checkpoint.encode()), recorded)
        for recorded in Ledger(upper).history(REGISTER)
        if isinstance(recorded.event, CheckpointTaken)
    ]


def _checkpoint_in(taken: bytes) -> bytes:
    """The checkpoint in an entry of an upper ledger, as it was signed.

    Raises:
        ProofError: it is no such entry.
    """
    try:
        event = decode(taken, None).event
    except (UnreadableEntry, msgspec.MsgspecError) as error:
        raise _malformed("上级条目无法读取", "the upper entry cannot be read") from error
    if not isinstance(event, CheckpointTaken):
        raise _malformed("上级条目没有检查点", "the upper entry holds no checkpoint")
    return event.checkpoint.encode()


def _malformed(zh: str, en: str) -> ProofError:
    return ProofError(f"两级存证证明：{zh}", f"receipt in two steps: {en}")
