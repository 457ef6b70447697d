"""The row next to a form (表单旁的指标): what its author looks at while they decide."""

from collections.abc import Iterable
from typing import NamedTuple

from application.last_year import case_before, cases_before
from application.look_as import look_as
from projections.as_of import CaseAsOf
from projections.change_log import ChangeLogRow, CitedEvidence
from projections.explanation import Explanation, explain
from projections.facts import Reader, reader_of
from projections.last_year import LastYear, year_before
from projections.rubric_view import row_names
from web.desk import Desk


class RowBeside(NamedTuple):
    """A row in its current state, and what was cited for it.

    Attributes:
        name: with its id where another row has the same.
        files: those that were not erased.
        last: the last event that moved its score, in words; empty where nothing did.
        last_year: the unit's case of the year before, as far as the account sees it.
    """

    explained: Explanation
    name: str
    files: list[CitedEvidence]
    reader: Reader
    last: ChangeLogRow | None
    last_year: LastYear | None


def row_beside(desk: Desk, point: CaseAsOf, indicator: object) -> RowBeside | None:
    """The row that a form names; `None` where it names none."""
    if not point.rubric or str(indicator) not in point.rubric.by_id:
        return None
    explained = explain(point, str(indicator))
    moved = [move for move in explained.moves if move.after is not None]
    return RowBeside(
        explained,
        row_names(point.rubric)[explained.indicator],
        [file for file in cited(explained.moves) if file.sha256 not in point.case.erased],
        reader_of(point, desk.language),
        moved[-1] if moved else None,
        last_year_of(desk, point),
    )


def last_year_of(desk: Desk, point: CaseAsOf) -> LastYear | None:
    """What there is of the `case_before_of`; nothing where there is none."""
    before = case_before_of(desk, point)
    return year_before(before, point) if before else None


def case_before_of(desk: Desk, point: CaseAsOf) -> CaseAsOf | None:
    """The unit's case of the year before, as far as the account sees it.

    Which there are is asked again as soon as anything was recorded in any case.
    """
    case, size, kept = desk.now.case, desk.store.size(), desk.reading.kept(desk.case)
    found = kept.made.get(cases_before) if kept else None
    if found is None or found[0] != size:
        found = size, cases_before(desk.store, case)
        if kept:
            kept.made[cases_before] = found
    return case_before(found[1], point, lambda case: look_as(desk.reading, desk.account, case))


def cited(moves: Iterable[ChangeLogRow]) -> list[CitedEvidence]:
    """The files that anything recorded about the row cites, each once."""
    return list({file.sha256: file for move in moves for file in move.evidence}.values())
