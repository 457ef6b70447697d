"""What several decisions ask of a case before anything may happen."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from msgspec import UNSET
from msgspec.structs import replace

from ledger import refusals
from ledger.award_needs import Need, unmet
from ledger.case import Award, Case, Reason, source_of
from ledger.case_totals import awarded_totals
from ledger.commands import AdjustScore, ConfirmScore, CorrectResult, DecideAppeal
from ledger.editions import Editions
from ledger.envelope import Actor
from ledger.events import CaseEvent, CaseOpened, FigureRestated
from ledger.language import Text, listing
from ledger.rubric import BonusPenaltyRule, Indicator, Rubric, Totals
from ledger.rule_editions import RuleEdition, holds
from ledger.rules.rule import DecidedBy
from ledger.terms import AWARD_NEEDS, DECIDERS, EXCLUDED, STAGES
from ledger.values import Figure, IndicatorId, Invalid, ItemId, Sha256, Stage, exact

DECISIONS_SINCE: Final[RuleEdition] = 4
"""The edition of the rules since which decisions on items are contested, and decisions after issue
restate figures."""
DECISIONS_ARE_SOURCES_SINCE: Final[RuleEdition] = 5
"""That since which such a figure is recorded with the number of the decision as its source."""


def must_exist(case: Case) -> CaseOpened:
    """The opening of the case, which everything else depends on."""
    if case.opened is None:
        raise refusals.no_case(case.id)
    return case.opened


def _stages_in_english(stages: Sequence[Stage]) -> str:
    return "stage " + " or ".join(f"'{stage}'" for stage in stages)


def must_be(case: Case, *stages: Stage) -> None:
    """Allow a command at these stages of a case only."""
    must_exist(case)
    if case.stage not in stages:
        raise refusals.wrong_stage(
            case.id,
            STAGES[case.stage],
            Text("、".join(STAGES[stage].zh for stage in stages), _stages_in_english(stages)),
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


def is_untold(case: Case, by: Actor, what: Literal["file", "document"], sha256: Sha256) -> bool:
    """Whether the agency has what the unit, who asks, does not know of before the draft."""
    return by.role == "unit" and (what, sha256) in case.untold


def must_be_in_scope(
    case: Case, figure: Figure, rules: RuleEdition, known: Collection[str]
) -> None:
    """Allow only defined scopes, where any are known; an empty one is for a check to name."""
    is_unknown = bool(figure.scope and known) and figure.scope not in case.scopes
    if is_unknown and holds("unknown-scope", rules):
        raise refusals.unknown_scope(figure.id, figure.scope, known)


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
    return listing(AWARD_NEEDS[need] for need in needs)


def decided_rows(case: Case, rubric: Rubric) -> dict[IndicatorId, DecidedBy]:
    """What the award of each awarded row rests on, with the figures now in force."""
    figures, awarded = case.figures_in_force, case.awarded
    decided = {
        row.id: rubric.rule_result(row, figures).decides(awarded[row.id])
        for row in rubric.indicators
        if row.id in awarded
    }
    return {row: decided_by for row, decided_by in decided.items() if decided_by}


def unstated(
    case: Case, rubric: Rubric, decided: Mapping[IndicatorId, DecidedBy]
) -> dict[IndicatorId, DecidedBy]:
    """Of `decided_rows`, those whose award lacks the clause or the ground that it needs."""
    return {
        row: decided_by
        for row, decided_by in decided.items()
        if unmet(rubric.needs(row, decided_by), case.awards[row].clause, case.awards[row].ground)
    }


def uncountersigned(
    case: Case, rubric: Rubric, decided: Mapping[IndicatorId, DecidedBy]
) -> dict[IndicatorId, DecidedBy | None]:
    """Of `decided_rows`, those that a second person has still to sign.

    A row said not to apply always needs the signature; it has no award.
    """
    rows: dict[IndicatorId, DecidedBy | None] = {
        row: decided_by
        for row, decided_by in decided.items()
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
    """The current award of a row, or what excludes the row."""
    if award := case.in_force.get(indicator):
        return award
    raise refusals.no_award(indicator)


class Decided(NamedTuple):
    """What was decided and may be contested: an award, or what a bonus or penalty item counts.

    Attributes:
        indicator: the row; of an item the rubric's row of such items.
        item: `None` for an award.
        label: its name for people.
        most: the most that it can count.
        version: of the event that decided it.
        score: what it counts; 0 for a row that does not apply.
        applies: whether it counts at all; a row said not to apply does not.
    """

    indicator: IndicatorId
    item: ItemId | None
    penalty: bool
    label: str
    most: Decimal
    version: int
    score: Decimal
    applies: bool = True

    @property
    def name(self) -> str:
        """What a command calls it."""
        return self.item or self.indicator


def decided(case: Case, rubric: Rubric, name: str, rules: RuleEdition) -> Decided:
    """What was decided of an indicator, or of a bonus or penalty item.

    Before edition 4 of the rules only indicators could be contested.
    """
    if row := rubric.by_id.get(name):
        award = standing_award(case, name)
        score, applies = rubric.in_scale(award.score), name in case.awards
        label, version = row.path[-1], award.version
        return Decided(name, None, False, label, row.weight, version, score, applies)  # noqa: FBT003 - the fields in their order
    if rules < DECISIONS_SINCE:
        raise refusals.unknown_indicator(name, rubric.by_id)
    for penalty, extra, items in (
        (False, rubric.bonus, case.bonus),
        (True, rubric.penalty, case.penalties),
    ):
        if extra and name in items:
            version = case.sources[source_of(name, penalty=penalty)]
            score = rubric.in_scale(items[name])
            return Decided(extra.id, name, penalty, name, extra.cap, version, score)
    if name in case.bonus_claims:
        raise refusals.no_award(name)
    raise refusals.unknown_indicator(name, (*rubric.by_id, *case.bonus, *case.penalties))


def reason_of(case: Case, stands: Decided) -> Award | Reason:
    """Why something was decided so, as it reads now."""
    if stands.item is None:
        return standing_award(case, stands.indicator)
    return case.reasons[source_of(stands.item, penalty=stands.penalty)]


def restated_for(
    case: Case, decision: CorrectResult | DecideAppeal, rules: RuleEdition
) -> list[CaseEvent]:
    """The figures that a decision after issue rests on, each as it was but for its value.

    What states the value is the decision, and no longer the document that has the one before.
    """
    values, reason = decision.figures, decision.justification
    if values is UNSET:
        return []
    if rules < DECISIONS_SINCE:
        raise refusals.not_known_then(["figures"], rules, DECISIONS_SINCE)
    restated: list[CaseEvent] = []
    figures = {figure.id: figure for figure in case.figures_in_force}
    for new in values:
        figure = figures.pop(new.figure, None)
        if figure is None:
            raise refusals.unknown_figure(new.figure, figures)
        if figure.value == new.value:
            raise refusals.same_value(new.figure, new.value)
        source = decision.number if rules >= DECISIONS_ARE_SOURCES_SINCE else figure.source
        changed = replace(figure, value=new.value, source=source)
        try:
            changed.refuse_nonsense()
        except Invalid as error:
            raise refusals.figure_value(new.figure, error.text) from None
        restated.append(FigureRestated(figure=changed, reason=reason))
    return restated


def must_be_no_row(rubric: Rubric, item: ItemId, rules: RuleEdition, taken: Iterable[str]) -> None:
    """Keep the ids of items apart from those of rows and of other items, which are contested."""
    if holds("item-named-as-row", rules) and (item in rubric.by_id or item in taken):
        raise refusals.item_named_as_row(item)


def totals_to_go_out(case: Case, rubric: Rubric) -> Totals:
    """The totals of a case that is complete and countersigned, so that it can be sent."""
    lacking = [
        row.id
        for row in rubric.indicators
        if row.id not in case.awards and row.id not in case.excluded
    ]
    lacking += [item for item in case.bonus_claims if item not in case.bonus]
    if lacking:
        raise refusals.awards_missing(case.id, lacking)
    # Figures may have been restated since an award was made, or another edition pinned.
    decided, awards = decided_rows(case, rubric), case.awards
    without = unstated(case, rubric, decided)
    if bare := [
        row
        for row, decided_by in without.items()
        if decided_by == "discretion" and not (awards[row].clause or awards[row].ground)
    ]:
        raise refusals.discretion_unstated(case.id, bare)
    if without:
        raise refusals.awards_unstated(case.id, _labelled(without))
    if unsigned := uncountersigned(case, rubric, decided):
        raise refusals.not_countersigned(case.id, _labelled(unsigned))
    return awarded_totals(case, rubric)
