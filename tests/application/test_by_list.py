"""A list of cases in any order, in any number of parts: of each case the same is recorded."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json

from application.by_list import carry_out
from application.place import LedgerPlace
from intake.case_list import read_list
from ledger.store import Store
from ledger.values import Invalid
from tests.cli.test_by_list import HEADINGS, row
from tests.support.places import Place, Places

ROWS = [*(row(number) for number in range(1, 5)), row(5, rubric="unknown")]
DIFFERS = ("at", "prev")
"""When it was recorded, and the hash of the entry before, in which that is."""


def now() -> datetime:
    return datetime.now(UTC)


def done(ledger: Place, rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Hand in a list; what became of its cases."""
    content = "\n".join(",".join(each) for each in (HEADINGS, *rows)).encode()
    listed = read_list(
        Path("list.csv"),
        "open-case",
        account="bureau-officer",
        dated=datetime.now(UTC).date(),
        content=content,
    )
    place = LedgerPlace(ledger.target)
    with Store.open(ledger.target) as store:
        outcomes = [each.outcome for each in carry_out(store, now, place, listed)]
    return {outcome.case: outcome.result for outcome in outcomes}


def recorded(ledger: Place) -> dict[str, list[Any]]:
    """What each case has, without when it was recorded."""
    with Store.open(ledger.target) as store:
        cases = [name for name, _ in store.streams() if name.startswith("case-")]
        return {
            case: [
                {
                    key: value
                    for key, value in json.decode(entry.entry).items()
                    if key not in DIFFERS
                }
                for entry in store.read(case)
            ]
            for case in sorted(cases)
        }


@pytest.mark.slow
def test_any_order_and_any_parts_of_a_list_record_the_same(
    built: Mapping[str, Place], places: Places
) -> None:
    whole, names = places.copy(built["opened"]), count()
    done(whole, ROWS)
    expected = recorded(whole)
    assert [*expected] == ["case-001", "case-002", "case-003", "case-004"]

    @given(st.permutations(ROWS), st.sets(st.integers(1, len(ROWS) - 1)))
    @settings(max_examples=15)
    def always(rows: list[tuple[str, ...]], cuts: set[int]) -> None:
        ledger = places.copy(built["opened"], f"part-{next(names)}.db")
        ends = [0, *sorted(cuts), len(rows)]
        results: dict[str, str] = {}
        for start, end in pairwise(ends):
            results |= done(ledger, rows[start:end])

        assert recorded(ledger) == expected
        assert results.pop("case-005") == "refused"
        assert set(results.values()) == {"done"}
        assert set(done(ledger, rows).values()) == {"before", "refused"}
        assert recorded(ledger) == expected

    always()


def test_a_case_that_is_there_twice_is_told_by_its_cell(
    built: Mapping[str, Place], places: Places
) -> None:
    ledger = places.copy(built["opened"])

    assert done(ledger, [row(1)]) == {"case-001": "done"}
    before = recorded(ledger)
    with pytest.raises(Invalid, match=r"A3.*第 2 行已有"):
        done(ledger, [row(1), row(1)])
    assert recorded(ledger) == before
