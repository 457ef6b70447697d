from decimal import Decimal

import pytest

from ledger.rules.composition import (
    Choice,
    Gated,
    Mean,
    Shape,
    Waivable,
    WeightedPart,
    WeightedParts,
)
from ledger.rules.conditions import AllOrNothing
from ledger.rules.judgement import ReviewerJudgement
from ledger.rules.measure import Rate, Total
from ledger.rules.ratio import Ratio
from ledger.rules.rule import Figures, RuleResult, ScoredIndicator, half_up
from ledger.values import Figure, FigureKind, Invalid


def figures(**values: str | None) -> Figures:
    def kind(value: str | None) -> FigureKind:
        if value in {"yes", "no"}:
            return "yes-no"
        return "text" if value and value.isalpha() else "number"

    return Figures(
        Figure(id=name, indicator="row", name=name, kind=kind(value), value=value)
        for name, value in values.items()
    )


def scored(rule: Shape, weight: str = "4", **values: str | None) -> RuleResult:
    return rule.work_out(ScoredIndicator("row", Decimal(weight)), figures(**values))


def remainder(figure: str) -> Ratio:
    return Ratio(value=Total(figures=(figure,)), counts="remainder", above="no-score", below="zero")


def rate(over: str, under: str) -> Ratio:
    measure = Rate(over=(over,), under=(under,), zero="no-score", decimals="exact")
    return Ratio(value=measure, counts="rate", above="full", below="zero")


def yes(figure: str) -> AllOrNothing:
    return AllOrNothing(figures=(figure,))


BUDGET = WeightedParts(
    parts=(
        WeightedPart("调剂", "60", remainder("moved")),
        WeightedPart("追加", "40", remainder("added")),
    )
)


def test_parts_share_the_weight_of_the_row() -> None:
    result = scored(BUDGET, moved="0.72", added="0")

    assert result.score == Decimal("3.98272")
    assert result.derivation[-1].zh == "合计：2.38272 + 1.6 = 3.98272"


def test_a_missing_part_leaves_only_its_own_share_open() -> None:
    result = scored(BUDGET, moved="0.72")

    assert (result.score, result.lowest, result.highest) == (
        None,
        Decimal("2.38272"),
        Decimal("3.98272"),
    )
    assert result.missing == ("added",)


def test_thirds_add_up_exactly_to_a_tie() -> None:
    thirds, nothing = (rate("one", "three"),) * 3, (rate("zero", "three"),) * 5

    score = scored(Mean(rules=thirds + nothing), "0.04", one="1", three="3", zero="0").score

    assert score == Decimal("0.005")
    assert half_up(score, 2) == Decimal("0.01")


@pytest.mark.parametrize("shares", [("60", "39.99"), ("60", "40.01"), ("100", "0"), ("101",)])
def test_shares_that_do_not_add_up_are_refused(shares: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        WeightedParts(parts=tuple(WeightedPart(share, share, yes("a")) for share in shares))


def test_the_mean_of_scores_is_not_the_score_of_totals() -> None:
    totals = Ratio(
        value=Rate(over=("a", "c"), under=("b", "d"), zero="no-score", decimals="exact"),
        counts="rate",
        above="full",
        below="zero",
    )
    places = {"a": "1", "b": "2", "c": "1", "d": "8"}

    assert scored(Mean(rules=(rate("a", "b"), rate("c", "d"))), "8", **places).score == Decimal(
        "2.5"
    )
    assert scored(totals, "8", **places).score == Decimal("1.6")


PUBLISHED = Gated(required=("published",), rule=rate("passed", "checked"))


def test_nothing_published_is_nothing_scored_whatever_the_checks_say() -> None:
    result = scored(PUBLISHED, published="no", passed="9", checked="9")

    assert (result.score, result.figures) == (Decimal(0), ("published",))


def test_once_published_the_rule_applies() -> None:
    assert scored(PUBLISHED, published="yes", passed="9", checked="12").score == Decimal(3)


def test_not_knowing_whether_it_was_published_keeps_nothing_possible() -> None:
    result = scored(PUBLISHED, passed="9", checked="12")

    assert (result.score, result.lowest, result.highest) == (None, Decimal(0), Decimal(3))
    assert result.missing == ("published",)


def waivable(unstated: str) -> Waivable:
    return Waivable(
        waived="force",
        percent="100",
        unstated=unstated,  # type: ignore[arg-type]
        rule=BUDGET,
    )


@pytest.mark.parametrize(
    ("unstated", "force", "score"),
    [
        ("applies", "yes", Decimal(4)),
        ("applies", "no", Decimal("3.98272")),
        ("applies", None, Decimal("3.98272")),
        ("no-score", None, None),
    ],
)
def test_a_rule_is_waived_by_a_stated_fact_only(
    unstated: str, force: str | None, score: Decimal | None
) -> None:
    assert scored(waivable(unstated), force=force, moved="0.72", added="0").score == score


def test_as_long_as_it_may_be_waived_the_ends_hold_both() -> None:
    result = scored(waivable("no-score"), moved="0.72", added="0")

    assert (result.lowest, result.highest) == (Decimal("3.98272"), Decimal(4))
    assert result.missing == ("force",)


OPTIONS = Choice(
    chosen="kind",
    options={
        "经济": rate("a", "b"),
        "社会": ReviewerJudgement(full_if=("c",), deduct="[1,2]", out_of=Decimal(4)),
    },
)


def test_of_optional_rows_the_chosen_one_is_scored() -> None:
    assert scored(OPTIONS, kind="经济", a="1", b="2").score == Decimal(2)
    assert scored(OPTIONS, kind="社会", c="yes").score == Decimal(4)


@pytest.mark.parametrize("kind", [None, "生态"])
def test_without_a_choice_the_ends_hold_every_option(kind: str | None) -> None:
    result = scored(OPTIONS, kind=kind, a="1", b="2")

    assert (result.score, result.lowest, result.highest) == (None, Decimal(2), Decimal(4))
    assert result.missing == ("kind",)
