"""Re-scoring (改版重算): which rows and totals another edition of the rubric would change."""

from decimal import Decimal

from msgspec import Struct

from ledger.case_totals import standing_totals
from ledger.language import Text, counted
from ledger.rubric import Rubric
from ledger.rules.rule import RuleResult
from ledger.values import Edition, IndicatorId, Sha256
from projections.as_of import CaseAsOf
from projections.score_sheet import pinned


class Both(Struct, frozen=True):
    """What each edition has; `None` where one does not have the row."""

    before: str | None
    after: str | None


class RescoredRow(Struct, frozen=True, kw_only=True):
    """A row that the other edition changes: its weight, or what the rule gives."""

    indicator: IndicatorId
    weight: Both
    rule: Both
    standing: Decimal | None


class RescoredEdition(Struct, frozen=True):
    """An edition, and the standing total that the case has by it."""

    edition: Edition
    sha256: Sha256
    total: Decimal


class Rescoring(Struct, frozen=True, kw_only=True):
    """What changes. Nothing is recorded."""

    before: RescoredEdition
    after: RescoredEdition
    rows: tuple[RescoredRow, ...]

    @property
    def title(self) -> str:
        """From which edition to which."""
        return " → ".join(f"{one.edition} {one.sha256[:12]}…" for one in (self.before, self.after))

    @property
    def summary(self) -> Text:
        """How many rows change, and the totals."""
        rows, totals = len(self.rows), f"{self.before.total} → {self.after.total}"
        zh = f"{rows} 行有变化；总分 {totals}"
        return Text(zh, f"{counted(rows, 'row')} to change; total {totals}")


def rescoring(point: CaseAsOf, edition: Edition) -> Rescoring:
    """What a case would be under another edition of its rubric.

    Raises:
        Invalid: no rubric was pinned by then.
        CommandRefused: the edition was never published.
    """
    before, after = pinned(point), point.editions.rubric(edition)
    return Rescoring(
        before=_edition(point, before),
        after=_edition(point, after),
        rows=_rows(point, before, after),
    )


def _edition(point: CaseAsOf, rubric: Rubric) -> RescoredEdition:
    total = standing_totals(point.case, rubric)[1].total
    return RescoredEdition(rubric.edition, point.editions.digest(rubric.edition), total)


def _rows(point: CaseAsOf, before: Rubric, after: Rubric) -> tuple[RescoredRow, ...]:
    figures, scores = point.case.figures_in_force, standing_totals(point.case, before)[0]
    rows = []
    for id_ in dict.fromkeys([*after.by_id, *before.by_id]):
        was, becomes = before.by_id.get(id_), after.by_id.get(id_)
        old = before.rule_result(was, figures) if was else None
        new = after.rule_result(becomes, figures) if becomes else None
        if was and becomes and was.weight == becomes.weight and _ends(old) == _ends(new):
            continue
        rows.append(
            RescoredRow(
                indicator=id_,
                weight=Both(
                    str(was.weight) if was else None, str(becomes.weight) if becomes else None
                ),
                rule=Both(old.range_text.en if old else None, new.range_text.en if new else None),
                standing=scores.get(id_),
            )
        )
    return tuple(rows)


def _ends(result: RuleResult | None) -> tuple[Decimal, Decimal] | None:
    return (result.lowest, result.highest) if result else None
