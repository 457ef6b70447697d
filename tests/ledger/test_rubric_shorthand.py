"""What a rubric file writes once is put where it is meant, and mistakes are told where they are."""

import pytest

from ledger.rubric import Diagnostic, Rubric, diagnose, read
from ledger.rules.rule import Figures
from ledger.values import Invalid
from projections.rubric_check import check
from tests.support.small_case import RUBRIC

RATE = 'take = "rate", over = ["paid"], under = ["budget"]'
HEAD = """
id = "short"
edition = "1"
title = "简写"
scale = 2
full = "10"
cap = "10"
source = "示例"
band = []
"""
ROW = """
[[indicator]]
id = "{id}"
path = ["甲", "{id}"]
weight = "5"
clause = "1"
standard = "照比率计分"
rule = {rule}
"""
WRITTEN_OUT = (
    '{ shape = "ratio", counts = "rate", above = "full", below = "zero",'
    ' value = { take = "rate", over = ["paid"], under = ["budget"], zero = "0", decimals = 2 } }'
)
DEFAULTS = """
[default.rate]
zero = "0"
decimals = 2

[default.ratio]
counts = "rate"
above = "full"
below = "zero"
"""
SHARED = """
[shared.paid]
take = "rate"
over = ["paid"]
under = ["budget"]

[shared.by-payment]
shape = "ratio"
value = { use = "paid" }
"""


def rubric(rule: str, tables: str = "", other: str = WRITTEN_OUT) -> str:
    return HEAD + tables + ROW.format(id="one", rule=rule) + ROW.format(id="two", rule=other)


def meaning(source: str) -> Rubric:
    return read(source.encode())


def told(source: str) -> list[str]:
    with pytest.raises(Invalid):
        read(source.encode())
    return [problem.sentence.en for problem in diagnose(source.encode())]


@pytest.mark.parametrize(
    ("rule", "tables"),
    [
        (f'{{ shape = "ratio", value = {{ {RATE} }} }}', DEFAULTS),
        ('{ use = "by-payment" }', DEFAULTS + SHARED),
        ('{ use = "by-payment", below = "zero" }', DEFAULTS + SHARED),
    ],
    ids=["defaults", "a shared rule with a shared measure", "a key of its own"],
)
def test_a_short_file_means_what_the_long_one_does(rule: str, tables: str) -> None:
    assert meaning(rubric(rule, tables)) == meaning(rubric(WRITTEN_OUT))


def test_what_is_written_comes_before_what_is_shared_and_that_before_the_default() -> None:
    tables = DEFAULTS.replace("decimals = 2", "decimals = 1") + SHARED
    one, two, three = (
        meaning(rubric(rule, tables + more)).indicators[0].rule.value.decimals  # type: ignore[union-attr]  # a ratio
        for rule, more in (
            ('{ use = "by-payment" }', ""),
            (
                '{ use = "four" }',
                '[shared.four]\nuse = "by-payment"\nvalue.decimals = 4\nvalue.use = "paid"\n',
            ),
            ('{ use = "by-payment", value = { use = "paid", decimals = 6 } }', ""),
        )
    )

    assert (one, two, three) == (1, 4, 6)


def test_a_file_without_either_is_read_as_ever() -> None:
    assert read(RUBRIC.encode()).figures == ()


def test_words_of_the_standard_are_left_alone() -> None:
    rule = (
        '{ shape = "completion", domain = "[0,-)", at_most = "met-or-not", exactly = "ratio",'
        ' zero_target = "no-score", rate_decimals = "exact", share_decimals = "exact",'
        ' no_targets = "zero", words = { use = "50" },'
        ' bands = [{ range = "[0,-)", counts = "100" }] }'
    )

    assert meaning(rubric(rule, DEFAULTS)).indicators[0].rule.words == {"use": "50"}  # type: ignore[union-attr]  # a completion


