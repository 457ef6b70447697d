"""The unit's self-evaluation: figures, evidence, claims, submission, return."""

from ledger import refusals
from ledger.case import Case
from ledger.commands import (
    ClaimBonus,
    ClaimScore,
    FileEvidence,
    ReturnSubmission,
    SubmitFigure,
    SubmitSelfEvaluation,
    WithdrawFigure,
)
from ledger.decide.preconditions import (
    bonus_of,
    is_untold,
    must_be,
    must_be_filed,
    must_be_in_scope,
    must_be_no_row,
    must_be_printable,
    pinned_rubric,
    row_of,
    scaled_score,
)
from ledger.editions import Editions
from ledger.envelope import Actor
from ledger.events import (
    BonusClaimed,
    CaseEvent,
    EvidenceFiled,
    FigureSubmitted,
    FigureWithdrawn,
    ScoreClaimed,
    SelfEvaluationSubmitted,
    SubmissionReturned,
)
from ledger.every_command import event_of
from ledger.rule_editions import RuleEdition


def submit_figure(
    command: SubmitFigure, case: Case, editions: Editions, rules: RuleEdition
) -> list[CaseEvent]:
    """Report a figure under a row of the rubric."""
    must_be(case, "open")
    row_of(pinned_rubric(case, editions), command.figure.indicator)
    told = [scope for scope in case.scopes if ("scope", scope) not in case.untold]
    must_be_in_scope(case, command.figure, rules, told)
    return [event_of(FigureSubmitted, command)]


def withdraw_figure(command: WithdrawFigure, case: Case) -> list[CaseEvent]:
    """Take a figure back."""
    must_be(case, "open")
    if command.figure not in case.figures:
        raise refusals.unknown_figure(command.figure, case.figures)
    return [event_of(FigureWithdrawn, command)]


def file_evidence(command: FileEvidence, case: Case, by: Actor) -> list[CaseEvent]:
    """Make a file citable, once; the unit also where the agency has it and it must not know."""
    must_be(case, "open", "submitted", "draft", "issued")
    sha256 = command.evidence.sha256
    if sha256 in case.evidence and not is_untold(case, by, "file", sha256):
        raise refusals.evidence_filed(sha256, case.evidence[sha256].title)
    return [event_of(EvidenceFiled, command)]


def claim_score(command: ClaimScore, case: Case, editions: Editions) -> list[CaseEvent]:
    """Claim a score within the weight of the row."""
    must_be(case, "open")
    rubric = pinned_rubric(case, editions)
    indicator = row_of(rubric, command.indicator)
    score = scaled_score(rubric, command.score, indicator.weight, indicator.path[-1])
    must_be_filed(case, command.evidence)
    return [event_of(ScoreClaimed, command, score=score)]


def claim_bonus(
    command: ClaimBonus, case: Case, editions: Editions, rules: RuleEdition
) -> list[CaseEvent]:
    """Claim a bonus item; caps apply to the sum."""
    must_be(case, "open")
    rubric = pinned_rubric(case, editions)
    extra = bonus_of(rubric)
    must_be_no_row(rubric, command.item, rules, ())
    points = scaled_score(rubric, command.points, extra.cap, command.title)
    must_be_filed(case, command.evidence)
    return [
        event_of(
            BonusClaimed,
            command,
            points=points,
            recipient=command.recipient or "",
            commended=command.commended or None,
        )
    ]


def submit_self_evaluation(
    command: SubmitSelfEvaluation, case: Case, editions: Editions
) -> list[CaseEvent]:
    """Hand the self-evaluation over, once every row has a claim."""
    must_be(case, "open")
    rubric = pinned_rubric(case, editions)
    lacking = [row.id for row in rubric.indicators if row.id not in case.claims]
    if lacking:
        raise refusals.claims_missing(case.id, lacking)
    must_be_printable(command.printed_base, command.printed_bonus, command.printed_total)
    return [event_of(SelfEvaluationSubmitted, command)]


def return_submission(command: ReturnSubmission, case: Case) -> list[CaseEvent]:
    """Send it back, as long as no award was made."""
    must_be(case, "submitted")
    if case.awards or case.excluded:
        raise refusals.awards_exist(case.id)
    return [event_of(SubmissionReturned, command)]
