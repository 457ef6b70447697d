"""The penalties (减分) that the review records."""

from collections.abc import Iterator
from typing import Final

from intake.forms.filled_row import Fields, FormRow, SheetKind, cited, needed_score, optional
from intake.forms.sheet import SPARE_ITEMS, FormColumn, FormSheet, justified_columns, open_column
from ledger import terms
from ledger.language import Say


def columns(say: Say) -> tuple[FormColumn, ...]:
    """An item and the points that it costs."""
    return (
        open_column("title", say(*terms.NAME), 24),
        open_column("points", say("减分（正数）", "Points (positive)"), 6, summed=True),
        *justified_columns(say),
        open_column("id", say(*terms.ID), 10),
    )


def penalties_sheet(say: Say) -> FormSheet:
    """Room for penalties."""
    return FormSheet(
        key="penalties", name=say("减分", "Penalties"), columns=columns(say), spare=SPARE_ITEMS
    )


def _penalty(row: FormRow, scale: int) -> Iterator[Fields]:
    yield {
        "do": "record-penalty",
        "item": row.text("id"),
        "title": row.text("title"),
        "points": needed_score(row, "points", scale),
        "justification": row.text("justification"),
        **optional(row, "clause"),
        **cited(row),
    }


PENALTIES: Final = SheetKind("penalties", columns, (_penalty,))
