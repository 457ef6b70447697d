"""The draft, objections to it and the reviewer's answers."""

from decimal import Decimal

from ledger import refusals
from ledger.case import Case, Objection
from ledger.commands import (
    AdjustScore,
    AnswerObjection,
    RaiseObjection,
    RecogniseBonus,
    RecordPenalty,
    SendDraft,
)
from ledger.decide.preconditions import (
    decided,
    must_be,
    must_be_filed,
    pinned_rubric,
    scaled_score,
    totals_to_go_out,
)
from ledger.decide.review import adjust_score, recognise_bonus, record_penalty
from ledger.editions import Editions
from ledger.events import (
    CaseEvent,
    DraftSent,
    ObjectionAnswered,
    ObjectionRaised,
)
from ledger.every_command import event_of
from ledger.rule_editions import RuleEdition


def send_draft(command: SendDraft, case: Case, editions: Editions) -> list[CaseEvent]:
    """Send the draft out, once every row has an award and discretion is signed."""
    must_be(case, "submitted", "draft")
    totals = totals_to_go_out(case, pinned_rubric(case, editions))
    return [event_of(DraftSent, command, computed_total=totals.total)]


def raise_objection(
    command: RaiseObjection, case: Case, editions: Editions, rules: RuleEdition
) -> list[CaseEvent]:
    """Contest a row of the draft, or a bonus or penalty item, changed or not."""
    must_be(case, "draft")
    rubric = pinned_rubric(case, editions)
    contested = decided(case, rubric, command.indicator, rules)
    if command.objection in case.objections:
        raise refusals.objection_exists(command.objection)
    requested = command.requested
    if requested is not None:
        requested = scaled_score(rubric, requested, contested.most, contested.label)
    must_be_filed(case, command.evidence)
    return [
        event_of(
            ObjectionRaised,
            command,
            indicator=contested.indicator,
            contests=contested.version,
            requested=requested,
            item=contested.item,
            penalty=contested.penalty,
        )
    ]


def answer_objection(
    command: AnswerObjection, case: Case, editions: Editions, rules: RuleEdition
) -> list[CaseEvent]:
    """Answer an objection; acceptance and the award that it brings are one command."""
    must_be(case, "draft")
    objection = case.objections.get(command.objection)
    if objection is None or objection.answered:
        waiting = tuple(name for name, one in case.objections.items() if not one.answered)
        raise refusals.no_open_objection(command.objection, waiting)
    if (command.award is None) != (command.outcome == "rejected"):
        raise refusals.objection_award(command.objection)
    adjusted: list[CaseEvent] = []
    if command.award is not None:
        adjusted = _adjusted(command, command.award, objection, case, editions, rules)
    answered = event_of(
        ObjectionAnswered,
        command,
        indicator=objection.indicator,
        # The answer comes first, so the award that it brings is the event after it.
        adjustment=case.version + 2 if adjusted else None,
        item=objection.item,
        penalty=objection.penalty,
    )
    return [answered, *adjusted]


def _adjusted(  # noqa: PLR0913, PLR0917 - as of a decision, and what it is about
    command: AnswerObjection,
    award: Decimal,
    objection: Objection,
    case: Case,
    editions: Editions,
    rules: RuleEdition,
) -> list[CaseEvent]:
    """The award, or the decision on the item, that an accepted objection brings."""
    item = objection.item
    if item is None:
        adjust = AdjustScore(
            indicator=objection.indicator,
            award=award,
            justification=command.justification,
            clause=command.clause,
            ground=command.ground,
            evidence=command.evidence,
        )
        return adjust_score(adjust, case, editions)
    if command.ground.strip():
        raise refusals.item_ground(item)
    if decided(case, pinned_rubric(case, editions), item, rules).score == award:
        raise refusals.no_change(item, award)
    if objection.penalty:
        penalty = RecordPenalty(
            item=item,
            title=case.penalty_titles[item],
            points=award,
            justification=command.justification,
            clause=command.clause,
            evidence=command.evidence,
        )
        return record_penalty(penalty, case, editions, rules)
    bonus = RecogniseBonus(
        item=item,
        points=award,
        justification=command.justification,
        clause=command.clause,
        evidence=command.evidence,
    )
    return recognise_bonus(bonus, case, editions)
