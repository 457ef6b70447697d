from decimal import Decimal

import pytest

from ledger.rules.conditions import AllOrNothing, Condition, InRange
from ledger.rules.measure import ShareInTime, Total
from ledger.rules.rule import Figures, RuleResult, ScoredIndicator
from ledger.values import Figure, FigureKind, Invalid

ROW = ScoredIndicator("row", Decimal("0.5"))


def figures(kind: FigureKind, **values: str | None) -> Figures:
    return Figures(
        Figure(id=name.replace("_", "-"), indicator="row", name=name, kind=kind, value=value)
        for name, value in values.items()
    )


def answered(**answers: str | None) -> RuleResult:
    return AllOrNothing(figures=("issued", "filed")).work_out(ROW, figures("yes-no", **answers))


def test_all_answered_with_yes_is_full() -> None:
    assert answered(issued="yes", filed="yes").score == Decimal("0.5")


def test_missing_evidence_is_not_a_failure() -> None:
    result = answered(issued="yes", filed=None)

    assert (result.score, result.lowest, result.highest) == (None, Decimal(0), Decimal("0.5"))
    assert result.missing == ("filed",)


def test_one_no_decides_whatever_else_is_missing() -> None:
    result = answered(issued="no")

    assert (result.score, result.missing) == (Decimal(0), ())
    assert result.derivation[0].zh == "issued：否"


def in_time() -> InRange:
    return InRange(
        conditions=(
            Condition(ShareInTime(prefix="late", allowed="(-,60]", none="missing"), "[100,100]"),
            Condition(ShareInTime(prefix="ahead", allowed="[30,-)", none="missing"), "[100,100]"),
        )
    )


def test_a_publication_77_days_after_approval_fails_whatever_else_is_missing() -> None:
    result = in_time().work_out(ROW, figures("interval", late_1="2023-03-07/2023-05-23"))

    assert result.score == 0
    assert "77 天，不符合 (-,60]" in result.derivation[0].zh


def test_all_in_time_is_full() -> None:
    dates = figures("interval", late_1="2023-03-07/2023-02-06", ahead_1="2023-02-06/2023-03-16")

    assert in_time().work_out(ROW, dates).score == Decimal("0.5")


def test_dates_that_nobody_gave_leave_it_open() -> None:
    result = in_time().work_out(ROW, figures("interval", late_1="2023-03-07/2023-04-07"))

    assert (result.score, result.missing) == (None, ("ahead",))


@pytest.mark.parametrize(("value", "score"), [("0", "0.5"), ("60", "0.5"), ("60.01", "0")])
def test_a_number_must_lie_in_its_range(value: str, score: str) -> None:
    rule = InRange(conditions=(Condition(Total(figures=("a",)), "[0,60]"),))

    assert rule.work_out(ROW, figures("number", a=value)).score == Decimal(score)


def test_a_range_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid):
        Condition(Total(figures=("a",)), "0-60")
