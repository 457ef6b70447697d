"""Where the entry of a receipt is in this log (存证证明的位置), for every form of receipt."""

from typing import NamedTuple

from application.cose_receipts import AnyReceipt
from application.fleet_receipt import TwoStepReceipt
from ledger.log.cose import CoseReceipt, TransparentStatement
from ledger.log.tree import ProofError, inclusion_root, leaf_hash, root_from
from ledger.store import Store


class ReceiptPosition(NamedTuple):
    """What a receipt covers.

    Attributes:
        position: of its entry in the log, from 0.
        size: how many entries the log had when it was signed.
    """

    position: int
    size: int


def position_of(store: Store, held: AnyReceipt) -> ReceiptPosition:
    """The position of a receipt's entry, and the size that its signature covers.

    Of one in two steps, it is the first. A COSE receipt does not sign them: its proof has to lead
    from this log's entry to its root.

    Raises:
        ProofError: it is not of this log as it is now.
    """
    if isinstance(held, TransparentStatement):
        held = held.receipts[0]
    if isinstance(held, TwoStepReceipt):
        held = held.inner
    if isinstance(held, CoseReceipt):
        position, size = held.position, held.size
        entry = store.entry_at(position)
        root = entry and inclusion_root(leaf_hash(entry.entry), position, held.path, size)
    else:
        position, (size, root) = held.position, held.checkpoint.checkpoint.head
    last = store.entry_at(size - 1)
    if last is None or root_from(store.hashes(size), size) != root:
        raise ProofError(
            "存证证明不是这个记录库的，或记录库此后被改写",
            "the receipt does not belong to this ledger, or the ledger was rewritten since",
        )
    return ReceiptPosition(position, size)
