from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.rules.measure import ShareInTime, Total
from ledger.rules.ratio import Ratio
from ledger.rules.rule import Figures, RuleResult, ScoredIndicator
from ledger.values import Figure

RATE = {"counts": "rate", "above": "full", "below": "zero"}
REMAINDER = {"counts": "remainder", "above": "full", "below": "zero"}
STRICT = {"counts": "rate", "above": "no-score", "below": "no-score"}


def scored(settings_: dict[str, str], rate: str | None, weight: str = "4") -> RuleResult:
    rule = Ratio(value=Total(figures=("rate",)), **settings_)  # type: ignore[arg-type]
    figure = Figure(id="rate", indicator="row", name="比率", value=rate)
    return rule.work_out(ScoredIndicator("row", Decimal(weight)), Figures([figure]))


@pytest.mark.parametrize(
    ("situation", "settings_", "rate", "score"),
    [
        ("the rate itself", RATE, "38.5", "1.54"),
        ("nothing", RATE, "0", "0"),
        ("all of it", STRICT, "100", "4"),
        ("more than all is capped", RATE, "123.71", "4"),
        ("more than all without a cap has no score", STRICT, "100.01", None),
        ("less than nothing counts nothing", RATE, "-3", "0"),
        ("less than nothing without a floor has no score", STRICT, "-3", None),
        ("what the rate leaves", REMAINDER, "0.72", "3.9712"),
        ("a rate above 100 % leaves nothing", REMAINDER, "120", "0"),
    ],
)
def test_a_ratio_scores(
    situation: str, settings_: dict[str, str], rate: str, score: str | None
) -> None:
    result = scored(settings_, rate)

    assert result.score == (None if score is None else Decimal(score)), situation
    assert result.figures == ("rate",)
    assert not result.missing


def test_the_cap_shows_in_the_derivation() -> None:
    assert scored(RATE, "123.71", "1").derivation[-1].zh == "123.71% 按 100% 计：1 × 100% = 1"


def test_a_missing_rate_leaves_everything_open() -> None:
    result = scored(RATE, None)

    assert (result.score, result.lowest, result.highest) == (None, Decimal(0), Decimal(4))
    assert result.missing == ("rate",)


@pytest.mark.parametrize(("counts", "ends"), [("rate", ("3", "4")), ("remainder", ("0", "1"))])
def test_a_rate_between_two_ends_leaves_the_score_between_two(
    counts: str, ends: tuple[str, str]
) -> None:
    rule = Ratio(
        value=ShareInTime(prefix="signing", allowed="[0,30]", none="missing"),
        counts=counts,  # type: ignore[arg-type]
        above="full",
        below="zero",
    )
    dates = ("2023-01-01/2023-01-02", "2023-01-01/2023-01-02", "2023-01-01/2023-01-31", None)
    figures = Figures(
        Figure(id=f"signing-{n}", indicator="row", name="合同", kind="interval", value=value)
        for n, value in enumerate(dates)
    )

    result = rule.work_out(ScoredIndicator("row", Decimal(4)), figures)

    assert (result.lowest, result.highest) == tuple(map(Decimal, ends))


@settings(max_examples=80)
@given(st.lists(st.decimals(-50, 150, places=2), min_size=2, max_size=2))
def test_more_is_never_worse_for_a_rate_and_never_better_for_a_remainder(
    rates: list[Decimal],
) -> None:
    less, more = (str(rate) for rate in sorted(rates))

    assert (scored(RATE, less).score or 0) <= (scored(RATE, more).score or 0)
    assert (scored(REMAINDER, less).score or 0) >= (scored(REMAINDER, more).score or 0)
