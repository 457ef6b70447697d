"""What is recognised of the bonus items that were claimed (加分认定)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from documents.page import Cell
from documents.source import Source
from intake.forms.evidence_sheet import cited_by, cited_names
from intake.forms.filled_row import Fields, FormRow, SheetKind, cited, needed_score, optional
from intake.forms.sheet import (
    FormColumn,
    FormSheet,
    id_column,
    in_columns,
    justified_columns,
    open_column,
)
from ledger import terms
from ledger.events import BonusClaimed, BonusRecognised, BonusRefused
from ledger.language import Say
from projections.change_log import evidence_of


def columns(say: Say) -> tuple[FormColumn, ...]:
    """An item, what was claimed for it and what is recognised."""
    return (
        FormColumn(key="title", heading=say(*terms.NAME), width=22),
        FormColumn(key="claimed", heading=say("申报", "Claimed"), width=5, summed=True),
        FormColumn(key="documents", heading=say("单位佐证材料", "The unit's evidence"), width=14),
        open_column(
            "points", say("认定（0 为不予认定）", "Recognised (0: disallowed)"), 6, summed=True
        ),
        *justified_columns(say),
        id_column(say),
    )


def bonus_sheet(source: Source, say: Say) -> FormSheet:
    """The items that were claimed, with what is recognised so far, and why."""
    head = columns(say)
    return FormSheet(
        key="recognised",
        name=say("加分认定", "Bonus"),
        columns=head,
        rows=tuple(in_columns(head, cells) for cells in _claimed(source)),
    )


def _claimed(source: Source) -> Iterator[dict[str, Cell]]:
    claims: dict[str, BonusClaimed] = {}
    decided: dict[str, BonusRecognised | BonusRefused] = {}
    for event in source.events.values():
        if isinstance(event, BonusClaimed):
            claims[event.item] = event
        elif isinstance(event, BonusRecognised | BonusRefused):
            decided[event.item] = event
    names = cited_names(source.case)
    for item, claim in claims.items():
        cells: dict[str, Cell] = {
            "id": item,
            "title": claim.title,
            "claimed": claim.points,
            "documents": cited_by(source.case, claim),
            "points": source.case.bonus.get(item),
        }
        if decision := decided.get(item):
            files = [names[digest] for digest in evidence_of(decision) if digest in names]
            cells["justification"], cells["clause"] = decision.justification, decision.clause
            cells["evidence"] = "\n".join(files)
        yield cells


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


RECOGNISED: Final = SheetKind("recognised", columns, (_bonus,), fixed=True)
