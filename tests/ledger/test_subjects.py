"""Given what somebody had seen, when more is recorded, then it is about their subject or not."""

from decimal import Decimal
from typing import get_args

import pytest

from ledger import commands as c
from ledger.case import fold
from ledger.events import CaseEvent
from ledger.ledger import Ledger
from ledger.subjects import WHOLE_CASE, recorded_about, subjects_of
from ledger.values import Figure
from tests.support.golden_files import sample
from tests.support.later_life import CONTESTED
from tests.support.small_case import REVIEWED, SUBMITTED, Story, on
from tests.support.specification import Memory, history, told

ADJUST = c.AdjustScore(indicator="spending", award=Decimal(30), justification="x", ground="x")
SPENT = Figure(id="spent", indicator="spending", name="支出数", value="180")


def moved_on(before: Story, added: Story, command: c.CaseCommand) -> list[str]:
    """The types of what was added and is about the command."""
    known = history(before + added)
    case = fold(known)
    assert case.pinned
    rubric = Ledger(Memory(told(before))).editions("small").rubric(case.pinned.edition)
    return [
        one.type for one in recorded_about(command, known[len(history(before)) :], case, rubric)
    ]


@pytest.mark.parametrize("event", get_args(CaseEvent))
def test_every_event_names_its_subjects_or_is_known_to_have_none(event: type[CaseEvent]) -> None:
    subjects = subjects_of(sample(event.__name__).event)  # type: ignore[arg-type]  # a sample of a case event

    assert bool(subjects) == (event.__name__ != "ResultPublished")
    assert len(set(subjects)) == len(subjects)
    assert all(subject.id or subject == WHOLE_CASE for subject in subjects)


def test_an_award_of_the_same_row_is_about_it_and_one_of_another_is_not() -> None:
    service = c.AdjustScore(indicator="service", award=Decimal(20), justification="x")
    added = on("2024-10-12", ("reviewer", ADJUST), ("reviewer", service))

    assert moved_on(SUBMITTED, added, ADJUST) == ["ScoreAdjusted"]
    assert moved_on(SUBMITTED, added[1:], ADJUST) == []


def test_a_figure_is_about_every_row_whose_rule_uses_it() -> None:
    added = on("2024-10-12", ("reviewer", c.RestateFigure(figure=SPENT, reason="误")))
    plan = c.ConfirmScore(indicator="plan")

    assert moved_on(SUBMITTED, added, ADJUST) == ["FigureRestated"]
    assert moved_on(SUBMITTED, added, plan) == []


def test_a_figure_reported_under_another_row_is_about_the_row_whose_rule_asks_for_it() -> None:
    elsewhere = Figure(id="spent", indicator="service", name="支出数", value="180")
    added = on("2024-10-12", ("reviewer", c.RestateFigure(figure=elsewhere, reason="误")))

    assert moved_on(SUBMITTED, added, ADJUST) == ["FigureRestated"]


def test_a_draft_is_about_everything_and_everything_about_a_draft() -> None:
    signed = on(
        "2024-10-13",
        ("lead", c.CountersignAdjustment(indicator="spending")),
        ("lead", c.CountersignAdjustment(indicator="service")),
    )
    sent = on("2024-10-14", ("lead", c.SendDraft()))

    assert moved_on(REVIEWED, signed, c.SendDraft()) == ["AdjustmentCountersigned"] * 2
    assert "DraftSent" in moved_on(REVIEWED, signed + sent, ADJUST)
    assert moved_on(REVIEWED, (), c.SendDraft()) == []


def test_an_appeal_is_about_the_rows_that_it_contests() -> None:
    decide = c.DecideAppeal(appeal="complaints", outcome="rejected", justification="x")
    correct = c.CorrectResult(
        number="更1号", indicator="service", award=Decimal(26), justification="误"
    )
    other = c.CorrectResult(number="更2号", indicator="plan", award=Decimal(20), justification="误")
    added = on("2024-02-04", ("clerk", correct), ("clerk", other))

    assert moved_on(CONTESTED, added, decide) == ["ResultCorrected"]


def test_another_bonus_item_is_another_subject() -> None:
    flag = c.RefuseBonus(item="flag", justification="x")
    letter = c.RefuseBonus(item="letter", justification="x")
    added = on("2024-10-12", ("reviewer", letter))

    assert moved_on(SUBMITTED, added, flag) == []
    assert moved_on(SUBMITTED, added, letter) == ["BonusRefused"]
