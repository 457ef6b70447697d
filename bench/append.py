"""Writing: one event, a whole case, a command, and what hashing and sealing take of it."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Final

from bench.limit import Raw, fold
from bench.measure import Line, Task, compared, race
from bench.places import POSTGRES, SQLITE, Settings
from bench.stock import Stock
from bench.workload import EVENTS, Workload
from ledger.commands import CommandEnvelope, RaiseFinding
from ledger.ledger import Ledger
from ledger.store import NewEntry, Store

LOADED: Final = 275
"""Events of a case that is decided about."""

TIMES: Final = 20
AT: Final = "2100-01-01T00:00:00.000000Z"
"""Nothing is recorded before what stands in the log already."""


def lines(settings: Settings) -> Iterator[Line]:
    """Every work on every database."""
    for on in settings.places:
        with settings.contenders(on) as (raw, stock, ours):
            ours.append(settings.workload.ground)
            yield from _one(settings, on, raw, stock, ours)
            yield _bulk(settings, on, raw, stock, ours)
            yield _command(settings, on, raw, stock, ours)


def _one(settings: Settings, on: str, raw: Raw, stock: Stock, ours: Store) -> Iterator[Line]:
    template = settings.workload.named("template")
    numbers = count()

    def row() -> NewEntry:
        number = next(numbers)
        return template[number % EVENTS]._replace(case_id=f"one-{number}", version=1)

    def unsealed() -> Task:
        return Task(lambda row: ours.append_unsealed([row]), row)

    def sealed() -> Task:
        return Task(lambda row: ours.append([row]), row)

    bare, theirs = Task(raw.append, row), Task(stock.append, row)
    if on == POSTGRES:
        times = race(settings.rounds, raw=bare, stock=theirs, ours=unsealed(), times=TIMES)
        yield compared("追加一条，持久 / append one event, durable", on, times, 1.9)
        ours.seal()
    times = race(settings.rounds, raw=bare, stock=theirs, ours=sealed(), times=TIMES)
    yield compared(
        "追加一条，算哈希并编入日志 / append one event, hashed and sealed",
        on,
        times,
        1.5 if on == SQLITE else 2.0,
    )
    if on == SQLITE:
        times = race(settings.rounds, raw=unsealed(), ours=sealed(), times=5 * TIMES)
        share = 1 - times.raw / times.ours
        yield Line(
            "哈希与编入日志占一次追加的比例 / share of hashing and sealing in an append",
            on,
            "1 次 / one",
            None,
            share,
            0.1,
        )


def _bulk(settings: Settings, on: str, raw: Raw, stock: Stock, ours: Store) -> Line:
    case = settings.workload.case
    times = race(
        settings.rounds,
        raw=Task(raw.append_all, case),
        stock=Task(stock.append_all, case),
        ours=Task(ours.append, case),
    )
    return compared(
        f"一次导入 {EVENTS} 条，编入日志 / import a case of {EVENTS}, hashed and sealed",
        on,
        times,
        2.0,
    )


def _command(settings: Settings, on: str, raw: Raw, stock: Stock, ours: Store) -> Line:
    ledger = Ledger(ours)
    case = settings.workload.case(LOADED)
    name = case[0].case_id
    raw.append_all(case)
    ours.append(case)
    stock.save(name, case)
    versions = {id(place): count(LOADED + 1) for place in (raw, stock)}

    def bare(row: NewEntry) -> None:
        fold(raw.read(name))
        raw.append(row)

    def following(place: object) -> NewEntry:
        return case[-1]._replace(version=next(versions[id(place)]))

    times = race(
        settings.rounds,
        raw=Task(bare, lambda: following(raw)),
        stock=Task(lambda row: stock.command(name, row), lambda: following(stock)),
        ours=Task(lambda act: ledger.handle([act], AT), lambda: finding(settings.workload, name)),
        times=3,
    )
    return compared(
        f"一次操作：读 {LOADED} 条、判断、追加 / command: load {LOADED}, decide, append",
        on,
        times,
        2.6,
    )


def finding(workload: Workload, case: str) -> CommandEnvelope:
    """An act that every stage lets pass."""
    number = workload.number()
    return CommandEnvelope(
        case=case,
        by="agency-reviewer",
        dated=date(2024, 12, 30),
        id=f"finding-{number}",
        command=RaiseFinding(
            finding=f"finding-{number}",
            title="部分绩效指标编制不够合理",
            statement="数量目标写成上限，做得少也算达到，约束不了完成情况。",
        ),
    )
