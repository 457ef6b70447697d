"""Which scores of a case make which totals (合计): claimed, awarded and current.

The arithmetic is the rubric's; here is only what goes into it, the same for decisions and views.
"""

from decimal import Decimal

from msgspec.structs import replace

from ledger.case import Case
from ledger.rubric import Rubric, Totals
from ledger.rules.rule import Figures
from ledger.values import IndicatorId


def claimed_totals(case: Case, rubric: Rubric) -> Totals:
    """What the unit claims, added up. A row that it claimed counts, though a review excludes it."""
    return rubric.totals(
        case.claims,
        case.bonus_claims.values(),
        excluded=case.excluded.keys() - case.claims.keys(),
        figures=Figures.by_id(case.figures),
    )


def awarded_totals(case: Case, rubric: Rubric) -> Totals:
    """What the review gives, added up; it has a grade once all is scored and decided.

    A grade below the unit's own counts from then on.
    """
    undecided = len(case.bonus_claims.keys() - case.bonus.keys())
    totals = rubric.totals(
        case.awarded,
        case.bonus.values(),
        case.penalties.values(),
        excluded=case.excluded,
        own_grade=None if undecided else own_grade(case, rubric),
        figures=case.figures_in_force,
    )
    return replace(totals, bonus_undecided=undecided, grade=None) if undecided else totals


def standing_totals(case: Case, rubric: Rubric) -> tuple[dict[IndicatorId, Decimal], Totals]:
    """The current scores, awarded where there are any and claimed elsewhere, and their totals.

    The unit's own grade is only compared once every row has been reviewed: before that, there is
    no grade of the review.
    """
    rows, bonus = case.standing()
    scores = {row: score for row, score in rows.items() if row not in case.excluded}
    reviewed = all(row in case.awards or row in case.excluded for row in rubric.by_id)
    totals = rubric.totals(
        scores,
        bonus,
        case.penalties.values(),
        excluded=case.excluded,
        own_grade=own_grade(case, rubric) if reviewed else None,
        figures=case.figures_in_force,
    )
    return scores, totals


def own_grade(case: Case, rubric: Rubric) -> str | None:
    """The unit's own grade: the one that its report prints, else the one that its claims earn."""
    printed = case.submitted.printed_grade if case.submitted else ""
    return printed if printed in rubric.grades else claimed_totals(case, rubric).grade
