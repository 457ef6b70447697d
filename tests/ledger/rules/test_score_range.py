from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.language import Text
from ledger.rules.rule import half_up
from ledger.rules.score_range import (
    ScoreRange,
    decimal_of,
    format_fraction,
    percent_of,
    rounded,
    scale_of,
)
from ledger.values import Invalid


def test_a_score_is_there_as_soon_as_the_ends_meet() -> None:
    result = ScoreRange(Fraction(2), Fraction(2), figures=("a", "a")).result()

    assert (result.score, result.figures) == (Decimal(2), ("a",))


def test_an_open_outcome_has_ends_and_no_score() -> None:
    result = ScoreRange(Fraction(0), Fraction(2), missing=("a",)).result()

    assert (result.score, result.lowest, result.highest) == (None, Decimal(0), Decimal(2))
    assert result.missing == ("a",)


def test_what_cannot_change_the_score_is_not_missing_and_the_derivation_says_so() -> None:
    result = ScoreRange(Fraction(0), Fraction(0), missing=("a",)).result()

    assert result.missing == ()
    assert result.derivation[-1] == Text(
        "缺少的不影响得分：0", "what is missing does not affect the score: 0"
    )


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Fraction(12), "12"),
        (Fraction(3, 8), "0.375"),
        (Fraction(2900, 75), "38.666666…"),
        (Fraction(1, 10**9), "0.000000…"),
        (Fraction(100), "100"),
        (Fraction(-5), "-5"),
    ],
)
def test_numbers_are_written_plainly_and_say_when_they_are_not_all_there(
    number: Fraction, shown: str
) -> None:
    assert format_fraction(number) == shown


def test_a_fraction_just_below_a_tie_is_not_lifted_to_it() -> None:
    just_below = Fraction(5, 1000) - Fraction(1, 10**80)

    assert half_up(decimal_of(just_below), 2) == Decimal("0.00")


@settings(max_examples=60)
@given(st.fractions(min_value=0, max_value=1000, max_denominator=10**6), st.integers(0, 4))
def test_rounding_is_half_up_and_never_further_than_half_a_step(
    number: Fraction, decimals: int
) -> None:
    step = Fraction(1, 10**decimals)

    assert -step / 2 < rounded(number, decimals) - number <= step / 2


def test_exact_means_untouched() -> None:
    assert rounded(Fraction(1, 3), "exact") == Fraction(1, 3)


@pytest.mark.parametrize("text", ["100.01", "-1", "5%", "1e1"])
def test_a_percentage_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        percent_of(text)


@pytest.mark.parametrize(("points", "out_of"), [("3", "2"), ("-1", "2"), ("0", "0"), ("NaN", "2")])
def test_points_that_the_scale_cannot_hold_are_refused(points: str, out_of: str) -> None:
    with pytest.raises(Invalid):
        scale_of([Decimal(points)], Decimal(out_of))
