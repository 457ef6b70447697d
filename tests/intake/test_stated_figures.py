"""Targets and actual values as tables state them: read, or asked with the answers that fit."""

from typing import Final

import pytest

from intake.grid import STRUCK, Cell
from intake.stated_figures import Open, StatedTarget, StatedValue, target_of, value_of

NOBODY: Final = frozenset[str]()
TARGETS: Final = {
    "≥300天": ("at-least", "300", "天"),
    "≥ 1,000 人次": ("at-least", "1000", "人次"),
    "不低于95%": ("at-least", "95", "%"),
    "≤20人": ("at-most", "20", "人"),
    "20人以内": ("at-most", "20", "人"),
    "８０％以上": ("at-least", "80", "%"),
    "=5个": ("exactly", "5", "个"),
    "提高": ("described", "提高", ""),
    "按计划完成": ("described", "按计划完成", ""),
}


@pytest.mark.parametrize("text", TARGETS)
def test_a_target_that_says_its_side_is_read(text: str) -> None:
    assert target_of({"target": Cell(text, "E1")}, NOBODY) == StatedTarget(*TARGETS[text])  # type: ignore[arg-type]  # a sense


DOUBTFUL: Final = {
    "45个": "≥45个",
    "100%": "=100%",
    "0": "≤0",
    "1次/年": "≥1次/年",
    ">5": ">5",
    "95%-100%": "95%-100%",
    "增长10%左右": "增长10%左右",
    "第三季度前": "第三季度前",
    "2031年10月底前": "2031年10月底前",
    "≥2031年": "≥2031年",
    "全年2期每期50人": "全年2期每期50人",
    "优良率≥85%": "优良率≥85%",
    "三次": "三次",
    "不少于三次": "不少于三次",
}


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_target_that_leaves_something_open_is_asked_and_an_answer_closes_it(text: str) -> None:
    asked = target_of({"target": Cell(text, "E1")}, NOBODY)
    assert isinstance(asked, Open)
    assert DOUBTFUL[text] in asked.choices
    for choice in asked.choices:
        closed = target_of({"target": Cell(choice, "E1")}, frozenset({"E1"}))
        assert isinstance(closed, StatedTarget)


def test_a_number_without_a_side_stays_a_question_however_often_it_is_written() -> None:
    assert isinstance(target_of({"target": Cell("45个", "E1")}, frozenset({"E1"})), Open)


def test_a_target_in_three_columns_is_one() -> None:
    parts = {"sense": Cell("≥", "D1"), "target": Cell(95, "E1"), "unit": Cell("%", "F1")}
    assert target_of(parts, NOBODY) == StatedTarget("at-least", "95", "%")


VOLUMES: Final = StatedTarget("at-least", "1", "万册")
RATE: Final = StatedTarget("at-least", "95", "%")
DAYS: Final = StatedTarget("at-least", "300", "天")


@pytest.mark.parametrize(
    ("cell", "target", "expected"),
    [
        (Cell("0.98万册", "F1"), VOLUMES, StatedValue("0.98", "number", "万册")),
        (Cell(302, "F1"), DAYS, StatedValue("302", "number", "天")),
        (Cell(0.96, "F1", percent=True), RATE, StatedValue("96", "number", "%")),
        (Cell("已完成", "F1"), None, StatedValue("已完成", "text")),
        (Cell("是", "F1"), None, StatedValue("yes", "yes-no")),
        (Cell("2023年11月9日", "F1"), None, StatedValue("2023-11-09", "date")),
        (Cell("—", "F1"), DAYS, StatedValue(None)),
        (Cell("9800册", "F1"), VOLUMES, "0.98万册"),
        (Cell("9800", "F1"), VOLUMES, "9800万册"),
        (Cell(0.96, "F1"), RATE, "96%"),
        (Cell("≥95%", "F1"), RATE, "95%"),
        (Cell("基本完成", "F1"), RATE, "基本完成"),
        (Cell("暂无数据", "F1"), None, "—"),
        (Cell(302.6, "F1", decimals=0), DAYS, None),
        (Cell("302天", "F1", doubt=STRUCK), DAYS, None),
        (Cell("30 2天", "F1"), DAYS, None),
        (Cell("1\n302天", "F1"), DAYS, None),
        (Cell("12 302 天", "F1"), DAYS, StatedValue("12302", "number", "天")),
        (Cell(302, "F1", formula="=A1", calculated=False), DAYS, None),
    ],
)
def test_an_actual_value_is_read_in_the_unit_of_its_target_or_asked(
    cell: Cell, target: StatedTarget | None, expected: StatedValue | str | None
) -> None:
    read = value_of(cell, {}, target, NOBODY)
    if isinstance(expected, StatedValue):
        assert read == expected
        return
    assert isinstance(read, Open)
    assert expected is None or expected in read.choices
