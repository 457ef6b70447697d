"""Row 1 of the score table, 部门整体绩效目标产出指标完成情况: 20 points.

Clause: completion = actual ÷ target of the year's start. Below 60 % nothing; from 60 % to 100
% the rate itself; from 100 % to 150 % full; above 150 % half. The row is the sum over the
number of goals. Without any goals filed the row gets 0.
"""

from decimal import Decimal

import pytest

from tests.support.printed_rows import awarded, engine, engine_of, said

WEIGHT = Decimal(20)


def test_the_eight_goals_of_the_review() -> None:
    # 482 lifts against at most 540: kept. 1 market of 1. 8 firms of 10: 80 %. 1.35 ÷ 0.84 is
    # 160.7 %: half. 100 % of 100 %. Three goals that the review calls unfinished:
    # below the pass mark.
    assert [
        said(goal)
        for goal in (
            "lift-inspections",
            "markets-renovated",
            "standard-implementing-firms",
            "high-value-patents-per-10k",
            "food-safety-assessment",
            "aided-projects-completed",
            "standardisation-subsidy-paid",
            "subsidy-payment-rate",
        )
    ] == ["482", "1", "8", "1.35", "100", "no", "no", "no"]
    assert Decimal("1.35") / Decimal("0.84") > Decimal("1.5")
    full, half, nothing = WEIGHT, WEIGHT / 2, Decimal(0)
    goals = [full, full, WEIGHT * 8 / 10, half, full, nothing, nothing, nothing]

    by_hand = sum(goals, Decimal(0)) / len(goals)

    assert by_hand == Decimal("10.75")
    assert engine("output-goals").score == by_hand
    assert awarded("output-goals") - by_hand == Decimal("5.25")


@pytest.mark.parametrize(
    ("situation", "value", "by_hand"),
    [
        ("just below the pass mark", "5.99 ≥10", Decimal(0)),
        ("at the pass mark", "6 ≥10", WEIGHT * 6 / 10),
        ("met exactly", "10 ≥10", WEIGHT),
        ("half as much again", "15 ≥10", WEIGHT),
        ("a little more than that", "15.01 ≥10", WEIGHT / 2),
        ("a limit that is kept", "482 ≤540", WEIGHT),
    ],
)
def test_one_goal_alone(situation: str, value: str, by_hand: Decimal) -> None:
    assert engine_of("output-goals", goal=value).score == by_hand, situation


def test_no_goals_filed() -> None:
    assert engine_of("output-goals").score == 0
