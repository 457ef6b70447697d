from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.rules.measure import (
    Constant,
    Days,
    Measure,
    Rate,
    Reading,
    ShareInTime,
    Span,
    Total,
    WeightedMean,
)
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.values import Figure, FigureKind, Invalid, interval_of

ROW = ScoredIndicator("row", Decimal(10))
LATE = "2023-03-07/2023-05-23"
EARLY = "2023-11-09/2023-11-04"
IN_TIME = "2023-03-29/2023-04-13"


def read(measure: Measure, kind: FigureKind = "number", **values: str | None) -> Reading:
    figures = [
        Figure(id=name.replace("_", "-"), indicator="row", name=name, kind=kind, value=value)
        for name, value in values.items()
    ]
    return measure.read(ROW, Figures(figures))


def rate(zero: str = "no-score", decimals: int | str = "exact") -> Rate:
    return Rate(over=("a",), under=("b", "c"), zero=zero, decimals=decimals)  # type: ignore[arg-type]


def test_a_constant_needs_no_figure() -> None:
    assert read(Constant(value=Decimal("1.5"))).span.value == Fraction(3, 2)


def test_a_total_adds_and_shows_its_terms() -> None:
    reading = read(Total(figures=("a", "b")), a="1.2", b="0.3")

    assert reading.span.value == Fraction(3, 2)
    assert "(1.2 + 0.3) = 1.5" in reading.steps[0].zh


def test_a_total_is_open_while_one_term_is_missing() -> None:
    reading = read(Total(figures=("a", "b")), a="1", b=None)

    assert reading.span == Span()
    assert (reading.figures, reading.missing) == (("a",), ("b",))


def test_a_text_where_a_number_should_be_is_missing_and_shown() -> None:
    reading = read(Total(figures=("a",)), "text", a="许多")

    assert reading.missing == ("a",)
    assert "许多" in reading.steps[0].zh


def test_a_rate_is_taken_of_the_totals_and_exact() -> None:
    reading = read(rate(), a="131756161.60", b="131961226.18", c="453140.44")

    assert reading.span.value == Fraction(13_175_616_160, 13_241_436_662) * 100
    assert "= 99.502920…%" in reading.steps[0].en


def test_a_rate_may_be_rounded_before_it_is_used() -> None:
    reading = read(rate(decimals=0), a="29", b="75", c="0")

    assert reading.span.value == 39
    assert reading.steps[-1].zh == "比率先取为 39%"


def test_what_may_leave_the_denominator_leaves_it_once_somebody_supplies_it() -> None:
    measure = Rate(over=("a",), under=("b", "c"), zero="0", decimals="exact", left_out=("d", "e"))
    spent = {"a": "45", "b": "80", "c": "20"}

    assert read(measure, "number", **spent).span.value == 45
    assert read(measure, "number", **spent, d=None).missing == ()
    reading = read(measure, "number", **spent, d="40", e="10")
    assert reading.span.value == 90
    assert reading.figures == ("a", "b", "c", "d", "e")
    assert reading.steps[0].zh == ("a ÷ ((b + c) − (d + e))：45 ÷ ((80 + 20) − (40 + 10)) = 90%")


def test_an_exempt_part_is_taken_off_a_total_once_somebody_supplies_it() -> None:
    measure = Total(figures=("a",), left_out=("b",))

    assert read(measure, a="0.72").span.value == Fraction("0.72")
    reading = read(measure, a="0.72", b="0.7")
    assert reading.span.value == Fraction("0.02")
    assert reading.steps[0].en == "(a − b): (0.72 − 0.7) = 0.02"
    assert read(measure, b="0.7").missing == ("a",)


@pytest.mark.parametrize(("zero", "value"), [("no-score", None), ("100", 100), ("0", 0)])
def test_a_rate_over_nothing_is_what_the_rule_says(zero: str, value: int | None) -> None:
    reading = read(rate(zero=zero), a="3", b="0", c="0")

    assert (reading.span.value, reading.undefined) == (value, value is None)


def test_nothing_over_something_unknown_is_nothing() -> None:
    assert read(rate(), a="0").span.value == 0


