"""The draft, objections to it and the reviewer's answers."""

from ledger import refusals
from ledger.case import Case
from ledger.commands import AdjustScore, AnswerObjection, RaiseObjection, SendDraft
from ledger.decide.preconditions import (
    must_be,
    must_be_filed,
    pinned_rubric,
    row_of,
    scaled_score,
    standing_award,
    totals_to_go_out,
)
from ledger.decide.review import adjust_score
from ledger.editions import Editions
from ledger.events import (
    CaseEvent,
    DraftSent,
    ObjectionAnswered,
    ObjectionRaised,
)


def send_draft(command: SendDraft, case: Case, editions: Editions) -> list[CaseEvent]:
    """Send the draft out, once every row has an award and discretion is signed."""
    must_be(case, "submitted", "draft")
    totals = totals_to_go_out(case, pinned_rubric(case, editions))
    return [
        DraftSent(number=command.number, computed_total=totals.total, respond_by=command.respond_by)
    ]


def raise_objection(command: RaiseObjection, case: Case, editions: Editions) -> list[CaseEvent]:
    """Contest a row of the draft, changed or not."""
    must_be(case, "draft")
    rubric = pinned_rubric(case, editions)
    row = row_of(rubric, command.indicator)
    if command.objection in case.objections:
        raise refusals.objection_exists(command.objection)
    requested = command.requested
    if requested is not None:
        requested = scaled_score(rubric, requested, row.weight, row.path[-1])
    must_be_filed(case, command.evidence)
    return [
        ObjectionRaised(
            objection=command.objection,
            indicator=command.indicator,
            contests=standing_award(case, command.indicator).version,
            statement=command.statement,
            requested=requested,
            evidence=command.evidence,
        )
    ]


def answer_objection(command: AnswerObjection, case: Case, editions: Editions) -> list[CaseEvent]:
    """Answer an objection; acceptance and the award that it brings are one act."""
    must_be(case, "draft")
    objection = case.objections.get(command.objection)
    if objection is None or objection.answered:
        waiting = tuple(name for name, one in case.objections.items() if not one.answered)
        raise refusals.no_open_objection(command.objection, waiting)
    if (command.award is None) != (command.outcome == "rejected"):
        raise refusals.objection_award(command.objection)
    adjusted: list[CaseEvent] = []
    if command.award is not None:
        adjusted = adjust_score(
            AdjustScore(
                indicator=objection.indicator,
                award=command.award,
                justification=command.justification,
                clause=command.clause,
                ground=command.ground,
                evidence=command.evidence,
            ),
            case,
            editions,
        )
    answered = ObjectionAnswered(
        objection=command.objection,
        indicator=objection.indicator,
        outcome=command.outcome,
        justification=command.justification,
        # The answer stands first, so the award that it brings is the event after it.
        adjustment=case.version + 2 if adjusted else None,
    )
    return [answered, *adjusted]
