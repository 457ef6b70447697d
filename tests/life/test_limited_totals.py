"""A number limits the total: an execution rate below 80 per cent leaves 89 points at most."""

from decimal import Decimal

import pytest

from ledger.case_totals import awarded_totals, claimed_totals
from ledger.commands import PublishRubric, RepinRubric, RestateFigure
from ledger.ledger import Ledger
from ledger.values import Figure
from projections import as_of
from projections.bridge import bridge
from projections.portfolio.steps import FoldedCase
from projections.score_sheet import standing
from tests.support.small_case import BUDGET, CASE, REVIEWED, RUBRIC, Story, on
from tests.support.specification import Memory, told

LIMITED = RUBRIC.replace('edition = "2023"', 'edition = "2023-limited"').replace(
    "\n[[band]]",
    """
[totals]
not_applicable = "zero"
offset = "0"
grade_drop = []
blocks = []

[[totals.ceilings]]
value = { take = "rate", over = ["spent"], under = ["budget"], zero = "0", decimals = "exact" }
bands = [{ range = "[70,80)", at_most = "89" }, { range = "[0,70)", at_most = "79" }]

[[band]]""",
    1,
)
PINNED: Story = REVIEWED + on(
    "2024-10-13",
    ("clerk", PublishRubric(source=LIMITED)),
    ("clerk", RepinRubric(edition="2023-limited", reason="执行率影响总分")),
)


def restated(spent: str | None) -> Story:
    figure = Figure(id="spent", indicator="spending", name="支出数", value=spent, unit="万元")
    command = RestateFigure(figure=figure, reason="核对支出明细账")
    return PINNED + on("2024-10-14", ("reviewer", command))


def point(story: Story) -> as_of.CaseAsOf:
    ledger = Ledger(Memory(told(story)))
    return as_of.at(ledger.history(CASE), ledger.editions("small"))


@pytest.mark.parametrize(
    ("spent", "total", "cap_loss"),
    [
        ("190", "93.00", "0.00"),
        ("160", "93.00", "0.00"),
        ("159.99", "89.00", "4.00"),
        ("139.99", "79.00", "14.00"),
        (None, "93.00", "0.00"),
    ],
)
def test_the_award_is_limited_by_the_reviewers_number_and_the_claim_by_the_units(
    spent: str | None, total: str, cap_loss: str
) -> None:
    end = point(restated(spent))
    assert end.rubric is not None
    awarded, claimed = (totals(end.case, end.rubric) for totals in (awarded_totals, claimed_totals))

    assert (str(awarded.total), str(awarded.cap_loss)) == (total, cap_loss)
    assert str(claimed.total) == "100.00"


def test_every_view_moves_with_the_number_although_no_score_of_a_row_does() -> None:
    before, after = point(PINNED), point(restated("150"))
    steps = bridge(before, after)
    folded = FoldedCase(list(after.history), after.editions)

    assert [(step.kind, step.delta) for step in steps.steps] == [("cap", Decimal("-4.00"))]
    assert steps.residual == 0
    assert standing(after).totals.total == Decimal("89.00")
    for axis in ("dated", "recorded"):
        states = folded.states[axis]
        assert states[-1].tally.award.total == Decimal("89.00"), axis


def test_without_the_number_nothing_is_limited() -> None:
    assert BUDGET.value is not None
    assert standing(point(PINNED)).totals.total == Decimal("93.00")
