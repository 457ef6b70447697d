"""What the pages of the printed standard compare with: the reference case and its rules.

A page works a score out by hand, from the printed clause and plain decimals. Here is only how it
reads the figures of the case and asks the engine, in the case or in a situation made from it.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final

from msgspec.structs import replace

from ledger.case import Case
from ledger.rubric import Rubric
from ledger.rules.rule import Figures, RuleResult
from ledger.values import Figure, FigureId, FigureKind, IndicatorId, Sense, Target
from tests.support.examples import case_and_rubric

NAME: Final = "zhanjiang-2023"
Ends = tuple[Decimal | int, Decimal | int]
SENSES: Final[dict[str, Sense]] = {"≥": "at-least", "≤": "at-most", "=": "exactly"}


@cache
def reference() -> tuple[Case, Rubric]:
    """The case and the rubric, after its last event."""
    return case_and_rubric(NAME)


def said(figure: FigureId) -> str | None:
    """The value of a figure in force, as the case states it; `None` where nobody states it."""
    case, _ = reference()
    found = case.figures_in_force.get(figure)
    return found.value if found else None


def awarded(row: IndicatorId) -> Decimal:
    """The score that the review gives."""
    case, _ = reference()
    return case.awarded[row]


def engine(row: IndicatorId, **changed: str | None) -> RuleResult:
    """What the rule of a row gives from the figures in force, some of them changed.

    Args:
        row: its id.
        changed: by figure id, with `_` for `-`: the value, or `None` for a figure that nobody
            supplies. A value may be followed by a target: `8 ≥10`.
    """
    case, rubric = reference()
    figures = {figure.id: figure for figure in case.figures_in_force}
    for name, value in changed.items():
        id_ = name.replace("_", "-")
        known = figures.pop(id_, None)
        if value is not None:
            figures[id_] = _figure(id_, row, value, known)
    return rubric.rule_result(rubric.by_id[row], Figures(figures.values()))


def engine_of(row: IndicatorId, **given: str) -> RuleResult:
    """What the rule of a row gives from these figures alone."""
    _, rubric = reference()
    figures = [_figure(name.replace("_", "-"), row, value, None) for name, value in given.items()]
    return rubric.rule_result(rubric.by_id[row], Figures(figures))


def _figure(id_: FigureId, row: IndicatorId, value: str, known: Figure | None) -> Figure:
    actual, _, aim = value.partition(" ")
    target = known.target if known else None
    if aim:
        sense = SENSES.get(aim[0], "described")
        target = Target(sense, aim if sense == "described" else aim[1:])
    kind = _kind(actual)
    if known:
        return replace(known, value=actual, kind=kind, target=target)
    return Figure(id=id_, indicator=row, name=id_, kind=kind, value=actual, target=target)


def _kind(value: str) -> FigureKind:
    if value in {"yes", "no"}:
        return "yes-no"
    if "/" in value:
        return "interval"
    return "number" if value.replace(".", "").replace("-", "").isdigit() else "text"


def cents(score: Decimal) -> Decimal:
    """A score with two decimals, half-up: the one rounding of a row."""
    return score.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def ends(result: RuleResult) -> Ends:
    """The least and the most that the rule allows."""
    return result.lowest, result.highest
