"""What the review proposes (建议)."""

from collections.abc import Iterator
from typing import Final

from intake.forms.filled_row import IDS, Fields, FormRow, SheetKind, listed
from intake.forms.sheet import SPARE_ITEMS, FormColumn, FormSheet, open_column
from ledger import terms
from ledger.language import Say


def columns(say: Say) -> tuple[FormColumn, ...]:
    """Its title, its text and what it concerns."""
    return (
        open_column("title", say(*terms.TITLE), 18),
        open_column("statement", say(*terms.STATEMENT), 40),
        open_column("findings", say("针对问题编号", "Findings"), 20),
        open_column("id", say(*terms.ID), 10),
    )


def recommendations_sheet(say: Say) -> FormSheet:
    """Room for recommendations."""
    return FormSheet(
        key="recommendations",
        name=say("建议", "Recommendations"),
        columns=columns(say),
        spare=SPARE_ITEMS,
    )


def _recommendation(row: FormRow, scale: int) -> Iterator[Fields]:
    del scale
    yield {
        "do": "make-recommendation",
        "recommendation": row.text("id"),
        "title": row.text("title"),
        "statement": row.text("statement"),
        "findings": listed(row.text("findings"), IDS),
    }


RECOMMENDATIONS: Final = SheetKind("recommendations", columns, (_recommendation,))
