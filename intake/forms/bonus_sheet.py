"""What is recognised of the bonus items that were claimed (加分认定)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from documents.page import Cell
from documents.source import Source
from intake.forms.filled_row import Fields, FormRow, SheetKind, cited, needed_score, optional
from intake.forms.sheet import FormColumn, FormSheet, justified_columns, open_column
from ledger import terms
from ledger.envelope import RecordedEvent
from ledger.events import BonusClaimed
from ledger.language import Say


def columns(say: Say) -> tuple[FormColumn, ...]:
    """An item, what was claimed for it and what is recognised."""
    return (
        FormColumn(key="id", heading=say(*terms.ID), width=14),
        FormColumn(key="title", heading=say(*terms.NAME), width=30),
        FormColumn(key="claimed", heading=say("申报", "Claimed"), width=6),
        open_column("points", say("认定（0 为不予认定）", "Recognised (0: disallowed)"), 8),
        *justified_columns(say),
    )


def bonus_sheet(source: Source, say: Say) -> FormSheet:
    """The items that were claimed, with what is recognised so far."""
    return FormSheet(
        key="recognised",
        name=say("加分认定", "Bonus"),
        columns=columns(say),
        rows=tuple(_claimed(source)),
    )


def _claimed(source: Source) -> Iterator[tuple[Cell, ...]]:
    claims: dict[str, RecordedEvent] = {
        recorded.event.item: recorded
        for recorded in source.point.history
        if isinstance(recorded.event, BonusClaimed)
    }
    for item, recorded in claims.items():
        event = recorded.event
        assert isinstance(event, BonusClaimed)  # noqa: S101 - picked by that
        yield item, event.title, event.points, source.case.bonus.get(item), "", "", ""


def _bonus(row: FormRow, scale: int) -> Iterator[Fields]:
    if not row.changed & {"points", "justification", "clause", "evidence"}:
        return
    points = needed_score(row, "points", scale)
    fields = {
        "item": row.text("id"),
        "justification": row.text("justification"),
        **optional(row, "clause"),
    }
    if Decimal(points) == 0:
        yield {"do": "refuse-bonus", **fields}
    else:
        yield {"do": "recognise-bonus", "points": points, **fields, **cited(row)}


RECOGNISED: Final = SheetKind("recognised", columns, (_bonus,))
