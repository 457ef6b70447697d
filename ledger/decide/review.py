"""The review: the reviewer's figures, awards, signatures, bonus and findings."""

from ledger import refusals
from ledger.case import Case
from ledger.commands import (
    AdjustScore,
    AmendReason,
    ConfirmFigure,
    ConfirmScore,
    CountersignAdjustment,
    ExcludeIndicator,
    MakeRecommendation,
    RaiseFinding,
    RecogniseBonus,
    RecordPenalty,
    RefuseBonus,
    RestateClaim,
    RestateFigure,
    WithdrawAdjustment,
)
from ledger.decide.preconditions import (
    bonus_of,
    decided,
    must_be,
    must_be_filed,
    must_be_in_scope,
    must_be_no_row,
    must_cite,
    penalty_of,
    pinned_rubric,
    reason_of,
    row_of,
    scaled_score,
    standing_award,
)
from ledger.editions import Editions
from ledger.envelope import Actor
from ledger.events import (
    AdjustmentCountersigned,
    AdjustmentWithdrawn,
    BonusRecognised,
    BonusRefused,
    CaseEvent,
    ClaimRestated,
    FigureConfirmed,
    FigureRestated,
    FindingRaised,
    IndicatorExcluded,
    PenaltyRecorded,
    ReasonAmended,
    RecommendationMade,
    ScoreAdjusted,
    ScoreConfirmed,
)
from ledger.every_command import event_of
from ledger.rule_editions import RuleEdition
from ledger.terms import PARTIES


def restate_figure(
    command: RestateFigure, case: Case, editions: Editions, rules: RuleEdition
) -> list[CaseEvent]:
    """Record the reviewer's figure next to the submitted one."""
    must_be(case, "submitted", "draft")
    row_of(pinned_rubric(case, editions), command.figure.indicator)
    must_be_in_scope(case, command.figure, rules, case.scopes)
    return [event_of(FigureRestated, command)]


def confirm_figure(command: ConfirmFigure, case: Case) -> list[CaseEvent]:
    """Record that the review prints a submitted figure unchanged, once."""
    must_be(case, "submitted", "draft")
    if command.figure not in case.figures:
        raise refusals.unknown_figure(command.figure, case.figures)
    if command.figure in case.restated or command.figure in case.confirmed:
        stated = case.restated.get(command.figure, case.figures[command.figure])
        raise refusals.figure_decided(command.figure, stated.value or "—")
    return [event_of(FigureConfirmed, command)]


def restate_claim(command: RestateClaim, case: Case, editions: Editions) -> list[CaseEvent]:
    """Record the self column of the review table, rows and bonus row."""
    must_be(case, "submitted", "draft")
    rubric = pinned_rubric(case, editions)
    if rubric.bonus and command.indicator == rubric.bonus.id:
        score = scaled_score(rubric, command.score, rubric.bonus.cap, rubric.bonus.name)
    else:
        indicator = row_of(rubric, command.indicator)
        score = scaled_score(rubric, command.score, indicator.weight, indicator.path[-1])
    return [event_of(ClaimRestated, command, score=score)]


def confirm_score(command: ConfirmScore, case: Case, editions: Editions) -> list[CaseEvent]:
    """Award what was claimed."""
    must_be(case, "submitted", "draft")
    rubric = pinned_rubric(case, editions)
    row_of(rubric, command.indicator)
    award = case.claims[command.indicator]
    standing = case.awards.get(command.indicator)
    if standing and standing.score != award and not command.justification.strip():
        raise refusals.return_to_claim_unjustified(command.indicator, standing.score)
    must_be_filed(case, command.evidence)
    must_cite(case, rubric, award, command)
    return [event_of(ScoreConfirmed, command, award=award)]


def adjust_score(command: AdjustScore, case: Case, editions: Editions) -> list[CaseEvent]:
    """Award another score than the standing one."""
    must_be(case, "submitted", "draft")
    rubric = pinned_rubric(case, editions)
    indicator = row_of(rubric, command.indicator)
    award = scaled_score(rubric, command.award, indicator.weight, indicator.path[-1])
    if not command.justification.strip():
        raise refusals.adjustment_unjustified(command.indicator)
    standing = case.awards.get(command.indicator)
    before = standing.score if standing else case.claims[command.indicator]
    if before == award and command.indicator not in case.excluded:
        raise refusals.no_change(command.indicator, award)
    must_be_filed(case, command.evidence)
    must_cite(case, rubric, award, command)
    return [event_of(ScoreAdjusted, command, before=before, award=award)]


