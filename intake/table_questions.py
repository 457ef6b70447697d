"""What is found in a delivered table and what is asked about it: the lines of its mapping file."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal, NamedTuple

from intake.grid import Cell, column_letters, place
from intake.headings import NAMES, bare_name
from intake.mapping_file import Line
from intake.stated_figures import Open
from intake.table_columns import ASKED, IGNORED, Block, Column
from intake.table_figures import TableFigure
from intake.table_mapping import BONUS, PENALTY, SKIPPED, UNKNOWN, Mapped, fitting
from intake.table_rows import NO_ANSWERS, Answers, DeliveredTables, TableRow
from ledger.language import Text
from ledger.rubric import Rubric
from ledger.values import Invalid

Kind = Literal["hidden", "block", "column", "row", "value", "figure", "reason", "total"]
KINDS: Final[dict[str, Kind]] = {
    "sheets": "hidden",
    "blocks": "block",
    "columns": "column",
    "rows": "row",
    "cells": "value",
    "figures": "figure",
    "reasons": "reason",
    "totals": "total",
}
READ: Final = "read"
COMPARED: Final = "compare"


class Question(NamedTuple):
    """Something that only a person can say.

    Attributes:
        line: which line of the mapping file answers it.
        where: its place in the table, in words.
        why: what is asked.
        choices: answers that fit; others may.
        printed: what its cell says, where a person may only say that again or correct it.
    """

    line: Line
    where: Text
    why: Text
    choices: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What it is about."""
        return KINDS[self.line.section]

    @property
    def answers(self) -> tuple[str, ...]:
        """Answers that a person may give."""
        return self.choices or self.printed

    @property
    def said(self) -> Text:
        """What is asked, after its place."""
        zh = self.why.zh if self.why.zh.startswith("“") else "：" + self.why.zh
        return Text(f"{self.where.zh}{zh}", f"{self.where.en}: {self.why.en}")


class Found(NamedTuple):
    """What was found in a table.

    Attributes:
        opened: what cells of figures leave open.
        answers: what people said.
    """

    tables: DeliveredTables
    rows: Sequence[Mapped]
    figures: Sequence[TableFigure] = ()
    opened: Sequence[tuple[TableRow, Open]] = ()
    answers: Answers = NO_ANSWERS


def questions(path: Path, found: Found, rubric: Rubric) -> list[Question]:
    """What is left open, in the order of the file."""
    twins = _twins(found, rubric)
    return [
        *(_of_sheet(path, sheet) for sheet in found.tables.hidden),
        *(_of_block(path, block) for block in twins),
        *(
            _of_column(path, block, index)
            for block in found.tables.blocks
            for index in block.questions
            if found.answers.blocks.get((block.sheet.name, block.first + 1)) != IGNORED
        ),
        *(
            _of_cell(path, one.sheet, one.cell, one.why)._replace(printed=one.printed)
            for one in found.tables.cells
        ),
        *(
            _of_row(path, row, rubric)
            for row, means in found.rows
            if row.within is None
            and _is_open(means, rubric)
            and not any(_is_in(row, block) for block in twins)
        ),
        *(
            _of_cell(path, row.sheet, opened.cell, opened.why, opened.choices)
            for row, opened in found.opened
        ),
        *(_of_figure(path, figure, rubric) for figure in found.figures if figure.id == ASKED),
    ]


def lines(found: Found, asked: Sequence[Question], rubric: Rubric) -> list[Line]:
    """The lines of the file: what was understood, and what is asked."""
    open_ = {question.line.key: question.line for question in asked}
    known = [
        *(_line_of_block(block) for block in found.tables.blocks),
        *(
            Line(
                "columns",
                _place_of_column(block, index),
                column.role,
                f"{column.heading}: {column.why.zh} {column.why.en}",
            )
            for block in found.tables.blocks
            for index, column in block.columns.items()
        ),
        *(_line_of_row(row, means, rubric) for row, means in found.rows if row.within is None),
        *(
            Line(
                "figures",
                f"{figure.row.sheet}!{figure.cell.ref}",
                figure.id,
                f"{figure.name} {figure.cell.text}",
            )
            for figure in found.figures
        ),
        *(_line_of_total(total) for _, total in found.tables.totals),
        *(Line("ignore", f"{sheet}!{row}", text) for sheet, row, text in found.tables.below),
    ]
    merged = {line.key: line for line in known} | open_
    return list(merged.values())


