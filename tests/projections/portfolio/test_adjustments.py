"""Who cuts like cases differently."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.ledger import Ledger
from ledger.store import Store
from projections.as_of import as_known, at, moment_over_cases
from projections.portfolio.adjustments import Adjustment, adjustments, scoring_patterns
from projections.portfolio.cases import CaseFilter
from projections.portfolio.catch_up import catch_up
from projections.portfolio.folded_tables import tables_at
from projections.score_sheet import score_sheet
from tests.support.portfolio_tables import filled

pytestmark = pytest.mark.slow

D = Decimal


def award(
    case: str, reviewer: str, claim: str | None, given: str | None, **more: object
) -> Adjustment:
    """An award of one indicator in a case of its own."""
    claimed, awarded = (None if one is None else D(one) for one in (claim, given))
    fields = {
        "unit": "u",
        "unit_name": "单位",
        "year": 2023,
        "rubric": "small",
        "edition": "1",
        "indicator": "plan",
        "version": 9,
        "kind": "ScoreAdjusted",
        "dated": "2024-01-01",
        "organisation": "agency",
        "clause": "",
        "decided_by": "rule",
        "countersigned": None,
    }
    delta = None if claimed is None or awarded is None else awarded - claimed
    fields |= more
    return Adjustment(
        case=case,
        reviewer=reviewer,
        claim=claimed,
        award=awarded,
        delta=delta,
        discretion=fields["decided_by"] == "discretion",
        **fields,  # type: ignore[arg-type]  # the fields above
    )


AWARDS = [
    award("a", "strict", "30.00", "20.00", decided_by="discretion"),
    award("b", "strict", "30.00", "25.00", decided_by="discretion", countersigned="lead"),
    award("c", "mild", "30.00", "30.00", clause="第一条"),
    award("d", "mild", "20.00", "21.00"),
    award("e", "mild", "30.00", None),
    award("f", "mild", None, "3.00"),
    award("g", "other", "30.00", "29.99", rubric="another"),
]


def test_the_same_claim_on_the_same_row_is_compared_between_reviewers() -> None:
    mild, other, strict = scoring_patterns(AWARDS, ["reviewer"], lambda _: True)

    assert (strict.by, strict.awards, strict.adjusted, strict.raised) == (
        {"reviewer": "strict"},
        2,
        2,
        0,
    )
    assert (strict.discretion, strict.uncountersigned) == (2, 1)
    assert (strict.mean, strict.lowest, strict.highest) == (D("-7.50"), D("-10.00"), D("-5.00"))
    assert strict.spread == D("5.00")
    assert strict.others == D("0.00"), "only the mild one's award on a claim of 30 is alike"
    assert (mild.awards, mild.adjusted, mild.raised, mild.mean) == (2, 1, 1, D("0.50"))
    assert mild.spread == D("0.00")
    assert mild.others == D("-7.50")
    assert other.others is None, "another rubric is no like case"


def test_those_who_are_not_asked_for_are_still_compared_with() -> None:
    (strict,) = scoring_patterns(AWARDS, ["reviewer"], lambda one: one.reviewer == "strict")

    assert strict.others == D("0.00")


def test_a_mean_is_rounded_half_up() -> None:
    scores = {"a": "1.00", "b": "1.00", "c": "0.99"}
    thirds = [award(name, "x", "1.00", score) for name, score in scores.items()]
    halves = [award("a", "x", "1.00", "1.01"), award("b", "x", "1.00", "1.00")]

    assert scoring_patterns(thirds, ["reviewer"], lambda _: True)[0].mean == D("0.00")
    assert scoring_patterns(halves, ["reviewer"], lambda _: True)[0].mean == D("0.01")


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("clause", ["", "第一条"]),
        ("discretion", ["no", "yes"]),
        ("rubric", ["another", "small"]),
        ("indicator", ["plan"]),
        ("year", ["2023"]),
        ("kind", ["ScoreAdjusted"]),
        ("unit", ["u"]),
        ("organisation", ["agency"]),
    ],
)
def test_awards_are_grouped_by_whatever_is_asked(by: str, groups: list[str]) -> None:
    assert [one.by[by] for one in scoring_patterns(AWARDS, [by], lambda _: True)] == groups


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 5000), data=st.data())
def test_what_stands_at_a_point_is_what_the_sheet_shows(
    store: Store, seed: int, data: st.DataObject
) -> None:
    catch_up(filled(store, [seed]))
    name = f"walk-{seed}"
    chosen = CaseFilter(cases=[name])
    history, editions = Ledger(store).history(name), Ledger(store).editions("small")
    days = st.dates(min(one.dated for one in history), max(one.dated for one in history))
    instants = st.sampled_from(sorted({one.at for one in history}))
    recorded = instants.map("recorded:{}".format)
    stages = st.sampled_from(["self", "draft", "issued", "final"])
    both = st.builds(as_known, days.map(str) | stages, instants)
    for label in data.draw(st.lists(days.map(str) | recorded | stages | both)):
        moment = moment_over_cases(label)
        with (
            store.projection_transaction(writing=False) as beside,
            tables_at(beside.connection, label, chosen, "scores", "adjustments") as then,
        ):
            found = adjustments(then, moment, chosen)
        try:
            sheet = score_sheet(at(history, editions, label))
        except ValueError:  # a stage that was not reached
            sheet = None
        rows = sheet.indicators if sheet else ()
        standing: set[tuple[str, D | None]] = {
            (row.id, row.award) for row in rows if row.award is not None
        }
        standing |= {(row.id, None) for row in rows if row.excluded}
        assert {(one.indicator, one.award) for one in found} == standing
        assert len(found) == len(standing)
        if sheet and label.startswith("final"):
            assert {one.indicator for one in found if one.discretion} == {
                row.id for row in sheet.indicators if row.discretion
            }
