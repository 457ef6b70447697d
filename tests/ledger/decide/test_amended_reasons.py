"""A reason, its clause, ground or evidence is stated anew, and no score moves."""

from decimal import Decimal

from ledger.case import Case
from ledger.commands import AmendReason, CountersignAdjustment
from ledger.events import ReasonAmended
from ledger.moves import moves
from projections.as_of import at
from projections.change_log import change_log
from projections.score_sheet import score_sheet
from tests.support.small_case import ISSUED, NEVER_FILED, REVIEWED, SUBMITTED, Story, on
from tests.support.specification import editions, given, history

CUT_OF_SPENDING = len(SUBMITTED) + 2
AMEND = AmendReason(indicator="spending", reason="条款引用有误", clause="附件1 第一条之二")
BY_DOCUMENT = AmendReason(
    indicator="spending",
    reason="理由不全",
    number="财绩更〔2025〕1号",
    justification="执行率 95%，见决算表",
    evidence=("a" * 64,),
)
SIGNED: Story = on("2024-10-13", ("lead", CountersignAdjustment(indicator="spending")))
AMENDED: Story = on("2024-10-14", ("reviewer", AMEND))


def case_after(story: Story) -> Case:
    return at(history(story), editions()).case


def test_the_agency_states_a_clause_anew_and_names_the_award_it_amends() -> None:
    given(REVIEWED).when(AMEND, by="reviewer").then(
        ReasonAmended(
            indicator="spending",
            adjustment=CUT_OF_SPENDING,
            number="",
            justification="",
            clause="附件1 第一条之二",
            ground="",
            evidence=(),
            reason="条款引用有误",
        )
    )


def test_what_is_not_said_stays_and_the_score_with_it() -> None:
    before, after = case_after(REVIEWED), case_after(REVIEWED + AMENDED)
    award = after.awards["spending"]

    assert (award.clause, award.justification) == ("附件1 第一条之二", "执行率 95%")
    assert (award.score, award.version) == (Decimal("38.00"), CUT_OF_SPENDING)
    assert before.awarded == after.awarded
    last = list(moves(history(REVIEWED + AMENDED)))[-1]
    assert not last.changes.moves_any
    assert last.causes == {"spending": (CUT_OF_SPENDING,)}


def test_the_log_shows_what_was_said_before_and_what_amends_it() -> None:
    told = change_log(at(history(REVIEWED + AMENDED), editions()), "spending")
    cut, amended = (
        next(one for one in told if one.type == kind) for kind in ("ScoreAdjusted", "ReasonAmended")
    )

    assert (cut.clause, amended.clause) == ("附件1 第一条", "附件1 第一条之二")
    assert amended.justification
    assert amended.caused_by == (cut.version,)
    assert (amended.before, amended.after) == (None, None)


def test_an_earlier_point_shows_the_reason_of_its_time() -> None:
    record = history(REVIEWED + AMENDED)

    assert at(record, editions(), "2024-10-13").case.awards["spending"].clause == "附件1 第一条"
    assert score_sheet(at(record, editions()))


def test_what_a_second_person_signed_is_signed_again_once_it_reads_otherwise() -> None:
    assert case_after(REVIEWED + SIGNED).awards["spending"].countersigned == "lead"
    assert case_after(REVIEWED + SIGNED + AMENDED).awards["spending"].countersigned is None


def test_after_issue_the_bureau_amends_by_a_document() -> None:
    given(ISSUED).when(BY_DOCUMENT, by="clerk").then(
        ReasonAmended(
            indicator="spending",
            adjustment=CUT_OF_SPENDING,
            number="财绩更〔2025〕1号",
            justification="执行率 95%，见决算表",
            clause="",
            ground="",
            evidence=("a" * 64,),
            reason="理由不全",
        )
    )
    given(ISSUED).when(AMEND, by="clerk").then_refused("amendment-number", "spending")
    given(ISSUED).when(BY_DOCUMENT, by="reviewer").then_refused("amendment-by", "财政部门")
    given(REVIEWED).when(BY_DOCUMENT, by="clerk").then_refused("amendment-by", "agency")


def test_the_total_that_was_issued_stays() -> None:
    amended = ISSUED + on("2025-01-08", ("clerk", BY_DOCUMENT))

    sheet = score_sheet(at(history(amended), editions()))

    assert sheet
    assert sheet.award.total == Decimal("93.00")


def test_nothing_is_amended_to_what_stands_already() -> None:
    same = AmendReason(indicator="spending", reason="x", clause="附件1 第一条")
    given(REVIEWED).when(same, by="reviewer").then_refused("nothing-amended", "spending")
    empty = AmendReason(indicator="spending", reason="x")
    given(REVIEWED).when(empty, by="reviewer").then_refused("nothing-amended", "spending")


def test_it_needs_an_award_and_evidence_that_is_filed() -> None:
    given(SUBMITTED).when(AMEND, by="reviewer").then_refused("no-award", "spending")
    unfiled = AmendReason(indicator="spending", reason="x", evidence=(NEVER_FILED,))
    given(REVIEWED).when(unfiled, by="reviewer").then_refused("unknown-evidence", "ffffffffffff")
