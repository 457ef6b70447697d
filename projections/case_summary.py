"""A case in a few words (事项概况): whose, by which rubric, how far it has come."""

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import asdict

from ledger import terms
from ledger.language import Text
from ledger.values import Stage

if TYPE_CHECKING:
    # A list that reads tables has the summary without the case.
    from ledger.case import Case


class CaseSummary(Struct, frozen=True, kw_only=True):
    """A case as a list has it; `None` is what is not known yet.

    Attributes:
        unit: its name, as those of `bureau` and `agency`.
        figures: how many there are; `claims` and `awards` likewise.
    """

    case: str
    title: str | None
    year: int | None
    unit: str | None
    bureau: str | None
    agency: str | None
    rubric: str | None
    edition: str | None
    stage: Stage
    version: int
    figures: int
    claims: int
    awards: int


def case_summary(case: "Case") -> CaseSummary:
    """A case in its current state."""
    opened, pinned, commissioned = case.opened, case.pinned, case.commissioned
    return CaseSummary(
        case=case.id,
        title=opened.title if opened else None,
        year=opened.year if opened else None,
        unit=opened.unit_name if opened else None,
        bureau=opened.bureau_name if opened else None,
        agency=commissioned.agency_name if commissioned else None,
        rubric=pinned.rubric if pinned else None,
        edition=pinned.edition if pinned else None,
        stage=case.stage,
        version=case.version,
        figures=len(case.figures),
        claims=len(case.claims),
        awards=len(case.awards),
    )


def case_lines(summary: CaseSummary) -> list[tuple[Text, Text]]:
    """The same for people: the title of each value, and the value, a dash where it is not known."""
    values = {**asdict(summary), "stage": terms.STAGES[summary.stage]}
    shown = {name: "-" if value is None else value for name, value in values.items()}
    return [
        (title, value if isinstance(value, Text) else Text(str(value), str(value)))
        for (_, value), title in zip(shown.items(), _TITLES, strict=True)
    ]


_TITLES: Final = (
    *(terms.CASE_ID, terms.TITLE, terms.YEAR, terms.UNIT, terms.BUREAU, terms.AGENCY),
    *(terms.RUBRIC, terms.EDITION, terms.STAGE, terms.COUNT_OF_EVENTS, terms.FIGURES),
    *(terms.ROWS_CLAIMED, terms.ROWS_AWARDED),
)
"""Of the fields, in their order."""
