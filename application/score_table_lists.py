"""An imported score table (评分表) as people are shown it: columns, rows, figures, totals."""

from collections.abc import Iterator, Sequence
from typing import Final

from application.score_table import ImportedTable
from documents.lists import ListColumn, Row
from intake.grid import column_letters
from intake.headings import NAMES
from intake.stated_figures import StatedTarget
from intake.table_columns import ASKED, IGNORED
from ledger import terms
from ledger.language import Text

_AGREES: Final = {True: Text("不一致", "no"), False: Text("一致", "yes")}
_LEFT_OUT: Final = Text("不读", "left out")
TABLE_COLUMNS: Final = (
    ListColumn("place", Text("列", "Column")),
    ListColumn("heading", Text("表头", "Heading")),
    ListColumn("role", Text("读作", "Read as")),
    ListColumn("why", Text("原因", "Why")),
)


def table_columns(table: ImportedTable) -> Iterator[Row]:
    """The columns of the table, each with what it was taken for."""
    for block in table.table.tables.blocks:
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
    by_id = table.table.rubric.by_id
    for row, means in table.table.rows:
        yield {
            "row": row.number,
            "indicator": means or _LEFT_OUT,
            "name": row.part or (by_id[means].path[-1] if means in by_id else row.name),
            "claim": row.claim,
            "award": row.award,
        }


TABLE_FIGURES: Final = (
    ListColumn("place", terms.PLACE),
    ListColumn("figure", terms.FIGURE),
    ListColumn("name", terms.NAME),
    ListColumn("value", terms.ACTUAL, number=True),
    ListColumn("unit", terms.UNIT_OF_MEASURE),
    ListColumn("target", terms.TARGET),
)


def table_figures(table: ImportedTable) -> Iterator[Row]:
    """The cells of the table that give figures, each with the figure that it gives."""
    for figure in table.table.figures:
        goal = figure.target
        yield {
            "place": f"{figure.row.sheet} {figure.cell.ref}",
            "figure": _LEFT_OUT if figure.id in {ASKED, IGNORED} else figure.id,
            "name": figure.name,
            "value": figure.value.value,
            "unit": figure.value.unit,
            "target": goal and _aim(goal),
        }


def _aim(goal: StatedTarget) -> Text:
    side = terms.DIRECTIONS[goal.sense]
    return Text(f"{side.zh} {goal.value}", f"{side.en} {goal.value}")


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
    if table.table.figures:
        yield TABLE_FIGURES, table_figures(table)
    if table.totals:
        yield TABLE_TOTALS, table_totals(table)
