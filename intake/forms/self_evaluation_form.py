"""The form for a self-evaluation (自评表): figures, scores and bonus claims of the unit."""

from hashlib import sha256
from typing import Final

from documents.page import Cell
from documents.score_table import levels
from documents.source import Source
from intake.forms.parts import (
    SPARE_FIGURES,
    SPARE_ITEMS,
    cited_names,
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
from ledger.case import Case
from ledger.events import BonusClaimed, ScoreClaimed
from ledger.language import Language, Say, speaker
from ledger.rubric import Rubric, read
from ledger.values import IndicatorId, ItemId

Claim = ScoreClaimed | BonusClaimed
Claims = dict[IndicatorId | ItemId, Claim]
"""The claim that stands, by its row or item."""
TIMELESS: Final = "2000-01-01T00:00:00.000000Z"
"""A form made from a rubric alone has no event to be dated by."""


def form_of_rubric(rubric_source: str, language: Language) -> Form:
    """An empty form, for any case that pins the rubric."""
    rubric = read(rubric_source.encode())
    digest = sha256(rubric_source.encode()).hexdigest()
    return _form(rubric, digest, Case(), {}, language, TIMELESS, "")


def form_of_case(source: Source, language: Language) -> Form:
    """A form with what the unit has reported so far."""
    claims: Claims = {}
    for one in source.point.history:
        if isinstance(one.event, ScoreClaimed):
            claims[one.event.indicator] = one.event
        elif isinstance(one.event, BonusClaimed):
            claims[one.event.item] = one.event
    version = str(source.last.version)
    return _form(
        source.rubric, source.sha256, source.case, claims, language, source.last.at, version
    )


def _form(  # noqa: PLR0913, PLR0917 - what a form is made of
    rubric: Rubric,
    digest: str,
    case: Case,
    claims: Claims,
    language: Language,
    made: str,
    version: str,
) -> Form:
    say = speaker(language)
    facts = (
        ("form", say("表", "form"), "self-evaluation"),
        ("rubric", say(*terms.RUBRIC), f"{rubric.id}@{rubric.edition}"),
        ("sha256", "SHA-256", digest),
        ("scale", say(*terms.DECIMALS), str(rubric.scale)),
        ("version", say("事项版本", "version of the case"), version),
        *explanation(say),
    )
    asked = (
        ("case", say(*terms.CASE_ID), case.id),
        ("submit", say("提交自评（是／否）", "submit (yes/no)"), say(*terms.ANSWERS["no"])),
        ("number", say(*terms.NUMBER), ""),
        ("printed_base", say(*terms.PRINTED_BASE), None),
        ("printed_bonus", say(*terms.PRINTED_BONUS), None),
        ("printed_total", say(*terms.PRINTED_TOTAL), None),
        ("printed_grade", say(*terms.PRINTED_GRADE), ""),
    )
    return Form(
        kind="self-evaluation",
        title=say("自评填报表", "self-evaluation form"),
        sheets=(
            *cover(facts, asked, say),
            _scores(rubric, case, claims, say),
            _figures(rubric, case, say),
            _bonus(case, claims, say),
            evidence_sheet(case, say),
        ),
        language=language,
        made=made,
    )


def _scores(rubric: Rubric, case: Case, claims: Claims, say: Say) -> FormSheet:
    columns = (
        *indicator_columns(say),
        FormColumn(key="score", heading=say(*terms.CLAIMED), width=7, open=True, up_to="weight"),
        FormColumn(key="justification", heading=say(*terms.JUSTIFICATION), width=26, open=True),
        FormColumn(key="evidence", heading=say(*terms.EVIDENCE), width=18, open=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for row in rubric.indicators:
        claim = claims.get(row.id)
        rows.append(
            (
                row.id,
                *levels(row.path),
                rubric.in_scale(row.weight),
                row.standard,
                case.claims.get(row.id),
                claim.justification if isinstance(claim, ScoreClaimed) else "",
                _cited(case, claim),
            )
        )
    return FormSheet(
        key="scores", name=say("自评得分", "claims"), columns=columns, rows=tuple(rows)
    )


def _figures(rubric: Rubric, case: Case, say: Say) -> FormSheet:
    columns = figure_columns(say, restated=False)
    known = [figure_cells(figure, say) for figure in case.figures.values()]
    cells = [*known, *wanted_figures(rubric, case.figures)]
    return FormSheet(
        key="figures",
        name=say(*terms.FIGURES),
        columns=columns,
        rows=tuple(in_columns(columns, one) for one in cells),
        spare=SPARE_FIGURES,
    )


def _cited(case: Case, claim: Claim | None) -> str:
    """The files that a claim cites, a line each, as the sheet of the evidence calls them."""
    names = cited_names(case)
    return "\n".join(names[digest] for digest in claim.evidence) if claim else ""


def _bonus(case: Case, claims: Claims, say: Say) -> FormSheet:
    """The items that are claimed, and room for more."""
    claimed = [one for one in claims.values() if isinstance(one, BonusClaimed)]
    return FormSheet(
        key="bonus",
        name=say("加分申报", "bonus claims"),
        columns=(
            FormColumn(key="id", heading=say(*terms.ID), width=14, open=True),
            FormColumn(key="title", heading=say(*terms.NAME), width=30, open=True),
            FormColumn(key="points", heading=say(*terms.POINTS), width=6, open=True),
            FormColumn(key="issuer", heading=say(*terms.ISSUER), width=20, open=True),
            FormColumn(key="number", heading=say(*terms.NUMBER), width=18, open=True),
            FormColumn(key="evidence", heading=say(*terms.EVIDENCE), width=18, open=True),
        ),
        rows=tuple(
            (one.item, one.title, one.points, one.issuer, one.number, _cited(case, one))
            for one in claimed
        ),
        spare=SPARE_ITEMS,
    )
