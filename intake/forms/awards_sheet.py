"""The awards (核查评分): an indicator on each row, the self column as the review prints it."""

from collections.abc import Iterator
from typing import Final

from documents.page import Cell
from documents.score_table import awarded_because, levels
from documents.source import Source
from intake.cell_values import is_empty, plain
from intake.forms.filled_row import (
    Fields,
    FormRow,
    SheetKind,
    cited,
    needed_score,
    optional,
    score_of,
)
from intake.forms.sheet import FormColumn, FormSheet, in_columns, indicator_columns, open_column
from ledger import terms
from ledger.events import ClaimRestated
from ledger.language import Say
from ledger.terms import EXCLUDED

_AWARDING: Final = {"award", "justification", "clause", "ground", "evidence"}


def columns(say: Say) -> tuple[FormColumn, ...]:
    """An indicator, what was claimed, what the rule gives, what is awarded and why."""
    return (
        *indicator_columns(say),
        FormColumn(key="claim", heading=say(*terms.CLAIMED), width=6),
        FormColumn(key="rule", heading=say(*terms.RULE_RESULT), width=8),
        open_column("restated", say(*terms.RESTATED_CLAIM), 7, up_to="weight"),
        open_column("restated_reason", say("改列原因", "Reason for restating"), 14),
        open_column("award", say(*terms.AWARDED), 7, up_to="weight"),
        open_column("justification", say(*terms.JUSTIFICATION), 26),
        open_column("clause", say(*terms.CLAUSE), 16),
        open_column("ground", say(*terms.GROUND), 16),
        open_column("evidence", say(*terms.EVIDENCE), 16),
    )


def awards_sheet(source: Source, say: Say) -> FormSheet:
    """Every indicator with its claim, its rule result and its award so far; then the bonus."""
    reasons, restated = awarded_because(source.point), _restated(source)
    case = source.case
    rows: list[tuple[Cell, ...]] = [
        (
            row.id,
            *levels(row.path),
            row.weight,
            source.rubric.by_id[row.id].explanation,
            source.rubric.by_id[row.id].standard,
            row.claim,
            row.rule_text,
            case.claims_restated.get(row.id),
            restated.get(row.id, ""),
            say(*terms.EXCLUDED) if row.excluded else row.award,
            reasons.get(row.id, ""),
            "",
            "",
            "",
        )
        for row in source.sheet().indicators
    ]
    if bonus := source.rubric.bonus:
        name = bonus.name
        extra: dict[str, Cell] = {
            "id": bonus.id,
            "level1": name,
            "level2": name,
            "level3": name,
            "weight": source.rubric.in_scale(bonus.cap),
            "explanation": bonus.explanation,
            "standard": bonus.standard,
            "restated": case.claims_restated.get(bonus.id),
            "restated_reason": restated.get(bonus.id, ""),
        }
        rows.append(in_columns(columns(say), extra))
    return FormSheet(
        key="scores", name=say("核查评分", "Awards"), columns=columns(say), rows=tuple(rows)
    )


def _restated(source: Source) -> dict[str, str]:
    return {
        recorded.event.indicator: recorded.event.reason
        for recorded in source.point.history
        if isinstance(recorded.event, ClaimRestated)
    }


def _restated_claim(row: FormRow, scale: int) -> Iterator[Fields]:
    if not row.changed & {"restated", "restated_reason"}:
        return
    reason = row.text("restated_reason")
    if not reason:
        raise row.refusal(
            "restated_reason",
            "改列了自评得分，未填写改列原因",
            "the claim is restated without a reason",
        )
    yield {
        "do": "restate-claim",
        "indicator": row.text("id"),
        "score": needed_score(row, "restated", scale),
        "reason": reason,
    }


def _award(row: FormRow, scale: int) -> Iterator[Fields]:
    if not row.changed & _AWARDING:
        return
    fields = {"indicator": row.text("id"), **optional(row, "justification", "clause", "ground")}
    fields |= cited(row)
    if plain(row.cells["award"].text).lower() in EXCLUDED:
        yield {"do": "exclude-indicator", **fields}
        return
    award = score_of(row, "award", scale)
    if award is None:
        raise row.refusal(
            "award",
            "填写了理由、条款或佐证材料，未填写核查得分",
            "a reason, a clause or evidence without an award",
        )
    old = row.before["justification"]
    if "award" in row.changed and old and "justification" not in row.changed:
        raise row.refusal(
            "justification",
            "核查得分改了，得扣分原因还是原来的；请写明为什么改",
            "the awarded score was changed, but its justification was not. Update it",
        )
    if award == (score_of(row, "claim", scale) if not is_empty(row.cells["claim"]) else None):
        yield {"do": "confirm-score", **fields}
    else:
        yield {"do": "adjust-score", "award": award, **fields}


AWARDS: Final = SheetKind(
    "scores", columns, (_restated_claim, _award), frozenset({"weight", "claim"})
)
