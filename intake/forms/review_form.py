"""The form for a review (核查表): restated figures, the self column, awards, bonus, findings."""

from collections.abc import Iterator

from documents.page import Cell, format_cell
from documents.score_table import awarded_because, levels
from documents.source import Source
from intake.forms.parts import (
    SPARE_FIGURES,
    SPARE_ITEMS,
    cover,
    evidence_sheet,
    explanation,
    figure_cells,
    figure_columns,
    in_columns,
    indicator_columns,
    wanted_figures,
)
from intake.forms.sheet import Form, FormColumn, FormSheet
from ledger import terms
from ledger.envelope import RecordedEvent
from ledger.events import BonusClaimed, ClaimRestated
from ledger.language import Language, Say, speaker


def review_form(source: Source, language: Language) -> Form:
    """A form with what the unit submitted and what has been reviewed so far."""
    say = speaker(language)
    rubric = source.rubric
    facts = (
        ("form", say("表", "form"), "review"),
        ("unit", say(*terms.UNIT), source.unit),
        ("rubric", say(*terms.RUBRIC), f"{rubric.id}@{rubric.edition}"),
        ("sha256", "SHA-256", source.sha256),
        ("scale", say(*terms.DECIMALS), str(rubric.scale)),
        ("version", say("事项版本", "version of the case"), str(source.last.version)),
        *explanation(say),
    )
    asked = (("case", say(*terms.CASE_ID), source.case.id),)
    return Form(
        kind="review",
        title=say("核查评分表", "review form"),
        sheets=(
            *cover(facts, asked, say),
            _scores(source, say),
            _figures(source, say),
            _bonus(source, say),
            *_items(say),
            evidence_sheet(source.case, say),
        ),
        language=language,
        made=source.last.at,
    )


def _open(key: str, heading: str, width: int, up_to: str = "") -> FormColumn:
    return FormColumn(key=key, heading=heading, width=width, open=True, up_to=up_to)


def _scores(source: Source, say: Say) -> FormSheet:
    columns = (
        *indicator_columns(say),
        FormColumn(key="claim", heading=say(*terms.CLAIMED), width=6),
        FormColumn(key="rule", heading=say(*terms.RULE_RESULT), width=8),
        _open("restated", say(*terms.RESTATED_CLAIM), 7, "weight"),
        _open("restated_reason", say("改列理由", "why restated"), 14),
        _open("award", say(*terms.AWARDED), 7, "weight"),
        _open("justification", say(*terms.JUSTIFICATION), 26),
        _open("clause", say(*terms.CLAUSE), 16),
        _open("ground", say(*terms.GROUND), 16),
        _open("evidence", say(*terms.EVIDENCE), 16),
    )
    reasons, restated = awarded_because(source.point), _restated(source)
    case = source.case
    rows: list[tuple[Cell, ...]] = [
        (
            row.id,
            *levels(row.path),
            row.weight,
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
            "standard": bonus.standard,
            "restated": case.claims_restated.get(bonus.id),
            "restated_reason": restated.get(bonus.id, ""),
        }
        rows.append(in_columns(columns, extra))
    return FormSheet(
        key="scores", name=say("核查评分", "awards"), columns=columns, rows=tuple(rows)
    )


def _restated(source: Source) -> dict[str, str]:
    return {
        one.event.indicator: one.event.reason
        for one in source.point.history
        if isinstance(one.event, ClaimRestated)
    }


def _figures(source: Source, say: Say) -> FormSheet:
    case = source.case
    columns = figure_columns(say, restated=True)
    known = {**case.figures, **case.restated}
    cells = []
    for id_, figure in known.items():
        submitted = case.figures.get(id_)
        was = submitted.value if submitted else None
        cells.append({**figure_cells(figure, say), "submitted": format_cell(was)})
    cells += wanted_figures(source.rubric, known)
    return FormSheet(
        key="restated",
        name=say(*terms.RESTATED_FIGURES),
        columns=columns,
        rows=tuple(in_columns(columns, one) for one in cells),
        spare=SPARE_FIGURES,
    )


def _bonus(source: Source, say: Say) -> FormSheet:
    return FormSheet(
        key="recognised",
        name=say("加分认定", "bonus"),
        columns=(
            FormColumn(key="id", heading=say(*terms.ID), width=14),
            FormColumn(key="title", heading=say(*terms.NAME), width=30),
            FormColumn(key="claimed", heading=say("申报", "claimed"), width=6),
            _open("points", say("认定（0 为不予认定）", "recognised (0 refuses)"), 8),
            _open("justification", say(*terms.JUSTIFICATION), 26),
            _open("clause", say(*terms.CLAUSE), 16),
            _open("evidence", say(*terms.EVIDENCE), 16),
        ),
        rows=tuple(_claimed(source)),
    )


def _claimed(source: Source) -> Iterator[tuple[Cell, ...]]:
    claims: dict[str, RecordedEvent] = {
        one.event.item: one for one in source.point.history if isinstance(one.event, BonusClaimed)
    }
    for item, recorded in claims.items():
        event = recorded.event
        assert isinstance(event, BonusClaimed)  # noqa: S101 - picked by that
        yield item, event.title, event.points, source.case.bonus.get(item), "", "", ""


def _items(say: Say) -> tuple[FormSheet, ...]:
    """What the review adds: penalties, findings, recommendations."""
    return (
        FormSheet(
            key="penalties",
            name=say("减分", "penalties"),
            columns=(
                _open("id", say(*terms.ID), 14),
                _open("title", say(*terms.NAME), 30),
                _open("points", say("减分（正数）", "points (positive)"), 8),
                _open("justification", say(*terms.JUSTIFICATION), 26),
                _open("clause", say(*terms.CLAUSE), 16),
                _open("evidence", say(*terms.EVIDENCE), 16),
            ),
            spare=SPARE_ITEMS,
        ),
        FormSheet(
            key="findings",
            name=say("问题", "findings"),
            columns=(
                _open("id", say(*terms.ID), 14),
                _open("title", say(*terms.TITLE), 24),
                _open("statement", say(*terms.STATEMENT), 44),
                _open("indicators", say("涉及指标编号", "indicators"), 20),
            ),
            spare=SPARE_ITEMS,
        ),
        FormSheet(
            key="recommendations",
            name=say("建议", "recommendations"),
            columns=(
                _open("id", say(*terms.ID), 14),
                _open("title", say(*terms.TITLE), 24),
                _open("statement", say(*terms.STATEMENT), 44),
                _open("findings", say("针对问题编号", "findings"), 20),
            ),
            spare=SPARE_ITEMS,
        ),
    )
