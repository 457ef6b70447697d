"""The standard in sum: the small case by hand, the examples by hand, and what always holds.

Of the small case the rules give spending 38.00 and plan 30.00; service is open within 0 to 30.
Bonus 1.5 and penalty 2 stand, so the totals reach from 67.50 (no grade) to 97.50 (优).
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.commands import AdjustScore
from ledger.ledger import Ledger
from ledger.standard_totals import (
    StandardTotals,
    awards_by_standard,
    claims_by_standard,
    in_words,
    with_row_by_rule,
)
from projections.as_of import at
from tests.support.examples import case_and_rubric
from tests.support.random_walk import Walk
from tests.support.small_case import CASE, REVIEWED, SMALL, SUBMITTED, Story, on
from tests.support.specification import editions, history


def awarded(story: Story) -> StandardTotals:
    return awards_by_standard(at(history(story), editions()).case, SMALL)


def totals(found: StandardTotals) -> tuple[str, ...]:
    return tuple(map(str, (found.lowest, found.highest, found.nearest, found.given)))


def grades(found: StandardTotals) -> tuple[str | None, ...]:
    return (found.grade_lowest, found.grade_highest, found.grade_nearest, found.grade_given)


def award(row: str, score: str) -> AdjustScore:
    return AdjustScore(
        indicator=row, award=Decimal(score), justification="现场查看", clause="第一条"
    )


def test_an_open_row_reaches_from_nothing_to_its_weight_and_is_left_as_awarded() -> None:
    found = awarded(REVIEWED)

    assert totals(found) == ("67.50", "97.50", "93.00", "93.00")
    assert grades(found) == (None, "优", "优", "优")
    assert found.undecided == ("service",)
    assert found.off == ()


def test_an_open_row_decides_where_the_grade_could_fall_with_it() -> None:
    found = awarded(REVIEWED)

    assert (found.decisive, str(found.decided), found.grade_decided) == (
        ("service",),
        "67.50",
        None,
    )
    assert in_words(found, SMALL, "award").zh == (
        "各项均按标准计，总分至多 97.50 分（优），至少 67.50 分（不在任何等级内）；"
        "标准无法确定的 1 项按核查得分计，为 93.00 分（优）。核查总分为 93.00 分（优）。"
        "是否为“优”，取决于“服务对象满意度”（总分可能为 67.50 分（不在任何等级内））。"
    )


def test_a_row_off_the_rule_decides_where_the_grade_falls_without_it() -> None:
    # 33 + 15 + 25.5 + 1.5 − 2 = 73; by the rules 38 + 30 + 25.5 − 0.5 = 93
    harsh = on(
        "2024-10-20", ("reviewer", award("spending", "33")), ("reviewer", award("plan", "24"))
    )
    found = awarded(REVIEWED + harsh)

    assert totals(found) == ("67.50", "97.50", "93.00", "82.00")
    assert [(one.indicator, str(one.gap)) for one in found.off] == [
        ("plan", "-6.00"),
        ("spending", "-5.00"),
    ]
    # plan alone makes it 88, still 良; with spending it is 93
    assert (found.decisive, str(found.decided), found.grade_decided) == (
        ("plan", "spending"),
        "93.00",
        "优",
    )
    assert in_words(found, SMALL, "award").en.endswith(
        "Decisive: plan (awarded 24.00, by the standard 30.00), spending (awarded 33.00,"
        " by the standard 38.00); scored by the standard there, the total would be 93.00 (优)."
    )


def test_while_rows_lack_an_award_only_the_ends_are_known() -> None:
    found = awarded(SUBMITTED)

    assert totals(found)[2:] == ("None", "None")
    assert (found.decisive, found.decided) == ((), None)
    # nothing recognised yet: the bonus of 3 stands as claimed, and no penalty
    assert (found.lowest, found.highest) == (Decimal("71.00"), Decimal("100.00"))


def test_one_row_by_its_rule_leaves_all_others_as_awarded() -> None:
    story = REVIEWED + on("2024-10-20", ("reviewer", award("plan", "24")))
    case = at(history(story), editions()).case
    results = SMALL.rule_results(case.figures_in_force)

    for row, ends in {"plan": ("93.00", "93.00"), "service": ("61.50", "91.50")}.items():
        found = with_row_by_rule(case, SMALL, row, results[row])
        assert tuple(str(one.total) for one in found) == ends


# The examples ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("example", "ends", "as_scored", "given"),
    [
        # 48.12 of decided rows less contract signing and timeliness at 0; see the pages of its rows
        ("zhanjiang-2023", ("59.94 差", "88.48 良"), "86.98 良", "93.89 优"),
        # every row is decided, one does not apply: the hand calculation of the example
        ("nested-blocks", ("77.73 良", "77.73 良"), "77.73 良", "77.73 良"),
        # 8.75 instead of 9 for timeliness
        ("project-expenditure", ("85.56 良", "85.56 良"), "85.56 良", "85.81 良"),
        # plan by its rule 10 instead of 9; patrols and satisfaction open
        ("whole-life", ("63.20 中", "93.20 优"), "87.20 良", "86.20 良"),
    ],
)
def test_the_awards_of_the_examples(
    example: str, ends: tuple[str, str], as_scored: str, given: str
) -> None:
    found = awards_by_standard(*case_and_rubric(example))

    assert (f"{found.lowest} {found.grade_lowest}", f"{found.highest} {found.grade_highest}") == (
        ends
    )
    assert f"{found.nearest} {found.grade_nearest}" == as_scored
    assert f"{found.given} {found.grade_given}" == given


@pytest.mark.parametrize(
    ("example", "highest", "given"),
    [
        ("zhanjiang-2023", "96.36 优", "100.00 None"),  # 100 lies in no band
        ("nested-blocks", "88.00 良", "100.00 优"),
        ("project-expenditure", "86.31 良", "100.00 优"),
        ("whole-life", "95.00 优", "97.00 优"),
    ],
)
def test_the_claims_of_the_examples(example: str, highest: str, given: str) -> None:
    found = claims_by_standard(*case_and_rubric(example))

    assert f"{found.highest} {found.grade_highest}" == highest
    assert f"{found.given} {found.grade_given}" == given


def test_the_reference_award_is_excellent_by_its_outputs_alone() -> None:
    found = awards_by_standard(*case_and_rubric("zhanjiang-2023"))

    assert [(one.indicator, str(one.gap)) for one in found.off] == [
        ("output-goals", "5.25"),
        ("contract-signing", "1.50"),
        ("asset-compliance", "-1.00"),
        ("benefit-goals", "0.64"),
        ("intention-timeliness", "0.50"),
        ("budget-constraint", "0.02"),
    ]
    assert (found.decisive, str(found.decided), found.grade_decided) == (
        ("output-goals",),
        "88.64",
        "良",
    )


# What always holds -------------------------------------------------------------------------------


@pytest.mark.slow
@given(st.integers(0, 10**9))
def test_what_is_as_scored_lies_between_the_ends_and_moves_only_rows_off_the_rule(
    seed: int,
) -> None:
    ledger = Ledger(Walk(seed).archive)
    point = at(list(ledger.history(CASE)), ledger.editions("small"))
    if point.rubric is None:
        return
    for found in (
        awards_by_standard(point.case, point.rubric),
        claims_by_standard(point.case, point.rubric),
    ):
        assert found.lowest <= found.highest
        assert found.undecided or found.lowest == found.highest
        if found.nearest is not None and found.given is not None:
            assert found.lowest <= found.nearest <= found.highest
            assert found.off or found.nearest == found.given
            assert not found.decisive or found.grade_decided != found.grade_given
