from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.rules.comparison import Comparison
from ledger.rules.measure import Measure, Rate, ShareInTime, Total
from ledger.rules.rule import Figures, RuleResult, ScoredIndicator
from ledger.values import Figure


def scored(
    value: str | None,
    against: str | None,
    *,
    full_if: str = "below",
    equal: str = "full",
    own: Measure | None = None,
) -> RuleResult:
    rule = Comparison(
        value=own or Total(figures=("value",)),
        against=Total(figures=("against",)),
        full_if=full_if,  # type: ignore[arg-type]
        equal=equal,  # type: ignore[arg-type]
    )
    figures = Figures(
        Figure(id=name, indicator="row", name=name, value=number)
        for name, number in (("value", value), ("against", against))
    )
    return rule.work_out(ScoredIndicator("row", Decimal(2)), figures)


@pytest.mark.parametrize(
    ("situation", "value", "against", "score"),
    [
        ("by three thousandths of a yuan", "5499159.04", "5499159.043", "2"),
        ("equal", "5499159.04", "5499159.04", "2"),
        ("equal with other decimals", "1.0", "1", "2"),
        ("over by a cent", "100.01", "100", "0"),
    ],
)
def test_spending_within_the_budget_passes(
    situation: str, value: str, against: str, score: str
) -> None:
    assert scored(value, against).score == Decimal(score), situation


@pytest.mark.parametrize(("value", "score"), [("96", Decimal(2)), ("95", None), ("94", Decimal(0))])
def test_a_population_mean_must_be_exceeded_and_a_tie_is_not_provided_for(
    value: str, score: Decimal | None
) -> None:
    assert scored(value, "95", full_if="above", equal="no-score").score == score


def test_a_tie_may_be_a_failure() -> None:
    assert scored("95", "95", equal="zero").score == 0


def test_a_mean_that_nobody_disclosed_is_missing() -> None:
    result = scored("100", None, full_if="above")

    assert (result.score, result.highest, result.missing) == (None, Decimal(2), ("against",))


def test_a_rate_of_nothing_is_not_compared() -> None:
    none = Rate(over=("value",), under=("value",), zero="no-score", decimals="exact")
    result = scored("0", "95", own=none)

    assert (result.score, result.missing) == (None, ())


def test_a_share_that_may_still_equal_the_mean_is_not_above_it() -> None:
    figures = [
        Figure(
            id="value-1",
            indicator="row",
            name="按时",
            kind="interval",
            value="2023-01-01/2023-01-02",
        ),
        Figure(id="value-2", indicator="row", name="未报", kind="interval"),
        Figure(id="against", indicator="row", name="平均", value="50"),
    ]
    rule = Comparison(
        value=ShareInTime(prefix="value", allowed="[0,30]", none="missing"),
        against=Total(figures=("against",)),
        full_if="above",
        equal="zero",
    )

    result = rule.work_out(ScoredIndicator("row", Decimal(2)), Figures(figures))

    assert (result.score, result.missing) == (None, ("value-2",))


def test_the_derivation_shows_both_numbers_and_the_gap() -> None:
    step = scored("5499159.04", "5499159.043").derivation[-2]

    assert step.zh == "5499159.04 < 5499159.043（0.003）"


@settings(max_examples=60)
@given(st.decimals(-9, 9, places=2), st.decimals(-9, 9, places=2))
def test_above_and_below_never_both_pass_unless_equal(one: Decimal, other: Decimal) -> None:
    sides = [
        scored(str(one), str(other), full_if=side, equal="zero").score
        for side in ("above", "below")
    ]

    assert sorted(map(str, sides)) == (["0", "0"] if one == other else ["0", "2"])
