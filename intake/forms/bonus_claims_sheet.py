"""The bonus items that are claimed (加分申报), and room for more."""

from collections.abc import Iterator
from typing import Final

from intake.forms.claims_sheet import Claims
from intake.forms.evidence_sheet import cited_by
from intake.forms.filled_row import Fields, FormRow, SheetKind, cited, needed_score, optional
from intake.forms.sheet import SPARE_ITEMS, FormColumn, FormSheet, in_columns, open_column
from ledger import terms
from ledger.case import Case
from ledger.events import BonusClaimed
from ledger.language import Say

HANDED_ON: Final = ("recipient", "commended")
"""What a document says of a commendation, and nobody fills in again."""


def columns(say: Say) -> tuple[FormColumn, ...]:
    """An item, its points and who granted it."""
    return (
        open_column("title", say(*terms.NAME), 26),
        open_column("points", say(*terms.POINTS), 6, summed=True),
        open_column("issuer", say(*terms.ISSUER), 20),
        open_column("number", say(*terms.NUMBER), 18),
        open_column("evidence", say(*terms.EVIDENCE), 18),
        # Shown and handed on: an older form does not have them.
        *(FormColumn(key=key, heading=say(*terms.FIELDS[key]), width=8) for key in HANDED_ON),
        open_column("id", say(*terms.ID), 10),
    )


def bonus_claims_sheet(case: Case, claims: Claims, say: Say) -> FormSheet:
    """The items that are claimed, and room for more."""
    head = columns(say)
    claimed = [claim for claim in claims.values() if isinstance(claim, BonusClaimed)]
    return FormSheet(
        key="bonus",
        name=say("加分申报", "Bonus claims"),
        columns=head,
        rows=tuple(
            in_columns(
                head,
                {
                    "id": claim.item,
                    "title": claim.title,
                    "points": claim.points,
                    "issuer": claim.issuer,
                    "number": claim.number,
                    "evidence": cited_by(case, claim),
                    "recipient": claim.recipient,
                    "commended": claim.commended.isoformat() if claim.commended else "",
                },
            )
            for claim in claimed
        ),
        spare=SPARE_ITEMS,
    )


def _bonus_claim(row: FormRow, scale: int) -> Iterator[Fields]:
    if not row.changed - {*HANDED_ON}:
        return
    yield {
        "do": "claim-bonus",
        "item": row.text("id"),
        "title": row.text("title"),
        "points": needed_score(row, "points", scale),
        **optional(row, "issuer", "number", *HANDED_ON),
        **cited(row),
    }


BONUS_CLAIMS: Final = SheetKind("bonus", columns, (_bonus_claim,))
