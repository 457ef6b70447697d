"""An imported score table (评分表) as programs see it: what was read, and what came of it."""

from decimal import Decimal

from msgspec import Struct

from application.score_table import ImportedTable
from intake.grid import column_letters
from intake.table_columns import ASKED, IGNORED
from intake.table_questions import Kind
from ledger.language import Text
from ledger.values import FigureId, IndicatorId


class ReadColumn(Struct, frozen=True, kw_only=True):
    """A column of the table, what it was taken for (`ignore` where it is not read), and why."""

    sheet: str
    row: int
    column: str
    heading: str
    role: str
    why: Text


class ReadRow(Struct, frozen=True, kw_only=True):
    """A row of the table; `None` where it has no such score, or means no indicator."""

    sheet: str
    row: int
    path: tuple[str, ...]
    indicator: IndicatorId | None
    weight: Decimal | None
    claim: Decimal | None
    award: Decimal | None
    reason: str


class ReadTotal(Struct, frozen=True, kw_only=True):
    """A total that the table prints, next to the one that its rows add up to."""

    place: str
    label: str
    printed: Decimal | None
    computed: Decimal
    printed_claim: Decimal | None
    computed_claim: Decimal | None


class ReadFigure(Struct, frozen=True, kw_only=True):
    """A cell that gives a figure, and which one; `None` where nobody has said yet or it is none."""

    place: str
    figure: FigureId | None
    indicator: IndicatorId
    name: str
    value: str | None
    unit: str
    sense: str | None
    target: str | None


class AskedQuestion(Struct, frozen=True, kw_only=True):
    """What only a person can say, where it is answered in the mapping file, and what would fit."""

    place: str
    section: str
    kind: Kind
    message: Text
    choices: tuple[str, ...]


class ComparedTotal(Struct, frozen=True, kw_only=True):
    """A total of the side that was read: as printed, as its rows add up, and whether they agree."""

    place: str
    printed: Decimal | None
    computed: Decimal | None
    differs: bool


class ScoreTableView(Struct, frozen=True, kw_only=True):
    """What was read, and how many events that came to; of a dry run, how many it would."""

    columns: list[ReadColumn]
    rows: list[ReadRow]
    figures: list[ReadFigure]
    printed: list[ReadTotal]
    totals: list[ComparedTotal]
    questions: list[AskedQuestion]
    recorded: int
    would_record: int | None
    repeated: int


def score_table_view(table: ImportedTable, *, dry_run: bool) -> ScoreTableView:
    """What was read of a table and what came of it."""
    review = table.table.side == "review"
    return ScoreTableView(
        columns=[
            ReadColumn(
                sheet=block.sheet.name,
                row=block.first + 1,
                column=column_letters(index),
                heading=column.heading,
                role=column.role,
                why=column.why,
            )
            for block in table.table.tables.blocks
            for index, column in block.columns.items()
        ],
        rows=[
            ReadRow(
                sheet=row.sheet,
                row=row.number,
                path=row.path,
                indicator=means or None,
                weight=row.weight,
                claim=row.claim,
                award=row.award,
                reason=row.reason,
            )
            for row, means in table.table.rows
        ],
        printed=[
            ReadTotal(
                place=total.place,
                label=total.label,
                printed=total.award,
                computed=total.computed_award,
                printed_claim=total.claim,
                computed_claim=total.computed_claim,
            )
            for total in table.totals
        ],
        figures=[
            ReadFigure(
                place=f"{figure.row.sheet}!{figure.cell.ref}",
                figure=None if figure.id in {ASKED, IGNORED} else figure.id,
                indicator=figure.indicator,
                name=figure.name,
                value=figure.value.value,
                unit=figure.value.unit,
                sense=figure.target.sense if figure.target else None,
                target=figure.target.value if figure.target else None,
            )
            for figure in table.table.figures
        ],
        totals=[
            ComparedTotal(
                place=total.place,
                printed=total.award if review else total.claim,
                computed=total.computed_award if review else total.computed_claim,
                differs=total.differs,
            )
            for total in table.totals
        ],
        questions=[
            AskedQuestion(
                place=question.line.place,
                section=question.line.section,
                kind=question.kind,
                message=question.said,
                choices=question.choices,
            )
            for question in table.table.questions
        ],
        recorded=0 if dry_run else table.recorded,
        would_record=table.recorded if dry_run else None,
        repeated=sum(result.repeated for result in table.results),
    )
