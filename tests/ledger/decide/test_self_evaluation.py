from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from ledger.commands import (
    ClaimBonus,
    ClaimScore,
    DefineScope,
    FileEvidence,
    ListUnit,
    PinRubric,
    ReturnSubmission,
    SubmitFigure,
    SubmitSelfEvaluation,
    WithdrawFigure,
)
from ledger.events import (
    BonusClaimed,
    EvidenceFiled,
    FigureSubmitted,
    FigureWithdrawn,
    ScoreClaimed,
    SelfEvaluationSubmitted,
    SubmissionReturned,
)
from ledger.values import Figure
from tests.support.small_case import (
    CLAIMED,
    CUT_SERVICE,
    ISSUED,
    NEVER_FILED,
    OPEN_CASE,
    OPENED,
    REPORT,
    REVIEWED,
    SPENT,
    STATEMENT,
    SUBMITTED,
    on,
)
from tests.support.specification import given

JUST_OPEN = on("2024-07-01", ("clerk", OPEN_CASE))
WITHOUT_BONUS = JUST_OPEN + on(
    "2024-07-01", ("clerk", PinRubric(rubric="small", edition="2023-plain"))
)
CLAIM = ClaimScore(indicator="spending", score=Decimal(40), justification="已全部支付")
BONUS = ClaimBonus(item="flag", title="锦旗", points=Decimal("1.5"), issuer="市政府", number="1号")


def test_the_unit_submits_a_figure() -> None:
    given(OPENED).when(SubmitFigure(figure=SPENT), by="filer").then(FigureSubmitted(figure=SPENT))


def test_a_figure_names_an_indicator_of_the_rubric() -> None:
    lost = Figure(id="spent", indicator="no-such-row", name="支出数", value="1")
    given(OPENED).when(SubmitFigure(figure=lost), by="filer").then_refused(
        "unknown-indicator", "no-such-row", "spending、plan、service"
    )


def test_no_figure_before_a_rubric_is_pinned() -> None:
    given(JUST_OPEN).when(SubmitFigure(figure=SPENT), by="filer").then_refused(
        "no-rubric", "Pin one first"
    )


def test_the_unit_submits_no_figure_after_submission() -> None:
    given(SUBMITTED).when(SubmitFigure(figure=SPENT), by="filer").then_refused("stage", "自评填报")


def test_the_unit_takes_a_figure_back() -> None:
    given(CLAIMED).when(WithdrawFigure(figure="spent", reason="重复"), by="filer").then(
        FigureWithdrawn(figure="spent", reason="重复")
    )


def test_a_figure_that_nobody_submitted_cannot_be_taken_back() -> None:
    given(CLAIMED).when(WithdrawFigure(figure="lost", reason="重复"), by="filer").then_refused(
        "unknown-figure", "lost", "spent、budget"
    )


def test_a_figure_is_taken_back_once() -> None:
    back = on("2024-07-30", ("filer", WithdrawFigure(figure="spent", reason="重复")))
    given(CLAIMED, back).when(
        WithdrawFigure(figure="spent", reason="重复"), by="filer"
    ).then_refused("unknown-figure")


def test_no_figure_is_taken_back_after_submission() -> None:
    given(SUBMITTED).when(WithdrawFigure(figure="spent", reason="重复"), by="filer").then_refused(
        "stage"
    )


@pytest.mark.parametrize("account", ["filer", "reviewer", "lead", "clerk"])
def test_everybody_with_a_part_in_the_case_files_evidence(account: str) -> None:
    given(OPENED).when(FileEvidence(evidence=REPORT), by=account).then(
        EvidenceFiled(evidence=REPORT)
    )


def test_a_file_is_filed_once() -> None:
    given(CLAIMED).when(FileEvidence(evidence=REPORT), by="clerk").then_refused(
        "evidence-filed", "自评报告", "Cite it"
    )


