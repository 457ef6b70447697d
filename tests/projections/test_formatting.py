"""Days, rates and amounts as readers of a language write them; exact to the last digit."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.values import Figure, FigureKind
from projections import formatting

PARTS = st.decimals(min_value=-1000, max_value=10**9, places=6)
WHOLES = st.decimals(min_value=Decimal("0.000001"), max_value=10**9, places=6)


def figure(value: str | None, kind: FigureKind = "number", unit: str = "") -> Figure:
    return Figure(id="one", indicator="row", name="数", kind=kind, value=value, unit=unit)


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [
        ("44", "50", "88.00%"),
        ("9.39", "10", "93.90%"),
        ("1", "3", "33.33%"),
        ("2", "3", "66.67%"),
        ("0.5", "400", "0.13%"),
        ("0", "10", "0.00%"),
        ("1", "0", "—"),
    ],
)
def test_a_rate_is_written_in_percent(part: str, whole: str, rate: str) -> None:
    assert formatting.rate(Decimal(part), Decimal(whole)) == rate


@given(PARTS, WHOLES)
def test_a_rate_is_always_the_exact_one_rounded_half_up_once(part: Decimal, whole: Decimal) -> None:
    """In whole numbers and fractions alone: what a person with a pencil gets."""
    exact = Fraction(part) / Fraction(whole) * 10000
    hundredths = floor(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)
    said = formatting.rate(part, whole)

    assert Fraction(said.removesuffix("%")) == Fraction(hundredths, 100)
    assert re.fullmatch(r"-?\d+\.\d\d%", said)


@given(st.integers(-(10**6), 10**6), st.sampled_from([1, 2, 4, 8, 5, 16, 25, 32]))
def test_a_tie_always_goes_away_from_zero(hundredths: int, whole: int) -> None:
    part = (Decimal(hundredths) * whole + Decimal(whole) / 2) / 10000
    up = hundredths + (1 if hundredths >= 0 else 0)
    assert Fraction(formatting.rate(part, Decimal(whole)).removesuffix("%")) == Fraction(up, 100)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=10**17))
def test_an_amount_loses_no_digit(number: Decimal) -> None:
    for unit in (*formatting.MONEY, "%", "件", ""):
        for language in ("zh", "en"):
            said = formatting.amount(number, unit, language)
            digits = re.match(r"-?[\d,.]*\d", said)
            assert digits, said
            assert digits[0].replace(",", "") == f"{number:f}"


@pytest.mark.parametrize(
    ("one", "zh", "en"),
    [
        (figure("58623.45", unit="万元"), "58,623.45 万元", "58,623.45 × 10,000 yuan"),
        (figure("131756161.60", unit="元"), "131,756,161.60 元", "131,756,161.60 yuan"),
        (figure("54.26", unit="亿元"), "54.26 亿元", "54.26 × 100,000,000 yuan"),
        (figure("99.50", unit="%"), "99.50%", "99.50%"),
        (figure("5396", unit="件"), "5396 件", "5396 件"),
        (figure("2023"), "2023", "2023"),
        (figure("2024-12-30", "date"), "2024年12月30日", "30 December 2024"),
        (
            figure("2023-11-09/2023-11-24", "interval"),
            "2023年11月9日至2023年11月24日",
            "9 November 2023 to 24 November 2023",
        ),
        (figure("yes", "yes-no"), "是", "yes"),
        (figure("no", "yes-no"), "否", "no"),
        (figure("部分公开", "text"), "部分公开", "部分公开"),
        (figure(None, unit="元"), "缺", "missing"),
    ],
)
def test_a_figure_is_written_as_the_language_does(one: Figure, zh: str, en: str) -> None:
    assert (formatting.value(one, "zh"), formatting.value(one, "en")) == (zh, en)


@given(st.dates())
def test_a_day_can_be_read_back_from_either_language(when: date) -> None:
    zh, en = formatting.day(when, "zh"), formatting.day(when, "en")
    year, month, day = map(int, re.findall(r"\d+", zh))
    assert date(year, month, day) == when
    assert en == f"{when.day} {formatting.MONTHS[when.month - 1]} {when.year}"


def test_no_day_is_a_dash() -> None:
    assert formatting.day(None, "zh") == formatting.day(None, "en") == "—"
