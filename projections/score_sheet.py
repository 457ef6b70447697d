"""The score sheet (得分表): claim, rule result and award per indicator, totals, grade - at a point.

Missing is not zero: a row without an award has `None`, and the totals say how many are pending.
What a document prints is next to what is computed; neither replaces the other.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import asdict, replace

from ledger import standard_totals, terms
from ledger.case import Case
from ledger.case_totals import awarded_totals, claimed_totals, standing_totals
from ledger.events import ResultIssued, SelfEvaluationSubmitted
from ledger.language import Text
from ledger.rubric import Rubric, RubricName, Totals
from ledger.rules.rule import DecidedBy, Figures, RuleResult, half_up, range_text
from ledger.standard_totals import (
    StandardTotals,
    awards_by_standard,
    claims_by_standard,
    in_words,
)
from ledger.terms import STAGES
from ledger.values import FigureId, IndicatorId, Instant, Invalid, Stage
from projections import formatting
from projections.as_of import CaseAsOf, known_by

Baseline = Literal["claims", "review-table"]


class SheetColumn(Totals, frozen=True, kw_only=True):
    """One column of the sheet added up, and what the document prints for it.

    Attributes:
        printed: total as printed, or `None` where no document of this column is there yet.
        printed_grade: grade as printed, or `None`.
        missing: lines of the totals that nobody has given yet, which people are shown as missing.
            For scripts, which add up, they are zeros: what they count so far.
    """

    printed: Decimal | None
    printed_grade: str | None
    missing: tuple[str, ...] = ()


DiscretionState = Literal["by-rule", "discretion", "judgement", "missing-figure"]
DISCRETION_STATES: Final[Mapping[DecidedBy, DiscretionState]] = {
    "rule": "by-rule",
    "discretion": "discretion",
    "judgement": "judgement",
    "missing": "missing-figure",
}


class SheetRow(Struct, frozen=True, kw_only=True):
    """One indicator, in the rubric's order.

    Attributes:
        claim: what the unit claims, or `None` before it does.
        rule: what the rule gives from the figures in force, or `None` where that is a range, from
            `rule_lowest` to `rule_highest`; `missing` are the figures that it lacks.
        award: what the reviewer gives, or `None` before it does.
        decided_by: what the award rests on; `None` before there is one.
        discretion: whether that is discretion: the award differs from what the rule allows.
        discretion_state: the same as `decided_by`, as the contract of the command line names it.
        excluded: whether the review says that the row does not apply; it has no award then.
    """

    id: IndicatorId
    path: tuple[str, ...]
    weight: Decimal
    claim: Decimal | None
    rule: Decimal | None
    rule_lowest: Decimal
    rule_highest: Decimal
    award: Decimal | None
    decided_by: DecidedBy | None
    discretion: bool
    discretion_state: DiscretionState | None
    excluded: bool
    missing: tuple[FigureId, ...]

    @property
    def rule_text(self) -> Text:
        """What the rule gives, as text."""
        return range_text(self.rule, self.rule_lowest, self.rule_highest)


class SheetPoint(Struct, frozen=True, kw_only=True):
    """The last event that the sheet counts, and how the point was named.

    Attributes:
        known: the instant by which what counts was recorded; `None` where the point names none.
    """

    label: str
    version: int
    dated: date
    recorded: Instant
    known: Instant | None


class ScoreSheet(Struct, frozen=True, kw_only=True):
    """The whole sheet at one point. The fields are the keys of the command line's contract.

    Attributes:
        standard: what the standard gives in sum from the figures in force, next to the awards.
        claim_standard: what it gives in sum from the unit's own figures, next to the claims.
    """

    case: str
    unit: str
    year: int
    stage: Stage
    at: SheetPoint
    rubric: RubricName
    claim: SheetColumn
    award: SheetColumn
    indicators: tuple[SheetRow, ...]
    standard: StandardTotals
    claim_standard: StandardTotals


def score_sheet(point: CaseAsOf) -> ScoreSheet | None:
    """The sheet at a point; `None` before the case was opened and its rubric pinned."""
    case, rubric = point.case, point.rubric
    if case.opened is None or case.pinned is None or rubric is None:
        return None
    last = point.history[-1]
    results = point.made(rule_results)
    unit = Figures.by_id(case.figures)
    own = results
    if case.restated:
        own = standard_totals.rule_results(case, rubric, unit, point.known_results)
    return ScoreSheet(
        case=case.id,
        unit=case.opened.unit_name,
        year=case.opened.year,
        stage=case.stage,
        at=SheetPoint(
            label=point.label,
            version=last.version,
            dated=last.dated,
            recorded=last.at,
            known=known_by(point.label),
        ),
        rubric=RubricName(rubric.id, rubric.edition, case.pinned.sha256),
        claim=_column(rubric, claimed_totals(case, rubric), case.submitted),
        award=_column(rubric, awarded_totals(case, rubric), case.issued),
        indicators=_rows(case, rubric, results),
        standard=point.made(by_standard),
        claim_standard=claims_by_standard(case, rubric, own),
    )


def title(sheet: ScoreSheet, point: CaseAsOf) -> Text:
    """Whose sheet it is, and the point that it is of as people name it."""
    name, version = formatting.named(point), sheet.at.version
    if point.label == f"v{version}":
        name = Text("", "")
    return Text(
        f"{sheet.unit} {sheet.year} 年度得分表（{name.zh}{name.zh and '，'}第 {version} 条，"
        f"{STAGES[sheet.stage].zh}）",
        f"{sheet.unit} {sheet.year}: score sheet{name.en and ', '}{name.en}"
        f" (v{version}, {sheet.stage})",
    )


def sheet_there(point: CaseAsOf) -> ScoreSheet:
    """The sheet at a point.

    Raises:
        Invalid: there is none yet.
    """
    sheet = point.made(score_sheet)
    if sheet is None:
        name = formatting.named(point)
        raise Invalid(
            f"在时点“{name.zh}”尚未启动评价并选定指标体系",
            f"at '{name.en}' the case was not yet opened or no rubric was pinned",
        )
    return sheet


def rule_results(point: CaseAsOf) -> Mapping[IndicatorId, RuleResult]:
    """What the rule of each row gives at a point, from the figures in force.

    Raises:
        Invalid: no rubric was pinned by then.
    """
    return standard_totals.rule_results(point.case, pinned(point), known=point.known_results)


def by_standard(point: CaseAsOf) -> StandardTotals:
    """What the standard gives in sum at a point, next to the awards.

    Raises:
        Invalid: no rubric was pinned by then.
    """
    return awards_by_standard(point.case, pinned(point), point.made(rule_results))


def only(sheet: ScoreSheet, deciders: Collection[str]) -> ScoreSheet:
    """The sheet with only the rows whose award rests on one of these; the totals are of all.

    Where none are named, it has all rows.
    """
    if not deciders:
        return sheet
    rows = tuple(row for row in sheet.indicators if row.decided_by in deciders)
    return replace(sheet, indicators=rows)


def by_standard_in_words(sheet: ScoreSheet, rubric: Rubric) -> list[Text]:
    """What the standard gives in sum next to the claims and the awards, once all are there."""
    said = []
    if sheet.claim_standard.given is not None:
        said.append(in_words(sheet.claim_standard, rubric, "claim"))
    if sheet.standard.given is not None:
        said.append(in_words(sheet.standard, rubric, "award"))
    return said


def _column(
    rubric: Rubric, totals: Totals, document: SelfEvaluationSubmitted | ResultIssued | None
) -> SheetColumn:
    return SheetColumn(
        **asdict(totals),
        missing=tuple(part for part in terms.TOTALS_LINES if totals.shown(part) is None),
        printed=_printed(rubric, document.printed_total if document else None),
        printed_grade=document.printed_grade or None if document else None,
    )


def _printed(rubric: Rubric, total: Decimal | None) -> Decimal | None:
    """A printed total to the rubric's decimals; one that is printed finer stays as printed."""
    if total is None:
        return None
    scaled = half_up(total, rubric.scale)
    return scaled if scaled == total else total


