"""What holds for every shape, whatever the figures are and whichever of them are missing."""

import tomllib
from decimal import Decimal
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.rules.composition import Shape
from ledger.rules.rule import Figures, ScoredIndicator
from ledger.values import Figure, FigureKind, Target

# One rule of each shape. They all read the figures a, b and c; `in-range` and `completion` also
# read the figures reported under the row.
EXAMPLES = {
    "all-or-nothing": 'figures = ["a", "b"]',
    "any-of": """
        [[rules]]
        shape = "grade"
        figure = "a"
        grades = { "优" = "(80,100]", "良" = "[50,80)" }
        chosen = "b"
        [[rules]]
        shape = "tiers"
        domain = "(-,-)"
        out_of = "4"
        tiers = [{ range = "(-,0)", points = "1" }, { range = "[0,-)", points = "3" }]
        [rules.value]
        take = "quotient"
        over = { take = "difference", of = { take = "total", figures = ["b"] },\
 less = { take = "days", figure = "d-1" } }
        under = { take = "total", figures = ["c"] }
        zero = "100"
        decimals = 2
    """,
    "choice": """
        chosen = "a"
        options."优" = { shape = "all-or-nothing", figures = ["b"] }
        options."良" = { shape = "discretion", full_if = ["c"], deduct = "[1,2]", out_of = "5" }
    """,
    "comparison": """
        value = { take = "total", figures = ["a"] }
        against = { take = "weighted-mean", values = ["b"], by = ["c"], decimals = 1 }
        full_if = "above"
        equal = "no-score"
    """,
    "completion": """
        domain = "[0,-)"
        bands = [
          { range = "[0,60)", counts = "0" },
          { range = "[60,100)", counts = "rate" },
          { range = "[100,150]", counts = "100" },
          { range = "(150,-)", counts = "50" },
        ]
        at_most = "capped-ratio"
        exactly = "ratio"
        zero_target = "no-score"
        rate_decimals = 2
        words = { yes = "100", no = "0", "优" = "95", "良" = "left-out" }
        share_decimals = 0
        no_targets = "zero"
    """,
    "cuts": """
        several = "multiply"
        cuts = [
          { figure = "a", percent = "30", clause = "不清" },
          { figure = "b", percent = "100", clause = "无据" },
        ]
    """,
    "deductions": """
        out_of = "4"
        deductions = [
          { figure = "a", when = "each", points = "0.5", elsewhere = ["b"] },
          { figure = "c", when = "no", points = "1", elsewhere = [] },
        ]
    """,
    "discretion": 'full_if = ["a", "b"]\ndeduct = "[1,4]"\nout_of = "5"',
    "gated": """
        required = ["a"]
        rule = { shape = "grade", figure = "b", grades = { "优" = "[95,95]", "良" = "[60,80]" } }
    """,
    "grade": """
        figure = "a"
        grades = { "优" = "[80,100]", "良" = "[50,50]" }
        chosen = "b"
    """,
    "in-range": """
        [[conditions]]
        range = "[100,100]"
        value = { take = "share-in-time", prefix = "d", allowed = "[0,30]", none = "missing" }
        [[conditions]]
        range = "(-,5)"
        value = { take = "days", figure = "a" }
    """,
    "mean": """
        [[rules]]
        shape = "all-or-nothing"
        figures = ["a"]
        [[rules]]
        shape = "ratio"
        value = { take = "total", figures = ["b", "c"] }
        counts = "remainder"
        above = "no-score"
        below = "zero"
    """,
    "ratio": """
        value = { take = "rate", over = ["a"], under = ["b", "c"], zero = "0", decimals = 0 }
        counts = "rate"
        above = "full"
        below = "zero"
    """,
    "step-deduction": """
        value = { take = "total", figures = ["a"] }
        limit = "5"
        side = "below"
        step = "2"
        steps = "started"
        points = "0.7"
        out_of = "4"
    """,
    "threshold-deduction": """
        due = "a"
        done = "b"
        all_lost_up_to = 3
        points = "1"
        out_of = "2"
        none_due = "full"
    """,
    "tiers": """
        value = { take = "rate", over = ["a"], under = ["b"], zero = "100", decimals = "exact" }
        domain = "[0,-)"
        out_of = "10"
        tiers = [
          { range = "[0,80)", points = "6" },
          { range = "[80,100]", points = "10" },
          { range = "(100,-)", points = "0" },
        ]
    """,
    "waivable": """
        waived = "a"
        percent = "90"
        unstated = "no-score"
        rule = { shape = "all-or-nothing", figures = ["b"] }
    """,
    "weighted-parts": """
        [[parts]]
        name = "甲"
        share = "60"
        rule = { shape = "all-or-nothing", figures = ["a"] }
        [[parts]]
        name = "乙"
        share = "40"
        [parts.rule]
        shape = "gated"
        required = ["b"]
        rule = { shape = "all-or-nothing", figures = ["c"] }
    """,
}

