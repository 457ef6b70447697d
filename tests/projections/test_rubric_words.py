"""Every rule can be said in words, in both languages, with every id and number that it has."""

import json
import re
import tomllib
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from ledger.rubric import Indicator, read
from ledger.rules.composition import Shape
from ledger.rules.measure import Days, WeightedMean
from projections.rubric_words import (
    about_rubric,
    measure_words,
    needs_words,
    row_words,
    rule_words,
    totals_words,
)

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = [
    tomllib.loads(block)
    for block in re.findall(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
]
RULES: list[Shape] = [msgspec.convert(block, Shape) for block in BLOCKS if "shape" in block]
for name in ("zhanjiang-2023", "project-expenditure", "nested-blocks", "evaluation-framework"):
    rubric = read((ROOT / "examples" / name / "rubric.toml").read_bytes())
    RULES += [row.rule for row in rubric.indicators]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_nothing_that_a_rule_says_is_left_out(rule: Shape) -> None:
    said = rule_words(rule)
    written = json.dumps(msgspec.to_builtins(rule), ensure_ascii=False)

    for value in re.findall(r'": "([^"]*\d[^"]*|[a-z]+-[a-z-]+)"', written):
        if value in WORDS or value == rule.__struct_config__.tag:
            continue
        assert value in said.zh, value
        assert value in said.en, value


# Choices and shapes, which are said in other words.
WORDS = {
    *("all-or-nothing", "in-range", "weighted-parts", "share-in-time", "weighted-mean"),
    *("met-or-not", "capped-ratio", "no-score", "left-out", "pro-rata"),
    *("step-deduction", "threshold-deduction"),
}


def test_every_shape_is_said() -> None:
    assert {type(rule) for rule in RULES} == set(get_args(Shape))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_the_english_has_no_chinese_but_what_the_file_writes(rule: Shape) -> None:
    written = json.dumps(msgspec.to_builtins(rule), ensure_ascii=False)

    for words in re.findall(r"[\u4e00-\u9fff]+", rule_words(rule).en):
        assert words in written


def test_one_rule_read_aloud() -> None:
    (row,) = msgspec.convert(BLOCKS[0]["indicator"], tuple[Indicator, ...])

    zh, en = rule_words(row.rule)

    assert zh == (
        "分值 × contracts-signed-online ÷ contracts（分母为 0：没有规定；不取整）；"
        "超过 100%：没有规定，低于 0：没有规定"
    )
    assert en == (
        "weight × contracts-signed-online ÷ contracts (denominator 0: not provided for; not"
        " rounded); above 100%: not provided for, below 0: not provided for"
    )


def test_measures_that_no_example_shows() -> None:

    assert measure_words(Days(figure="delay")).zh == "delay 的天数"
    mean = WeightedMean(values=("a", "b"), by=("c", "d"), decimals=1)
    assert measure_words(mean).en == "weighted mean a×c + b×d (rounded to 1 decimals)"


def test_a_plain_sum_needs_no_words() -> None:
    rubric = read((ROOT / "examples" / "zhanjiang-2023" / "rubric.toml").read_bytes())

    assert totals_words(rubric.adding) == []


def test_what_awards_need_is_said() -> None:
    reference = read((ROOT / "examples" / "zhanjiang-2023" / "rubric.toml").read_bytes())

    assert [said.zh for said in needs_words(reference.award_needs)] == [
        "人工评定的评分须有：复核签字",
        "缺少数据的评分须有：复核签字",
    ]
    assert not needs_words(None)


@pytest.mark.parametrize("example", ["evaluation-framework", "project-self-evaluation"])
def test_declared_figures_are_called_by_their_names(example: str) -> None:
    rubric = read((ROOT / "examples" / example / "rubric.toml").read_bytes())
    said = [row_words(rubric, row) for row in rubric.indicators]

    assert not [one.id for one in rubric.figures if any(one.id in words.zh for words in said)]
    assert any("实际支出资金" in words.zh or "全年执行数" in words.zh for words in said)
    assert any("funds-spent" in words.en for words in said)


def test_nothing_changes_where_no_figure_is_declared() -> None:
    rubric = read((ROOT / "examples" / "nested-blocks" / "rubric.toml").read_bytes())

    for row in rubric.indicators:
        assert row_words(rubric, row) == rule_words(row.rule)


def test_a_row_that_is_rounded_and_a_limit_of_the_total_are_in_words_with_their_names() -> None:
    rubric = read((ROOT / "examples" / "evaluation-framework" / "rubric.toml").read_bytes())

    said = row_words(rubric, rubric.by_id["execution"])
    assert said.zh.endswith("；本行得分取整")
    assert said.en.endswith("; the row is rounded to whole points")
    assert "取整" not in row_words(rubric, rubric.by_id["rules"]).zh
    (limit,) = (one.zh for one in about_rubric(rubric) if "总分上限随" in one.zh)
    assert "实际支出资金 ÷ 实际到位资金" in limit
