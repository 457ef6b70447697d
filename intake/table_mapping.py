"""Which row of a delivered table is which indicator (对应关系): found, or as a person says.

A row is known by its name and weight, then by its path and its standard, never by its order.
Several rows may make up one indicator where a person says so and their weights add up to its.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from intake.headings import bare_name, normal
from intake.table_columns import ASKED, IGNORED
from intake.table_rows import DeliveredTables, TableRow, Whole
from ledger.language import listing
from ledger.rubric import Indicator, Rubric
from ledger.terms import TOTALS_LINES
from ledger.values import IndicatorId, Invalid

UNKNOWN: Final = ASKED
SKIPPED: Final = ""
BONUS: Final = "bonus"
PENALTY: Final = "penalty"
EXTRA_NAMES: Final = {
    "加分": BONUS,
    "加减分项": BONUS,
    "工作表现加减分指标": BONUS,
    "bonus": BONUS,
    "减分": PENALTY,
    "penalty": PENALTY,
}
LINES: Final = {
    *(
        normal(name)
        for part in ("rebased", "scaled", "cap_loss", "grade_drop")
        for name in TOTALS_LINES[part]
    ),
    "封顶扣减",
    "caploss",
    "不适用项换算",
    "re-based",
    "分块折算",
    "scaled",
    "等级下降折扣",
    "gradedrop",
}
"""Lines of totals that our own tables print below the rows, and printed under older names."""


class Mapped(NamedTuple):
    """A row and what it is: an indicator, `bonus`, `penalty`, skipped or unknown."""

    row: TableRow
    means: str


def propose(tables: DeliveredTables, rubric: Rubric) -> list[Mapped]:
    """The indicator of each row by its name and weight, and by its path and standard; else unknown.

    Rows of one name and weight are distinguished by what else the table states about them, never by
    their order; a row that is hidden is always asked about.
    """
    extras = dict(EXTRA_NAMES)
    if rubric.bonus:
        extras[normal(rubric.bonus.name)] = BONUS
    if rubric.penalty:
        extras[normal(rubric.penalty.name)] = PENALTY
    named: dict[str, list[Indicator]] = {}
    for indicator in rubric.indicators:
        named.setdefault(bare_name(indicator.path[-1]), []).append(indicator)
    fits = [
        [] if row.within is not None else fitting(row, named.get(bare_name(row.name), ()))
        for row in tables.rows
    ]
    above = _above(tables.rows, fits, rubric.indicators)
    times = Counter(indicator.id for candidates in fits for indicator in candidates)
    mapped: list[Mapped] = []
    for row, candidates in zip(tables.rows, fits, strict=True):
        name = normal(row.name)
        if row.within is not None:
            mapped.append(mapped[-1]._replace(row=row))
        elif candidates:
            sure = len(candidates) == 1 and times[candidates[0].id] == 1 and not row.hidden
            mapped.append(Mapped(row, candidates[0].id if sure else UNKNOWN))
        elif name in LINES:
            mapped.append(Mapped(row, SKIPPED))
        else:
            mapped.append(
                Mapped(row, extras.get(name, above.get((row.sheet, row.number), UNKNOWN)))
            )
    return mapped


def whole_in(rubric: Rubric) -> Whole:
    """What says whether lines below some levels are one row: the one with that path and weight."""

    def whole(levels: tuple[str, ...], points: Decimal) -> bool:
        names = _levels_of(levels)
        found = [
            one for one in rubric.indicators if one.weight == points and _ends_with(one.path, names)
        ]
        return len(found) == 1

    return whole


@lru_cache(8192)
def _levels_of(path: tuple[str, ...]) -> list[str]:
    """The names of levels; one that goes across several of them once."""
    names = [bare_name(name) for name in path]
    return [name for name, before in zip(names, ["", *names], strict=False) if name != before]


def _ends_with(path: tuple[str, ...], names: Sequence[str]) -> bool:
    return bool(names) and _levels_of(path)[-len(names) :] == list(names)


def _above(
    rows: Sequence[TableRow], fits: Sequence[list[Indicator]], indicators: Sequence[Indicator]
) -> dict[tuple[str, int], IndicatorId]:
    """The indicators that are levels above rows, by sheet and number of the row.

    A rubric may score 数量指标 of which the table lists the parts: rows whose levels are the path
    of one indicator and whose weights add up to its weight.
    """
    named: dict[str, list[Indicator]] = {}
    for indicator in indicators:
        named.setdefault(_levels_of(indicator.path)[-1], []).append(indicator)
    parts: dict[IndicatorId, list[TableRow]] = {}
    for row, candidates in zip(rows, fits, strict=True):
        levels = _levels_of(row.path[:-1])
        alike = named.get(levels[-1], ()) if levels else ()
        over = [indicator for indicator in alike if _ends_with(indicator.path, levels)]
        if not candidates and len(over) == 1 and not row.hidden and not row.part:
            parts.setdefault(over[0].id, []).append(row)
    own = {candidates[0].id for candidates in fits if candidates}
    weights = {indicator.id: indicator.weight for indicator in indicators}
    return {
        (row.sheet, row.number): identifier
        for identifier, of_it in parts.items()
        if identifier not in own and _sum(row.weight for row in of_it) == weights[identifier]
        for row in of_it
    }


def fitting(row: TableRow, indicators: Sequence[Indicator]) -> list[Indicator]:
    """The indicators that a row may be: of its name and weight, then of its path and standard.

    A name counts without the number before it and the weight in brackets after it where the full
    name is none. A path or a standard that none of several has says nothing.
    """
    name, short = normal(row.name), bare_name(row.name)
    alike = [one for one in indicators if bare_name(one.path[-1]) == short]
    weighed = [one for one in alike if row.weight is None or row.weight == one.weight]
    candidates = [one for one in weighed if normal(one.path[-1]) == name] or weighed
    levels = _levels_of(row.path)
    standard = normal(row.standard)
    if len(candidates) > 1:
        candidates = [
            indicator for indicator in candidates if _lies_on(indicator.path, levels)
        ] or candidates
    if len(candidates) > 1 and standard:
        candidates = [
            indicator for indicator in candidates if normal(indicator.standard) == standard
        ] or candidates
    return candidates


def _lies_on(path: tuple[str, ...], levels: list[str]) -> bool:
    """Whether a path has these names in their order, of the levels that the table has."""
    names = iter(_levels_of(path))
    return all(level in names for level in levels)


def obeyed(
    proposed: Sequence[Mapped],
    rows: Mapping[tuple[str, int], str],
    reasons: Mapping[tuple[str, int], str],
    rubric: Rubric,
) -> list[Mapped]:
    """The rows as people say; one that they say nothing of stays as it was found.

    Where a column was declared to be points taken off, the award is what they leave of the weight.

    Args:
        proposed: what was found.
        rows: the indicator of each row, by sheet and number.
        reasons: of rows for which the table prints none.
        rubric: the weights of the indicators.
    """
    means = [rows.get((row.sheet, row.within or row.number), found) for row, found in proposed]
    times = Counter(
        meant for (row, _), meant in zip(proposed, means, strict=True) if row.within is None
    )
    obeyed_rows = []
    for (row, _), meant in zip(proposed, means, strict=True):
        award = row.award
        if award is None and row.deduction is not None and meant in rubric.by_id:
            award = rubric.by_id[meant].less(row.deduction) if times[meant] == 1 else None
        reason = reasons.get((row.sheet, row.number), row.reason)
        obeyed_row = row._replace(reason=reason, award=award)
        obeyed_rows.append(Mapped(obeyed_row, SKIPPED if meant == IGNORED else meant))
    return obeyed_rows


def by_indicator(mapped: Sequence[Mapped], rubric: Rubric) -> list[Mapped]:
    """The rows that are indicators, several rows of one indicator made one.

    Points taken off leave an award of the weight that the rows have together; a score that one of
    several rows lacks is lacking for the indicator.
    """
    groups: dict[IndicatorId, list[TableRow]] = {}
    for row, means in mapped:
        if means in rubric.by_id:
            groups.setdefault(means, []).append(row)
    made = []
    for means, rows in groups.items():
        scored = [row for row in rows if row.within is None]
        row = rows[0]._replace(
            claim=_sum(row.claim for row in scored),
            award=_sum(row.award for row in scored),
            deduction=_sum(row.deduction for row in rows),
            reason="\n".join(filter(None, (row.reason for row in rows))),
            unit_reason="\n".join(filter(None, (row.unit_reason for row in rows))),
        )
        if row.award is None and row.deduction is not None:
            row = row._replace(award=rubric.by_id[means].less(row.deduction))
        made.append(Mapped(row, means))
    return made


def _sum(scores: Iterable[Decimal | None]) -> Decimal | None:
    given = list(scores)
    return None if None in given else sum(filter(None, given), Decimal(0))


def refuse_incomplete(
    path: Path, table: Path, mapped: Sequence[Mapped], rubric: Rubric, *, partial: bool
) -> None:
    """Refuse rows that cannot be one indicator, and a table that lacks some unless it may.

    Raises:
        Invalid: says which.
    """
    seen: dict[IndicatorId, list[TableRow]] = {}
    for row, means in mapped:
        if means in rubric.by_id and row.within is None:
            seen.setdefault(means, []).append(row)
    for means, rows in seen.items():
        if len(rows) > 1 and _sum(row.weight for row in rows) != rubric.by_id[means].weight:
            where, weight = rows[1].place(table), rubric.by_id[means].weight
            raise Invalid(
                f"{where.zh}：{means} 已对应第 {rows[0].number} 行，各行分值之和不是 {weight:f}。"
                f"请在 {path} 中改正",
                f"{where.en}: {means} is already assigned to row {rows[0].number}, and the weights"
                f" of its rows do not add up to {weight:f}. Correct it in {path}",
            )
    lacking = [
        (identifier, indicator.path[-1])
        for identifier, indicator in rubric.by_id.items()
        if identifier not in seen
    ]
    if lacking and not partial:
        names = [f"{identifier} {name}" for identifier, name in lacking]
        zh, en = listing(names)
        raise Invalid(
            f"{table}：表中缺少这些指标：{zh}。只读取表中各行的，请在 {path} 中写 partial = true",
            f"{table}: the table lacks these indicators: {en}. To read only its rows, write"
            f" partial = true in {path}",
        )
