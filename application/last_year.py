"""Last year (上年): what the unit was awarded in its case of the year before."""

from collections.abc import Callable
from decimal import Decimal

from application.portfolio import CaseFilter, portfolio
from ledger.envelope import StreamId
from ledger.store import Store
from ledger.values import IndicatorId
from projections.as_of import FINAL, CaseAsOf


def last_year(
    store: Store, point: CaseAsOf, look: Callable[[StreamId], CaseAsOf]
) -> dict[IndicatorId, tuple[Decimal, Decimal]]:
    """The award and the weight of each indicator that has the same id and name, by its id.

    Args:
        store: of the ledger.
        point: the case of this year.
        look: reads a case.

    Returns:
        Nothing where the unit has no case of the year before, or several.
    """
    opened, rubric = point.case.opened, point.rubric
    if opened is None or rubric is None:
        return {}
    chosen = CaseFilter(units=(opened.unit,), years=(opened.year - 1,))
    with portfolio(store, FINAL, chosen) as tables:
        cases = [score.case for score in tables.scores(())]
    if len(cases) != 1:
        return {}
    before = look(cases[0])
    if before.rubric is None:
        return {}
    return {
        row.id: (award, before.rubric.in_scale(row.weight))
        for row in before.rubric.indicators
        if (award := before.case.awarded.get(row.id)) is not None
        and row.id in rubric.by_id
        and rubric.by_id[row.id].path[-1] == row.path[-1]
    }
