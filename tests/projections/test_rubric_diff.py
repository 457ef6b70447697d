"""What differs between two rubrics: the small one, and the small one with something changed."""

import pytest

from ledger.rubric import Rubric, read
from projections.rubric_diff import Change, differences
from tests.support.small_case import RUBRIC, SMALL


def changed(*replacements: tuple[str, str]) -> Rubric:
    source = RUBRIC
    for old, new in replacements:
        assert old in source, old
        source = source.replace(old, new, 1)
    return read(source.encode())


def told(changes: list[Change]) -> list[str]:
    return [
        f"{one.kind} {one.indicator or '-'} {one.key or '-'}: {one.before} → {one.after}"
        for one in changes
    ]


# The three rows as blocks of text, to be put in another order.
HEAD, *BLOCKS = RUBRIC.split("[[indicator]]")


def with_rows(*numbers: int) -> Rubric:
    return read("[[indicator]]".join([HEAD, *(BLOCKS[number] for number in numbers)]).encode())


ONE = {
    "a title": (('title = "小指标体系"', 'title = "大"'), "rubric - title: 小指标体系 → 大"),
    "a cap": (("cap = 100", "cap = 90"), "rubric - cap: 100 → 90"),
    "a band": (
        ('range = "[90,100]"', 'range = "[90,100)"'),
        "rubric - band[优].range: [90,100] → [90,100)",
    ),
    "what a bonus item counts": (
        ('each = "1.5"', 'each = "1"'),
        "rubric - bonus.each: 1.5 → 1",
    ),
    "a standard": (
        ('standard = "酌情扣分"', 'standard = "酌情"'),
        "wording service standard: 酌情扣分 → 酌情",
    ),
    "a name": (
        ('"年度计划"', '"计划"'),
        "wording plan path: 管理, 年度计划 → 管理, 计划",
    ),
    "a parameter": (
        ('rule.above = "full"', 'rule.above = "no-score"'),
        "rule spending rule.above: full → no-score",
    ),
    "a figure": (
        ('under = ["budget"]', 'under = ["budget", "carry-over"]'),
        "rule spending rule.value.under: budget → budget, carry-over",
    ),
    "a parameter deep down": (
        ('zero = "0"', 'zero = "no-score"'),
        "rule spending rule.value.zero: 0 → no-score",
    ),
}


@pytest.mark.parametrize(("replacement", "change"), ONE.values(), ids=ONE.keys())
def test_one_change_is_one_line(replacement: tuple[str, str], change: str) -> None:
    assert told(differences(SMALL, changed(replacement))) == [change]


def test_another_edition_or_another_way_to_write_a_number_is_no_difference() -> None:
    new = changed(('edition = "2023"', 'edition = "2024"'), ("weight = 40", 'weight = "40.00"'))

    assert differences(SMALL, new) == []


def test_weights_move_together() -> None:
    new = changed(("weight = 40", "weight = 35"), ("weight = 30", "weight = 35"))

    assert told(differences(SMALL, new)) == [
        "weight spending weight: 40 → 35",
        "weight plan weight: 30 → 35",
    ]


def test_another_shape_shows_what_goes_and_what_comes() -> None:
    rule = 'rule = { shape = "all-or-nothing", figures = ["plan-approved"] }'
    inner = '{ shape = "all-or-nothing", figures = ["plan-filed"] }'
    other = f'rule = {{ shape = "gated", required = ["plan-approved"], rule = {inner} }}'

    assert told(differences(SMALL, changed((rule, other)))) == [
        "rule plan rule.shape: all-or-nothing → gated",
        "rule plan rule.figures: plan-approved → None",
        "rule plan rule.required: None → plan-approved",
        "rule plan rule.rule: None → shape = all-or-nothing; figures = plan-filed",
    ]


def test_a_row_that_comes_and_one_that_goes() -> None:
    new = changed(('id = "plan"', 'id = "scheme"'))

    assert told(differences(SMALL, new)) == [
        "added scheme -: None → 管理 / 年度计划 30",
        "removed plan -: 管理 / 年度计划 30 → None",
    ]


@pytest.mark.parametrize(
    ("order", "moves"),
    [
        ((0, 1, 2), []),
        ((1, 0, 2), ["moved spending -: 1 → 2"]),
        ((1, 2, 0), ["moved spending -: 1 → 3"]),
        ((2, 0, 1), ["moved service -: 3 → 1"]),
    ],
)
def test_as_few_rows_as_possible_are_said_to_have_moved(
    order: tuple[int, ...], moves: list[str]
) -> None:
    assert told(differences(SMALL, with_rows(*order))) == moves


def test_a_table_that_comes_is_one_line() -> None:
    totals = '[totals]\nnot_applicable = "rebase"\noffset = "0"\nblocks = []\ngrade_drop = []\n'

    line = "rubric - totals: None → not_applicable = rebase; offset = 0; blocks = ; grade_drop = ; "
    assert told(differences(SMALL, changed(("[bonus]", f"{totals}[bonus]")))) == [
        f"{line}ceilings = "
    ]


def test_a_tier_put_in_between_does_not_shift_the_others() -> None:
    rule = 'rule = { shape = "all-or-nothing", figures = ["plan-approved"] }'
    tiers = (
        'rule = {{ shape = "tiers", value = {{ take = "total", figures = ["n"] }},'
        ' domain = "[0,9]", out_of = "30", tiers = [{0}] }}'
    )
    low, high = '{ range = "[0,5)", points = "0" }', '{ range = "[5,9]", points = "30" }'
    split = '{ range = "[5,7)", points = "15" }, { range = "[7,9]", points = "30" }'
    old, new = (
        changed((rule, tiers.format(items))) for items in (f"{low}, {high}", f"{low}, {split}")
    )

    assert told(differences(old, new)) == [
        "rule plan rule.tiers[[5,9]]: range = [5,9]; points = 30 → None",
        "rule plan rule.tiers[[5,7)]: None → range = [5,7); points = 15",
        "rule plan rule.tiers[[7,9]]: None → range = [7,9]; points = 30",
    ]
