from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.rules.completion import Completion, CompletionBand
from ledger.rules.rule import Figures, RuleResult, ScoredIndicator
from ledger.values import Figure, FigureKind, Invalid, Target

WORDS = {"yes": "100", "no": "0", "优": "95", "良": "85", "达标": "70", "不达标": "50"}
PRINTED = (
    CompletionBand("[0,60)", "0"),
    CompletionBand("[60,100)", "rate"),
    CompletionBand("[100,150]", "100"),
    CompletionBand("(150,-)", "50"),
)
OUTPUTS = {
    "projects": ("no", "=45"),
    "lifts": ("482", "≤540"),
    "markets": ("1", "=1"),
    "standards": ("8", "≥10"),
    "patents": ("1.35", "≥0.84"),
    "subsidy": ("no", "=50"),
    "food": ("100", "=100"),
    "payments": ("no", "=100"),
}


def rule(**changed: Any) -> Completion:  # noqa: ANN401 - any parameter of the rule
    settings_: dict[str, Any] = {
        "domain": "[0,-)",
        "bands": PRINTED,
        "at_most": "met-or-not",
        "exactly": "ratio",
        "zero_target": "no-score",
        "rate_decimals": "exact",
        "words": WORDS,
        "share_decimals": "exact",
        "no_targets": "zero",
    }
    return Completion(**{**settings_, **changed})


def figure(name: str, value: str | None, target: str) -> Figure:
    senses = {"≥": "at-least", "≤": "at-most", "=": "exactly"}
    sense = senses.get(target[0], "described")
    aim = target if sense == "described" else target[1:]
    kind: FigureKind = "number"
    if value in {"yes", "no"}:
        kind = "yes-no"
    elif value is not None and not value.lstrip("-")[0].isdigit():
        kind = "text"
    return Figure(
        id=name,
        indicator="row",
        name=name,
        kind=kind,
        value=value,
        target=Target(sense, aim),  # type: ignore[arg-type]
    )


def scored(
    targets: Mapping[str, tuple[str | None, str]],
    weight: str = "20",
    **changed: Any,  # noqa: ANN401
) -> RuleResult:
    figures = Figures(figure(name, *given_) for name, given_ in targets.items())
    return rule(**changed).work_out(ScoredIndicator("row", Decimal(weight)), figures)


def test_eight_outputs_of_which_three_are_unfinished() -> None:
    result = scored(OUTPUTS)

    assert result.score == Decimal("10.75")
    assert result.derivation[1].zh == (
        "lifts：482 ≤ 540，达到目标，完成率按 100% 计，在 100%～150% 之间，按 100% 计"
    )
    assert result.derivation[-1].en == (
        "8 items: 20 × (0% + 100% + 100% + 80% + 50% + 0% + 100% + 0%) ÷ 8 = 10.75"
    )


def test_five_outputs_with_one_far_beyond_its_target() -> None:
    left = {name: OUTPUTS[name] for name in ("lifts", "markets", "patents", "food")}

    assert scored({**left, "standards": ("8", "≥8")}).score == Decimal(18)


@pytest.mark.parametrize(
    ("situation", "value", "target", "percent"),
    [
        ("just below the pass mark", "59.99", "≥100", "0"),
        ("exactly the pass mark is a ratio", "60", "≥100", "60"),
        ("all of it", "100", "≥100", "100"),
        ("150 % is still full", "150", "≥100", "100"),
        ("a little more loses half", "150.01", "≥100", "50"),
        ("a target not to be exceeded, kept at 0", "0", "≤10", "100"),
        ("a target not to be exceeded, kept exactly", "10", "≤10", "100"),
        ("a target not to be exceeded, missed", "10.01", "≤10", "0"),
        ("finished", "yes", "≥100", "100"),
        ("unfinished is not missing", "no", "≥100", "0"),
        ("a grade", "优", "提高", "95"),
        ("the worst grade", "不达标", "提高", "50"),
    ],
)
def test_one_target_counts(situation: str, value: str, target: str, percent: str) -> None:
    assert scored({"a": (value, target)}, "100").score == Decimal(percent), situation


@pytest.mark.parametrize(
    ("value", "target", "percent"),
    [("8", "≤4", "0"), ("5", "≤4", "80"), ("4", "≤4", "100"), ("0", "≤4", "100"), ("1", "≤0", "0")],
)
def test_a_missed_target_may_count_the_inverse_ratio(value: str, target: str, percent: str) -> None:
    assert scored({"a": (value, target)}, "100", at_most="capped-ratio").score == Decimal(percent)


