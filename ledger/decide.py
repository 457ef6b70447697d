"""What a command does to a case: events, or a refusal that says why. Pure.

One function for each command, in the order of a case's life. Rules that need arithmetic ask the
rubric for it.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never

from ledger.case import Award, Case
from ledger.commands import (
    AdjustScore,
    CaseCommand,
    ClaimBonus,
    ClaimScore,
    CommissionReview,
    ConfirmScore,
    CorrectResult,
    CountersignAdjustment,
    FileEvidence,
    IssueResult,
    MakeRecommendation,
    OpenCase,
    PinRubric,
    PublishResult,
    RaiseFinding,
    RecogniseBonus,
    RecordPenalty,
    RecordReceipt,
    RefuseBonus,
    Refused,
    RestateClaim,
    RestateFigure,
    ReturnSubmission,
    SendDraft,
    SubmitFigure,
    SubmitSelfEvaluation,
    WithdrawAdjustment,
    WithdrawFigure,
)
from ledger.editions import Editions
from ledger.events import (
    AdjustmentCountersigned,
    AdjustmentWithdrawn,
    BonusClaimed,
    BonusRecognised,
    BonusRefused,
    CaseEvent,
    CaseOpened,
    ClaimRestated,
    DraftSent,
    EvidenceFiled,
    FigureRestated,
    FigureSubmitted,
    FigureWithdrawn,
    FindingRaised,
    PenaltyRecorded,
    RecommendationMade,
    ResultCorrected,
    ResultIssued,
    ResultPublished,
    ResultReceived,
    ReviewCommissioned,
    RubricPinned,
    ScoreAdjusted,
    ScoreClaimed,
    ScoreConfirmed,
    SelfEvaluationSubmitted,
    SubmissionReturned,
)
from ledger.recorded import By
from ledger.rubric import Extra, Indicator, Rubric, Totals
from ledger.values import IndicatorId, Invalid, Sha256, Stage, exact

STAGES: dict[Stage, str] = {
    "open": "自评填报",
    "submitted": "核查",
    "draft": "征求意见",
    "issued": "已印发",
    "closed": "已办结",
}


def decide(command: CaseCommand, case: Case, by: By, editions: Editions) -> list[CaseEvent]:  # noqa: C901, PLR0911, PLR0912 - one line a command
    """The events that a command makes of a case.

    Args:
        command: what is asked for.
        case: what its history has come to.
        by: who asks, already authorised.
        editions: of the rubric that the case has pinned, or is about to pin.

    Raises:
        Refused: a rule forbids it now. `rule` names it.
    """
    match command:
        case OpenCase():
            return _open_case(command, case)
        case PinRubric():
            return _pin_rubric(command, case, editions)
        case CommissionReview():
            return _commission_review(command, case)
        case SubmitFigure():
            return _submit_figure(command, case, editions)
        case WithdrawFigure():
            return _withdraw_figure(command, case)
        case FileEvidence():
            return _file_evidence(command, case)
        case ClaimScore():
            return _claim_score(command, case, editions)
        case ClaimBonus():
            return _claim_bonus(command, case, editions)
        case SubmitSelfEvaluation():
            return _submit_self_evaluation(command, case, editions)
        case ReturnSubmission():
            return _return_submission(command, case)
        case RestateFigure():
            return _restate_figure(command, case, editions)
        case RestateClaim():
            return _restate_claim(command, case, editions)
        case ConfirmScore():
            return _confirm_score(command, case, editions)
        case AdjustScore():
            return _adjust_score(command, case, editions)
        case CountersignAdjustment():
            return _countersign_adjustment(command, case, by)
        case WithdrawAdjustment():
            return _withdraw_adjustment(command, case)
        case RecogniseBonus():
            return _recognise_bonus(command, case, editions)
        case RefuseBonus():
            return _refuse_bonus(command, case)
        case RecordPenalty():
            return _record_penalty(command, case, editions)
        case RaiseFinding():
            return _raise_finding(command, case, editions)
        case MakeRecommendation():
            return _make_recommendation(command, case)
        case SendDraft():
            return _send_draft(command, case, editions)
        case IssueResult():
            return _issue_result(command, case, editions)
        case RecordReceipt():
            return _record_receipt(command, case)
        case CorrectResult():
            return _correct_result(command, case, editions)
        case PublishResult():
            _must_be(case, "issued", "closed")
            return [ResultPublished(place=command.place)]
        case _:
            assert_never(command)


# What several commands ask -----------------------------------------------------------------------


def _must_exist(case: Case) -> CaseOpened:
    if case.opened is None:
        raise Refused(
            "no-case",
            "评价事项不存在；请先立项：scoretrail case open …",
            "there is no such case; open it first: scoretrail case open …",
        )
    return case.opened


def _must_be(case: Case, *stages: Stage) -> None:
    _must_exist(case)
    if case.stage not in stages:
        wanted = "、".join(STAGES[stage] for stage in stages)
        raise Refused(
            "stage",
            f"现在是“{STAGES[case.stage]}”阶段，这一步只能在“{wanted}”阶段做",
            f"the case is at the stage “{case.stage}”; this is done at: {', '.join(stages)}",
        )


def _pinned(case: Case, editions: Editions) -> Rubric:
    _must_exist(case)
    if case.pinned is None:
        raise Refused(
            "no-rubric",
            "还没有选定指标体系；请先执行 scoretrail case pin …",
            "no rubric is pinned yet; first: scoretrail case pin …",
        )
    return editions.rubric(case.pinned.edition)


def _indicator(rubric: Rubric, indicator: IndicatorId) -> Indicator:
    if found := rubric.by_id.get(indicator):
        return found
    known = "、".join(rubric.by_id)
    raise Refused(
        "unknown-indicator",
        f"指标体系中没有指标 {indicator}；可用：{known}",
        f"the rubric has no indicator {indicator}; it has: {known}",
    )


def _score(rubric: Rubric, score: Decimal, most: Decimal, what: str) -> Decimal:
    """The score in the rubric's scale, within [0, most]."""
    try:
        scaled = rubric.in_scale(score)
    except Invalid as error:
        raise Refused(
            "score-scale", f"{what}:{error.text.zh}", f"{what}: {error.text.en}"
        ) from None
    if not 0 <= scaled <= most:
        raise Refused(
            "score-range",
            f"{what}：{scaled} 超出 0 至 {most}",
            f"{what}: {scaled} is outside 0 to {most}",
        )
    return scaled


