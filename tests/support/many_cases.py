"""Many cases in one ledger: random walks under ids of their own, in any order of the log."""

from collections.abc import Sequence
from functools import cache
from random import Random

from ledger.envelope import is_case
from ledger.log.tree import leaf_hash
from ledger.store import Entry, NewEntry
from tests.support.random_walk import Walk
from tests.support.small_case import CASE


@cache
def walk(seed: int) -> tuple[Entry, ...]:
    """The whole archive of a walk."""
    return tuple(Walk(seed).archive.log)


def renamed(entries: Sequence[Entry], case: str) -> list[NewEntry]:
    """The small case of an archive under another id, its chain of hashes made again."""
    name, other = f'"case":"{CASE}"'.encode(), f'"case":"{case}"'.encode()
    made, links = list[NewEntry](), dict[bytes, bytes]()
    for old in entries:
        if old.case_id == CASE:
            entry = old.entry.replace(name, other, 1)
            for before, after in links.items():
                entry = entry.replace(before, after, 1)
            links = {leaf_hash(old.entry).hex().encode(): leaf_hash(entry).hex().encode()}
            made.append(NewEntry(case, old.version, old.type, entry))
    return made


def ledger_of(seeds: Sequence[int]) -> tuple[list[NewEntry], dict[str, list[NewEntry]]]:
    """What a ledger begins with, the accounts and rubrics; and the events of its cases."""
    start = [
        NewEntry(old.case_id, old.version, old.type, old.entry)
        for old in walk(seeds[0])
        if not is_case(old.case_id)
    ]
    return start, {f"walk-{seed}": renamed(walk(seed), f"walk-{seed}") for seed in seeds}


def shuffled(cases: dict[str, list[NewEntry]], seed: int) -> list[list[NewEntry]]:
    """The events of all cases in batches of one case each, those of a case in their order."""
    chance = Random(seed)  # noqa: S311 - an order, no secret
    left = {case: list(events) for case, events in cases.items()}
    batches = []
    while left:
        case = chance.choice(sorted(left))
        size = chance.randrange(1, 12)
        batches.append(left[case][:size])
        left[case] = left[case][size:]
        if not left[case]:
            del left[case]
    return batches
