"""Every award with its author, clause and gap; scoring compared across similar cases.

Like cases are those in which the unit claims the same score on the same indicator of a rubric. The
means and spreads here describe awards; they are no scores and enter none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final

from msgspec import Struct, convert
from sqlalchemy import ColumnElement, Connection

from ledger.envelope import RecordedEvent
from ledger.rules.rule import DecidedBy
from projections.as_of import PointInTime
from projections.portfolio import tables
from projections.portfolio.cases import CaseFilter, fields_of
from projections.portfolio.found_rows import FoundRows
from projections.portfolio.scores_view import SCORES, gap, in_scored_cases
from projections.portfolio.spread import mean_of
from projections.portfolio.steps import FoldedCase, ViewRow, place
from projections.portfolio.tables import (
    OPEN,
    case_key,
    count,
    key,
    optional_words,
    table,
    words,
)

ADJUSTMENTS: Final = table(
    "adjustments",
    case_key(),
    key("indicator"),
    tables.place("version"),
    count("version_until"),
    words("dated", "dated_until", "recorded", "recorded_until"),
    words("kind", "reviewer", "organisation", "clause"),
    optional_words("claim", "award", "decided_by", "countersigned"),
)
"""One row per award. It holds from `dated` up to `dated_until`, likewise on the other axes."""

NEVER: Final = 2**31 - 1
"""The version that ends what nothing has ended."""


def rows(folded: FoldedCase) -> Iterator[ViewRow]:
    """Every award of a case, including those that are no longer current."""
    rubric = folded.rubric
    if rubric is None:
        return
    case, figures = folded.case, folded.case.figures_in_force
    # What a rule gives is the same for every award of its row.
    given = {
        row: rubric.rule_result(rubric.by_id[row], figures)
        for row in folded.awards
        if row in rubric.by_id
    }
    for row, made in folded.awards.items():
        claim, rule = case.claims.get(row), given.get(row)
        later: _Places = (NEVER, OPEN, OPEN)
        for _, award in sorted(made.items(), reverse=True):
            # Any later award of the row ends this one, and its own withdrawal does.
            event, ends = award.recorded, later
            if award.withdrawn:
                ends = _first(ends, _places(award.withdrawn))
            begins = _places(event)
            later = _first(later, begins)
            yield (
                row,
                *(side for axis in zip(begins, ends, strict=True) for side in axis),
                event.type,
                event.by.account,
                event.by.organisation,
                award.clause,
                None if claim is None else str(claim),
                None if award.score is None else str(award.score),
                rule.decides(award.score) if rule else None,
                award.countersigned,
            )


_Places = tuple[int, str, str]
"""The version of an event, its business date and its recorded time."""


def _places(recorded: RecordedEvent) -> _Places:
    return recorded.version, place(recorded, "dated"), place(recorded, "recorded")


def _first(one: _Places, other: _Places) -> _Places:
    """The first on each axis by itself."""
    return min(one[0], other[0]), min(one[1], other[1]), min(one[2], other[2])


Alike = tuple[str, str, Decimal | None]
"""What like cases have in common: the rubric, the indicator and the claim."""
_Name = tuple[str, ...]
"""What a group has in common, column by column."""


class Adjustment(Struct, frozen=True, kw_only=True):
    """An award that is current at a point.

    Attributes:
        kind: the event that made it.
        dated: its business date.
        reviewer: the account; `organisation` is whom it acted for.
        clause: as cited, empty where none is.
        claim: the unit's, as it is now; `None` where it claims nothing.
        award: `None` where the row does not apply.
        delta: award less claim, negative for a deduction; `None` where one of them is missing.
        decided_by: what it rests on with the figures in force now; `None` where there is no award.
        discretion: whether that is discretion: it differs from what the rule gives.
        countersigned: who signed it, if anybody.
    """

    case: str
    unit: str
    unit_name: str
    year: int
    rubric: str
    edition: str
    indicator: str
    version: int
    kind: str
    dated: str
    reviewer: str
    organisation: str
    clause: str
    claim: Decimal | None
    award: Decimal | None
    delta: Decimal | None
    decided_by: DecidedBy | None
    discretion: bool
    countersigned: str | None

    @property
    def alike(self) -> Alike:
        """What like cases have in common."""
        return self.rubric, self.indicator, self.claim


class AwardFilter(Struct, frozen=True, kw_only=True):
    """Which awards a reader wants; all where nothing is stated.

    Attributes:
        discretion: only those with it, or only those without.
        decided_by: what they rest on.
    """

    reviewers: Sequence[str] = ()
    clauses: Sequence[str] = ()
    discretion: bool | None = None
    decided_by: Sequence[str] = ()

    def holds(self, award: Adjustment) -> bool:
        """Whether an award is among them."""
        return (
            (not self.reviewers or award.reviewer in self.reviewers)
            and (not self.clauses or award.clause in self.clauses)
            and self.discretion in {None, award.discretion}
            and (not self.decided_by or award.decided_by in self.decided_by)
        )


def adjustments(
    connection: Connection, moment: PointInTime, chosen: CaseFilter, indicators: Sequence[str] = ()
) -> FoundRows[Adjustment]:
    """The current awards at a moment in the chosen cases, by indicator, year, unit and case.

    Args:
        connection: over the tables, in a transaction.
        moment: as `moment_over_cases` gives it.
        chosen: which cases, by their rubric and stage at that moment.
        indicators: all where none is named.
    """
    fields = fields_of(Adjustment, ADJUSTMENTS, SCORES)
    wanted = in_scored_cases(fields, ADJUSTMENTS, moment, chosen).where(_is_current(moment))
    if indicators:
        wanted = wanted.where(ADJUSTMENTS.c.indicator.in_(indicators))
    return FoundRows(connection, wanted, _adjustment)


def _is_current(moment: PointInTime) -> ColumnElement[bool]:
    columns = ADJUSTMENTS.c
    if moment.axis == "stage":
        return (columns.version <= SCORES.c.version) & (columns.version_until > SCORES.c.version)
    since, until = columns[moment.axis], columns[f"{moment.axis}_until"]
    return (since <= moment.value) & (until > moment.value)


def _adjustment(row: dict[str, Any]) -> Adjustment:
    delta, discretion = gap(row["award"], row["claim"]), row["decided_by"] == "discretion"
    return convert({**row, "delta": delta, "discretion": discretion}, Adjustment)


class ScoringPattern(Struct, frozen=True, kw_only=True):
    """How a group of awards compares with the claims, and with like cases of others.

    Attributes:
        by: what the group has in common, by column.
        awards: how many, rows that do not apply left out.
        adjusted: those that differ from the claim; `raised` of them are above it.
        discretion: those that differ from what the rule gives.
        uncountersigned: those of discretion that nobody has signed.
        mean: of award less claim, half-up to two decimals; `None` without any.
        lowest: the greatest deduction; `highest` the smallest, or the greatest raise.
        spread: the most that two awards of the group differ on like cases.
        others: the mean of the awards outside the group on like cases; `None` without any.
    """

    by: dict[str, str]
    awards: int
    adjusted: int
    raised: int
    discretion: int
    uncountersigned: int
    mean: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    spread: Decimal | None
    others: Decimal | None


GROUPS: Final[dict[str, Callable[[Adjustment], str]]] = {
    "rubric": lambda award: award.rubric,
    "indicator": lambda award: award.indicator,
    "clause": lambda award: award.clause,
    "reviewer": lambda award: award.reviewer,
    "organisation": lambda award: award.organisation,
    "discretion": lambda award: "yes" if award.discretion else "no",
    "decided_by": lambda award: award.decided_by or "",
    "kind": lambda award: award.kind,
    "unit": lambda award: award.unit,
    "year": lambda award: str(award.year),
}
"""What awards can be grouped by."""


class _Deltas:
    """Of some awards, how far they are from the claims."""

    def __init__(self) -> None:
        self.count, self.sum = 0, Decimal(0)

    def add(self, delta: Decimal) -> None:
        self.count += 1
        self.sum += delta


class _Group(_Deltas):
    """What is counted of the awards of a group, one after the other."""

    def __init__(self, first: Decimal) -> None:
        super().__init__()
        self.adjusted = self.raised = self.discretion = self.uncountersigned = 0
        self.lowest = self.highest = first
        self.like: dict[Alike, tuple[Decimal, Decimal]] = {}

    def take(self, adjustment: Adjustment, award: Decimal, delta: Decimal) -> None:
        self.add(delta)
        self.adjusted += bool(delta)
        self.raised += delta > 0
        self.discretion += adjustment.discretion
        self.uncountersigned += adjustment.discretion and not adjustment.countersigned
        self.lowest, self.highest = min(self.lowest, delta), max(self.highest, delta)
        least, most = self.like.get(adjustment.alike, (award, award))
        self.like[adjustment.alike] = min(least, award), max(most, award)


def scoring_patterns(
    every: Iterable[Adjustment], by: Sequence[str], wanted: Callable[[Adjustment], bool]
) -> list[ScoringPattern]:
    """How the wanted awards lie, group by group.

    Memory grows with the groups and with the claims that like cases have, not with the awards.

    Args:
        every: the awards among which like cases are looked for.
        by: columns of `GROUPS`.
        wanted: which awards the groups are made of.
    """
    groups: dict[_Name, _Group] = {}
    alike = defaultdict[Alike, _Deltas](_Deltas)
    own = defaultdict[tuple[_Name, Alike], _Deltas](_Deltas)
    for each in every:
        if each.delta is None or each.award is None:
            continue
        name = tuple(GROUPS[column](each) for column in by)
        alike[each.alike].add(each.delta)
        own[name, each.alike].add(each.delta)
        if wanted(each):
            groups.setdefault(name, _Group(each.delta)).take(each, each.award, each.delta)
    listed = []
    for name, group in sorted(groups.items(), key=itemgetter(0)):
        all_like = [alike[known] for known in group.like]
        own_like = [own[name, known] for known in group.like]
        listed.append(
            ScoringPattern(
                by=dict(zip(by, name, strict=True)),
                awards=group.count,
                adjusted=group.adjusted,
                raised=group.raised,
                discretion=group.discretion,
                uncountersigned=group.uncountersigned,
                mean=mean_of(group.sum, group.count),
                lowest=group.lowest,
                highest=group.highest,
                spread=max(most - least for least, most in group.like.values()),
                others=mean_of(
                    sum((like.sum for like in all_like), Decimal(0))
                    - sum((like.sum for like in own_like), Decimal(0)),
                    sum(like.count for like in all_like) - sum(like.count for like in own_like),
                ),
            )
        )
    return listed
