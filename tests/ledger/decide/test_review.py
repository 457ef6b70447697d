from decimal import Decimal

import pytest

from ledger.case import fold
from ledger.commands import (
    AdjustScore,
    Command,
    ConfirmFigure,
    ConfirmScore,
    CountersignAdjustment,
    MakeRecommendation,
    PinRubric,
    RaiseFinding,
    RecogniseBonus,
    RecordPenalty,
    RefuseBonus,
    RestateClaim,
    RestateFigure,
    WithdrawAdjustment,
)
from ledger.events import (
    AdjustmentCountersigned,
    AdjustmentWithdrawn,
    BonusRecognised,
    BonusRefused,
    ClaimRestated,
    FigureConfirmed,
    FigureRestated,
    FindingRaised,
    PenaltyRecorded,
    RecommendationMade,
    ScoreAdjusted,
    ScoreConfirmed,
)
from ledger.values import Figure
from tests.support.small_case import (
    CLAIMED,
    CUT_SERVICE,
    CUT_SPENDING,
    ISSUED,
    NEVER_FILED,
    OPEN_CASE,
    REVIEWED,
    SUBMITTED,
    on,
)
from tests.support.specification import given, history

AGENCY = pytest.mark.parametrize("account", ["reviewer", "lead"])
CUT = on("2024-10-12", ("reviewer", CUT_SERVICE))
SERVICE_CUT = ScoreAdjusted(
    indicator="service",
    before=Decimal("28.00"),
    award=Decimal("25.50"),
    justification="有两起投诉",
    clause="",
    ground="",
    evidence=(),
)


# Figures and claims, restated --------------------------------------------------------------------

RECOUNTED = Figure(id="spent", indicator="spending", name="支出数", value="180", unit="万元")


@AGENCY
def test_the_agency_puts_its_own_figure_beside_the_submitted_one(account: str) -> None:
    given(SUBMITTED).when(RestateFigure(figure=RECOUNTED, reason="重复列支"), by=account).then(
        FigureRestated(figure=RECOUNTED, reason="重复列支")
    )


def test_the_agency_adds_a_figure_that_nobody_submitted() -> None:
    added = Figure(id="complaints", indicator="service", name="投诉数", value="2")
    given(SUBMITTED).when(RestateFigure(figure=added, reason="补充"), by="reviewer").then(
        FigureRestated(figure=added, reason="补充")
    )


def test_a_restated_figure_names_a_known_indicator_after_submission() -> None:
    lost = Figure(id="lost", indicator="lost", name="x")
    restate = RestateFigure(figure=RECOUNTED, reason="重复列支")
    given(SUBMITTED).when(RestateFigure(figure=lost, reason="x"), by="reviewer").then_refused(
        "unknown-indicator", "lost"
    )
    given(CLAIMED).when(restate, by="reviewer").then_refused("stage")
    given(ISSUED).when(restate, by="reviewer").then_refused("stage")


@AGENCY
def test_a_figure_that_the_review_prints_unchanged_is_confirmed(account: str) -> None:
    given(SUBMITTED).when(ConfirmFigure(figure="spent"), by=account).then(
        FigureConfirmed(figure="spent")
    )


@pytest.mark.parametrize(
    "said",
    [ConfirmFigure(figure="spent"), RestateFigure(figure=RECOUNTED, reason="重复列支")],
    ids=["confirmed", "restated"],
)
def test_a_figure_is_not_confirmed_after_the_review_has_its_say(said: Command) -> None:
    story = SUBMITTED + on("2024-10-01", ("reviewer", said))

    given(story).when(ConfirmFigure(figure="spent"), by="reviewer").then_refused(
        "figure-decided", "spent"
    )


def test_a_confirmed_figure_can_be_restated() -> None:
    story = SUBMITTED + on("2024-10-01", ("reviewer", ConfirmFigure(figure="spent")))
    restated = RestateFigure(figure=RECOUNTED, reason="重复列支")

    assert fold(history(story)).confirmed == {"spent"}
    given(story).when(restated, by="reviewer").then(
        FigureRestated(figure=RECOUNTED, reason="重复列支")
    )
    assert fold(history(story + on("2024-10-02", ("reviewer", restated)))).confirmed == set()


