"""An imported score table (评分表) as programs see it: what was read, and what came of it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from application.score_table import ImportedTable
from documents.lists import ListColumn, Row
from intake.grid import column_letters
from intake.headings import NAMES
from ledger import terms
from ledger.language import Text
from ledger.values import IndicatorId

_AGREES: Final = {True: Text("不一致", "no"), False: Text("一致", "yes")}


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


class ScoreTableView(Struct, frozen=True, kw_only=True):
    """What was read, and how many events that came to; of a dry run, how many it would."""

    columns: list[ReadColumn]
    rows: list[ReadRow]
    printed: list[ReadTotal]
    recorded: int
    would_record: int | None
    repeated: int


def score_table_view(table: ImportedTable, *, dry_run: bool) -> ScoreTableView:
    """What was read of a table and what came of it."""
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
            for block in table.blocks
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
            for row, means in table.rows
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
        recorded=0 if dry_run else table.recorded,
        would_record=table.recorded if dry_run else None,
        repeated=sum(result.repeated for result in table.results),
    )


_LEFT_OUT: Final = Text("不读", "left out")
TABLE_COLUMNS: Final = (
    ListColumn("place", Text("列", "Column")),
    ListColumn("heading", Text("表头", "Heading")),
    ListColumn("role", Text("读作", "Read as")),
    ListColumn("why", Text("原因", "Why")),
)


def table_columns(table: ImportedTable) -> Iterator[Row]:
    """The columns of the table, each with what it was taken for."""
    for block in table.blocks:
        for index, column in block.columns.items():
            yield {
                "place": f"{block.sheet.name} {column_letters(index)}",
                "heading": column.heading,
                "role": NAMES.get(column.role, _LEFT_OUT),
                "why": column.why,
            }


TABLE_ROWS: Final = (
    ListColumn("row", terms.ROW, number=True),
    ListColumn("indicator", terms.INDICATOR),
    ListColumn("name", terms.NAME),
    ListColumn("claim", terms.CLAIMED, number=True),
    ListColumn("award", terms.AWARDED, number=True),
)


def table_rows(table: ImportedTable) -> Iterator[Row]:
    """The rows of the table, each with the indicator that it was taken for."""
    by_id = table.rubric.by_id
    for row, means in table.rows:
        yield {
            "row": row.number,
            "indicator": means or _LEFT_OUT,
            "name": by_id[means].path[-1] if means in by_id else row.name,
            "claim": row.claim,
            "award": row.award,
        }


TABLE_TOTALS: Final = (
    ListColumn("place", terms.PLACE),
    ListColumn("label", terms.TOTALS),
    ListColumn("claim", Text("文件所列自评", "Claimed, printed"), number=True),
    ListColumn("computed_claim", Text("自评计算值", "Claimed, computed"), number=True),
    ListColumn("award", terms.PRINTED, number=True),
    ListColumn("computed_award", terms.COMPUTED, number=True),
    ListColumn("differs", Text("是否一致", "Agrees"), words=_AGREES),
)


def table_totals(table: ImportedTable) -> Iterator[Row]:
    """The totals that the table prints, next to those that its rows add up to."""
    for total in table.totals:
        names = (column.name for column in TABLE_TOTALS)
        yield {name: getattr(total, name) for name in names}


def parts_of(table: ImportedTable) -> Iterator[tuple[Sequence[ListColumn], Iterator[Row]]]:
    """What people are shown of a table: its columns, its rows, and its totals if it has any."""
    yield TABLE_COLUMNS, table_columns(table)
    yield TABLE_ROWS, table_rows(table)
    if table.totals:
        yield TABLE_TOTALS, table_totals(table)
