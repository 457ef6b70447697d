"""The form for a review (核查表): restated figures, the self column, awards, bonus, findings."""

from typing import Final

from documents.source import Source
from intake.forms.awards_sheet import AWARDS, awards_sheet
from intake.forms.bonus_sheet import RECOGNISED, bonus_sheet
from intake.forms.cover_sheet import about, cover, explanation
from intake.forms.evidence_sheet import EVIDENCE, evidence_sheet
from intake.forms.figures_sheet import RESTATED, restated_sheet
from intake.forms.findings_sheet import FINDINGS, findings_sheet
from intake.forms.last_year import cited_line
from intake.forms.penalties_sheet import PENALTIES, penalties_sheet
from intake.forms.recommendations_sheet import RECOMMENDATIONS, recommendations_sheet
from intake.forms.sheet import Form
from ledger import terms
from ledger.language import Language, speaker
from projections.last_year import LastYear

SHEETS: Final = (
    EVIDENCE,
    RESTATED,
    AWARDS,
    RECOGNISED,
    PENALTIES,
    FINDINGS,
    RECOMMENDATIONS,
)
"""In the order in which their rows must be recorded."""


def review_form(source: Source, language: Language, before: LastYear | None = None) -> Form:
    """A form with what the unit submitted and what has been reviewed so far.

    Args:
        source: the case.
        language: of the form.
        before: the unit's case of the year before, where there is one.
    """
    say = speaker(language)
    rubric = source.rubric
    facts = (
        ("unit", say(*terms.UNIT), source.unit),
        ("year", say(*terms.YEAR), str(source.year)),
        *explanation(say),
        ("form", say("表", "Form"), "review"),
        ("rubric", say(*terms.RUBRIC), f"{rubric.id}@{rubric.edition}"),
        ("sha256", "SHA-256", source.sha256),
        ("scale", say(*terms.DECIMALS), str(rubric.scale)),
        ("version", say("事项版本", "Version of the case"), str(source.last.version)),
        *cited_line(before, say),
    )
    asked = (("case", say(*terms.CASE_ID), source.case.id),)
    return Form(
        kind="review",
        title=say("核查评分表", "Review form"),
        about=about(source, say),
        sheets=(
            *cover(facts, asked, say),
            awards_sheet(source, say, before),
            restated_sheet(source, say),
            bonus_sheet(source, say),
            penalties_sheet(say),
            findings_sheet(say),
            recommendations_sheet(say),
            evidence_sheet(source.case, say),
        ),
        language=language,
        made=source.last.at,
    )
