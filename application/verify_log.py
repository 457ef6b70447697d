"""Verify (核验) the log alone: what is sequenced is what was sequenced; not its content."""

from collections.abc import Iterator
from contextlib import contextmanager

from application.progress import VERIFYING, Watch, unwatched
from ledger.aligned_parts import LogTree
from ledger.ledger import Ledger
from ledger.log_verification import (
    StoredProofs,
    Trust,
    Verification,
    read_kept,
    verify_hashes,
    verify_integrity,
    verify_log,
    verify_names,
    verify_sm3,
    verify_structure,
    verify_tiles,
)
from ledger.store import DatabaseDamaged, DatabaseUnavailable, Store


def verify_log_only(store: Store, trust: Trust, watch: Watch = unwatched) -> Verification:
    """Verify the log alone: what is sequenced is what was sequenced."""
    result = Verification(entries_unchecked=True, may_lack=store.may_lack)
    with naming_what_is_missing(result, store):
        kept = read_kept(result, store.checkpoints(), store.stamps())
        growth = growth_of(kept, trust)
        with store.auditing() as audit:
            verify_hashes(result, watch(audit.entries(), VERIFYING, audit.size), growth)
            verify_sm3(result, audit.entries(), trust)
            head = audit.head()
        verify_log(result, growth.heads, head, kept, trust)
        verify_names(result, kept.checkpoints, practice=Ledger(store).practice)
        if not result.breaks:
            verify_tiles(result, head, store.tile)
        verify_structure(result, store.structure_faults())
    return result


@contextmanager
def naming_what_is_missing(result: Verification, store: Store) -> Iterator[None]:
    """Where a step cannot go on because a part of the tables is not there, name that part."""
    try:
        yield
    except (DatabaseDamaged, DatabaseUnavailable) as error:
        if not (faults := store.structure_faults()):
            raise
        verify_integrity(result, [str(error)])
        verify_structure(result, faults)


def growth_of(kept: StoredProofs, trust: Trust) -> LogTree:
    """To grow the tree again, with its heads at every checkpoint."""
    return LogTree(signed.checkpoint.head.size for signed in (*kept.checkpoints, *trust.held))
