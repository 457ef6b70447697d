"""A rubric drafted from a delivered table (指标体系草稿): rows, weights, standards, and rules.

What the table prints is taken as it is, with the cell it comes from. A standard becomes a rule
where its sentences state one; what they leave open, and what the table does not say at all, is a
question that keeps the draft from being published. All else is left to the reviewer and says so.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from intake.cell_values import is_empty, weight
from intake.extra_sentences import ExtraPoints, cap_of_total, extras_of
from intake.grid import Cell, Sheet, column_letters, place
from intake.headings import LEVELS, Role, meaning, normal, weight_of_a_name
from intake.rule_sentences import FoundRule, LeftToReviewer, understand
from intake.table_columns import ASKED, NO_NUMBERS, WEIGHTS, Block
from intake.table_mapping import EXTRA_NAMES
from intake.table_rows import NO_ANSWERS, Answers, DeliveredTables, TableRow, read_tables
from ledger.language import Text
from ledger.values import Invalid

SCALE_READ: Final = 4
"""Decimals up to which scores are read here; they are not used."""
HUNDRED: Final = Decimal(100)


class DraftedRow(NamedTuple):
    """A row of the draft.

    Attributes:
        id: its number among the rows, such as `i07`; a person may rename it.
        weight: `None` where it has to be asked.
        clause: the cell of its standard, and its name.
        rule: what its standard states, or why that is left to the reviewer.
    """

    id: str
    row: TableRow
    path: tuple[str, ...]
    weight: Decimal | None
    clause: str
    rule: FoundRule | LeftToReviewer


class Difference(NamedTuple):
    """A number that the table prints of several rows, next to what they add up to."""

    name: str
    printed: Decimal
    computed: Decimal


class RubricDraft(NamedTuple):
    """A draft.

    Attributes:
        title: the line above the table; empty where there is none.
        extras: bonus and penalty.
        printed: the total of the weights that the table prints; `None` where it prints none.
        label: what the table calls it.
        cap: the most that a total can be; `None` where the table does not say it.
        differences: what does not add up.
        left_out: what of the file is not in the draft, and why.
        answers: what a person answered about the columns.
    """

    title: str
    rows: list[DraftedRow]
    extras: list[tuple[TableRow, ExtraPoints]]
    printed: Decimal | None
    label: str
    cap: Decimal | None
    differences: list[Difference]
    left_out: list[Text]
    answers: Answers = NO_ANSWERS

    @property
    def total(self) -> Decimal:
        """What the weights add up to, of the rows that have one."""
        return sum((row.weight for row in self.rows if row.weight), Decimal(0))

    @property
    def full(self) -> Decimal | None:
        """The full score; `None` where the table contradicts itself, or a weight is asked."""
        if any(row.weight is None for row in self.rows):
            return None
        return self.total if self.total == (self.printed or HUNDRED) else None


def draft(path: Path, sheets: Sequence[Sheet], columns: dict[str, str]) -> RubricDraft:
    """What a delivered table says of a rubric.

    Args:
        path: what the file is called.
        sheets: what it holds.
        columns: what a person says a column is, by its letters.

    Raises:
        Invalid: no table, or none of its columns is known to hold the weights.
    """
    tables, answers = read_tables(path, sheets, SCALE_READ), NO_ANSWERS
    if columns:
        said = {
            (block.sheet.name, block.first + 1, letters): role
            for block in tables.blocks
            for letters, role in columns.items()
        }
        answers = Answers(columns=said)
        tables = read_tables(path, sheets, SCALE_READ, answers)
    weighed = [block for block in tables.blocks if _is_weighed(block, tables.rows)]
    if not weighed:
        raise _no_weights(path, tables)
    rows, extras = [], []
    for row in tables.rows:
        if row.hidden or not any(_holds(block, row) for block in weighed):
            continue
        if _is_extra(row):
            extras += [(row, extra) for extra in extras_of(row.name, row.standard)]
        else:
            rows.append(row)
    width = max(2, len(str(len(rows))))
    drafted = [_drafted(row, f"i{n:0{width}}") for n, row in enumerate(rows, 1)]
    totals = [total for _, total in tables.totals if total.weight is not None]
    caps = {cap for row, _ in extras if (cap := cap_of_total(row.standard)) is not None}
    draft_ = RubricDraft(
        _title(weighed[0]),
        drafted,
        extras,
        totals[-1].weight if totals else None,
        totals[-1].name if totals else "",
        caps.pop() if len(caps) == 1 else None,
        [],
        list(_left_out(path, tables, weighed)),
        answers,
    )
    draft_.differences.extend(_differences(draft_, weighed))
    return draft_


def _is_weighed(block: Block, rows: Iterable[TableRow]) -> bool:
    """Whether the rows of a table have weights, in a column or behind their names."""
    own = [row for row in rows if _holds(block, row)]
    return bool(own) and bool(
        block.having("weight") or all(weight_of_a_name(row.name) is not None for row in own)
    )


def _holds(block: Block, row: TableRow) -> bool:
    return block.sheet.name == row.sheet and row.number - 1 in block.rows


def _no_weights(path: Path, tables: DeliveredTables) -> Invalid:
    """That no column is known to hold the weights, and which may be meant."""
    for block in tables.blocks:
        for index, column in block.columns.items():
            if column.role in {ASKED, "score", "claim", "award"}:
                letters = column_letters(index)
                where = place(path, block.sheet.name, f"{letters}{block.first + 1}")
                return Invalid(
                    f"{where.zh}“{column.heading}”：没有一列能确定是分值。这一列若是，请写明"
                    f" {letters}=weight",
                    f"{where.en}, '{column.heading}': no column is certain to hold the weights."
                    f" If this one does, say so: {letters}=weight",
                )
    return Invalid(
        f"{path}：表中没有分值一列，不能起草指标体系",
        f"{path}: the table has no column of weights, so no rubric can be drafted",
    )


def _is_extra(row: TableRow) -> bool:
    """Whether a row is bonus or penalty: by its name, or because it weighs nothing."""
    return (
        normal(row.name) in EXTRA_NAMES
        or row.weight == 0
        or any("加减分" in normal(name) for name in row.path)
    )


def _drafted(row: TableRow, identifier: str) -> DraftedRow:
    path = tuple("".join(name.splitlines()) for name in row.path)
    own = row.weight if row.weight is not None else weight_of_a_name(row.name)
    where = row.standard_at or f"{row.number}"
    clause = (
        f"{row.sheet}!{where} {path[-1]}"
        if row.standard_at
        else f"{row.sheet} {row.number} {path[-1]}"
    )
    if not row.standard:
        rule: FoundRule | LeftToReviewer = LeftToReviewer(
            Text("没有印出评分标准", "no standard is printed")
        )
    elif own is None or own <= 0:
        rule = LeftToReviewer(Text("分值未定", "the weight is not known"))
    else:
        rule = understand(row.standard, own, identifier, path[-1])
    return DraftedRow(identifier, row, path, own, clause, rule)


_NUMBER_OF_ANNEX: Final = re.compile(r"附[件表]\s*\d*\s*[:：]?\s*")
_NO_TITLE: Final = re.compile(r".*[:：].*|\W.*\W|")
"""Lines above a table that are no title of it: 单位：万元, （2031年度）, or nothing."""
_TITLE: Final = re.compile("表|体系|评价|评分|考核|指标")


def _title(block: Block) -> str:
    """The nearest line above a table that has one text; one that names itself before others."""
    lines = []
    for number in range(block.first - 1, -1, -1):
        texts = {cell.text for cell in block.sheet.rows[number] if not is_empty(cell)}
        if len(texts) != 1:
            continue
        text = _NUMBER_OF_ANNEX.sub("", " ".join(texts.pop().split()), count=1)
        if not _NO_TITLE.fullmatch(text):
            lines.append(text)
    return next((line for line in lines if _TITLE.search(line)), next(iter(lines), ""))


# What does not add up ----------------------------------------------------------------------------


def _differences(draft_: RubricDraft, blocks: Sequence[Block]) -> Iterator[Difference]:
    """Printed sums that the rows do not give: of the table, of levels in names and in columns."""
    if draft_.printed is not None and draft_.printed != draft_.total:
        yield Difference(draft_.label, draft_.printed, draft_.total)
    said: dict[tuple[str, ...], set[Decimal]] = {}
    for row in draft_.rows:
        for depth in range(1, len(row.path)):
            number = weight_of_a_name(row.path[depth - 1])
            if number is not None:
                said.setdefault(row.path[:depth], set()).add(number)
    for block in blocks:
        for path, number in _of_levels(block, draft_.rows):
            said.setdefault(path, set()).add(number)
    for path, numbers in said.items():
        computed = sum(
            (row.weight or Decimal(0) for row in draft_.rows if row.path[: len(path)] == path),
            Decimal(0),
        )
        for number in sorted(numbers):
            if number != computed:
                yield Difference(" / ".join(path), number, computed)


def _of_levels(
    block: Block, rows: Sequence[DraftedRow]
) -> Iterator[tuple[tuple[str, ...], Decimal]]:
    """The weights that columns of their own give the levels."""
    levels = block.having(*LEVELS, "name")
    for index, column in block.columns.items():
        found = meaning(*column.heading.split(" "))
        if column.role == "weight" or found is None or found.role not in {"weight", *WEIGHTS}:
            continue
        depth = _depth(found.role, index, levels)
        for drafted in rows:
            if not _holds(block, drafted.row) or not 0 < depth < len(drafted.path):
                continue
            top, left = block.merged.get(
                (drafted.row.number - 1, index), (drafted.row.number - 1, index)
            )
            cell = block.sheet.rows[top][left]
            if (number := _number(cell)) is not None:
                yield drafted.path[:depth], number


def _depth(role: Role, index: int, levels: Sequence[int]) -> int:
    """Of which level a column of weights is: its heading says so, or it is next to it."""
    if role in WEIGHTS:
        return int(role.removeprefix("weight"))
    return sum(1 for level in levels if level < index)


def _number(cell: Cell) -> Decimal | None:
    try:
        return weight(cell._replace(formula=""))
    except Invalid:
        return None


def _left_out(path: Path, tables: DeliveredTables, weighed: Sequence[Block]) -> Iterator[Text]:
    for sheet in tables.hidden:
        yield Text(
            f"{path} 工作表“{sheet}”：被隐藏，没有读", f"{path}, sheet '{sheet}': hidden, not read"
        )
    for row in tables.rows:
        if row.hidden:
            where = row.place(path)
            yield Text(f"{where.zh}：被隐藏，没有读", f"{where.en}: hidden, not read")
    for block in tables.blocks:
        if block not in weighed:
            where = place(path, block.sheet.name, f"A{block.first + 1}")
            yield Text(
                f"{where.zh}：没有分值的表，没有读",
                f"{where.en}: a table without weights, not read",
            )
            continue
        for index, column in block.columns.items():
            words = [block.sheet.rows[row][index] for row in block.rows]
            if column.why == NO_NUMBERS and not all(map(is_empty, words)):
                where = place(path, block.sheet.name, f"{column_letters(index)}{block.first + 1}")
                yield Text(
                    f"{where.zh}“{column.heading}”：不知道这一列是什么，没有读",
                    f"{where.en}, '{column.heading}': unclear what the column is, not read",
                )
