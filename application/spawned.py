"""Processes that a pool starts (派生的进程), remembered: it does not tell which they are."""

from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any


class Spawning(SpawnContext):
    """Starts processes that are no copies: what this one holds open is not theirs to share.

    Attributes:
        started: those so far.
    """

    def __init__(self) -> None:
        super().__init__()
        self.started: list[SpawnProcess] = []

    def Process(self, **given: Any) -> SpawnProcess:  # type: ignore[override]  # noqa: ANN401, N802 - as the library has it, a class there
        """One more of them, not started yet."""
        process = SpawnProcess(**given)
        self.started.append(process)
        return process
