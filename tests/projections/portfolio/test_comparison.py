"""Years compared: who moved and why, and like cases against like cases."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from re import sub
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.log.tree import leaf_hash
from ledger.store import NewEntry, Store
from ledger.values import Invalid
from projections.as_of import moment_over_cases
from projections.portfolio.adjustments import Adjustment, adjustments
from projections.portfolio.cases import CaseFilter
from projections.portfolio.catch_up import catch_up
from projections.portfolio.comparison import (
    DIMENSIONS,
    ENOUGH,
    Comparison,
    compared_years,
    comparison,
)
from projections.portfolio.scores_view import Score, scores
from projections.portfolio.spread import spread_of
from tests.support.many_cases import ledger_of, renamed, walk

D = Decimal
UNITS, ROWS, REVIEWERS = ("u1", "u2", "u3"), ("plan", "spending"), ("strict", "mild")


def award(unit: str, year: int, indicator: str, claim: str, given: str, **more: str) -> Adjustment:
    """An award in the only case of a unit in a year."""
    fields = {
        "edition": "1",
        "reviewer": "strict",
        "clause": "",
        **more,
    }
    return Adjustment(
        case=f"{unit}-{year}",
        unit=unit,
        unit_name=unit,
        year=year,
        rubric="small",
        indicator=indicator,
        version=9 + ROWS.index(indicator),
        kind="ScoreAdjusted",
        dated="2024-01-01",
        organisation="agency",
        claim=D(claim),
        award=D(given),
        delta=D(given) - D(claim),
        decided_by="rule",
        discretion=False,
        countersigned=None,
        **fields,
    )


def score(unit: str, year: int, claim: str, given: str | None, edition: str = "1") -> Score:
    awarded = None if given is None else D(given)
    return Score(
        case=f"{unit}-{year}",
        unit=unit,
        unit_name=unit,
        year=year,
        rubric="small",
        edition=edition,
        stage="issued",
        version=20,
        since="2024-01-01",
        claim=D(claim),
        claim_grade=None,
        claim_pending=0,
        award=awarded,
        grade=None,
        pending=0 if given else 1,
        bonus_undecided=0,
        gap=None if awarded is None else awarded - D(claim),
    )


@st.composite
def awards_of_years(draw: st.DrawFn) -> list[Adjustment]:
    """Awards of some units in two years, each of whom may be scored by another edition."""
    made = []
    for unit in UNITS:
        for year in (2023, 2024):
            edition = draw(st.sampled_from(["1", "2"]))
            for row in ROWS:
                if draw(st.booleans()):
                    claim, given = (draw(st.integers(0, 2000)) for _ in range(2))
                    made.append(
                        award(
                            unit,
                            year,
                            row,
                            f"{D(claim) / 100:.2f}",
                            f"{D(given) / 100:.2f}",
                            edition=edition,
                            reviewer=draw(st.sampled_from(REVIEWERS)),
                        )
                    )
    return made


def middle(numbers: Sequence[Decimal]) -> list[Decimal | None]:
    """Quartiles, as the standard library has them."""
    if not numbers:
        return [None] * 3
    found = quantiles(numbers, n=4, method="inclusive") if len(numbers) > 1 else [numbers[0]] * 3
    return [number.quantize(D("0.01"), ROUND_HALF_UP) for number in found]


@given(awards=awards_of_years(), by=st.sampled_from([*DIMENSIONS]))
def test_every_number_of_a_group_is_what_is_counted_by_hand(
    awards: list[Adjustment], by: str
) -> None:
    found = comparison(awards, [], [2024, 2023], by, {})
    name = DIMENSIONS[by]
    assert {(one.group, one.year) for one in found.groups} == {
        (name(one), one.year) for one in awards
    }
    for group in found.groups:
        mine = [one for one in awards if (name(one), one.year) == (group.group, group.year)]
        deltas = [one.award - one.claim for one in mine]  # type: ignore[operator]  # all have both
        assert [group.lower, group.median, group.upper] == middle(deltas)
        assert (group.awards, group.cases) == (len(mine), len({one.case for one in mine}))
        assert group.deducted == len([delta for delta in deltas if delta < 0])
        assert group.raised == len([delta for delta in deltas if delta > 0])
        assert (group.lowest, group.highest) == (min(deltas), max(deltas))
        assert group.mean == (sum(deltas, D(0)) / len(deltas)).quantize(D("0.01"), ROUND_HALF_UP)
        assert set(group.events) == {(one.case, one.version) for one in mine}
        assert group.editions == tuple(sorted({f"small@{one.edition}" for one in mine}))
        rows = {(one.edition, one.indicator) for one in mine}
        others = [
            one.award - one.claim  # type: ignore[operator]  # the same
            for one in awards
            if name(one) != group.group
            and one.year == group.year
            and (one.edition, one.indicator) in rows
        ]
        assert (group.others, group.others_median) == (len(others), middle(others)[1])
        assert group.enough == (len(mine) >= ENOUGH and len(others) >= ENOUGH)
        before = [one for one in awards if (name(one), one.year) == (group.group, 2023)]
        if group.year == 2023 or not before:
            assert (group.change, group.like, group.like_change) == (None, 0, None)
            continue
        earlier = [one.award - one.claim for one in before]  # type: ignore[operator]  # the same
        assert group.change == group.median - middle(earlier)[1]  # type: ignore[operator]  # there are some
        same = rows & {(one.edition, one.indicator) for one in before}
        now, then = (
            [one.award - one.claim for one in of if (one.edition, one.indicator) in same]  # type: ignore[operator]  # the same
            for of in (mine, before)
        )
        assert group.like == len(now)
        if same:
            assert group.like_change == middle(now)[1] - middle(then)[1]  # type: ignore[operator]  # the same


@given(awards=awards_of_years())
def test_who_moved_is_every_pair_that_differs_with_both_reasons(awards: list[Adjustment]) -> None:
    reasons = {(one.case, one.version): f"因 {one.case} {one.indicator}" for one in awards}
    found = comparison(awards, [], [2023, 2024], "unit", reasons)
    pairs = [
        (old, new)
        for old, new in combinations(sorted(awards, key=lambda one: one.year), 2)
        if (old.unit, old.indicator) == (new.unit, new.indicator)
        and (old.award, old.delta) != (new.award, new.delta)
    ]
    assert {(one.unit, one.indicator, one.change, one.alike) for one in found.moves} == {
        (new.unit, new.indicator, new.award - old.award, old.edition == new.edition)  # type: ignore[operator]  # all have both
        for old, new in pairs
    }
    assert len(found.moves) == len(pairs)
    for one in found.moves:
        assert one.reason == f"因 {one.case} {one.indicator}"
        assert one.reason_before == f"因 {one.case_before} {one.indicator}"
    assert [abs(one.change) for one in found.moves] == sorted(
        (abs(one.change) for one in found.moves), reverse=True
    )


def test_a_unit_with_two_cases_in_a_year_makes_no_pair() -> None:
    twice = award("u1", 2024, "plan", "9.00", "8.00")
    awards = [
        award("u1", 2023, "plan", "9.00", "9.00"),
        twice,
        replace(twice, case="u1-2024-b", award=D("1.00"), delta=D("-8.00")),
    ]
    found = comparison(awards, [], [2023, 2024], "unit", {})
    assert (found.moves, found.unpaired) == ((), 1)


def test_nor_does_a_row_that_only_one_of_its_cases_has() -> None:
    awards = [
        award("u1", 2023, "plan", "9.00", "9.00"),
        award("u1", 2024, "plan", "9.00", "8.00"),
        replace(award("u1", 2024, "spending", "9.00", "8.00"), case="u1-2024-b"),
    ]
    found = comparison(awards, [], [2023, 2024], "unit", {})
    assert (found.moves, found.unpaired) == ((), 1)


def test_totals_are_compared_with_the_year_before_and_say_whether_the_edition_is_the_same() -> None:
    cases = [
        score("u1", 2023, "100.00", "90.00"),
        score("u1", 2024, "100.00", "93.50", edition="2"),
        score("u2", 2023, "80.00", None),
        score("u2", 2024, "80.00", "79.99"),
        score("u3", 2024, "100.00", "95.00"),
    ]
    found = comparison([], cases, [2023, 2024], "unit", {})
    of = {(one.unit, one.year): one for one in found.totals}
    assert (of["u1", 2024].change, of["u1", 2024].alike) == (D("3.50"), False)
    assert (of["u2", 2024].change, of["u2", 2024].alike) == (None, True)
    assert (of["u3", 2024].change, of["u3", 2024].alike, of["u3", 2024].before) == (
        None,
        None,
        None,
    )
    assert found.pending == 1
    assert [(one.year, one.low, one.cases, one.which) for one in found.bins] == [
        (2023, D(90), 1, ("u1-2023",)),
        (2024, D(75), 1, ("u2-2024",)),
        (2024, D(90), 1, ("u1-2024",)),
        (2024, D(95), 1, ("u3-2024",)),
    ]
    assert found.spreads[2024].median == D("93.50")


def test_the_rows_that_are_deducted_most_often_come_first() -> None:
    awards = [
        *(award(unit, 2023, "plan", "9.00", "8.00") for unit in UNITS),
        *(award(unit, 2023, "spending", "9.00", "9.00") for unit in UNITS),
        award("u1", 2024, "spending", "9.00", "4.00"),
    ]
    first, second = comparison(awards, [], [2023, 2024], "unit", {}).frequent
    assert (first.indicator, first.deducted, first.awards, first.median) == (
        "plan",
        3,
        3,
        D("-1.00"),
    )
    assert (second.indicator, second.deducted, second.awards) == ("spending", 1, 4)
    assert second.events == (("u1-2024", 10),)


def test_of_no_numbers_there_is_no_spread_and_one_is_all_of_it() -> None:
    assert spread_of([]).median is None
    one = spread_of([D("1.00")])
    assert (one.lower, one.median, one.upper) == (D("1.00"),) * 3
    assert spread_of([D(1), D(2)]).lower == D("1.25")


@pytest.mark.slow
@pytest.mark.parametrize("by", [*DIMENSIONS])
def test_the_tables_give_the_same_as_their_lists(store: Store, by: str) -> None:
    in_two_years(store)
    catch_up(store)
    with store.projection_transaction(writing=False) as beside:
        moment, chosen = moment_over_cases("final"), CaseFilter()
        found = compared_years(beside.connection, moment, chosen, by)
        awards = adjustments(beside.connection, moment, chosen)
        cases = list(scores(beside.connection, moment, chosen))
        assert without_reasons(found) == without_reasons(
            comparison(awards, cases, [2023, 2024], by, {})
        )
        assert any(one.reason for one in found.moves)
        with pytest.raises(Invalid):
            compared_years(beside.connection, moment, CaseFilter(years=[2023]), by)


def without_reasons(found: Comparison) -> Comparison:
    moves = tuple(replace(one, reason="", reason_before="") for one in found.moves)
    return replace(found, moves=moves)


def in_two_years(store: Store) -> None:
    """Two cases of each of two units, in a year each, the chains of hashes made again."""
    start, _ = ledger_of([1])
    store.append(start)
    for number, (seed, year) in enumerate(((1, 2023), (2, 2024), (3, 2023), (4, 2024))):
        unit, was, now = f'"unit":"unit-{number // 2}"'.encode(), b"", b""
        for event in renamed(walk(seed), f"walk-{seed}"):
            entry = event.entry.replace(b'"year":2023', f'"year":{year}'.encode())
            if event.version == 1:
                entry = sub(rb'"unit":"[^"]*"', unit, entry, count=1)
            if was:
                entry = entry.replace(was, now, 1)
            was, now = (leaf_hash(each).hex().encode() for each in (event.entry, entry))
            store.append([NewEntry(event.case_id, event.version, event.type, entry)])
