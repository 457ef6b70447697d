"""Last year's result (上年结果), cited from the ledger that this one goes on from, by a receipt.

The receipt is of that ledger's last checkpoint, whose root and key are in this one's register. So
this ledger alone shows that the cited entry is in the other log; and with the entry, from the
archive or as it was handed out, the same receipt shows its content.
"""

from typing import Final

from ledger import refusals
from ledger.events import (
    AppealDecided,
    CitedOutcome,
    PredecessorNamed,
    ResultCorrected,
    ResultIssued,
)
from ledger.language import Text
from ledger.log.tree import ProofError, TreeHead, verify_inclusion

OUTCOMES: Final = (ResultIssued, ResultCorrected, AppealDecided)
"""What states the result of a case; the last of them does."""


def check_cited(cited: CitedOutcome, before: PredecessorNamed | None) -> None:
    """See that a cited entry is in the log of the ledger before.

    Args:
        cited: what is cited.
        before: the ledger before, as the register names it; `None` where it names none.

    Raises:
        CommandRefused: it is not proven.
    """
    from ledger.log.note import VerifierKey  # noqa: PLC0415 - as in `author_key`
    from ledger.log.receipt import Receipt  # noqa: PLC0415 - the same

    if before is None:
        raise refusals.outcome_unproven(
            cited.case,
            Text("尚未登记上一年度的记录库", "no ledger of the year before is named"),
        )
    head = TreeHead(before.size, bytes.fromhex(before.root))
    try:
        receipt = Receipt.parse(cited.receipt.encode())
        checkpoint = receipt.checkpoint.checkpoint
        if (checkpoint.origin, checkpoint.head) != (before.origin, head):
            raise ProofError(
                f"存证证明不是 {before.origin} 最终检查点的",
                f"the receipt is not of the last checkpoint of {before.origin}",
            )
        receipt.checkpoint.verify([VerifierKey.parse(before.vkey)])
        verify_inclusion(bytes.fromhex(cited.leaf), receipt.position, receipt.path, head)
    except ProofError as error:
        raise refusals.outcome_unproven(cited.case, error.text) from error
