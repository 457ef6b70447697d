"""Turns (依次办理): those who act in one case at the same time do so one after the other.

Within a process they wait for each other; where another process was faster, it is looked and
decided again, after a moment that is not the same for all. What they had seen is asked each time
(`handle`), so nobody acts on what has moved on.
"""

from collections.abc import Callable
from threading import Lock
from time import sleep
from typing import Final, TypeVar

from ledger.store import VersionConflict

Done = TypeVar("Done")

ATTEMPTS: Final = 12
"""How often it is tried before somebody else is always faster: some seconds."""

SHORTEST: Final = 0.005
LONGEST: Final = 0.4
"""Seconds of a pause: the first ones are short."""

LOCKS: Final = 64
"""Cases share them by their names, so that there are not ever more."""


class Turns:
    """Who may act next, for all threads of a process."""

    def __init__(
        self, chance: Callable[[], float], pause: Callable[[float], object] = sleep
    ) -> None:
        """Begin with nobody waiting.

        Args:
            chance: something between 0 and 1 that differs between processes.
            pause: lets seconds pass.
        """
        self._locks = [Lock() for _ in range(LOCKS)]
        self._chance, self._pause = chance, pause

    def take(self, stream: str, work: Callable[[], Done]) -> Done:
        """Do something in a stream when it is one's turn, and again where others were faster.

        Args:
            stream: in which.
            work: reads, decides and writes all or nothing.

        Raises:
            VersionConflict: somebody else always was.
            LockTimeout: somebody else kept the database for too long.
        """
        with self._locks[hash(stream) % LOCKS]:
            for attempt in range(ATTEMPTS - 1):
                try:
                    return work()
                except VersionConflict:
                    self._pause(self._chance() * min(SHORTEST * 2**attempt, LONGEST))
            return work()
