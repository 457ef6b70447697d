"""The public page (公开页): heads of the log and their growth, for everybody, as static HTML."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final, get_args

from application.look import time_zone
from application.written_file import write_whole
from documents.html import html
from documents.log_heads import Head, Heads, log_heads
from documents.practice import marked
from ledger.language import Language
from ledger.ledger import Ledger
from ledger.log.atomic_files import translated_errors
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.tree import consistency_proof
from ledger.log.witness_request import WitnessRequest
from ledger.store import Store
from ledger.store.entries import StoredCheckpoint
from ledger.values import Invalid

NAME: Final = "heads"


def write_heads(store: Store, folder: Path, vkeys: Sequence[str]) -> list[Path]:
    """Write the page in each language; returns where.

    Nothing is signed: what the log has signed so far is shown.

    Args:
        store: of the ledger.
        folder: that the log is published to, or any other; made where it is missing.
        vkeys: public keys of the log.

    Raises:
        Invalid: nothing was signed yet, or the page cannot be written there.
        ProofError: what is kept there is no checkpoint.
    """
    kept = [stored for stored in store.checkpoints() if stored.size]
    if not kept:
        raise Invalid(
            "日志尚未签过检查点。请先签名。", "no checkpoint was signed yet. Sign one first."
        )
    zone, practice = time_zone(store), Ledger(store).practice
    shown = Heads(_heads(store, _shown(kept, zone)), len(kept), zone, tuple(vkeys))
    with translated_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for language in get_args(Language):
        paths.append(folder / f"{NAME}.{language}.html")
        page = marked(log_heads(shown, language), practice=practice)
        write_whole(paths[-1], [html(page)])
    return paths


def _shown(kept: Sequence[StoredCheckpoint], zone: tzinfo) -> list[StoredCheckpoint]:
    """The last checkpoint of each day, and every one that a witness has cosigned.

    A signer that runs signs twice a second: nobody reads a page of all of them.
    """
    last_of_day = {
        datetime.fromisoformat(stored.signed_at).astimezone(zone).date(): stored.size
        for stored in kept
    }
    sizes = set(last_of_day.values())
    return [stored for stored in kept if stored.size in sizes or _is_cosigned(stored)]


def _is_cosigned(stored: StoredCheckpoint) -> bool:
    origin, note = SignedCheckpoint.parse(stored.note)
    return any(line.name != origin.origin for line in note.signatures)


def _heads(store: Store, shown: Sequence[StoredCheckpoint]) -> tuple[Head, ...]:
    heads, old = [], 0
    for stored in shown:
        path = consistency_proof(store.hashes(stored.size), old, stored.size)
        request = WitnessRequest(old, tuple(path), SignedCheckpoint.parse(stored.note).handed_out())
        heads.append(Head(request, stored.signed_at))
        old = stored.size
    return tuple(heads)
