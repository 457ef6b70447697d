from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.rules.deduction import Deduction, Deductions, StepDeduction, ThresholdDeduction
from ledger.rules.measure import Total
from ledger.rules.rule import Figures, RuleResult, ScoredIndicator
from ledger.values import Figure, Invalid

ASSETS = Deductions(
    out_of=Decimal(2),
    deductions=(
        Deduction("rules", "no", Decimal("0.5"), ()),
        Deduction("found", "each", Decimal("0.5"), ("elsewhere",)),
    ),
)


def figures(**values: str | None) -> Figures:
    return Figures(
        Figure(
            id=name,
            indicator="row",
            name=name,
            kind="yes-no" if value in {"yes", "no"} else "number",
            value=value,
        )
        for name, value in values.items()
    )


def scored(weight: str = "2", **values: str | None) -> RuleResult:
    return ASSETS.work_out(ScoredIndicator("row", Decimal(weight)), figures(**values))


@pytest.mark.parametrize(
    ("situation", "values", "score"),
    [
        ("nothing wrong", {"rules": "yes", "found": "0", "elsewhere": "0"}, "2"),
        ("no rules", {"rules": "no", "found": "0", "elsewhere": "0"}, "1.5"),
        ("two incidents", {"rules": "yes", "found": "2", "elsewhere": "0"}, "1"),
        ("one of two deducted elsewhere", {"rules": "yes", "found": "2", "elsewhere": "1"}, "1.5"),
        ("more elsewhere than here", {"rules": "yes", "found": "1", "elsewhere": "3"}, "2"),
        ("never below nothing", {"rules": "no", "found": "99", "elsewhere": "0"}, "0"),
    ],
)
def test_what_went_wrong_is_taken_off(situation: str, values: dict[str, str], score: str) -> None:
    assert scored(**values).score == Decimal(score), situation


def test_the_derivation_multiplies_before_it_takes_off() -> None:
    zh = [step.zh for step in scored(rules="no", found="2", elsewhere="1").derivation]

    assert zh == ["rules：否，扣 0.5 分", "found：2 − 1，扣 1 × 0.5 = 0.5 分", "2 − 1 → 1"]


def test_points_on_another_scale_are_scaled() -> None:
    assert scored("4", rules="no", found="0", elsewhere="0").score == Decimal(3)


def test_a_missing_count_may_cost_everything_or_nothing() -> None:
    result = scored(rules="no", elsewhere="0")

    assert (result.score, result.lowest, result.highest) == (None, Decimal(0), Decimal("1.5"))
    assert result.missing == ("found",)


def test_not_knowing_what_was_deducted_elsewhere_leaves_what_was_found_in_doubt() -> None:
    result = scored(rules="yes", found="2")

    assert (result.score, result.lowest, result.highest) == (None, Decimal(1), Decimal(2))


def test_a_count_that_cannot_change_the_score_is_not_missing() -> None:
    result = scored(found="99", elsewhere="0")

    assert (result.score, result.missing) == (Decimal(0), ())


@pytest.mark.parametrize("count", ["-1", "1.5"])
def test_a_count_that_is_not_whole_has_no_score(count: str) -> None:
    result = scored(rules="yes", found=count, elsewhere="0")

    assert (result.score, result.missing) == (None, ())


def test_only_counts_can_be_deducted_elsewhere() -> None:
    with pytest.raises(Invalid):
        Deduction("rules", "no", Decimal(1), ("elsewhere",))


def stepped(value: str | None, steps: str, side: str = "above", points: str = "0.8") -> RuleResult:
    rule = StepDeduction(
        value=Total(figures=("value",)),
        limit=Decimal(100),
        side=side,  # type: ignore[arg-type]
        step=Decimal(5),
        steps=steps,  # type: ignore[arg-type]
        points=Decimal(points),
        out_of=Decimal(8),
    )
    return rule.work_out(ScoredIndicator("row", Decimal(8)), figures(value=value))


@pytest.mark.parametrize(
    ("situation", "value", "steps", "side", "score"),
    [
        ("at the limit", "100", "started", "above", "8"),
        ("on the other side", "50", "started", "above", "8"),
        ("less than a whole step", "104.99", "whole", "above", "8"),
        ("less than a whole step, started", "100.01", "started", "above", "7.2"),
        ("less than a whole step, pro rata", "101", "pro-rata", "above", "7.84"),
        ("exactly one step", "105", "whole", "above", "7.2"),
        ("exactly one step, started", "105", "started", "above", "7.2"),
        ("99.27 counted in whole steps", "99.27", "whole", "below", "8"),
        ("99.27 counted pro rata", "99.27", "pro-rata", "below", "7.8832"),
        ("far off", "0", "whole", "below", "0"),
    ],
)
def test_steps_beyond_the_limit_are_taken_off(
    situation: str, value: str, steps: str, side: str, score: str
) -> None:
    points = "2" if situation == "far off" else "0.8"

    assert stepped(value, steps, side, points).score == Decimal(score), situation


def test_a_missing_number_leaves_all_steps_open() -> None:
    result = stepped(None, "whole")

    assert (result.score, result.lowest, result.highest) == (None, Decimal(0), Decimal(8))


@settings(max_examples=80)
@given(
    st.lists(st.decimals(0, 300, places=2), min_size=2, max_size=2),
    st.sampled_from(["whole", "started", "pro-rata"]),
)
def test_further_beyond_the_limit_is_never_better(values: list[Decimal], steps: str) -> None:
    near, far = (stepped(str(value), steps).score for value in sorted(values))

    assert near is not None
    assert far is not None
    assert near >= far


def assessed(due: str | None, done: str | None, none_due: str = "no-score") -> RuleResult:
    rule = ThresholdDeduction(
        due="due",
        done="done",
        all_lost_up_to=3,
        points=Decimal(1),
        out_of=Decimal(2),
        none_due=none_due,  # type: ignore[arg-type]
    )
    return rule.work_out(ScoredIndicator("row", Decimal(2)), figures(due=due, done=done))


@pytest.mark.parametrize(
    ("situation", "due", "done", "score"),
    [
        ("all three done", "3", "3", Decimal(2)),
        ("one of exactly three not done loses all", "3", "2", Decimal(0)),
        ("one of four not done loses one", "4", "3", Decimal(1)),
        ("three of four not done lose no more than all", "4", "1", Decimal(0)),
        ("more done than due", "3", "4", None),
        ("half a project", "3.5", "3", None),
        ("nothing due", "0", "0", None),
    ],
)
def test_few_due_and_one_undone_loses_everything(
    situation: str, due: str, done: str, score: Decimal | None
) -> None:
    result = assessed(due, done)

    assert (result.score, result.missing) == (score, ()), situation


@pytest.mark.parametrize(("policy", "score"), [("full", 2), ("zero", 0)])
def test_nothing_due_scores_what_the_rule_says(policy: str, score: int) -> None:
    assert assessed("0", "0", policy).score == score


def test_a_missing_count_of_what_was_done_leaves_it_open() -> None:
    result = assessed("3", None)

    assert (result.score, result.highest, result.missing) == (None, Decimal(2), ("done",))
