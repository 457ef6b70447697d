"""Time limits that the rubric or a document sets, and what came after them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.checks import examine
from ledger.checks.case_file import CaseFile
from ledger.checks.deadlines import deadline_missed
from ledger.checks.discrepancy import Discrepancy, Held, NotJudged
from ledger.commands import (
    ExtendDeadline,
    LodgeAppeal,
    PublishMaterial,
    PublishResult,
    RaiseObjection,
    RecordReceipt,
    RequestRectification,
    RespondRectification,
)
from tests.support.clean_case import CLEAN, RUBRIC, Step, recorded, steps_of
from tests.support.later_life import WORKING_DAYS

ISSUED, RECEIVED = date(2024, 8, 20), date(2024, 8, 22)
LIMITS = """
[clocks]
publication = { days = 30, counting = "calendar", source = "办法" }
rectification = { days = 20, counting = "calendar", source = "办法" }
appeal = { days = 10, counting = "calendar", source = "办法" }
objection = { days = 5, counting = "calendar", source = "办法" }

[[band]]"""
WITH_LIMITS = RUBRIC.replace("\n[[band]]", LIMITS, 1)
RECEIPT: Step = ("clerk", RECEIVED, RecordReceipt(received=RECEIVED))
ASKED: Step = (
    "clerk",
    RECEIVED,
    RequestRectification(request="repair", findings=("finding-0",), demand="改正"),
)


def outcomes(*after: Step, rubric: str = WITH_LIMITS, now: str | None = None) -> list[Any]:
    """What the check says of the clean case with what follows the issue."""
    history, editions = recorded([*steps_of(CLEAN), *after], "2025-01-01T00:00:00.000000Z", rubric)
    return list(deadline_missed(CaseFile(history, editions, now=now)))


def on(month: int, day: int) -> date:
    return date(2024, month, day)


def submitted_by(day: date) -> str:
    due = f'[clocks]\nself_evaluation = {{ by = {day}, source = "通知" }}\n\n[[band]]'
    return RUBRIC.replace("[[band]]", due, 1)


@pytest.mark.parametrize("days", [0, 1])
def test_the_self_evaluation_has_a_last_day(days: int) -> None:
    history, _ = recorded(steps_of(CLEAN), "2025-01-01T00:00:00.000000Z", RUBRIC)
    (day,) = (one.dated for one in history if one.type == "SelfEvaluationSubmitted")

    (outcome, *_) = outcomes(rubric=submitted_by(day - timedelta(days)))

    assert isinstance(outcome, Discrepancy if days else Held)


def test_material_is_made_public_by_the_same_day() -> None:
    late = PublishMaterial(title="自评报告", place="网站")
    history, _ = recorded(steps_of(CLEAN), "2025-01-01T00:00:00.000000Z", RUBRIC)
    issued = next(index for index, step in enumerate(steps_of(CLEAN)) if "Issue" in str(step[2]))
    before = steps_of(CLEAN)[issued][1]

    papers = [*steps_of(CLEAN)[:issued], ("filer", before, late), *steps_of(CLEAN)[issued:]]
    history, editions = recorded(
        papers, "2025-01-01T00:00:00.000000Z", submitted_by(before - timedelta(1))
    )
    found = list(deadline_missed(CaseFile(history, editions)))

    assert any(
        isinstance(one, Discrepancy) and "公开《自评报告》" in one.message.zh for one in found
    )


def published(day: date) -> Step:
    return ("filer", day, PublishResult(place="网站"))


def appealed(day: date) -> Step:
    return ("filer", day, LodgeAppeal(appeal="a", indicators=("goals",), statement="评低了"))


def answered(day: date) -> Step:
    return ("filer", day, RespondRectification(request="repair", statement="已改"))


@pytest.mark.parametrize(
    ("steps", "late"),
    [
        ((RECEIPT, published(on(9, 21))), 0),
        ((RECEIPT, published(on(9, 22))), 1),
        ((RECEIPT, appealed(on(9, 1))), 0),
        ((RECEIPT, appealed(on(9, 3))), 2),
        ((RECEIPT, ASKED, answered(on(9, 11))), 0),
        ((RECEIPT, ASKED, answered(on(9, 12))), 1),
    ],
)
def test_the_last_day_is_in_time_and_the_next_is_late(steps: tuple[Step, ...], late: int) -> None:
    (outcome,) = outcomes(*steps)

    if late:
        assert isinstance(outcome, Discrepancy)
        assert f"逾期 {late} 天" in outcome.message.zh
        assert f"{late} day" in outcome.message.en
        assert outcome.severity == "warning"
        assert len(outcome.events) == 1
    else:
        assert isinstance(outcome, Held)


def test_an_extension_is_the_last_day() -> None:
    extended: Step = (
        "clerk",
        on(9, 1),
        ExtendDeadline(request="repair", due=on(9, 30), reason="雨"),
    )

    (outcome,) = outcomes(RECEIPT, ASKED, extended, answered(on(9, 30)))

    assert isinstance(outcome, Held)


def test_an_extension_after_the_response_takes_no_lateness_back() -> None:
    later = ExtendDeadline(request="repair", due=on(9, 30), reason="雨")

    (outcome,) = outcomes(RECEIPT, ASKED, answered(on(9, 12)), ("clerk", on(9, 13), later))

    assert isinstance(outcome, Discrepancy)
    assert "逾期 1 天" in outcome.message.zh


def test_through_a_year_whose_days_off_are_not_known_nothing_is_judged() -> None:
    long = WITH_LIMITS.replace('days = 10, counting = "calendar"', WORKING_DAYS)

    (outcome,) = outcomes(RECEIPT, appealed(on(9, 3)), rubric=long)

    assert isinstance(outcome, NotJudged)
    assert "2027" in outcome.message.zh
    assert "2027" in outcome.message.en


def test_what_is_not_answered_is_late_once_its_day_has_passed() -> None:
    early = outcomes(RECEIPT, ASKED, now="2024-09-11T10:00:00.000000Z")
    (late,) = outcomes(RECEIPT, ASKED, now="2024-09-12T10:00:00.000000Z")

    assert early == []
    assert isinstance(late, Discrepancy)
    assert "2024-09-11" in late.message.en


def test_without_a_limit_nothing_is_judged() -> None:
    (outcome,) = outcomes(RECEIPT, published(on(12, 31)), rubric=RUBRIC)

    assert isinstance(outcome, NotJudged)
    assert "no time limit is set" in outcome.message.en


def test_an_objection_after_its_limit_is_late() -> None:
    steps = steps_of(CLEAN)
    place = next(at for at, (_, _, one) in enumerate(steps) if type(one).__name__ == "SendDraft")
    raised = RaiseObjection(
        objection="o", indicator="spending", statement="评低了", requested=Decimal(20)
    )
    late = [*steps[: place + 1], ("filer", on(8, 26), raised)]
    history, editions = recorded(late, "2025-01-01T00:00:00.000000Z", WITH_LIMITS)

    (finding,) = (
        one for one in examine(history, editions).findings if one.check == "deadline-missed"
    )

    assert "逾期 1 天" in finding.message.zh
