"""A rubric file with mistakes: each is told with its line, its key, what stands there and what may.

The file is the small one; every test writes one thing wrong.
"""

import pytest

from ledger.field_errors import field_errors
from ledger.rubric import Diagnostic, diagnose, read, read_new
from ledger.rules.score_range import Percent
from ledger.values import Invalid
from tests.support.small_case import RUBRIC


def problems(*replacements: tuple[str, str]) -> list[Diagnostic]:
    source = RUBRIC
    for old, new in replacements:
        assert old in source, old
        source = source.replace(old, new, 1)
    found = diagnose(source.encode())
    if found:
        with pytest.raises(Invalid):
            read(source.encode())
    return found


def line(words: str, source: str = RUBRIC) -> int:
    return next(n for n, row in enumerate(source.split("\n"), 1) if words in row)


WRONG = {
    "an unknown shape": (
        ('shape = "all-or-nothing"', 'shape = "by-mood"'),
        'shape = "all-or-nothing"',
        "indicator[plan].rule.shape",
        ("by-mood", "all-or-nothing, any-of, choice", "weighted-parts"),
    ),
    "no shape": (
        ('shape = "all-or-nothing", ', ""),
        "all-or-nothing",
        "indicator[plan].rule",
        ("shape", "all-or-nothing, any-of"),
    ),
    "an unknown parameter": (
        ('rule.below = "zero"', 'rule.below = "zero"\nrule.abov = "full"'),
        "rule.value",
        "indicator[spending].rule.abov",
        ("abov", "value, counts, above, below"),
    ),
    "an unknown key of a row": (
        ('id = "plan"', 'id = "plan"\ncolour = "red"'),
        'path = ["管理", "年度计划"]',
        "indicator[plan].colour",
        ("colour", "id, path, weight, clause, standard, rule"),
    ),
    "an unknown key of the file": (
        ("scale = 2", "scale = 2\nsize = 2"),
        "full = 100",
        "size",
        ("size", "id, edition, title"),
    ),
    "an unknown choice": (
        ('rule.above = "full"', 'rule.above = "half"'),
        "rule.above",
        "indicator[spending].rule.above",
        ("“half”", "full, no-score"),
    ),
    "neither a number nor a word": (
        ('zero = "0"', 'zero = "none"'),
        "rule.value",
        "indicator[spending].rule.value.zero",
        ("“none”", 'no-score, "12.5"'),
    ),
    "decimals that are none": (
        ('decimals = "exact"', 'decimals = "two"'),
        "rule.value",
        "indicator[spending].rule.value.decimals",
        ("“two”", "0, 1, 2 …, exact"),
    ),
    "a number with a point and no quotes": (
        ('each = "1.5"', "each = 1.5"),
        "each",
        "bonus.each",
        ("1.5", 'write "1.5"'),
    ),
    "a percentage without quotes": (
        ('zero = "0"', "zero = 0"),
        "rule.value",
        "indicator[spending].rule.value.zero",
        ('write "0"',),
    ),
    "a bare nan": (
        ("weight = 40", "weight = nan"),
        "weight = 40",
        "indicator[spending].weight",
        ("nan",),
    ),
    "not a number": (
        ("weight = 40", 'weight = "NaN"'),
        "weight = 40",
        "indicator[spending].weight",
        ("NaN 不是数", "NaN is not a number"),
    ),
    "no number at all": (
        ("weight = 40", 'weight = "many"'),
        "weight = 40",
        "indicator[spending].weight",
        ("many",),
    ),
    "a missing key": (
        ('clause = "附件1 第一条"\n', ""),
        "[[indicator]]",
        "indicator[spending]",
        ("缺少字段 clause", "clause is missing"),
    ),
    "an id in capitals": (
        ('id = "plan"', 'id = "Plan"'),
        'id = "plan"',
        "indicator[Plan].id",
        ("小写字母", "lower-case"),
    ),
    "an id twice": (
        ('id = "plan"', 'id = "spending"'),
        'id = "plan"',
        "indicator[spending].id",
        ("重复", "used twice"),
    ),
    "weights that do not add up": (
        ("weight = 40", "weight = 41"),
        "full = 100",
        "full",
        ("101", "100"),
    ),
    "a weight finer than scores": (
        ("scale = 2", "scale = 0"),
        "each",
        "bonus.each",
        ("1.5", "scale = 0"),
    ),
    "too many decimals": (("scale = 2", "scale = 9"), "scale", "scale", ("“9”", "from 0 to 4")),
    "bands that overlap": (
        ('range = "[80,90)"', 'range = "[80,90]"'),
        "[[band]]",
        "band",
        ("[90,90]",),
    ),
    "a grade twice": (('grade = "良"', 'grade = "优"'), 'grade = "良"', "band[2].grade", ("优",)),
    "no interval": (
        ('range = "[90,100]"', 'range = "90-100"'),
        "[[band]]",
        "band[1]",
        ("90-100", "[90,100)"),
    ),
    "a cap of nothing": (("cap = 100", "cap = 0"), "cap = 100", "cap", ("上限 0", "above 0")),
    "a list for a number": (
        ("weight = 40", "weight = [40]"),
        "weight = 40",
        "indicator[spending].weight",
        ("“[…]”", "a number in quotes"),
    ),
    "a number for a list": (
        ('figures = ["plan-approved"]', "figures = 3"),
        "plan-approved",
        "indicator[plan].rule.figures",
        ("“3”应为列表", "must be a list"),
    ),
    "an empty list": (
        ('figures = ["plan-approved"]', "figures = []"),
        "plan-approved",
        "indicator[plan].rule.figures",
        ("不能为空", "must not be empty"),
    ),
}


