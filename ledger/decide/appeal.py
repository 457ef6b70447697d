"""Appeals against issued awards, and their decisions."""

from ledger import refusals
from ledger.case import Appeal, Case
from ledger.commands import DecideAppeal, LodgeAppeal, NewAward, WithdrawAppeal
from ledger.decide.preconditions import (
    decided,
    must_be,
    must_be_filed,
    pinned_rubric,
    restated_for,
    scaled_score,
)
from ledger.editions import Editions
from ledger.events import (
    AppealDecided,
    AppealLodged,
    AppealWithdrawn,
    CaseEvent,
    Contested,
    Ruling,
)
from ledger.every_command import event_of
from ledger.rubric import Rubric
from ledger.rule_editions import RuleEdition
from ledger.values import ItemId


def lodge_appeal(
    command: LodgeAppeal, case: Case, editions: Editions, rules: RuleEdition
) -> list[CaseEvent]:
    """Contest issued awards or items; the appeal names the exact versions and keeps to them."""
    must_be(case, "issued")
    rubric = pinned_rubric(case, editions)
    if command.appeal in case.appeals:
        raise refusals.appeal_exists(command.appeal)
    contests = [_contested(case, rubric, name, rules) for name in dict.fromkeys(command.indicators)]
    must_be_filed(case, command.evidence)
    return [event_of(AppealLodged, command, contests=tuple(contests))]


def withdraw_appeal(command: WithdrawAppeal, case: Case) -> list[CaseEvent]:
    """Take an appeal back before it is decided."""
    must_be(case, "issued")
    _open_appeal(case, command.appeal)
    return [event_of(AppealWithdrawn, command)]


def decide_appeal(
    command: DecideAppeal, case: Case, editions: Editions, rules: RuleEdition
) -> list[CaseEvent]:
    """Decide an appeal against what others have awarded and signed (`ledger.authority`)."""
    must_be(case, "issued")
    rubric = pinned_rubric(case, editions)
    appeal = _open_appeal(case, command.appeal)
    restated = restated_for(case, command, rules)
    if bool(command.awards or restated) == (command.outcome == "rejected") or (
        restated and not command.awards
    ):
        raise refusals.appeal_award(command.appeal)
    rows = [new.indicator for new in command.awards]
    if twice := [row for row in dict.fromkeys(rows) if rows.count(row) > 1]:
        raise refusals.row_twice(twice)
    must_be_filed(case, command.evidence)
    return [
        *restated,
        event_of(
            AppealDecided,
            command,
            rulings=tuple(_ruling(case, rubric, appeal, new, rules) for new in command.awards),
        ),
    ]


def _contested(case: Case, rubric: Rubric, name: str, rules: RuleEdition) -> Contested:
    issued = decided(case, rubric, name, rules)
    for appeal, lodged in case.appeals.items():
        if lodged.open and name in lodged.names:
            raise refusals.contested(name, appeal)
    return Contested(
        indicator=issued.indicator,
        version=issued.version,
        award=issued.score,
        item=issued.item,
        penalty=issued.penalty,
    )


def _open_appeal(case: Case, appeal: ItemId) -> Appeal:
    found = case.appeals.get(appeal)
    if found is None or not found.open:
        waiting = tuple(name for name, one in case.appeals.items() if one.open)
        raise refusals.no_open_appeal(appeal, waiting)
    return found


def _ruling(
    case: Case, rubric: Rubric, appeal: Appeal, new: NewAward, rules: RuleEdition
) -> Ruling:
    if new.indicator not in appeal.names:
        raise refusals.not_contested(new.indicator, appeal.names)
    issued = decided(case, rubric, new.indicator, rules)
    award = scaled_score(rubric, new.award, issued.most, issued.label)
    if award == issued.score and issued.applies:
        raise refusals.no_change(new.indicator, award)
    return Ruling(
        indicator=issued.indicator,
        before=issued.score,
        award=award,
        item=issued.item,
        penalty=issued.penalty,
    )
