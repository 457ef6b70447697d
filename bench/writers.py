"""Eight writers on one server, each a process, with a sealer beside them, and without one.

Then what an append costs while a transaction stays open somewhere else on the server.
"""

import time
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing import get_context
from statistics import median, quantiles
from typing import Final

import psycopg

from application.seal import PAUSE
from bench.limit import RawPostgres
from bench.measure import Line, Task, compared, race
from bench.places import POSTGRES, Settings
from bench.stock import Stock
from ledger.store import NewEntry, Store

WRITERS: Final = 8
ENTRY: Final = 525
"""Bytes, the mean of the cases that the bars were set with."""

Append = Callable[[NewEntry], object]

_PROCESSES: Final = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["bench.writers"])


def lines(settings: Settings) -> Iterator[Line]:
    """Events a second as a share of the limit's, and how long they wait for their places."""
    if POSTGRES not in settings.places:
        return
    yield from _writing(settings)
    yield _beside_a_transaction(settings)


def _writing(settings: Settings) -> Iterator[Line]:
    seconds = 2.0 if settings.rounds > 1 else 1.0
    rates: dict[str, list[float]] = {"raw": [], "stock": [], "ours": [], "sealed": [], "one": []}
    lags: list[float] = []
    with (
        settings.empty(POSTGRES) as bare,
        settings.empty(POSTGRES) as theirs,
        settings.ledger(POSTGRES) as target,
        settings.ledger(POSTGRES) as sealed,
        _PROCESSES.Pool(WRITERS + 1) as processes,
    ):
        RawPostgres(bare)
        Stock(theirs)
        targets = {
            "raw": bare,
            "stock": theirs,
            "ours": target,
            "sealed": sealed,
            "one": sealed,
        }
        for turn in range(settings.rounds + 1):
            for name, of in targets.items():
                start = time.monotonic() + 1.0
                sealing = None
                if name == "ours":
                    sealing = processes.apply_async(_seal, (of, start + seconds + 0.5))
                writers = 1 if name == "one" else WRITERS
                work = [(name, of, f"{name}-{turn}-{n}", start, seconds) for n in range(writers)]
                rate = sum(processes.starmap(_write, work, chunksize=1)) / seconds
                if turn:  # connections and caches are made in the first
                    rates[name].append(rate)
                if sealing and turn:
                    lags += _lags(of, sealing.get())
    raw_rate, stock_rate, our_rate, sealed_rate, one_rate = map(median, rates.values())
    single = f"{raw_rate:,.0f} events/s"
    work_name = f"{WRITERS} 个写入者每秒条数 / {WRITERS} writers, durable events/s, a sealer beside"
    yield Line(
        work_name, POSTGRES, single, stock_rate / raw_rate, our_rate / raw_rate, 0.7, at_least=True
    )
    work_name = f"{WRITERS} 个写入者，即时编入日志 / {WRITERS} writers, each event sealed at once"
    yield Line(work_name, POSTGRES, single, None, sealed_rate / raw_rate, 0.4, at_least=True)
    work_name = "同上，与一个写入者之比 / the same, against one writer"
    single = f"{one_rate:,.0f} events/s"
    yield Line(work_name, POSTGRES, single, None, sealed_rate / one_rate, 1.0, at_least=True)
    late = quantiles(lags, n=100)[98] * 1e3
    yield Line(
        "编入日志的滞后，p99，毫秒 / the sealer's lag at p99, ms", POSTGRES, "1 ms", None, late, 100
    )


def _write(name: str, target: str, case: str, start: float, seconds: float) -> int:
    """Append from a moment on, each event when the one before is durable; how many."""
    append = _APPENDS[name](target)
    time.sleep(max(0.0, start - time.monotonic()))
    count = 0
    while time.monotonic() < start + seconds:
        count += 1
        entry = b"%020d" % time.monotonic_ns()
        append(NewEntry(case, count, "Raw", entry.ljust(ENTRY)))
    return count


def _bare(target: str) -> Append:
    return RawPostgres(target, make=False).append


def _theirs(target: str) -> Append:
    return Stock(target, make=False).append


def _ours(target: str) -> Append:
    store = Store.open(target)
    return lambda row: store.append_unsealed([row])


def _sealed(target: str) -> Append:
    store = Store.open(target)
    return lambda row: store.append([row])


_APPENDS: Final = {
    "raw": _bare,
    "stock": _theirs,
    "ours": _ours,
    "sealed": _sealed,
    "one": _sealed,
}


def _beside_a_transaction(settings: Settings) -> Line:
    """After as many appends as made it dearest once: the oldest snapshot hides none of them."""
    many = 3_000 if settings.rounds > 1 else 300
    with (
        settings.ledger(POSTGRES) as alone,
        settings.ledger(POSTGRES) as beside,
        Store.open(alone) as quiet,
        Store.open(beside) as store,
        psycopg.connect(beside) as other,
    ):
        other.execute("SELECT pg_current_xact_id()")  # open, with a number, until the end
        for number in range(many):
            for each in (quiet, store):
                each.append([_entry("filling", number + 1)])
        numbers = count(many + 1)
        times = race(
            settings.rounds,
            raw=Task(lambda row: quiet.append([row]), lambda: _entry("alone", next(numbers))),
            ours=Task(lambda row: store.append([row]), lambda: _entry("beside", next(numbers))),
            times=20,
        )
    work = f"别处有事务开着，第 {many:,} 条起 / an append beside an open transaction"
    return compared(work, POSTGRES, times, 2.0)


def _entry(case: str, version: int) -> NewEntry:
    return NewEntry(case, version, "Raw", b"".ljust(ENTRY, b"x"))


def _seal(target: str, end: float) -> list[tuple[range, int]]:
    """Seal until a moment, as `scoretrail seal --follow` does; what was sealed, and when."""
    sealed = []
    with Store.open(target) as store:
        while time.monotonic() < end:
            positions = store.seal()
            sealed.append((positions, time.monotonic_ns()))
            time.sleep(PAUSE)
    return sealed


def _lags(target: str, sealed: list[tuple[range, int]]) -> Iterator[float]:
    """Seconds from the beginning of each append until the event had its place."""
    with Store.open(target) as store:
        for positions, at in sealed:
            for entry in store.entries(positions.start, positions.stop):
                yield (at - int(entry[:20])) / 1e9
