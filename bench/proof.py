"""The log: verified, its tree computed, an entry of it proven."""

import random
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from typing import Final

from bench.measure import Line, Task, compared, race, timed
from bench.places import Settings
from bench.workload import EVENTS
from ledger.log.tree import inclusion_proof, leaf_hash, tree_head
from ledger.log.tree_builder import TreeBuilder
from ledger.log_verification import Verification, verify, verify_hashes
from ledger.store import NewEntry, Store

SMALL: Final = 10_000
BATCH: Final = 10_000


def lines(settings: Settings) -> Iterator[Line]:
    """Every work on every database."""
    leaves = 1_000_000 if settings.large else 100_000
    yield from _roots(settings, leaves)
    for on in settings.places:
        yield from _verify(settings, on, 300 if settings.large else 30)
        yield from _proofs(settings, on, leaves)


def _verify(settings: Settings, on: str, cases: int) -> Iterator[Line]:
    with settings.contenders(on) as (raw, _, ours):
        settings.workload.fill(ours, cases)
        raw.append_all(settings.workload.ground)
        for batch in settings.workload.batches(cases):
            raw.append_all(batch)

        def bare(_: object) -> None:
            for entry in raw.log():
                sha256(entry).digest()

        def the_log(_: object) -> None:
            growth = TreeBuilder()
            with ours.auditing() as audit:
                verify_hashes(Verification(), audit.entries(), growth)
                if growth.heads[audit.size] != audit.head():
                    raise AssertionError(growth.heads)

        def everything(_: object) -> None:
            result = Verification()
            with ours.auditing() as audit:
                verify(result, audit.rows(), TreeBuilder())
            if result.breaks:
                raise AssertionError(result.breaks)

        what = f"核对 {cases * EVENTS:,} 条，叶哈希与根 / verify a log: its leaves and its root"
        times = race(settings.rounds, raw=Task(bare), ours=Task(the_log))
        yield compared(what, on, times, 1.5)
        least = min(timed(Task(everything)).processor for _ in range(settings.rounds))
        yield Line(
            "还有链、位置和内容，每条 / the same, chains, places and facts, an event",
            on,
            "1 µs",
            None,
            1e6 * least / ours.size(),
            60,
        )


def _roots(settings: Settings, size: int) -> Iterator[Line]:
    entries = [b"entry %d" % number for number in range(size)]
    hashes = [leaf_hash(entry) for entry in entries]
    for work, raw, ours in (
        (
            "从条目起 / root, from entries",
            lambda _: _root(_hashed(entries)),
            lambda _: tree_head(map(leaf_hash, entries)),
        ),
        ("从哈希起 / root, from hashes", lambda _: _root(hashes), lambda _: tree_head(hashes)),
    ):
        times = race(settings.rounds, raw=Task(raw), ours=Task(ours))
        yield compared(f"{size:,} 叶的根，{work}", "", times, 1.5)


def _hashed(entries: Iterable[bytes]) -> list[bytes]:
    return [sha256(b"\0" + entry).digest() for entry in entries]


def _root(level: list[bytes]) -> bytes:
    """By hand: level upon level, an odd one out going up as it is."""
    while len(level) > 1:
        odd = level[len(level) & ~1 :]
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\1" + left + right).digest() for left, right in pairs] + odd
    return level[0]


def _proofs(settings: Settings, on: str, size: int) -> Iterator[Line]:
    draw = random.Random(on)  # noqa: S311 - any will do, as long as they are the same in every run

    def task(store: Store, size: int) -> Task:
        return Task(
            lambda index: inclusion_proof(store.hashes(size), index, size),
            lambda: draw.randrange(size),
        )

    def opening(target: str) -> Task:
        def head(_: object) -> None:
            with Store.open(target) as store:
                store.head()

        return Task(head)

    with ExitStack() as stack:
        few, many = (stack.enter_context(_log(settings, on, length)) for length in (SMALL, size))
        small, large = (stack.enter_context(Store.open(target)) for target in (few, many))
        times = race(settings.rounds, raw=task(small, SMALL), ours=task(large, size), times=50)
        work = f"包含证明，{size:,} 比 {SMALL:,} / inclusion proof, p50 at these sizes"
        yield compared(work, on, times, 2.0)
        times = race(settings.rounds, raw=opening(few), ours=opening(many))
        work = f"打开并读树头，{size:,} 比 {SMALL:,} / open and read the head"
        yield compared(work, on, times, 1.5)


@contextmanager
def _log(settings: Settings, on: str, size: int) -> Iterator[str]:
    """A ledger with a log of that size, of short entries: proofs do not read them."""
    with settings.ledger(on) as target:
        with Store.open(target) as store:
            for first in range(0, size, BATCH):
                numbers = range(first, min(first + BATCH, size))
                store.append([NewEntry(f"c{n % 997}", n + 1, "Raw", b"%d" % n) for n in numbers])
        yield target