def test_only_a_submitted_figure_is_confirmed_and_only_in_the_review() -> None:
    given(SUBMITTED).when(ConfirmFigure(figure="lost"), by="reviewer").then_refused(
        "unknown-figure", "lost"
    )
    given(CLAIMED).when(ConfirmFigure(figure="spent"), by="reviewer").then_refused("stage")
    given(ISSUED).when(ConfirmFigure(figure="spent"), by="reviewer").then_refused("stage")


def test_the_self_column_is_recorded_as_the_review_prints_it() -> None:
    row = RestateClaim(indicator="service", score=Decimal(30), reason="核查表")
    bonus = RestateClaim(indicator="commendation", score=Decimal(0), reason="核查表")
    given(SUBMITTED).when(row, by="reviewer").then(
        ClaimRestated(indicator="service", score=Decimal("30.00"), reason="核查表")
    )
    given(SUBMITTED).when(bonus, by="reviewer").then(
        ClaimRestated(indicator="commendation", score=Decimal("0.00"), reason="核查表")
    )


@pytest.mark.parametrize(
    ("indicator", "score", "rule"),
    [
        ("lost", "1", "unknown-indicator"),
        ("late-report", "1", "unknown-indicator"),
        ("service", "30.01", "score-range"),
        ("commendation", "3.01", "score-range"),
        ("commendation", "NaN", "score-scale"),
    ],
)
def test_a_restated_claim_fits_its_row(indicator: str, score: str, rule: str) -> None:
    restate = RestateClaim(indicator=indicator, score=Decimal(score), reason="核查表")
    given(SUBMITTED).when(restate, by="reviewer").then_refused(rule)


def test_no_claim_is_restated_before_submission() -> None:
    restate = RestateClaim(indicator="service", score=Decimal(1), reason="核查表")
    given(CLAIMED).when(restate, by="reviewer").then_refused("stage")


# Confirming --------------------------------------------------------------------------------------


@AGENCY
def test_the_agency_confirms_what_was_claimed(account: str) -> None:
    given(SUBMITTED).when(ConfirmScore(indicator="plan"), by=account).then(
        ScoreConfirmed(
            indicator="plan",
            award=Decimal("30.00"),
            justification="",
            clause="",
            ground="",
            evidence=(),
        )
    )


def test_confirming_more_than_the_rule_gives_needs_a_clause_or_a_ground() -> None:
    given(SUBMITTED).when(ConfirmScore(indicator="spending"), by="reviewer").then_refused(
        "discretion", "38.00", "40.00", "clause", "ground"
    )
    given(SUBMITTED).when(
        ConfirmScore(indicator="spending", ground="年底追加预算"), by="reviewer"
    ).then(
        ScoreConfirmed(
            indicator="spending",
            award=Decimal("40.00"),
            justification="",
            clause="",
            ground="年底追加预算",
            evidence=(),
        )
    )


def test_going_back_to_the_claim_needs_a_justification() -> None:
    given(SUBMITTED, CUT).when(ConfirmScore(indicator="service"), by="reviewer").then_refused(
        "justification", "25.50"
    )
    given(SUBMITTED, CUT).when(
        ConfirmScore(indicator="service", justification="投诉不成立"), by="reviewer"
    ).then(
        ScoreConfirmed(
            indicator="service",
            award=Decimal("28.00"),
            justification="投诉不成立",
            clause="",
            ground="",
            evidence=(),
        )
    )


def test_a_confirmation_names_a_known_indicator_and_filed_evidence() -> None:
    given(SUBMITTED).when(ConfirmScore(indicator="lost"), by="reviewer").then_refused(
        "unknown-indicator"
    )
    given(SUBMITTED).when(
        ConfirmScore(indicator="plan", evidence=(NEVER_FILED,)), by="reviewer"
    ).then_refused("unknown-evidence")


def test_nothing_is_confirmed_before_submission_or_after_issue() -> None:
    given(CLAIMED).when(ConfirmScore(indicator="plan"), by="reviewer").then_refused("stage")
    given(ISSUED).when(ConfirmScore(indicator="plan"), by="reviewer").then_refused("stage")


# Adjusting ---------------------------------------------------------------------------------------