def _told(why: Text, choices: Sequence[str]) -> str:
    return f"{why.zh} {why.en}" + (f": {' | '.join(choices)}" if choices else "")


def _is_open(means: str, rubric: Rubric) -> bool:
    return means not in {SKIPPED, BONUS, PENALTY} and means not in rubric.by_id


# Sheets and tables -------------------------------------------------------------------------------


def _of_sheet(path: Path, sheet: str) -> Question:
    return Question(
        Line("sheets", sheet, ASKED, "隐藏 hidden: yes | no"),
        Text(f"{path} 工作表“{sheet}”", f"{path}, sheet '{sheet}'"),
        Text("被隐藏，但有内容", "it is hidden but not empty"),
        ("yes", "no"),
    )


def _is_in(row: TableRow, block: Block) -> bool:
    return row.sheet == block.sheet.name and row.number - 1 in block.rows


def _twins(found: Found, rubric: Rubric) -> list[Block]:
    """The tables that name the same indicators, such as those of two projects in a file."""
    names: dict[str, set[int]] = {}
    for number, block in enumerate(found.tables.blocks):
        if (block.sheet.name, block.first + 1) in found.answers.blocks:
            continue
        for row, means in found.rows:
            if means == UNKNOWN and _is_in(row, block):
                for indicator in fitting(row, rubric.indicators):
                    names.setdefault(indicator.id, set()).add(number)
    twins = set().union(*(blocks for blocks in names.values() if len(blocks) > 1))
    return [found.tables.blocks[number] for number in sorted(twins)]


def _of_block(path: Path, block: Block) -> Question:
    why = Text(
        "另一个表列有相同的指标，请写明读哪一个",
        "another table names the same indicators; say which is read",
    )
    return Question(
        _line_of_block(block)._replace(value=ASKED, remark=_told(why, (READ, IGNORED))),
        place(path, block.sheet.name, f"A{block.first + 1}"),
        why,
        (READ, IGNORED),
    )


def _line_of_block(block: Block) -> Line:
    kind = "资金块 funds" if block.funds else "指标块 indicators"
    return Line("blocks", f"{block.sheet.name}!{block.first + 1}", READ, kind)


# Columns and cells -------------------------------------------------------------------------------


def _place_of_column(block: Block, index: int) -> str:
    return f"{block.sheet.name}!{column_letters(index)}{block.first + 1}"


def _of_column(path: Path, block: Block, index: int) -> Question:
    column: Column = block.columns[index]
    where = place(path, block.sheet.name, f"{column_letters(index)}{block.first + 1}")
    return Question(
        Line(
            "columns",
            _place_of_column(block, index),
            ASKED,
            f"{column.heading}: {' | '.join(column.choices)}",
        ),
        Text(f"{where.zh}“{column.heading}”", f"{where.en}, '{column.heading}'"),
        column.why,
        column.choices,
    )


def _of_cell(
    path: Path, sheet: str, cell: Cell, why: Text, choices: tuple[str, ...] = ()
) -> Question:
    return Question(
        Line("cells", f"{sheet}!{cell.ref}", ASKED, f"“{cell.text}” {_told(why, choices)}"),
        place(path, sheet, cell.ref),
        why,
        choices,
        (cell.text,),
    )


def _of_figure(path: Path, figure: TableFigure, rubric: Rubric) -> Question:
    named = [" ".join((id_, rubric.figure_names.get(id_, ""))).strip() for id_ in figure.choices]
    why = Text(
        f"“{figure.name}”是哪项基础数据", f"which figure '{figure.name}' is, the rule reads by id"
    )
    return Question(
        Line(
            "figures",
            f"{figure.row.sheet}!{figure.cell.ref}",
            ASKED,
            f"{figure.name} {figure.cell.text}: {' | '.join(named)}",
        ),
        place(path, figure.row.sheet, figure.cell.ref),
        why,
        figure.choices,
    )


