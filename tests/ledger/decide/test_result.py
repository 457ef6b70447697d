from datetime import date
from decimal import Decimal

import pytest

from ledger.commands import (
    AdjustScore,
    Command,
    CorrectResult,
    CountersignAdjustment,
    DeliverReport,
    IssueResult,
    PublishResult,
    RecordReceipt,
    RestateFigure,
    SendDraft,
    WithdrawAdjustment,
)
from ledger.events import (
    DraftSent,
    ReportDelivered,
    ResultCorrected,
    ResultIssued,
    ResultPublished,
    ResultReceived,
    ScoreAdjusted,
)
from ledger.values import Figure
from tests.support.small_case import (
    CLAIMED,
    CUT_SERVICE,
    ISSUED,
    NEVER_FILED,
    REVIEWED,
    SUBMITTED,
    Story,
    on,
)
from tests.support.specification import given

DRAFT = SendDraft(number="征〔2024〕5号", respond_by=date(2024, 11, 30))
ISSUE = IssueResult(printed_total=Decimal("93.00"), printed_grade="优", number="财绩〔2024〕9号")
GOING_OUT = pytest.mark.parametrize(
    ("command", "account"), [(DRAFT, "reviewer"), (ISSUE, "clerk")], ids=["draft", "result"]
)
NOVEMBER = date(2024, 11, 1)
LENIENT = on(
    "2024-10-14",
    (
        "reviewer",
        AdjustScore(
            indicator="plan", award=Decimal(20), justification="计划晚批", ground="受疫情影响"
        ),
    ),
)


# Draft and issue ---------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ["reviewer", "lead", "clerk"])
def test_the_draft_goes_out_with_the_total_as_it_stands(account: str) -> None:
    given(REVIEWED).when(DRAFT, by=account, dated=NOVEMBER).then(
        DraftSent(
            number="征〔2024〕5号",
            computed_total=Decimal("93.00"),
            respond_by=date(2024, 11, 30),
        )
    )


def test_after_the_draft_the_agency_may_still_adjust() -> None:
    given(REVIEWED, on("2024-11-01", ("clerk", DRAFT))).when(
        AdjustScore(indicator="service", award=Decimal(26), justification="采纳意见"), by="lead"
    ).then(
        ScoreAdjusted(
            indicator="service",
            before=Decimal("25.50"),
            award=Decimal("26.00"),
            justification="采纳意见",
            clause="",
            ground="",
            evidence=(),
        )
    )


def test_the_bureau_issues_what_the_awards_add_up_to() -> None:
    given(REVIEWED).when(ISSUE, by="clerk").then(
        ResultIssued(
            number="财绩〔2024〕9号",
            computed_total=Decimal("93.00"),
            computed_grade="优",
            printed_total=Decimal("93.00"),
            printed_grade="优",
            difference="",
        )
    )


def test_a_reason_for_a_difference_that_is_none_is_not_kept() -> None:
    sure = IssueResult(printed_total=Decimal("93.0"), difference="四舍五入")
    given(REVIEWED).when(sure, by="clerk").then(
        ResultIssued(
            number="",
            computed_total=Decimal("93.00"),
            computed_grade="优",
            printed_total=Decimal("93.0"),
            printed_grade="",
            difference="",
        )
    )


@pytest.mark.parametrize(("total", "grade"), [("93.01", "优"), ("93", "良"), ("92.99", "")])
def test_a_document_that_prints_something_else_needs_a_reason(total: str, grade: str) -> None:
    odd = IssueResult(printed_total=Decimal(total), printed_grade=grade)
    given(REVIEWED).when(odd, by="clerk").then_refused("printed-differs", total, "93.00", "优")
    said = IssueResult(printed_total=Decimal(total), printed_grade=grade, difference="笔误")
    given(REVIEWED).when(said, by="clerk").then(
        ResultIssued(
            number="",
            computed_total=Decimal("93.00"),
            computed_grade="优",
            printed_total=Decimal(total),
            printed_grade=grade,
            difference="笔误",
        )
    )


