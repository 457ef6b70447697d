"""The rows of views, folded from the record for one reader: what no table holds, or none can."""

from collections.abc import Collection, Sequence
from types import ModuleType
from typing import Any, Final

from ledger.store import Store
from projections.as_of import FINAL
from projections.portfolio import cases, table_name
from projections.portfolio.case_reader import at_point, lives, names
from projections.portfolio.case_rows import Row, ViewColumns
from projections.portfolio.staging import VIEWS
from projections.portfolio.steps import FoldedCase

_VIEWS: Final[dict[str, ModuleType]] = {view.TABLE.name: view for view in (cases, *VIEWS)}


def folded_rows(
    store: Store,
    size: int,
    wanted: Sequence[ViewColumns],
    chosen: Collection[str] | None = None,
    label: str = FINAL,
) -> Sequence[Sequence[Row]]:
    """The rows of views, as the tables would have them.

    Args:
        store: of the ledger; nothing else of it may be used meanwhile.
        size: how many events of the log count.
        wanted: of which views.
        chosen: of which cases; of all where that is not said.
        label: the point; cases that had not come so far are left out.
    """
    with store.projection_transaction(writing=False) as beside:
        named = names(beside.connection) if chosen is None else chosen
        folded = list(lives(beside.connection, sorted(named), size, {}))
    if label != FINAL:
        folded = list(at_point(folded, label))
    return [_rows(each, folded) for each in wanted]


def _rows(wanted: ViewColumns, folded: Sequence[FoldedCase]) -> list[Row]:
    view = _VIEWS[table_name(wanted.view)]
    columns = view.TABLE.columns.keys()
    rows: list[dict[str, Any]] = [
        {**dict(zip(columns, row, strict=True)), "case_id": life.id}
        for life in folded
        for row in view.rows(life)
    ]
    by = ("case_id", *wanted.order)
    return [
        (row["case_id"], *(row[name] for name in wanted.columns))
        for row in sorted(rows, key=lambda row: [row[name] for name in by])
        if all(row[name] == value for name, value in wanted.only)
    ]
