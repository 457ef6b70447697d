"""Asking a witness (请求联署): the request that it is sent, with the proof in it."""

from collections.abc import Iterator, Sequence

from application.clock import Clock
from application.handed_over import read_witness_keys
from application.place import LedgerPlace
from application.sign import sign
from ledger.log.note import Note, VerifierKey
from ledger.log.tree import consistency_proof
from ledger.log.witness_request import WitnessRequest
from ledger.store import Store
from ledger.values import Invalid


def ask(
    store: Store,
    clock: Clock,
    place: LedgerPlace,
    witness: str,
    since: int | None = None,
) -> bytes:
    """Sign the log, and write the request to a witness, with the proof from what it has seen last.

    Args:
        store: of the ledger.
        clock: when the log is signed.
        place: whose key signs.
        witness: its public keys, as text or as a file that holds one a line.
        since: the size that it has seen, where that is not what came back from it.

    Raises:
        ProofError: the log is not what was signed before, grown.
        Invalid: there is no key, or the log has fewer entries than the witness has seen.
    """
    signed = sign(store, clock, place)
    size = signed.checkpoint.head.size
    old = max((*_cosigned_by(store, read_witness_keys([witness])), 0)) if since is None else since
    if not 0 <= old <= size:
        raise Invalid(
            f"日志只有 {size} 条，不能从 {old} 条起证明",
            f"the log has {size} entries, so there is no proof from {old}",
        )
    path = consistency_proof(store.hashes(size), old, size)
    return bytes(WitnessRequest(old, tuple(path), signed))


def _cosigned_by(store: Store, witness: Sequence[VerifierKey]) -> Iterator[int]:
    """The sizes that this witness has cosigned, as far as that came back."""
    names = {(key.name, key.key_id) for key in witness}
    for stored in store.checkpoints():
        lines = Note.parse(stored.note).signatures
        if any((line.name, line.key_id) in names for line in lines):
            yield stored.size
