"""Last year (上年): what the unit was awarded the year before, and what became of it.

Nothing of it is retyped: each value is of that case, and names the event that it comes from.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from ledger.envelope import StreamId
from ledger.events import FindingRaised, RectificationRequested
from ledger.language import Text
from ledger.values import IndicatorId
from projections.as_of import CaseAsOf
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


def year_before(before: CaseAsOf, point: CaseAsOf) -> LastYear | None:
    """What a case of this year is read next to.

    Args:
        before: the case of the year before of the same unit, as its reader may see it.
        point: the case of this year.

    Returns:
        Nothing where one of the two has no rubric.
    """
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
