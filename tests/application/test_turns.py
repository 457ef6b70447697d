"""Those who act in one case do so one after the other, and again where somebody else was faster."""

from concurrent.futures import ThreadPoolExecutor
from random import random

import pytest

from application.turns import ATTEMPTS, LONGEST, Turns
from ledger.store import VersionConflict


def test_one_at_a_time_acts_in_a_case() -> None:
    turns, inside, most = Turns(random), [0], [0]

    def act() -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        sum(range(20_000))
        inside[0] -= 1

    with ThreadPoolExecutor(8) as people:
        for done in [people.submit(turns.take, "case", act) for _ in range(80)]:
            done.result()
    assert most == [1]


def test_it_is_done_again_where_another_process_was_faster() -> None:
    pauses: list[float] = []
    faster = [VersionConflict("case", 3)] * 4

    def act() -> str:
        if faster:
            raise faster.pop()
        return "done"

    assert Turns(random, pauses.append).take("case", act) == "done"
    assert len(pauses) == 4
    assert all(0 <= pause <= LONGEST for pause in pauses)


def test_somebody_who_is_never_fast_enough_is_told() -> None:
    pauses: list[float] = []

    def act() -> None:
        raise VersionConflict("case", 3)

    turns = Turns(random, pauses.append)
    with pytest.raises(VersionConflict):
        turns.take("case", act)
    assert len(pauses) == ATTEMPTS - 1
    assert turns.take("case", lambda: "the next one") == "the next one"