def countersign_adjustment(command: CountersignAdjustment, case: Case) -> list[CaseEvent]:
    """Sign the standing award, which is somebody else's (`ledger.authority`)."""
    must_be(case, "submitted", "draft")
    award = standing_award(case, command.indicator)
    if award.countersigned:
        raise refusals.countersigned(command.indicator, award.countersigned)
    return [event_of(AdjustmentCountersigned, command, adjustment=award.version)]


def amend_reason(
    command: AmendReason, case: Case, by: Actor, editions: Editions, rules: RuleEdition
) -> list[CaseEvent]:
    """Amend the reason of a row or an item: the agency before issue, the bureau after it."""
    must_be(case, "submitted", "draft", "issued")
    stands = decided(case, pinned_rubric(case, editions), command.indicator, rules)
    is_issued = case.stage == "issued"
    if (by.role == "bureau") != is_issued:
        raise refusals.amendment_by(command.indicator, PARTIES["bureau" if is_issued else "agency"])
    if is_issued and not command.number.strip():
        raise refusals.amendment_number(command.indicator)
    stated = (command.justification, command.clause, command.ground)
    said = reason_of(case, stands)
    same = (said.justification, said.clause, said.ground)
    if not command.evidence and all(
        not new.strip() or new == old for new, old in zip(stated, same, strict=True)
    ):
        raise refusals.nothing_amended(command.indicator)
    must_be_filed(case, command.evidence)
    return [
        event_of(
            ReasonAmended,
            command,
            indicator=stands.indicator,
            adjustment=stands.version,
            item=stands.item,
            penalty=stands.penalty,
        )
    ]


def withdraw_adjustment(command: WithdrawAdjustment, case: Case) -> list[CaseEvent]:
    """Take the standing award back."""
    must_be(case, "submitted", "draft")
    award = standing_award(case, command.indicator)
    return [event_of(AdjustmentWithdrawn, command, adjustment=award.version)]


def claimed_item(case: Case, item: str) -> None:
    """Allow only bonus items that were claimed."""
    if item not in case.bonus_claims:
        raise refusals.unknown_item(item, case.bonus_claims)


def recognise_bonus(command: RecogniseBonus, case: Case, editions: Editions) -> list[CaseEvent]:
    """Let a claimed bonus item count."""
    must_be(case, "submitted", "draft")
    rubric = pinned_rubric(case, editions)
    extra = bonus_of(rubric)
    claimed_item(case, command.item)
    points = scaled_score(rubric, command.points, extra.cap, command.item)
    must_be_filed(case, command.evidence)
    return [event_of(BonusRecognised, command, points=points)]


def refuse_bonus(command: RefuseBonus, case: Case) -> list[CaseEvent]:
    """Let a claimed bonus item count nothing."""
    must_be(case, "submitted", "draft")
    claimed_item(case, command.item)
    return [event_of(BonusRefused, command)]


def record_penalty(
    command: RecordPenalty, case: Case, editions: Editions, rules: RuleEdition
) -> list[CaseEvent]:
    """Take points away."""
    must_be(case, "submitted", "draft")
    rubric = pinned_rubric(case, editions)
    extra = penalty_of(rubric)
    must_be_no_row(rubric, command.item, rules, case.bonus_claims)
    points = scaled_score(rubric, command.points, extra.cap, command.title)
    must_be_filed(case, command.evidence)
    return [event_of(PenaltyRecorded, command, points=points)]


def raise_finding(command: RaiseFinding, case: Case, editions: Editions) -> list[CaseEvent]:
    """Record a finding about rows of the rubric."""
    must_be(case, "submitted", "draft")
    rubric = pinned_rubric(case, editions)
    for indicator in command.indicators:
        row_of(rubric, indicator)
    return [event_of(FindingRaised, command)]


def make_recommendation(command: MakeRecommendation, case: Case) -> list[CaseEvent]:
    """Record a recommendation about findings that were raised."""
    must_be(case, "submitted", "draft")
    for finding in command.findings:
        if finding not in case.findings:
            raise refusals.unknown_finding(finding, sorted(case.findings))
    return [event_of(RecommendationMade, command)]


def exclude_indicator(command: ExcludeIndicator, case: Case, editions: Editions) -> list[CaseEvent]:
    """Mark a row as not applicable; it needs a clause or a ground, and a second signature."""
    must_be(case, "submitted", "draft")
    row_of(pinned_rubric(case, editions), command.indicator)
    if not (command.clause.strip() or command.ground.strip()):
        raise refusals.exclusion_unstated(command.indicator)
    must_be_filed(case, command.evidence)
    return [event_of(IndicatorExcluded, command)]
