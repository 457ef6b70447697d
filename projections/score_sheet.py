"""The score sheet (得分表): claim, rule result and award per indicator, totals, grade - at a point.

Missing is not zero: a row without an award has `None`, and the totals say how many are pending.
What a document prints stands beside what is computed; neither replaces the other.
"""

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from ledger.case import Case
from ledger.case_totals import awarded_totals, claimed_totals, standing_totals
from ledger.envelope import RecordedEvent
from ledger.rubric import Rubric, Totals
from ledger.rules.rule import RuleResult, half_up
from ledger.values import FigureId, IndicatorId, Invalid, Stage
from projections.as_of import CaseAsOf

Baseline = Literal["claims", "review-table"]


class SheetColumn(Struct, frozen=True, kw_only=True):
    """One column of the sheet added up, and what the document prints for it.

    Attributes:
        printed: total as printed, or `None` where no document of this column is there yet.
        printed_grade: grade as printed, may be empty.
    """

    totals: Totals
    printed: Decimal | None
    printed_grade: str


class SheetRow(Struct, frozen=True, kw_only=True):
    """One indicator, in the rubric's order.

    Attributes:
        claim: what the unit claims, or `None` before it does.
        rule: what the rule gives from the figures in force.
        award: what the reviewer gives, or `None` before it does.
        discretion: whether the award differs from what the rule allows.
        excluded: whether the review says that the row does not apply; it has no award then.
    """

    id: IndicatorId
    path: tuple[str, ...]
    weight: Decimal
    claim: Decimal | None
    rule: RuleResult
    award: Decimal | None
    discretion: bool
    excluded: bool

    @property
    def missing(self) -> tuple[FigureId, ...]:
        """The figures that the rule lacks."""
        return self.rule.missing


class ScoreSheet(Struct, frozen=True, kw_only=True):
    """The whole sheet at one point."""

    case: str
    unit: str
    year: int
    stage: Stage
    point: CaseAsOf
    last: RecordedEvent
    rubric: Rubric
    rubric_sha256: str
    claim: SheetColumn
    award: SheetColumn
    rows: tuple[SheetRow, ...]


def score_sheet(point: CaseAsOf) -> ScoreSheet | None:
    """The sheet at a point; `None` before the case was opened and its rubric pinned."""
    case, rubric = point.case, point.rubric
    if case.opened is None or case.pinned is None or rubric is None:
        return None
    return ScoreSheet(
        case=case.id,
        unit=case.opened.unit_name,
        year=case.opened.year,
        stage=case.stage,
        point=point,
        last=point.history[-1],
        rubric=rubric,
        rubric_sha256=case.pinned.sha256,
        claim=_claim(case, rubric),
        award=_award(case, rubric),
        rows=_rows(case, rubric),
    )


def _claim(case: Case, rubric: Rubric) -> SheetColumn:
    submitted = case.submitted
    return SheetColumn(
        totals=claimed_totals(case, rubric),
        printed=_printed(rubric, submitted.printed_total if submitted else None),
        printed_grade=submitted.printed_grade if submitted else "",
    )


def _award(case: Case, rubric: Rubric) -> SheetColumn:
    issued = case.issued
    return SheetColumn(
        totals=awarded_totals(case, rubric),
        printed=_printed(rubric, issued.printed_total if issued else None),
        printed_grade=issued.printed_grade if issued else "",
    )


def _printed(rubric: Rubric, total: Decimal | None) -> Decimal | None:
    """A printed total to the rubric's decimals; one that is printed finer stays as printed."""
    if total is None:
        return None
    scaled = half_up(total, rubric.scale)
    return scaled if scaled == total else total


def _rows(case: Case, rubric: Rubric) -> tuple[SheetRow, ...]:
    figures, awarded = case.figures_in_force, case.awarded
    rows = []
    for indicator in rubric.indicators:
        rule = rubric.rule_result(indicator, figures)
        award = awarded.get(indicator.id)
        rows.append(
            SheetRow(
                id=indicator.id,
                path=indicator.path,
                weight=rubric.in_scale(indicator.weight),
                claim=case.claims.get(indicator.id),
                rule=rule,
                award=award,
                discretion=rule.leaves_to_discretion(award),
                excluded=indicator.id in case.excluded,
            )
        )
    return tuple(rows)


class CurrentScores(Struct, frozen=True, kw_only=True):
    """The score that stands at a point: the award of a row where there is one, else its claim.

    Attributes:
        label: how the point or baseline is called.
        scores: by indicator; a row that nobody has scored yet is absent.
    """

    label: str
    scores: dict[IndicatorId, Decimal]
    totals: Totals


def standing(point: CaseAsOf) -> CurrentScores:
    """The standing score at a point.

    Raises:
        Invalid: no rubric was pinned by then.
    """
    case, rubric = point.case, pinned(point)
    scores, totals = standing_totals(case, rubric)
    return CurrentScores(label=point.label, scores=scores, totals=totals)


def review_table(point: CaseAsOf) -> CurrentScores:
    """The self column as the review prints it: the restated claims, the unit's where none is.

    Raises:
        Invalid: no rubric was pinned by then.
    """
    case, rubric = point.case, pinned(point)
    scores = {**case.claims, **case.claims_restated}
    bonus = list(case.bonus_claims.values())
    if rubric.bonus and rubric.bonus.id in scores:
        bonus = [scores.pop(rubric.bonus.id)]
    unclaimed = case.excluded.keys() - scores.keys()
    return CurrentScores(
        label="self", scores=scores, totals=rubric.totals(scores, bonus, excluded=unclaimed)
    )


def pinned(point: CaseAsOf) -> Rubric:
    """The rubric that a case has pinned by a point.

    Raises:
        Invalid: none was pinned by then.
    """
    if rubric := point.rubric:
        return rubric
    raise Invalid(
        f"到“{point.label}”为止还没有选定指标体系，没有得分可言",
        f"by “{point.label}” no rubric was pinned, so there is no score",
    )


def sheet_json(sheet: ScoreSheet) -> dict[str, object]:
    """The sheet with the stable keys of the command line's contract."""
    return {
        "case": sheet.case,
        "unit": sheet.unit,
        "year": sheet.year,
        "stage": sheet.stage,
        "at": {
            "version": sheet.last.version,
            "dated": sheet.last.dated.isoformat(),
            "recorded": sheet.last.at,
        },
        "rubric": {
            "id": sheet.rubric.id,
            "edition": sheet.rubric.edition,
            "sha256": sheet.rubric_sha256,
        },
        "claim": _column_json(sheet.claim),
        "award": _column_json(sheet.award),
        "indicators": [
            {
                "id": row.id,
                "path": list(row.path),
                "weight": str(row.weight),
                "claim": _text(row.claim),
                "rule": _text(row.rule.score),
                "award": _text(row.award),
                "discretion": row.discretion,
                "excluded": row.excluded,
                "missing": list(row.missing),
            }
            for row in sheet.rows
        ],
    }


def _column_json(column: SheetColumn) -> dict[str, object]:
    totals = column.totals
    return {
        "base": str(totals.base),
        "rebased": str(totals.rebased),
        "scaled": str(totals.scaled),
        "bonus": str(totals.bonus),
        "penalty": str(totals.penalty),
        "raw": str(totals.raw),
        "cap_loss": str(totals.cap_loss),
        "grade_drop": str(totals.grade_drop),
        "total": str(totals.total),
        "printed": _text(column.printed),
        "grade": totals.grade,
        "printed_grade": column.printed_grade or None,
        "pending": totals.pending,
    }


def _text(score: Decimal | None) -> str | None:
    return None if score is None else str(score)