def test_the_unit_files_what_the_agency_has_without_learning_of_it() -> None:
    own = replace(REPORT, title="本单位的一份")
    theirs = OPENED + on("2024-07-02", ("reviewer", FileEvidence(evidence=REPORT)))
    given(theirs).when(FileEvidence(evidence=own), by="filer").then(EvidenceFiled(evidence=own))
    both = theirs + on("2024-07-03", ("filer", FileEvidence(evidence=own)))
    for account in ("filer", "reviewer"):
        again = given(both).when(FileEvidence(evidence=own), by=account)
        again.then_refused("evidence-filed", own.title if account == "filer" else REPORT.title)


def test_the_unit_does_not_file_again_what_it_was_told_of() -> None:
    own = replace(STATEMENT, title="本单位的一份")
    given(REVIEWED).when(FileEvidence(evidence=own), by="filer").then(EvidenceFiled(evidence=own))
    given(ISSUED).when(FileEvidence(evidence=own), by="filer").then_refused("evidence-filed")


def test_the_unit_does_not_learn_of_scopes_that_only_the_agency_has() -> None:
    theirs = OPENED + on(
        "2024-07-02",
        ("reviewer", ListUnit(member="review-bureau", name="局本级")),
        ("reviewer", DefineScope(scope="本级", members=("review-bureau",))),
    )
    scoped = replace(SPENT, scope="全市")
    given(theirs).when(SubmitFigure(figure=scoped), by="filer").then(FigureSubmitted(figure=scoped))
    own = theirs + on(
        "2024-07-03",
        ("filer", ListUnit(member="bureau", name="局本级")),
        ("filer", DefineScope(scope="局本级", members=("bureau",))),
    )
    given(own).when(SubmitFigure(figure=scoped), by="filer").then_refused("unknown-scope", "局本级")


def test_no_evidence_without_a_case() -> None:
    given().when(FileEvidence(evidence=REPORT), by="clerk").then_refused("no-case")


def test_the_unit_claims_a_score_in_the_scale_of_the_rubric() -> None:
    given(OPENED).when(CLAIM, by="filer").then(
        ScoreClaimed(
            indicator="spending",
            score=Decimal("40.00"),
            justification="已全部支付",
            evidence=(),
        )
    )


def test_a_claim_may_be_made_again_before_submission() -> None:
    again = ClaimScore(indicator="spending", score=Decimal("39.5"))
    given(CLAIMED).when(again, by="filer").then(
        ScoreClaimed(indicator="spending", score=Decimal("39.50"), justification="", evidence=())
    )


@pytest.mark.parametrize(
    ("score", "rule"),
    [
        ("40.01", "score-range"),
        ("-0.01", "score-range"),
        ("39.999", "score-scale"),
        ("-0", "score-scale"),
        ("NaN", "score-scale"),
        ("Infinity", "score-scale"),
        ("1e400", "score-scale"),
        ("4E+1", "score-scale"),
    ],
)
def test_a_claim_outside_the_weight_or_the_scale_is_refused(score: str, rule: str) -> None:
    claim = ClaimScore(indicator="spending", score=Decimal(score))
    given(OPENED).when(claim, by="filer").then_refused(rule, "预算执行率")


def test_a_claim_names_a_known_indicator_and_filed_evidence() -> None:
    lost = ClaimScore(indicator="lost", score=Decimal(1))
    bare = ClaimScore(indicator="plan", score=Decimal(1), evidence=(NEVER_FILED,))
    given(OPENED).when(lost, by="filer").then_refused("unknown-indicator", "lost")
    given(OPENED).when(bare, by="filer").then_refused(
        "unknown-evidence", "ffffffffffff", "File it first"
    )


def test_no_claim_without_a_rubric_or_after_submission() -> None:
    given(JUST_OPEN).when(CLAIM, by="filer").then_refused("no-rubric")
    given(SUBMITTED).when(CLAIM, by="filer").then_refused("stage")


def test_the_unit_claims_a_bonus_item() -> None:
    given(OPENED).when(BONUS, by="filer").then(
        BonusClaimed(
            item="flag",
            title="锦旗",
            issuer="市政府",
            number="1号",
            points=Decimal("1.50"),
            evidence=(),
        )
    )


