from decimal import Decimal

import pytest
from msgspec.structs import astuple

from ledger.rubric import Rubric, digest, read
from ledger.rules.rule import Figures, half_up
from ledger.values import Figure, Invalid
from tests.support.small_case import BUDGET, RUBRIC, SMALL, SPENT


def totals(rows: str, bonus: str = "", penalty: str = "", rubric: Rubric = SMALL) -> list[str]:
    """Base, bonus, penalty, raw, cap loss, total and grade, from numbers with blanks between."""
    names = [row.id for row in rubric.indicators]
    scores = dict(zip(names, map(Decimal, rows.split()), strict=False))
    sums = rubric.totals(scores, map(Decimal, bonus.split()), map(Decimal, penalty.split()))
    return [str(part) for part in astuple(sums)[:7]]


# Reading a file ----------------------------------------------------------------------------------


def test_a_rubric_is_read_with_its_rows_in_printed_order() -> None:
    assert [row.id for row in SMALL.indicators] == ["spending", "plan", "service"]
    assert SMALL.by_id["plan"].path == ("管理", "年度计划")
    assert SMALL.bonus is not None
    assert SMALL.bonus.each == Decimal("1.5")


def test_a_decimal_in_the_file_is_never_a_float() -> None:
    fine = RUBRIC.replace('each = "1.5"', 'each = "1.1"')
    coarse = RUBRIC.replace('each = "1.5"', 'each = "1.10000000000000008882"')  # the same float
    bare = RUBRIC.replace('each = "1.5"', "each = 1.1")

    rubric = read(fine.encode())

    assert rubric.bonus is not None
    assert str(rubric.bonus.each) == "1.1"
    with pytest.raises(Invalid, match="6 位小数"):
        read(coarse.encode())
    with pytest.raises(Invalid, match=r"1\.1 is not in quotes"):
        read(bare.encode())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("weight = 40", "weight = 41", "add up to 101 instead of 100"),
        ("weight = 40", "weight = 0", "must be above 0"),
        ("weight = 40", "weight = -40", "must be above 0"),
        ("weight = 40", "weight = 'NaN'", "is not a number"),
        ("weight = 40", "weight = 'Infinity'", "is not a number"),
        ("weight = 40", "weight = '1e400'", "out of range"),
        ("weight = 40", "weight = true", "weight"),
        ('id = "plan"', 'id = "spending"', "used twice"),
        ('id = "commendation"', 'id = "plan"', "used twice"),
        ('id = "late-report"', 'id = "commendation"', "used twice"),
        ('id = "plan"', 'id = "Plan"', "id"),
        ('id = "plan"', 'id = "plan"\ncolour = "red"', "colour"),
        ('title = "小指标体系"\n', "", "title"),
        ("scale = 2", "scale = 5", "scale"),
        ('each = "1.5"', "each = 0", "above 0"),
        ("cap = 3", "cap = -1", "at least 0"),
        ('range = "[90,100]"', 'range = "90-100"', "is not an interval"),
        ('shape = "all-or-nothing"', 'shape = "by-mood"', "by-mood"),
        ("full = 100", "full = = 100", "is not TOML"),
    ],
)
def test_a_rubric_that_means_nothing_is_refused(old: str, new: str, message: str) -> None:
    assert old in RUBRIC
    with pytest.raises(Invalid, match=message):
        read(RUBRIC.replace(old, new, 1).encode())


def test_a_file_in_another_encoding_is_refused() -> None:
    with pytest.raises(Invalid, match="is not UTF-8"):
        read(RUBRIC.encode("gb18030"))


def test_the_digest_is_of_the_bytes() -> None:
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest(RUBRIC.encode()) != digest(RUBRIC.encode() + b"\n")


# One row -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "scale", "rounded"),
    [
        ("2.345", 2, "2.35"),
        ("2.3449999", 2, "2.34"),
        ("2.355", 2, "2.36"),
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("16", 2, "16.00"),
    ],
)
def test_a_tie_goes_away_from_zero(number: str, scale: int, rounded: str) -> None:
    assert str(half_up(Decimal(number), scale)) == rounded


def test_a_score_is_brought_to_the_scale_and_never_rounded() -> None:
    assert str(SMALL.in_scale(Decimal(16))) == "16.00"
    assert str(SMALL.in_scale(Decimal("16.1000"))) == "16.10"
    with pytest.raises(Invalid, match=r"16\.005 has more than 2 decimals"):
        SMALL.in_scale(Decimal("16.005"))


def test_a_rule_result_is_rounded_once_and_says_so() -> None:
    third = Figures([SPENT, Figure(id="budget", indicator="spending", name="预算数", value="570")])

    result = SMALL.rule_result(SMALL.by_id["spending"], third)

    assert str(result.score) == "13.33"
    assert (result.lowest, result.highest) == (Decimal("13.33"), Decimal("13.33"))
    assert result.derivation[-1].en == "rounded half-up: 13.33"


def test_a_rule_result_that_needs_no_rounding_does_not_speak_of_it() -> None:
    result = SMALL.rule_result(SMALL.by_id["spending"], Figures([SPENT, BUDGET]))

    assert str(result.score) == "38.00"
    assert not any("rounded" in step.en for step in result.derivation)


def test_without_its_figure_a_rule_leaves_the_row_open() -> None:
    result = SMALL.rule_result(SMALL.by_id["spending"], Figures([SPENT]))

    assert result.score is None
    assert (str(result.lowest), str(result.highest)) == ("0.00", "40.00")
    assert result.missing == ("budget",)


# Adding up ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "bonus", "penalty", "sums"),
    [
        ("40 30 28", "1.5 1.5", "", "98.00 3.00 0.00 101.00 1.00 100.00 优"),
        ("38 30 25.5", "1.5 0", "2", "93.50 1.50 2.00 93.00 0.00 93.00 优"),
        ("40 30 30", "", "", "100.00 0.00 0.00 100.00 0.00 100.00 优"),
        ("40 30 20", "3 3 3", "", "90.00 3.00 0.00 93.00 0.00 93.00 优"),
        ("40 30 20", "", "2 2 2", "90.00 0.00 4.00 86.00 0.00 86.00 良"),
        ("1 0 0.5", "", "4", "1.50 0.00 4.00 -2.50 -2.50 0.00 差"),
        ("30 20 20", "", "", "70.00 0.00 0.00 70.00 0.00 70.00 None"),
        ("30 30 19.99", "", "", "79.99 0.00 0.00 79.99 0.00 79.99 None"),
        ("30 30 20", "", "", "80.00 0.00 0.00 80.00 0.00 80.00 良"),
    ],
)
def test_rows_then_bonus_and_penalty_then_the_cap(
    rows: str, bonus: str, penalty: str, sums: str
) -> None:
    assert totals(rows, bonus, penalty) == sums.split()


def test_rows_without_a_score_are_counted_as_pending_and_not_as_zero() -> None:
    assert SMALL.totals({"plan": Decimal(30)}).pending == 2
    assert SMALL.totals({"plan": Decimal(0), "service": Decimal(0)}).pending == 1


def test_items_of_a_kind_that_the_rubric_does_not_have_count_nothing() -> None:
    plain = read((RUBRIC[: RUBRIC.index("[bonus]")] + RUBRIC[RUBRIC.index("[[band]]") :]).encode())

    assert totals("40 30 20", "3", "2", plain)[1:4] == ["0.00", "0.00", "90.00"]


def test_every_part_has_the_decimals_of_the_rubric() -> None:
    assert all(str(part).split(".")[1] == "00" for part in astuple(SMALL.totals({}))[:6])
