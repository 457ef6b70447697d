from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.rules.measure import ShareInTime, Total
from ledger.rules.rule import Figures, RuleResult, ScoredIndicator
from ledger.rules.tiers import Tier, Tiers, refuse_gaps
from ledger.values import Figure, Invalid, interval_of

PRINTED = {"[100,100]": "10", "[90,100)": "9", "[80,90)": "8", "[70,80)": "7", "[0,70)": "6"}


def tiers(
    printed: dict[str, str], domain: str = "[0,100]", out_of: str = "10", figure: str = "rate"
) -> Tiers:
    return Tiers(
        value=Total(figures=(figure,)),
        domain=domain,
        out_of=Decimal(out_of),
        tiers=tuple(Tier(range_, Decimal(points)) for range_, points in printed.items()),
    )


def scored(rate: str | None, weight: str = "10") -> RuleResult:
    figure = Figure(id="rate", indicator="row", name="支出率", value=rate)
    return tiers(PRINTED).work_out(ScoredIndicator("row", Decimal(weight)), Figures([figure]))


@pytest.mark.parametrize(
    ("rate", "score"),
    [
        ("100", "10"),
        ("99.999999", "9"),
        ("90", "9"),
        ("89.99", "8"),
        ("70", "7"),
        ("69.99", "6"),
        ("9.50", "6"),
        ("0", "6"),
    ],
)
def test_a_value_on_the_edge_belongs_to_the_tier_whose_end_is_closed(rate: str, score: str) -> None:
    assert scored(rate).score == Decimal(score)


def test_a_rate_above_100_percent_is_covered_by_no_tier() -> None:
    result = scored("100.054")

    assert result.score is None
    assert not result.missing
    assert result.derivation[-1].en == "100.054 is outside [0,100]: no tier covers it"


def test_a_missing_rate_cannot_fall_below_the_lowest_tier() -> None:
    result = scored(None)

    assert (result.score, result.lowest, result.highest) == (None, Decimal(6), Decimal(10))
    assert result.missing == ("rate",)


def test_points_are_scaled_to_the_weight_of_the_row() -> None:
    assert scored("95", weight="5").score == Decimal("4.5")


def test_tiers_that_a_missing_figure_cannot_tell_apart_give_a_score() -> None:
    rule = Tiers(
        value=ShareInTime(prefix="signing", allowed="[0,30]", none="missing"),
        domain="[0,100]",
        out_of=Decimal(1),
        tiers=(Tier("[60,100]", Decimal(1)), Tier("[0,60)", Decimal(0))),
    )
    late = "2023-01-01/2023-06-01"
    figures = [
        Figure(id=f"signing-{n}", indicator="row", name="合同", kind="interval", value=value)
        for n, value in enumerate([late, None])
    ]

    result = rule.work_out(ScoredIndicator("row", Decimal(1)), Figures(figures))

    assert (result.score, result.missing) == (Decimal(0), ())


@pytest.mark.parametrize(
    ("situation", "ranges"),
    [
        ("a gap between tiers", ["[0,60)", "(60,100]"]),
        ("a number held twice", ["[0,60]", "[60,100]"]),
        ("an overlap", ["[0,70)", "[60,100]"]),
        ("the first tier starts late", ["(0,60)", "[60,100]"]),
        ("the last tier ends early", ["[0,60)", "[60,100)"]),
        ("a tier beyond the domain", ["[0,60)", "[60,110]"]),
        ("a tier without an end", ["[0,60)", "[60,-)"]),
        ("the same tier twice", ["[0,100]", "[0,100]"]),
    ],
)
def test_tiers_that_do_not_cover_the_domain_exactly_are_refused(
    situation: str, ranges: list[str]
) -> None:
    refused = False
    try:
        refuse_gaps("[0,100]", ranges)
    except Invalid:
        refused = True

    assert refused, situation


def test_a_rule_with_a_gap_cannot_be_built() -> None:
    with pytest.raises(Invalid):
        tiers({"[0,60)": "6", "(60,100]": "10"})


def test_the_refusal_names_the_place_in_both_languages() -> None:
    with pytest.raises(Invalid, match=r"空档.*a gap before \(60,100\]"):
        refuse_gaps("[0,100]", ["[0,60)", "(60,100]"])


def test_points_beyond_the_scale_are_refused() -> None:
    with pytest.raises(Invalid):
        tiers({"[0,100]": "11"})


@settings(max_examples=100)
@given(
    cuts=st.lists(st.tuples(st.integers(1, 9), st.booleans()), unique_by=lambda cut: cut[0]),
    drop=st.booleans(),
    probe=st.decimals(0, 10, places=1),
)
def test_tiers_are_accepted_exactly_if_every_number_falls_into_one(
    cuts: list[tuple[int, bool]], *, drop: bool, probe: Decimal
) -> None:
    ends = [(0, True), *sorted(cuts), (10, False)]
    ranges = [
        f"{'[' if low_closed else '('}{low},{high}{')' if high_open else ']'}"
        for (low, low_closed), (high, high_open) in pairwise(ends)
    ]
    if drop:
        with pytest.raises(Invalid):
            refuse_gaps("[0,10]", ranges[1:])
        return
    refuse_gaps("[0,10]", ranges)
    assert sum(1 for range_ in ranges if probe in interval_of(range_)) == 1
