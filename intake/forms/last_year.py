"""Last year in a form (上年): what a row was awarded then, and what was found, for reading only."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from documents.page import Cell
from intake.forms.sheet import FormColumn
from ledger.language import Say, Text
from ledger.values import IndicatorId


class YearBefore(NamedTuple):
    """The unit's case of the year before.

    Attributes:
        cited: from where it is.
        awards: the award and the weight of rows.
        findings: of rows, each with how far its rectification came.
    """

    cited: Text
    awards: Mapping[IndicatorId, tuple[Decimal, Decimal]]
    findings: Mapping[IndicatorId, Sequence[Text]]

    def cells(self, row: IndicatorId, weight: Decimal, say: Say) -> dict[str, Cell]:
        """The cells next to a row."""
        found = say("；", "; ").join(say(*text) for text in self.findings.get(row, ()))
        return {"last_year": self._award(row, weight, say), "last_year_findings": found}

    def _award(self, row: IndicatorId, weight: Decimal, say: Say) -> Cell:
        """The award, with its weight where that was another one."""
        if row not in self.awards:
            return ""
        award, of = self.awards[row]
        return award if of == weight else say(f"{award}（分值{of}）", f"{award} (of {of})")


def columns_before(say: Say) -> tuple[FormColumn, ...]:
    """The columns of last year."""
    return (
        FormColumn(key="last_year", heading=say("上年得分", "Last year"), width=5),
        FormColumn(
            key="last_year_findings",
            heading=say("上年问题及整改", "Found last year, and its rectification"),
            width=8,
        ),
    )


def cited_line(before: YearBefore | None, say: Say) -> tuple[tuple[str, str, str], ...]:
    """The line of the cover that says from where it is."""
    return (("last_year", say("上年", "Last year"), say(*before.cited)),) if before else ()
