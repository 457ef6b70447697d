"""Appeals against issued awards, and their decisions."""

from ledger.case import Appeal, Case
from ledger.commands import CommandRefused, DecideAppeal, LodgeAppeal, NewAward, WithdrawAppeal
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
        raise CommandRefused(
            "appeal-exists",
            f"申诉 {command.appeal} 已提出过；请换一个编号",
            f"the appeal {command.appeal} exists already; choose another id",
        )
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
        raise CommandRefused(
            "own-award",
            f"{by.account} 是被申诉得分的给分人或签认人，不能决定；请由另一账号决定",
            f"{by.account} made or signed what is contested and cannot decide;"
            " another account must",
        )
    if bool(command.awards) == (command.outcome == "rejected"):
        raise CommandRefused(
            "outcome-award",
            "支持或部分支持须给出新的得分（awards），驳回则不能给",
            "an upheld or partly upheld appeal brings new awards, a rejected one none",
        )
    rows = [new.indicator for new in command.awards]
    if twice := [row for row in dict.fromkeys(rows) if rows.count(row) > 1]:
        raise CommandRefused(
            "row-twice",
            f"{'、'.join(twice)} 给了两个得分；一行只能给一个",
            f"two awards are given for {', '.join(twice)}; a row has one",
        )
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
        if appeal.open and any(one.indicator == indicator for one in appeal.contests):
            raise CommandRefused(
                "contested",
                f"{indicator} 已在申诉 {name} 中，尚未决定；请等决定或先撤回",
                f"{indicator} is contested by the open appeal {name}; wait for its decision or"
                " withdraw it",
            )


def _open_appeal(case: Case, appeal: ItemId) -> Appeal:
    found = case.appeals.get(appeal)
    if found is None or not found.open:
        waiting = tuple(name for name, one in case.appeals.items() if one.open) or ("-",)
        raise CommandRefused(
            "no-open-appeal",
            f"没有未决的申诉 {appeal}；未决：{'、'.join(waiting)}",
            f"there is no open appeal {appeal}; open: {', '.join(waiting)}",
        )
    return found


def _ruling(case: Case, rubric: Rubric, appeal: Appeal, new: NewAward) -> Ruling:
    if all(one.indicator != new.indicator for one in appeal.contests):
        rows = tuple(one.indicator for one in appeal.contests)
        raise CommandRefused(
            "not-contested",
            f"申诉没有涉及 {new.indicator}；涉及：{'、'.join(rows)}",
            f"the appeal does not contest {new.indicator}; it contests: {', '.join(rows)}",
        )
    row = row_of(rubric, new.indicator)
    award = scaled_score(rubric, new.award, row.weight, row.path[-1])
    before = rubric.in_scale(standing_award(case, new.indicator).score)
    if award == before and new.indicator in case.awards:
        raise CommandRefused(
            "no-change",
            f"{new.indicator} 现在就是 {award}；不改的行不必列出",
            f"{new.indicator} stands at {award} already; leave out rows that do not change",
        )
    return Ruling(indicator=new.indicator, before=before, award=award)