@AGENCY
def test_the_agency_adjusts_a_score_and_says_why(account: str) -> None:
    given(SUBMITTED).when(CUT_SERVICE, by=account).then(SERVICE_CUT)


def test_an_adjustment_of_an_award_starts_from_the_award() -> None:
    further = AdjustScore(indicator="service", award=Decimal(20), justification="又有投诉")
    given(SUBMITTED, CUT).when(further, by="lead").then(
        ScoreAdjusted(
            indicator="service",
            before=Decimal("25.50"),
            award=Decimal("20.00"),
            justification="又有投诉",
            clause="",
            ground="",
            evidence=(),
        )
    )


def test_an_adjustment_keeps_its_clause_its_ground_and_its_evidence() -> None:
    odd = AdjustScore(
        indicator="plan",
        award=Decimal(20),
        justification="计划晚批",
        clause="附件1 第二条",
        ground="疫情",
        evidence=("a" * 64,),
    )
    given(SUBMITTED).when(odd, by="reviewer").then(
        ScoreAdjusted(
            indicator="plan",
            before=Decimal("30.00"),
            award=Decimal("20.00"),
            justification="计划晚批",
            clause="附件1 第二条",
            ground="疫情",
            evidence=("a" * 64,),
        )
    )


def adjustment(award: str, indicator: str = "service", why: str = "有两起投诉") -> AdjustScore:
    return AdjustScore(indicator=indicator, award=Decimal(award), justification=why)


@pytest.mark.parametrize("why", ["", " ", "\u3000", "\n\t"])
def test_an_adjustment_without_a_justification_is_refused(why: str) -> None:
    given(SUBMITTED).when(adjustment("20", why=why), by="reviewer").then_refused(
        "justification", "service", "调整得分须说明理由"
    )


@pytest.mark.parametrize(
    ("award", "rule", "words"),
    [
        ("30.01", "score-range", "outside 0 to 30"),
        ("31", "score-range", "31.00 不在 0～30"),
        ("-1", "score-range", "-1.00 不在 0～30"),
        ("-0.01", "score-range", "outside 0 to 30"),
        ("16.005", "score-scale", "16.005 超过 2 位小数"),
        ("0.0000001", "score-scale", "6 位小数"),
        ("-0", "score-scale", "应写成 0"),
        ("-0.00", "score-scale", "must be written as 0"),
        ("NaN", "score-scale", "NaN 不是数"),
        ("sNaN", "score-scale", "is not a number"),
        ("Infinity", "score-scale", "Infinity 不是数"),
        ("-Infinity", "score-scale", "is not a number"),
        ("1e400", "score-scale", "不用指数写法"),
        ("2E+1", "score-scale", "without an exponent"),
        ("123456789012345678901", "score-scale", "20 位数字"),
    ],
)
def test_an_award_that_is_no_score_of_the_row_is_refused(award: str, rule: str, words: str) -> None:
    given(SUBMITTED).when(adjustment(award), by="reviewer").then_refused(
        rule, "服务对象满意度", words
    )


@pytest.mark.parametrize("award", ["16.00", "16.0", "16", "16.0000"])
def test_an_award_is_recorded_with_the_decimals_of_the_rubric(award: str) -> None:
    given(SUBMITTED).when(adjustment(award), by="reviewer").then(
        ScoreAdjusted(
            indicator="service",
            before=Decimal("28.00"),
            award=Decimal("16.00"),
            justification="有两起投诉",
            clause="",
            ground="",
            evidence=(),
        )
    )


def test_an_adjustment_of_an_unknown_indicator_is_refused() -> None:
    given(SUBMITTED).when(adjustment("20", "sevrice"), by="reviewer").then_refused(
        "unknown-indicator", "sevrice", "spending、plan、service"
    )


def test_an_adjustment_that_changes_nothing_is_refused() -> None:
    given(SUBMITTED).when(adjustment("28"), by="reviewer").then_refused("no-change", "confirm it")
    given(SUBMITTED, CUT).when(adjustment("25.5"), by="reviewer").then_refused("no-change")


def test_an_adjustment_cites_filed_evidence() -> None:
    bare = AdjustScore(
        indicator="service", award=Decimal(1), justification="x", evidence=("a" * 64, NEVER_FILED)
    )
    given(SUBMITTED).when(bare, by="reviewer").then_refused("unknown-evidence", "ffffffffffff")


