"""Decisions that say one thing and do another, and scores that move while they are contested."""

from datetime import date
from decimal import Decimal

import pytest

from ledger.checks import Discrepancy
from ledger.commands import (
    AnswerObjection,
    CorrectResult,
    DecideAppeal,
    LodgeAppeal,
    NewAward,
    RaiseObjection,
    RecordReceipt,
    SendDraft,
    WithdrawAppeal,
)
from tests.support.clean_case import CLEAN, Step, outcomes, recorded, steps_of

DAY = date(2024, 8, 20)
RECEIPT: Step = ("clerk", DAY, RecordReceipt(received=DAY))
APPEAL: Step = (
    "filer",
    DAY,
    LodgeAppeal(appeal="appeal", indicators=("spending",), statement="评低了"),
)
WITHDRAWN: Step = ("filer", DAY, WithdrawAppeal(appeal="appeal", reason="不争了"))


def found(check: str, steps: list[Step]) -> list[Discrepancy]:
    return outcomes(check, *recorded(steps, CLEAN.recorded, CLEAN.rubric))


def after_issue(check: str, *steps: Step) -> list[Discrepancy]:
    return found(check, [*steps_of(CLEAN), RECEIPT, *steps])


def decided(outcome: str, score: str | None) -> Step:
    awards = (NewAward(indicator="spending", award=Decimal(score)),) if score else ()
    decision = DecideAppeal(
        appeal="appeal",
        outcome=outcome,  # type: ignore[arg-type]  # one of the three
        justification="属实",
        clause="条款二",
        awards=awards,
    )
    return ("other-clerk", DAY, decision)


def corrected(row: str, score: str) -> Step:
    correction = CorrectResult(
        number="更1号", indicator=row, award=Decimal(score), justification="重算", clause="条款"
    )
    return ("clerk", DAY, correction)


@pytest.mark.parametrize(("outcome", "score"), [("upheld", "17"), ("partly", "17.99")])
def test_an_upheld_appeal_that_lowers_is_named(outcome: str, score: str) -> None:
    (finding,) = after_issue("upheld-and-lowered", APPEAL, decided(outcome, score))

    assert finding.indicator == "spending"
    assert "18.00" in finding.message.zh
    assert score in finding.message.en


@pytest.mark.parametrize(("outcome", "score"), [("upheld", "20"), ("rejected", None)])
def test_one_that_raises_or_is_rejected_is_not(outcome: str, score: str | None) -> None:
    assert after_issue("upheld-and-lowered", APPEAL, decided(outcome, score)) == []


@pytest.mark.parametrize(("score", "lowers"), [("17", True), ("19", False)])
def test_an_accepted_objection_that_lowers_is_named(score: str, *, lowers: bool) -> None:
    steps = steps_of(CLEAN)
    at = next(place for place, (_, _, one) in enumerate(steps) if isinstance(one, SendDraft))
    raised = RaiseObjection(objection="o", indicator="spending", statement="评低了")
    answer = AnswerObjection(
        objection="o",
        outcome="accepted",
        justification="属实",
        award=Decimal(score),
        clause="条款二",
        ground="重算",
    )
    steps = [*steps[: at + 1], ("filer", DAY, raised), ("reviewer", DAY, answer)]

    assert bool(found("upheld-and-lowered", steps)) == lowers


def test_a_contested_row_that_is_corrected_meanwhile_is_named() -> None:
    (finding,) = after_issue(
        "contested-row-moved", APPEAL, corrected("spending", "17.5"), decided("rejected", None)
    )

    assert "18.00" in finding.message.en
    assert "17.50" in finding.message.en
    assert len(finding.events) == 3


@pytest.mark.parametrize(
    "steps",
    [
        (corrected("spending", "17.5"), APPEAL),
        (APPEAL, corrected("economy", "9")),
        (APPEAL, WITHDRAWN, corrected("spending", "17.5")),
    ],
)
def test_another_row_or_another_time_is_not(steps: tuple[Step, ...]) -> None:
    assert after_issue("contested-row-moved", *steps) == []
