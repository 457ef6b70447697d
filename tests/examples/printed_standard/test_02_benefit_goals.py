"""Row 2 of the score table, 部门整体绩效目标效益指标完成情况: 20 points.

Clause: numbers as in the row of outputs. Goals without numbers need a detailed written basis
and are graded: 优 95, 良 85, 达标 70, 不达标 50. The row is the sum over the number of goals. No
clause says what a goal counts that is only called finished.
"""

from decimal import Decimal

from tests.support.printed_rows import awarded, cents, ends, engine, engine_of, said

WEIGHT = Decimal(20)
IN_WORDS = (
    "enterprise-burden",
    "food-drug-safety-level",
    "lift-safety-quality",
    "project-services",
    "geographical-indications",
    "food-drug-supervision",
    "business-environment",
    "ip-quality",
)
# Patent loans 54.26 ÷ 6 = 904 %: half. Trademark loans 10.19 ÷ 10 = 102 %: full. No complaint
# against at most 10 %: kept, full.
NUMBERS = WEIGHT / 2 + WEIGHT + WEIGHT


def test_eleven_goals_of_which_eight_have_no_grade() -> None:
    assert [said(one) for one in ("patent-pledge-loans", "trademark-pledge-loans")] == [
        "54.26",
        "10.19",
    ]
    assert said("complaint-rate") == "0"
    assert not {said(goal) for goal in IN_WORDS} & {"优", "良", "达标", "不达标"}

    worst = (NUMBERS + 8 * WEIGHT * 50 / 100) / 11
    best = (NUMBERS + 8 * WEIGHT * 95 / 100) / 11

    assert (cents(worst), cents(best)) == (Decimal("11.82"), Decimal("18.36"))
    result = engine("benefit-goals")
    assert result.score is None
    assert ends(result) == (cents(worst), cents(best))
    assert result.missing == IN_WORDS
    assert awarded("benefit-goals") - cents(best) == Decimal("0.64")


def test_all_graded_gives_one_score() -> None:
    graded = dict.fromkeys((goal.replace("-", "_") for goal in IN_WORDS), "良")
    by_hand = (NUMBERS + 8 * WEIGHT * 85 / 100) / 11

    assert engine("benefit-goals", **graded).score == cents(by_hand)


def test_the_way_the_reviewer_counts_is_not_the_standard() -> None:
    # ten goals finished in full and one at half, over eleven: 19.09; over the ten shown: 19
    counted = (10 * WEIGHT + WEIGHT / 2) / 11

    assert cents(counted) == Decimal("19.09")
    assert not engine("benefit-goals").allows(cents(counted))
    assert not engine("benefit-goals").allows(Decimal(19))


def test_a_grade_at_either_end() -> None:
    assert engine_of("benefit-goals", goal="优 提高").score == WEIGHT * 95 / 100
    assert engine_of("benefit-goals", goal="不达标 提高").score == WEIGHT * 50 / 100
    assert engine_of("benefit-goals").score == 0  # no goals filed
