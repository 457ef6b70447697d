"""Last year (上年): which case of the year before a case is read next to.

A reader sees of that case what they may see of it, and nothing where they have no part in it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache

from ledger.case import Case
from ledger.envelope import StreamId
from ledger.store import Store
from ledger.values import Invalid
from projections.as_of import CaseAsOf
from projections.last_year import LastYear, year_before
from projections.portfolio.case_pages import CaseSearch, page_of_cases
from projections.portfolio.case_rows import Row, ViewColumns, rows_of_all

Look = Callable[[StreamId], CaseAsOf]
"""Reads a case as its reader may see it."""


def cases_before(store: Store, case: Case) -> list[Row]:
    """The cases of the same unit of the year before, each with its rubric."""
    if case.opened is None:
        return []
    wanted = CaseSearch({"unit": case.opened.unit}, year=case.opened.year - 1)
    return page_of_cases(store, ("rubric",), wanted)


def cases_before_each(store: Store) -> Callable[[Case], list[Row]]:
    """The same for many cases: those of a year are asked for once."""

    @cache
    def of_year(year: int) -> dict[str, list[Row]]:
        by_unit: defaultdict[str, list[Row]] = defaultdict(list)
        wanted = ViewColumns("cases", ("unit", "rubric"), only=(("year", year),))
        for case, unit, rubric in rows_of_all(store, wanted)[0]:
            by_unit[str(unit)].append((case, rubric))
        return by_unit

    def before(case: Case) -> list[Row]:
        return of_year(case.opened.year - 1).get(case.opened.unit, []) if case.opened else []

    return before


def case_before(before: Sequence[Row], point: CaseAsOf, look: Look) -> CaseAsOf | None:
    """The case of the year before of the same unit, by the same rubric where there are several.

    Args:
        before: the `cases_before`.
        point: the case of this year.
        look: reads a case as its reader may see it.

    Returns:
        Nothing where there is none, or not only one, or the reader sees nothing of it.
    """
    if point.case.opened is None or point.rubric is None:
        return None
    found = [row for row in before if len(before) == 1 or row[1] == point.rubric.id]
    with suppress(Invalid):
        return look(str(found[0][0])) if len(found) == 1 else None
    return None


def last_year(before: Sequence[Row], point: CaseAsOf, look: Look) -> LastYear | None:
    """What there is of the `case_before`; nothing where there is none."""
    found = case_before(before, point, look)
    return year_before(found, point) if found else None
