"""Appeals against issued awards, and their decisions."""

from ledger import refusals
from ledger.case import Appeal, Case
from ledger.commands import DecideAppeal, LodgeAppeal, NewAward, WithdrawAppeal
from ledger.decide.preconditions import (
    must_be,
    must_be_filed,
    pinned_rubric,
    row_of,
    scaled_score,
    standing_award,
)
from ledger.editions import Editions
from ledger.envelope import Actor
from ledger.events import (
    AppealDecided,
    AppealLodged,
    AppealWithdrawn,
    CaseEvent,
    Contested,
    Ruling,
)
from ledger.rubric import Rubric
from ledger.values import IndicatorId, ItemId


def lodge_appeal(command: LodgeAppeal, case: Case, editions: Editions) -> list[CaseEvent]:
    """Contest issued awards; the appeal names the exact versions and keeps to them."""
    must_be(case, "issued")
    rubric = pinned_rubric(case, editions)
    if command.appeal in case.appeals:
        raise refusals.appeal_exists(command.appeal)
    for indicator in command.indicators:
        row_of(rubric, indicator)
        _must_not_be_contested(case, indicator)
    must_be_filed(case, command.evidence)
    return [
        AppealLodged(
            appeal=command.appeal,
            number=command.number,
            contests=tuple(
                _contested(case, rubric, row) for row in dict.fromkeys(command.indicators)
            ),
            statement=command.statement,
            evidence=command.evidence,
        )
    ]


def withdraw_appeal(command: WithdrawAppeal, case: Case) -> list[CaseEvent]:
    """Take an appeal back before it is decided."""
    must_be(case, "issued")
    _open_appeal(case, command.appeal)
    return [AppealWithdrawn(appeal=command.appeal, reason=command.reason)]


def decide_appeal(
    command: DecideAppeal, case: Case, by: Actor, editions: Editions
) -> list[CaseEvent]:
    """Decide an appeal; nobody decides on an award that they made or signed."""
    must_be(case, "issued")
    rubric = pinned_rubric(case, editions)
    appeal = _open_appeal(case, command.appeal)
    # A correction in the meantime makes its author a party as well.
    if by.account in appeal.parties | case.parties(appeal.contests):
        raise refusals.own_award_appealed(by.account)
    if bool(command.awards) == (command.outcome == "rejected"):
        raise refusals.appeal_award(command.appeal)
    rows = [new.indicator for new in command.awards]
    if twice := [row for row in dict.fromkeys(rows) if rows.count(row) > 1]:
        raise refusals.row_twice(twice)
    must_be_filed(case, command.evidence)
    return [
        AppealDecided(
            appeal=command.appeal,
            outcome=command.outcome,
            number=command.number,
            justification=command.justification,
            clause=command.clause,
            rulings=tuple(_ruling(case, rubric, appeal, new) for new in command.awards),
            evidence=command.evidence,
        )
    ]


def _contested(case: Case, rubric: Rubric, indicator: IndicatorId) -> Contested:
    award = standing_award(case, indicator)
    return Contested(indicator=indicator, version=award.version, award=rubric.in_scale(award.score))


def _must_not_be_contested(case: Case, indicator: IndicatorId) -> None:
    for name, appeal in case.appeals.items():
        if appeal.open and any(contest.indicator == indicator for contest in appeal.contests):
            raise refusals.contested(indicator, name)


def _open_appeal(case: Case, appeal: ItemId) -> Appeal:
    found = case.appeals.get(appeal)
    if found is None or not found.open:
        waiting = tuple(name for name, one in case.appeals.items() if one.open)
        raise refusals.no_open_appeal(appeal, waiting)
    return found


def _ruling(case: Case, rubric: Rubric, appeal: Appeal, new: NewAward) -> Ruling:
    if all(contest.indicator != new.indicator for contest in appeal.contests):
        rows = tuple(contest.indicator for contest in appeal.contests)
        raise refusals.not_contested(new.indicator, rows)
    row = row_of(rubric, new.indicator)
    award = scaled_score(rubric, new.award, row.weight, row.path[-1])
    before = rubric.in_scale(standing_award(case, new.indicator).score)
    if award == before and new.indicator in case.awards:
        raise refusals.no_change(new.indicator, award)
    return Ruling(indicator=new.indicator, before=before, award=award)
