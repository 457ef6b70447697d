"""A dossier once more (再取卷宗): the file of one that was issued, for those who may see it all.

Nothing is recorded and nothing is signed: what covers it is a checkpoint that the signer has left.
"""

from hashlib import sha256

from application.dossier import assemble
from application.look import point_of, record_of
from documents.enclosures import enclosures
from ledger import refusals
from ledger.dossier import write
from ledger.envelope import REGISTER, StreamId
from ledger.events import DossierIssued
from ledger.ledger import Ledger
from ledger.log.checkpoint import SignedCheckpoint
from ledger.store import Store
from ledger.values import Invalid


class NotSignedYet(Invalid):
    """The signer has not come as far as the entry that somebody wants proven."""

    def __init__(self) -> None:
        super().__init__(
            "这一条尚未签名，存证证明和卷宗要等签名程序签到此处；请稍后再取",
            "this entry is not signed yet; receipts and dossiers are there once the signer has come"
            " so far; try again later",
        )


def dossier_again(store: Store, case: StreamId, version: int) -> bytes:
    """The file of a dossier that was issued.

    Args:
        store: where the case is.
        case: its name.
        version: of the event that states so.

    Raises:
        NotSignedYet: try again later.
        NotFound: no such case, or no dossier was issued there.
        Invalid: this program makes other enclosures than those that the event binds.
    """
    ledger = Ledger(store, once=True)
    record = record_of(ledger, case)
    dossiers = {
        recorded.version: (recorded, recorded.event)
        for recorded in record
        if isinstance(recorded.event, DossierIssued)
    }
    if version not in dossiers:
        raise refusals.unknown_dossier(case, version, dossiers)
    issued, event = dossiers[version]
    position = issued.position
    covering = next(
        (kept for kept in store.checkpoints() if position is not None and kept.size > position),
        None,
    )
    if covering is None:
        raise NotSignedYet
    registered = next((end.version for end in event.streams if end.stream == REGISTER), None)
    point = point_of(ledger, record_of(ledger, case, event.covers), upto=registered)
    files = enclosures(point, issued.dated, event.indicator)
    made = {name: sha256(data).hexdigest() for name, data in files.items()}
    if made != {enclosed.name: enclosed.sha256 for enclosed in event.enclosures}:
        raise Invalid(
            f"本程序做出的附件与第 {version} 条所列的不同，当时的程序版本是"
            f"{event.program or '未写明的一版'}；请另行出具卷宗",
            f"this program makes other enclosures than v{version} binds (made by version"
            f" {event.program or 'unknown'}); issue another dossier",
        )
    signed = SignedCheckpoint.parse(covering.note)
    return write(assemble(store, ledger, issued, signed, files, set()))
