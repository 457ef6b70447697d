"""Which row of a delivered table is which indicator (对应关系): found, written down, kept.

The file is TOML, made the first time and obeyed from then on: whoever corrects a line has the last
word, and the file that was used is filed with the table.
"""

import json
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from intake.files import read_bytes, read_text
from intake.score_tables import ScoreTables, TableRow
from intake.table_heading import normal
from ledger.rubric import Rubric
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
    """Rows and indicators of one name and weight, in the order of both; else unknown."""
    free = list(rubric.indicators)
    extras = dict(EXTRA_NAMES)
    if rubric.bonus:
        extras[normal(rubric.bonus.name)] = BONUS
    if rubric.penalty:
        extras[normal(rubric.penalty.name)] = PENALTY
    mapped = []
    for row in tables.rows:
        name = normal(row.name)
        found = next(
            (one for one in free if normal(one.path[-1]) == name and one.weight == row.weight),
            None,
        )
        if found:
            free.remove(found)
            mapped.append(Mapped(row, found.id))
        elif name in LINES:
            mapped.append(Mapped(row, SKIPPED))
        else:
            mapped.append(Mapped(row, extras.get(name, UNKNOWN)))
    return mapped


def written(mapped: Iterable[Mapped], table: Path, case: str, rubric: Rubric) -> str:
    """The mapping as a file."""
    quoted = json.dumps  # a JSON string is a TOML string
    names = {one.id: one for one in rubric.indicators}
    lines = [
        "# 评分表的行与指标的对应；indicator 可改：指标编号、bonus、penalty，空为不读。",
        "# Which row is which indicator; an id, bonus, penalty, or empty to leave the row out.",
        f"table = {quoted(table.name, ensure_ascii=False)}",
        f"sha256 = {quoted(sha256(read_bytes(table)).hexdigest())}",
        f"case = {quoted(case)}",
        f"rubric = {quoted(f'{rubric.id}@{rubric.edition}')}",
    ]
    for row, means in mapped:
        near = get_close_matches(row.name, [one.path[-1] for one in names.values()], n=1)
        lines += [
            "",
            "[[row]]",
            f"sheet = {quoted(row.sheet, ensure_ascii=False)}",
            f"row = {row.number}",
            f"name = {quoted(' / '.join(row.path), ensure_ascii=False)}",
            f"indicator = {quoted(means)}"
            + (f"  # {near[0]}".replace("\n", " ") if means == UNKNOWN and near else ""),
        ]
    return "\n".join(lines) + "\n"


def read(path: Path, table: Path, tables: ScoreTables, rubric: Rubric) -> list[Mapped]:
    """The mapping that a file says.

    Raises:
        Invalid: not such a file, of another table, or it leaves a row open.
    """
    try:
        data = tomllib.loads(read_text(path))
        said = {(str(one["sheet"]), int(one["row"])): str(one["indicator"]) for one in data["row"]}
        digest = str(data["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid(
            f"{path}：不是对应文件（{error}）", f"{path}: not a mapping file ({error})"
        ) from None
    if digest != sha256(read_bytes(table)).hexdigest():
        raise Invalid(
            f"{path}：是另一个表的对应（SHA-256 不同）；删去它可重新生成",
            f"{path}: the mapping of another table (SHA-256 differs); delete it to make a new one",
        )
    mapped = [Mapped(row, said.get((row.sheet, row.number), UNKNOWN)) for row in tables.rows]
    _refuse_open(path, table, mapped, rubric)
    return mapped


def _refuse_open(path: Path, table: Path, mapped: list[Mapped], rubric: Rubric) -> None:
    seen: dict[IndicatorId, TableRow] = {}
    for row, means in mapped:
        where = row.place(table)
        if means not in {SKIPPED, BONUS, PENALTY} and means not in rubric.by_id:
            raise Invalid(
                f"{where.zh}“{row.name}”（分值 {row.weight}）对不上指标；"
                f"请在 {path} 里写明 indicator，再运行一次",
                f"{where.en}: “{row.name}” (weight {row.weight}) fits no indicator; say which in"
                f" {path} and run again",
            )
        if means in rubric.by_id:
            if means in seen:
                raise Invalid(
                    f"{where.zh}：{means} 已对应第 {seen[means].number} 行",
                    f"{where.en}: {means} is row {seen[means].number} already",
                )
            seen[means] = row
    lacking = [one for one in rubric.by_id if one not in seen]
    if lacking:
        raise Invalid(
            f"{table}：表里没有这些指标：{'、'.join(lacking)}",
            f"{table}: the table lacks these indicators: {', '.join(lacking)}",
        )
