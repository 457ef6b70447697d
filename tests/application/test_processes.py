"""Several processes end when they are to, whatever has become of one of them."""

import gc
import os
import signal
import time
from pathlib import Path
from threading import Thread

import pytest

from application.place import LedgerPlace
from application.processes import Processes, answer
from tests.support.places import Place

SECONDS = 60


def stuck(began: Path) -> None:
    """Go on permanently, as one does that waits for a lock which nobody gives back."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    began.touch()
    time.sleep(10 * SECONDS)


@pytest.mark.slow
def test_all_end_when_one_was_ended_and_another_is_stuck(issued: Place, tmp_path: Path) -> None:
    processes, began = Processes(LedgerPlace(issued.target), 2), tmp_path / "began"
    stuck_one = processes.ask(stuck, began)
    until = time.monotonic() + SECONDS
    while not began.exists() and time.monotonic() < until:
        time.sleep(0.01)
    other = processes.ask(os.getpid)
    os.kill(other.result(SECONDS), signal.SIGKILL)

    ending = Thread(target=processes.close, daemon=True)
    ending.start()
    ending.join(SECONDS)

    assert not ending.is_alive()
    assert answer(stuck_one) is None


@pytest.mark.slow
def test_what_they_answered_stays_when_they_end(issued: Place) -> None:
    processes = Processes(LedgerPlace(issued.target), 2)
    asked = [processes.ask(pow, number, 2) for number in range(9)]
    answers = [answer(future) for future in asked]
    processes.close()

    assert answers == [number**2 for number in range(9)]


@pytest.mark.slow
def test_they_look_for_cycles_as_rarely_as_the_process_that_asks(issued: Place) -> None:
    before = gc.get_threshold()
    gc.set_threshold(123_456)
    try:
        processes = Processes(LedgerPlace(issued.target), 1)
        found = answer(processes.ask(gc.get_threshold))
        processes.close()
    finally:
        gc.set_threshold(*before)

    assert found == (123_456, *before[1:])
