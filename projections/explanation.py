"""The explanation (得分说明): the rule, its figures, its derivation and every move of one score."""

from decimal import Decimal

from msgspec import Struct

from ledger.rubric import Indicator
from ledger.rules.rule import RuleResult
from ledger.values import Figure, IndicatorId, Invalid, Target
from projections.as_of import CaseAsOf
from projections.change_log import ChangeLogRow, change_log, entry_json
from projections.score_sheet import pinned

SIGNS = {"at-least": "≥ ", "at-most": "≤ ", "exactly": "= ", "described": ""}


class Datum(Struct, frozen=True):
    """A figure in force, and the version of the event that says so."""

    figure: Figure
    version: int


class Explanation(Struct, frozen=True, kw_only=True):
    """How one score came about.

    Attributes:
        figures: those that the rule read, and all others reported under the indicator.
        moves: every event about the indicator, oldest first.
    """

    indicator: Indicator
    weight: Decimal
    claim: Decimal | None
    rule: RuleResult
    award: Decimal | None
    figures: tuple[Datum, ...]
    moves: tuple[ChangeLogRow, ...]


def explain(point: CaseAsOf, indicator: IndicatorId) -> Explanation:
    """How the score of an indicator came about by a point.

    Raises:
        Invalid: no rubric was pinned by then, or it has no such indicator.
    """
    rubric = pinned(point)
    row = rubric.by_id.get(indicator)
    if row is None:
        known = tuple(rubric.by_id)
        raise Invalid(
            f"没有指标 {indicator}；有：{'、'.join(known)}",
            f"no indicator {indicator}; there are: {', '.join(known)}",
        )
    case = point.case
    rule = rubric.rule_result(row, case.figures_in_force)
    return Explanation(
        indicator=row,
        weight=rubric.in_scale(row.weight),
        claim=case.claims.get(indicator),
        rule=rule,
        award=case.awarded.get(indicator),
        figures=tuple(
            Datum(figure, case.stated_in(figure.id))
            for figure in case.figures_in_force
            if figure.id in rule.figures or figure.indicator == indicator
        ),
        moves=tuple(change_log(point, indicator)),
    )


def target_text(target: Target | None) -> str | None:
    """A target as documents print it: `≥ 10`, `≤ 540`, `提高`."""
    return None if target is None else f"{SIGNS[target.sense]}{target.value}"


def explanation_json(explanation: Explanation, language: str) -> dict[str, object]:
    """The explanation with the stable keys of the command line's contract."""
    rule = explanation.rule
    return {
        "indicator": explanation.indicator.id,
        "path": list(explanation.indicator.path),
        "weight": str(explanation.weight),
        "claim": None if explanation.claim is None else str(explanation.claim),
        "rule": {
            "score": None if rule.score is None else str(rule.score),
            "lowest": str(rule.lowest),
            "highest": str(rule.highest),
            "derivation": [getattr(step, language) for step in rule.derivation],
            "figures": [
                {
                    "id": datum.figure.id,
                    "name": datum.figure.name,
                    "value": datum.figure.value,
                    "target": target_text(datum.figure.target),
                    "unit": datum.figure.unit or None,
                    "scope": datum.figure.scope or None,
                    "source": datum.figure.source or None,
                    "version": datum.version,
                }
                for datum in explanation.figures
            ],
            "missing": list(rule.missing),
            "clause": explanation.indicator.clause,
        },
        "award": None if explanation.award is None else str(explanation.award),
        "moves": [entry_json(move) for move in explanation.moves],
    }
