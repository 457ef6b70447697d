"""Receipts as COSE (RFC 9942): from the roots that the signer has signed, without its key."""

from pathlib import Path
from typing import Final

from application.fleet_receipt import FIRST, TwoStepReceipt
from application.handed_over import RECEIPT, receipt_of, unreadable
from intake.files import MEBIBYTE, read_bytes
from ledger import gzipped
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.cose import FIRST_BYTE, CoseReceipt, TransparentStatement, signed_roots
from ledger.log.receipt import Receipt
from ledger.log.tree import ProofError, inclusion_proof
from ledger.store import Store
from ledger.values import Invalid

COSE: Final = 'application/cose; cose-type="cose-sign1"'
"""The media type of COSE_Sign1 messages (RFC 9052, section 11.2)."""

UNCOMPRESSED_MAX: Final = MEBIBYTE
"""Bytes of a receipt that was compressed: more than its parts can have together."""

AnyReceipt = Receipt | TwoStepReceipt | CoseReceipt | TransparentStatement


def cose_receipts(store: Store, position: int, signed: SignedCheckpoint) -> list[CoseReceipt]:
    """That an entry is in the log, once for each of its keys; none below older checkpoints.

    Raises:
        ProofError: the checkpoint is older than the entry.
    """
    size = signed.checkpoint.head.size
    path = tuple(inclusion_proof(store.hashes(size), position, size))
    return [CoseReceipt(root, position, size, path) for root in signed_roots(signed.note)]


def kept_cose_receipt(store: Store, position: int) -> bytes | None:
    """The receipt of an entry under the first signed checkpoint that covers it.

    Serving it needs no key; `None` until the signer has come so far.

    Args:
        store: where it is.
        position: of the entry in the log.
    """
    for kept in store.checkpoints():
        if kept.size > position:
            for made in cose_receipts(store, position, SignedCheckpoint.parse(kept.note)):
                return bytes(made)
    return None


def any_receipt(name: str, data: bytes) -> AnyReceipt:
    """A receipt of any form, compressed or not, from the bytes of a file of that name.

    Raises:
        Invalid: the way here has damaged it, or uncompressed it is longer than a receipt can be.
        ProofError: it is none, by its content.
    """
    if data.startswith(gzipped.FIRST):
        try:
            data = gzipped.uncompressed(data, UNCOMPRESSED_MAX)
        except Invalid as error:
            raise unreadable(name, RECEIPT, error.text) from None
    if data.startswith(FIRST):
        return TwoStepReceipt.parse(data)
    if not data.startswith(FIRST_BYTE):
        return receipt_of(name, data)
    try:
        return TransparentStatement.parse(data)
    except ProofError:
        return CoseReceipt.parse(data)


def read_any_receipt(path: Path) -> AnyReceipt:
    """A receipt of any form, from a file.

    Raises:
        Invalid: it cannot be read, the way here has damaged it, or it is too long.
        ProofError: it is none, by its content.
    """
    return any_receipt(str(path), read_bytes(path))


def entry_inside(held: AnyReceipt) -> bytes | None:
    """The bytes of the entry, where the receipt holds them: a statement does."""
    return held.entry if isinstance(held, TransparentStatement) else None
