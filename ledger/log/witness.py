"""The witness: states that a published log only grew, from nothing but what is published.

It needs no copy of the ledger and believes nobody: the proof comes from the tiles, and the past
from its own file. Steps, numbered again where they are done:

1. the published checkpoint is signed by the log;
2. so is the one seen last, and it is of the same log;
3. by the published tiles the log has the root that it states, and only grew since;
4. remember, before anybody sees it: what was cosigned can never be forgotten;
5. cosign.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ledger.log.atomic_files import locked, sync, translated_errors, write
from ledger.log.checkpoint import SignedCheckpoint, WitnessSigningKey
from ledger.log.ml_dsa import MlDsaSigningKey
from ledger.log.note import Note, VerifierKey
from ledger.log.publish import published, published_tiles
from ledger.log.tiles import check_tiles, hash_reader
from ledger.log.tree import EMPTY_ROOT, ProofError, TreeHead, verify_extension
from ledger.values import Invalid

SEEN: Final = 0o644
"""Rights of the file of what was seen last: nothing in it is secret."""


Cosigner = WitnessSigningKey | MlDsaSigningKey


def cosign(
    folder: Path, seen: Path, log: Sequence[VerifierKey], keys: Sequence[Cosigner], time: int
) -> Note:
    """The published checkpoint with one more cosignature, or one for each kind of key.

    Args:
        folder: what the log has published, or a copy of it.
        seen: the checkpoint that this witness saw last; there is no such file at first. It must
            not be restored from a backup.
        log: keys of the log.
        keys: of the witness; each cosigns.
        time: seconds since 1970.

    Raises:
        ProofError: the log has not signed it, or it is not what was seen before, grown.
        Invalid: nothing is published there, or a file cannot be read or written.
    """
    with locked(seen.parent):
        # 1. The published checkpoint.
        with translated_errors(folder):
            signed = published(folder)
        if signed is None:
            raise Invalid(
                f"{folder} 没有公布检查点；请给出日志公布到的目录",
                f"no checkpoint is published in {folder}; name the folder that the log is"
                " published to",
                rule="nothing-published",
                subject=str(folder),
            )
        signed.verify(log)
        # 2. The one seen last.
        last = _seen(seen, log, signed.checkpoint.origin)
        # 3. The log only grew, and all of it can be read here.
        head = signed.checkpoint.head
        read_tile = published_tiles(folder)
        verify_extension(last, head, hash_reader(read_tile, head.size))
        check_tiles(head, read_tile)
        # 4. Remember.
        write(seen, bytes(signed.note), draft=seen.with_name(f"{seen.name}.part"), mode=SEEN)
        sync(seen.parent)
        # 5. Cosign.
        text, signatures = signed.note
        return Note(text, (*signatures, *(key.cosign(text, time) for key in keys)))


def _seen(path: Path, log: Sequence[VerifierKey], origin: str) -> TreeHead:
    if not path.exists():
        return TreeHead(0, EMPTY_ROOT)
    with translated_errors(path):
        last = SignedCheckpoint.parse(path.read_bytes())
    last.verify(log)
    if last.checkpoint.origin != origin:
        raise ProofError(
            f"上次所见是另一日志 {last.checkpoint.origin}",
            f"what was seen last is of another log, {last.checkpoint.origin}",
        )
    return last.checkpoint.head