WRONG = {
    "an unknown name": (
        ('{ use = "by-paymnt" }', DEFAULTS + SHARED),
        ["nothing shared is called 'by-paymnt' (did you mean by-payment?)"],
    ),
    "a circle": (
        ('{ use = "a" }', DEFAULTS + '[shared.a]\nuse = "b"\n[shared.b]\nuse = "a"\n'),
        ["shared.b.use: shared tables use each other: a → b → a"],
    ),
    "a default of nothing": (
        (WRITTEN_OUT, DEFAULTS.replace("default.ratio", "default.ration")),
        ["default.ration: there are no defaults of 'ration' (did you mean ratio?)"],
    ),
    "a default that does not fit": (
        (f'{{ shape = "ratio", value = {{ {RATE} }} }}', DEFAULTS.replace('"full"', '"ful"')),
        ["default.ratio.above: 'ful' is not recognised (did you mean full?)"],
    ),
    "no tables": ((WRITTEN_OUT, "default = 3\nshared.a = 4\n"), ["default must", "shared.a must"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_told_where_it_is_written_and_nothing_that_follows_from_it(name: str) -> None:
    (rule, tables), wanted = WRONG[name]
    found = told(rubric(rule, tables))

    assert len(found) == len(wanted), found
    for sentence, words in zip(found, wanted, strict=True):
        assert words in sentence


def test_a_mistake_that_rows_share_is_told_once_with_the_line_of_the_shared_rule() -> None:
    shared = DEFAULTS + SHARED.replace('["paid"]', '["Paid"]')
    source = rubric('{ use = "by-payment" }', shared, '{ use = "by-payment" }')
    (problem,) = diagnose(source.encode())

    assert (problem.place, problem.line) == (
        "shared.paid.over[1]",
        source.split("\n").index('over = ["Paid"]') + 1,
    )


def test_all_mistakes_are_told_at_once() -> None:
    tables = DEFAULTS.replace('"full"', '"ful"') + SHARED
    first = f'{{ shape = "ratio", value = {{ {RATE}, decimls = 2 }} }}'
    source = rubric(first, tables, '{ use = "paymnt" }').replace('full = "10"', 'full = "11"')

    assert [problem.place for problem in diagnose(source.encode())] == [
        "full",
        "default.ratio.above",
        "indicator[one].rule.value.decimls",
        "indicator[two].rule.use",
    ]


def test_what_nothing_uses_is_a_warning() -> None:
    found = check(rubric(WRITTEN_OUT, DEFAULTS + SHARED).encode())

    assert found.rubric is not None
    assert [problem.place for problem in found.problems if "use" in problem.message.en] == [
        "shared.paid",
        "shared.by-payment",
    ]


# Declared figures --------------------------------------------------------------------------------

DECLARED = """
[[figure]]
id = "paid"
name = "已支付"
unit = "万元"

[[figure]]
id = "budget"
name = "预算"
"""
IN_TIME = (
    '{ shape = "in-range", conditions = [{ range = "[100,100]", value = { take = "share-in-time",'
    ' prefix = "signing", allowed = "[0,30]", none = "missing" } }] }'
)
SIGNING = '[[figure]]\nid = "signing"\nname = "签订"\nkind = "interval"\nmany = true\n'


def declared(figures: str, rule: str = WRITTEN_OUT) -> list[Diagnostic]:
    return diagnose(rubric(rule, figures).encode())


def test_declared_figures_have_a_name_and_a_row() -> None:
    found = meaning(rubric(IN_TIME, DECLARED + SIGNING))
    of_one, of_none = found.declaration("signing-3"), found.declaration("signing")

    assert of_one is not None
    assert (of_one.name, of_none) == ("签订", None)
    assert found.rows_of_figures == {"signing": "one", "paid": "two", "budget": "two"}


def test_a_figure_that_nobody_supplied_is_called_by_its_name() -> None:
    found = meaning(rubric(WRITTEN_OUT, DECLARED))
    steps = found.rule_result(found.indicators[0], Figures()).derivation

    assert [step.zh for step in steps] == ["缺少基础数据：已支付", "缺少基础数据：预算"]


@pytest.mark.parametrize(
    ("figures", "rule", "words"),
    [
        (DECLARED.replace('"paid"', '"payed"'), WRITTEN_OUT, "no figure paid is declared"),
        (DECLARED + DECLARED, WRITTEN_OUT, "the figure paid is declared twice"),
        (f'{DECLARED}indicator = "three"', WRITTEN_OUT, "there is no indicator three"),
        (f'{DECLARED}kind = "text"', WRITTEN_OUT, "budget is declared as text"),
        (DECLARED + SIGNING.replace("many = true", ""), IN_TIME, "must say many = true"),
        (f"{DECLARED}many = true", WRITTEN_OUT, "budget is declared as many figures"),
        (f'{DECLARED}nam = "x"', WRITTEN_OUT, "there is no field nam (did you mean name?)"),
    ],
)
def test_a_declaration_that_rules_do_not_fit_is_told(figures: str, rule: str, words: str) -> None:
    found = declared(figures, rule)

    assert found
    assert words in found[0].sentence.en


def test_a_figure_that_nothing_reads_is_a_warning() -> None:
    more = '[[figure]]\nid = "spare"\nname = "备用"\n'
    found = check(rubric(WRITTEN_OUT, DECLARED + more).encode())

    assert "no rule or cross-check reads spare" in " ".join(
        problem.message.en for problem in found.problems
    )
