"""What several decisions ask of a case before anything may happen."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ledger import refusals
from ledger.award_needs import Need, unmet
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
from ledger.rules.rule import DecidedBy
from ledger.terms import AWARD_NEEDS, DECIDERS, EXCLUDED, STAGES
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
    """An award names the clause and the ground that the rubric asks of what it rests on."""
    row = rubric.by_id[command.indicator]
    result = rubric.rule_result(row, case.figures_in_force)
    decided_by = result.decides(award)
    if decided_by is None:
        return
    lacking = unmet(rubric.needs(row.id, decided_by), command.clause, command.ground)
    if not lacking:
        return
    if decided_by == "discretion" and not (command.clause.strip() or command.ground.strip()):
        raise refusals.discretion(row.id, result.range_text, award)
    raise refusals.award_unstated(
        row.id, result.range_text, award, DECIDERS[decided_by], _in_words(lacking)
    )


def _in_words(needs: Iterable[Need]) -> Text:
    words = [AWARD_NEEDS[need] for need in needs]
    return Text("、".join(need.zh for need in words), ", ".join(need.en for need in words))


def decided_rows(case: Case, rubric: Rubric) -> dict[IndicatorId, DecidedBy]:
    """What the award of each awarded row rests on, with the figures now in force."""
    figures, awarded = case.figures_in_force, case.awarded
    decided = {
        row.id: rubric.rule_result(row, figures).decides(awarded[row.id])
        for row in rubric.indicators
        if row.id in awarded
    }
    return {row: decided_by for row, decided_by in decided.items() if decided_by}


def unstated(case: Case, rubric: Rubric) -> dict[IndicatorId, DecidedBy]:
    """Rows whose award lacks the clause or the ground that what it rests on needs."""
    return {
        row: decided_by
        for row, decided_by in decided_rows(case, rubric).items()
        if unmet(rubric.needs(row, decided_by), case.awards[row].clause, case.awards[row].ground)
    }


def uncountersigned(case: Case, rubric: Rubric) -> dict[IndicatorId, DecidedBy | None]:
    """Rows that a second person has still to sign, with what their award rests on.

    A row said not to apply always needs the signature; it has no award.
    """
    rows: dict[IndicatorId, DecidedBy | None] = {
        row: decided_by
        for row, decided_by in decided_rows(case, rubric).items()
        if "second-signature" in rubric.needs(row, decided_by)
    }
    rows |= dict.fromkeys(case.excluded)
    awards = case.in_force
    return {row: by for row, by in rows.items() if not awards[row].countersigned}


def _labelled(rows: Mapping[IndicatorId, DecidedBy | None]) -> list[Text]:
    """Rows with what their awards rest on: `plan（酌情）`."""
    return [
        Text(f"{row}（{word.zh}）", f"{row} ({word.en})")
        for row, by in rows.items()
        for word in [DECIDERS[by] if by else EXCLUDED]
    ]


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
    # Figures may have been restated since an award was made, or another edition pinned.
    without, awards = unstated(case, rubric), case.awards
    if bare := [
        row
        for row, decided_by in without.items()
        if decided_by == "discretion" and not (awards[row].clause or awards[row].ground)
    ]:
        raise refusals.discretion_unstated(case.id, bare)
    if without:
        raise refusals.awards_unstated(case.id, _labelled(without))
    if unsigned := uncountersigned(case, rubric):
        raise refusals.not_countersigned(case.id, _labelled(unsigned))
    return awarded_totals(case, rubric)
