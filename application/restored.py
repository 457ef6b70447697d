"""After a restore (恢复之后): what must not come back goes again, and nothing is forgotten.

A backup is older than what was lost. What was published since is remembered by the signer before it
is compared with the ledger, so that nothing contradicts it, even where an old state was restored.
Files that the record says are erased are erased again.
"""

from collections.abc import Iterator
from typing import Final

from application import checkpoints
from application.evidence import Erasure, erase, list_files
from application.place import LedgerPlace
from application.progress import Watch, unwatched
from application.sign import keys, state_file
from ledger.envelope import is_case
from ledger.language import Text
from ledger.ledger import Ledger
from ledger.log.checkpoint import Checkpoint, SignedCheckpoint
from ledger.log.signer import Signer
from ledger.log.tree import verify_extension
from ledger.store import Store

READING: Final = Text("正在读取", "reading")


def remember(store: Store, place: LedgerPlace, published: SignedCheckpoint) -> Checkpoint:
    """Let the signer remember what was published, and see that the ledger still has it.

    Returns:
        What it remembers as signed last.

    Raises:
        ProofError: the log's key has not signed it, or the ledger is older, or contradicts it;
            the signer signs nothing until the ledger has grown to it again.
        Invalid: there is no key, or what is remembered cannot be written.
    """
    signer = Signer(keys(place), state_file(place))
    if signer.is_lost:
        return checkpoints.resume(store, place, published)
    last, head = signer.remember(published), store.head()
    for earlier in (published.checkpoint.head, last.head):
        verify_extension(earlier, head, store.hashes(head.size))
    return last


def erase_again(store: Store, place: LedgerPlace, watch: Watch = unwatched) -> Iterator[Erasure]:
    """Erase the files that the record says are erased and that a backup has brought back."""
    if (folder := place.evidence_there()) is None:
        return
    ledger = Ledger(store, once=True)
    names = [name for name in ledger.streams() if is_case(name)]
    for name in watch(names, READING, len(names)):
        for file in list_files(folder, ledger.history(name).case, hashed=False):
            if file.state == "to-erase":
                yield erase(store, folder, file.sha256)
