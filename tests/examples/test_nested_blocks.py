"""The example of nested blocks, from its files to its bridge, against figures made by hand.

execution 9.50 + carry-over 6.00 = 15.50; outputs and benefits 75.63; together 91.13
satisfaction (15 × 80 % = 12 of 100) does not apply: × 100 ÷ 88
91.13 × 100 ÷ 88 = 103.5568…; (15.50 + 80 % × 75.63) × 100 ÷ 88 = 86.3681…, 良
the unit's own grade is 优, one higher: 86.37 × 90 % = 77.733
"""

import pytest

from cli.main import run
from tests.support.places import Places
from tests.support.walk import Walk, deltas, rows, walked

CASE = "sample-nested-2024"


@pytest.fixture
def walk(places: Places, capsys: pytest.CaptureFixture[str]) -> Walk:
    return walked("nested-blocks", places, capsys)


def test_the_case_ends_where_a_hand_calculation_does(walk: Walk) -> None:
    sheet = walk.json("score", CASE)

    assert rows(sheet) == [
        "execution 10.00 9.50 9.50",  # 475 ÷ 500
        "carry-over 10.00 6.00 6.00",  # 7.4 % is 2 whole points over 5 %: − 2 × 2
        "quantity 25.00 24.38 24.38",  # (95 % + 100 %) ÷ 2 × 25 = 24.375
        "quality 15.00 14.25 14.25",  # 171 ÷ 180
        "complaints 10.00 8.00 8.00",  # 10 ÷ 12.5, lower is better
        "delay 10.00 7.00 7.00",  # 12 days late: 3 started fives
        "benefit 25.00 22.00 22.00",  # 社会效益 is chosen: 880 ÷ 1000
        "satisfaction 15.00 None None",
    ]
    assert [row["id"] for row in sheet["indicators"] if row["excluded"]] == ["satisfaction"]
    keys = ("base", "rebased", "scaled", "raw", "cap_loss", "grade_drop", "total", "grade")
    assert [sheet["claim"][key] for key in keys] == [
        *("120.00", "0.00", "-20.00", "100.00", "0.00", "0.00", "100.00", "优")
    ]
    assert [sheet["award"][key] for key in keys] == [
        *("91.13", "12.43", "-17.19", "86.37", "0.00", "8.64", "77.73", "良")
    ]
    assert sheet["award"]["pending"] == 0


def test_the_bridge_ends_where_a_hand_calculation_does(walk: Walk) -> None:
    bridge = walk.json("bridge", CASE)

    assert deltas(bridge["steps"]) == [
        "execution -0.50",
        "carry-over -4.00",
        "quantity -0.62",
        "quality -0.75",
        "complaints -2.00",
        "delay -3.00",
        "benefit -3.00",
        "satisfaction -15.00",
        "rebase 12.43",
        "scale 2.81",
        "grade-drop -8.64",
    ]
    assert (bridge["from"]["total"], bridge["to"]["total"]) == ("100.00", "77.73")
    assert bridge["residual"] == "0.00"


def test_the_sheet_and_the_bridge_name_the_unusual_lines(
    walk: Walk, capsys: pytest.CaptureFixture[str]
) -> None:

    assert run(["--lang", "zh", *walk.ledger.words, "score", CASE]) == 0
    assert run(["--lang", "zh", *walk.ledger.words, "bridge", CASE]) == 0

    shown = capsys.readouterr().out
    for words in ("不适用项换算", "分块折算", "等级降档", "等级低于单位自评等级"):
        assert words in shown


def test_the_whole_record_verifies(walk: Walk) -> None:
    verification = walk.json("verify")

    assert verification["breaks"] == []
    assert verification["counted"]["events"] > 0
