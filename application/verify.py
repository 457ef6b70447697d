"""Verify (核验): everything recomputed from the stored bytes; the order of all its steps.

What a step checks is explained below: entries, tree and signatures in `ledger/log_verification.py`,
the result of the rules in `projections/case_verification.py`. Each adds what it finds; a step that
depends on what an earlier one has found broken is left out, because nothing could be known by it.
"""

from collections import deque
from collections.abc import Iterable
from contextlib import closing
from typing import Final

from application.cluster import Cluster
from application.place import LedgerPlace
from application.progress import Watch, unwatched
from application.verify_beside import verify_tables, wait_for_sealer
from application.verify_in_parts import OneProcess, processes_for
from application.verify_log import growth_of, naming_what_is_missing
from application.verify_replay import Basis, Replay, pinned_rubric
from ledger.commands_on_log import names_one_of, recorded_of, verify_merged, verify_set_aside
from ledger.envelope import REGISTER, is_case, rubric_stream
from ledger.events import EntriesMerged, EntrySetAside
from ledger.language import Text
from ledger.ledger import Ledger
from ledger.log_verification import (
    StoredProofs,
    Trust,
    Verification,
    read_kept,
    verify_authors,
    verify_hashes,
    verify_integrity,
    verify_log,
    verify_names,
    verify_nothing_elsewhere,
    verify_places,
    verify_sm3,
    verify_structure,
    verify_tiles,
    verify_walked,
)
from ledger.log_verification import verify as verify_entries
from ledger.store import Store

REPLAYING: Final = Text("正在重放", "replaying")


def verify(  # noqa: PLR0913 - what is verified, against what, and who watches
    store: Store,
    place: LedgerPlace,
    trust: Trust,
    case_id: str | None = None,
    workers: int | Cluster = 1,
    *,
    pauses: Iterable[None] = (),
    watch: Watch = unwatched,
) -> Verification:
    """Verify a ledger, or the entries of one case, with its evidence files.

    Args:
        store: the ledger.
        place: where its evidence files lie.
        trust: what the verifier brings along.
        case_id: one case only.
        workers: how many processes at most, where the whole ledger is verified; as many as its size
            is worth; or those of a cluster. They find the same.
        pauses: lets a moment pass at each step, for as long as a sequencing process may take to
            assign a position to an event.
        watch: shows how far it has come.
    """
    result = Verification(may_lack=store.may_lack)
    with (
        naming_what_is_missing(result, store),
        closing(processes_for(store, watch, place, 1 if case_id else workers)) as work,
    ):
        _verify(result, store, place, trust, case_id, work=work, pauses=pauses, watch=watch)
    return result


def _verify(  # noqa: PLR0913 - as `verify`
    result: Verification,
    store: Store,
    place: LedgerPlace,
    trust: Trust,
    case_id: str | None,
    *,
    work: OneProcess,
    pauses: Iterable[None],
    watch: Watch,
) -> None:
    whole = case_id is None
    about_log = whole or trust.policy.log  # signatures are about the whole log
    kept = read_kept(result, store.checkpoints(), store.stamps()) if about_log else StoredProofs()
    growth = growth_of(kept, trust)
    ledger = Ledger(store)
    # 1. Every entry and stream by itself, and the tree grown again from them.
    with store.auditing() as audit:
        merged = recorded_of(EntriesMerged, store, audit.size)
        work.walk(result, audit, case_id, growth if whole else None, merged)
        aside = recorded_of(EntrySetAside, store, audit.size)
        verify_set_aside(result, aside, merged, store, whole=whole)
        verify_merged(result, merged, store)
        if case_id is not None and all(broken.kind == "unsealed" for broken in result.breaks):
            # Its rubric is a stream of its own, which the walk has left out.
            beside = Verification()
            rows = audit.rows(rubric_stream(pinned_rubric(ledger.history(case_id).case)))
            verify_entries(beside, rows, merged=merged)
            named = [recorded for recorded in aside if names_one_of(recorded, beside.faulty)]
            verify_set_aside(beside, named, merged, store, whole=False)
            result.breaks += beside.breaks
            result.notes += beside.notes
        if case_id is not None:
            verify_nothing_elsewhere(result, audit.rows(), [case_id, REGISTER])
        if about_log and not whole:
            verify_hashes(Verification(), audit.entries(), growth)
        verify_places(result, audit.strays())
        verify_sm3(result, audit.entries(), trust)
        head = audit.head()
    # 2. Every stream again, as those who read it get it, and what the database says of itself.
    work.reads(result, head.size)
    if case_id is None:
        verify_integrity(result, store.integrity_faults())
    else:
        verify_walked(result, store.walked([case_id]))
    # 3. What had no place has got one meanwhile, or waits for no sealer.
    wait_for_sealer(result, store, head.size, pauses)
    # 4. The log, its checkpoints, who signed them, and the tiles that proofs are made of.
    if about_log:
        verify_log(result, growth.heads, head, kept, trust)
        verify_names(result, kept.checkpoints, practice=Ledger(store).practice)
        if not result.breaks:
            verify_tiles(result, head, store.tile)
    # 5. The tables of the portfolio. What they are made of holds, so what differs is theirs.
    if not result.breaks:
        verify_tables(result, work.differences(case_id))
    # 6. What the entries of each case lead to, and the evidence that they name.
    cases = [case_id] if case_id else [name for name in ledger.streams() if is_case(name)]
    folder = place.evidence_there()
    result.evidence_unchecked = folder is None
    basis = Basis(frozenset(result.damaged), tuple(merged), trust.signed_from)
    replay = Replay(result, store, folder, basis)
    if whole:
        replay.rubrics()
    deque(watch(work.replay(result, cases, replay, basis), REPLAYING, len(cases)), maxlen=0)
    # 7. Who appended the entries, and what guards the tables. Nothing above depends on it.
    verify_authors(result, store.written(case_id))
    verify_structure(result, store.structure_faults())
