"""Printed sums, weights, rates, totals and grades against what the rows give."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ledger.case_totals import awarded_totals, claimed_totals
from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import (
    NOTHING,
    Discrepancy,
    Held,
    NotJudged,
    Outcome,
    Severity,
    signed,
    to_places,
)
from ledger.events import (
    ReportDelivered,
    ResultIssued,
    SelfEvaluationSubmitted,
    SubtotalPrinted,
)
from ledger.language import Text
from ledger.rubric import Totals


def printed_totals(case_file: CaseFile) -> Iterator[Outcome]:
    """A printed sum, bonus, total or grade is what the rows give."""
    for version, event in case_file.of(SelfEvaluationSubmitted)[-1:]:
        totals = claimed_totals(case_file.until(version), case_file.rubric)
        printed = (event.printed_base, event.printed_bonus, event.printed_total)
        yield from _printed(version, totals, printed, event.printed_grade, "")
    for version, report in case_file.of(ReportDelivered)[-1:]:
        totals = awarded_totals(case_file.until(version), case_file.rubric)
        printed = (None, None, report.printed_total)
        yield from _printed(version, totals, printed, report.printed_grade, "")
    for version, issued in case_file.of(ResultIssued)[-1:]:
        totals = awarded_totals(case_file.until(version), case_file.rubric)
        printed = (None, None, issued.printed_total)
        yield from _printed(version, totals, printed, issued.printed_grade, issued.difference)


def _printed(
    version: int, totals: Totals, printed: tuple[Decimal | None, ...], grade: str, why: str
) -> Iterator[Outcome]:
    """What differs; a difference that the document explains is not a contradiction any more."""
    severity: Severity = "warning" if why else "error"
    reason = Text(f"；文件说明：{why}", f"; explained: {why}") if why else NOTHING
    names = (("各行合计", "sum of rows"), ("加分", "bonus"), ("总分", "total"))
    computed = (totals.base, totals.bonus, totals.total)
    for (zh, en), said, adds_up in zip(names, printed, computed, strict=True):
        if said == adds_up:
            yield Held(Text(f"{zh} {adds_up}", f"{en} {adds_up}"))
        elif said is not None:
            message = Text(
                f"所印{zh} {said}，按各行计算为 {adds_up}，相差 {signed(said - adds_up)}"
                f"{reason.zh}",
                f"the document prints {said} as its {en}; the rows give {adds_up}"
                f" ({signed(said - adds_up)}){reason.en}",
            )
            yield Discrepancy(severity, message, events=(version,))
    if not grade or totals.pending or totals.grade is None:
        return  # a total without a grade is the bands' fault: `band_gap`
    if grade == totals.grade:
        yield Held(Text(f"等级“{grade}”", f"grade '{grade}'"))
    else:
        message = Text(
            f"所印等级为“{grade}”，{totals.total} 分属于“{totals.grade}”{reason.zh}",
            f"the document prints grade '{grade}'; {totals.total} is '{totals.grade}'{reason.en}",
        )
        yield Discrepancy(severity, message, events=(version,))


WEIGHT: Final = Text("分值", "weight")
SCORE: Final = Text("得分", "score")
RATE: Final = Text("得分率（%）", "rate in percent")


AGENCY: Final = frozenset({"reviewer", "lead-reviewer"})


def printed_subtotals(case_file: CaseFile) -> Iterator[Outcome]:
    """A printed subtotal, weight or rate is what its rows give."""
    latest = {event.item: (version, event) for version, event in case_file.of(SubtotalPrinted)}
    for version, printed in latest.values():
        label = Text(f"“{printed.label}”", f"'{printed.label}'")
        weight, score, complete = _subtotal(case_file, version, printed)
        if printed.printed_weight is not None and weight is not None:
            yield from _compared(
                version, (label, WEIGHT), (printed.printed_weight, weight), "warning"
            )
        if printed.printed_score is not None:
            if score is None:
                yield NotJudged(
                    Text(
                        f"{label.zh}：各行得分不全，所印 {printed.printed_score} 未核对",
                        f"{label.en}: rows have no score yet; {printed.printed_score} as printed"
                        " was not compared",
                    )
                )
            else:
                severity: Severity = "error" if complete else "note"
                yield from _compared(
                    version, (label, SCORE), (printed.printed_score, score), severity
                )
        if printed.printed_rate is not None and weight and score is not None and complete:
            places = len(f"{printed.printed_rate}".partition(".")[2])
            rate = to_places(100 * Fraction(score) / Fraction(weight), places)
            yield from _compared(version, (label, RATE), (printed.printed_rate, rate), "warning")


def _compared(
    version: int, about: tuple[Text, Text], numbers: tuple[Decimal, Decimal], severity: Severity
) -> Iterator[Outcome]:
    """What is printed and what the rows give."""
    (label, what), (said, computed) = about, numbers
    if said == computed:
        yield Held(Text(f"{label.zh}{what.zh} {said}", f"{label.en} {what.en} {said}"))
        return
    message = Text(
        f"{label.zh}所印{what.zh} {said}，按各行计算为 {computed}，相差 {signed(said - computed)}",
        f"{label.en}: {what.en} {said} as printed, {computed} from its rows"
        f" ({signed(said - computed)})",
    )
    yield Discrepancy(severity, message, events=(version,))


def _subtotal(
    case_file: CaseFile, version: int, printed: SubtotalPrinted
) -> tuple[Decimal | None, Decimal | None, bool]:
    """Weight and score of what a subtotal sums, and whether no row lacks a score.

    A review's subtotals of claims sum the self column that it prints.
    """
    rubric = case_file.rubric
    case = case_file.until(_printed_at(case_file, version))
    theirs = case_file.by_version[version].by.role in AGENCY
    awarded = printed.column == "awarded"
    totals = awarded_totals(case, rubric) if awarded else claimed_totals(case, rubric)
    for extra, points in ((rubric.bonus, totals.bonus), (rubric.penalty, totals.penalty)):
        if extra and printed.path == (extra.name,):
            return None, points, True
    rows = [row.id for row in rubric.indicators if row.path[: len(printed.path)] == printed.path]
    weight = rubric.weight_under(printed.path) if printed.path else rubric.full
    if not awarded and theirs:
        column = case.claims_restated
        scores = [column[row] for row in rows if row in column]
        bonus = column.get(rubric.bonus.id, Decimal(0)) if rubric.bonus else Decimal(0)
        total = sum(scores, Decimal(0)) + (Decimal(0) if printed.path else bonus)
        return weight, min(total, rubric.cap), len(scores) == len(rows)
    known = case.awarded if awarded else case.claims
    missing = [row for row in rows if row not in known and row not in case.excluded]
    if not rows or missing:
        return weight, None, False
    if not printed.path:
        return weight, totals.total, True
    return weight, sum((known[row] for row in rows if row in known), Decimal(0)), True


def _printed_at(case_file: CaseFile, version: int) -> int:
    """The version of the report or the result that contains a subtotal, or of the last event."""
    if case_file.by_version[version].by.role not in AGENCY:
        submitted = [at for at, _ in case_file.of(SelfEvaluationSubmitted) if at > version]
        return min(submitted, default=case_file.history[-1].version)
    out = [at for at, _ in case_file.of(ReportDelivered)] + [
        at for at, _ in case_file.of(ResultIssued)
    ]
    return min((at for at in out if at > version), default=case_file.history[-1].version)