def test_a_bonus_claim_may_say_who_was_commended_and_when() -> None:
    claim = replace(BONUS, recipient="市场监管所", commended=date(2023, 5, 1))

    given(OPENED).when(claim, by="filer").then(
        BonusClaimed(
            item="flag",
            title="锦旗",
            issuer="市政府",
            number="1号",
            points=Decimal("1.50"),
            evidence=(),
            recipient="市场监管所",
            commended=date(2023, 5, 1),
        )
    )


def test_a_bonus_item_above_the_cap_of_all_items_is_refused() -> None:
    much = ClaimBonus(item="flag", title="锦旗", points=Decimal("3.01"))
    given(OPENED).when(much, by="filer").then_refused("score-range", "锦旗", "3.01")


def test_a_bonus_needs_a_rubric_that_has_one() -> None:
    given(WITHOUT_BONUS).when(BONUS, by="filer").then_refused("no-extra", "加分")


def test_a_bonus_claim_cites_filed_evidence_and_comes_before_submission() -> None:
    bare = ClaimBonus(item="flag", title="锦旗", points=Decimal(1), evidence=(NEVER_FILED,))
    given(OPENED).when(bare, by="filer").then_refused("unknown-evidence")
    given(SUBMITTED).when(BONUS, by="filer").then_refused("stage")


SUBMIT = SubmitSelfEvaluation(
    number="市监〔2024〕2号", printed_total=Decimal("100.0"), printed_grade="优"
)


def test_the_unit_submits_what_its_report_prints_to_the_digit() -> None:
    given(CLAIMED).when(SUBMIT, by="filer").then(
        SelfEvaluationSubmitted(
            number="市监〔2024〕2号",
            printed_base=None,
            printed_bonus=None,
            printed_total=Decimal("100.0"),
            printed_grade="优",
        )
    )


def test_a_self_evaluation_with_a_row_unclaimed_is_refused() -> None:
    given(CLAIMED[:-3]).when(SUBMIT, by="filer").then_refused("claims-missing", "service")


@pytest.mark.parametrize("printed", ["NaN", "-Infinity", "1e400", "0.1234567"])
def test_a_printed_total_that_is_no_number_is_refused(printed: str) -> None:
    odd = SubmitSelfEvaluation(printed_total=Decimal(printed))
    given(CLAIMED).when(odd, by="filer").then_refused("printed-number")


def test_nothing_is_submitted_twice_or_without_a_rubric() -> None:
    given(SUBMITTED).when(SUBMIT, by="filer").then_refused("stage")
    given(JUST_OPEN).when(SUBMIT, by="filer").then_refused("no-rubric")


RETURN = ReturnSubmission(reason="缺少附件")


@pytest.mark.parametrize("account", ["reviewer", "lead", "clerk"])
def test_the_agency_or_the_bureau_returns_a_self_evaluation(account: str) -> None:
    given(SUBMITTED).when(RETURN, by=account).then(SubmissionReturned(reason="缺少附件"))


def test_after_a_return_the_unit_corrects_and_submits_again() -> None:
    returned = on("2024-08-05", ("clerk", RETURN))
    given(SUBMITTED, returned).when(CLAIM, by="filer").then(
        ScoreClaimed(
            indicator="spending",
            score=Decimal("40.00"),
            justification="已全部支付",
            evidence=(),
        )
    )
    given(SUBMITTED, returned).when(SubmitSelfEvaluation(), by="filer").then(
        SelfEvaluationSubmitted(
            number="",
            printed_base=None,
            printed_bonus=None,
            printed_total=None,
            printed_grade="",
        )
    )


def test_nothing_is_returned_before_submission_or_after_the_first_award() -> None:
    given(CLAIMED).when(RETURN, by="clerk").then_refused("stage")
    given(ISSUED).when(RETURN, by="clerk").then_refused("stage")
    given(SUBMITTED, on("2024-10-12", ("reviewer", CUT_SERVICE))).when(
        RETURN, by="clerk"
    ).then_refused("review-begun", "Withdraw them")


@pytest.mark.parametrize("reason", ["", " ", "\u3000\n"])
def test_a_return_without_words_is_refused(reason: str) -> None:
    given(SUBMITTED).when(ReturnSubmission(reason=reason), by="clerk").then_refused(
        "unreadable", "不能为空", "reason"
    )