def test_an_award_beside_the_rule_needs_a_clause_or_a_ground() -> None:
    given(SUBMITTED).when(adjustment("37.99", "spending"), by="reviewer").then_refused(
        "discretion", "38.00", "37.99"
    )
    given(SUBMITTED).when(
        AdjustScore(
            indicator="spending", award=Decimal(30), justification="x", clause=" ", ground="\n"
        ),
        by="reviewer",
    ).then_refused("discretion")


def test_an_award_as_the_rule_gives_it_needs_neither() -> None:
    given(SUBMITTED).when(adjustment("38", "spending"), by="reviewer").then(
        ScoreAdjusted(
            indicator="spending",
            before=Decimal("40.00"),
            award=Decimal("38.00"),
            justification="有两起投诉",
            clause="",
            ground="",
            evidence=(),
        )
    )


@pytest.mark.parametrize("account", ["filer", "clerk", "auditor", "admin"])
def test_only_the_agency_adjusts(account: str) -> None:
    given(SUBMITTED).when(CUT_SERVICE, by=account).then_refused(
        "role", "调整得分", account, "核查人员"
    )


def test_another_agency_adjusts_nothing() -> None:
    given(SUBMITTED).when(CUT_SERVICE, by="other-reviewer").then_refused(
        "organisation", "review-agency", "other-agency"
    )


@pytest.mark.parametrize("story", [CLAIMED, ISSUED], ids=["before submission", "after issue"])
def test_nothing_is_adjusted_at_another_stage(story: tuple[object, ...]) -> None:
    given(story).when(CUT_SERVICE, by="reviewer").then_refused("stage", "核查", "'draft'")  # type: ignore[arg-type]


def test_nothing_is_adjusted_without_a_case() -> None:
    given().when(CUT_SERVICE, by="reviewer").then_refused("no-case")


def test_an_adjustment_sent_twice_happens_once() -> None:
    sent = given(SUBMITTED).when(CUT_SERVICE, by="reviewer", key="cut-1").then(SERVICE_CUT)
    sent.again().when(CUT_SERVICE, by="reviewer", key="cut-1").then_nothing()


def test_the_same_key_for_another_adjustment_is_refused() -> None:
    sent = given(SUBMITTED).when(CUT_SERVICE, by="reviewer", key="cut-1").then(SERVICE_CUT)
    sent.again().when(adjustment("25.4"), by="reviewer", key="cut-1").then_refused(
        "command-id", "cut-1", "换用其他编号"
    )
    sent.again().when(CUT_SERVICE, by="lead", key="cut-1").then_refused("command-id")


def test_letters_that_cannot_be_stored_are_refused() -> None:
    """A lone surrogate is what a command line makes of bytes that are no UTF-8."""
    given(SUBMITTED).when(adjustment("20", why="理由\udcff"), by="reviewer").then_refused(
        "unreadable", "无效字符"
    )


def test_a_justification_of_a_whole_book_is_refused() -> None:
    book = AdjustScore(
        indicator="service",
        award=Decimal(1),
        justification="见附件",
        ground="此处略去三万字。" * 4000,
    )
    given(SUBMITTED).when(book, by="reviewer").then_refused("too-large", "65535", "佐证材料")


# Signing and taking back -------------------------------------------------------------------------

SIGN = CountersignAdjustment(indicator="service", note="同意")
TAKE_BACK = WithdrawAdjustment(indicator="service", reason="投诉人撤诉")
CUT_VERSION = len(SUBMITTED) + 1


def test_a_second_person_of_the_agency_signs_an_award() -> None:
    given(SUBMITTED, CUT).when(SIGN, by="lead").then(
        AdjustmentCountersigned(indicator="service", adjustment=CUT_VERSION, note="同意")
    )


def test_nobody_signs_an_award_of_their_own() -> None:
    given(SUBMITTED, CUT).when(SIGN, by="reviewer").then_refused("own-award", "另一账号")


def test_an_award_is_signed_once() -> None:
    signed = on("2024-10-13", ("lead", SIGN))
    given(SUBMITTED, CUT, signed).when(SIGN, by="lead").then_refused("countersigned", "lead")


