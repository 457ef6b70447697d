"""Several processes for what takes long, each with a connection of its own to the ledger.

A process that could not go on says so by what it raises, or by ending. The one that asked it does
its part, and so finds what there is to find and raises what there is to raise.
"""

import gc
import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import cached_property
from threading import Thread, local
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from application.place import LedgerPlace
from ledger.store import Store

if TYPE_CHECKING:
    from application.spawned import Spawning

Done = TypeVar("Done")

WORTH: Final = 20_000
"""Events for which another process is worth its start."""


class Processes:
    """So many processes, started when the first is asked."""

    def __init__(self, place: LedgerPlace, count: int) -> None:
        self._place, self.count = place, count

    @cached_property
    def _pool(self) -> Executor:
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - most are never asked

        given = self._place, gc.get_threshold()
        pool = ProcessPoolExecutor(self.count, self._spawning, _begin, given)
        for _ in range(self.count):  # all now: none is started while another is found to have ended
            pool.submit(os.getpid)
        return pool

    @cached_property
    def _spawning(self) -> "Spawning":
        from application.spawned import Spawning  # noqa: PLC0415 - the same

        return Spawning()

    def ask(self, do: Callable[..., Done], *given: object) -> "Future[Done]":
        """Have one of them do something, in its turn."""
        try:
            return self._pool.submit(do, *given)
        except BrokenExecutor as error:  # one of them has been ended, and with it all
            future: Future[Done] = Future()
            future.set_exception(error)
            return future

    def close(self) -> None:
        """End them, if any was asked; what nobody waits for is left.

        One that ended by force may have held the lock under which the others answer, and the pool
        never stops waiting for one that it started just then: so the others are ended alike.
        """
        if "_pool" not in vars(self):
            return
        from multiprocessing.connection import wait  # noqa: PLC0415 - most are never asked

        self._pool.shutdown(wait=False, cancel_futures=True)
        started = [process for process in self._spawning.started if process.pid]
        while left := [process for process in started if process.is_alive()]:
            if any(process.exitcode for process in started):
                for process in left:
                    process.kill()
            wait([process.sentinel for process in left])


def worth_their_start(store: Store, most: int) -> int:
    """How many processes a ledger is worth, and so many at most."""
    return max(1, min(most, store.size() // WORTH + 1))


def answer(future: "Future[Done]") -> Done | None:
    """What a process answered; `None` where it could not go on, or has ended."""
    return None if future.exception() else future.result()


class Own(NamedTuple):
    """What belongs to one of them.

    Attributes:
        kept: what it keeps from one batch to the next.
    """

    place: LedgerPlace
    store: Store
    kept: dict[object, Any]


class _Mine(local):
    """What each thread has: a connection is of the thread that opened it."""

    own: Own
    opened: tuple[str, dict[LedgerPlace, Own]] = ("", {})


_mine: Final = _Mine()


def own() -> Own:
    """The ledger of the process that asks, which is one of several."""
    return _mine.own


def connect(place: LedgerPlace) -> None:
    """Open a connection of its own, for all that follows."""
    _mine.own = Own(place, place.open(), {})


def at_place(run: str, place: LedgerPlace, do: Callable[..., Done], *given: object) -> Done:
    """Do something with a ledger, which stays open for what the same run asks of it.

    Args:
        run: who asks, and when: what was opened for another is closed, since the log may be longer.
        place: where it is.
        do: what is done.
        given: what it is given.
    """
    if _mine.opened[0] != run:
        for before in _mine.opened[1].values():
            before.store.close()
        _mine.opened = run, {}
    opened = _mine.opened[1]
    if place not in opened:
        opened[place] = Own(place, place.open(), {})
    _mine.own = opened[place]
    return do(*given)


def _begin(place: LedgerPlace, collecting: tuple[int, int, int]) -> None:
    """Begin as one of them: it ends with its parent, which says what there is to say.

    Args:
        place: where the ledger is.
        collecting: how many objects are made until Python looks for cycles, as in its parent.
    """
    gc.set_threshold(*collecting)
    signal.signal(signal.SIGINT, lambda *_: os._exit(1))
    Thread(target=_end_with_parent, daemon=True).start()
    connect(place)


def _end_with_parent() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415 - for one of several only

    if parent := parent_process():
        parent.join()
        os._exit(1)