NUMBERS = st.one_of(
    st.integers(-2, 12).map(str),
    st.decimals(-200, 10**12, places=3).map(str),
    st.sampled_from(["0", "100", "0.000001", "99999999999999999999"]),
)
VALUES: dict[FigureKind, st.SearchStrategy[str]] = {
    "number": NUMBERS,
    "yes-no": st.sampled_from(["yes", "no"]),
    "text": st.sampled_from(["优", "良", "达标", "其他"]),
    "interval": st.sampled_from(
        ["2023-11-09/2023-11-04", "2023-03-29/2023-04-13", "2023-03-07/2023-05-23"]
    ),
    "date": st.just("2023-11-09"),
}
TARGETS = st.one_of(
    st.none(),
    st.builds(Target, st.sampled_from(["at-least", "at-most", "exactly"]), NUMBERS),
    st.just(Target("described", "提高")),
)


@st.composite
def all_figures(draw: st.DrawFn) -> list[Figure]:
    """Every figure that the rules read, each of any kind, value and target."""
    figures = []
    for name in ("a", "b", "c", "d-1", "d-2"):
        kind = draw(st.sampled_from(list(VALUES)))
        value = draw(VALUES[kind])
        figures.append(
            Figure(
                id=name, indicator="row", name=name, kind=kind, value=value, target=draw(TARGETS)
            )
        )
    return figures


def rule_of(shape: str) -> Shape:
    rule: Shape = msgspec.convert({"shape": shape, **tomllib.loads(EXAMPLES[shape])}, Shape)
    return rule


def test_every_shape_has_an_example() -> None:
    tags = {one.__struct_config__.tag for one in get_args(Shape)}

    assert tags == set(EXAMPLES)


@pytest.mark.slow
@pytest.mark.parametrize("shape", EXAMPLES)
@settings(max_examples=60, deadline=None)
@given(figures=all_figures(), hidden=st.sets(st.sampled_from(["a", "b", "c", "d-1", "d-2"])))
def test_scores_stay_within_the_weight_and_within_the_ends_given_before(
    shape: str, figures: list[Figure], hidden: set[str]
) -> None:
    rule, row = rule_of(shape), ScoredIndicator("row", Decimal("7.5"))
    blank = [
        msgspec.structs.replace(one, value=None) if one.id in hidden else one for one in figures
    ]
    before, after = (rule.work_out(row, Figures(some)) for some in (blank, figures))

    for result in (before, after):
        assert 0 <= result.lowest <= result.highest <= row.weight
        assert (result.score is None) == (result.lowest != result.highest)
        assert result.score in {None, result.lowest}
        assert result.derivation
        assert not set(result.figures) & set(result.missing)
        assert len(set(result.figures)) == len(result.figures)
    if after.score is not None:
        assert before.lowest <= after.score <= before.highest


@pytest.mark.parametrize("shape", EXAMPLES)
def test_an_unknown_parameter_is_refused(shape: str) -> None:
    data = {"shape": shape, **tomllib.loads(EXAMPLES[shape]), "extra": "1"}

    with pytest.raises(msgspec.ValidationError, match="extra"):
        msgspec.convert(data, Shape)


@pytest.mark.parametrize(
    ("shape", "parameter"),
    [(shape, name) for shape, text in EXAMPLES.items() for name in tomllib.loads(text)],
)
def test_no_parameter_has_a_silent_default(shape: str, parameter: str) -> None:
    data = {"shape": shape, **tomllib.loads(EXAMPLES[shape])}
    del data[parameter]
    if parameter == "chosen" and shape == "grade":
        assert msgspec.convert(data, Shape)  # without it the choice is left to the award
        return

    with pytest.raises(msgspec.ValidationError, match=parameter):
        msgspec.convert(data, Shape)
