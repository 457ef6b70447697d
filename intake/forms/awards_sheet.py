"""The awards (核查评分): what the unit states on each indicator, next to what the review gives."""

from collections.abc import Iterator
from typing import Final

from documents.page import Cell
from documents.source import Source
from intake.cell_values import is_empty, plain
from intake.forms.evidence_sheet import cited_by, cited_names
from intake.forms.filled_row import (
    Fields,
    FormRow,
    SheetKind,
    cited,
    needed_score,
    optional,
    score_of,
)
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
from ledger.events import ClaimRestated, ReasonAmended, ScoreClaimed
from ledger.language import Say
from ledger.terms import EXCLUDED
from ledger.values import Sha256
from projections.change_log import evidence_of
from projections.last_year import LastYear

_REASONS: Final = ("justification", "clause", "ground", "evidence")
_AWARDING: Final = {"award", *_REASONS}
_AMENDED: Final = "核查评分表中改写 / rewritten in the review form"
"""Why a reason is amended: the form has no cell for it."""


def columns(say: Say, *, last_year: bool = True) -> tuple[FormColumn, ...]:
    """An indicator, what was claimed, what the rule gives, what is awarded and why."""
    return (
        *indicator_columns(say),
        FormColumn(key="claim", heading=say(*terms.CLAIMED), width=5, summed=True),
        FormColumn(
            key="unit_reason",
            heading=say("单位自评说明和佐证材料", "The unit's reason and evidence"),
            width=13,
        ),
        *(columns_before(say) if last_year else ()),
        FormColumn(key="rule", heading=say(*terms.RULE_RESULT), width=5),
        open_column("award", say(*terms.AWARDED), 5, up_to="weight", summed=True),
        FormColumn(
            key="difference",
            heading=say(*terms.GAP),
            width=5,
            computed="{award}-{claim}",
            summed=True,
        ),
        open_column("justification", say(*terms.JUSTIFICATION), 16),
        open_column("clause", say(*terms.CLAUSE), 8),
        open_column("ground", say(*terms.GROUND), 8),
        open_column("evidence", say(*terms.EVIDENCE), 8),
        open_column("restated", say(*terms.RESTATED_CLAIM), 5, up_to="weight"),
        open_column("restated_reason", say("改列原因", "Reason for restating"), 7),
        id_column(say),
    )


def awards_sheet(source: Source, say: Say, before: LastYear | None) -> FormSheet:
    """Every indicator with its claim, its rule result and its award so far; then the bonus."""
    restated, case, rubric = _restated(source), source.case, source.rubric
    head = columns(say, last_year=before is not None)
    claims = {
        recorded.event.indicator: recorded.event
        for recorded in source.point.history
        if isinstance(recorded.event, ScoreClaimed)
    }
    cells: list[dict[str, Cell]] = []
    for row in source.sheet().indicators:
        award = case.in_force.get(row.id)
        cells.append(
            indicator_cells(rubric, rubric.by_id[row.id])
            | {
                "claim": row.claim,
                "unit_reason": _said(source, claims.get(row.id), say),
                **cells_before(before, row.id, row.weight, say),
                "rule": say(*row.rule_text),
                "restated": case.claims_restated.get(row.id),
                "restated_reason": restated.get(row.id, ""),
                "award": say(*terms.EXCLUDED) if row.excluded else row.award,
                "justification": award.justification if award else "",
                "clause": award.clause if award else "",
                "ground": award.ground if award else "",
                "evidence": _evidence(source, award.version) if award else "",
            }
        )
    if bonus := rubric.bonus:
        name = bonus.name
        cells.append(
            {
                "id": bonus.id,
                "level1": name,
                "level2": name,
                "level3": name,
                "weight": rubric.in_scale(bonus.cap),
                "standard": "\n".join(filter(None, (bonus.explanation, bonus.standard))),
                "restated": case.claims_restated.get(bonus.id),
                "restated_reason": restated.get(bonus.id, ""),
            }
        )
    return FormSheet(
        key="scores",
        name=say("核查评分", "Awards"),
        columns=head,
        rows=tuple(in_columns(head, cell) for cell in cells),
        labels=labels_of(rubric),
        printed_to="" if restated or case.claims_restated else "evidence",
    )


def _said(source: Source, claim: ScoreClaimed | None, say: Say) -> str:
    """What the unit states for its claim, and the files that it cites."""
    if claim is None:
        return ""
    files = cited_by(source.case, claim).replace("\n", say("；", "; "))
    cites = say(f"佐证材料：{files}", f"Evidence: {files}") if files else ""
    return "\n".join(filter(None, (claim.justification, cites)))


def _evidence(source: Source, version: int) -> str:
    """The files that the award of an event rests on, as the sheet of the evidence calls them."""
    files: dict[Sha256, None] = {}
    for number, event in source.events.items():
        of_award = isinstance(event, ReasonAmended) and event.adjustment == version
        if number == version or of_award:
            files |= dict.fromkeys(evidence_of(event))
    names = cited_names(source.case)
    return "\n".join(names[digest] for digest in files if digest in names)


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
    if "award" not in row.changed and row.before["award"]:
        yield _amendment(row)
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


def _amendment(row: FormRow) -> Fields:
    """The changed words of an award that stays as it is: it keeps its version and its score.

    Raises:
        Invalid: something is taken out; an amendment changes words and takes none back.
    """
    anew = [key for key in _REASONS if key in row.changed]
    for key in anew:
        if not row.text(key):
            raise row.refusal(
                key,
                "得分没有改，此格不能清空；请写明补正后的内容，或填回原来的",
                "the score is as it was, and so this cell cannot be emptied; write what it is to"
                " say, or what it said",
            )
    fields = {**optional(row, *(key for key in anew if key != "evidence"))}
    files = cited(row) if "evidence" in anew else {}
    return {
        "do": "amend-reason",
        "indicator": row.text("id"),
        "reason": _AMENDED,
        **fields,
        **files,
    }


AWARDS: Final = SheetKind(
    "scores", columns, (_restated_claim, _award), frozenset({"weight", "claim"}), fixed=True
)
