"""Contenders take turns, and medians are compared: a noisy machine is noisy for all of them.

The least time of the processor is less noisy still. It leaves out what a server does, and the disk.
"""

import gc
import resource
from collections.abc import Callable
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final, NamedTuple


class Task(NamedTuple):
    """What one contender does.

    Attributes:
        do: what is timed.
        given: makes what it is handed, and is not timed.
    """

    do: Callable[[Any], object]
    given: Callable[[], Any] = lambda: None


class Answer(dict[str, str]):
    """What another process came to, which has measured itself how long that took.

    Attributes:
        seconds: without the way there and back.
    """

    seconds: float


class Spent(NamedTuple):
    """Seconds that something took.

    Attributes:
        wall: as a clock shows them.
        processor: of this process and of those that it has waited for.
    """

    wall: float
    processor: float


class Times(NamedTuple):
    """Medians in seconds, of the contenders that there were.

    Attributes:
        quartiles: how many times the limit we took, turn by turn: the middle half of the turns.
        processor: the same by the least time of the processor that each of both took.
    """

    raw: float
    stock: float | None
    ours: float
    quartiles: tuple[float, float] | None
    processor: float | None


class Line(NamedTuple):
    """One line of the table.

    Attributes:
        work: what is done.
        on: with which database; empty where none is involved.
        one: what counts as 1, in its own unit.
        stock: how many times that the stock library takes, where it can do the work.
        ours: how many times that we take.
        bar: what we want at most, or at least.
        at_least: whether the bar is a lower one.
        quartiles: between which the middle half of the turns is.
        processor: how many times we take by the processor alone.
        by_processor: whether that is what the bar is about.
    """

    work: str
    on: str
    one: str
    stock: float | None
    ours: float
    bar: float
    at_least: bool = False
    quartiles: tuple[float, float] | None = None
    processor: float | None = None
    by_processor: bool = False

    @property
    def judged(self) -> float:
        """What the bar is about."""
        return self.processor if self.by_processor and self.processor else self.ours

    @property
    def holds(self) -> bool:
        """Whether the bar is met."""
        return self.judged >= self.bar if self.at_least else self.judged <= self.bar


def race(rounds: int, *, raw: Task, ours: Task, stock: Task | None = None, times: int = 1) -> Times:
    """Let contenders take turns.

    Args:
        rounds: how often, each of them `times` times.
        raw: the limit.
        ours: what we are measuring.
        stock: the library as it comes.
        times: for short tasks, whose single times scatter.
    """
    contenders = [raw, ours] if stock is None else [raw, stock, ours]
    for contender in contenders:
        contender.do(contender.given())  # what is done once only is not what is measured
    spent: list[list[Spent]] = [[] for _ in contenders]
    for _ in range(rounds * times):
        for contender, so_far in zip(contenders, spent, strict=True):
            so_far.append(timed(contender))
    medians = [median(one.wall for one in so_far) for so_far in spent]
    least = [min(one.processor for one in so_far) for so_far in spent]
    turns = [our.wall / bare.wall for bare, our in zip(spent[0], spent[-1], strict=True)]
    first, _, third = quantiles(turns, n=4) if len(turns) > 1 else (None, None, None)
    return Times(
        medians[0],
        medians[1] if stock else None,
        medians[-1],
        (first, third) if first and third else None,
        least[-1] / least[0] if least[0] else None,
    )


def timed(task: Task) -> Spent:
    """The seconds that a task takes. The garbage of the one before is not its own."""
    given = task.given()
    gc.collect(0)
    before, start = processor_time(), perf_counter()
    done = task.do(given)
    wall, processor = perf_counter() - start, processor_time() - before
    return Spent(done.seconds, done.seconds) if isinstance(done, Answer) else Spent(wall, processor)


def processor_time() -> float:
    """Seconds of the processor so far, those of processes that have ended among them."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def compared(work: str, on: str, times: Times, bar: float, *, by_processor: bool = False) -> Line:
    """The line that the times of a race make."""
    return Line(
        work,
        on,
        written(times.raw),
        times.stock / times.raw if times.stock else None,
        times.ours / times.raw,
        bar,
        quartiles=times.quartiles,
        processor=times.processor,
        by_processor=by_processor,
    )


def written(seconds: float) -> str:
    """Seconds in the unit in which they are read."""
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1 or unit == "µs":
            return f"{seconds * factor:.3g} {unit}"
    raise AssertionError


HEAD: Final = (
    "| 工作 / work | 数据库 / on | 1 = | 原版库 / stock | **本程序 / ours** | 处理器 / processor"
    " | 标准 / bar | 达到 / holds |\n|---|---|---|---|---|---|---|---|"
)


def row(line: Line) -> str:
    """A line as Markdown; what the bar is about is in bold."""
    stock = "-" if line.stock is None else f"{line.stock:.2f}"
    ours = f"{line.ours:.2f}"
    processor = "-" if line.processor is None else f"{line.processor:.2f}"
    if line.by_processor:
        processor = f"**{processor}**"
    else:
        ours = f"**{ours}**"
    if line.quartiles:
        ours += " ({:.2f}–{:.2f})".format(*line.quartiles)
    bar = f"{'≥' if line.at_least else '≤'} {line.bar:g}"
    holds = "是 / yes" if line.holds else f"**否 / no**：{line.judged / line.bar:.2f} ×"
    return (
        f"| {line.work} | {line.on or '-'} | {line.one} | {stock} | {ours} | {processor} | {bar}"
        f" | {holds} |"
    )
