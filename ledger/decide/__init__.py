"""What a command does to a case: events, or a refusal with its reason. Pure.

One function for each command, in a file for each stage of a case's life; `preconditions.py` holds
what several of them ask first. Rules that need arithmetic ask the rubric for it.
"""

from datetime import date
from typing import assert_never

from ledger.case import Case
from ledger.commands import (
    AcceptRectification,
    AdjustScore,
    AmendReason,
    AnswerObjection,
    AppraiseDestruction,
    AssignWork,
    CaseCommand,
    ClaimBonus,
    ClaimScore,
    CloseCase,
    CommissionReview,
    ConfirmFigure,
    ConfirmScore,
    CorrectResult,
    CountersignAdjustment,
    DecideAppeal,
    DecideDestruction,
    DefineScope,
    DeliverReport,
    EraseEvidence,
    ExcludeIndicator,
    ExtendDeadline,
    FileEvidence,
    IssueDossier,
    IssueResult,
    ListUnit,
    LodgeAppeal,
    MakeRecommendation,
    MakeStatement,
    OpenCase,
    PinRubric,
    PrintSubtotal,
    ProposeDestruction,
    PublishMaterial,
    PublishResult,
    RaiseFinding,
    RaiseObjection,
    RecogniseBonus,
    RecordPenalty,
    RecordReceipt,
    RecuseAccount,
    RefuseBonus,
    RegisterDocument,
    ReopenCase,
    RepinRubric,
    RequestRectification,
    RequestReopening,
    RespondRectification,
    RestateClaim,
    RestateFigure,
    ReturnRectification,
    ReturnSubmission,
    SendDraft,
    SetRetention,
    SubmitFigure,
    SubmitSelfEvaluation,
    WithdrawAdjustment,
    WithdrawAppeal,
    WithdrawFigure,
)
from ledger.decide import (
    appeal,
    closing,
    consultation,
    documents,
    opening,
    rectification,
    result,
    retention,
    review,
    self_evaluation,
    staffing,
)
from ledger.editions import Editions
from ledger.envelope import Actor
from ledger.events import CaseEvent
from ledger.every_command import marked, must_be_known, must_be_printed, must_show
from ledger.last_days import Notices
from ledger.rule_editions import RuleEdition


def decide(  # noqa: PLR0913 - what is asked, of what, by whom, under which rules, on which day
    command: CaseCommand,
    case: Case,
    by: Actor,
    editions: Editions,
    rules: RuleEdition,
    *,
    dated: date,
    notices: Notices = (),
) -> list[CaseEvent]:
    """The events that a command leads to in a case.

    Args:
        command: what is asked for.
        case: the state folded from its history.
        by: who asks, already authorised.
        editions: of the rubric that the case has pinned, or is about to pin.
        rules: the edition of the rules to decide by.
        dated: the business date of the command.
        notices: of the year, that set last days.

    Raises:
        CommandRefused: a rule forbids it now. `rule` names it.
    """
    must_show(command, rules)
    must_be_known(command, rules)
    must_be_printed(command, case)
    return marked(command, _events(command, case, by, editions, rules, dated, notices))