# Rows and totals ---------------------------------------------------------------------------------


def _of_row(path: Path, row: TableRow, rubric: Rubric) -> Question:
    where = row.place(path)
    several = tuple(indicator.id for indicator in fitting(row, rubric.indicators))
    names = "、".join(several), ", ".join(several)
    if row.hidden:
        zh, en = "这一行被隐藏，但有分数", "the row is hidden and has a score"
    elif len(several) == 1:
        zh, en = (
            f"与别的行是同一项指标（{names[0]}）",
            f"is the indicator of other rows ({names[1]})",
        )
    elif several:
        zh, en = f"与几项指标都相符（{names[0]}）", f"fits several indicators ({names[1]})"
    else:
        zh, en = "与指标都不相符", "fits no indicator"
    weight = (
        Text("没有分值", "no weight")
        if row.weight is None
        else Text(f"分值 {row.weight:f}", f"weight {row.weight:f}")
    )
    return Question(
        _line_of_row(row, UNKNOWN, rubric),
        where,
        Text(f"“{row.name}”（{weight.zh}）{zh}", f"'{row.name}' ({weight.en}) {en}"),
        (*(several or _near(row, rubric)), IGNORED),
    )


def _near(row: TableRow, rubric: Rubric) -> tuple[str, ...]:
    """The indicators that a row may be: of like names, then of its weight."""
    by_name = {bare_name(indicator.path[-1]): indicator.id for indicator in rubric.indicators}
    near = [by_name[name] for name in get_close_matches(bare_name(row.name), by_name, n=2)]
    same = [indicator.id for indicator in rubric.indicators if indicator.weight == row.weight]
    return tuple(dict.fromkeys((*near, *same)))


def _line_of_row(row: TableRow, means: str, rubric: Rubric) -> Line:
    remark = " / ".join(row.path)
    if row.weight is not None:
        remark += f" ({row.weight:f})"
    if means == UNKNOWN:
        ids = [one.id for one in fitting(row, rubric.indicators)] or _near(row, rubric)
        remark += f": {' | '.join((*ids, IGNORED))}"
    return Line("rows", f"{row.sheet}!{row.number}", means or IGNORED, remark)


def _line_of_total(total: TableRow) -> Line:
    roles = (("weight", total.weight), ("claim", total.claim), ("award", total.award))
    printed = [f"{NAMES[role].zh} {number:f}" for role, number in roles if number is not None]
    return Line("totals", f"{total.sheet}!{total.number}", COMPARED, "，".join(printed))


def reason_question(path: Path, row: TableRow) -> Question:
    """That a row's score needs a reason, and the table prints none."""
    where = row.place(path)
    return Question(
        Line("reasons", f"{row.sheet}!{row.number}", ASKED, f"{row.name} 得扣分原因 the reason"),
        Text(f"{where.zh}“{row.name}”", f"{where.en}, '{row.name}'"),
        Text("调整了得分，表中未写原因", "the score is adjusted, and the table gives no reason"),
    )


SHOWN: Final = 12
"""How many questions a message names; the file has all of them."""


def left_open(path: Path, asked: Sequence[Question]) -> Invalid:
    """That questions are open, and where they are answered."""
    more = len(asked) - SHOWN
    zh = [question.said.zh for question in asked[:SHOWN]] + [f"另有 {more} 处"] * (more > 0)
    en = [question.said.en for question in asked[:SHOWN]] + [f"and {more} more"] * (more > 0)
    return Invalid(
        "；\n".join(zh) + f"。\n请在 {path} 里把 {ASKED} 改成答案，再运行一次；表不用改",
        ";\n".join(en)
        + f".\nAnswer each {ASKED} in the mapping {path} and run again; leave the table as it is",
    )