def _rows(
    case: Case, rubric: Rubric, results: Mapping[IndicatorId, RuleResult]
) -> tuple[SheetRow, ...]:
    awarded = case.awarded
    rows = []
    for indicator in rubric.indicators:
        rule = results[indicator.id]
        award = awarded.get(indicator.id)
        decided_by = rule.decides(award)
        rows.append(
            SheetRow(
                id=indicator.id,
                path=indicator.path,
                weight=rubric.in_scale(indicator.weight),
                claim=case.claims.get(indicator.id),
                rule=rule.score,
                rule_lowest=rule.lowest,
                rule_highest=rule.highest,
                award=award,
                decided_by=decided_by,
                discretion=decided_by == "discretion",
                discretion_state=DISCRETION_STATES[decided_by] if decided_by else None,
                excluded=indicator.id in case.excluded,
                missing=rule.missing,
            )
        )
    return tuple(rows)


class CurrentScores(Struct, frozen=True, kw_only=True):
    """The current score at a point: the award of a row where there is one, else its claim.

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
    figures = Figures.by_id(case.figures)
    totals = rubric.totals(scores, bonus, excluded=unclaimed, figures=figures)
    return CurrentScores(label="self", scores=scores, totals=totals)


def pinned(point: CaseAsOf) -> Rubric:
    """The rubric that a case has pinned by a point.

    Raises:
        Invalid: none was pinned by then.
    """
    if rubric := point.rubric:
        return rubric
    name = formatting.named(point)
    raise Invalid(
        f"在时点“{name.zh}”尚未选定指标体系，没有得分",
        f"at '{name.en}' no rubric was pinned yet, so there are no scores",
    )
