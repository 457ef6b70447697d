"""Dossier (卷宗): the exact answer to an appeal, recorded as issued and put into one file.

Its enclosures, its range and the streams it depends on come from one reading. Where somebody
records something in the meantime, nothing is recorded here, and it is made again.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from application.clock import Clock
from application.confirmed import NOTHING, Confirmed
from application.dossier_record import record_dossier
from application.place import LedgerPlace
from application.receipts import receipt
from application.sign import sign, signing
from ledger.dossier import Dossier, write
from ledger.envelope import RecordedEvent
from ledger.events import DossierIssued
from ledger.ledger import Ledger
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.tree import consistency_proof
from ledger.store import Store
from ledger.values import AccountId, IndicatorId


class IssuedDossier(NamedTuple):
    """A dossier that was recorded as issued.

    Attributes:
        issued: the event.
        data: the bytes of the file.
    """

    issued: RecordedEvent
    data: bytes


def issue_dossier(  # noqa: PLR0913 - who, when, of what, for whom
    store: Store,
    clock: Clock,
    account: AccountId,
    place: LedgerPlace,
    case: str,
    *,
    key: str,
    dated: date | None = None,
    indicator: IndicatorId | None = None,
    purpose: str | None = None,
    held: Collection[SignedCheckpoint] = (),
    confirmed: Confirmed = NOTHING,
) -> IssuedDossier:
    """Record that a dossier is issued, sign the log, and make the file.

    Args:
        store: where the case is.
        clock: when.
        account: who issues it.
        place: whose key signs.
        case: what it is about.
        key: idempotency key.
        dated: business date; the clock's day where it is not given.
        indicator: the row that its change log is about; the whole case without it.
        purpose: what it answers.
        held: checkpoints of the reader: that the log only grew since is proven to them.
        confirmed: what is meant so, although it looks like a slip.

    Raises:
        DatabaseDamaged: what is read is not what is stored; nothing was recorded.
        Invalid: no such case or indicator, or no key; nothing was recorded.
        ProofError: the log is not what was signed before, grown; nothing was recorded.
        EnvelopeRefused: a rule forbids it; nothing was recorded.
        VersionConflict: somebody else was faster, again and again; nothing was recorded.
        SigningFailed: it is recorded, but there is no file.
    """
    sign(store, clock, place)  # where that is refused, nothing is recorded either
    done, read, files = record_dossier(
        *(store, clock, account, case),
        key=key,
        dated=dated,
        indicator=indicator,
        purpose=purpose,
        confirmed=confirmed,
    )
    (issued,) = done.recorded
    sizes = {signed.checkpoint.head.size for signed in held}
    with signing([issued]):
        dossier = assemble(store, read, issued, sign(store, clock, place), files, sizes)
        return IssuedDossier(issued, write(dossier))


def assemble(  # noqa: PLR0913, PLR0917 - what a dossier is made of
    store: Store,
    read: Ledger,
    issued: RecordedEvent,
    signed: SignedCheckpoint,
    files: dict[str, bytes],
    sizes: set[int],
) -> Dossier:
    """The entries of the case up to its last, and of the streams that it depends on."""
    event = issued.event
    assert isinstance(event, DossierIssued)  # noqa: S101 - the command makes no other
    ends = [
        (issued.case, issued.version - 1),
        *((end.stream, end.version) for end in event.streams),
    ]
    entries: dict[int, bytes] = {}
    for name, version in ends:
        stream, _ = read.reading.read(name, version)
        if any(position is None for position, _ in stream):  # it has got its position since
            stream, _ = Ledger(store).reading.read(name, version)
        entries |= {position: entry for position, entry in stream if position is not None}
    assert issued.position is not None  # noqa: S101 - recorded, so it has its position
    entries[issued.position] = issued.entry
    signed = signed.brief()  # each receipt would repeat the rest
    head = signed.checkpoint.head
    sizes |= {
        checkpoint.size for checkpoint in store.checkpoints() if 0 < checkpoint.size < head.size
    }
    hashes = store.hashes(head.size)
    return Dossier(
        checkpoint=bytes(signed.note),
        entries=dict(sorted(entries.items())),
        receipts={at: bytes(receipt(store, at, signed)) for at in sorted(entries)},
        consistency={
            size: consistency_proof(hashes, size, head.size) for size in sizes if size < head.size
        },
        enclosures=files,
    )
