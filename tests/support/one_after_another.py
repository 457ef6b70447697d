"""Processes that are none: each does its part when it is asked, with a store of its own."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from application import processes


class OneAfterAnother:
    """In place of a pool of processes."""

    def __init__(
        self, _count: int, _context: object, _begin: object, given: tuple[Any, ...]
    ) -> None:
        processes.connect(given[0])

    def submit(self, do: Callable[..., object], *given: object) -> Future[object]:
        future: Future[object] = Future()
        try:
            future.set_result(do(*given))
        except Exception as error:  # noqa: BLE001 - a pool hands on whatever it was
            future.set_exception(error)
        return future

    def shutdown(self, *, wait: bool, cancel_futures: bool) -> None:
        del wait, cancel_futures
