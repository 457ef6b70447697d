"""Two at once: one wins or both stand in order, and nothing is lost."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.places import Place, Places
from tests.support.processes import Ended, Warm
from tests.support.sample import so_many
from tests.support.terminal import CASE, REVIEW, SELF, done, entries, record, scoretrail

pytestmark = pytest.mark.slow

HEAD_START = 0.004
"""Seconds that both processes need to be forked."""


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Warm, Warm]]:
    """Two warm processes."""
    with Warm(tmp_path, "one") as one, Warm(tmp_path, "two") as other:
        yield one, other


def race(two: tuple[Warm, Warm], ledger: Place, *lines: tuple[str, ...]) -> tuple[Ended, Ended]:
    """Both command lines from the same moment on."""
    moment = time.monotonic() + HEAD_START
    for process, words in zip(two, lines, strict=True):
        process.start(ledger, *words, moment=moment)
    return two[0].ended(), two[1].ended()


def adjust(award: str) -> tuple[str, ...]:
    why = ("--justification", award, "--clause", "附件1")
    return ("--as", "agency-reviewer", "review", "adjust", CASE, "e-contracts", award, *why)


def test_of_two_who_adjust_at_once_one_wins_or_both_stand_in_order(
    submitted: Place, two: tuple[Warm, Warm]
) -> None:
    kept = [one["version"] for one in entries(submitted)]
    expected: list[str] = []
    lost = 0
    turns = so_many(15, 45)
    for turn in range(turns):
        awards = (f"0.{2 * turn + 1:02d}", f"0.{2 * turn + 2:02d}")
        ended = race(two, submitted, *map(adjust, awards))
        codes = [one.code for one in ended]
        assert sorted(codes) in ([0, 0], [0, 4]), ended
        for one, award in zip(ended, awards, strict=True):
            if one.code == 4:
                lost += 1
                assert "by another account" in one.heard
                assert "Traceback" not in one.heard
            else:
                expected.append(award)
        written = [
            one["data"]["award"] for one in entries(submitted) if one["type"] == "ScoreAdjusted"
        ]
        assert sorted(written) == sorted(expected)
    versions = [one["version"] for one in entries(submitted)]
    assert versions == [*range(1, len(kept) + len(expected) + 1)]
    assert len(expected) == 2 * turns - lost
    assert done(scoretrail(submitted, "verify", "--json")).json["breaks"] == []


def test_the_same_file_applied_by_two_at_once_is_recorded_once(
    built: Mapping[str, Place], places: Places, two: tuple[Warm, Warm]
) -> None:
    for before, after, file in [
        ("opened", "submitted", SELF),
        ("submitted", "reviewed", REVIEW),
    ] * so_many(1, 3):
        ledger = places.copy(built[before])
        words = ("apply", str(file))
        ended = race(two, ledger, words, words)
        assert sorted(one.code for one in ended) in ([0, 0], [0, 4]), ended
        assert len(record(ledger)) == len(record(built[after]))
        assert scoretrail(ledger, "verify").code == 0
        assert scoretrail(ledger, "evidence", "list", CASE).code == 0
        done(scoretrail(ledger, *words))
        assert len(record(ledger)) == len(record(built[after]))


def test_of_two_who_make_a_ledger_at_once_one_does(places: Places, two: tuple[Warm, Warm]) -> None:
    for _ in range(so_many(4, 10)):
        ledger = places.new()
        ended = race(two, ledger, ("init",), ("init", "--administrator", "other"))
        assert sorted(one.code for one in ended) in ([0, 1], [0, 4]), ended
        assert len(record(ledger)) == 2  # one account, one role: of one of them
        assert scoretrail(ledger, "verify").code == 0
