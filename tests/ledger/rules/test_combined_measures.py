"""Numbers made of numbers: differences, rates of change, rates against targets, days over days."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from ledger.rules.measure import Measure, Reading
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.values import Figure, FigureKind

ROW = ScoredIndicator("row", Decimal(10))
NOW = {"take": "total", "figures": ["now"]}
BEFORE = {"take": "total", "figures": ["before"]}
INCREASE = {"take": "difference", "of": NOW, "less": BEFORE}
DAYS = {
    "take": "quotient",
    "over": {"take": "days", "figure": "late"},
    "under": {"take": "days", "figure": "planned"},
    "zero": "no-score",
    "decimals": 2,
}


def growth(decimals: int | str = "exact", zero: str = "no-score") -> dict[str, object]:
    """(now − before) ÷ before."""
    settings = {"zero": zero, "decimals": decimals}
    return {"take": "quotient", "over": INCREASE, "under": BEFORE, **settings}


def measured(measure: Mapping[str, object], **values: str | None) -> Reading:
    kinds: dict[bool, FigureKind] = {True: "interval", False: "number"}
    figures = Figures(
        Figure(id=name, indicator="row", name=name, kind=kinds["/" in (value or "")], value=value)
        for name, value in values.items()
    )
    taken: Measure = msgspec.convert(measure, Measure)
    return taken.read(ROW, figures)


@pytest.mark.parametrize(
    ("now", "before", "difference"), [("12", "10", 2), ("10", "12", -2), ("0", "-0.5", "0.5")]
)
def test_a_difference_is_one_number_less_the_other(
    now: str, before: str, difference: str | int
) -> None:
    assert measured(INCREASE, now=now, before=before).span.value == Decimal(difference)


@pytest.mark.parametrize(
    ("now", "before", "rate"),
    [("120", "100", "20"), ("80", "100", "-20"), ("10", "3", "233.33"), ("3", "3", "0")],
)
def test_a_rate_of_change_is_the_difference_over_what_it_starts_from(
    now: str, before: str, rate: str
) -> None:
    assert measured(growth(2), now=now, before=before).span.value == Decimal(rate)


def test_the_steps_show_every_number() -> None:
    steps = [step.zh for step in measured(growth(2), now="10", before="3").steps]

    assert steps == [
        "now：10",
        "before：3",
        "相差：10 − 3 = 7",
        "before：3",
        "比率：7 ÷ 3 = 233.333333…% → 233.33%",
    ]


def test_a_change_from_nothing_counts_what_the_rule_says() -> None:
    assert measured(growth(), now="5", before="0").undefined
    assert measured(growth(zero="100"), now="5", before="0").span.value == 100


def test_a_change_from_below_zero_has_no_rate() -> None:
    found = measured(growth(), now="5", before="-5")

    assert found.undefined
    assert "小于 0" in found.steps[-1].zh


@pytest.mark.parametrize("gone", ["now", "before"])
def test_a_number_that_is_missing_leaves_the_rate_open_and_is_named(gone: str) -> None:
    found = measured(growth(), **{"now": "5", "before": "4", gone: None})

    assert (found.span.low, found.span.high, set(found.missing)) == (None, None, {gone})


@pytest.mark.parametrize(
    ("over", "under", "rate"),
    [
        # 29 of 30 passed against a target of 95 per cent.
        ({"take": "rate", "over": ["now"], "under": ["before"]}, "95", "101.75"),
        ({"take": "weighted-mean", "values": ["now"], "by": ["before"]}, "58", "50.00"),
    ],
)
def test_a_computed_rate_or_mean_is_compared_with_its_target(
    over: dict[str, object], under: str, rate: str
) -> None:
    settings = {"decimals": "exact"} | ({"zero": "no-score"} if over["take"] == "rate" else {})
    quotient = {
        "take": "quotient",
        "over": over | settings,
        "under": {"take": "constant", "value": under},
        "zero": "no-score",
        "decimals": 2,
    }

    assert measured(quotient, now="29", before="30").span.value == Decimal(rate)


@pytest.mark.parametrize(
    ("late", "rate"),
    [
        ("2024-06-30/2024-07-15", "10.00"),  # 15 days late of 150 planned
        ("2024-06-30/2024-06-30", "0"),
        ("2024-06-30/2024-06-15", "-10.00"),  # early
    ],
)
def test_days_late_are_counted_over_days_planned(late: str, rate: str) -> None:
    planned = "2024-02-01/2024-06-30"

    assert measured(DAYS, late=late, planned=planned).span.value == Decimal(rate)


def test_a_share_that_is_open_leaves_a_difference_open_within_its_ends() -> None:
    share = {"take": "share-in-time", "prefix": "d", "allowed": "[0,30]", "none": "missing"}
    less = {"take": "constant", "value": "40"}
    dated, undated = ("2024-01-01/2024-01-09", None)
    figures = Figures(
        Figure(id=f"d-{at}", indicator="row", name="d", kind="interval", value=value)
        for at, value in enumerate((dated, undated))
    )
    taken: Measure = msgspec.convert({"take": "difference", "of": share, "less": less}, Measure)

    span = taken.read(ROW, figures).span
    assert (span.low, span.high) == (Fraction(10), Fraction(60))