def _events(  # noqa: C901, PLR0911, PLR0912, PLR0913, PLR0915, PLR0917 - one line per command, with all that it may ask
    command: CaseCommand,
    case: Case,
    by: Actor,
    editions: Editions,
    rules: RuleEdition,
    dated: date,
    notices: Notices,
) -> list[CaseEvent]:
    match command:
        case OpenCase():
            return opening.open_case(command, case)
        case PinRubric():
            return opening.pin_rubric(command, case, editions)
        case RepinRubric():
            return opening.repin_rubric(command, case, editions)
        case CommissionReview():
            return opening.commission_review(command, case)
        case AssignWork():
            return staffing.assign_work(command, case, editions)
        case RecuseAccount():
            return staffing.recuse_account(command, case)
        case RegisterDocument():
            return documents.register_document(command, case, by)
        case ListUnit():
            return documents.list_unit(command, case)
        case DefineScope():
            return documents.define_scope(command, case)
        case MakeStatement():
            return documents.make_statement(command, case, editions)
        case PrintSubtotal():
            return documents.print_subtotal(command, case, editions)
        case PublishMaterial():
            return documents.publish_material(command, case)
        case SubmitFigure():
            return self_evaluation.submit_figure(command, case, editions, rules)
        case WithdrawFigure():
            return self_evaluation.withdraw_figure(command, case)
        case FileEvidence():
            return self_evaluation.file_evidence(command, case, by)
        case ClaimScore():
            return self_evaluation.claim_score(command, case, editions)
        case ClaimBonus():
            return self_evaluation.claim_bonus(command, case, editions, rules)
        case SubmitSelfEvaluation():
            return self_evaluation.submit_self_evaluation(command, case, editions)
        case ReturnSubmission():
            return self_evaluation.return_submission(command, case)
        case RestateFigure():
            return review.restate_figure(command, case, editions, rules)
        case ConfirmFigure():
            return review.confirm_figure(command, case)
        case RestateClaim():
            return review.restate_claim(command, case, editions)
        case ConfirmScore():
            return review.confirm_score(command, case, editions)
        case AdjustScore():
            return review.adjust_score(command, case, editions)
        case ExcludeIndicator():
            return review.exclude_indicator(command, case, editions)
        case CountersignAdjustment():
            return review.countersign_adjustment(command, case)
        case AmendReason():
            return review.amend_reason(command, case, by, editions, rules)
        case WithdrawAdjustment():
            return review.withdraw_adjustment(command, case)
        case RecogniseBonus():
            return review.recognise_bonus(command, case, editions)
        case RefuseBonus():
            return review.refuse_bonus(command, case)
        case RecordPenalty():
            return review.record_penalty(command, case, editions, rules)
        case RaiseFinding():
            return review.raise_finding(command, case, editions)
        case MakeRecommendation():
            return review.make_recommendation(command, case)
        case SendDraft():
            return consultation.send_draft(command, case, editions)
        case RaiseObjection():
            return consultation.raise_objection(command, case, editions, rules)
        case AnswerObjection():
            return consultation.answer_objection(command, case, editions, rules)
        case DeliverReport():
            return result.deliver_report(command, case)
        case IssueResult():
            return result.issue_result(command, case, editions)
        case RecordReceipt():
            return result.record_receipt(command, case)
        case CorrectResult():
            return result.correct_result(command, case, editions, rules)
        case PublishResult():
            return result.publish_result(command, case)
        case LodgeAppeal():
            return appeal.lodge_appeal(command, case, editions, rules)
        case WithdrawAppeal():
            return appeal.withdraw_appeal(command, case)
        case DecideAppeal():
            return appeal.decide_appeal(command, case, editions, rules)
        case RequestRectification():
            return rectification.request_rectification(command, case)
        case RespondRectification():
            return rectification.respond_rectification(command, case)
        case ReturnRectification():
            return rectification.return_rectification(command, case)
        case AcceptRectification():
            return rectification.accept_rectification(command, case)
        case ExtendDeadline():
            return rectification.extend_deadline(command, case, editions, rules, notices)
        case EraseEvidence():
            return rectification.erase_evidence(command, case)
        case SetRetention():
            return retention.set_retention(command, case)
        case ProposeDestruction():
            return retention.propose_destruction(command, case, dated)
        case AppraiseDestruction():
            return retention.appraise_destruction(command, case)
        case DecideDestruction():
            return retention.decide_destruction(command, case)
        case CloseCase():
            return closing.close_case(command, case)
        case RequestReopening():
            return closing.request_reopening(command, case)
        case ReopenCase():
            return closing.reopen_case(command, case)
        case IssueDossier():
            return closing.issue_dossier(command, case, editions, rules)
        case _:
            assert_never(command)