@pytest.mark.parametrize(
    ("exactly", "value", "percent"),
    [("ratio", "8", "80"), ("met-or-not", "8", "0"), ("met-or-not", "10", "100")],
)
def test_a_target_to_be_hit_is_read_as_the_rule_says(
    exactly: str, value: str, percent: str
) -> None:
    assert scored({"a": (value, "=10")}, "100", exactly=exactly).score == Decimal(percent)


def test_a_target_of_zero_has_no_ratio() -> None:
    assert scored({"a": ("1", "≥0")}).score is None
    assert scored({"a": ("1", "≥0")}, zero_target="met-or-not").score == Decimal(20)
    assert scored({"a": ("-1", "≥0")}, zero_target="met-or-not").score == Decimal(0)


def test_a_completion_rate_outside_the_domain_has_no_score() -> None:
    result = scored({"a": ("-1", "≥10")})

    assert (result.score, result.missing) == (None, ())
    assert "no band covers this rate in [0,-)" in result.derivation[0].en


def test_the_completion_rate_may_be_rounded_before_the_bands() -> None:
    almost = {"a": ("59.996", "≥100")}

    assert scored(almost).score == 0
    assert scored(almost, rate_decimals=2).score == Decimal(12)


def test_a_missing_value_is_not_an_unfinished_one() -> None:
    result = scored({"a": ("yes", "提高"), "b": (None, "≥10")})

    assert (result.score, result.lowest, result.highest) == (None, Decimal(10), Decimal(20))
    assert result.missing == ("b",)


def test_a_story_instead_of_a_grade_leaves_the_item_open() -> None:
    result = scored({"a": ("开展了培训", "提高")})

    assert (result.score, result.missing) == (None, ("a",))
    assert "开展了培训" in result.derivation[0].zh


def test_a_cancelled_item_leaves_the_mean() -> None:
    words = {**WORDS, "取消": "left-out"}

    assert scored({"a": ("取消", "≥10"), "b": ("8", "≥10")}, words=words).score == Decimal(16)
    assert scored({"a": ("取消", "≥10")}, words=words).score is None


def test_an_item_that_may_yet_be_cancelled_makes_the_rounded_shares_uncertain() -> None:
    targets = {**dict.fromkeys("abcdef", ("yes", "提高")), "g": (None, "提高")}
    kept = {"yes": "100", "no": "0"}

    result = scored(targets, "10", words=kept, share_decimals=0)
    cancelled = scored(targets, "10", words={**kept, "取消": "left-out"}, share_decimals=0)

    assert (result.lowest, result.highest) == (Decimal(6), Decimal(7))
    assert (cancelled.lowest, cancelled.highest) == (Decimal(6), Decimal(10))


def test_an_equal_share_in_whole_points_never_gives_more_than_the_weight() -> None:
    four = dict.fromkeys("abcd", ("yes", "提高"))

    assert scored(four, "15", share_decimals=0).score == Decimal(15)
    assert scored({**four, "d": ("no", "提高")}, "15", share_decimals=0).score == Decimal(12)


def test_an_equal_share_rounded_down_puts_full_marks_out_of_reach() -> None:
    seven = dict.fromkeys("abcdefg", ("yes", "提高"))

    assert scored(seven, "15", share_decimals=0).score == Decimal(14)


@pytest.mark.parametrize(
    ("policy", "score"), [("zero", Decimal(0)), ("full", Decimal(20)), ("no-score", None)]
)
def test_without_any_target_the_row_gets_what_the_rule_says(
    policy: str, score: Decimal | None
) -> None:
    assert scored({}, no_targets=policy).score == score


def test_figures_of_other_rows_and_without_targets_are_not_items() -> None:
    other = Figure(id="x", indicator="other", name="x", value="0", target=Target("at-least", "1"))
    note = Figure(id="y", indicator="row", name="y", value="0")

    result = rule().work_out(
        ScoredIndicator("row", Decimal(20)), Figures([other, note, figure("a", "1", "≥1")])
    )

    assert (result.score, result.figures) == (Decimal(20), ("a",))