def test_nothing_over_something_unknown_is_open_if_nothing_over_nothing_counts() -> None:
    assert read(rate(zero="100"), a="0").span == Span()


def test_relative_figures_are_weighted_by_money() -> None:
    mean = WeightedMean(values=("a", "b"), by=("c", "d"), decimals="exact")

    assert read(mean, a="80", b="50", c="3", d="1").span.value == Fraction(290, 4)


def test_weights_that_add_up_to_nothing_give_no_mean() -> None:
    mean = WeightedMean(values=("a",), by=("b",), decimals="exact")

    assert read(mean, a="80", b="0").undefined
    assert read(mean, a="80").missing == ("b",)


def test_values_and_weights_must_pair() -> None:
    with pytest.raises(Invalid):
        WeightedMean(values=("a", "b"), by=("c",), decimals="exact")


@pytest.mark.parametrize(("dates", "days"), [(LATE, 77), (EARLY, -5), (IN_TIME, 15)])
def test_days_keep_their_sign(dates: str, days: int) -> None:
    assert read(Days(figure="a"), "interval", a=dates).span.value == days


def test_days_without_dates_are_missing() -> None:
    assert read(Days(figure="a")).missing == ("a",)


def in_time(none: str = "missing") -> ShareInTime:
    return ShareInTime(prefix="signing", allowed="[0,30]", none=none)


def test_a_second_date_before_the_first_is_not_in_time() -> None:
    reading = read(in_time(), "interval", signing_1=EARLY, signing_2=EARLY, signing_3=IN_TIME)

    assert reading.span.value == Fraction(100, 3)
    assert "= -5 天，不符合 [0,30]" in reading.steps[0].zh


def test_a_missing_date_leaves_the_share_between_two_ends() -> None:
    reading = read(in_time(), "interval", signing_1=IN_TIME, signing_2=None)

    assert reading.span == Span(Fraction(50), Fraction(100))
    assert reading.missing == ("signing-2",)


def test_figures_of_another_prefix_do_not_count() -> None:
    reading = read(in_time(), "interval", signing_1=IN_TIME, signings=EARLY, filing_1=EARLY)

    assert reading.span.value == 100


@pytest.mark.parametrize(
    ("none", "span", "missing", "undefined"),
    [
        ("missing", Span(Fraction(0), Fraction(100)), ("signing",), False),
        ("no-score", Span(), (), True),
        ("100", Span(Fraction(100), Fraction(100)), (), False),
    ],
)
def test_no_dates_at_all_count_what_the_rule_says(
    none: str, span: Span, missing: tuple[str, ...], *, undefined: bool
) -> None:
    reading = read(in_time(none))

    assert (reading.span, reading.missing, reading.undefined) == (span, missing, undefined)


@settings(max_examples=60)
@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(-100, 100))
def test_a_duration_is_in_time_exactly_within_the_allowed_days(start: date, days: int) -> None:
    dates = f"{start}/{start + timedelta(days=days)}"

    assert read(in_time(), "interval", signing_1=dates).span.value == (
        100 if 0 <= days <= 30 else 0
    )


@settings(max_examples=60)
@given(
    st.sampled_from(["[0,10]", "(0,10)", "[0,10)", "(-,10]", "[0,-)", "(-,-)", "[5,5]"]),
    st.integers(-3, 13),
    st.integers(0, 5),
)
def test_a_span_meets_an_interval_if_some_number_fits_and_lies_inside_if_all_do(
    text: str, low: int, width: int
) -> None:
    interval = interval_of(text)
    span = Span(Fraction(low), Fraction(low + width))
    quarters = [Decimal(low) + Decimal(n) / 4 for n in range(4 * width + 1)]

    assert span.meets(interval) == any(number in interval for number in quarters)
    assert span.inside(interval) == all(number in interval for number in quarters)


def test_an_unknown_number_meets_everything_and_lies_only_in_the_whole_line() -> None:
    assert Span().meets(interval_of("[5,5]"))
    assert not Span().inside(interval_of("[0,-)"))
    assert Span().inside(interval_of("(-,-)"))
