"""A rubric as shown to people (指标体系): all that its file writes, points in its scale."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ledger.award_needs import AwardNeeds
from ledger.cross_checks import CrossCheck
from ledger.editions import Editions
from ledger.figure_declarations import FigureDeclaration
from ledger.rubric import (
    BonusPenaltyRule,
    GradeBand,
    Indicator,
    Rubric,
    digest,
)
from ledger.rules.totals import TotalsRule
from ledger.time_limits import TimeLimits
from ledger.values import Edition, IndicatorId, RubricId, Sha256


class PublishedEdition(Struct, frozen=True, kw_only=True):
    """An edition in the list of those that were published.

    Attributes:
        superseded_by: the edition that superseded it, if any.
        transcriber_note: what the transcriber adds to the publication.
        undocumented: whether no document records the publication.
    """

    id: RubricId
    edition: Edition
    sha256: Sha256
    title: str
    superseded_by: Edition | None
    transcriber_note: str | None
    undocumented: bool


class RubricView(Struct, frozen=True, kw_only=True):
    """An edition with the SHA-256 of its file; weights and caps in the rubric's scale."""

    id: RubricId
    edition: Edition
    sha256: Sha256
    title: str
    source: str
    scale: int
    full: Decimal
    cap: Decimal
    bonus: BonusPenaltyRule | None
    penalty: BonusPenaltyRule | None
    totals: TotalsRule | None
    clocks: TimeLimits
    needs: AwardNeeds | None
    bands: tuple[GradeBand, ...]
    indicators: tuple[Indicator, ...]
    identities: tuple[CrossCheck, ...]
    figures: tuple[FigureDeclaration, ...]


class Level(NamedTuple):
    """A line of the tree of indicators: a level above rows, or a row.

    Attributes:
        depth: how many levels are above it.
        weight: of the row, or of all rows below the level; in the rubric's scale.
        row: the indicator, `None` for a level.
    """

    depth: int
    name: str
    weight: Decimal
    row: Indicator | None = None


def row_names(rubric: Rubric | None) -> dict[IndicatorId, str]:
    """What the rows are called, with the id where two have one name; nothing without a rubric."""
    rows = rubric.indicators if rubric else ()
    times = Counter(row.path[-1] for row in rows)
    return {
        row.id: row.path[-1] if times[row.path[-1]] == 1 else f"{row.path[-1]} {row.id}"
        for row in rows
    }


def published(editions: Editions) -> Iterator[PublishedEdition]:
    """What was published of one rubric, in its order."""
    for edition in editions.published.values():
        yield PublishedEdition(
            id=edition.rubric,
            edition=edition.edition,
            sha256=edition.sha256,
            title=editions.rubric(edition.edition).title,
            superseded_by=editions.superseded_by.get(edition.edition),
            transcriber_note=edition.transcriber_note or None,
            undocumented=edition.undocumented,
        )


def rubric_view(rubric: Rubric, source: str) -> RubricView:
    """All of an edition.

    Args:
        rubric: as it was read.
        source: the text of its file.
    """

    def extra(rule: BonusPenaltyRule | None) -> BonusPenaltyRule | None:
        return rule and replace(
            rule, each=rubric.in_scale(rule.each), cap=rubric.in_scale(rule.cap)
        )

    return RubricView(
        id=rubric.id,
        edition=rubric.edition,
        sha256=digest(source.encode()),
        title=rubric.title,
        source=rubric.source,
        scale=rubric.scale,
        full=rubric.in_scale(rubric.full),
        cap=rubric.in_scale(rubric.cap),
        bonus=extra(rubric.bonus),
        penalty=extra(rubric.penalty),
        totals=rubric.totals_rule,
        clocks=rubric.clocks,
        needs=rubric.award_needs,
        bands=rubric.bands,
        indicators=tuple(
            replace(row, weight=rubric.in_scale(row.weight)) for row in rubric.indicators
        ),
        identities=rubric.cross_checks,
        figures=rubric.figures,
    )


def tree(rubric: Rubric) -> Iterator[Level]:
    """The rows in their order, each level above them once, with what its rows weigh."""
    above: tuple[str, ...] = ()
    for row in rubric.indicators:
        levels = row.path[:-1]
        for depth, name in enumerate(levels):
            if levels[: depth + 1] != above[: depth + 1]:
                yield Level(depth, name, rubric.weight_under(levels[: depth + 1]))
        above = levels
        yield Level(len(levels), row.path[-1], rubric.in_scale(row.weight), row)
