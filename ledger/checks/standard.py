"""The rubric by itself: what it leaves open, whatever the case."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from ledger.checks.case_file import CaseFile
from ledger.checks.discrepancy import Discrepancy, Severity, listed
from ledger.checks.shapes import shapes
from ledger.events import RubricPinned, RubricRepinned
from ledger.language import Text
from ledger.rubric import Indicator, Rubric
from ledger.rules.comparison import Comparison
from ledger.rules.score_range import NO_SCORE


def band_gap(papers: CaseFile) -> Iterator[Discrepancy]:
    """Every total from 0 to the cap has a grade."""
    rubric = papers.rubric
    gaps = list(_gaps(rubric))
    if not gaps:
        return
    totals = (("自评", papers.claimed()), ("核查", papers.awarded()))
    hit = [f"{who} {one.total}" for who, one in totals if not one.pending and one.grade is None]
    message = Text(
        f"没有等级的总分：{'、'.join(gaps)}" + (f"；{'、'.join(hit)} 落在其中" if hit else ""),
        f"totals without a grade: {', '.join(gaps)}"
        + (f"; {len(hit)} of this case's totals among them" if hit else ""),
    )
    severity: Severity = "warning" if hit else "note"
    yield Discrepancy(severity, message, None, _pinned(papers), (rubric.source,))


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


def tie_undefined(papers: CaseFile) -> Iterator[Discrepancy]:
    """A comparison says what two equal numbers get."""
    for row in papers.rubric.indicators:
        if any(
            isinstance(shape, Comparison) and shape.equal == NO_SCORE for shape in shapes(row.rule)
        ):
            message = Text(
                f"“{row.path[-1]}”没有规定恰好相等时得几分；比率到顶时也就不可能高过同样到顶的平均值",
                f"{row.id}: the standard does not say what a tie gets; at the upper end nothing can"
                " be above a mean that is there, too",
            )
            yield Discrepancy("note", message, row.id, _pinned(papers), (row.clause,))


def repeated_name(papers: CaseFile) -> Iterator[Discrepancy]:
    """A row is known by its name; where names repeat, only ids tell rows apart."""
    named: dict[str, list[Indicator]] = {}
    for row in papers.rubric.indicators:
        named.setdefault(row.path[-1], []).append(row)
    for name, rows in named.items():
        if len(rows) > 1:
            ids = listed(row.id for row in rows)
            message = Text(
                f"“{name}”有 {len(rows)} 行：{ids.zh}；只能按编号区分",
                f"{len(rows)} rows share the name “{name}”: {ids.en}; only ids tell them apart",
            )
            places = tuple(row.clause for row in rows)
            yield Discrepancy("note", message, rows[0].id, _pinned(papers), places)


def _pinned(papers: CaseFile) -> tuple[int, ...]:
    pinned = [*papers.of(RubricPinned), *papers.of(RubricRepinned)]
    return (max(version for version, _ in pinned),) if pinned else ()