def test_a_new_award_wants_a_new_signature() -> None:
    signed = on("2024-10-13", ("lead", SIGN), ("reviewer", adjustment("20")))
    given(SUBMITTED, CUT, signed).when(SIGN, by="lead").then(
        AdjustmentCountersigned(indicator="service", adjustment=CUT_VERSION + 2, note="同意")
    )


def test_an_award_is_taken_back() -> None:
    given(SUBMITTED, CUT).when(TAKE_BACK, by="lead").then(
        AdjustmentWithdrawn(indicator="service", adjustment=CUT_VERSION, reason="投诉人撤诉")
    )


@pytest.mark.parametrize("command", [SIGN, TAKE_BACK])
def test_without_an_award_there_is_nothing_to_sign_or_take_back(command: Command) -> None:
    given(SUBMITTED).when(command, by="lead").then_refused("no-award", "Confirm or adjust")
    given(SUBMITTED, CUT, on("2024-10-13", ("lead", TAKE_BACK))).when(
        command, by="lead"
    ).then_refused("no-award")


@pytest.mark.parametrize("command", [SIGN, TAKE_BACK])
def test_nothing_is_signed_or_taken_back_at_another_stage(command: Command) -> None:
    given(CLAIMED).when(command, by="lead").then_refused("stage")
    given(ISSUED).when(command, by="lead").then_refused("stage")


def test_after_a_withdrawal_the_claim_stands_again() -> None:
    back = on("2024-10-13", ("lead", TAKE_BACK))
    given(SUBMITTED, CUT, back).when(CUT_SERVICE, by="reviewer").then(SERVICE_CUT)


# Bonus and penalty -------------------------------------------------------------------------------

RECOGNISE = RecogniseBonus(
    item="flag", points=Decimal("1.5"), justification="有文件", clause="加分"
)
REFUSE = RefuseBonus(item="flag", justification="不是市级表彰", clause="加分")
PENALTY = RecordPenalty(item="late", title="迟报", points=Decimal(2), justification="晚报 5 天")


def test_the_agency_recognises_a_bonus_item() -> None:
    given(SUBMITTED).when(RECOGNISE, by="reviewer").then(
        BonusRecognised(
            item="flag",
            points=Decimal("1.50"),
            justification="有文件",
            clause="加分",
            evidence=(),
        )
    )


def test_the_agency_refuses_a_bonus_item() -> None:
    given(SUBMITTED).when(REFUSE, by="reviewer").then(
        BonusRefused(item="flag", justification="不是市级表彰", clause="加分")
    )


def test_a_bonus_item_that_nobody_claimed_neither_counts_nor_is_refused() -> None:
    given(SUBMITTED).when(
        RecogniseBonus(item="medal", points=Decimal(1), justification="x"), by="reviewer"
    ).then_refused("unknown-item", "medal", "flag、letter")
    given(SUBMITTED).when(RefuseBonus(item="medal", justification="x"), by="reviewer").then_refused(
        "unknown-item", "medal"
    )


@pytest.mark.parametrize(
    ("points", "rule"), [("3.01", "score-range"), ("-1", "score-range"), ("NaN", "score-scale")]
)
def test_points_of_a_bonus_item_stay_within_the_cap(points: str, rule: str) -> None:
    recognise = RecogniseBonus(item="flag", points=Decimal(points), justification="x")
    given(SUBMITTED).when(recognise, by="reviewer").then_refused(rule, "flag")


def test_a_recognised_bonus_cites_filed_evidence() -> None:
    bare = RecogniseBonus(
        item="flag", points=Decimal(1), justification="x", evidence=(NEVER_FILED,)
    )
    given(SUBMITTED).when(bare, by="reviewer").then_refused("unknown-evidence")


@pytest.mark.parametrize("account", ["reviewer", "lead"])
def test_the_agency_takes_points_away(account: str) -> None:
    given(SUBMITTED).when(PENALTY, by=account).then(
        PenaltyRecorded(
            item="late",
            title="迟报",
            points=Decimal("2.00"),
            justification="晚报 5 天",
            clause="",
            evidence=(),
        )
    )


