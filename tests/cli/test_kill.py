"""A process killed while it writes: the case has all of the file or nothing of it."""

import os
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.places import Place, Places
from tests.support.postgres import Databases, is_postgres
from tests.support.processes import Warm
from tests.support.sample import SLOW
from tests.support.terminal import CASE, REVIEW, Row, done, record, scoretrail

pytestmark = pytest.mark.slow

ROUNDS = int(os.environ.get("KILLS", "15" if SLOW == 1 else "6"))
"""How often a process is killed; `make long` does it a thousand times."""


def until_it_writes(ledger: Place) -> None:
    """Wait for the first byte that a process writes to a ledger; on a server, until it is there."""
    begun, log = time.monotonic(), ledger.file("-wal")
    while time.monotonic() < begun + 5:
        if is_postgres(ledger.target):
            if ledger.visitors():
                return
            continue
        with suppress(FileNotFoundError):  # it comes with a process and goes with it
            if log.stat().st_size:
                return


def test_a_kill_at_any_moment_leaves_all_of_a_file_or_nothing(
    built: Mapping[str, Place], database: Databases | None, tmp_path: Path, places: Places
) -> None:
    seed = int(os.environ.get("KILL_SEED") or time.time_ns())
    print(f"KILL_SEED={seed}")  # noqa: T201 - pytest shows it where the test fails
    chance = random.Random(seed)  # noqa: S311 - moments to try, no secrets
    rounds = ROUNDS // 3 if database else ROUNDS  # a copy of a file is made sooner
    before, after = (len(record(built[stage])) for stage in ("submitted", "reviewed"))
    apply = ("apply", str(REVIEW))
    found = {before: 0, after: 0}
    killed = 0
    with Warm(tmp_path, "victim") as victim:
        for _ in ("to import", "to measure"):
            ledger = places.copy(built["submitted"])
            start = time.monotonic()
            victim.start(ledger, *apply)
            assert victim.ended().code == 0
            whole = time.monotonic() - start
        for turn in map(str, range(rounds)):
            ledger = places.copy(built["submitted"])
            victim.start(ledger, *apply)
            if int(turn) % 2:
                time.sleep(chance.uniform(0, whole * 1.1))
            else:
                until_it_writes(ledger)
                time.sleep(chance.uniform(0, 0.004))
            killed += victim.ended("kill").code == -9
            assert scoretrail(ledger, "verify").code == 0
            found[len(record(ledger))] += 1  # a KeyError is a file half written
            done(scoretrail(ledger, *apply))
            assert len(record(ledger)) == after
            assert scoretrail(ledger, "evidence", "list", CASE).code == 0
    print(f"{killed} killed before they ended; events found: {found}")  # noqa: T201 - the same
    assert killed > rounds // 4
    assert found[before] > rounds // 10


def test_a_kill_while_a_ledger_is_imported_leaves_all_of_it_or_none(
    built: Mapping[str, Place], tmp_path: Path, places: Places
) -> None:
    whole, there = tmp_path / "whole.jsonl", without_ids(built["issued"])
    done(scoretrail(built["issued"], "export", "--all", "-o", str(whole)))
    rounds, found = 20, {"all": 0, "none": 0}
    with Warm(tmp_path, "victim") as victim:
        for _ in range(2):  # the first one imports the program, too
            start = time.monotonic()
            victim.start(places.for_import(), "import", str(whole))
            assert victim.ended().code == 0
            taken = time.monotonic() - start
        for turn in range(rounds):
            ledger = places.for_import()
            victim.start(ledger, "import", str(whole))
            time.sleep(taken * 1.2 * turn / rounds)
            victim.ended("kill")
            none = ledger.is_empty()
            found["none" if none else "all"] += 1
            if none:
                done(scoretrail(ledger, "import", str(whole)))  # what was left is in nobody's way
            assert without_ids(ledger) == there
    assert found["none"] > rounds // 4


def without_ids(ledger: Place) -> list[Row]:
    """What a ledger holds. A server does not give again the ids of what it took back."""
    return [row[1:] for row in record(ledger)]
