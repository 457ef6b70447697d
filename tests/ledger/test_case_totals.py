"""What `[totals]` does to a sum: rows left out, blocks that count a percentage, a grade that fell.

The rubric has two rows of 60 and 40 points under 产出 and one of 20 under 执行.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple, replace

from ledger.rubric import Rubric, Totals, read
from ledger.values import Invalid

NESTED = """
[totals]
not_applicable = "rebase"
offset = "0"
grade_drop = ["90", "80", "70"]
blocks = [
  { under = ["执行"], percent = "100" },
  { under = ["产出"], percent = "80" },
]
"""
ROWS = (("execution", "执行", "20"), ("outputs", "产出", "60"), ("effects", "产出", "40"))


def rubric(totals: str = NESTED, full: str = "100", cap: str = "100") -> Rubric:
    head = f"""
id = "nested"
edition = "1"
title = "分块"
scale = 2
full = "{full}"
cap = "{cap}"
source = "通知"
bonus = {{ id = "b", name = "加分", each = "1", cap = "3", clause = "一", standard = "一" }}
penalty = {{ id = "p", name = "减分", each = "1", cap = "3", clause = "一", standard = "一" }}
band = [
  {{ grade = "差", range = "[0,60)" }},
  {{ grade = "中", range = "[60,80)" }},
  {{ grade = "良", range = "[80,90)" }},
  {{ grade = "优", range = "[90,100]" }},
]
"""
    rows = "".join(
        f"""