def test_a_total_between_the_bands_has_no_grade() -> None:
    low = on(
        "2024-10-15",
        (
            "reviewer",
            AdjustScore(indicator="service", award=Decimal("7.75"), justification="投诉很多"),
        ),
    )
    given(REVIEWED, low).when(IssueResult(printed_total=Decimal("75.25")), by="clerk").then(
        ResultIssued(
            number="",
            computed_total=Decimal("75.25"),
            computed_grade="",
            printed_total=Decimal("75.25"),
            printed_grade="",
            difference="",
        )
    )


@pytest.mark.parametrize("printed", ["NaN", "Infinity", "1e400", "93.0000001"])
def test_a_result_whose_printed_total_is_no_number_is_refused(printed: str) -> None:
    odd = IssueResult(printed_total=Decimal(printed), difference="笔误")
    given(REVIEWED).when(odd, by="clerk").then_refused("printed-number")


@GOING_OUT
def test_nothing_goes_out_while_a_row_or_a_bonus_item_is_open(
    command: Command, account: str
) -> None:
    given(SUBMITTED).when(command, by=account).then_refused(
        "awards-missing", "spending、plan、service、flag、letter"
    )


@GOING_OUT
def test_nothing_goes_out_while_discretion_lacks_a_second_signature(
    command: Command, account: str
) -> None:
    given(REVIEWED, LENIENT).when(command, by=account).then_refused("not-countersigned", "plan")


@GOING_OUT
def test_signed_discretion_goes_out(command: Command, account: str) -> None:
    signed = on("2024-10-15", ("lead", CountersignAdjustment(indicator="plan")))
    when = given(REVIEWED, LENIENT, signed).when(command, by=account, dated=NOVEMBER)
    if command is ISSUE:
        when.then_refused("printed-differs", "83.00", "良")
    else:
        when.then(
            DraftSent(
                number="征〔2024〕5号",
                computed_total=Decimal("83.00"),
                respond_by=date(2024, 11, 30),
            )
        )


@GOING_OUT
def test_an_award_that_a_restated_figure_turns_into_discretion_needs_its_ground(
    command: Command, account: str
) -> None:
    unread = Figure(id="spent", indicator="spending", name="支出数", value=None)
    story = (
        on("2024-10-10", ("reviewer", RestateFigure(figure=unread, reason="账目待查")))
        + on(
            "2024-10-13",
            ("lead", WithdrawAdjustment(indicator="spending", reason="账目待查")),
            (
                "reviewer",
                AdjustScore(indicator="spending", award=Decimal(36), justification="暂按 90%"),
            ),
        )
        + on(
            "2024-10-20",
            (
                "reviewer",
                RestateFigure(
                    figure=Figure(id="spent", indicator="spending", name="支出数", value="190"),
                    reason="账目查清",
                ),
            ),
            ("lead", CountersignAdjustment(indicator="spending")),
        )
    )
    given(REVIEWED, story).when(command, by=account).then_refused("awards-unstated", "spending")


@GOING_OUT
def test_nothing_goes_out_before_submission_or_after_issue(command: Command, account: str) -> None:
    given(CLAIMED).when(command, by=account).then_refused("stage")
    given(ISSUED).when(command, by=account).then_refused("stage", "issued")


def test_only_the_bureau_of_the_case_issues() -> None:
    given(REVIEWED).when(ISSUE, by="lead").then_refused("role", "财政部门")
    given(REVIEWED).when(ISSUE, by="other-clerk").then_refused("organisation", "finance-bureau")


# Receipt and publication -------------------------------------------------------------------------

RECEIPT = RecordReceipt(received=date(2025, 1, 3))


@pytest.mark.parametrize("account", ["reviewer", "lead"])
def test_the_agency_delivers_its_report_and_nothing_is_issued(account: str) -> None:
    deliver = DeliverReport(
        printed_total=Decimal("93.00"), printed_grade="优", number="核〔2024〕3号"
    )

    given(REVIEWED).when(deliver, by=account).then(
        ReportDelivered(
            number="核〔2024〕3号",
            document=None,
            printed_total=Decimal("93.00"),
            printed_grade="优",
        )
    ).again().when(ISSUE, by="clerk")