def test_bands_with_a_gap_or_a_rate_beyond_100_percent_are_refused() -> None:
    with pytest.raises(Invalid):
        rule(bands=PRINTED[1:])
    with pytest.raises(Invalid):
        CompletionBand("[60,150]", "rate")
    with pytest.raises(Invalid):
        rule(words={"yes": "101"})


@settings(max_examples=80)
@given(
    st.lists(st.integers(0, 149), min_size=2, max_size=2),
    st.lists(st.integers(0, 200), max_size=4),
)
def test_up_to_150_percent_doing_more_is_never_worse(pair: list[int], rest: list[int]) -> None:
    others = {f"item-{n}": (str(value), "≥100") for n, value in enumerate(rest)}
    less, more = (scored({**others, "a": (str(value), "≥100")}).score for value in sorted(pair))

    assert less is not None
    assert more is not None
    assert less <= more


@settings(max_examples=80)
@given(
    st.lists(
        st.one_of(st.none(), st.sampled_from(["yes", "no", "优", "取消"])), min_size=1, max_size=5
    ),
    st.lists(
        st.sampled_from(["yes", "no", "优", "取消", "130", "151", "75"]), min_size=5, max_size=5
    ),
    st.sampled_from(["exact", 0, 2]),
)
def test_whatever_is_supplied_later_the_score_was_within_the_ends(
    values: list[str | None], later: list[str], share: str | int
) -> None:
    words = {**WORDS, "取消": "left-out"}
    before = {f"item-{n}": (value, "≥100") for n, value in enumerate(values)}
    after = {
        name: (supplied if value is None else value, aim)
        for (name, (value, aim)), supplied in zip(before.items(), later, strict=False)
    }
    ends = scored(before, words=words, share_decimals=share)
    score = scored(after, words=words, share_decimals=share).score

    assert score is None or ends.lowest <= score <= ends.highest


def test_the_mean_is_exact_until_it_is_rounded_once() -> None:
    thirds = {name: ("yes" if name == "a" else "no", "提高") for name in "abc"}
    score = scored(thirds, "1").score

    assert score is not None
    assert abs(Fraction(score) - Fraction(1, 3)) < Fraction(1, 10**50)


# Targets in words, by grade ----------------------------------------------------------------------

GRADES = {"优": "95", "良": "85", "达标": "70", "不达标": "50"}
MET = {"loans": ("11", "≥10")}


@pytest.mark.parametrize(
    ("situation", "value", "ends"),
    [
        ("graded best", "优", ("95", "95")),
        ("graded worst", "不达标", ("50", "50")),
        ("done is no grade", "yes", ("50", "95")),
        ("not done is no grade", "no", ("50", "95")),
        ("what was done is no grade", "三项服务上线", ("50", "95")),
        ("nothing was said", None, ("50", "95")),
    ],
)
def test_a_target_in_words_counts_by_its_grade_alone(
    situation: str, value: str | None, ends: tuple[str, str]
) -> None:
    result = scored({"service": (value, "提高")}, "100", words={"no": "0"}, grades=GRADES)

    assert (result.lowest, result.highest) == tuple(map(Decimal, ends)), situation
    assert result.missing == (() if result.score is not None else ("service",))


def test_targets_without_a_grade_leave_the_mean_between_the_worst_and_the_best() -> None:
    result = scored(
        {**MET, "service": ("yes", "提高"), "safety": ("yes", "长期"), "burden": ("良", "减轻")},
        "100",
        grades=GRADES,
    )

    assert result.score is None
    assert (result.lowest, result.highest) == (  # (100 + 85 + 2 × 50) ÷ 4, (100 + 85 + 2 × 95) ÷ 4
        Decimal("71.25"),
        Decimal("93.75"),
    )
    assert result.missing == ("service", "safety")
    assert result.derivation[1].zh == ("service：没有评级（优/良/达标/不达标），可得 50% 至 95%")
    assert result.derivation[-1].en == "4 items: 71.25–93.75"


def test_a_number_without_a_value_may_still_count_anything() -> None:
    result = scored({"loans": (None, "≥10"), "service": ("yes", "提高")}, "100", grades=GRADES)

    assert (result.lowest, result.highest) == (Decimal(25), Decimal("97.5"))


def test_without_grades_a_target_in_words_counts_what_the_words_say() -> None:
    assert scored({"service": ("yes", "提高")}, "100").score == Decimal(100)


def test_a_grade_beyond_the_scale_is_refused() -> None:
    with pytest.raises(Invalid, match="101"):
        rule(grades={"优": "101"})
