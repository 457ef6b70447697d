"""Verification of receipts (存证证明核验): what one proves to somebody who trusts these keys."""

from typing import NamedTuple

from application.cose_receipts import AnyReceipt
from application.fleet_receipt import TwoStepReceipt, VerifiedTwoSteps, verify_two_steps
from ledger.language import Text
from ledger.log.policy import TrustPolicy
from ledger.log.receipt import Receipt
from ledger.practice import must_be_asked_for


class VerifiedReceipt(NamedTuple):
    """What a receipt proves.

    Attributes:
        log: the name of the log that the entry is in.
        position: of the entry; `None` where the receipt is COSE, which does not sign it.
        size: of the log; `None` likewise.
    """

    log: str
    position: int | None
    size: int | None

    def sentence(self) -> Text:
        """The same in words."""
        if self.position is None:
            return Text(
                f"相符：在日志 {self.log} 中（COSE 不证明位置）",
                f"verified: in the log {self.log} (COSE proves no position)",
            )
        return Text(
            f"相符：日志位置 {self.position}，{self.size} 条",
            f"verified: position {self.position} in a log of {self.size}",
        )


def verify_receipt(
    held: AnyReceipt, entry: bytes, policy: TrustPolicy
) -> VerifiedReceipt | VerifiedTwoSteps:
    """Check that these bytes are in the log of the receipt's signer.

    Raises:
        ProofError: they are not, or nobody that is trusted says so.
        OnlyPractice: it is of a practice ledger, and that was not asked for; or the reverse.
    """
    if isinstance(held, TwoStepReceipt):
        return verify_two_steps(held, entry, policy)
    if not isinstance(held, Receipt):
        key = held.verify(entry, policy.log)
        must_be_asked_for(key.name, practice=policy.practice)
        policy.check([key])
        return VerifiedReceipt(key.name, None, None)
    must_be_asked_for(held.checkpoint.checkpoint.origin, practice=policy.practice)
    policy.check(key for key, _ in held.verify(entry, policy.log, policy.witnesses))
    name, head, _ = held.checkpoint.checkpoint
    return VerifiedReceipt(name, held.position, head.size)
