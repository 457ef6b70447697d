"""Last year (上年): what the unit was awarded the year before, and what became of it.

Nothing of it is retyped: each value is of that case, and names the event that it comes from. A
reader sees of that case what they may see of it, and nothing where they have no part in it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from ledger.case import Case
from ledger.envelope import StreamId
from ledger.events import FindingRaised, RectificationRequested
from ledger.language import Text
from ledger.store import Store
from ledger.values import IndicatorId, Invalid
from projections.as_of import CaseAsOf
from projections.portfolio.case_pages import CaseSearch, page_of_cases
from projections.portfolio.case_rows import Row
from projections.score_sheet import score_sheet


class RowBefore(NamedTuple):
    """A row of last year.

    Attributes:
        version: of the event that awarded it.
    """

    award: Decimal
    weight: Decimal
    version: int


class FindingBefore(NamedTuple):
    """A finding of last year, and how far its rectification came; `None` where none was asked."""

    title: str
    indicators: tuple[IndicatorId, ...]
    version: int
    state: str | None


class LastYear(Struct, frozen=True, kw_only=True):
    """The case of the year before, as a reader sees it.

    Attributes:
        version: of its last event that is seen.
        number: of the document that issued its result; empty where there is none.
        is_issued: whether its result was issued, so that the unit knows all of this.
        total: that the review gives; `None` where it is not known, as `grade`.
        rows: with the same id and name as this year, by id.
    """

    case: StreamId
    year: int
    version: int
    number: str
    is_issued: bool
    total: Decimal | None
    grade: str | None
    rows: Mapping[IndicatorId, RowBefore]
    findings: tuple[FindingBefore, ...]

    @property
    def cited(self) -> Text:
        """From where it is: case, version, document, total and grade."""
        result = [str(part) for part in (self.total, self.grade, self.number) if part is not None]
        zh, en = ("，".join(filter(None, result)), ", ".join(filter(None, result)))
        return Text(
            f"{self.case} 第 {self.version} 条：{zh or '尚无得分'}",
            f"{self.case} v{self.version}: {en or 'no score yet'}",
        )

    def of_row(self, row: IndicatorId) -> list[FindingBefore]:
        """The findings that concern a row."""
        return [finding for finding in self.findings if row in finding.indicators]


def cases_before(store: Store, case: Case) -> list[Row]:
    """The cases of the same unit of the year before, each with its rubric."""
    if case.opened is None:
        return []
    wanted = CaseSearch({"unit": case.opened.unit}, year=case.opened.year - 1)
    return page_of_cases(store, ("rubric",), wanted)


def last_year(
    before: Sequence[Row], point: CaseAsOf, look: Callable[[StreamId], CaseAsOf]
) -> LastYear | None:
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
        return _of(look(str(found[0][0])), point) if len(found) == 1 else None
    return None


def _of(before: CaseAsOf, point: CaseAsOf) -> LastYear | None:
    case, rubric, now = before.case, before.rubric, point.rubric
    if rubric is None or now is None or case.opened is None:
        return None
    rows = {
        row.id: RowBefore(award.score, rubric.in_scale(row.weight), award.version)
        for row in rubric.indicators
        if (award := case.awards.get(row.id)) is not None
        and row.id in now.by_id
        and now.by_id[row.id].path[-1] == row.path[-1]
    }
    states = {
        finding: case.rectifications[recorded.event.request].state
        for recorded in before.history
        if isinstance(recorded.event, RectificationRequested)
        for finding in recorded.event.findings
    }
    findings = tuple(
        FindingBefore(event.title, event.indicators, recorded.version, states.get(event.finding))
        for recorded in before.history
        if isinstance(event := recorded.event, FindingRaised)
    )
    sheet = before.made(score_sheet)
    return LastYear(
        case=case.id,
        year=case.opened.year,
        version=before.version,
        number=case.issued.number if case.issued else "",
        is_issued=case.issued is not None,
        total=sheet.award.shown("total") if sheet else None,
        grade=sheet.award.grade if sheet else None,
        rows=rows,
        findings=findings,
    )
