"""`verify` by several processes finds what it finds by one: no more, no less, in the same order."""

from contextlib import closing
from itertools import pairwise
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application import processes, verify_in_parts
from application.place import LedgerPlace
from application.verify import verify
from application.verify_in_parts import SeveralProcesses, shares
from ledger.log_verification import Trust, Verification
from tests.support.damaged_kit import write_kit
from tests.support.houses import House
from tests.support.one_after_another import OneAfterAnother
from tests.support.terminal import done, scoretrail

COUNTS = st.lists(st.integers(1, 400), min_size=1, max_size=40)


@pytest.fixture(autouse=True)
def _worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "WORTH", 20)
    monkeypatch.setattr(verify_in_parts, "BATCH", 1)


def found(place: LedgerPlace, workers: int) -> tuple[object, ...]:
    with closing(place.open()) as store:
        result = verify(store, place, Trust(), None, workers)
    return result.report, result.head, sorted(result.streams), result.portfolio_unchecked


@pytest.mark.sqlite_only("a kit is files")
def test_in_each_damaged_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", OneAfterAnother)
    folder = tmp_path / "kit"
    ledgers = [item for item in write_kit(folder) if item.what == "ledger"]
    assert len(ledgers) > 30
    for item in ledgers:
        place = LedgerPlace(str(folder / item.file), folder / "evidence")
        by_one = found(place, 1)
        for workers in (2, 3, 7):
            assert found(place, workers) == by_one, (item.name, workers)


def test_while_others_act(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes walk through one moment, whatever is recorded after it."""
    place = LedgerPlace(house.ledger.target, house.ledger.evidence)
    by_one, before = found(place, 1), verify_in_parts.shares

    def while_somebody_acts(*given: Any) -> object:  # noqa: ANN401 - as `shares` has it
        acting = ("account", "open", "somebody", "--organisation", "o")
        done(scoretrail(house.ledger, "--as", "administrator", *acting))
        return before(*given)

    monkeypatch.setattr(verify_in_parts, "shares", while_somebody_acts)
    meanwhile = found(place, 2)
    assert meanwhile[1:] == by_one[1:]
    monkeypatch.undo()
    assert found(place, 1)[1:] != by_one[1:]


def test_a_process_that_ends_is_made_up_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    place = LedgerPlace(house.ledger.target, house.ledger.evidence)
    by_one = found(place, 1)

    def ended(self: SeveralProcesses, result: Verification, *given: Any) -> None:  # noqa: ANN401 - the same
        self._processes.ask(len, ()).result()
        for process in active_children():
            process.kill()
        walk(self, result, *given)

    walk = SeveralProcesses.walk
    monkeypatch.setattr(SeveralProcesses, "walk", ended)
    assert found(place, 2) == by_one


@given(COUNTS, st.integers(1, 9))
def test_every_stream_is_in_one_share(counts: list[int], most: int) -> None:
    streams = [(f"case-{number:02}", count) for number, count in enumerate(counts)]
    parted = shares(streams, most)
    assert 1 <= len(parted) <= most
    assert parted[0].first == ""
    assert all(before.end == after.first for before, after in pairwise(parted))
    for name in [*dict(streams), "0", "zz", "\U0010fffe"]:
        assert sum(share.first <= name < share.end for share in parted) == 1
