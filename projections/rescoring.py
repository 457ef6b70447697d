"""Re-scoring (改版重算): which rows and totals another edition of the rubric would change."""

from decimal import Decimal

from msgspec import Struct

from ledger.case_totals import standing_totals
from ledger.rubric import Totals
from ledger.rules.rule import RuleResult
from ledger.values import Edition, IndicatorId, Sha256
from projections.as_of import CaseAsOf
from projections.score_sheet import pinned


class RescoredRow(Struct, frozen=True, kw_only=True):
    """A row that the other edition changes; `None` where an edition does not have it."""

    indicator: IndicatorId
    weight_before: Decimal | None
    weight_after: Decimal | None
    rule_before: RuleResult | None
    rule_after: RuleResult | None
    standing: Decimal | None


class Rescoring(Struct, frozen=True, kw_only=True):
    """What changes, with the digests of both editions. Nothing is recorded."""

    before: Edition
    before_sha256: Sha256
    after: Edition
    after_sha256: Sha256
    rows: tuple[RescoredRow, ...]
    totals_before: Totals
    totals_after: Totals


def rescoring(point: CaseAsOf, edition: Edition) -> Rescoring:
    """What a case would be under another edition of its rubric.

    Raises:
        Invalid: no rubric was pinned by then.
        CommandRefused: the edition was never published.
    """
    before, after = pinned(point), point.editions.rubric(edition)
    case = point.case
    figures = case.figures_in_force
    scores, totals_before = standing_totals(case, before)
    rows = []
    for indicator in dict.fromkeys([*after.by_id, *before.by_id]):
        old, new = before.by_id.get(indicator), after.by_id.get(indicator)
        row = RescoredRow(
            indicator=indicator,
            weight_before=old.weight if old else None,
            weight_after=new.weight if new else None,
            rule_before=before.rule_result(old, figures) if old else None,
            rule_after=after.rule_result(new, figures) if new else None,
            standing=scores.get(indicator),
        )
        if (row.weight_before, _scored(row.rule_before)) != (
            row.weight_after,
            _scored(row.rule_after),
        ):
            rows.append(row)
    return Rescoring(
        before=before.edition,
        before_sha256=point.editions.digest(before.edition),
        after=edition,
        after_sha256=point.editions.digest(edition),
        rows=tuple(rows),
        totals_before=totals_before,
        totals_after=standing_totals(case, after)[1],
    )


def _scored(result: RuleResult | None) -> tuple[Decimal, Decimal] | None:
    return (result.lowest, result.highest) if result else None


def rescoring_json(result: Rescoring) -> dict[str, object]:
    """The comparison with stable keys."""
    return {
        "before": {
            "edition": result.before,
            "sha256": result.before_sha256,
            "total": str(result.totals_before.total),
        },
        "after": {
            "edition": result.after,
            "sha256": result.after_sha256,
            "total": str(result.totals_after.total),
        },
        "rows": [
            {
                "indicator": row.indicator,
                "weight": {"before": _text(row.weight_before), "after": _text(row.weight_after)},
                "rule": {"before": ruled(row.rule_before), "after": ruled(row.rule_after)},
                "standing": _text(row.standing),
            }
            for row in result.rows
        ],
    }


def ruled(result: RuleResult | None) -> str | None:
    """A rule's result as text: a score, or the bounds where figures are missing."""
    return result.range_text if result else None


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
