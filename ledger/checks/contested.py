"""What became of contested scores: decisions that say one thing and do another."""

from collections.abc import Iterator
from decimal import Decimal

from ledger.case import Objection
from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import Discrepancy, Held, Outcome, row_name
from ledger.events import (
    AppealDecided,
    AppealLodged,
    AppealWithdrawn,
    BonusRecognised,
    Contested,
    ObjectionAnswered,
    ObjectionRaised,
    PenaltyRecorded,
    ResultCorrected,
    Ruling,
    ScoreAdjusted,
)
from ledger.language import Text
from ledger.terms import APPEAL_OUTCOMES, OBJECTION_OUTCOMES

Row = Contested | Ruling | ResultCorrected | ObjectionAnswered | ObjectionRaised | Objection


def _key(row: Row) -> tuple[str, str | None, bool]:
    """What distinguishes indicators from items."""
    return row.indicator, row.item, row.penalty


def _name(case_file: CaseFile, row: Row) -> Text:
    """An indicator, or a bonus or penalty item, for people."""
    if row.item is None:
        return row_name(case_file.rubric.by_id[row.indicator])
    kind = Text("减分项", "penalty item") if row.penalty else Text("加分项", "bonus item")
    return Text(f"{kind.zh} {row.item}", f"{kind.en} {row.item}")


def _is_worse(row: Row, before: Decimal, after: Decimal) -> bool:
    """Whether the unit has less after it: a lower score, or a higher penalty."""
    return after > before if row.penalty else after < before


def upheld_and_lowered(case_file: CaseFile) -> Iterator[Outcome]:
    """An objection or an appeal that succeeds does not end below what it contested."""
    lodged = {event.appeal: event for _, event in case_file.of(AppealLodged)}
    for version, decided in case_file.of(AppealDecided):
        contested = {_key(contest): contest.award for contest in lodged[decided.appeal].contests}
        what = Text(f"申诉“{decided.appeal}”", f"appeal '{decided.appeal}'")
        for ruling in decided.rulings if decided.outcome != "rejected" else ():
            before = contested.get(_key(ruling), ruling.before)
            if not _is_worse(ruling, before, ruling.award):
                yield Held(what, ruling.indicator)
                continue
            name = _name(case_file, ruling)
            outcome = APPEAL_OUTCOMES[decided.outcome]
            message = Text(
                f"{what.zh}决定{outcome.zh}，但{name.zh}由 {before} 变为 {ruling.award}",
                f"{what.en} is {outcome.en}, yet {name.en} goes from {before} to {ruling.award}",
            )
            cited = case_file.cited(version)
            yield Discrepancy("warning", message, ruling.indicator, (version,), cited)
    for version, answer in case_file.of(ObjectionAnswered):
        made = case_file.by_version.get(answer.adjustment or 0)
        if answer.outcome == "rejected" or made is None:
            continue
        what = Text(f"反馈意见“{answer.objection}”", f"objection '{answer.objection}'")
        moved = _moved(case_file, answer, made.event)
        if moved is None or not _is_worse(answer, *moved):
            yield Held(what, answer.indicator)
            continue
        name = _name(case_file, answer)
        words = OBJECTION_OUTCOMES[answer.outcome]
        message = Text(
            f"{what.zh}{words.zh}，但{name.zh}由 {moved[0]} 变为 {moved[1]}",
            f"{what.en} is {words.en}, yet {name.en} goes from {moved[0]} to {moved[1]}",
        )
        events = tuple(sorted((made.version, version)))
        yield Discrepancy("warning", message, answer.indicator, events)


def _moved(
    case_file: CaseFile, answer: ObjectionAnswered, made: object
) -> tuple[Decimal, Decimal] | None:
    """What an answer has changed, from what to what."""
    if isinstance(made, ScoreAdjusted):
        return made.before, made.award
    if not isinstance(made, BonusRecognised | PenaltyRecorded):
        return None
    raised = next(
        (
            event
            for _, event in case_file.of(ObjectionRaised)
            if event.objection == answer.objection
        ),
        None,
    )
    contested = case_file.by_version.get(raised.contests) if raised else None
    before = getattr(contested.event, "points", Decimal(0)) if contested else made.points
    return before, made.points


def contested_row_moved(case_file: CaseFile) -> Iterator[Outcome]:
    """While an appeal against a row is open, its score stays what the appeal contests."""
    ended = {event.appeal: version for version, event in case_file.of(AppealDecided)}
    ended |= {event.appeal: version for version, event in case_file.of(AppealWithdrawn)}
    for lodged_at, appeal in case_file.of(AppealLodged):
        end = ended.get(appeal.appeal)
        rows = {_key(contest): contest.award for contest in appeal.contests}
        for at, corrected in case_file.of(ResultCorrected):
            if _key(corrected) not in rows or not lodged_at < at < (end or at + 1):
                continue
            name, issued = _name(case_file, corrected), rows[_key(corrected)]
            message = Text(
                f"{name.zh}：申诉“{appeal.appeal}”所争议的 {issued} 在申诉期间"
                f"更正为 {corrected.award}（{corrected.number}）",
                f"{name.en}: {issued}, contested by appeal '{appeal.appeal}', was corrected to"
                f" {corrected.award} while the appeal was open ({corrected.number})",
            )
            events = (lodged_at, at, end) if end else (lodged_at, at)
            yield Discrepancy("warning", message, corrected.indicator, events)
