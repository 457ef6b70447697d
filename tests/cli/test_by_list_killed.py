"""A list whose run is killed: every case is done whole or not at all, and a second run ends it."""

import os
import random
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.test_by_list import OFFICER, row, types, workbook
from tests.support.places import Place, Places
from tests.support.processes import Warm
from tests.support.sample import SLOW
from tests.support.terminal import done, record, scoretrail

pytestmark = pytest.mark.slow

CASES = 40
ROUNDS = int(os.environ.get("KILLS", "8" if SLOW == 1 else "4"))


def test_a_kill_at_any_moment_leaves_whole_cases_and_the_next_run_does_the_rest(
    built: Mapping[str, Place], tmp_path: Path, places: Places
) -> None:
    seed = int(os.environ.get("KILL_SEED") or time.time_ns())
    print(f"KILL_SEED={seed}")  # noqa: T201 - pytest shows it where the test fails
    chance = random.Random(seed)  # noqa: S311 - moments to try, no secrets
    file = workbook(tmp_path / "list.xlsx", [row(number) for number in range(CASES)])
    words = (*OFFICER, "case", "open", "--from", str(file))
    undisturbed = places.copy(built["opened"])
    killed, halfway = 0, 0
    with Warm(tmp_path, "victim") as victim:
        victim.start(undisturbed, *words)
        assert victim.ended().code == 0
        for turn in range(10 * ROUNDS):
            if turn >= ROUNDS and halfway:  # a fast machine may be through before it is killed
                break
            ledger = places.copy(built["opened"])
            victim.start(ledger, *words)
            wait_for(chance.randrange(1, CASES // 2), ledger)
            time.sleep(chance.uniform(0, 0.03))
            killed += victim.ended("kill").code == -9
            assert scoretrail(ledger, "verify").code == 0
            begun = begun_in(ledger)
            halfway += 0 < len(begun) < CASES
            for case in begun:  # all of its row
                assert len(types(ledger, case)) == 3
            done(scoretrail(ledger, *words))
            assert len(record(ledger)) == len(record(undisturbed))
    print(f"{killed} killed, {halfway} of them halfway")  # noqa: T201 - the same
    assert killed
    assert halfway


def begun_in(ledger: Place) -> list[str]:
    return sorted({f"{entry[1]}" for entry in record(ledger) if f"{entry[1]}".startswith("case-")})


def wait_for(cases: int, ledger: Place) -> None:
    """Until so many have begun, or for a minute: what is killed then is somewhere in its list."""
    until = time.monotonic() + 60
    while len(begun_in(ledger)) < cases and time.monotonic() < until:
        time.sleep(0.005)
