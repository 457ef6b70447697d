"""What the review has found (问题)."""

from collections.abc import Iterator
from typing import Final

from intake.forms.filled_row import Fields, FormRow, SheetKind
from intake.forms.sheet import SPARE_ITEMS, FormColumn, FormSheet, open_column
from ledger import terms
from ledger.language import Say


def columns(say: Say) -> tuple[FormColumn, ...]:
    """Its title, its text and what it concerns."""
    return (
        open_column("title", say(*terms.TITLE), 18),
        open_column("statement", say(*terms.STATEMENT), 40),
        open_column(
            "indicators", say("涉及指标（名称，每行一个）", "Indicators (names, one per line)"), 20
        ),
        open_column("id", say(*terms.ID), 10),
    )


def findings_sheet(say: Say) -> FormSheet:
    """Room for findings."""
    return FormSheet(
        key="findings", name=say("问题", "Findings"), columns=columns(say), spare=SPARE_ITEMS
    )


def _finding(row: FormRow, scale: int) -> Iterator[Fields]:
    del scale
    yield {
        "do": "raise-finding",
        "finding": row.text("id"),
        "title": row.text("title"),
        "statement": row.text("statement"),
        "indicators": row.indicators("indicators"),
    }


FINDINGS: Final = SheetKind("findings", columns, (_finding,))
