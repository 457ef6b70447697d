"""The rubric by itself: what it leaves open in any case."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import (
    Discrepancy,
    Held,
    Outcome,
    Severity,
    joined,
    row_name,
)
from ledger.checks.shapes import shapes
from ledger.events import RubricPinned, RubricRepinned
from ledger.language import Text, listing
from ledger.rubric import Indicator, Rubric
from ledger.rules.comparison import Comparison
from ledger.rules.score_range import NO_SCORE


def band_gap(case_file: CaseFile) -> Iterator[Outcome]:
    """Every total from 0 to the cap has a grade."""
    rubric = case_file.rubric
    gaps = list(_gaps(rubric))
    if not gaps:
        if rubric.bands:
            yield Held(Text("等级区间", "grade bands"))
        return
    submitted, issued = case_file.case.submitted, case_file.case.issued
    totals = (
        (Text("自评", "claimed"), case_file.claimed(), submitted and submitted.printed_grade),
        (Text("核查", "awarded"), case_file.awarded(), issued and issued.printed_grade),
    )
    hit = [(who, one, grade) for who, one, grade in totals if not one.pending and not one.grade]
    zh = [
        f"{who.zh}总分 {one.total} 在其中" + (f"，所印等级为“{grade}”" if grade else "")
        for who, one, grade in hit
    ]
    en = [
        f"the {who.en} total {one.total} is one of them"
        + (f", printed with grade '{grade}'" if grade else "")
        for who, one, grade in hit
    ]
    message = Text(
        "；".join([f"没有等级的总分：{'、'.join(gaps)}", *zh]),
        "; ".join([f"totals without a grade: {', '.join(gaps)}", *en]),
    )
    severity: Severity = "warning" if hit else "note"
    yield Discrepancy(severity, message, None, _pinned(case_file), (rubric.source,))


def _gaps(rubric: Rubric) -> Iterator[str]:
    """Stretches of totals, in the rubric's scale, that no band holds."""
    if not rubric.bands:
        return
    inside = [
        end
        for band in rubric.bands
        for end in (band.interval.low, band.interval.high)
        if end is not None and 0 <= end <= rubric.cap
    ]
    ends = sorted({Decimal(0), rubric.cap, *inside})
    step = Decimal(1).scaleb(-rubric.scale)
    yield from (f"{end}" for end in ends if rubric.grade(end) is None)
    for low, high in pairwise(ends):
        if low + step < high and rubric.grade(low + step) is None:
            yield f"({low},{high})"


def weights_above_cap(case_file: CaseFile) -> Iterator[Outcome]:
    """All weights together are no more than the cap of the total."""
    rubric = case_file.rubric
    if rubric.full <= rubric.cap:
        yield Held(Text(f"分值合计 {rubric.full}", f"weights of {rubric.full}"))
        return
    message = Text(
        f"分值合计 {rubric.full}，总分上限 {rubric.cap}；超出的 {rubric.full - rubric.cap} 分被上限"
        "掩盖",
        f"the weights add up to {rubric.full}, the total is capped at {rubric.cap}: the cap hides"
        f" {rubric.full - rubric.cap}",
    )
    yield Discrepancy("warning", message, None, _pinned(case_file), (rubric.source,))


def tie_undefined(case_file: CaseFile) -> Iterator[Outcome]:
    """A comparison says what two equal numbers get."""
    for row in case_file.rubric.indicators:
        compared = [shape for shape in shapes(row.rule) if isinstance(shape, Comparison)]
        name = row_name(row)
        if any(shape.equal == NO_SCORE for shape in compared):
            message = Text(
                f"{name.zh}：标准未规定两数相等时的得分",
                f"{name.en}: the standard does not say how two equal numbers are scored",
            )
            yield Discrepancy("note", message, row.id, _pinned(case_file), (row.clause,))
        elif compared:
            yield Held(name, row.id)


def repeated_name(case_file: CaseFile) -> Iterator[Outcome]:
    """A row is known by its name; where names repeat, only ids tell rows apart."""
    named: dict[str, list[Indicator]] = {}
    for row in case_file.rubric.indicators:
        named.setdefault(row.path[-1], []).append(row)
    repeated = {name: rows for name, rows in named.items() if len(rows) > 1}
    if not repeated:
        yield Held(Text("指标名称", "names of indicators"))
        return
    told = joined(
        Text(f"“{name}”{len(rows)} 项（{ids.zh}）", f"'{name}' {len(rows)} ({ids.en})")
        for name, rows in repeated.items()
        for ids in [listing(row.id for row in rows)]
    )
    message = Text(
        f"指标重名，只能按编号区分：{told.zh}",
        f"rows with the same name, distinguishable by id only: {told.en}",
    )
    rows = [row for some in repeated.values() for row in some]
    places = tuple(row.clause for row in rows)
    yield Discrepancy("note", message, rows[0].id, _pinned(case_file), places)


def _pinned(case_file: CaseFile) -> tuple[int, ...]:
    pinned = [*case_file.of(RubricPinned), *case_file.of(RubricRepinned)]
    return (max(version for version, _ in pinned),) if pinned else ()
