"""Draft a rubric (起草指标体系) from a table that an agency or a bureau has."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from application.drafted_mapping import write_drafted_mapping
from intake.delivered_file import read_sheets
from intake.draft_file import DraftFile, draft_file
from intake.files import hand_in
from intake.rubric_draft import RubricDraft, draft
from intake.rule_sentences import FoundRule
from intake.table_columns import ANSWERS
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
        mapping: the mapping file that asks what the table leaves open; `None` where it does not,
            or where one is there already.
    """

    table: str
    file: str
    mapping: str | None
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
        """What a person reads below the rows, with where it was written."""
        yield from self.about()
        if self.mapping:
            yield Text(
                f"读入这张表要问的，写在 {self.mapping}，请一并把其中的 ? 改成答案",
                f"what reading this table asks is in {self.mapping}; answer each ? there as well",
            )
        yield Text(
            f"已写入 {self.file}。请逐行阅读、回答 ? 并删去 drafted 一行，再检查",
            f"written to {self.file}; read every row, answer each ?, take out the line `drafted`,"
            " then check it",
        )

    def about(self) -> Iterator[Text]:
        """How many rows and rules there are, what does not add up, and what was left out."""
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


def draft_rubric(table: Path, output: Path, columns: Iterable[str]) -> RubricDraftView:
    """Write the draft of a rubric, where there is no file yet.

    Args:
        table: the workbook, document or text with the table.
        output: where the draft is written.
        columns: what a person says columns are, such as `F=weight`.

    Raises:
        Invalid: no table that could be one, a role that no column has, or a file that is there.
    """
    said, delivered = dict(map(_column, columns)), hand_in(table)
    sheets = read_sheets(table, delivered.content)
    found = draft(table, sheets, said)
    file = draft_file(found, table)
    try:
        with output.open("x", encoding="utf-8", newline="") as target:
            target.write(file.text)
    except OSError as error:
        raise cannot_write(output, error) from None
    mapping = write_drafted_mapping(table, delivered, sheets, found)
    return view_of(found, file, table, output, mapping)


def _column(said: str) -> tuple[str, str]:
    letters, _, role = said.partition("=")
    if role not in ANSWERS:
        known = ", ".join(sorted(ANSWERS))
        raise Invalid(
            f"“{said}”应为 列=角色，如 F=weight。角色可用：{known}",
            f"'{said}' must be LETTERS=ROLE, such as F=weight; roles: {known}",
        )
    return letters.strip().upper(), role


def view_of(
    found: RubricDraft, file: DraftFile, table: Path, output: Path, mapping: Path | None
) -> RubricDraftView:
    """What a person reads of a draft; see `draft_rubric`."""
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
        mapping=str(mapping) if mapping else None,
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
