"""Bonus and penalty: items against caps, items of one document against those of the other."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from ledger.case_totals import awarded_totals
from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import Discrepancy, Held, Outcome
from ledger.events import BonusClaimed, ResultIssued
from ledger.language import Text, counted
from ledger.rules.rule import half_up


def bonus_beyond_cap(case_file: CaseFile) -> Iterator[Outcome]:
    """Items beyond the cap leave open which of them count, until somebody decides."""
    extra = case_file.rubric.bonus
    claimed = case_file.of(BonusClaimed)
    points = sum(case_file.case.bonus_claims.values(), Decimal(0))
    if extra is None or not claimed:
        return
    undecided = case_file.case.bonus_claims.keys() - case_file.case.bonus.keys()
    if points <= extra.cap or not undecided:
        yield Held(Text(f"申报加分 {points} 分", f"{points} claimed as bonus"))
        return
    count = len(case_file.case.bonus_claims)
    message = Text(
        f"申报加分 {count} 项共 {points} 分，上限 {extra.cap} 分，未写明计入哪几项",
        f"{counted(count, 'bonus item')} of {points} claimed, the cap is {extra.cap}; not stated"
        " which of them count",
    )
    events = tuple(version for version, _ in claimed)
    yield Discrepancy("note", message, extra.id, events, (extra.clause,))


def bonus_left_out(case_file: CaseFile) -> Iterator[Outcome]:
    """An item that one document lists and the other does not count is disallowed by a clause."""
    claims = {event.item: (version, event) for version, event in case_file.of(BonusClaimed)}
    counting = sum(1 for item in claims if case_file.case.bonus.get(item))
    for item, (version, claim) in claims.items():
        at = case_file.case.sources.get(("bonus", item), 0)
        decision = case_file.by_version[at].event if at else None
        counts = bool(case_file.case.bonus.get(item))
        reason = case_file.case.reasons.get(("bonus", item))
        cited = bool(reason and reason.clause.strip())
        if decision is None and case_file.case.issued is None:
            continue
        if counts or cited:
            yield Held(Text(f"加分“{claim.title}”", f"bonus '{claim.title}'"))
            continue
        total = case_file.awarded().total
        with_it = case_file.awarded(bonus={**case_file.case.bonus, item: claim.points}).total
        same = with_it == total
        message = Text(
            f"申报加分 {len(claims)} 项，计入 {counting} 项；“{claim.title}”未计入，未写依据条款；"
            f"计入后总分为 {with_it}" + ("（不变）" if same else f"（现为 {total}）"),
            f"{counting} of {counted(len(claims), 'bonus item')} count; '{claim.title}' does not,"
            f" without a clause; with it the total would be {with_it}"
            + (" all the same" if same else f" (now {total})"),
        )
        events = (version, at) if at else (version,)
        row = case_file.rubric.bonus.id if case_file.rubric.bonus else None
        yield Discrepancy(
            "note" if same else "warning", message, row, events, case_file.cited(version)
        )


def rate_with_bonus(case_file: CaseFile) -> Iterator[Outcome]:
    """An issued total without points outside the rubric is the score of the rows."""
    for version, issued in case_file.of(ResultIssued)[-1:]:
        case = case_file.until(version)
        totals = awarded_totals(case, case_file.rubric)
        if not totals.bonus and not totals.penalty:
            continue
        rows = awarded_totals(replace(case, bonus={}, penalties={}), case_file.rubric).total
        full = case_file.rubric.full
        rates = [half_up(100 * part / full, 2) for part in (issued.printed_total, rows)]
        message = Text(
            f"印发总分 {issued.printed_total}（得分率 {rates[0]}%）含加减分；不含加减分为 {rows}"
            f"（{rates[1]}%）",
            f"the issued total {issued.printed_total} ({rates[0]}%) includes points outside the"
            f" rows; without them it is {rows} ({rates[1]}%)",
        )
        yield Discrepancy("note", message, events=(version,))
