"""What is made of the record holds, too: acts, totals, bridges; each break has its place."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.commands import AnswerObjection, RaiseObjection
from ledger.editions import Editions
from ledger.entry_verification import VerificationFailure
from ledger.envelope import RecordedEvent
from ledger.events import ResultIssued, ScoreAdjusted, ScoreClaimed
from ledger.language import Text
from ledger.ledger import Ledger
from ledger.log_verification import Verification
from projections import case_verification
from projections.bridge import residual
from projections.portfolio.catch_up import ProjectionMismatch
from tests.support.later_life import CONTESTED, DRAFTED, OVER
from tests.support.small_case import ISSUED, OPENED, REVIEWED, SUBMITTED, Story, on
from tests.support.specification import Memory, editions, history, told

ANSWERED = DRAFTED + on(
    "2023-09-12",
    ("filer", RaiseObjection(objection="complaints", indicator="service", statement="不实")),
    (
        "reviewer",
        AnswerObjection(
            objection="complaints",
            outcome="accepted",
            justification="投诉查无实据",
            award=Decimal(28),
            clause="附件1",
        ),
    ),
)
"""The answer to an objection and the award that it leads to are two events of one act."""


def breaks(
    record: Sequence[RecordedEvent], rubric: Editions | None = None
) -> list[VerificationFailure]:
    result = Verification()
    case_verification.verify_case(result, record, editions() if rubric is None else rubric, None)
    return result.breaks


def published(story: Story) -> Editions:
    """What a story publishes of its rubric."""
    return Ledger(Memory(told(story))).editions("small")


def altered(story: Story, kind: type, **changes: Any) -> tuple[list[RecordedEvent], RecordedEvent]:  # noqa: ANN401 - fields of any event
    """A record in which the last event of a kind says something else; and that event."""
    record = history(story)
    at = max(place for place, one in enumerate(record) if isinstance(one.event, kind))
    record[at] = replace(record[at], event=replace(record[at].event, **changes))
    return record, record[at]


@pytest.mark.parametrize("story", [(), OPENED, SUBMITTED, REVIEWED, ISSUED, CONTESTED, OVER])
def test_what_came_in_through_the_front_door_holds(story: Story) -> None:
    assert breaks(history(story), published(story)) == []


def test_an_adjustment_without_justification_is_against_the_rules() -> None:
    record, forged = altered(ISSUED, ScoreAdjusted, justification="")

    (found,) = breaks(record)

    assert found.kind == "rules"
    assert found.where == f"#{forged.position} small-2023 v{forged.version}"
    assert "justification" in found.message.en
    assert found.affects.en == "the award of service in small-2023"


def test_a_result_that_adds_up_otherwise_today_has_drifted() -> None:
    record, forged = altered(ISSUED, ResultIssued, computed_total=Decimal("93.01"))

    (found,) = breaks(record)

    assert (found.kind, found.where.split()[2]) == ("drift", f"v{forged.version}")
    assert "93.01 ≠ 93.00" in found.message.en
    assert found.affects.en == f"small-2023 v{forged.version} ResultIssued"


def test_everything_that_has_drifted_is_named() -> None:
    record, _ = altered(ISSUED, ResultIssued, computed_total=Decimal("93.01"), computed_grade="良")

    (found,) = breaks(record)

    assert found.message == Text(
        "与按规则算出的不同：computed_total 93.01 ≠ 93.00；computed_grade 良 ≠ 优",
        "not what the rules give: computed_total 93.01 ≠ 93.00; computed_grade 良 ≠ 优",
    )


def test_an_act_is_by_one_person() -> None:
    record = history(ANSWERED)
    last = record[-1]
    assert last.command == record[-2].command
    record[-1] = replace(last, by=replace(last.by, account="somebody-else"))

    (found,) = breaks(record, published(ANSWERED))

    assert found.kind == "drift"
    assert "different accounts" in found.message.en


def test_an_act_that_no_command_can_have_led_to_is_named() -> None:
    record, _ = altered(SUBMITTED, ScoreClaimed, indicator="Not an id")

    assert any("(malformed)" in one.message.en for one in breaks(record))


def test_an_award_raised_behind_the_result_shows_in_the_result() -> None:
    record, _ = altered(ISSUED, ScoreAdjusted, award=Decimal("26.00"))

    assert {one.kind for one in breaks(record)} <= {"rules", "drift"}
    assert any("ResultIssued" in one.affects.en for one in breaks(record))


def test_a_rubric_that_is_gone_leaves_nothing_to_judge_by() -> None:
    assert {one.kind for one in breaks(history(ISSUED), Editions())} == {"rules"}


@pytest.mark.parametrize("baseline", ["claims", "review-table"])
def test_a_hundredth_that_no_step_explains_is_a_break(
    baseline: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def losing(*given: Any) -> Decimal:  # noqa: ANN401 - whatever a bridge is made of
        return Decimal("0.01") if baseline in given else residual(*given)

    monkeypatch.setattr(case_verification, "residual", losing)
    record = history(ISSUED)

    (found,) = breaks(record)

    assert (found.kind, found.where.split()[2]) == ("bridge", f"v{record[-1].version}")
    assert f"({baseline}) leave 0.01" in found.message.en


@pytest.mark.parametrize(
    ("difference", "where", "message"),
    [
        (
            ProjectionMismatch("small-2023", "scores", "2023", "award", "93.00", "93.01"),
            "small-2023 scores 2023",
            "award is 93.00, a replay gives 93.01",
        ),
        (
            ProjectionMismatch("small-2023", "work", "", "", "", ""),
            "small-2023 work",
            "a row is missing, extra or repeated",
        ),
    ],
)
def test_a_table_that_differs_from_a_replay_is_a_break(
    difference: ProjectionMismatch, where: str, message: str
) -> None:
    result = Verification()

    case_verification.verify_portfolio(result, difference)

    (found,) = result.breaks
    assert (found.kind, found.where, found.message.en) == ("portfolio", where, message)
