from decimal import Decimal

import pytest

from ledger.commands import AnswerObjection, ExcludeIndicator, RaiseObjection, SendDraft
from ledger.events import ObjectionAnswered, ObjectionRaised, ScoreAdjusted
from tests.support.small_case import ISSUED, NEVER_FILED, REVIEWED, SUBMITTED, on
from tests.support.specification import given

CUT_OF_SERVICE = len(SUBMITTED) + 4
DRAFTED = REVIEWED + on("2024-11-01", ("clerk", SendDraft()))
OBJECT = RaiseObjection(
    objection="too-low",
    indicator="service",
    statement="投诉不成立",
    requested=Decimal(28),
    evidence=("a" * 64,),
)
OBJECTED = DRAFTED + on("2024-11-10", ("filer", OBJECT))
NEXT = len(OBJECTED) + 1


def answer(outcome: str, award: str | None = None, **more: str) -> AnswerObjection:
    return AnswerObjection(
        objection="too-low",
        outcome=outcome,  # type: ignore[arg-type]  # one of the three words
        justification="核实一起投诉",
        award=None if award is None else Decimal(award),
        **more,  # type: ignore[arg-type]  # clause and ground are text
    )


def adjusted(award: str, indicator: str = "service") -> ScoreAdjusted:
    return ScoreAdjusted(
        indicator=indicator,
        before=Decimal("25.50"),
        award=Decimal(award),
        justification="核实一起投诉",
        clause="",
        ground="",
        evidence=(),
    )


def answered(outcome: str, adjustment: int | None) -> ObjectionAnswered:
    return ObjectionAnswered(
        objection="too-low",
        indicator="service",
        outcome=outcome,  # type: ignore[arg-type]  # one of the three words
        justification="核实一起投诉",
        adjustment=adjustment,
    )


def test_the_unit_contests_the_award_that_stands_in_the_draft() -> None:
    given(DRAFTED).when(OBJECT, by="filer").then(
        ObjectionRaised(
            objection="too-low",
            indicator="service",
            contests=CUT_OF_SERVICE,
            statement="投诉不成立",
            requested=Decimal("28.00"),
            evidence=("a" * 64,),
        )
    )


def test_a_row_that_was_not_changed_may_be_contested_without_asking_for_a_score() -> None:
    plan = RaiseObjection(objection="why", indicator="plan", statement="请说明")
    given(DRAFTED).when(plan, by="filer").then(
        ObjectionRaised(
            objection="why",
            indicator="plan",
            contests=CUT_OF_SERVICE - 1,
            statement="请说明",
            requested=None,
            evidence=(),
        )
    )


def test_an_objection_has_an_id_of_its_own() -> None:
    given(OBJECTED).when(OBJECT, by="filer", key="again").then_refused(
        "objection-exists", "too-low", "换一个编号"
    )


@pytest.mark.parametrize(
    ("indicator", "requested", "evidence", "rule"),
    [
        ("lost", "1", (), "unknown-indicator"),
        ("service", "30.01", (), "score-range"),
        ("service", "28.005", (), "score-scale"),
        ("service", "28", (NEVER_FILED,), "unknown-evidence"),
    ],
)
def test_an_objection_asks_for_a_possible_score_and_cites_filed_evidence(
    indicator: str, requested: str, evidence: tuple[str, ...], rule: str
) -> None:
    odd = RaiseObjection(
        objection="odd",
        indicator=indicator,
        statement="x",
        requested=Decimal(requested),
        evidence=evidence,
    )
    given(DRAFTED).when(odd, by="filer").then_refused(rule)


def test_only_the_unit_objects_and_only_to_a_draft() -> None:
    given(DRAFTED).when(OBJECT, by="reviewer").then_refused("role")
    given(DRAFTED).when(OBJECT, by="other-filer").then_refused("organisation")
    given(REVIEWED).when(OBJECT, by="filer").then_refused("stage", "征求意见")
    given(ISSUED).when(OBJECT, by="filer").then_refused("stage")


@pytest.mark.parametrize(("outcome", "award"), [("accepted", "28"), ("partly", "26.75")])
def test_acceptance_and_the_award_that_it_brings_are_one_act(outcome: str, award: str) -> None:
    scaled = str(Decimal(award).quantize(Decimal("0.01")))
    given(OBJECTED).when(answer(outcome, award), by="lead").then(
        answered(outcome, NEXT + 1), adjusted(scaled)
    )


def test_a_rejection_changes_nothing_but_has_its_reason() -> None:
    given(OBJECTED).when(answer("rejected"), by="reviewer").then(answered("rejected", None))


@pytest.mark.parametrize(
    ("outcome", "award"), [("accepted", None), ("partly", None), ("rejected", "26")]
)
def test_an_outcome_and_its_award_go_together(outcome: str, award: str | None) -> None:
    given(OBJECTED).when(answer(outcome, award), by="lead").then_refused("outcome-award", "award")


def test_the_award_of_an_answer_obeys_the_rules_of_an_adjustment() -> None:
    given(OBJECTED).when(answer("accepted", "25.5"), by="lead").then_refused("no-change")
    given(OBJECTED).when(answer("accepted", "31"), by="lead").then_refused("score-range")


def test_an_objection_is_answered_once_and_by_its_id() -> None:
    done = on("2024-11-12", ("lead", answer("rejected")))
    given(OBJECTED, done).when(answer("accepted", "28"), by="lead").then_refused(
        "no-open-objection", "too-low"
    )
    given(DRAFTED).when(answer("rejected"), by="lead").then_refused("no-open-objection")


def test_only_the_agency_answers_and_only_in_the_draft() -> None:
    given(OBJECTED).when(answer("rejected"), by="clerk").then_refused("role")
    given(REVIEWED).when(answer("rejected"), by="lead").then_refused("stage")
    given(ISSUED).when(answer("rejected"), by="lead").then_refused("stage")


def test_nothing_is_issued_while_an_objection_waits_for_its_answer() -> None:
    _, issue, _ = ISSUED[-1]
    done = on("2024-11-12", ("lead", answer("rejected")))
    given(OBJECTED).when(issue, by="clerk").then_refused("objection-open", "too-low")
    issued = given(OBJECTED, done).when(issue, by="clerk").again()
    issued.when(issue, by="clerk", key="again").then_refused("stage", "issued")


# Rows that do not apply --------------------------------------------------------------------------


def exclusion(**more: object) -> ExcludeIndicator:
    return ExcludeIndicator(indicator="service", justification="无服务对象", **more)  # type: ignore[arg-type]


def test_a_row_that_does_not_apply_needs_a_clause_or_a_ground() -> None:
    given(SUBMITTED).when(exclusion(), by="reviewer").then_refused("exclusion-unstated", "ground")
    given(SUBMITTED).when(exclusion(ground="\n"), by="reviewer").then_refused("exclusion-unstated")


def test_a_row_is_excluded_within_the_rules_of_the_review() -> None:
    lost = ExcludeIndicator(indicator="lost", justification="x", ground="x")
    bare = exclusion(ground="x", evidence=(NEVER_FILED,))
    given(SUBMITTED).when(lost, by="reviewer").then_refused("unknown-indicator")
    given(SUBMITTED).when(bare, by="reviewer").then_refused("unknown-evidence")
    given(ISSUED).when(exclusion(ground="x"), by="reviewer").then_refused("stage")
    given(SUBMITTED).when(exclusion(ground="x"), by="clerk").then_refused("role")