[[indicator]]
id = "{id_}"
path = ["{level}", "{id_}"]
weight = "{weight}"
clause = "一"
standard = "一"
rule = {{ shape = "all-or-nothing", figures = ["done"] }}
"""
        for id_, level, weight in ROWS
    )
    return read((head + totals + rows).encode())


def totals(  # noqa: PLR0913 - a column each
    scores: str,
    excluded: str = "",
    *,
    own: str | None = None,
    bonus: str = "",
    penalty: str = "",
    by: Rubric | None = None,
) -> Totals:
    given = {name: score for (name, _, _), score in zip(ROWS, scores.split(), strict=True)}
    return (by or rubric()).totals(
        {name: Decimal(score) for name, score in given.items() if score != "-"},
        map(Decimal, bonus.split()),
        map(Decimal, penalty.split()),
        excluded=excluded.split(),
        own_grade=own,
    )


def lines(sums: Totals) -> str:
    before = (sums.base, sums.rebased, sums.scaled, sums.bonus, sums.penalty, sums.raw)
    after = (sums.cap_loss, sums.grade_drop, sums.total)
    return " ".join(map(str, (*before, *after, sums.grade)))


def test_blocks_count_their_percentage() -> None:
    # 18 + 80% × (50.55 + 33.34) = 18 + 67.112
    assert (
        lines(totals("18 50.55 33.34")) == "101.89 0.00 -16.78 0.00 0.00 85.11 0.00 0.00 85.11 良"
    )


def test_full_marks_in_every_row_are_full_marks_in_all() -> None:
    assert totals("20 60 40").total == Decimal(100)


def test_the_offset_is_given_to_everybody() -> None:
    gift = rubric(
        NESTED.replace('offset = "0"', 'offset = "12"').replace('percent = "80"', 'percent = "68"')
    )

    # 12 + 0; and 12 + 20 + 68% × 100
    assert totals("0 0 0", by=gift).total == Decimal(12)
    assert totals("20 60 40", by=gift).total == Decimal(100)


def test_what_does_not_apply_is_carried_by_the_rest() -> None:
    # `effects` would add 32 of 100: everything × 100 ÷ 68.
    # base 60; 60 × 100/68 = 88.235…; (15 + 80% × 45) × 100/68 = 51 × 100/68 = 75
    assert (
        lines(totals("15 45 -", "effects"))
        == "60.00 28.24 -13.24 0.00 0.00 75.00 0.00 0.00 75.00 中"
    )


def test_a_score_of_a_row_that_does_not_apply_counts_nothing() -> None:
    assert totals("15 45 40", "effects") == totals("15 45 -", "effects")


def test_nothing_is_rounded_between_the_steps() -> None:
    # 0.08 × 100/68 × 80% = 0.0941; rounding 0.1176 first would give 0.0960
    assert totals("0 0.08 -", "effects").total == Decimal("0.09")
    # 0.20 × 100/68 × 80% = 0.2353; rounding 0.2941 first would give 0.2320
    assert totals("0 0.20 -", "effects").total == Decimal("0.24")


def test_without_rebasing_a_row_left_out_is_lost() -> None:
    lost = rubric(NESTED.replace('"rebase"', '"zero"'))

    assert lines(totals("15 45 -", "effects", by=lost)).startswith("60.00 0.00 -9.00")
    assert totals("15 45 -", "effects", by=lost).pending == 0


def test_when_nothing_applies_there_is_nothing_to_rebase() -> None:
    assert totals("- - -", "execution outputs effects").total == Decimal(0)


def test_a_row_that_is_neither_scored_nor_left_out_is_pending() -> None:
    assert (totals("15 - -", "effects").pending, totals("15 - -", "effects").grade) == (1, None)


@pytest.mark.parametrize(
    ("own", "drop", "total"),
    [
        (None, "0.00", "75.00"),
        ("差", "0.00", "75.00"),
        ("中", "0.00", "75.00"),
        ("良", "7.50", "67.50"),
        ("优", "15.00", "60.00"),
        ("优秀", "0.00", "75.00"),
    ],
)
def test_a_grade_below_the_units_own_costs_a_percentage_once(
    own: str | None, drop: str, total: str
) -> None:
    sums = totals("15 45 -", "effects", own=own)

    assert (str(sums.grade_drop), str(sums.total)) == (drop, total)
    assert sums.grade == "中"  # of the 75 before, never of what is left


def test_three_grades_lower() -> None:
    # 15 + 80% × 50 = 55, 差; × 70% = 38.5
    assert totals("15 50 0", own="优").total == Decimal("38.50")


def test_the_grade_drop_waits_until_every_row_is_scored() -> None:
    assert totals("15 45 -", own="优").grade_drop == 0


def test_the_cap_comes_before_the_grade_drop() -> None:
    capped = rubric(cap="85")

    # 100 + 3 − 1, capped to 85, 良; × 90% = 76.5
    assert (
        lines(totals("20 60 40", own="优", bonus="3", penalty="1", by=capped))
        == "120.00 0.00 -20.00 3.00 1.00 102.00 17.00 8.50 76.50 良"
    )


def test_without_the_table_there_are_no_further_lines() -> None:
    plain = rubric("", full="120", cap="120")

    sums = totals("20 60 39", own="优", by=plain)
    assert not any((sums.rebased, sums.scaled, sums.grade_drop))
    assert sums.total == sums.base == Decimal(119)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('percent = "80"', 'percent = "81"', "the weights add up to 101 instead of 100"),
        ('offset = "0"', 'offset = "1"', "the weights add up to 101 instead of 100"),
        ('offset = "0"', 'offset = "-1"', "the offset -1 is below 0"),
        ('offset = "0"', "", "the field offset is missing"),
        ('under = ["执行"]', 'under = ["管理"]', "no indicator is under '管理'"),
        ('{ under = ["执行"], percent = "100" },', "", "execution belongs to 0 blocks"),
        (
            'percent = "80" },',
            'percent = "80" }, { under = ["产出", "outputs"], percent = "1" },',
            "to 2 blocks",
        ),
        ('percent = "80"', 'percent = "0"', "a block of 0%"),
        ('percent = "80"', 'percent = "180"', "not in 0 to 100"),
        ('["90", "80", "70"]', '["90", "80"]', "by 1 to 3, but 2 percentages"),
        ('["90", "80", "70"]', '["190", "80", "70"]', "190 is not in 0 to 100"),
        ('"rebase"', '"forget"', "'forget' is not recognised; allowed: rebase, zero"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(old: str, new: str, message: str) -> None:
    assert old in NESTED
    with pytest.raises(Invalid, match=message):
        rubric(NESTED.replace(old, new))


POINTS = st.decimals(0, 60, places=2)


@given(
    st.tuples(POINTS, POINTS, POINTS),
    st.sets(st.sampled_from(["execution", "outputs", "effects"])),
    st.sampled_from([None, "优", "良", "中", "差"]),
    st.sampled_from(["", NESTED, NESTED.replace('"rebase"', '"zero"')]),
    st.lists(st.decimals(0, 3, places=2), max_size=3),
)
def test_the_lines_add_up_to_the_total_whatever_the_scores(
    scores: tuple[Decimal, ...],
    excluded: set[str],
    own: str | None,
    table: str,
    items: list[Decimal],
) -> None:
    by = rubric(table, full="100" if table else "120")
    sums = by.totals(
        dict(zip(["execution", "outputs", "effects"], scores, strict=True)),
        items,
        items[:1],
        excluded=excluded,
        own_grade=own,
    )

    assert sums.raw == sums.base + sums.rebased + sums.scaled + sums.bonus - sums.penalty
    assert sums.total == sums.raw - sums.cap_loss - sums.grade_drop
    assert sums.total == sums.base + sum(sums.lines().values())
    assert 0 <= sums.total <= by.cap
    assert all(
        number.as_tuple().exponent == -2 for number in astuple(sums) if isinstance(number, Decimal)
    )


def test_a_bonus_that_nobody_has_decided_is_not_shown_as_zero() -> None:
    nothing = Decimal("0.00")
    names = ("bonus", "penalty", "cap_loss", "rebased", "scaled", "grade_drop")
    parts = dict.fromkeys(names, nothing)
    ten = Decimal("10.00")
    partly = Totals(
        base=ten, raw=ten, total=ten, grade=None, pending=2, scored=1, bonus_undecided=0, **parts
    )

    assert (partly.shown("base"), partly.shown("total")) == (ten, ten)
    assert (partly.shown("bonus"), partly.shown("penalty")) == (None, None)
    assert replace(partly, bonus=ten).shown("bonus") == ten
    assert replace(partly, pending=0, scored=3).shown("bonus") == nothing
    waiting = replace(partly, pending=0, scored=3, bonus_undecided=1)
    assert (waiting.shown("bonus"), waiting.shown("penalty")) == (None, nothing)
    assert replace(waiting, bonus=ten).shown("bonus") == ten
