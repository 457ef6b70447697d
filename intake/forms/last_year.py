"""Last year in a form (上年): what a row was awarded then, and what was found, for reading only."""

from decimal import Decimal

from documents.last_year import awarded_before
from documents.page import Cell
from intake.forms.sheet import FormColumn
from ledger.language import Say
from ledger.terms import LAST_YEAR, RECTIFICATION_STATES
from ledger.values import IndicatorId
from projections.last_year import FindingBefore, LastYear


def cells_before(
    last: LastYear | None, row: IndicatorId, weight: Decimal, say: Say
) -> dict[str, Cell]:
    """The cells next to a row; none where there is no such case."""
    if last is None:
        return {}
    found = say("；", "; ").join(_in_words(finding, say) for finding in last.of_row(row))
    return {
        "last_year": awarded_before(last, row, weight, say),
        "last_year_findings": found,
    }


def _in_words(finding: FindingBefore, say: Say) -> str:
    if not finding.state:
        return finding.title
    state = say(*RECTIFICATION_STATES[finding.state])
    return say(f"{finding.title}（{state}）", f"{finding.title} ({state})")


def columns_before(say: Say) -> tuple[FormColumn, ...]:
    """The columns of last year."""
    return (
        FormColumn(key="last_year", heading=say(*LAST_YEAR), width=5),
        FormColumn(
            key="last_year_findings",
            heading=say("上年问题及整改", "Found last year, and its rectification"),
            width=8,
        ),
    )


def cited_line(last: LastYear | None, say: Say) -> tuple[tuple[str, str, str], ...]:
    """The line of the cover that states its source."""
    return (("last_year", say("上年", "Last year"), say(*last.cited)),) if last else ()
