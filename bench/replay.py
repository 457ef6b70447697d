"""Reading: a case as it is, its score as it was, in a small ledger and in a large one."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Final

from bench.limit import fold as bare_fold
from bench.measure import Line, Task, compared, race
from bench.places import SQLITE, Settings
from bench.workload import EVENTS
from ledger.case import fold
from ledger.ledger import Ledger
from ledger.store import Store
from projections.as_of import at, last_needed
from projections.score_sheet import standing

EARLIER: Final = 150
"""The version that is asked for: half of the case."""

SMALL: Final = 10
TIMES: Final = 5


def lines(settings: Settings) -> Iterator[Line]:
    """Every work on every database."""
    for on in settings.places:
        yield from _one_case(settings, on)
        yield _sizes(settings, on, 10_000 if settings.large else 300)


def _one_case(settings: Settings, on: str) -> Iterator[Line]:
    with settings.contenders(on) as (raw, stock, ours):
        settings.workload.fill(ours, SMALL)
        for batch in settings.workload.batches(SMALL):
            raw.append_all(batch)
        stock.save("case-0", settings.workload.named("case-0"))
        ledger = Ledger(ours)
        editions = ledger.editions("zhanjiang-departments-2023")
        times = race(
            settings.rounds,
            raw=Task(lambda _: bare_fold(raw.read("case-0"))),
            stock=Task(lambda _: stock.replay("case-0")),
            ours=Task(lambda _: fold(ledger.history("case-0"))),
            times=TIMES,
        )
        yield compared(
            f"回放 {EVENTS} 条的一个事项 / replay one case of {EVENTS}",
            on,
            times,
            2.6,
            by_processor=on == SQLITE,
        )

        label = f"v{EARLIER}"

        def earlier(_: object) -> object:
            history = ledger.history("case-0", last_needed(label))
            return standing(at(history, editions, label))

        times = race(
            settings.rounds,
            raw=Task(lambda _: bare_fold(raw.read("case-0", EARLIER))),
            stock=Task(lambda _: stock.replay("case-0", EARLIER)),
            ours=Task(earlier),
            times=TIMES,
        )
        yield compared(
            f"第 {EARLIER} 条时的得分 / score as of event {EARLIER} of {EVENTS}",
            *(on, times, 2.6),
            by_processor=on == SQLITE,
        )


def _sizes(settings: Settings, on: str, cases: int) -> Line:
    draw = random.Random(on)  # noqa: S311 - any will do, as long as they are the same in every run

    def task(store: Store, among: int) -> Task:
        ledger = Ledger(store)
        named: Callable[[], str] = lambda: f"case-{draw.randrange(among)}"  # noqa: E731 - it goes into the task as it is
        return Task(lambda name: fold(ledger.history(name)), named)

    with ExitStack() as stack:
        small, large = (
            stack.enter_context(Store.open(stack.enter_context(settings.filled(on, number))))
            for number in (SMALL, cases)
        )
        times = race(
            settings.rounds, raw=task(small, SMALL), ours=task(large, cases), times=4 * TIMES
        )
    events = f"{SMALL * EVENTS:,}"
    work = f"回放，总数 {cases * EVENTS:,} 比 {events} / replay, p50 at these sizes"
    return compared(work, on, times, 1.3)
