"""What several decisions ask of a case before anything may happen."""

from collections.abc import Iterable
from decimal import Decimal

from ledger import refusals
from ledger.case import Award, Case
from ledger.case_totals import awarded_totals
from ledger.commands import AdjustScore, ConfirmScore
from ledger.editions import Editions
from ledger.events import (
    CaseOpened,
)
from ledger.language import Text
from ledger.rubric import BonusPenaltyRule, Indicator, Rubric, Totals
from ledger.rule_editions import RuleEdition, holds
from ledger.terms import STAGES
from ledger.values import Figure, IndicatorId, Invalid, Sha256, Stage, exact


def must_exist(case: Case) -> CaseOpened:
    """The opening of the case, which everything else stands on."""
    if case.opened is None:
        raise refusals.no_case(case.id)
    return case.opened


def must_be(case: Case, *stages: Stage) -> None:
    """Allow an act at these stages of a case only."""
    must_exist(case)
    if case.stage not in stages:
        raise refusals.wrong_stage(
            case.id,
            STAGES[case.stage],
            Text("、".join(STAGES[stage].zh for stage in stages), ", ".join(stages)),
        )


def pinned_rubric(case: Case, editions: Editions) -> Rubric:
    """The rubric that the case has pinned."""
    must_exist(case)
    if case.pinned is None:
        raise refusals.no_rubric(case.id)
    return editions.rubric(case.pinned.edition)


def row_of(rubric: Rubric, indicator: IndicatorId) -> Indicator:
    """The row of an indicator in the rubric."""
    if found := rubric.by_id.get(indicator):
        return found
    raise refusals.unknown_indicator(indicator, rubric.by_id)


def scaled_score(rubric: Rubric, score: Decimal, most: Decimal, what: str) -> Decimal:
    """The score in the rubric's scale, within [0, most]."""
    try:
        scaled = rubric.in_scale(score)
    except Invalid as error:
        raise refusals.score_scale(what, error.text) from None
    if not 0 <= scaled <= most:
        raise refusals.score_range(what, scaled, most)
    return scaled


def must_be_printable(*numbers: Decimal | None) -> None:
    """A printed number may have any decimals, but it is a number."""
    try:
        exact(*numbers)
    except Invalid as error:
        raise refusals.printed_number(error.text) from None


def must_be_filed(case: Case, evidence: Iterable[Sha256]) -> None:
    """Allow only evidence to be cited that was filed."""
    for sha256 in evidence:
        if sha256 not in case.evidence:
            raise refusals.unknown_evidence(sha256)


def must_be_in_scope(case: Case, figure: Figure, rules: RuleEdition) -> None:
    """Allow only defined scopes, where any are; an empty one is for a check to name."""
    is_unknown = bool(figure.scope and case.scopes) and figure.scope not in case.scopes
    if is_unknown and holds("unknown-scope", rules):
        raise refusals.unknown_scope(figure.id, figure.scope, case.scopes)


def bonus_of(rubric: Rubric) -> BonusPenaltyRule:
    """The rubric's bonus, where it has one."""
    if rubric.bonus is None:
        raise refusals.no_bonus_in_rubric()
    return rubric.bonus


def penalty_of(rubric: Rubric) -> BonusPenaltyRule:
    """The rubric's penalty, where it has one."""
    if rubric.penalty is None:
        raise refusals.no_penalty_in_rubric()
    return rubric.penalty


def must_cite(
    case: Case, rubric: Rubric, award: Decimal, command: AdjustScore | ConfirmScore
) -> None:
    """Discretion (酌情) needs a clause or a stated ground."""
    if command.clause.strip() or command.ground.strip():
        return
    result = rubric.rule_result(rubric.by_id[command.indicator], case.figures_in_force)
    if result.allows(award):
        return
    raise refusals.discretion(command.indicator, result.range_text, award)


def discretionary(case: Case, rubric: Rubric) -> list[IndicatorId]:
    """Rows whose award differs from what the rule allows with the figures now in force."""
    figures = case.figures_in_force
    rows = []
    for indicator in rubric.indicators:
        award = case.awards.get(indicator.id)
        if award is None:
            continue
        result = rubric.rule_result(indicator, figures)
        if not result.allows(award.score):
            rows.append(indicator.id)
    return rows


def uncountersigned(case: Case, rubric: Rubric) -> list[IndicatorId]:
    """Rows of discretion, and rows said not to apply, that no second person has signed."""
    awards = case.in_force
    rows = [*discretionary(case, rubric), *case.excluded]
    return [row for row in rows if not awards[row].countersigned]


def standing_award(case: Case, indicator: IndicatorId) -> Award:
    """The award that stands for a row, or what excludes the row."""
    if award := case.in_force.get(indicator):
        return award
    raise refusals.no_award(indicator)


def totals_to_go_out(case: Case, rubric: Rubric) -> Totals:
    """The totals of a case that is complete and signed enough to leave the house."""
    lacking = [
        row.id
        for row in rubric.indicators
        if row.id not in case.awards and row.id not in case.excluded
    ]
    lacking += [item for item in case.bonus_claims if item not in case.bonus]
    if lacking:
        raise refusals.awards_missing(case.id, lacking)
    rows = discretionary(case, rubric)  # figures may have been restated since an award was made
    if unstated := [row for row in rows if not case.awards[row].stated]:
        raise refusals.discretion_unstated(case.id, unstated)
    if unsigned := uncountersigned(case, rubric):
        raise refusals.not_countersigned(case.id, unsigned)
    return awarded_totals(case, rubric)
