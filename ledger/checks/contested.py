"""What became of contested scores: decisions that say one thing and do another."""

from collections.abc import Iterator

from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import Discrepancy, Held, Outcome, row_name
from ledger.events import (
    AppealDecided,
    AppealLodged,
    AppealWithdrawn,
    ObjectionAnswered,
    ResultCorrected,
    ScoreAdjusted,
)
from ledger.language import Text


def upheld_and_lowered(papers: CaseFile) -> Iterator[Outcome]:
    """An objection or an appeal that succeeds does not end below what it contested."""
    lodged = {event.appeal: event for _, event in papers.of(AppealLodged)}
    for version, decided in papers.of(AppealDecided):
        contested = {one.indicator: one.award for one in lodged[decided.appeal].contests}
        what = Text(f"申诉“{decided.appeal}”", f"appeal '{decided.appeal}'")
        for ruling in decided.rulings if decided.outcome != "rejected" else ():
            row = papers.rubric.by_id[ruling.indicator]
            before = contested.get(ruling.indicator, ruling.before)
            if ruling.award >= before:
                yield Held(what, row.id)
                continue
            message = Text(
                f"{what.zh}决定支持，{row_name(row).zh}却由 {before} 降为 {ruling.award}",
                f"{what.en} is upheld, yet {row.id} goes from {before} to {ruling.award}",
            )
            yield Discrepancy("warning", message, row.id, (version,), papers.cited(version))
    for version, answer in papers.of(ObjectionAnswered):
        made = papers.by_version.get(answer.adjustment or 0)
        if answer.outcome == "rejected" or made is None:
            continue
        event, row = made.event, papers.rubric.by_id[answer.indicator]
        what = Text(f"反馈意见“{answer.objection}”", f"objection '{answer.objection}'")
        if not isinstance(event, ScoreAdjusted) or event.award >= event.before:
            yield Held(what, row.id)
            continue
        message = Text(
            f"{what.zh}予以采纳，{row_name(row).zh}却由 {event.before} 降为 {event.award}",
            f"{what.en} is accepted, yet {row.id} goes from {event.before} to {event.award}",
        )
        yield Discrepancy("warning", message, row.id, tuple(sorted((made.version, version))))


def contested_row_moved(papers: CaseFile) -> Iterator[Outcome]:
    """While an appeal against a row is open, its score stays what the appeal contests."""
    ended = {event.appeal: version for version, event in papers.of(AppealDecided)}
    ended |= {event.appeal: version for version, event in papers.of(AppealWithdrawn)}
    for lodged_at, appeal in papers.of(AppealLodged):
        end = ended.get(appeal.appeal)
        rows = {one.indicator: one.award for one in appeal.contests}
        for at, corrected in papers.of(ResultCorrected):
            if corrected.indicator not in rows or not lodged_at < at < (end or at + 1):
                continue
            row = papers.rubric.by_id[corrected.indicator]
            message = Text(
                f"{row_name(row).zh}：申诉“{appeal.appeal}”所争议的 {rows[row.id]} 在申诉期间"
                f"更正为 {corrected.award}（{corrected.number}）",
                f"{row.id}: {rows[row.id]}, contested by appeal '{appeal.appeal}', was corrected to"
                f" {corrected.award} while the appeal was open ({corrected.number})",
            )
            events = (lodged_at, at, end) if end else (lodged_at, at)
            yield Discrepancy("warning", message, row.id, events)
