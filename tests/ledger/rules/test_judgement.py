from decimal import Decimal

import pytest

from ledger.rules.judgement import Cut, Cuts, Grade, ReviewerJudgement
from ledger.rules.rule import Figures, RuleResult, ScoredIndicator
from ledger.values import Figure, FigureKind, Invalid

ROW = ScoredIndicator("row", Decimal(5))
PRINTED = {"优": "[95,95]", "良": "[85,85]", "达标": "[70,70]", "不达标": "[50,50]"}
RANGES = {"达成": "[80,100]", "部分达成": "[60,80]", "未达成": "[0,60]"}


def figures(**values: str | None) -> Figures:
    kinds: dict[bool, FigureKind] = {True: "yes-no", False: "text"}
    return Figures(
        Figure(
            id=name,
            indicator="row",
            name=name,
            kind="number" if name == "percent" else kinds[value in {"yes", "no"}],
            value=value,
        )
        for name, value in values.items()
    )


def graded(grades: dict[str, str], chosen: str | None = None, **values: str | None) -> RuleResult:
    rule = Grade(figure="grade", grades=grades, chosen=chosen)
    return rule.work_out(ROW, figures(**values))


@pytest.mark.parametrize(
    ("grade", "score"), [("优", "4.75"), ("良", "4.25"), ("达标", "3.5"), ("不达标", "2.5")]
)
def test_a_grade_gives_its_percentage_so_that_full_marks_are_out_of_reach(
    grade: str, score: str
) -> None:
    assert graded(PRINTED, grade=grade).score == Decimal(score)


@pytest.mark.parametrize("grade", [None, "很好"])
def test_without_a_grade_of_the_scale_the_score_lies_between_its_ends(grade: str | None) -> None:
    result = graded(PRINTED, grade=grade)

    assert (result.score, result.lowest, result.highest) == (None, Decimal("2.5"), Decimal("4.75"))
    assert result.missing == ("grade",)


def test_a_grade_with_a_range_leaves_people_to_choose() -> None:
    result = graded(RANGES, grade="达成")

    assert (result.score, result.lowest, result.highest) == (None, Decimal(4), Decimal(5))
    assert not result.missing


def test_the_percentage_chosen_within_the_range_settles_it() -> None:
    assert graded(RANGES, "percent", grade="达成", percent="90").score == Decimal("4.5")


def test_a_percentage_chosen_outside_the_range_has_no_score() -> None:
    result = graded(RANGES, "percent", grade="达成", percent="79")

    assert (result.score, result.missing) == (None, ())


def test_a_percentage_not_chosen_yet_is_missing() -> None:
    assert graded(RANGES, "percent", grade="达成").missing == ("percent",)


@pytest.mark.parametrize("range_", ["[80,101]", "[80,-)", "(-,100]", "80"])
def test_a_range_of_percentages_must_have_two_ends_within_100(range_: str) -> None:
    with pytest.raises(Invalid):
        Grade(figure="grade", grades={"优": range_})


def cut(several: str, **answers: str | None) -> RuleResult:
    cuts = Cuts(
        several=several,  # type: ignore[arg-type]
        cuts=(Cut("vague", "30", "评价不清"), Cut("unproven", "60", "缺少依据")),
    )
    return cuts.work_out(ROW, figures(**answers))


@pytest.mark.parametrize(
    ("several", "score"), [("add", "0.5"), ("largest", "2"), ("multiply", "1.4")]
)
def test_faults_found_together_count_as_the_rule_says(several: str, score: str) -> None:
    assert cut(several, vague="yes", unproven="yes").score == Decimal(score)


def test_no_fault_is_full_and_one_costs_its_percentage() -> None:
    assert cut("add", vague="no", unproven="no").score == Decimal(5)
    assert cut("add", vague="yes", unproven="no").score == Decimal("3.5")


def test_a_fault_that_nobody_answered_for_may_be_there() -> None:
    result = cut("largest", vague="yes")

    assert (result.score, result.lowest, result.highest) == (None, Decimal(2), Decimal("3.5"))
    assert result.missing == ("unproven",)


def left_to_people(full_if: tuple[str, ...], deduct: str, **answers: str | None) -> RuleResult:
    rule = ReviewerJudgement(full_if=full_if, deduct=deduct, out_of=Decimal(5))
    return rule.work_out(ROW, figures(**answers))


def test_everything_in_order_is_full() -> None:
    assert left_to_people(("complete",), "[1,2]", complete="yes").score == Decimal(5)


def test_otherwise_people_deduct_within_the_range() -> None:
    result = left_to_people(("complete",), "[1,2]", complete="no")

    assert (result.score, result.lowest, result.highest) == (None, Decimal(3), Decimal(4))
    assert not result.missing
    assert result.derivation[-1].zh == "酌情扣 1～2 分（满分 5），由核查人员评定"


def test_an_answer_that_is_missing_keeps_full_marks_possible() -> None:
    result = left_to_people(("complete",), "[1,2]")

    assert (result.lowest, result.highest, result.missing) == (
        Decimal(3),
        Decimal(5),
        ("complete",),
    )


def test_a_row_may_always_be_left_to_people() -> None:
    result = left_to_people((), "[0,4]")

    assert (result.score, result.lowest, result.highest) == (None, Decimal(1), Decimal(5))


@pytest.mark.parametrize("deduct", ["[0,6]", "[0,2)", "(-,2]", "[-1,2]"])
def test_a_deduction_beyond_the_scale_is_refused(deduct: str) -> None:
    with pytest.raises(Invalid):
        left_to_people((), deduct)
