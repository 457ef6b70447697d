"""The claims (自评得分): an indicator on each row."""

from collections.abc import Iterator
from typing import Final

from documents.page import Cell
from intake.forms.evidence_sheet import cited_by
from intake.forms.filled_row import Fields, FormRow, SheetKind, cited, optional, score_of
from intake.forms.last_year import cells_before, columns_before
from intake.forms.sheet import (
    FormColumn,
    FormSheet,
    id_column,
    in_columns,
    indicator_cells,
    indicator_columns,
    labels_of,
    open_column,
)
from ledger import terms
from ledger.case import Case
from ledger.events import BonusClaimed, ScoreClaimed
from ledger.language import Say
from ledger.rubric import Rubric
from ledger.values import IndicatorId, ItemId
from projections.last_year import LastYear

Claims = dict[IndicatorId | ItemId, ScoreClaimed | BonusClaimed]
"""The claim in force, by its indicator or item."""


def columns(say: Say, *, last_year: bool = True) -> tuple[FormColumn, ...]:
    """An indicator, what is claimed for it, why and on what evidence."""
    return (
        *indicator_columns(say),
        *(columns_before(say) if last_year else ()),
        open_column("score", say(*terms.CLAIMED), 6, up_to="weight", summed=True),
        open_column("justification", say(*terms.JUSTIFICATION), 24),
        open_column("evidence", say(*terms.EVIDENCE), 16),
        id_column(say),
    )


def claims_sheet(
    rubric: Rubric, case: Case, claims: Claims, say: Say, before: LastYear | None = None
) -> FormSheet:
    """Every indicator of the rubric with what is claimed so far."""
    head = columns(say, last_year=before is not None)
    rows: list[tuple[Cell, ...]] = []
    for row in rubric.indicators:
        claim = claims.get(row.id)
        cells = indicator_cells(rubric, row) | {
            "score": case.claims.get(row.id),
            "justification": claim.justification if isinstance(claim, ScoreClaimed) else "",
            "evidence": cited_by(case, claim),
            **cells_before(before, row.id, rubric.in_scale(row.weight), say),
        }
        rows.append(in_columns(head, cells))
    return FormSheet(
        key="scores",
        name=say("自评得分", "Claims"),
        columns=head,
        rows=tuple(rows),
        labels=labels_of(rubric),
    )


def _claim(row: FormRow, scale: int) -> Iterator[Fields]:
    if not row.changed & {"score", "justification", "evidence"}:
        return
    given = score_of(row, "score", scale)
    if given is None:
        raise row.refusal(
            "score",
            "填写了理由或佐证材料，未填写自评得分",
            "a reason or evidence without a score",
        )
    yield {
        "do": "claim-score",
        "indicator": row.text("id"),
        "score": given,
        **optional(row, "justification"),
        **cited(row),
    }


CLAIMS: Final = SheetKind("scores", columns, (_claim,), frozenset({"weight"}), fixed=True)
