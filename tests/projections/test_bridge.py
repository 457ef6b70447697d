from decimal import Decimal

import pytest

from ledger.commands import AmendReason, RestateClaim
from ledger.values import Invalid
from projections.as_of import at
from projections.bridge import Bridge, BridgeStep, bridge
from projections.score_sheet import Baseline
from tests.support.small_case import ISSUED, OPENED, REVIEWED, SUBMITTED, Story, on
from tests.support.specification import editions, history

PRINTED_AS = on(
    "2024-10-15",
    ("reviewer", RestateClaim(indicator="service", score=Decimal(30), reason="核查表")),
    ("reviewer", RestateClaim(indicator="commendation", score=Decimal(0), reason="核查表")),
)
WITH_TABLE = REVIEWED + PRINTED_AS + ISSUED[-1:]


def between(start: str, end: str, story: Story = ISSUED, baseline: Baseline = "claims") -> Bridge:
    events = history(story)
    return bridge(at(events, editions(), start), at(events, editions(), end), baseline)


def shown(steps: tuple[BridgeStep, ...]) -> list[str]:
    return [
        f"{step.indicator or step.kind} {step.before} -> {step.after} = {step.delta}"
        for step in steps
    ]


def test_from_the_units_report_to_the_result() -> None:
    found = between("self", "final")

    assert (str(found.start.total), str(found.end.total)) == ("100.00", "93.00")
    assert shown(found.steps) == [
        "spending 40.00 -> 38.00 = -2.00",
        "service 28.00 -> 25.50 = -2.50",
        "bonus 3.00 -> 1.50 = -1.50",
        "penalty 0.00 -> -2.00 = -2.00",
        "cap -1.00 -> 0.00 = 1.00",
    ]
    assert (str(found.up), str(found.down), str(found.residual)) == ("1.00", "-8.00", "0.00")
    # Nobody raised anything: the cap took less of what was lowered.
    assert (str(found.raised), str(found.lowered)) == ("0.00", "-8.00")
    assert str(found.following) == "1.00"
    assert found.case == "small-2023"


def test_from_the_self_column_of_the_review_to_the_result() -> None:
    found = between("self", "final", WITH_TABLE, "review-table")

    assert shown(found.steps) == [
        "spending 40.00 -> 38.00 = -2.00",
        "service 30.00 -> 25.50 = -4.50",
        "bonus 0.00 -> 1.50 = 1.50",
        "penalty 0.00 -> -2.00 = -2.00",
    ]
    assert (str(found.start.total), str(found.residual)) == ("100.00", "0.00")


def test_both_baselines_end_at_the_same_score() -> None:
    claims = between("self", "final", WITH_TABLE)
    table = between("self", "final", WITH_TABLE, "review-table")

    assert claims.end == table.end
    assert sum(step.delta for step in claims.steps) == Decimal("-7.00")
    assert sum(step.delta for step in table.steps) == Decimal("-7.00")


def test_every_step_names_the_events_that_moved_it() -> None:
    events = {
        step.indicator or step.kind: [(one.version, one.type) for one in step.events]
        for step in between("self", "final").steps
    }
    first = len(SUBMITTED) + 2  # after the evidence

    assert events == {
        "spending": [(first, "ScoreAdjusted")],
        "service": [(first + 2, "ScoreAdjusted")],
        "bonus": [(first + 3, "BonusRecognised"), (first + 4, "BonusRefused")],
        "penalty": [(first + 5, "PenaltyRecorded")],
        "cap": [
            (first, "ScoreAdjusted"),
            (first + 1, "ScoreConfirmed"),
            (first + 2, "ScoreAdjusted"),
            (first + 3, "BonusRecognised"),
            (first + 4, "BonusRefused"),
            (first + 5, "PenaltyRecorded"),
        ],
    }


def test_a_score_that_was_confirmed_is_no_step() -> None:
    assert "plan" not in {step.indicator for step in between("self", "final").steps}


def test_backwards_every_step_has_the_opposite_sign() -> None:
    there, back = between("self", "final"), between("final", "self")

    assert [step.delta for step in back.steps] == [-step.delta for step in there.steps]
    assert [step.events for step in back.steps] == [step.events for step in there.steps]
    assert (back.up, back.down) == (-there.down, -there.up)
    assert (back.raised, back.lowered) == (-there.lowered, -there.raised)
    assert back.following == -there.following
    assert back.residual == 0


def test_from_nothing_to_the_claims() -> None:
    assert shown(between("v3", "self").steps) == [
        "spending 0.00 -> 40.00 = 40.00",
        "plan 0.00 -> 30.00 = 30.00",
        "service 0.00 -> 28.00 = 28.00",
        "bonus 0.00 -> 3.00 = 3.00",
        "cap 0.00 -> -1.00 = -1.00",
    ]


@pytest.mark.parametrize(
    "label", ["v5", "self", "issued", "2024-10-11", "recorded:2026-11-21T10:15Z"]
)
def test_from_a_point_to_itself_there_is_no_step(label: str) -> None:
    assert between(label, label).steps == ()


def test_between_two_business_dates_only_what_is_dated_between_them_moves() -> None:
    assert shown(between("2024-10-11", "2024-10-12").steps) == [
        "service 28.00 -> 25.50 = -2.50",
        "bonus 3.00 -> 1.50 = -1.50",
        "penalty 0.00 -> -2.00 = -2.00",
    ]
    assert shown(between("2024-10-10", "2024-10-11").steps) == [
        "spending 40.00 -> 38.00 = -2.00",
        "cap -1.00 -> 0.00 = 1.00",
    ]


@pytest.mark.parametrize(("start", "end"), [("v1", "final"), ("final", "v1"), ("2000-01-01",) * 2])
def test_without_a_rubric_at_one_end_there_is_no_bridge(start: str, end: str) -> None:
    with pytest.raises(Invalid, match="尚未选定指标体系"):
        between(start, end, OPENED)


def test_a_reason_that_was_amended_stands_behind_the_one_it_amends() -> None:
    amendment = AmendReason(
        indicator="spending", reason="理由不全", justification="见决算表", evidence=("a" * 64,)
    )
    found = between("self", "final", REVIEWED + on("2024-10-14", ("reviewer", amendment)))
    step = next(step for step in found.steps if step.indicator == "spending")

    assert [(event.type, event.justification) for event in step.events] == [
        ("ScoreAdjusted", "执行率 95%"),
        ("ReasonAmended", "见决算表"),
    ]
    assert step.events[-1].evidence == ("a" * 64,)


def test_an_amended_reason_makes_no_step_of_its_own() -> None:
    amendment = AmendReason(indicator="spending", reason="条款引用有误", clause="附件1 第二条")
    story = REVIEWED + on("2024-10-14", ("reviewer", amendment))

    assert between(f"v{len(REVIEWED)}", "final", story).steps == ()