def _printed(*numbers: Decimal | None) -> None:
    """A printed number may have any decimals, but it is a number."""
    try:
        exact(*numbers)
    except Invalid as error:
        raise Refused(
            "printed-number",
            f"文件所列数字：{error.text.zh}",
            f"a number that the document prints: {error.text.en}",
        ) from None


def _must_say(words: str, zh: str, en: str) -> str:
    if not words.strip():
        raise Refused("justification", zh, en)
    return words


def _must_be_filed(case: Case, evidence: Iterable[Sha256]) -> None:
    for sha256 in evidence:
        if sha256 not in case.evidence:
            raise Refused(
                "unknown-evidence",
                f"佐证材料 {sha256[:12]}… 没有提交过；请先提交：scoretrail submit evidence …",
                f"the evidence {sha256[:12]}… was never filed; first: scoretrail submit evidence …",
            )


def _extra(extra: Extra | None, zh: str, en: str) -> Extra:
    if extra is None:
        raise Refused(
            "no-extra",
            f"指标体系没有{zh}项，不能记{zh}；请按三级指标评分",
            f"the rubric has no {en} and none can be given; score the indicators instead",
        )
    return extra


def _must_cite(
    case: Case, rubric: Rubric, award: Decimal, command: AdjustScore | ConfirmScore
) -> None:
    """Discretion (酌情) needs a clause or a stated ground."""
    if command.clause.strip() or command.ground.strip():
        return
    result = rubric.rule_result(rubric.by_id[command.indicator], case.figures_in_force)
    if result.lowest <= award <= result.highest:
        return
    given = str(result.score) if result.score is not None else f"{result.lowest}–{result.highest}"
    raise Refused(
        "discretion",
        f"{command.indicator}：按标准得 {given}，核查得分 {award} 属酌情，"
        "须写明条款（clause）或理由（ground）",
        f"{command.indicator}: the rule gives {given}; an award of {award} is discretion"
        " and needs a clause or a stated ground",
    )


