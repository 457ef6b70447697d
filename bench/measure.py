"""Contenders take turns, and medians are compared: a noisy machine is noisy for all of them."""

import gc
from collections.abc import Callable
from statistics import median
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


class Times(NamedTuple):
    """Medians in seconds, of the contenders that there were."""

    raw: float
    stock: float | None
    ours: float


class Line(NamedTuple):
    """One line of the table.

    Attributes:
        work: what is done.
        on: with which database; empty where none is involved.
        one: what counts as 1, in its own unit.
        stock: how many times that the stock library takes, where it can do the work.
        ours: how many times that we take.
        bar: what we want at most, or at least.
    """

    work: str
    on: str
    one: str
    stock: float | None
    ours: float
    bar: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the bar is met."""
        return self.ours >= self.bar if self.at_least else self.ours <= self.bar


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
    spent: list[list[float]] = [[] for _ in contenders]
    for _ in range(rounds * times):
        for contender, seconds in zip(contenders, spent, strict=True):
            seconds.append(timed(contender))
    medians = [median(seconds) for seconds in spent]
    return Times(medians[0], medians[1] if stock else None, medians[-1])


def timed(task: Task) -> float:
    """The seconds that a task takes. The garbage of the one before is not its own."""
    given = task.given()
    gc.collect(0)
    start = perf_counter()
    done = task.do(given)
    spent = perf_counter() - start
    return done.seconds if isinstance(done, Answer) else spent


def compared(work: str, on: str, times: Times, bar: float) -> Line:
    """The line that the times of a race make."""
    return Line(
        work,
        on,
        written(times.raw),
        times.stock / times.raw if times.stock else None,
        times.ours / times.raw,
        bar,
    )


def written(seconds: float) -> str:
    """Seconds in the unit in which they are read."""
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1 or unit == "µs":
            return f"{seconds * factor:.3g} {unit}"
    raise AssertionError


HEAD: Final = (
    "| 工作 / work | 数据库 / on | 1 = | 原版库 / stock | **本程序 / ours** | 标准 / bar"
    " | 达到 / holds |\n|---|---|---|---|---|---|---|"
)


def row(line: Line) -> str:
    """A line as Markdown."""
    stock = "-" if line.stock is None else f"{line.stock:.2f}"
    bar = f"{'≥' if line.at_least else '≤'} {line.bar:g}"
    holds = "是 / yes" if line.holds else f"**否 / no**：{line.ours / line.bar:.2f} ×"
    return (
        f"| {line.work} | {line.on or '-'} | {line.one} | {stock} | **{line.ours:.2f}** | {bar}"
        f" | {holds} |"
    )
