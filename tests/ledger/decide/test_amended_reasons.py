"""A reason, its clause, ground or evidence is stated anew, and no score moves."""

from datetime import date
from decimal import Decimal

from documents.page import format_cell
from documents.score_table import scores
from documents.source import source
from ledger.case import Case
from ledger.checks import examine
from ledger.commands import AmendReason, CountersignAdjustment, RefuseBonus
from ledger.events import ReasonAmended
from ledger.moves import moves
from projections.as_of import at
from projections.bridge import bridge
from projections.change_log import change_log
from projections.portfolio.steps import FoldedCase
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


# Items, and everything that reads a reason ------------------------------------------------------

FLAG_DECIDED = len(REVIEWED) - 2
ITEM = AmendReason(
    indicator="flag", reason="条款漏写", clause="附件1 加分项 第二条", evidence=("a" * 64,)
)
PENALTY = AmendReason(indicator="late", reason="天数有误", justification="晚报 6 天")
ITEMS: Story = on("2024-10-14", ("reviewer", ITEM), ("reviewer", PENALTY))


def test_the_reason_of_an_item_is_amended_and_what_it_counts_stays() -> None:
    given(REVIEWED).when(ITEM, by="reviewer").then(
        ReasonAmended(
            indicator="commendation",
            adjustment=FLAG_DECIDED,
            number="",
            justification="",
            clause="附件1 加分项 第二条",
            ground="",
            evidence=("a" * 64,),
            reason="条款漏写",
            item="flag",
        )
    )
    given(REVIEWED).when(PENALTY, by="reviewer").then(
        ReasonAmended(
            indicator="late-report",
            adjustment=FLAG_DECIDED + 2,
            number="",
            justification="晚报 6 天",
            clause="",
            ground="",
            evidence=(),
            reason="天数有误",
            item="late",
            penalty=True,
        )
    )
    before, after = case_after(REVIEWED), case_after(REVIEWED + ITEMS)
    bonus, late = after.reasons["bonus", "flag"], after.reasons["penalty", "late"]
    assert (bonus.justification, bonus.clause) == ("有文件", "附件1 加分项 第二条")
    assert (bonus.evidence, late.justification) == (("a" * 64,), "晚报 6 天")
    assert (after.bonus, after.penalties) == (before.bonus, before.penalties)
    flag, penalty = list(moves(history(REVIEWED + ITEMS)))[-2:]
    assert not flag.changes.moves_items("bonus")
    assert not penalty.changes.moves_items("penalty")
    assert flag.causes == {None: (FLAG_DECIDED,)}


def test_the_reason_of_an_item_is_amended_as_that_of_a_row_is() -> None:
    same = AmendReason(indicator="flag", reason="x", justification="有文件")
    given(REVIEWED).when(same, by="reviewer").then_refused("nothing-amended", "flag")
    given(SUBMITTED).when(ITEM, by="reviewer").then_refused("no-award", "flag")
    given(ISSUED).when(ITEM, by="clerk").then_refused("amendment-number", "flag")
    unknown = AmendReason(indicator="no-such", reason="x", clause="第一条")
    given(REVIEWED).when(unknown, by="reviewer").then_refused("unknown-indicator", "no-such")


def test_another_decision_takes_the_place_of_an_amendment() -> None:
    refused = RefuseBonus(item="flag", justification="已在别处计分")
    again = REVIEWED + ITEMS + on("2024-10-15", ("reviewer", refused))

    reason = case_after(again).reasons["bonus", "flag"]
    assert (reason.justification, reason.clause, reason.evidence) == ("已在别处计分", "", ())


def test_the_score_table_shows_reasons_and_evidence_as_they_are_amended() -> None:
    amended = REVIEWED + ITEMS + on("2024-10-15", ("reviewer", BY_DOCUMENT))
    made = source(at(history(amended), editions()), date(2024, 10, 16))
    rows = scores(made, "zh").rows
    text = "\n".join(format_cell(cell) for row in rows for cell in row.cells)

    assert "执行率 95%，见决算表\n补正后的佐证材料：自评报告" in text
    assert "有文件\n补正后的佐证材料：自评报告" in text
    assert "晚报 6 天" in text
    assert "晚报 5 天" not in text


def found(story: Story) -> set[tuple[str, str | None]]:
    """The checks that find something, each with its row."""
    events = history(story)
    return {(one.check, one.indicator) for one in examine(events, editions()).findings}


def test_checks_read_the_reason_as_it_is_amended() -> None:
    told: Story = on(
        "2024-12-31",
        (
            "clerk",
            AmendReason(
                indicator="service",
                reason="补充依据",
                number="财绩更〔2025〕2号",
                justification="有两起投诉，扣 3 分",
                clause="附件1 第三条",
                evidence=("a" * 64,),
            ),
        ),
        (
            "clerk",
            AmendReason(
                indicator="letter", reason="补充依据", number="财绩更〔2025〕2号", clause="附件1 二"
            ),
        ),
    )
    first, now = found(ISSUED), found(ISSUED + told)

    # It named no clause; what it is said to cost now is not what it costs.
    assert ("award-without-clause", "service") in first - now
    assert ("bonus-left-out", "commendation") in first - now
    assert ("reason-against-score", "service") in now - first
    assert {name for name, _ in now - first} == {"reason-against-score"}


def test_the_portfolio_counts_the_clause_as_it_is_amended() -> None:
    life = FoldedCase([*history(REVIEWED + AMENDED)], editions())

    made = life.awards["spending"][CUT_OF_SPENDING]
    assert (made.clause, made.score) == ("附件1 第一条之二", Decimal(38))


def test_the_bridge_names_the_amendment_of_what_an_item_rests_on() -> None:
    end = at(history(REVIEWED + ITEMS), editions())
    steps = {step.kind: step for step in bridge(end.earlier("self"), end).steps}

    for kind in ("bonus", "penalty"):
        assert [event.type for event in steps[kind].events][-1] == "ReasonAmended"
        assert sum(event.type == "ReasonAmended" for event in steps[kind].events) == 1