def discretionary(case: Case, rubric: Rubric) -> list[IndicatorId]:
    """Rows whose award differs from what the rule allows with the figures now in force."""
    figures = case.figures_in_force
    rows = []
    for indicator in rubric.indicators:
        award = case.awards.get(indicator.id)
        if award is None:
            continue
        result = rubric.rule_result(indicator, figures)
        if not result.lowest <= award.score <= result.highest:
            rows.append(indicator.id)
    return rows


def uncountersigned(case: Case, rubric: Rubric) -> list[IndicatorId]:
    """Rows of discretion that no second person has signed."""
    return [row for row in discretionary(case, rubric) if not case.awards[row].countersigned]


# Opening -----------------------------------------------------------------------------------------


def _open_case(command: OpenCase, case: Case) -> list[CaseEvent]:
    if case.opened is not None:
        raise Refused(
            "case-exists",
            f"评价事项 {case.id} 已存在；请换一个编号",
            f"the case {case.id} exists already; choose another id",
        )
    return [
        CaseOpened(
            title=command.title,
            year=command.year,
            unit=command.unit,
            unit_name=command.unit_name,
            bureau=command.bureau,
            bureau_name=command.bureau_name,
            notice=command.notice,
        )
    ]


def _pin_rubric(command: PinRubric, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "open")
    if case.pinned is not None:
        raise Refused(
            "rubric-pinned",
            f"已选定 {case.pinned.rubric} 的 {case.pinned.edition} 版；一个评价事项只用这一版",
            f"edition {case.pinned.edition} of {case.pinned.rubric} is pinned already;"
            " the case keeps it",
        )
    sha256 = editions.digest(command.edition)
    return [RubricPinned(rubric=command.rubric, edition=command.edition, sha256=sha256)]


def _commission_review(command: CommissionReview, case: Case) -> list[CaseEvent]:
    _must_be(case, "open", "submitted")
    if command.agency == case.unit:
        raise Refused(
            "own-review",
            "核查机构不能是被评价单位自己；请委托另一家机构",
            "the reviewed unit cannot be its own reviewing agency; commission another one",
        )
    if case.commissioned is not None and case.awards:
        raise Refused(
            "review-begun",
            f"{case.agency} 已开始核查，不能换机构",
            f"{case.agency} has begun the review; the agency cannot be changed",
        )
    return [
        ReviewCommissioned(
            agency=command.agency, agency_name=command.agency_name, number=command.number
        )
    ]


# Self-evaluation ---------------------------------------------------------------------------------


def _submit_figure(command: SubmitFigure, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "open")
    _indicator(_pinned(case, editions), command.figure.indicator)
    return [FigureSubmitted(figure=command.figure)]


def _withdraw_figure(command: WithdrawFigure, case: Case) -> list[CaseEvent]:
    _must_be(case, "open")
    if command.figure not in case.figures:
        known = "、".join(case.figures) or "-"
        raise Refused(
            "unknown-figure",
            f"没有填报过指标值 {command.figure}；已填报：{known}",
            f"no figure {command.figure} was submitted; submitted: {known}",
        )
    return [FigureWithdrawn(figure=command.figure, reason=command.reason)]


def _file_evidence(command: FileEvidence, case: Case) -> list[CaseEvent]:
    _must_be(case, "open", "submitted", "draft", "issued")
    if command.evidence.sha256 in case.evidence:
        raise Refused(
            "evidence-filed",
            f"这份材料已提交过：{case.evidence[command.evidence.sha256].title}；直接引用即可",
            f"this file is filed already: {case.evidence[command.evidence.sha256].title};"
            " cite it as it is",
        )
    return [EvidenceFiled(evidence=command.evidence)]


