"""What a case is about: whose, of which year, by which rubric. For filters of all other views."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Column, ColumnElement, Index, false, or_

from ledger.sight import Part
from ledger.values import OrganisationId
from projections.case_summary import case_summary
from projections.portfolio.case_pages import PARTY
from projections.portfolio.steps import FoldedCase, ViewRow
from projections.portfolio.tables import (
    count,
    key,
    life_number,
    optional_text,
    table,
    words,
    yes_no,
)


def _columns() -> list[Column[Any]]:
    return [
        key("case_id"),
        words("unit"),
        words("unit_name"),
        count("year"),
        words("title"),
        words("bureau"),
        words("bureau_id"),
        optional_text("agency"),
        optional_text("agency_id"),
        words("stage"),
        count("version"),
        optional_text("rubric"),
        optional_text("edition"),
        count("figures"),
        count("claims"),
        count("awards"),
        yes_no("scored"),
        words("searched"),
        life_number(unique=True),
    ]


CASES: Final = table("cases", *_columns())
"""One row a case. `scored` is 0 until a rubric is pinned that the ledger has; `searched` is all
that it is looked for by, in small letters.

The rows of all other views have the number of the life that they come from. What is read is what
this table names; other lives are drafts, or spent.
"""

ORDERS: Final = (
    *((party, "case_id") for party in PARTY.values()),
    *((*of, "year", "unit", "case_id") for of in ((), ("agency_id",), ("bureau_id",))),
)
"""The orders in which lists are read: cases, and scores, of all cases or of those of a party."""

for _names in ORDERS:
    Index("_".join((CASES.name, "by", *_names)), *(CASES.c[name] for name in _names))

DRAFTS: Final = table("drafts", *_columns())
"""The same of cases that were folded again, until those that belong together all are."""

TABLE = CASES
IDENTITY: Final = (CASES.c.case_id, CASES.c.unit, CASES.c.unit_name, CASES.c.year)


def rows(life: FoldedCase) -> Iterator[ViewRow]:
    """The case's row, once it is opened."""
    case = life.case
    if case.opened is None:
        return
    summary = case_summary(case)
    names = (life.id, summary.unit, summary.title, summary.agency, summary.bureau, summary.year)
    yield (
        life.id,
        case.opened.unit,
        summary.unit,
        summary.year,
        summary.title,
        summary.bureau,
        case.bureau,
        summary.agency,
        case.agency,
        summary.stage,
        summary.version,
        summary.rubric,
        summary.edition,
        summary.figures,
        summary.claims,
        summary.awards,
        int(life.is_complete),
        "\n".join(str(name).lower() for name in names if name),
        life.number,
    )


def identity(life: FoldedCase) -> dict[str, object]:
    """What `IDENTITY` selects, of a case that was opened."""
    opened = life.case.opened
    return {
        "case_id": life.id,
        "unit": opened.unit if opened else "",
        "unit_name": opened.unit_name if opened else "",
        "year": opened.year if opened else 0,
    }


class CaseFilter(Struct, frozen=True, kw_only=True):
    """Which cases a reader wants; all where nothing is stated.

    Attributes:
        parties: the organisations of which one must be a party, by the part that it has.
    """

    cases: Sequence[str] = ()
    years: Sequence[int] = ()
    units: Sequence[str] = ()
    rubrics: Sequence[str] = ()
    stages: Sequence[str] = ()
    parties: Mapping[Part, OrganisationId] | None = None

    def conditions(self, **instead: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """The same for a query.

        Args:
            instead: columns to ask in place of those of the case as it is now.
        """
        wanted = {
            "case_id": self.cases,
            "year": self.years,
            "unit": self.units,
            "rubric": self.rubrics,
            "stage": self.stages,
        }
        given: list[ColumnElement[bool]] = [
            instead.get(name, CASES.c[name]).in_(values)
            for name, values in wanted.items()
            if values
        ]
        if self.parties is None:
            return given
        parties = (CASES.c[PARTY[part]] == party for part, party in self.parties.items())
        return [*given, or_(false(), *parties)]

    def holds(self, life: FoldedCase) -> bool:
        """Whether a case is among them in its state at the end of a history."""
        case = life.case
        if case.opened is None or case.pinned is None or not life.is_complete:
            return False
        wanted = (
            (self.cases, life.id),
            (self.years, case.opened.year),
            (self.units, case.opened.unit),
            (self.rubrics, case.pinned.rubric),
            (self.stages, case.stage),
        )
        held = {"unit": case.opened.unit, "agency": case.agency, "bureau": case.bureau}
        is_party = self.parties is None or any(
            held.get(part) == party for part, party in self.parties.items()
        )
        return is_party and all(not values or value in values for values, value in wanted)
