"""A row that is rounded by itself, tiers of words that are open at one end, any one of several."""

from typing import Any

import pytest

from ledger.rubric import Rubric, diagnose, read
from ledger.rules.rule import Figures, RuleResult
from ledger.values import Figure

FILE = """
id = "one-row"
edition = "1"
title = "一行"
scale = {scale}
full = "10"
cap = "10"
source = "示例"
band = []

[[indicator]]
id = "row"
path = ["甲"]
weight = "10"
clause = "1"
standard = "照标准"
{row}
rule = {rule}
"""
RATE = (
    '{ shape = "ratio", value = { take = "total", figures = ["rate"] }, counts = "rate",'
    ' above = "full", below = "zero" }'
)
GRADE = (
    '{ shape = "grade", figure = "grade", grades = { "达成" = "[80,100]", "部分" = "[60,80)",'
    ' "未达成" = "(0,60)" } }'
)


def rubric(rule: str, row: str = "", scale: int = 2) -> Rubric:
    return read(FILE.format(rule=rule, row=row, scale=scale).encode())


def result(of: Rubric, **values: str) -> RuleResult:
    kinds: dict[str, Any] = {"rate": "number", "grade": "text"}
    figures = Figures(
        Figure(id=name, indicator="row", name=name, kind=kinds.get(name, "yes-no"), value=value)
        for name, value in values.items()
    )
    return of.rule_result(of.indicators[0], figures)


@pytest.mark.parametrize(
    ("decimals", "rate", "score"),
    [(0, "86.2", "9.00"), (0, "84.99", "8.00"), (1, "86.25", "8.60"), (2, "86.25", "8.63")],
)
def test_a_row_is_rounded_once_to_its_own_decimals(decimals: int, rate: str, score: str) -> None:
    found = result(rubric(RATE, f"decimals = {decimals}"), rate=rate)

    assert str(found.score) == score
    assert found.derivation[-1].zh == f"四舍五入到 {decimals} 位小数：{score}"


@pytest.mark.parametrize(
    ("row", "scale", "place"),
    [("decimals = 3", 2, "indicator[row].decimals"), ('decimals = "1"', 2, "indicator[row]")],
)
def test_decimals_that_scores_do_not_have_are_refused(row: str, scale: int, place: str) -> None:
    (problem,) = diagnose(FILE.format(rule=RATE, row=row, scale=scale).encode())

    assert problem.place.startswith(place)


def test_a_weight_with_more_decimals_than_its_row_is_refused() -> None:
    source = FILE.format(rule=RATE, row="decimals = 0", scale=2).replace('"10"', '"2.5"')
    (problem,) = diagnose(source.encode())

    assert "2.5" in problem.message.en


@pytest.mark.parametrize(
    ("grade", "scale", "ends"),
    [
        ("达成", 2, ("8.00", "10.00")),
        ("部分", 2, ("6.00", "7.99")),
        ("部分", 1, ("6.0", "7.9")),
        ("部分", 0, ("6", "7")),
        ("未达成", 2, ("0.01", "5.99")),
    ],
)
def test_a_tier_of_words_that_is_open_ends_before_its_end(
    grade: str, scale: int, ends: tuple[str, str]
) -> None:
    found = result(rubric(GRADE, scale=scale), grade=grade)

    assert (str(found.lowest), str(found.highest)) == ends
    assert found.decides(found.highest) == "judgement"
    assert found.decides(found.highest + 1) == "discretion"


def test_an_open_end_is_kept_in_a_part_of_a_row_and_in_decimals_of_the_row() -> None:
    parts = (
        f'{{ shape = "weighted-parts", parts = [{{ name = "甲", share = "50", rule = {GRADE} }},'
        f' {{ name = "乙", share = "50", rule = {RATE} }}] }}'
    )

    assert str(result(rubric(parts), grade="部分", rate="100").highest) == "8.99"
    assert str(result(rubric(GRADE, "decimals = 0"), grade="部分").highest) == "7.00"


def test_a_chosen_percentage_is_not_the_end_that_is_open() -> None:
    chosen = GRADE[:-2] + ', chosen = "rate" }'

    assert str(result(rubric(chosen), grade="部分", rate="79.9").score) == "7.99"
    assert result(rubric(chosen), grade="部分", rate="80").score is None


ANY = f'{{ shape = "any-of", rules = [{{ shape = "all-or-nothing", figures = ["won"] }}, {RATE}] }}'


@pytest.mark.parametrize(
    ("values", "ends", "missing"),
    [
        ({"won": "yes"}, ("10.00", "10.00"), ()),
        ({"won": "no", "rate": "70"}, ("7.00", "7.00"), ()),
        ({"rate": "70"}, ("7.00", "10.00"), ("won",)),
        ({"rate": "100"}, ("10.00", "10.00"), ()),
        ({"won": "no"}, ("0.00", "10.00"), ("rate",)),
    ],
)
def test_any_one_of_several_suffices_and_the_best_counts(
    values: dict[str, str], ends: tuple[str, str], missing: tuple[str, ...]
) -> None:
    found = result(rubric(ANY), **values)

    assert (str(found.lowest), str(found.highest)) == ends
    assert found.missing == missing
