"""The comparison of years (年度比较): who moved and why, and how like cases were deducted.

Like is what is scored by the same row of the same edition of a rubric. Where years have different
editions, the comparison states it, and also compares what is alike. Medians and quartiles describe
awards here; they are no scores and enter none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from ledger.values import Invalid
from projections.as_of import PointInTime
from projections.portfolio.adjustments import GROUPS, Adjustment, adjustments
from projections.portfolio.cases import CaseFilter
from projections.portfolio.scores_view import Score, scores
from projections.portfolio.spread import Spread, spread_of
from projections.portfolio.texts_view import reasons_of_awards

DIMENSIONS: Final = {
    "unit": GROUPS["unit"],
    "indicator": GROUPS["indicator"],
    "agency": GROUPS["organisation"],
    "reviewer": GROUPS["reviewer"],
    "clause": GROUPS["clause"],
}
"""What awards are compared by."""

ENOUGH: Final = 5
"""Awards that a group and those it is compared with need at least: fewer say little."""

BIN: Final = Decimal(5)
"""How many points a step of the distribution of totals has."""

MOST_FREQUENT: Final = 10

Event = tuple[str, int]
"""A case and the version of an event in it."""


class ComparedGroup(Struct, frozen=True, kw_only=True):
    """The awards of a group in a year, as distances from the claims.

    Attributes:
        group: whose awards.
        cases: in how many cases.
        awards: how many, rows without a claim or that do not apply left out.
        deducted: those below the claim; `raised` those above it.
        mean: of award less claim, like the five numbers after it.
        others: how many awards others made on like rows in that year.
        others_median: of those.
        enough: whether there are `ENOUGH` awards on both sides.
        editions: of the rubrics, by which the rows were scored.
        change: of the median, since the year before among those compared.
        like: how many awards are on rows that were scored by the same edition in both years.
        like_change: of the median of those.
        events: that made the awards.
    """

    group: str
    year: int
    cases: int
    awards: int
    deducted: int
    raised: int
    mean: Decimal | None
    lowest: Decimal | None
    lower: Decimal | None
    median: Decimal | None
    upper: Decimal | None
    highest: Decimal | None
    others: int
    others_median: Decimal | None
    enough: bool
    editions: tuple[str, ...]
    change: Decimal | None
    like: int
    like_change: Decimal | None
    events: tuple[Event, ...]


class ComparedTotal(Struct, frozen=True, kw_only=True):
    """A case with its total, and that of the unit's case of the year before.

    Attributes:
        change: of the award; `None` where there is not one case in each year with all its awards.
        alike: whether both are scored by the same edition; `None` without one before.
        before: the case of the year before.
    """

    unit: str
    unit_name: str
    year: int
    case: str
    version: int
    edition: str
    claim: Decimal | None
    award: Decimal | None
    gap: Decimal | None
    grade: str | None
    change: Decimal | None
    alike: bool | None
    before: str | None


class Moved(Struct, frozen=True, kw_only=True):
    """A row of a unit whose award, or its distance from the claim, is another than the year before.

    Attributes:
        change: of the award; `delta` is award less claim.
        alike: whether both are scored by the same edition.
        reason: of the award, in the author's words; empty where none is given.
    """

    unit: str
    unit_name: str
    indicator: str
    year_before: int
    case_before: str
    version_before: int
    award_before: Decimal
    delta_before: Decimal
    reason_before: str
    year: int
    case: str
    version: int
    award: Decimal
    delta: Decimal
    change: Decimal
    alike: bool
    clause: str
    reviewer: str
    reason: str


class Bin(Struct, frozen=True):
    """How many cases of a year have a total from one number up to below another."""

    year: int
    low: Decimal
    high: Decimal
    cases: int
    which: tuple[str, ...]


class FrequentDeduction(Struct, frozen=True, kw_only=True):
    """A row with how often it was deducted, of how many awards, and by how much in the middle."""

    indicator: str
    deducted: int
    awards: int
    median: Decimal | None
    events: tuple[Event, ...]


class Comparison(Struct, frozen=True, kw_only=True):
    """Years compared.

    Attributes:
        years: in their order.
        by: the dimension of the groups.
        totals: a row per case.
        spreads: of the totals of each year.
        pending: cases without a whole total, which are in no distribution.
        unpaired: rows of units that have several cases in a year, which are no pairs.
    """

    years: tuple[int, ...]
    by: str
    groups: tuple[ComparedGroup, ...]
    totals: tuple[ComparedTotal, ...]
    moves: tuple[Moved, ...]
    spreads: Mapping[int, Spread]
    bins: tuple[Bin, ...]
    frequent: tuple[FrequentDeduction, ...]
    pending: int
    unpaired: int


def compared_years(
    connection: Connection, moment: PointInTime, chosen: CaseFilter, by: str
) -> Comparison:
    """The years of the chosen cases compared at a moment; all that there are, if none is chosen.

    Raises:
        Invalid: there are not two.
    """
    cases = list(scores(connection, moment, chosen))
    years = chosen.years or sorted({score.year for score in cases})
    if len(set(years)) < 2:  # noqa: PLR2004 - a comparison has two sides
        raise Invalid(
            f"比较至少需要两个年度，现有：{'、'.join(map(str, years)) or '无'}。请填写年度。",
            "A comparison takes two years at least; there is"
            f" {', '.join(map(str, years)) or 'none'}. Name them.",
            rule="two-years",
        )
    awards = adjustments(connection, moment, chosen)
    return comparison(awards, cases, years, by, reasons_of_awards(connection, chosen))


def comparison(
    awards: Iterable[Adjustment],
    scores: Sequence[Score],
    years: Sequence[int],
    by: str,
    reasons: Mapping[Event, str],
) -> Comparison:
    """Compare years.

    Args:
        awards: current in the cases of these years.
        scores: of those cases.
        years: at least one.
        by: a dimension of `DIMENSIONS`.
        reasons: of the events that made the awards.
    """
    ordered = tuple(sorted(set(years)))
    scored = [award for award in awards if award.delta is not None]
    cases = defaultdict[tuple[str, int], set[str]](set)
    for unit, year, case in {
        *((score.unit, score.year, score.case) for score in scores),
        *((award.unit, award.year, award.case) for award in scored),
    }:
        cases[unit, year].add(case)
    single = {of for of, those in cases.items() if len(those) == 1}
    moves, unpaired = _moves(scored, ordered, single, reasons)
    whole = [score for score in scores if score.award is not None and not score.pending]
    totals = {year: [score for score in whole if score.year == year] for year in ordered}
    return Comparison(
        years=ordered,
        by=by,
        groups=tuple(_groups(scored, ordered, by)),
        totals=tuple(_totals(scores, ordered)),
        moves=tuple(moves),
        spreads={
            year: spread_of([score.award for score in of if score.award is not None])
            for year, of in totals.items()
        },
        bins=tuple(step for year, of in totals.items() for step in _bins(year, of)),
        frequent=tuple(_frequent(scored)),
        pending=len(scores) - len(whole),
        unpaired=unpaired,
    )


def _deltas(awards: Sequence[Adjustment]) -> list[Decimal]:
    return [award.delta for award in awards if award.delta is not None]


def _row(award: Adjustment) -> tuple[str, str, str]:
    """The row of an edition: like awards have the same."""
    return award.rubric, award.edition, award.indicator


def _event(award: Adjustment) -> Event:
    return award.case, award.version


def _groups(scored: Sequence[Adjustment], years: Sequence[int], by: str) -> Iterator[ComparedGroup]:
    name = DIMENSIONS[by]
    members: defaultdict[tuple[str, int], list[Adjustment]] = defaultdict(list)
    on_row: defaultdict[tuple[int, tuple[str, str, str]], list[Adjustment]] = defaultdict(list)
    for award in scored:
        members[name(award), award.year].append(award)
        on_row[award.year, _row(award)].append(award)
    before = dict(pairwise(reversed(years)))
    for (group, year), awards in sorted(members.items()):
        rows = {_row(award) for award in awards}
        others = [award for row in rows for award in on_row[year, row] if name(award) != group]
        earlier = members.get((group, before.get(year, 0)), [])
        same = rows & {_row(award) for award in earlier}
        spread, spread_before = spread_of(_deltas(awards)), spread_of(_deltas(earlier))
        like, like_before = (
            spread_of(_deltas([award for award in of if _row(award) in same]))
            for of in (awards, earlier)
        )
        deltas = _deltas(awards)
        yield ComparedGroup(
            group=group,
            year=year,
            cases=len({award.case for award in awards}),
            awards=spread.count,
            deducted=sum(1 for delta in deltas if delta < 0),
            raised=sum(1 for delta in deltas if delta > 0),
            mean=spread.mean,
            lowest=spread.lowest,
            lower=spread.lower,
            median=spread.median,
            upper=spread.upper,
            highest=spread.highest,
            others=len(others),
            others_median=spread_of(_deltas(others)).median,
            enough=min(spread.count, len(others)) >= ENOUGH,
            editions=tuple(sorted({f"{rubric}@{edition}" for rubric, edition, _ in rows})),
            change=_less(spread.median, spread_before.median),
            like=like.count,
            like_change=_less(like.median, like_before.median),
            events=tuple(sorted(map(_event, awards))),
        )


def _less(later: Decimal | None, earlier: Decimal | None) -> Decimal | None:
    return None if later is None or earlier is None else later - earlier


def _totals(scores: Sequence[Score], years: Sequence[int]) -> Iterator[ComparedTotal]:
    of: defaultdict[tuple[str, int], list[Score]] = defaultdict(list)
    for score in scores:
        of[score.unit, score.year].append(score)
    before = dict(pairwise(reversed(years)))
    for score in sorted(scores, key=lambda score: (score.unit, score.year, score.case)):
        earlier = of.get((score.unit, before.get(score.year, 0)), [])
        is_pair = len(earlier) == 1 and len(of[score.unit, score.year]) == 1
        other = earlier[0] if is_pair else None
        whole = other and not (score.pending or other.pending)
        yield ComparedTotal(
            unit=score.unit,
            unit_name=score.unit_name,
            year=score.year,
            case=score.case,
            version=score.version,
            edition=f"{score.rubric}@{score.edition}",
            claim=score.claim,
            award=score.award,
            gap=score.gap,
            grade=score.grade,
            change=_less(score.award, other.award) if other and whole else None,
            alike=(score.rubric, score.edition) == (other.rubric, other.edition) if other else None,
            before=other.case if other else None,
        )


def _moves(
    scored: Sequence[Adjustment],
    years: Sequence[int],
    single: set[tuple[str, int]],
    reasons: Mapping[Event, str],
) -> tuple[list[Moved], int]:
    """The moves, and how many rows make no pair: `single` lacks the unit in one of the years."""
    of: defaultdict[tuple[str, str], dict[int, list[Adjustment]]] = defaultdict(dict)
    for award in scored:
        of[award.unit, award.indicator].setdefault(award.year, []).append(award)
    moved, unpaired = list[Moved](), 0
    for (unit, _), by_year in of.items():
        for first, second in pairwise(years):
            earlier, later = by_year.get(first, []), by_year.get(second, [])
            if not (earlier and later):
                continue
            if {(unit, first), (unit, second)} <= single:
                moved += _moved(earlier[0], later[0], reasons)
            else:
                unpaired += 1
    return sorted(moved, key=lambda row: (-abs(row.change), row.unit, row.indicator, row.year)), (
        unpaired
    )


def _moved(old: Adjustment, new: Adjustment, reasons: Mapping[Event, str]) -> Iterator[Moved]:
    match old.award, old.delta, new.award, new.delta:
        case (
            Decimal() as before,
            Decimal() as delta_before,
            Decimal() as after,
            Decimal() as delta,
        ) if (before, delta_before) != (after, delta):
            yield Moved(
                unit=new.unit,
                unit_name=new.unit_name,
                indicator=new.indicator,
                year_before=old.year,
                case_before=old.case,
                version_before=old.version,
                award_before=before,
                delta_before=delta_before,
                reason_before=reasons.get(_event(old), ""),
                year=new.year,
                case=new.case,
                version=new.version,
                award=after,
                delta=delta,
                change=after - before,
                alike=_row(old) == _row(new),
                clause=new.clause,
                reviewer=new.reviewer,
                reason=reasons.get(_event(new), ""),
            )


def _bins(year: int, scores: Sequence[Score]) -> Iterator[Bin]:
    of: defaultdict[Decimal, list[str]] = defaultdict(list)
    for score in scores:
        if score.award is not None:
            of[(score.award / BIN).to_integral_value(ROUND_FLOOR) * BIN].append(score.case)
    for low, cases in sorted(of.items()):
        yield Bin(year, low, low + BIN, len(cases), tuple(sorted(cases)))


def _frequent(scored: Sequence[Adjustment]) -> Iterator[FrequentDeduction]:
    awards = Counter(award.indicator for award in scored)
    deducted: defaultdict[str, list[Adjustment]] = defaultdict(list)
    for award in scored:
        if award.delta is not None and award.delta < 0:
            deducted[award.indicator].append(award)
    ordered = sorted(deducted.items(), key=lambda item: (-len(item[1]), item[0]))
    for indicator, those in ordered[:MOST_FREQUENT]:
        yield FrequentDeduction(
            indicator=indicator,
            deducted=len(those),
            awards=awards[indicator],
            median=spread_of(_deltas(those)).median,
            events=tuple(sorted(map(_event, those))),
        )