@pytest.mark.parametrize(("change", "where", "place", "words"), WRONG.values(), ids=WRONG.keys())
def test_one_mistake_is_told_with_all_that_helps(
    change: tuple[str, str], where: str, place: str, words: tuple[str, ...]
) -> None:
    (problem,) = problems(change)

    expected = RUBRIC.split("\n")[line(where) - 1]
    written = RUBRIC.replace(*change, 1).split("\n")[(problem.line or 0) - 1]
    assert problem.severity == "error"
    assert (problem.line, problem.place) == (line(where), place), (expected, written)
    for word in words:
        assert word in str(problem.message)


def test_all_mistakes_are_told_in_the_order_of_the_file() -> None:
    found = problems(
        ("scale = 2", "scale = 9"),
        ('each = "1.5"', "each = 1.5"),
        ("weight = 40", "weight = 41"),
        ('rule.below = "zero"', 'rule.below = "low"'),
        ('shape = "all-or-nothing"', 'shape = "by-mood"'),
        ('deduct = "[0,30]"', 'deduct = "[0,31]"'),
    )

    assert [problem.place for problem in found] == [
        "scale",
        "bonus.each",
        "indicator[spending].rule.below",
        "indicator[plan].rule.shape",
        "indicator[service].rule",
    ]


def test_a_wrong_rule_does_not_hide_a_wrong_sum() -> None:
    found = problems(
        ("weight = 40", "weight = 41"), ('shape = "all-or-nothing"', 'shape = "by-mood"')
    )

    assert [problem.place for problem in found] == ["full", "indicator[plan].rule.shape"]


def test_the_refusal_tells_the_first_mistake_and_how_many_more_there_are() -> None:
    source = RUBRIC.replace("weight = 40", "weight = 41").replace("all-or-nothing", "by-mood")

    with pytest.raises(Invalid) as refused:
        read(source.encode())

    zh, en = refused.value.text
    assert zh.startswith("指标体系有误：第 5 行 full：分值合计 101，应为 100（另有 1 处）")
    assert en.startswith(
        "the rubric has an error: line 5, full: the weights add up to 101 instead of 100"
    )


@pytest.mark.parametrize(
    ("source", "at", "zh"),
    [
        (b"a = 1\nb = = 2\n", 2, "值的格式不正确"),
        (b"a = 1\na = 2\nb = 3\n", 2, "键重复"),
        (b"[a]\n[b]\n[a]\nc = 1\n", 3, "表重复"),
        (b"a = 1\nweight\nb = 2\n", 2, "缺少等号"),
        (b'a = "1\nb = 2\n', 1, "引号不成对"),
        (b"a = 1\nb = \xff\n", 2, "不是 UTF-8"),
    ],
)
def test_a_file_that_is_no_toml_says_where(source: bytes, at: int, zh: str) -> None:
    (problem,) = diagnose(source)

    assert (problem.line, problem.place) == (at, "")
    assert zh in problem.message.zh


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"a = " + b"[" * 5000,
        b"a = " + b"9" * 5000,
        b"indicator = 3",
        b"indicator = [3]\nband = 1.5",
    ],
)
def test_any_other_file_is_refused_without_a_crash(source: bytes) -> None:
    with pytest.raises(Invalid):
        read(source)


def test_a_good_file_has_no_errors() -> None:
    assert problems() == []


def test_digits_of_another_script_do_not_come_in_and_are_read_where_they_are_published() -> None:
    source = RUBRIC.replace('each = "1.5"', 'each = "１.5"').encode()

    with pytest.raises(Invalid, match="with the digits 0-9"):
        read_new(source)

    assert read(source).id == read_new(RUBRIC.encode()).id


def test_a_percentage_is_written_with_our_digits_too() -> None:
    assert field_errors("50.5", Percent) == []

    (fault,) = field_errors("５0", Percent)
    assert fault.text.en == "'５0' is not recognised; allowed: \"12.5\""


def test_whatever_keeps_a_rubric_from_being_read_keeps_a_new_one_out() -> None:
    source = RUBRIC.replace("weight = 40", "weight = 41").encode()

    with pytest.raises(Invalid) as published:
        read(source)
    with pytest.raises(Invalid) as new:
        read_new(source)

    assert new.value.text == published.value.text
