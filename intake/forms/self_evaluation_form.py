"""The form for a self-evaluation (自评表): figures, scores and bonus claims of the unit."""

from hashlib import sha256
from typing import Final

from documents.source import Source
from intake.forms.bonus_claims_sheet import BONUS_CLAIMS, bonus_claims_sheet
from intake.forms.claims_sheet import CLAIMS, Claims, claims_sheet
from intake.forms.cover_sheet import CoverLine, about, cover, explanation
from intake.forms.evidence_sheet import EVIDENCE, evidence_sheet
from intake.forms.figures_sheet import SUBMITTED, submitted_sheet
from intake.forms.last_year import cited_line
from intake.forms.sheet import Form
from ledger import terms
from ledger.case import Case
from ledger.events import BonusClaimed, ScoreClaimed
from ledger.language import Language, speaker
from ledger.rubric import Rubric, read
from projections.last_year import LastYear

SHEETS: Final = (EVIDENCE, SUBMITTED, CLAIMS, BONUS_CLAIMS)
"""In the order in which their rows must be recorded."""
TIMELESS: Final = "2000-01-01T00:00:00.000000Z"
"""A form made from a rubric alone has no event to be dated by."""


def form_of_rubric(rubric_source: str, language: Language) -> Form:
    """An empty form, for any case that pins the rubric."""
    rubric = read(rubric_source.encode())
    digest = sha256(rubric_source.encode()).hexdigest()
    return _form(rubric, digest, Case(), {}, language, TIMELESS, "", ())


def form_of_case(source: Source, language: Language, before: LastYear | None = None) -> Form:
    """A form with what the unit has reported so far, next to its case of the year before."""
    claims: Claims = {}
    for recorded in source.point.history:
        if isinstance(recorded.event, ScoreClaimed):
            claims[recorded.event.indicator] = recorded.event
        elif isinstance(recorded.event, BonusClaimed):
            claims[recorded.event.item] = recorded.event
    say = speaker(language)
    whose = (
        ("unit", say(*terms.UNIT), source.unit),
        ("year", say(*terms.YEAR), str(source.year)),
    )
    last = source.last
    return _form(
        *(source.rubric, source.sha256, source.case, claims, language),
        *(last.at, str(last.version), whose, about(source, say), before),
    )


def _form(  # noqa: PLR0913, PLR0917 - what a form is made of
    rubric: Rubric,
    digest: str,
    case: Case,
    claims: Claims,
    language: Language,
    made: str,
    version: str,
    whose: tuple[CoverLine, ...],
    of: str = "",
    before: LastYear | None = None,
) -> Form:
    say = speaker(language)
    facts = (
        *whose,
        *explanation(say),
        ("form", say("表", "Form"), "self-evaluation"),
        ("rubric", say(*terms.RUBRIC), f"{rubric.id}@{rubric.edition}"),
        ("sha256", "SHA-256", digest),
        ("scale", say(*terms.DECIMALS), str(rubric.scale)),
        ("version", say("事项版本", "Version of the case"), version),
        *cited_line(before, say),
    )
    asked = (
        ("case", say(*terms.CASE_ID), case.id),
        ("submit", say("提交自评（是／否）", "Submit (yes/no)"), say(*terms.ANSWERS["no"])),
        ("number", say(*terms.NUMBER), ""),
        ("printed_base", say(*terms.PRINTED_BASE), None),
        ("printed_bonus", say(*terms.PRINTED_BONUS), None),
        ("printed_total", say(*terms.PRINTED_TOTAL), None),
        ("printed_grade", say(*terms.PRINTED_GRADE), ""),
    )
    return Form(
        kind="self-evaluation",
        title=say("自评填报表", "Self-evaluation form"),
        about=of,
        sheets=(
            *cover(facts, asked, say),
            claims_sheet(rubric, case, claims, say, before),
            submitted_sheet(rubric, case, say),
            bonus_claims_sheet(case, claims, say),
            evidence_sheet(case, say),
        ),
        language=language,
        made=made,
    )
