"""The example of a single project, from its files to its bridge, against figures made by hand."""

from decimal import Decimal

import pytest

from ledger.rubric import read
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.values import Figure, Target
from tests.support.places import Places
from tests.support.walk import EXAMPLES, Walk, deltas, rows, walked

CASE = "sample-project-2024"
RUBRIC = read((EXAMPLES / "project-expenditure" / "rubric.toml").read_bytes())


@pytest.fixture
def walk(places: Places, capsys: pytest.CaptureFixture[str]) -> Walk:
    return walked("project-expenditure", places, capsys)


def test_the_case_ends_where_a_hand_calculation_does(walk: Walk) -> None:
    sheet = walk.json("score", CASE)

    assert rows(sheet) == [
        "execution 10.00 9.31 9.31",  # 186.2 ÷ 200 = 93.1 %
        "quantity 20.00 14.00 14.00",  # (50 % for 800 of 500 + 90 % for 36 of 40) ÷ 2 = 70 %
        "quality 15.00 14.70 14.70",  # 98 ÷ 100
        "timeliness 10.00 8.75 9.00",  # 7 ÷ 8; discretion of +0.25
        "cost 5.00 5.00 5.00",  # 186.2 < 200
        "social-benefit 15.00 13.80 13.80",  # 92 % within 80–100
        "sustainability 15.00 10.50 10.50",  # 70 % within 60–80, restated from 75 %
        "satisfaction 10.00 9.50 9.50",  # 85.5 ÷ 90 = 95 %
    ]
    assert [row["id"] for row in sheet["indicators"] if row["discretion"]] == ["timeliness"]
    assert (sheet["claim"]["total"], sheet["claim"]["grade"]) == ("100.00", "优")
    award = sheet["award"]
    assert (award["base"], award["total"], award["grade"]) == ("85.81", "85.81", "良")
    assert (award["rebased"], award["scaled"], award["grade_drop"]) == ("0.00", "0.00", "0.00")


def test_the_bridge_ends_where_a_hand_calculation_does(walk: Walk) -> None:
    bridge = walk.json("bridge", CASE)

    assert deltas(bridge["steps"]) == [
        "execution -0.69",
        "quantity -6.00",
        "quality -0.30",
        "timeliness -1.00",
        "social-benefit -1.20",
        "sustainability -4.50",
        "satisfaction -0.50",
    ]
    assert (bridge["from"]["total"], bridge["to"]["total"]) == ("100.00", "85.81")
    assert bridge["residual"] == "0.00"


@pytest.mark.parametrize(
    ("done", "score"),
    [
        ("0", "0"),
        ("500", "10"),
        ("999.999999", "19.99999998"),
        ("1000", "20"),
        ("1300", "20"),
        ("1300.000001", "16"),
        ("1500", "16"),
        ("1500.000001", "10"),
    ],
)
def test_over_fulfilment_costs_by_its_degree(done: str, score: str) -> None:
    row = RUBRIC.by_id["quantity"]
    target = Target(sense="at-least", value="1000")
    figure = Figure(id="done", indicator=row.id, name="完成", value=done, target=target)

    result = row.rule.work_out(ScoredIndicator(row.id, row.weight), Figures([figure]))

    assert str(result.score) == score


@pytest.mark.parametrize(
    ("grade", "percent", "ends"),
    [
        ("达成", None, "12.00 15.00"),
        ("部分达成", None, "9.00 12.00"),
        ("未达成", None, "0.00 9.00"),
        ("达成", "80", "12.00 12.00"),
        ("部分达成", "80", "12.00 12.00"),
        ("未达成", "61", "0.00 15.00"),  # outside its tier: no score at all
    ],
)
def test_the_three_tiers_leave_room_within_their_ends(
    grade: str, percent: str | None, ends: str
) -> None:
    row = RUBRIC.by_id["social-benefit"]
    figures = [
        Figure(id="social-benefit-grade", indicator=row.id, name="评级", kind="text", value=grade),
        Figure(id="social-benefit-percent", indicator=row.id, name="取值", value=percent),
    ]

    result = RUBRIC.rule_result(row, Figures(figures))

    assert f"{result.lowest} {result.highest}" == ends


@pytest.mark.parametrize(
    ("total", "grade"),
    [("100", "优"), ("90", "优"), ("89.99", "良"), ("80", "良"), ("60", "中"), ("59.99", "差")],
)
def test_bands_are_closed_below_and_the_first_holds_a_hundred(total: str, grade: str) -> None:

    assert RUBRIC.grade(Decimal(total)) == grade
