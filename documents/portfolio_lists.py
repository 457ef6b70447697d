"""The columns of the views over all cases (评价总览)."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict

from documents.lists import ListColumn, Row
from ledger import terms
from ledger.language import Language, Text, in_language
from projections.portfolio.adjustments import ScoringPattern

IDENTITY: Final = (
    ListColumn("case", terms.CASE),
    ListColumn("unit", terms.UNIT_ID, for_people=False),
    ListColumn("unit_name", terms.UNIT),
    ListColumn("year", terms.YEAR, number=True),
)
STAGE: Final = ListColumn("stage", terms.STAGE, words=terms.STAGES)
DECIDED_BY: Final = ListColumn("decided_by", terms.DECIDED_BY, words=terms.DECIDERS)
SCORES: Final = (
    *IDENTITY,
    ListColumn("rubric", terms.RUBRIC, for_people=False),
    ListColumn("edition", terms.EDITION, for_people=False),
    STAGE,
    ListColumn("claim", terms.CLAIMED, number=True),
    ListColumn("claim_grade", terms.CLAIMED_GRADE, for_people=False),
    ListColumn("claim_pending", terms.NOT_CLAIMED, number=True, for_people=False),
    ListColumn("award", terms.AWARDED, number=True),
    ListColumn("gap", terms.GAP, number=True),
    ListColumn("grade", terms.GRADE),
    ListColumn("pending", terms.NOT_REVIEWED, number=True),
    ListColumn("bonus_undecided", terms.BONUS_UNDECIDED, number=True, for_people=False),
    ListColumn("version", terms.VERSION, number=True, for_people=False),
    ListColumn("since", terms.SINCE),
)
INDICATORS: Final = (
    ListColumn("indicator", terms.INDICATOR),
    *IDENTITY,
    ListColumn("weight", terms.WEIGHT, number=True),
    ListColumn("claim", terms.CLAIMED, number=True),
    ListColumn("award", terms.AWARDED, number=True),
    ListColumn("gap", terms.GAP, number=True),
    ListColumn("excluded", terms.NOT_APPLICABLE),
    ListColumn("version", terms.VERSION, number=True, for_people=False),
    ListColumn("since", terms.SINCE),
)
ADJUSTMENTS: Final = (
    ListColumn("indicator", terms.INDICATOR),
    *IDENTITY,
    ListColumn("rubric", terms.RUBRIC, for_people=False),
    ListColumn("edition", terms.EDITION, for_people=False),
    ListColumn("version", terms.VERSION, number=True, for_people=False),
    ListColumn("kind", terms.EVENT, for_people=False),
    ListColumn("dated", terms.BUSINESS_DATE),
    ListColumn("reviewer", terms.REVIEWER),
    ListColumn("organisation", terms.ORGANISATION, for_people=False),
    ListColumn("claim", terms.CLAIMED, number=True),
    ListColumn("award", terms.AWARDED, number=True),
    ListColumn("delta", terms.GAP, number=True),
    ListColumn("discretion", terms.DISCRETION, for_people=False),
    DECIDED_BY,
    ListColumn("countersigned", terms.COUNTERSIGNED_BY),
    ListColumn("clause", terms.CLAUSE),
)
HABITS: Final = (
    ListColumn("awards", terms.AWARDS, number=True),
    ListColumn("adjusted", terms.ADJUSTED, number=True),
    ListColumn("raised", terms.RAISED, number=True),
    ListColumn("discretion", terms.WITH_DISCRETION, number=True),
    ListColumn("uncountersigned", terms.NOT_COUNTERSIGNED, number=True),
    ListColumn("mean", terms.MEAN, number=True),
    ListColumn("lowest", terms.LOWEST, number=True),
    ListColumn("highest", terms.HIGHEST, number=True),
    ListColumn("spread", terms.SPREAD, number=True),
    ListColumn("others", terms.OTHERS, number=True),
)
GROUPED: Final = {
    "rubric": ListColumn("rubric", terms.RUBRIC),
    "indicator": ListColumn("indicator", terms.INDICATOR),
    "clause": ListColumn("clause", terms.CLAUSE),
    "reviewer": ListColumn("reviewer", terms.REVIEWER),
    "organisation": ListColumn("organisation", terms.ORGANISATION),
    "discretion": ListColumn("discretionary", terms.DISCRETION),
    "decided_by": DECIDED_BY,
    "kind": ListColumn("kind", terms.EVENT),
    "unit": ListColumn("unit", terms.UNIT_ID),
    "year": ListColumn("year", terms.YEAR),
}
GROUPED_BY: Final = ("indicator", "reviewer")
"""What awards are grouped by by default."""
REQUESTS: Final = (
    *IDENTITY,
    ListColumn("request", terms.REQUEST),
    ListColumn("version", terms.VERSION, number=True, for_people=False),
    ListColumn("requested", terms.REQUESTED),
    ListColumn("number", terms.NUMBER, for_people=False),
    ListColumn("demand", terms.DEMAND, for_people=False),
    ListColumn("state", terms.STATE, words=terms.RECTIFICATION_STATES),
    ListColumn("due", terms.DUE, reasons=("due_by", terms.NO_DUE)),
    ListColumn("due_by", terms.DUE_BY, for_people=False),
    ListColumn("responses", terms.RESPONSES, number=True, for_people=False),
    ListColumn("responded", terms.RESPONDED),
    ListColumn("accepted", terms.ACCEPTED, for_people=False),
    ListColumn("late", terms.DAYS_LATE, number=True),
    ListColumn("overdue", terms.DAYS_OVERDUE, number=True),
    ListColumn("left", terms.DAYS_LEFT, number=True, for_people=False),
)
WORK: Final = (
    *IDENTITY,
    STAGE,
    ListColumn("turn", terms.RESPONSIBLE, words=terms.PARTIES),
    ListColumn("what", terms.TASK),
    ListColumn("subject", terms.SUBJECT),
    DECIDED_BY,
    ListColumn("since", terms.SINCE),
    ListColumn("days", terms.DAYS_WAITED, number=True),
    ListColumn("due", terms.DUE),
    ListColumn("left", terms.DAYS_LEFT, number=True),
    ListColumn("assigned", terms.ASSIGNED),
    ListColumn("party", terms.PARTY, for_people=False),
)
CALENDAR: Final = (
    ListColumn("year", terms.YEAR),
    ListColumn("bureau", terms.BUREAU),
    ListColumn("rubric", terms.RUBRIC),
    ListColumn("step", terms.CASE_STEP, words=terms.CASE_STEPS),
    ListColumn("what", terms.TIME_LIMIT),
    ListColumn("rule", terms.RULE_OF_NOTICE, for_people=False),
    ListColumn("due", terms.DUE, for_people=False),
    ListColumn("number", terms.NUMBER),
    ListColumn("dated", terms.BUSINESS_DATE),
    ListColumn("amended", terms.AMENDED),
    ListColumn("sha256", terms.FIELDS["sha256"], for_people=False),
    ListColumn("version", terms.VERSION, for_people=False),
)
DUE_WORK: Final = (*WORK, ListColumn("accounts", terms.WAITS_FOR, for_people=False))
CHANGED_WORK: Final = (ListColumn("change", terms.CHANGE, words=terms.CHANGES), *DUE_WORK)


def listed(rows: Iterable[Struct], language: Language) -> Iterator[Row]:
    """The rows of a view by the names of their columns, in one language."""
    for row in rows:
        shown = asdict(row)
        for name, value in shown.items():
            if isinstance(value, Text):
                shown[name] = in_language(value, language)
        yield shown


def grouped(pattern: ScoringPattern) -> Row:
    """A group of awards, what it is grouped by under the names of those columns."""
    row = asdict(pattern)
    return {**row, **{GROUPED[name].name: value for name, value in row.pop("by").items()}}
