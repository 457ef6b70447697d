"""An imported score table (评分表) as programs see it: what was read, and what came of it."""

from decimal import Decimal

from msgspec import Struct

from application.score_table import ImportedTable
from ledger.values import IndicatorId


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
    """A total that the table prints, beside the one that its rows come to."""

    place: str
    label: str
    printed: Decimal | None
    computed: Decimal
    printed_claim: Decimal | None
    computed_claim: Decimal | None


class ScoreTableView(Struct, frozen=True, kw_only=True):
    """What was read, and how many events that came to; of a dry run, how many it would."""

    rows: list[ReadRow]
    printed: list[ReadTotal]
    recorded: int
    would_record: int | None
    repeated: int


def score_table_view(table: ImportedTable, *, dry_run: bool) -> ScoreTableView:
    """What was read of a table and what came of it."""
    return ScoreTableView(
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