@pytest.mark.parametrize(
    ("points", "rule"), [("4.01", "score-range"), ("-2", "score-range"), ("0.001", "score-scale")]
)
def test_points_of_a_penalty_are_positive_and_stay_within_the_cap(points: str, rule: str) -> None:
    penalty = RecordPenalty(item="late", title="迟报", points=Decimal(points), justification="x")
    given(SUBMITTED).when(penalty, by="reviewer").then_refused(rule, "迟报")


def test_a_penalty_cites_filed_evidence() -> None:
    bare = RecordPenalty(
        item="late", title="迟报", points=Decimal(1), justification="x", evidence=(NEVER_FILED,)
    )
    given(SUBMITTED).when(bare, by="reviewer").then_refused("unknown-evidence")


def test_a_penalty_needs_a_rubric_that_has_one() -> None:
    plain = tuple(
        (account, PinRubric(rubric="small", edition="2023-plain"), day)
        if isinstance(command, PinRubric)
        else (account, command, day)
        for account, command, day in SUBMITTED
        if type(command).__name__ != "ClaimBonus"
    )
    given(plain).when(PENALTY, by="reviewer").then_refused("no-extra", "减分", "penalty")


@pytest.mark.parametrize("command", [RECOGNISE, REFUSE, PENALTY])
def test_bonus_and_penalty_belong_to_the_review(command: Command) -> None:
    given(CLAIMED).when(command, by="reviewer").then_refused("stage")
    given(ISSUED).when(command, by="reviewer").then_refused("stage")


@pytest.mark.parametrize("command", [REFUSE, RECOGNISE, PENALTY])
@pytest.mark.parametrize("why", ["", " "])
def test_bonus_and_penalty_need_a_justification(command: Command, why: str) -> None:
    from msgspec.structs import replace  # noqa: PLC0415

    given(SUBMITTED).when(replace(command, justification=why), by="reviewer").then_refused(
        "unreadable", "justification"
    )


# Findings and recommendations --------------------------------------------------------------------

FINDING = RaiseFinding(
    finding="slow-payment", title="支付慢", statement="四季度才支付", indicators=("spending",)
)
ADVICE = MakeRecommendation(
    recommendation="pay-early", title="加快支付", statement="按季支付", findings=("slow-payment",)
)
FOUND = on("2024-10-20", ("reviewer", FINDING))


def test_the_agency_raises_a_finding_on_some_rows() -> None:
    given(SUBMITTED).when(FINDING, by="reviewer").then(
        FindingRaised(
            finding="slow-payment",
            title="支付慢",
            statement="四季度才支付",
            indicators=("spending",),
        )
    )


def test_a_finding_concerns_known_indicators() -> None:
    lost = RaiseFinding(finding="x", title="x", statement="x", indicators=("plan", "lost"))
    given(SUBMITTED).when(lost, by="reviewer").then_refused("unknown-indicator", "lost")


def test_a_recommendation_answers_findings_that_were_raised() -> None:
    given(SUBMITTED, FOUND).when(ADVICE, by="reviewer").then(
        RecommendationMade(
            recommendation="pay-early",
            title="加快支付",
            statement="按季支付",
            findings=("slow-payment",),
        )
    )
    given(SUBMITTED).when(ADVICE, by="reviewer").then_refused("unknown-finding", "slow-payment")


@pytest.mark.parametrize("command", [FINDING, ADVICE])
def test_findings_and_recommendations_belong_to_the_review(command: Command) -> None:
    given(CLAIMED).when(command, by="reviewer").then_refused("stage")
    given(REVIEWED, ISSUED[-1:]).when(command, by="reviewer").then_refused("stage")


def test_no_finding_without_a_rubric() -> None:
    given(on("2024-07-01", ("clerk", OPEN_CASE))).when(FINDING, by="reviewer").then_refused(
        "no-agency", "commissioned"
    )


def test_the_cut_of_spending_cites_what_the_reviewer_filed() -> None:
    given(REVIEWED[: len(SUBMITTED) + 1]).when(CUT_SPENDING, by="reviewer").then(
        ScoreAdjusted(
            indicator="spending",
            before=Decimal("40.00"),
            award=Decimal("38.00"),
            justification="执行率 95%",
            clause="附件1 第一条",
            ground="",
            evidence=("b" * 64,),
        )
    )
