"""Draft a rubric (起草指标体系) from a table that an agency or a bureau has."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from msgspec import Struct

from documents.lists import ListColumn, Row
from intake.delivered_file import read_sheets
from intake.draft_file import DraftFile, draft_file
from intake.files import hand_in
from intake.rubric_draft import RubricDraft, draft
from intake.rule_sentences import FoundRule
from intake.table_columns import ANSWERS
from ledger import terms
from ledger.language import Text, counted
from ledger.system_error import cannot_write
from ledger.values import Invalid


class DraftedRow(Struct, frozen=True, kw_only=True):
    """A row of a draft.

    Attributes:
        cell: where its standard is printed, or the row where none is.
        weight: `None` where it is asked.
        shape: of the rule that its standard states; `None` where it is left to the reviewer.
        why: for what it is left to the reviewer; `None` where there is a rule.
        questions: how many parameters of the row are asked.
    """

    indicator: str
    path: tuple[str, ...]
    sheet: str
    cell: str
    weight: Decimal | None
    shape: str | None
    why: Text | None
    questions: int


class DraftedQuestion(Struct, frozen=True, kw_only=True):
    """A `?` of the draft; one about the rubric as a whole has no indicator."""

    indicator: str | None
    key: str
    asks: Text
    choices: str


class PrintedSum(Struct, frozen=True, kw_only=True):
    """A sum that the table prints, where its rows add up to another."""

    name: str
    printed: Decimal
    computed: Decimal


class RubricDraftView(Struct, frozen=True, kw_only=True):
    """What was drafted.

    Attributes:
        total: what the weights add up to.
        printed_total: as the table prints it; `None` where it does not.
        by_rule: how many rows have a rule.
        left_to_reviewer: how many have none.
    """

    table: str
    file: str
    rows: list[DraftedRow]
    extras: list[str]
    total: Decimal
    printed_total: Decimal | None
    by_rule: int
    left_to_reviewer: int
    questions: list[DraftedQuestion]
    differences: list[PrintedSum]
    left_out: list[Text]

    def summary(self) -> Iterator[Text]:
        """What a person reads below the rows."""
        rows, asked = len(self.rows), len(self.questions)
        yield Text(
            f"{rows} 行，分值合计 {self.total}；{self.by_rule} 行读出规则，"
            f"{self.left_to_reviewer} 行由人评定；{asked} 处要回答",
            f"{counted(rows, 'row')}, weights add up to {self.total}; {self.by_rule} with a rule,"
            f" {self.left_to_reviewer} left to the reviewer; {counted(asked, 'question')}",
        )
        for sum_ in self.differences:
            yield Text(
                f"合计不符：“{sum_.name}”印出 {sum_.printed}，各行相加 {sum_.computed}",
                f"sum differs: '{sum_.name}' prints {sum_.printed}, its rows add up to"
                f" {sum_.computed}",
            )
        yield from self.left_out
        yield Text(
            f"已写入 {self.file}。请逐行阅读、回答 ? 并删去 drafted 一行，再检查",
            f"written to {self.file}; read every row, answer each ?, take out the line `drafted`,"
            " then check it",
        )


def draft_rubric(table: Path, output: Path, columns: Iterable[str]) -> RubricDraftView:
    """Write the draft of a rubric, where there is no file yet.

    Args:
        table: the workbook, document or text with the table.
        output: where the draft is written.
        columns: what a person says columns are, such as `F=weight`.

    Raises:
        Invalid: no table that could be one, a role that no column has, or a file that is there.
    """
    said = dict(map(_column, columns))
    found = draft(table, read_sheets(table, hand_in(table).content), said)
    file = draft_file(found, table)
    try:
        with output.open("x", encoding="utf-8", newline="") as target:
            target.write(file.text)
    except OSError as error:
        raise cannot_write(output, error) from None
    return _view(found, file, table, output)


def _column(said: str) -> tuple[str, str]:
    letters, _, role = said.partition("=")
    if role not in ANSWERS:
        known = ", ".join(sorted(ANSWERS))
        raise Invalid(
            f"“{said}”应为 列=角色，如 F=weight。角色可用：{known}",
            f"'{said}' must be LETTERS=ROLE, such as F=weight; roles: {known}",
        )
    return letters.strip().upper(), role


def _view(found: RubricDraft, file: DraftFile, table: Path, output: Path) -> RubricDraftView:
    asked = [question.indicator for question in file.questions]
    rows = [
        DraftedRow(
            indicator=row.id,
            path=row.path,
            sheet=row.row.sheet,
            cell=row.row.standard_at or f"{row.row.number}",
            weight=row.weight,
            shape=row.rule.rule["shape"] if isinstance(row.rule, FoundRule) else None,
            why=None if isinstance(row.rule, FoundRule) else row.rule.why,
            questions=asked.count(row.id),
        )
        for row in found.rows
    ]
    ruled = sum(1 for row in rows if row.shape)
    return RubricDraftView(
        table=str(table),
        file=str(output),
        rows=rows,
        extras=sorted({extra.kind for _, extra in found.extras}),
        total=found.total,
        printed_total=found.printed,
        by_rule=ruled,
        left_to_reviewer=len(rows) - ruled,
        questions=[
            DraftedQuestion(
                indicator=question.indicator or None,
                key=question.key,
                asks=question.asks,
                choices=question.choices,
            )
            for question in file.questions
        ],
        differences=[PrintedSum(**sum_._asdict()) for sum_ in found.differences],
        left_out=found.left_out,
    )


DRAFTED_ROWS: Final = (
    ListColumn("indicator", terms.INDICATOR),
    ListColumn("name", terms.NAME),
    ListColumn("cell", terms.CELL),
    ListColumn("weight", terms.WEIGHT, number=True),
    ListColumn("rule", terms.RULE),
    ListColumn("questions", terms.QUESTIONS, number=True),
)


def drafted_rows(view: RubricDraftView) -> Iterator[Row]:
    """The rows as a table."""
    for row in view.rows:
        yield {
            "indicator": row.indicator,
            "name": row.path[-1],
            "cell": row.cell,
            "weight": row.weight,
            "rule": terms.SHAPES[row.shape] if row.shape else row.why,
            "questions": row.questions or None,
        }
