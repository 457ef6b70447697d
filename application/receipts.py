"""Receipts (存证证明): proof that an entry is in the log, checked without this program."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Literal, get_args

from application.clock import Clock
from application.cose_receipts import cose_receipts
from application.fleet_receipt import issue_two_steps
from application.place import LedgerPlace
from application.sign import keys, may_sign, sign, sign_in_full, signing
from ledger import refusals
from ledger.envelope import RecordedEvent, is_case
from ledger.events import RECEIPT_EVENTS
from ledger.gzipped import compressed
from ledger.log.atomic_files import sync, translated_errors, write
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.cose import TransparentStatement
from ledger.log.receipt import Receipt
from ledger.log.tree import inclusion_proof
from ledger.store import Store
from ledger.store.entries import Entry
from ledger.values import Invalid

ReceiptForm = Literal["tlog-proof", "cose", "statement"]
"""C2SP tlog-proof; RFC 9942; RFC 9943, which holds the entry as well."""

FORMS: Final = get_args(ReceiptForm)


def receipt(store: Store, position: int, signed: SignedCheckpoint) -> Receipt:
    """That an entry is in the log.

    Raises:
        ProofError: the checkpoint is older than the entry.
    """
    size = signed.checkpoint.head.size
    path = inclusion_proof(store.hashes(size), position, size)
    return Receipt(position, tuple(path), signed)


def entry_to_prove(store: Store, case: str, version: int | None = None) -> Entry:
    """An entry that a receipt can be issued for: that version of the stream, or the last.

    Raises:
        Invalid: there is no such entry, or it is not sealed.
    """
    history = store.read(case)
    if not history:
        raise refusals.unknown_case(case, filter(is_case, (name for name, _ in store.streams())))
    wanted = len(history) if version is None else version
    if not 1 <= wanted <= len(history):
        raise Invalid(f"{case} 没有第 {wanted} 条", f"{case} has no event {wanted}")
    if history[wanted - 1].position is None:
        raise Invalid("这一条尚未编入日志", "the entry is not yet in the log")
    return history[wanted - 1]


def issue_receipt(  # noqa: PLR0913, PLR0917 - where, when and in which form
    store: Store,
    clock: Clock,
    place: LedgerPlace,
    entry: Entry,
    form: ReceiptForm = "tlog-proof",
    upper: str | None = None,
) -> bytes:
    """Sign the log and give the receipt of one entry in one of its forms.

    With the ledger of an upper level, nothing is signed: it is in two steps, by what is signed.
    Neither is anything in an archive, whose final checkpoint covers every entry.

    Raises:
        Invalid: there is no key.
        ProofError: the log is not what was signed before, grown.
    """
    assert entry.position is not None  # noqa: S101 - it is one of `entry_to_prove`
    if upper:
        with LedgerPlace(upper).open() as above:
            return issue_two_steps(store, entry, above)
    final = store.last_checkpoint() if place.archive else None
    signed = SignedCheckpoint.parse(final.note) if final else sign_in_full(store, clock, place)
    if form == "tlog-proof":
        return bytes(receipt(store, entry.position, signed.brief()))
    receipts = cose_receipts(store, entry.position, signed)
    if form == "cose":
        return bytes(receipts[0])
    return bytes(TransparentStatement.make(keys(place)[0], entry.entry, entry.case_id, receipts))


def as_file(path: Path, made: bytes) -> bytes:
    """The bytes of a receipt in a file of that name: compressed where it ends in `.gz`."""
    return compressed(made) if path.suffix == ".gz" else made


def kept_receipt(store: Store, position: int) -> bytes | None:
    """The receipt of an entry under the first checkpoint that covers it; `None` until then.

    Args:
        store: where it is.
        position: of the entry in the log.
    """
    covering = next((kept for kept in store.checkpoints() if kept.size > position), None)
    if covering is None:
        return None
    return bytes(receipt(store, position, SignedCheckpoint.parse(covering.note).brief()))


def hand_out(
    store: Store, clock: Clock, place: LedgerPlace, recorded: Sequence[RecordedEvent]
) -> list[Path]:
    """Sign and write a receipt for each submission, issue and decision among these events.

    The bytes of the entry are next to it: who has both needs nothing else of ours.

    Returns:
        Where they lie; none where no key was set up.

    Raises:
        SigningFailed: there should be some, and signing was refused or failed.
    """
    due = [event for event in recorded if isinstance(event.event, RECEIPT_EVENTS)]
    with signing(recorded):
        if not due or not may_sign(place):
            return []
        signed = sign(store, clock, place).brief()
        return [_written(store, _folder(place), event, signed) for event in due]


def lacking(place: LedgerPlace, recorded: Iterable[RecordedEvent]) -> list[RecordedEvent]:
    """Of recorded events, those whose receipt is due and was not written yet."""
    due = (event for event in recorded if isinstance(event.event, RECEIPT_EVENTS))
    return [event for event in due if not _path(_folder(place), event).exists()]


def _folder(place: LedgerPlace) -> Path:
    return place.key_file.with_name(f"{place.key_file.stem}.receipts")


def _path(folder: Path, recorded: RecordedEvent) -> Path:
    return folder / f"{recorded.case}-v{recorded.version}.tlog-proof"


def _written(store: Store, folder: Path, recorded: RecordedEvent, signed: SignedCheckpoint) -> Path:
    assert recorded.position is not None  # noqa: S101 - recorded, so it has its position
    path = _path(folder, recorded)
    _hand_out(path.with_suffix(".json"), recorded.entry)
    _hand_out(path, bytes(receipt(store, recorded.position, signed)))
    return path


def _hand_out(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all: nobody holds half a receipt.

    Raises:
        Invalid: it cannot be written.
    """
    with translated_errors(path):
        path.parent.mkdir(exist_ok=True)
        write(path, data, draft=path.with_name(".draft"), mode=0o644)
        sync(path.parent)