def _claim_score(command: ClaimScore, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "open")
    rubric = _pinned(case, editions)
    indicator = _indicator(rubric, command.indicator)
    score = _score(rubric, command.score, indicator.weight, indicator.path[-1])
    _must_be_filed(case, command.evidence)
    return [
        ScoreClaimed(
            indicator=command.indicator,
            score=score,
            justification=command.justification,
            evidence=command.evidence,
        )
    ]


def _claim_bonus(command: ClaimBonus, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "open")
    rubric = _pinned(case, editions)
    extra = _extra(rubric.bonus, "加分", "bonus")
    points = _score(rubric, command.points, extra.cap, command.title)
    _must_be_filed(case, command.evidence)
    return [
        BonusClaimed(
            item=command.item,
            title=command.title,
            issuer=command.issuer,
            number=command.number,
            points=points,
            evidence=command.evidence,
        )
    ]


def _submit_self_evaluation(
    command: SubmitSelfEvaluation, case: Case, editions: Editions
) -> list[CaseEvent]:
    _must_be(case, "open")
    rubric = _pinned(case, editions)
    lacking = [row.id for row in rubric.indicators if row.id not in case.claims]
    if lacking:
        raise Refused(
            "claims-missing",
            f"还有 {len(lacking)} 项没有自评得分，请先填报：{'、'.join(lacking)}",
            f"{len(lacking)} indicators have no claim yet, claim them first: {', '.join(lacking)}",
        )
    _printed(command.printed_base, command.printed_bonus, command.printed_total)
    return [
        SelfEvaluationSubmitted(
            number=command.number,
            printed_base=command.printed_base,
            printed_bonus=command.printed_bonus,
            printed_total=command.printed_total,
            printed_grade=command.printed_grade,
        )
    ]


def _return_submission(command: ReturnSubmission, case: Case) -> list[CaseEvent]:
    _must_be(case, "submitted")
    if case.awards:
        raise Refused(
            "review-begun",
            "已有核查得分，不能再退回自评；确要退回请先撤回核查得分",
            "awards exist already; withdraw them before the self-evaluation can be returned",
        )
    return [SubmissionReturned(reason=command.reason)]


# Review ------------------------------------------------------------------------------------------