def test_a_report_is_delivered_during_the_review_as_a_registered_document_or_none() -> None:
    deliver = DeliverReport(printed_total=Decimal(93), document="report")

    given(REVIEWED).when(deliver, by="reviewer").then_refused("unknown-document", "report")
    given(CLAIMED).when(deliver, by="reviewer").then_refused("stage")
    given(ISSUED).when(deliver, by="reviewer").then_refused("stage")


PUBLISH = PublishResult(place="局门户网站")


@pytest.mark.parametrize("account", ["filer", "clerk"])
def test_receipt_is_recorded_by_the_unit_or_the_bureau(account: str) -> None:
    day = date(2025, 1, 3)
    given(ISSUED).when(RECEIPT, by=account, dated=day).then(ResultReceived(received=day))


def test_receipt_is_recorded_once() -> None:
    given(ISSUED, on("2025-01-03", ("filer", RECEIPT))).when(RECEIPT, by="clerk").then_refused(
        "received", "2025-01-03"
    )


def test_nothing_is_received_or_published_before_issue() -> None:
    given(REVIEWED).when(RECEIPT, by="filer").then_refused("stage", "已印发")
    given(REVIEWED).when(PUBLISH, by="clerk").then_refused("stage", "issued")
    given().when(PUBLISH, by="clerk").then_refused("no-case")


@pytest.mark.parametrize("account", ["filer", "clerk"])
def test_the_place_of_publication_is_recorded(account: str) -> None:
    given(ISSUED).when(PUBLISH, by=account).then(ResultPublished(place="局门户网站"))


# Correction --------------------------------------------------------------------------------------


def correction(award: str, indicator: str = "service", **more: object) -> CorrectResult:
    return CorrectResult(
        number="财绩〔2025〕1号",
        indicator=indicator,
        award=Decimal(award),
        justification="计算有误",
        **more,  # type: ignore[arg-type]
    )


def test_an_issued_score_moves_by_a_numbered_document() -> None:
    given(ISSUED).when(correction("26", clause="附件1", evidence=("a" * 64,)), by="clerk").then(
        ResultCorrected(
            number="财绩〔2025〕1号",
            indicator="service",
            before=Decimal("25.50"),
            award=Decimal("26.00"),
            justification="计算有误",
            clause="附件1",
            evidence=("a" * 64,),
        )
    )


@pytest.mark.parametrize(
    ("command", "rule", "words"),
    [
        (correction("25.50"), "no-change", "25.50"),
        (correction("1", "lost"), "unknown-indicator", "lost"),
        (correction("30.01"), "score-range", "30"),
        (correction("26.005"), "score-scale", "26.005"),
        (correction("NaN"), "score-scale", "NaN"),
        (correction("1", evidence=(NEVER_FILED,)), "unknown-evidence", "ffffffffffff"),
    ],
)
def test_a_correction_that_corrects_nothing_real_is_refused(
    command: Command, rule: str, words: str
) -> None:
    given(ISSUED).when(command, by="clerk").then_refused(rule, words)


@pytest.mark.parametrize("story", [SUBMITTED, REVIEWED])
def test_nothing_is_corrected_before_issue(story: Story) -> None:
    given(story).when(correction("26"), by="clerk").then_refused("stage")


def test_a_correction_without_number_or_justification_is_refused() -> None:
    blank = CorrectResult(
        number=" ", indicator="service", award=Decimal(1), justification="计算有误"
    )
    given(ISSUED).when(blank, by="clerk").then_refused("unreadable", "number")
    mute = CorrectResult(number="1号", indicator="service", award=Decimal(1), justification="\n")
    given(ISSUED).when(mute, by="clerk").then_refused("unreadable", "justification")


def test_only_the_bureau_corrects() -> None:
    given(ISSUED).when(correction("26"), by="reviewer").then_refused("role")
    given(ISSUED).when(CUT_SERVICE, by="reviewer").then_refused("stage")
