"""Which row of a delivered table is which indicator (对应关系): found, written down, kept.

The file is TOML, made the first time and obeyed from then on: whoever corrects a line has the last
word, and the file that was used is filed with the table.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

from intake.files import HandedIn, text_of
from intake.score_tables import ScoreTables, TableRow
from intake.table_heading import normal
from ledger.rubric import Indicator, Rubric
from ledger.system_error import cannot_write
from ledger.terms import TOTALS_LINES
from ledger.values import IndicatorId, Invalid

UNKNOWN: Final = "?"
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


def propose(tables: ScoreTables, rubric: Rubric) -> list[Mapped]:
    """The indicator of each row by its name and weight, and by its path and standard; else unknown.

    Rows that are of one name and weight are told apart by what else the table says of them, never
    by their order.
    """
    extras = dict(EXTRA_NAMES)
    if rubric.bonus:
        extras[normal(rubric.bonus.name)] = BONUS
    if rubric.penalty:
        extras[normal(rubric.penalty.name)] = PENALTY
    fitting = [_fitting(row, rubric.indicators) for row in tables.rows]
    times = Counter(indicator.id for candidates in fitting for indicator in candidates)
    mapped = []
    for row, candidates in zip(tables.rows, fitting, strict=True):
        name = normal(row.name)
        if candidates:
            sure = len(candidates) == 1 and times[candidates[0].id] == 1
            mapped.append(Mapped(row, candidates[0].id if sure else UNKNOWN))
        elif name in LINES:
            mapped.append(Mapped(row, SKIPPED))
        else:
            mapped.append(Mapped(row, extras.get(name, UNKNOWN)))
    return mapped


def _fitting(row: TableRow, indicators: Sequence[Indicator]) -> list[Indicator]:
    """The indicators that a row may be: of its name and weight, then of its path and standard.

    A path or a standard that none of several has says nothing.
    """
    candidates = [
        indicator
        for indicator in indicators
        if normal(indicator.path[-1]) == normal(row.name) and indicator.weight == row.weight
    ]
    levels = [normal(name) for name in row.path]
    standard = normal(row.standard)
    if len(candidates) > 1:
        candidates = [
            indicator for indicator in candidates if _ends_with(indicator.path, levels)
        ] or candidates
    if len(candidates) > 1 and standard:
        candidates = [
            indicator for indicator in candidates if normal(indicator.standard) == standard
        ] or candidates
    return candidates


def _ends_with(path: tuple[str, ...], levels: list[str]) -> bool:
    """Whether a path has these names, of the levels that the table has."""
    return [normal(name) for name in path][-len(levels) :] == levels


def written(mapped: Iterable[Mapped], table: HandedIn, case: str, rubric: Rubric) -> str:
    """The mapping as a file."""
    quoted = json.dumps  # a JSON string is a TOML string
    names = {indicator.id: indicator for indicator in rubric.indicators}
    lines = [
        "# 评分表的行与指标的对应；indicator 可改：指标编号、bonus、penalty，空为不读。",
        "# Which row is which indicator; an id, bonus, penalty, or empty to leave the row out.",
        f"table = {quoted(table.name, ensure_ascii=False)}",
        f"sha256 = {quoted(table.sha256)}",
        f"case = {quoted(case)}",
        f"rubric = {quoted(f'{rubric.id}@{rubric.edition}')}",
    ]
    for row, means in mapped:
        near = [
            indicator.id for indicator in _fitting(row, rubric.indicators)
        ] or get_close_matches(row.name, [name.path[-1] for name in names.values()], n=1)
        lines += [
            "",
            "[[row]]",
            f"sheet = {quoted(row.sheet, ensure_ascii=False)}",
            f"row = {row.number}",
            f"name = {quoted(' / '.join(row.path), ensure_ascii=False)}",
            f"indicator = {quoted(means)}"
            + (f"  # {', '.join(near)}".replace("\n", " ") if means == UNKNOWN and near else ""),
        ]
    return "\n".join(lines) + "\n"


def write_new(path: Path, text: str) -> None:
    """Write a mapping file where there is none.

    Raises:
        Invalid: there is one, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise cannot_write(path, error) from None


def read(  # noqa: PLR0913, PLR0917 - two files, and what they are about
    path: Path,
    mapping: HandedIn,
    table_path: Path,
    table: HandedIn,
    tables: ScoreTables,
    rubric: Rubric,
) -> list[Mapped]:
    """The mapping that a file says.

    Raises:
        Invalid: not such a file, of another table, or it leaves a row open.
    """
    try:
        data = tomllib.loads(text_of(path, mapping.content))
        chosen = {
            (str(datum["sheet"]), int(datum["row"])): str(datum["indicator"])
            for datum in data["row"]
        }
        digest = str(data["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid(
            f"{path}：不是对应文件。删去它可重新生成。",
            f"{path}: not a mapping file. Delete it to make a new one.",
        ) from None
    if digest != table.sha256:
        raise Invalid(
            f"{path}：是另一个表的对应（SHA-256 不同）；删去它可重新生成",
            f"{path}: the mapping of another table (SHA-256 differs); delete it to make a new one",
        )
    mapped = [Mapped(row, chosen.get((row.sheet, row.number), UNKNOWN)) for row in tables.rows]
    _refuse_open(path, table_path, mapped, rubric)
    return mapped


def _refuse_open(path: Path, table: Path, mapped: list[Mapped], rubric: Rubric) -> None:
    seen: dict[IndicatorId, TableRow] = {}
    for row, means in mapped:
        where = row.place(table)
        if means not in {SKIPPED, BONUS, PENALTY} and means not in rubric.by_id:
            several = ", ".join(indicator.id for indicator in _fitting(row, rubric.indicators))
            zh, en = (
                (f"与几项指标都相符（{several}）", f"fits several indicators ({several})")
                if several
                else ("与指标都不相符", "fits no indicator")
            )
            weight_zh, weight_en = (
                ("没有分值", "no weight")
                if row.weight is None
                else (f"分值 {row.weight}", f"weight {row.weight}")
            )
            raise Invalid(
                f"{where.zh}“{row.name}”（{weight_zh}）{zh}；"
                f"请在 {path} 里写明 indicator，再运行一次",
                f"{where.en}: “{row.name}” ({weight_en}) {en}; say which in {path} and run again",
            )
        if means in rubric.by_id:
            if means in seen:
                raise Invalid(
                    f"{where.zh}：{means} 已对应第 {seen[means].number} 行",
                    f"{where.en}: {means} is row {seen[means].number} already",
                )
            seen[means] = row
    lacking = [indicator for indicator in rubric.by_id if indicator not in seen]
    if lacking:
        raise Invalid(
            f"{table}：表里没有这些指标：{'、'.join(lacking)}",
            f"{table}: the table lacks these indicators: {', '.join(lacking)}",
        )
