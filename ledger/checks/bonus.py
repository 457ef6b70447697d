"""Bonus and penalty: items against caps, items of one document against those of the other."""

from collections.abc import Iterator
from decimal import Decimal

from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import Discrepancy
from ledger.events import BonusClaimed, BonusRecognised, BonusRefused, ResultIssued
from ledger.language import Text, counted
from ledger.rules.rule import half_up


def bonus_beyond_cap(papers: CaseFile) -> Iterator[Discrepancy]:
    """Items that do not fit under the cap leave open which of them count."""
    extra = papers.rubric.bonus
    claimed = papers.of(BonusClaimed)
    points = sum(papers.case.bonus_claims.values(), Decimal(0))
    if extra is None or points <= extra.cap:
        return
    message = Text(
        f"申报加分 {len(papers.case.bonus_claims)} 项共 {points} 分，上限 {extra.cap} 分；"
        "没有说明计入的是哪几项",
        f"{counted(len(papers.case.bonus_claims), 'bonus item')} of {points} claimed, the cap is"
        f" {extra.cap}; which of them count is not said",
    )
    events = tuple(version for version, _ in claimed)
    yield Discrepancy("warning", message, extra.id, events, (extra.clause,))


def bonus_left_out(papers: CaseFile) -> Iterator[Discrepancy]:
    """An item that one document lists and the other does not count is refused by a clause."""
    decisions: list[tuple[int, BonusRecognised | BonusRefused]] = []
    decisions += papers.of(BonusRecognised)
    decisions += papers.of(BonusRefused)
    decided = {event.item: (version, event) for version, event in sorted(decisions, key=_version)}
    claims = {event.item: (version, event) for version, event in papers.of(BonusClaimed)}
    for item, (version, claim) in claims.items():
        at, decision = decided.get(item, (0, None))
        counts = bool(papers.case.bonus.get(item))
        cited = decision is not None and bool(decision.clause.strip())
        if counts or cited or (decision is None and papers.case.issued is None):
            continue
        total = papers.awarded().total
        with_it = papers.awarded(bonus={**papers.case.bonus, item: claim.points}).total
        same = with_it == total
        message = Text(
            f"申报的加分“{claim.title}”没有计入，也没有写明依据；计入后总分为 {with_it}"
            + ("（不变）" if same else f"（现为 {total}）"),
            f"the claimed bonus “{claim.title}” does not count and no clause says why; with it the"
            f" total would be {with_it}" + (" all the same" if same else f" (now {total})"),
        )
        events = (version, at) if at else (version,)
        row = papers.rubric.bonus.id if papers.rubric.bonus else None
        yield Discrepancy("warning", message, row, events, papers.cited(version))


def _version(decision: tuple[int, BonusRecognised | BonusRefused]) -> int:
    return decision[0]


def rate_with_bonus(papers: CaseFile) -> Iterator[Discrepancy]:
    """A rate of the full score that includes points outside it is not the rate of the rows."""
    totals = papers.awarded()
    for version, issued in papers.of(ResultIssued)[-1:]:
        if totals.base == totals.total:
            continue
        full = papers.rubric.full
        rates = [half_up(100 * part / full, 2) for part in (issued.printed_total, totals.base)]
        message = Text(
            f"总分 {issued.printed_total} 含加减分，折成得分率是 {rates[0]}%；"
            f"不含加减分是 {totals.base}，得分率 {rates[1]}%",
            f"the total of {issued.printed_total} includes points outside the rubric: a rate of"
            f" {rates[0]} %; without them it is {totals.base}, {rates[1]} %",
        )
        yield Discrepancy("note", message, events=(version,))