def _restate_figure(command: RestateFigure, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    _indicator(_pinned(case, editions), command.figure.indicator)
    return [FigureRestated(figure=command.figure, reason=command.reason)]


def _restate_claim(command: RestateClaim, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    rubric = _pinned(case, editions)
    if rubric.bonus and command.indicator == rubric.bonus.id:
        score = _score(rubric, command.score, rubric.bonus.cap, rubric.bonus.name)
    else:
        indicator = _indicator(rubric, command.indicator)
        score = _score(rubric, command.score, indicator.weight, indicator.path[-1])
    return [ClaimRestated(indicator=command.indicator, score=score, reason=command.reason)]


def _confirm_score(command: ConfirmScore, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    rubric = _pinned(case, editions)
    _indicator(rubric, command.indicator)
    award = case.claims[command.indicator]
    standing = case.awards.get(command.indicator)
    if standing and standing.score != award:
        _must_say(
            command.justification,
            f"{command.indicator} 已有核查得分 {standing.score}，"
            "恢复自评得分须写明理由（justification）",
            f"{command.indicator} stands at {standing.score}; going back to the claim needs a"
            " justification",
        )
    _must_be_filed(case, command.evidence)
    _must_cite(case, rubric, award, command)
    return [
        ScoreConfirmed(
            indicator=command.indicator,
            award=award,
            justification=command.justification,
            clause=command.clause,
            ground=command.ground,
            evidence=command.evidence,
        )
    ]


def _adjust_score(command: AdjustScore, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    rubric = _pinned(case, editions)
    indicator = _indicator(rubric, command.indicator)
    award = _score(rubric, command.award, indicator.weight, indicator.path[-1])
    justification = _must_say(
        command.justification,
        f"调整 {command.indicator} 必须写明理由（justification）",
        f"an adjustment of {command.indicator} needs a justification",
    )
    standing = case.awards.get(command.indicator)
    before = standing.score if standing else case.claims[command.indicator]
    if before == award:
        raise Refused(
            "no-change",
            f"{command.indicator} 现在就是 {award}；与自评一致请用 confirm-score",
            f"{command.indicator} stands at {award} already; to award the claim use confirm-score",
        )
    _must_be_filed(case, command.evidence)
    _must_cite(case, rubric, award, command)
    return [
        ScoreAdjusted(
            indicator=command.indicator,
            before=before,
            award=award,
            justification=justification,
            clause=command.clause,
            ground=command.ground,
            evidence=command.evidence,
        )
    ]


def _standing(case: Case, indicator: IndicatorId) -> Award:
    if award := case.awards.get(indicator):
        return award
    raise Refused(
        "no-award",
        f"{indicator} 还没有核查得分；请先用 confirm-score 或 adjust-score",
        f"{indicator} has no award yet; first use confirm-score or adjust-score",
    )


def _countersign_adjustment(command: CountersignAdjustment, case: Case, by: By) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    award = _standing(case, command.indicator)
    if award.by == by.account:
        raise Refused(
            "own-award",
            f"{by.account} 不能复核自己给的分；请由同一机构的另一账号签认",
            f"{by.account} cannot countersign an award of their own;"
            " another account of the agency must",
        )
    if award.countersigned:
        raise Refused(
            "countersigned",
            f"{command.indicator} 已由 {award.countersigned} 签认，不必再签",
            f"{command.indicator} is countersigned by {award.countersigned} already;"
            " once is enough",
        )
    return [
        AdjustmentCountersigned(
            indicator=command.indicator, adjustment=award.version, note=command.note
        )
    ]


def _withdraw_adjustment(command: WithdrawAdjustment, case: Case) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    award = _standing(case, command.indicator)
    return [
        AdjustmentWithdrawn(
            indicator=command.indicator, adjustment=award.version, reason=command.reason
        )
    ]


def _claimed_item(case: Case, item: str) -> None:
    if item not in case.bonus_claims:
        known = "、".join(case.bonus_claims) or "-"
        raise Refused(
            "unknown-item",
            f"没有申报过加分项 {item}；已申报：{known}",
            f"no bonus item {item} was claimed; claimed: {known}",
        )


def _recognise_bonus(command: RecogniseBonus, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    rubric = _pinned(case, editions)
    extra = _extra(rubric.bonus, "加分", "bonus")
    _claimed_item(case, command.item)
    points = _score(rubric, command.points, extra.cap, command.item)
    _must_be_filed(case, command.evidence)
    return [
        BonusRecognised(
            item=command.item,
            points=points,
            justification=command.justification,
            clause=command.clause,
            evidence=command.evidence,
        )
    ]


def _refuse_bonus(command: RefuseBonus, case: Case) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    _claimed_item(case, command.item)
    return [
        BonusRefused(item=command.item, justification=command.justification, clause=command.clause)
    ]


def _record_penalty(command: RecordPenalty, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    rubric = _pinned(case, editions)
    extra = _extra(rubric.penalty, "减分", "penalty")
    points = _score(rubric, command.points, extra.cap, command.title)
    _must_be_filed(case, command.evidence)
    return [
        PenaltyRecorded(
            item=command.item,
            title=command.title,
            points=points,
            justification=command.justification,
            clause=command.clause,
            evidence=command.evidence,
        )
    ]


def _raise_finding(command: RaiseFinding, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    rubric = _pinned(case, editions)
    for indicator in command.indicators:
        _indicator(rubric, indicator)
    return [
        FindingRaised(
            finding=command.finding,
            title=command.title,
            statement=command.statement,
            indicators=command.indicators,
        )
    ]


def _make_recommendation(command: MakeRecommendation, case: Case) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    for finding in command.findings:
        if finding not in case.findings:
            known = "、".join(sorted(case.findings)) or "-"
            raise Refused(
                "unknown-finding",
                f"没有提出过问题 {finding}；已提出：{known}",
                f"no finding {finding} was raised; raised: {known}",
            )
    return [
        RecommendationMade(
            recommendation=command.recommendation,
            title=command.title,
            statement=command.statement,
            findings=command.findings,
        )
    ]


# Result ------------------------------------------------------------------------------------------


def _totals_to_go_out(case: Case, rubric: Rubric) -> Totals:
    """The totals of a case that is complete and signed enough to leave the house."""
    lacking = [row.id for row in rubric.indicators if row.id not in case.awards]
    lacking += [item for item in case.bonus_claims if item not in case.bonus]
    if lacking:
        raise Refused(
            "awards-missing",
            f"还有 {len(lacking)} 项没有核查结论：{'、'.join(lacking)}",
            f"{len(lacking)} rows or bonus items have no award yet: {', '.join(lacking)}",
        )
    rows = discretionary(case, rubric)  # figures may have been restated since an award was made
    if unstated := [row for row in rows if not case.awards[row].stated]:
        raise Refused(
            "discretion",
            f"与按标准得分不同而没有写明条款或理由：{'、'.join(unstated)}；请撤回后写明再给分",
            "awards that differ from the rule without a clause or a ground:"
            f" {', '.join(unstated)}; withdraw them and award again with one",
        )
    if unsigned := uncountersigned(case, rubric):
        raise Refused(
            "not-countersigned",
            f"酌情给分须由第二人签认后才能发出，尚缺：{'、'.join(unsigned)}",
            "discretion needs a second signature before it goes out; lacking:"
            f" {', '.join(unsigned)}",
        )
    return rubric.totals(case.awarded, case.bonus.values(), case.penalties.values())


def _send_draft(command: SendDraft, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    totals = _totals_to_go_out(case, _pinned(case, editions))
    return [
        DraftSent(number=command.number, computed_total=totals.total, respond_by=command.respond_by)
    ]


def _issue_result(command: IssueResult, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "submitted", "draft")
    totals = _totals_to_go_out(case, _pinned(case, editions))
    _printed(command.printed_total)
    grade = totals.grade or ""
    differs = command.printed_total != totals.total or command.printed_grade not in {"", grade}
    if differs and not command.difference.strip():
        raise Refused(
            "printed-differs",
            f"文件所列 {command.printed_total} {command.printed_grade} 与计算结果"
            f" {totals.total} {grade} 不符；确要印发请写明原因（difference）",
            f"the document prints {command.printed_total} {command.printed_grade}, the awards give"
            f" {totals.total} {grade}; to issue it all the same give the reason (difference)",
        )
    return [
        ResultIssued(
            number=command.number,
            computed_total=totals.total,
            computed_grade=grade,
            printed_total=command.printed_total,
            printed_grade=command.printed_grade,
            difference=command.difference if differs else "",
        )
    ]


def _record_receipt(command: RecordReceipt, case: Case) -> list[CaseEvent]:
    _must_be(case, "issued")
    if case.received is not None:
        raise Refused(
            "received",
            f"已登记 {case.received} 收到；期限从那天起算，不再改动",
            f"receipt on {case.received} is recorded already; the clocks run from that day",
        )
    return [ResultReceived(received=command.received)]


def _correct_result(command: CorrectResult, case: Case, editions: Editions) -> list[CaseEvent]:
    _must_be(case, "issued")
    rubric = _pinned(case, editions)
    indicator = _indicator(rubric, command.indicator)
    award = _score(rubric, command.award, indicator.weight, indicator.path[-1])
    before = _standing(case, command.indicator).score
    if before == award:
        raise Refused(
            "no-change",
            f"{command.indicator} 现在就是 {award}，无需更正",
            f"{command.indicator} stands at {award} already; there is nothing to correct",
        )
    _must_be_filed(case, command.evidence)
    return [
        ResultCorrected(
            number=command.number,
            indicator=command.indicator,
            before=before,
            award=award,
            justification=command.justification,
            clause=command.clause,
            evidence=command.evidence,
        )
    ]
